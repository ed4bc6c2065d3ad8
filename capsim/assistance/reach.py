"""Reach: which part of its hours, and of their effect, assistance has in an agency this month. Knows no event."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.orders import Order


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What is left of assistance by organization; 1 as usual.

    Attributes
    ----------
    landing : (O,) float64
        Of what an hour achieves.
    given : (O,) float64
        Of the hours; the others are not given, and stay in the budget.
    """

    landing: NDArray[np.float64]
    given: NDArray[np.float64]

    @classmethod
    def full(cls, organizations: int) -> Reach:
        """All as usual."""
        return cls(np.ones(organizations), np.ones(organizations))

    def whole(self) -> bool:
        """Whether all hours are given."""
        return bool((self.given == 1.0).all())

    def limited(self, order: Order) -> Order:
        """An order with the hours that can be given."""
        given = self.given[order.organizations]
        share = float((order.hours * given).sum() / order.hours.sum()) if order.hours.sum() > 0.0 else 1.0
        weights = None if order.weights is None else order.weights * self.given
        return replace(order, hours=order.hours * given, total=order.total * share, weights=weights)
