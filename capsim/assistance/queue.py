"""The queue: instruments are bought in whole units, agency after agency, from hours that are saved for them."""

from __future__ import annotations

import numpy as np

from capsim.assistance.division import Turn
from capsim.assistance.strategy import Delivery

__all__ = ["Queue"]


class Queue:
    """Queue of one activity in one run.

    Parameters
    ----------
    unit_hours : float
        TA hours of one unit.
    """

    def __init__(self, unit_hours: float) -> None:
        self._unit_hours = unit_hours
        self._saved = 0.0
        self._next = 0

    def buy(self, turn: Turn, hours: float) -> Delivery | None:
        """Save the month's share of `hours` and buy for those whose turn it is: at most one unit each."""
        self._saved += turn.share * hours
        waiting = len(turn.organizations)
        count = min(int(self._saved / self._unit_hours + 1e-9), waiting)
        if count == 0:
            return None
        served = (self._next + np.arange(count)) % waiting
        self._next = int(self._next + count) % waiting
        self._saved -= count * self._unit_hours
        if turn.areas is None:
            each = np.full(count, self._unit_hours)
            return Delivery(activity=turn.activity, organizations=turn.organizations[served], hours=each)
        marked = turn.areas[served]
        place, areas = np.nonzero(marked)
        each = self._unit_hours / marked.sum(axis=1)
        return Delivery(
            activity=turn.activity, organizations=turn.organizations[served[place]], areas=areas, hours=each[place]
        )
