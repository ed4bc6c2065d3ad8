"""The ledger of a strategy: hours by activity and agency, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import Values

__all__ = ["Ledger"]


@dataclass(slots=True)
class Ledger:
    """What a strategy spent.

    Attributes
    ----------
    budget : float
        TA hours of the whole assistance.
    spent : float
        TA hours delivered so far.
    recipient_hours : float
        Hours of recipients so far.
    by_activity : dict of str to float
        TA hours by activity.
    by_organization : (O,) float64
        TA hours by organization.
    """

    budget: float
    by_organization: NDArray[np.float64]
    spent: float = 0.0
    recipient_hours: float = 0.0
    by_activity: dict[str, float] = field(default_factory=dict)

    @property
    def left(self) -> float:
        """TA hours left; never negative."""
        return max(0.0, self.budget - self.spent)

    def cost(self, values: Values) -> float:
        """Dollars: TA hours and recipients' hours at their rates."""
        return self.spent * values["consultant_rate"] + self.recipient_hours * values["staff_rate"]
