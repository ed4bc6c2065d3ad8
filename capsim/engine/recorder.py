"""Records: every measure as a weighted mean over groups of agencies, once a month; agencies one by one at moments.

Who left, and with how much help behind them: leavers by level, role and hours of help since they are in the state.

Looked at once a month, when everything has happened: who held a position a month ago and no longer does has left it
(at most one person a month leaves a position). Hours are those that a person spent on assistance so far, received or
passed on; whoever is hired elsewhere takes them along. Changes nothing, and is made only where a run is asked for it.

Source: S1 (turnover as the challenge to what was built in individuals).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue.measures import HELP
from capsim.levels import Level, Role
from capsim.processes.steps import Steps
from capsim.world import World


class Recorder:
    """The record of one run, which its steps fill month by month.

    Attributes
    ----------
    columns : tuple of str
        What is recorded: every measure first.
    monthly : (months, groups, len(columns)) float64
        NaN is undefined.
    by_organization : dict of int to (len(columns), O) float64
        After the months of `moments`.
    """

    def __init__(self, steps: Steps, moments: tuple[int, ...]) -> None:
        self._steps, self._moments = steps, frozenset(moments)
        self.columns = steps.columns
        months, width = steps.monthly.shape
        groups = width // len(self.columns)
        self.monthly: NDArray[np.float64] = steps.monthly.reshape(months, groups, len(self.columns))
        self.by_organization: dict[int, NDArray[np.float64]] = {}

    def keep(self, month: int) -> None:
        """Keep the measures of every organization, if `month` (counted from 1) is such a moment."""
        if month in self._moments:
            self.by_organization[month] = self._steps.measured.copy()


DAY = 8.0
"""Hours."""
HOLDERS, LEAVERS, HOURS = range(3)
"""Last side of `Leavers.counts`."""


class Leavers:
    """Holders and leavers of one run.

    Parameters
    ----------
    world : World
        At month 0.
    months : int
        Of the run.

    Attributes
    ----------
    counts : (years, levels, roles, help, 3) float64
        Person-months of holders, leavers, and hours of help that left with them, for all agencies that a sample stands
        for.
    """

    def __init__(self, world: World, months: int) -> None:
        layout = world.layout
        self.counts: NDArray[np.float64] = np.zeros((math.ceil(months / 12), len(Level), len(Role), len(HELP), 3))
        self._person, self._hours = world.person.copy(), np.zeros(layout.n_positions)
        self._weight = layout.weight[layout.organization]
        self._level, self._role = layout.level[layout.organization], layout.role
        self._away: dict[int, float] = {}

    def observe(self, world: World) -> None:
        """Count the month that has just passed."""
        before, now = self._person, world.person
        held, left = before >= 0, (before >= 0) & (now != before)
        of_year = self.counts[(world.month - 1) // 12]
        help_had = np.where(self._hours <= 0.0, 0, np.where(self._hours < DAY, 1, 2))
        for what, rows, amount in (
            (HOLDERS, held, self._weight),
            (LEAVERS, left, self._weight),
            (HOURS, left, self._weight * self._hours),
        ):
            np.add.at(of_year[..., what], (self._level[rows], self._role[rows], help_had[rows]), amount[rows])
        self._follow(left, now)
        self._hours += np.where(now >= 0, world.recipient_hours, 0.0)
        self._person = now.copy()

    def _follow(self, left: NDArray[np.bool_], now: NDArray[np.int64]) -> None:
        """Hours go with the person, also into another position."""
        for i in np.flatnonzero(left & (self._hours > 0.0)).tolist():
            self._away[int(self._person[i])] = float(self._hours[i])
        changed = now != self._person
        self._hours[changed] = 0.0
        for i in np.flatnonzero(changed & (now >= 0)).tolist():
            self._hours[i] = self._away.pop(int(now[i]), 0.0)
