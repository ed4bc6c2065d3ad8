"""The logbook of instruments: what was read and rated each month, and ties to the center's experts, as means by level
of agency.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import LOGGED
from capsim.instruments.readings import AMBER, GREEN, NOT_READ, RED, Readings
from capsim.instruments.sustainability import levels_of
from capsim.levels import Level
from capsim.world import Layout, World

__all__ = ["Logbook", "count_expert_ties"]


def count_expert_ties(world: World) -> NDArray[np.float64]:
    """Ties of the staff of each agency to experts of the TA center, (O,); 0 while it is closed, NaN for itself."""
    layout = world.layout
    start, end = layout.center
    by_position = ((world.tie_to >= start) & (world.tie_to < end)).sum(axis=1)
    ties = np.bincount(layout.organization, weights=by_position, minlength=layout.n_organizations)
    return np.where(layout.level == Level.CENTER, np.nan, ties)


class Logbook:
    """Means over the agencies of a level that have a number; agencies by their sampling weight.

    Attributes
    ----------
    monthly : (months, levels, len(LOGGED)) float64
        NaN where no agency of the level has a number.
    """

    def __init__(self, layout: Layout, months: int) -> None:
        self.monthly = np.full((months, len(Level), len(LOGGED)), np.nan)
        self._members = [np.flatnonzero(layout.level == level) for level in Level]
        self._weight = layout.weight

    def enter(
        self,
        month: int,
        readings: Readings,
        ratings: tuple[NDArray[np.float64], ...] | None,
        expert_ties: NDArray[np.float64],
    ) -> None:
        """Readings as they stand, the month's ratings (expert, client, satisfaction) and ties to experts, each (O,)."""
        nothing = np.full(len(self._weight), np.nan)
        expert, client, satisfaction = ratings if ratings is not None else (nothing,) * 3
        status = np.where(readings.status == NOT_READ, np.nan, readings.status)
        known = ~np.isnan(status)
        columns = np.array(
            [
                expert,
                client,
                satisfaction,
                readings.interest,
                readings.self_rating.mean(axis=1),
                readings.skill.mean(axis=1),
                readings.routine.mean(axis=1),
                readings.readiness,
                readings.use.mean(axis=1),
                *levels_of(readings.sustainability).T,
                *(np.where(known, status == color, np.nan) for color in (RED, AMBER, GREEN)),
                expert_ties,
            ]
        )
        for level, members in enumerate(self._members):
            if len(members):
                own, weight = columns[:, members], self._weight[members]
                there = ~np.isnan(own)
                mass = (there * weight).sum(axis=1)
                total = (np.where(there, own, 0.0) * weight).sum(axis=1)
                self.monthly[month, level] = np.where(mass > 0.0, total / np.where(mass > 0.0, mass, 1.0), np.nan)
