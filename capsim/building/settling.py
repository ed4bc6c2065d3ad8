"""Settling: months without assistance until the baseline stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.measures.groups import Groups
from capsim.measures.organizations import ROW
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario.schema import DRIFT_PER_YEAR, LONGEST_SETTLING
from capsim.streams.keys import key_from
from capsim.world import World

SHORTEST_SETTLING = 96
_WINDOW = 24
_PATTERNS = [
    getattr(ROW, name)
    for name in ("individual", "organizational_skills", "shared_goals", "culture", "access_to_expertise", "use")
]


@dataclass(frozen=True, slots=True)
class Settled:
    """A settled world at month 0, and how it got there.

    `drift` is the largest yearly change of a baseline pattern over the last four years; NaN when settling was too short
    to tell. `values` are the parameters with which it settled.
    """

    world: World
    months: int
    drift: float
    values: Values

    def __post_init__(self) -> None:
        """Keep a copy of the parameters that can be stored: a read-only view of them cannot be pickled."""
        object.__setattr__(self, "values", dict(self.values))


def _drift(history: NDArray[np.float64]) -> float:
    """Yearly change between the means of the last two windows of the largest-moving pattern, (months, patterns)."""
    if len(history) < 2 * _WINDOW:
        return float("nan")
    late = history[-_WINDOW:].mean(axis=0)
    early = history[-2 * _WINDOW : -_WINDOW].mean(axis=0)
    return float(np.max(np.abs(late - early)) * 12.0 / _WINDOW)


def settle(world: World, values: Values, processes: Sequence[Process], *, run_key: int, months: int | None) -> Settled:
    """Let months pass without assistance, with numbers of their own; the world is changed and returned at month 0.

    Without a number of months it goes on until every baseline pattern drifts less than `DRIFT_PER_YEAR`, at least 96
    and at most `LONGEST_SETTLING` months; whole years, so that the calendar is kept.
    """
    limit = LONGEST_SETTLING if months is None else months
    n = world.layout.agencies
    everybody = Groups(np.array([0, n], np.int32), np.arange(n, dtype=np.int32), np.ones(n))
    steps = Steps(processes, world, key_from("settling", run_key), groups=everybody, months=limit)
    first = SHORTEST_SETTLING - 2 * _WINDOW

    def drift() -> float:
        recorded = steps.monthly[first : world.month, _PATTERNS] if months is None else steps.monthly[:0]
        return _drift(np.nan_to_num(recorded))

    while world.month < limit:
        steps.advance(world, values)
        if months is None and world.month >= SHORTEST_SETTLING and world.month % 12 == 0 and drift() < DRIFT_PER_YEAR:
            break
    settled = Settled(world=world, months=world.month, drift=drift(), values=values)
    world.month = 0
    return settled
