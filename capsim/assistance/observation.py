"""Observation: which instruments are read this month, and what they cost.

A reading is bought in whole units of the activity that yields it; hours toward a unit add up over months. An agency
that helped to design its assistance is read with less noise: times ``codesign_noise_factor ** units of co-design``, at
most one unit. Readings are of the state before the month's deliveries.

Feedback is what participants say once a year of each activity, the share of its hours that landed with them:
``heard = clip(landed / delivered + rating_noise_sd / 4 z, 0, 1)`` over the hours of the last year that came from the
center, z the deviate of a pair of numbers of the activity in the month; ratings run over 4 points from 1 to 5.

Source: S19 (clients' ratings); the form is assumed.

The instruments of a scenario's own in one run: when they are read, what was read last, and the records of it.

After a stocktake, agencies that lag shift their plan to the areas that do. With l_k = how far an agency's reading in
area k is below its target by more than the margin of amber (instruments/formulas.py), so red, and m =
stocktake_response times ``min(1, max_k l_k / margin)``, the plan of an agency that was read moves to ``(1 - m) plan + m
l / sum l``. Finances, data systems and personnel move with it: that is what leaders meet for, unlike a plan that a new
policy or leader redraws. Hours that a targeting sends to weak links (targeting.py) follow into the same areas. At
stocktake_response 0 nothing moves.

Source: S27-S29 (delivery units: stocktakes of leaders, who redirect effort to what is off its trajectory); the form is
assumed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.flow import LANDED, OFFERED, USED, Flow
from capsim.assistance.orders import Order
from capsim.assistance.receptivity import general_readiness
from capsim.catalogue import ACTIVITIES
from capsim.catalogue.measures import KEPT
from capsim.catalogue.parts import READABLE
from capsim.instruments.formulas import AMBER_MARGIN, deviates, lateness, rate
from capsim.instruments.own import numbers_of, people_who_answer, rows_of, score, truth
from capsim.instruments.readings import Readings, Round, State
from capsim.instruments.table import INSTRUMENTS, Instrument
from capsim.levels import ESA, Level
from capsim.measures.capacities import mean_skill, staffing
from capsim.parameters import Values
from capsim.scenario.own import OwnInstrument
from capsim.streams.squares import uniforms
from capsim.structures import Structure
from capsim.world import Layout, World

if TYPE_CHECKING:
    import pandas as pd

STOCKTAKE = "stocktake"
SURVEY_EVERY = 12
"""Months between two surveys of interest and self-ratings."""


class Observation:
    """What is read in one run, by the shipped instruments and those of the scenario's own; the run key never contains
    the strategy.

    `readings` are the latest of every instrument; `paid` has hours toward the next reading, (O,) by instrument;
    `codesigned` (O,) units of co-design, at most 1, and `feedback` (2, activities) hours delivered and landed since
    participants were last asked, which the deliveries write; without columns unless they are asked, `asks`. `heard`
    (activities,) is what they said, NaN for an activity without hours. `own`, (months, levels, instruments, len(KEPT)),
    keeps the scenario's instruments in the months that are `logged`.
    """

    def __init__(
        self,
        layout: Layout,
        values: Values,
        *,
        months: int,
        run_key: int,
        instruments: Sequence[OwnInstrument] = (),
        asks: bool = False,
        flow: Flow | None = None,
        logged: int = 0,
    ) -> None:
        O, n = layout.n_organizations, len(ACTIVITIES)
        self.readings, self.instruments = Readings.none(O, layout.n_areas, len(instruments)), tuple(instruments)
        self._layout, self._values, self._months, self._run_key, self._flow = layout, values, months, run_key, flow
        sold = [row.name for row in INSTRUMENTS.values() if row.read and not row.yearly and not row.along]
        self.paid = {name: np.zeros(O) for name in sold}
        self.codesigned = np.zeros(O)
        self.feedback, self.heard = np.zeros((2, n if asks else 0)), np.full(n, np.nan)
        self._stocktakes = [np.empty((0, 5))]
        self._rows = [rows_of(one, layout.level, np.diff(layout.first)) for one in instruments]
        self._true = np.full(self.readings.own.shape, np.nan)
        self.own = np.full((logged, len(Level), len(instruments), len(KEPT)), np.nan)

    @property
    def asks(self) -> bool:
        """Whether anybody wants to know what landed."""
        return self.feedback.size > 0

    @property
    def stocktakes(self) -> NDArray[np.float64]:
        """Every stocktake since the run began, or since the snapshot from which it was resumed, one row an agency and
        area: month (from 1), row of the agency, of the area, target, reading.
        """
        return np.concatenate(self._stocktakes)

    def look(self, world: World, p: Structure) -> State:
        """What there is to see now."""
        motivation, general, _ = general_readiness(world.arrays, p)
        first, of_agency = world.layout.first, ("routine", "use", "culture", "data_systems", "resource_alignment")
        return State(
            people=mean_skill(first, world.skill),
            filled=staffing(first, world.person),
            motivation=motivation,
            general=general,
            relevance=world.layout.relevance,
            **{name: getattr(world, name).copy() for name in of_agency},
        )

    def survey(self, world: World, p: Structure) -> None:
        """Ask everybody who would like assistance, and how good they are; free."""
        everybody = np.arange(self._layout.n_organizations)
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
                    K, late = self._layout.n_areas, self.readings
                    column = np.full(len(rows) * K, month + 1), np.repeat(rows, K), np.tile(np.arange(K), len(rows))
                    taken = np.column_stack([*column, late.target[rows].ravel(), late.use[rows].ravel()])
                    self._stocktakes.append(taken)

    def _read(self, instrument: Instrument, rows: NDArray[np.int64], state: State, month: int) -> None:
        numbers, noise = self._numbers(instrument, month, rows), np.empty(0)
        if not instrument.yearly:  # what staff say in the yearly survey has a noise of its own
            noise = self._noise(state, rows)
        assert instrument.read is not None
        instrument.read(Round(rows, numbers, state, noise, self._values, month, self._months, self.readings))

    def _noise(self, state: State, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Factor on the noise of readings, (n,): poor data about itself, less after co-design."""
        codesign = self._values["codesign_noise_factor"] ** self.codesigned
        return np.asarray((2.0 - state.data_systems[rows]) * codesign[rows])

    def _numbers(self, instrument: Instrument, month: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return uniforms(
            run_key=self._run_key,
            purpose=instrument.purpose,
            identity=self._layout.identity[rows],
            columns=instrument.numbers(self._layout.n_areas),
            month=month,
            row=instrument.row,
        )

    def rate(self, served: NDArray[np.bool_], felt: NDArray[np.float64], month: int) -> NDArray[np.float64]:
        """Ratings of those served this month: expert's, client's, satisfaction, (3, O); `felt` as by `deliver`."""
        rows, rated = np.flatnonzero(served), np.full(felt.shape, np.nan)
        numbers = self._numbers(INSTRUMENTS["ratings"], month, rows)
        motivation, quality, share = felt[:, rows]
        rated[:, rows] = rate(numbers, motivation, quality, share, self._values)
        return rated

    def ask(self, month: int) -> None:
        """Ask participants about the hours since the last time, and begin anew."""
        n, noise = len(ACTIVITIES), self._values["rating_noise_sd"] / 4.0
        identity = np.arange(n, dtype=np.uint64)
        numbers = uniforms(run_key=self._run_key, purpose="feedback", identity=identity, columns=2, month=month)
        radius, direction = deviates(numbers)
        delivered, landed = self.feedback
        share = np.divide(landed, delivered, out=np.full(n, np.nan), where=delivered > 0.0)
        self.heard[:] = np.clip(share + noise * (radius * direction)[:, 0], 0.0, 1.0)
        self.feedback[:] = 0.0

    def states(self, world: World, state: State, *, leaders: bool) -> dict[str, NDArray[np.float64]]:
        """Everything that items of the scenario's instruments can read, (O, K) each."""
        skill, engagement = people_who_answer(world, leaders=leaders)
        received, used = _of_hours(self._flow, len(state.culture))
        found = state._asdict() | {
            "skill": skill,
            "engagement": engagement,
            "staffing": state.filled,
            "general_capacity": state.general,
            "received": received,
            "used": used,
        }
        K = state.routine.shape[1]
        return {
            name: found[name] if row.by_area else np.repeat(found[name][:, None], K, axis=1)
            for name, row in READABLE.items()
        }

    def read_own(self, names: Sequence[str], world: World, state: State) -> None:
        """Read those instruments of the scenario's of all their agencies."""
        for instrument, rows, scores, true in zip(
            self.instruments, self._rows, self.readings.own, self._true, strict=True
        ):
            if instrument.name not in names or not len(rows):
                continue
            states = self.states(world, state, leaders=instrument.answered_by == "leaders")
            own = {name: x[rows] for name, x in states.items()}
            numbers = uniforms(
                run_key=self._run_key,
                purpose=f"instrument:own:{instrument.name}",
                identity=self._layout.identity[rows],
                columns=numbers_of(instrument, scores.shape[1]),
                month=world.month,
            )
            read = score(instrument, own, numbers, self._noise(state, rows), self._values)
            scores[rows] = np.where(np.isnan(read), scores[rows], read)
            true[rows] = truth(instrument, own)

    def keep_own(self, month: int) -> None:
        """Keep the latest scores, the truth at the time, and who passes, level by level."""
        level, weight = self._layout.level, self._layout.weight
        for n, instrument in enumerate(self.instruments):
            mean, true = self.readings.own[n].mean(axis=1), self._true[n].mean(axis=1)
            gate = instrument.marks[0] if instrument.marks else np.nan
            passed = np.where(np.isnan(mean * gate), np.nan, mean >= gate)
            for column, x in enumerate((mean, true, passed)):
                for code in np.unique(level[~np.isnan(x)]):
                    own = (level == code) & ~np.isnan(x)
                    self.own[month, code, n, column] = np.average(x[own], weights=weight[own])


def _of_hours(flow: Flow | None, O: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the hours offered so far that landed, and that were used, (O,) each; NaN without hours."""
    if flow is None:
        return np.full(O, np.nan), np.full(O, np.nan)
    hours = flow.hours.sum(axis=(0, 1, 2))
    offered = np.where(hours[:, OFFERED] > 0.0, hours[:, OFFERED], np.nan)
    return hours[:, LANDED] / offered, hours[:, USED] / offered


def shift_plans(world: World, readings: Readings, rows: NDArray[np.int64], response: float) -> None:
    """Let the plans of agencies of which stock was taken this month follow what lags."""
    late = lateness(readings, rows)
    red = late.any(axis=1)
    rows, late = rows[red], late[red]
    moved = response * np.minimum(1.0, late.max(axis=1, initial=0.0) / AMBER_MARGIN)[:, None]
    world.plan[rows] = (1.0 - moved) * world.plan[rows] + moved * late / late.sum(axis=1, keepdims=True)


def stocktake_table(rows: NDArray[np.float64], agencies: Any, areas: tuple[str, ...], begins: str = "") -> pd.DataFrame:
    """Stocktakes as a table: month, date, agency, name, region, area, target, reading, behind (0 for who is not).

    `rows` are those of `Observation.stocktakes`; `agencies` has columns of a table of agencies or of a world; `begins`
    is the calendar month in which assistance begins, "" for no dates.
    """
    import pandas as pd

    ids, names = (np.array(getattr(agencies, f"{what}s", getattr(agencies, what, ()))) for what in ("id", "name"))
    rows = rows[rows[:, 1] < len(ids)]  # agencies that a strategy added have no row in the table
    region = region_of(np.asarray(agencies.level), np.asarray(agencies.parent))
    agency, area = rows[:, 1].astype(np.int64), rows[:, 2].astype(np.int64)
    return pd.DataFrame(
        {
            "month": rows[:, 0].astype(np.int64),
            "date": [_date(begins, int(month)) for month in rows[:, 0]],
            "agency": ids[agency],
            "name": names[agency],
            "region": np.where(region[agency] >= 0, names[region[agency]], ""),
            "area": np.array(areas)[area],
            "target": rows[:, 3],
            "reading": rows[:, 4],
            "behind": np.maximum(0.0, rows[:, 3] - rows[:, 4]),
        }
    )


def _date(begins: str, month: int) -> str:
    """Calendar month of a month of the run, from 1."""
    if not begins:
        return ""
    since = int(begins[5:7]) - 1 + month - 1
    return f"{int(begins[:4]) + since // 12}-{since % 12 + 1:02d}"


def region_of(level: NDArray[np.int8], parent: NDArray[np.int32]) -> NDArray[np.int64]:
    """Row of the nearest regional agency at or above each agency, -1 for none."""
    region = np.where(level == ESA, np.arange(len(level)), -1)
    above = np.asarray(parent, np.int64)
    while (left := (region < 0) & (above >= 0)).any():
        at = above[left]
        region[left] = np.where(level[at] == ESA, at, -1)
        above = np.where(left, above[np.maximum(above, 0)], -1)
    return region
