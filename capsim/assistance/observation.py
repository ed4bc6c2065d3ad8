"""Observation: which instruments are read this month, and what they cost.

A reading is bought in whole units of the activity that yields it; hours toward a unit add up over months. An agency
that helped to design its assistance is read with less noise: times ``codesign_noise_factor ** units of co-design``, at
most one unit. Readings are of the state before the month's deliveries.

Feedback is what participants say once a year of each activity, the share of its hours that landed with them:
``heard = clip(landed / delivered + rating_noise_sd / 4 z, 0, 1)`` over the hours of the last year that came from the
center, z the deviate of a pair of numbers of the activity in the month; ratings run over 4 points from 1 to 5.

Source: S19 (clients' ratings); the form is assumed.

The instruments of a scenario's own in one run: when they are read, what was read last, and the records of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import Order
from capsim.assistance.receptivity import general_readiness
from capsim.assistance.served import LANDED, OFFERED, USED, Flow
from capsim.assistance.stocktakes import Stocktakes
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.measures import KEPT
from capsim.catalogue.parts import READABLE
from capsim.instruments.formulas import deviates, rate
from capsim.instruments.own import numbers_of, people_who_answer, score, truth
from capsim.instruments.readings import Readings, Round, State
from capsim.instruments.table import INSTRUMENTS, Instrument
from capsim.levels import AGENCY_LEVELS, Level
from capsim.measures.capacities import mean_skill, staffing
from capsim.parameters import Values
from capsim.scenario.own import OwnInstrument
from capsim.streams.squares import uniforms
from capsim.structures import Structure
from capsim.world import Layout, World

STOCKTAKE = "stocktake"
SURVEY_EVERY = 12
"""Months between two surveys of interest and self-ratings."""


class Observation:
    """The instruments of one run, `own` of them the scenario's own; the run key never contains the strategy.

    `readings` are the latest of every instrument; `paid` has hours toward the next reading, (O,) by instrument;
    `codesigned` (O,) units of co-design, at most 1, which the deliveries write.
    """

    def __init__(self, layout: Layout, values: Values, *, months: int, run_key: int, own: int = 0) -> None:
        O = layout.n_organizations
        self.readings = Readings.none(O, layout.n_areas, own)
        self._values, self._months, self._run_key = values, months, run_key
        self._identity, self._n_areas = layout.identity, layout.n_areas
        sold = [row.name for row in INSTRUMENTS.values() if row.read and not row.yearly and not row.along]
        self.paid = {name: np.zeros(O) for name in sold}
        self.codesigned = np.zeros(O)
        self.stocktakes = Stocktakes()

    def _numbers(self, instrument: Instrument, month: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        columns, identity = instrument.numbers(self._n_areas), self._identity[rows]
        return uniforms(
            run_key=self._run_key,
            purpose=instrument.purpose,
            identity=identity,
            columns=columns,
            month=month,
            row=instrument.row,
        )

    def look(self, world: World, p: Structure) -> State:
        """What there is to see now."""
        layout = world.layout
        motivation, general, _ = general_readiness(world.arrays, p)
        people, filled = mean_skill(layout.first, world.skill), staffing(layout.first, world.person)
        of_agency = ("routine", "use", "culture", "data_systems", "resource_alignment")
        own = {name: getattr(world, name).copy() for name in of_agency} | {"relevance": layout.relevance}
        return State(people=people, filled=filled, motivation=motivation, general=general, **own)

    def survey(self, world: World, p: Structure) -> None:
        """Ask everybody who would like assistance, and how good they are; free."""
        everybody = np.arange(len(self._identity))
        state = self.look(world, p)
        for instrument in INSTRUMENTS.values():
            if instrument.yearly:
                self._read(instrument, everybody, state, world.month)

    def pay(self, orders: Sequence[Order]) -> dict[str, NDArray[np.int64]]:
        """Agencies whose hours toward a reading have become a unit this month, by instrument."""
        units: dict[str, float] = {}
        for order in orders:
            instrument = ACTIVITIES[order.activity].yields
            if instrument and len(order.hours):
                np.add.at(self.paid[instrument], order.organizations, order.hours)
                units[instrument] = self._values[f"{order.activity}_ta_hours"]
        bought = {}
        for instrument, unit in units.items():
            paid = self.paid[instrument]
            whole = np.floor(paid / unit + 1e-9)
            paid -= np.minimum(paid, whole * unit)
            if whole.any():
                bought[instrument] = np.flatnonzero(whole)
        return bought

    def read(self, bought: Mapping[str, NDArray[np.int64]], state: State, month: int) -> None:
        """Take the readings that were bought."""
        for name, instrument in INSTRUMENTS.items():
            read = [bought[one] for one in (name, *instrument.along) if one in bought]
            if read:
                rows = np.unique(np.concatenate(read))
                self._read(instrument, rows, state, month)
                if name == STOCKTAKE:
                    self.stocktakes.enter(month, rows, self.readings)

    @property
    def codesign_factor(self) -> NDArray[np.float64]:
        """Factor of co-design on the noise of readings, (O,)."""
        return np.asarray(self._values["codesign_noise_factor"] ** self.codesigned)

    def _read(self, instrument: Instrument, rows: NDArray[np.int64], state: State, month: int) -> None:
        numbers = self._numbers(instrument, month, rows)
        noise = np.empty(0)  # what staff say in the yearly survey has a noise of its own
        if not instrument.yearly:
            noise = (2.0 - state.data_systems[rows]) * self.codesign_factor[rows]
        assert instrument.read is not None
        instrument.read(Round(rows, numbers, state, noise, self._values, month, self._months, self.readings))

    def rate(self, served: NDArray[np.bool_], felt: NDArray[np.float64], month: int) -> NDArray[np.float64]:
        """Ratings of those served this month: expert's, client's, satisfaction, (3, O); `felt` as by `deliver`."""
        rows, rated = np.flatnonzero(served), np.full(felt.shape, np.nan)
        numbers = self._numbers(INSTRUMENTS["ratings"], month, rows)
        motivation, quality, share = felt[:, rows]
        rated[:, rows] = rate(numbers, motivation, quality, share, self._values)
        return rated


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was heard, and what will be asked about."""

    # (2, activities) hours delivered and landed since participants were last asked; without columns where nobody asks
    sums: NDArray[np.float64]
    heard: NDArray[np.float64]  # (activities,) NaN for an activity without hours
    run_key: int

    @classmethod
    def opened(cls, asked: bool, run_key: int) -> Feedback:
        """Nothing heard yet."""
        n = len(ACTIVITIES)
        return cls(np.zeros((2, n if asked else 0)), np.full(n, np.nan), run_key)

    @property
    def asked(self) -> bool:
        """Whether anybody wants to know."""
        return bool(self.sums.shape[1] > 0)

    def ask(self, month: int, noise_sd: float) -> None:
        """Ask about the hours since the last time, and begin anew."""
        if not self.asked:
            return
        n = len(ACTIVITIES)
        numbers = uniforms(
            run_key=self.run_key, purpose="feedback", identity=np.arange(n, dtype=np.uint64), columns=2, month=month
        )
        radius, direction = deviates(numbers)
        delivered, landed = self.sums
        share = np.divide(landed, delivered, out=np.full(n, np.nan), where=delivered > 0.0)
        self.heard[:] = np.clip(share + noise_sd / 4.0 * (radius * direction)[:, 0], 0.0, 1.0)
        self.sums[:] = 0.0


def rows_of(instrument: OwnInstrument, level: NDArray[np.int8], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Agencies that an instrument reads."""
    return np.flatnonzero(np.isin(level, [AGENCY_LEVELS[name] for name in instrument.levels]) & (positions > 0))


def due(instrument: OwnInstrument, month: int) -> bool:
    """Whether it is read in a month of the assistance."""
    return month % instrument.every_months == 0


class OwnReadings:
    """Takes readings and keeps the latest score of every agency, in `scores` (instruments, O, K), those of the run's
    readings.

    The run key never contains the strategy. `months` of assistance are kept in `monthly`, (months, levels, instruments,
    len(KEPT)); 0 where nobody asks for records.
    """

    def __init__(
        self,
        instruments: Sequence[OwnInstrument],
        scores: NDArray[np.float64],
        layout: Layout,
        values: Values,
        *,
        run_key: int,
        months: int,
    ) -> None:
        self.instruments = tuple(instruments)
        self._scores, self._layout, self._values = scores, layout, values
        self._run_key = run_key
        self._rows = [rows_of(one, layout.level, np.diff(layout.first)) for one in self.instruments]
        self.monthly = np.full((months, len(Level), len(self.instruments), len(KEPT)), np.nan)
        self._true = np.full(scores.shape, np.nan)

    def states(self, world: World, state: State, flow: Flow | None, *, leaders: bool) -> dict[str, NDArray[np.float64]]:
        """Everything that items can read, (O, K) each."""
        skill, engagement = people_who_answer(world, leaders=leaders)
        received, used = _of_hours(flow, len(state.culture))
        found = {
            "skill": skill,
            "routine": state.routine,
            "use": state.use,
            "relevance": state.relevance,
            "culture": state.culture,
            "engagement": engagement,
            "staffing": state.filled,
            "data_systems": state.data_systems,
            "resource_alignment": state.resource_alignment,
            "general_capacity": state.general,
            "received": received,
            "used": used,
        }
        K = state.routine.shape[1]
        return {name: x if READABLE[name].by_area else np.repeat(x[:, None], K, axis=1) for name, x in found.items()}

    def read(
        self, names: Sequence[str], world: World, state: State, flow: Flow | None, codesign: NDArray[np.float64]
    ) -> None:
        """Read those instruments of all their agencies; `codesign` (O,) is its factor on noise."""
        for n, instrument in enumerate(self.instruments):
            rows = self._rows[n]
            if instrument.name not in names or not len(rows):
                continue
            states = self.states(world, state, flow, leaders=instrument.answered_by == "leaders")
            own = {name: x[rows] for name, x in states.items()}
            columns, identity = numbers_of(instrument, self._scores.shape[2]), self._layout.identity[rows]
            purpose = f"instrument:own:{instrument.name}"
            numbers = uniforms(
                run_key=self._run_key, purpose=purpose, identity=identity, columns=columns, month=world.month
            )
            noise = (2.0 - state.data_systems[rows]) * codesign[rows]
            read = score(instrument, own, numbers, noise, self._values)
            known = ~np.isnan(read)
            self._scores[n][rows] = np.where(known, read, self._scores[n][rows])
            self._true[n][rows] = truth(instrument, own)

    def enter(self, month: int) -> None:
        """Keep the latest scores, the truth at the time, and who passes, level by level."""
        level, weight = self._layout.level, self._layout.weight
        for n, instrument in enumerate(self.instruments):
            mean, true = _over_areas(self._scores[n]), _over_areas(self._true[n])
            gate = instrument.marks[0] if instrument.marks else np.nan
            passed = np.where(np.isnan(mean * gate), np.nan, mean >= gate)
            for column, x in enumerate((mean, true, passed)):
                for code in np.unique(level[~np.isnan(x)]):
                    own = (level == code) & ~np.isnan(x)
                    self.monthly[month, code, n, column] = np.average(x[own], weights=weight[own])


def _over_areas(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(x.mean(axis=1))


def _of_hours(flow: Flow | None, O: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the hours offered so far that landed, and that were used, (O,) each; NaN without hours."""
    if flow is None:
        return np.full(O, np.nan), np.full(O, np.nan)
    hours = flow.hours.sum(axis=(0, 1, 2))
    offered = np.where(hours[:, OFFERED] > 0.0, hours[:, OFFERED], np.nan)
    return hours[:, LANDED] / offered, hours[:, USED] / offered
