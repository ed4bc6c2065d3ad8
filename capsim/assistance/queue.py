"""The queue: instruments are bought in whole units, agency after agency, from hours that are saved for them.

An agency gets at most one unit of an activity in ``<activity>_every_months`` months. Hours for which nobody is due are
not kept: they go to the other activities of the month. Quarterly stocktakes: S27-S29; the other paces are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.division import Turn
from capsim.assistance.strategy import Delivery

__all__ = ["Queue"]

_NEVER = -1_000_000


@dataclass(slots=True)
class Queue:
    """Queue of one activity in one run.

    Attributes
    ----------
    last : (O,) int64
        Month in which each organization had its latest unit.
    saved : float
        TA hours saved for the next units.
    """

    last: NDArray[np.int64]
    saved: float = 0.0

    @classmethod
    def empty(cls, n_organizations: int) -> Queue:
        """Nobody has had a unit, and nothing is saved."""
        return cls(np.full(n_organizations, _NEVER))

    def buy(self, turn: Turn, hours: float, month: int, *, unit_hours: float, every_months: float) -> Delivery | None:
        """Save the month's share of `hours` and buy for those who are due, who waited longest first.

        Parameters
        ----------
        turn : Turn
        hours : float
            TA hours of the month, of all activities.
        month : int
        unit_hours : float
            TA hours of one unit.
        every_months : float
            Least months between two units of an agency.
        """
        self.saved += turn.share * hours
        last = self.last[turn.organizations]
        due = np.flatnonzero(last <= month - every_months)
        count = min(int(self.saved / unit_hours + 1e-9), len(due))
        if count == 0:
            return None
        served = due[np.argsort(last[due], kind="stable")[:count]]
        self.last[turn.organizations[served]] = month
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

    def release(self, most: float) -> float:
        """Hours above `most`, which are no longer saved."""
        released = max(0.0, self.saved - most)
        self.saved -= released
        return released
