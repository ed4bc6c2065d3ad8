"""The ledger of a strategy: hours by activity, agency and month, what is left, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.parameters import Values

__all__ = ["Ledger"]

_COLUMN = {name: column for column, name in enumerate(ACTIVITIES)}


@dataclass(slots=True)
class Ledger:
    """What a strategy spent.

    Attributes
    ----------
    budget : float
        TA hours of the whole assistance.
    by_organization : (O,) float64
        TA hours by organization.
    monthly : (months, activities) float64
        TA hours by month and activity, in the order of the catalogue.
    spent : float
        TA hours delivered so far.
    recipient_hours : float
        Hours of recipients so far, those of staff who pass an activity on included.
    turnkey_hours : float
        Hours that agencies below received from the staff of those above.
    received, used : float
        Hours that landed, direct or passed on; those of them that met practices in use.
    dollars : float
        Travel, venues, printing: units of each activity times its price.
    by_activity : dict of str to float
        TA hours by activity.
    """

    budget: float
    by_organization: NDArray[np.float64]
    monthly: NDArray[np.float64]
    spent: float = 0.0
    recipient_hours: float = 0.0
    turnkey_hours: float = 0.0
    received: float = 0.0
    used: float = 0.0
    dollars: float = 0.0
    by_activity: dict[str, float] = field(default_factory=dict)

    @classmethod
    def opened(cls, budget: float, n_organizations: int, months: int) -> Ledger:
        """Nothing spent yet."""
        return cls(budget, np.zeros(n_organizations), np.zeros((months, len(ACTIVITIES))))

    @property
    def left(self) -> float:
        """TA hours left; never negative."""
        return max(0.0, self.budget - self.spent)

    def charge(self, activity: str, hours: float, month: int, dollars: float) -> None:
        """Enter TA hours of an activity, and its dollars beside them."""
        self.spent += hours
        self.by_activity[activity] = self.by_activity.get(activity, 0.0) + hours
        self.monthly[month, _COLUMN[activity]] += hours
        self.dollars += dollars

    def cost(self, values: Values) -> float:
        """Dollars: TA hours and recipients' hours at their rates, and travel, venues and printing."""
        return self.spent * values["consultant_rate"] + self.recipient_hours * values["staff_rate"] + self.dollars
