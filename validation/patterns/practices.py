"""How often half of a practice is lost within a year, after a leader's exit and otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capsim.world import World
from validation.patterns.starting import districts_of

_OFFICE = 5
"""Fewest positions."""
_YEAR = 12
_KEPT_UP = 0.05
"""Use of a practice that there is to lose."""


@dataclass(slots=True)
class Practices:
    """Use by district and area, and months since a leader left, of every month seen."""

    use: list[NDArray[np.float64]] = field(default_factory=list)
    since: list[NDArray[np.int64]] = field(default_factory=list)

    def see(self, world: World) -> None:
        """Add the month that has just ended."""
        rows = districts_of(world)
        rows = rows[np.diff(world.layout.first)[rows] >= _OFFICE]
        self.use.append(world.use[rows].copy())
        self.since.append(world.leader_exit_age[rows].astype(np.int64))

    @property
    def lost(self) -> tuple[float, float]:
        """Shares of cases lost after an exit, and otherwise; NaN without cases."""
        return lost_shares(np.array(self.use), np.array(self.since))


def lost_shares(use: NDArray[np.float64], since: NDArray[np.int64]) -> tuple[float, float]:
    """The same of use (months, districts, areas) and months since a leader left, 0 in that month (months, districts)."""
    cases, lost = np.zeros(2), np.zeros(2)
    for month in range(1, len(use) - _YEAR):
        usual = since[month - 1] >= _YEAR
        left, stays = since[month] == 0, (since[month : month + 1 + _YEAR] > 0).all(axis=0)
        there = use[month] >= _KEPT_UP
        halved = use[month + 1 : month + 1 + _YEAR].min(axis=0) <= 0.5 * use[month]
        for kind, districts in enumerate((usual & left, usual & stays)):
            counted = there & districts[:, None]
            cases[kind] += counted.sum()
            lost[kind] += (counted & halved).sum()
    share = [lost[kind] / cases[kind] if cases[kind] else math.nan for kind in range(2)]
    return float(share[0]), float(share[1])
