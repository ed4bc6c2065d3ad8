"""The instruments of a scenario's own in one run: when they are read, what was read last, and the records of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.served import LANDED, OFFERED, USED, Flow
from capsim.catalogue.measures import KEPT
from capsim.catalogue.parts import READABLE
from capsim.instruments.own import numbers_of, people_who_answer, score, truth
from capsim.instruments.readings import State
from capsim.levels import AGENCY_LEVELS, Level
from capsim.parameters import Values
from capsim.scenario.own_instruments import OwnInstrument
from capsim.streams.keys import key_from_name
from capsim.streams.squares import fill_uniform
from capsim.world import Layout, World


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
        self._run_key = np.uint64(run_key % 2**64)
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
            numbers = np.empty((len(rows), numbers_of(instrument, self._scores.shape[2])))
            key = np.uint64(key_from_name(f"instrument:own:{instrument.name}"))
            address = np.zeros(len(rows), np.uint64)
            fill_uniform(numbers, self._run_key, key, self._layout.identity[rows], address, np.uint64(world.month))
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
