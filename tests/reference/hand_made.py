"""A strategy made by hand for the comparison: everything that can be ordered, in every combination, the same for both.

It follows no purpose. Rows are drawn at random from a generator of its own, month by month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import capsim
from capsim.catalogue import ACTIVITIES
from capsim.levels import Level
from capsim.world import Layout

from .delivery import Delivery, Row

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["HandMade"]


@dataclass(frozen=True, slots=True)
class Order:
    """Hours of one activity: for agencies, or for the holders of positions; passed on with weights, or not."""

    activity: str
    hours: list[float]
    areas: list[int]
    organizations: list[int] | None = None
    people: list[int] | None = None
    weights: list[float] | None = None
    by_state: bool = False


@dataclass(frozen=True, slots=True)
class HandMade:
    """Every activity every month, in random rows; some of no hours, some in no area, some of single people.

    Parameters
    ----------
    layout : Layout
    hours : float
        Mean TA hours of a row; most have less, some much more.
    most_rows : int
        Of one delivery.
    """

    layout: Layout
    hours: float = 3.0
    most_rows: int = 6

    def orders(self, month: int) -> list[Order]:
        """Orders of a month: the same activity may be ordered twice."""
        random = np.random.default_rng([7, month])
        served = np.flatnonzero(self.layout.level != Level.CENTER)
        orders = []
        for activity in random.permutation([*ACTIVITIES, *list(ACTIVITIES)[::4]]).tolist():
            rows = int(random.integers(1, self.most_rows + 1))
            hours = self.hours / 2 * random.exponential(size=rows) ** 2 * (random.random(rows) < 0.9)
            areas = random.integers(-1, self.layout.n_areas, size=rows)
            if not ACTIVITIES[activity].by_area:
                areas[:] = -1
            order: dict[str, Any] = {"activity": activity, "hours": hours.tolist(), "areas": areas.tolist()}
            if random.random() < 0.2:
                order["people"] = random.choice(np.flatnonzero(self.layout.organization < len(served)), rows).tolist()
            else:
                order["organizations"] = random.choice(served, rows).tolist()
                if random.random() < 0.6:
                    weights = random.random(self.layout.n_organizations)
                    order["weights"] = (weights * (random.random(len(weights)) < 0.8)).tolist()
            orders.append(Order(**order, by_state=bool(random.random() < 0.5)))
        return orders

    def for_engine(self) -> capsim.Strategy:
        """A strategy that orders these rows from the engine."""
        return _Ordering(self)

    def for_twin(self, twin: Twin) -> list[Delivery]:
        """Deliveries of the twin's month."""
        return [_delivery(twin, order) for order in self.orders(twin.month)]


class _Ordering(capsim.Strategy):
    name = "hand-made"

    def __init__(self, orders: HandMade) -> None:
        self._orders = orders

    def decide(
        self, view: capsim.View, month: int, budget: float, draws: NDArray[np.float64]
    ) -> Sequence[capsim.Delivery]:
        return [
            capsim.Delivery(
                activity=order.activity,
                hours=order.hours,
                areas=order.areas,
                organizations=order.organizations,
                people=order.people,
                cascade=order.weights,
                by_state=order.by_state,
            )
            for order in self._orders.orders(month)
        ]


def _delivery(twin: Twin, order: Order) -> Delivery:
    rows = []
    areas = [None if area < 0 else area for area in order.areas]
    for i, area, hours in zip(order.people or (), areas, order.hours, strict=order.people is not None):
        rows.append(Row(twin.positions[i].organization, area, hours, twin.positions[i]))
    for j, area, hours in zip(order.organizations or (), areas, order.hours, strict=order.people is None):
        rows.append(Row(twin.organizations[j], area, hours))
    weights = dict(zip(twin.organizations, order.weights, strict=True)) if order.weights is not None else None
    return Delivery(order.activity, rows, weights, order.by_state)
