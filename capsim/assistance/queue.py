"""The queue: instruments are bought in whole units, agency after agency, from hours that are saved for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capsim.assistance.division import Turn
from capsim.assistance.strategy import Delivery

__all__ = ["Queue"]


@dataclass(slots=True)
class Queue:
    """Queue of one activity in one run.

    Attributes
    ----------
    saved : float
        TA hours saved for the next units.
    place : int
        Place in the queue of the agency that is served next.
    """

    saved: float = 0.0
    place: int = 0

    def buy(self, turn: Turn, hours: float, unit_hours: float) -> Delivery | None:
        """Save the month's share of `hours` and buy for those whose turn it is: at most one unit each.

        Parameters
        ----------
        turn : Turn
        hours : float
            TA hours of the month, of all activities.
        unit_hours : float
            TA hours of one unit.
        """
        self.saved += turn.share * hours
        waiting = len(turn.organizations)
        count = min(int(self.saved / unit_hours + 1e-9), waiting)
        if count == 0:
            return None
        served = (self.place + np.arange(count)) % waiting
        self.place = int(self.place + count) % waiting
        self.saved -= count * unit_hours
        if turn.areas is None:
            each = np.full(count, unit_hours)
            return Delivery(activity=turn.activity, organizations=turn.organizations[served], hours=each)
        marked = turn.areas[served]
        place, areas = np.nonzero(marked)
        each = unit_hours / marked.sum(axis=1)
        return Delivery(
            activity=turn.activity, organizations=turn.organizations[served[place]], areas=areas, hours=each[place]
        )
