"""Orders: a month's deliveries, checked, as the one table of rows that the kernels take. Refuses what a strategy may
not ask for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import float64, int64
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.strategy import Delivery
from capsim.catalogue import ACTIVITIES
from capsim.errors import StrategyError, nearest_name
from capsim.structures import Structure, structure
from capsim.world import Layout

CODES = {name: code for code, name in enumerate(ACTIVITIES)}
"""Row of each activity in the tables of the kernels."""
_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Order:
    """One checked delivery, row by row."""

    activity: str
    organizations: NDArray[np.int64]  # (n,) who receives
    people: NDArray[np.int64]  # (n,) positions where single persons are served; else -1
    areas: NDArray[np.int64]  # (n,) -1 for no area
    hours: NDArray[np.float64]  # (n,) what one agency of those that a row stands for gets
    total: float  # TA hours of all rows and all agencies that they stand for
    weights: NDArray[np.float64] | None  # (O,) if any: of agencies below, for a cascade
    by_state: bool  # whether agencies of different states meet in groups of their own


class Rows(NamedTuple):
    """The rows of a month in a kernel: first those from the center, order by order, then those passed on."""

    # (n,) person and area -1 for none
    activity: NDArray[np.int64]
    agency: NDArray[np.int64]
    person: NDArray[np.int64]
    area: NDArray[np.int64]
    # (n,)
    hours: NDArray[np.float64]
    quality: NDArray[np.float64]
    direct: int  # how many come from the center


_ORDERS = structure(
    "Orders",
    {
        **dict.fromkeys(("activity", "by_state", "item", "first"), int64[::1]),
        **dict.fromkeys(("agency", "person", "area"), int64[::1]),
        **dict.fromkeys(("share", "part"), float64[::1]),
        "weights": float64[:, ::1],
    },
)


def table_of(orders: Sequence[Order], n_organizations: int, shares: Sequence[float] | None = None) -> Structure:
    """Orders as the kernels take them: row r of order d gets ``part[r] * (share[d] * hours)``.

    By order: activity, by_state, share, first row (and the end), and item, the row of its weights in a cascade or -1.
    """
    cascades = [order.weights for order in orders if order.weights is not None]
    item = np.cumsum([order.weights is not None for order in orders], dtype=np.int64) - 1
    item[[order.weights is None for order in orders]] = -1
    return _ORDERS.holding(
        {
            "activity": np.array([CODES[order.activity] for order in orders], np.int64),
            "by_state": np.array([order.by_state for order in orders], np.int64),
            "item": item,
            "first": np.cumsum([0, *(len(order.hours) for order in orders)], dtype=np.int64),
            "share": np.ones(len(orders)) if shares is None else np.array(shares, np.float64),
            "agency": _joined([order.organizations for order in orders], np.int64),
            "person": _joined([order.people for order in orders], np.int64),
            "area": _joined([order.areas for order in orders], np.int64),
            "part": _joined([order.hours for order in orders], np.float64),
            "weights": np.array(cascades) if cascades else np.empty((0, n_organizations)),
        }
    )


def _joined(columns: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    return np.concatenate(columns, dtype=dtype) if columns else np.empty(0, dtype)


def check_deliveries(
    deliveries: Sequence[Delivery], layout: Layout, *, strategy: str, month: int, hours_left: float
) -> list[Order]:
    """Orders of all deliveries of a month; StrategyError for what is no delivery, or more than the hours left."""
    check = _Check(layout, strategy, month)
    if not isinstance(deliveries, Sequence):
        raise check.refusal(f"must return a list of Delivery, got {type(deliveries).__name__}")
    orders = [check.order(delivery) for delivery in deliveries]
    total = sum(order.total for order in orders)
    if total > hours_left * (1.0 + 1e-9) + 1e-6:
        raise check.refusal(f"wants {total:,.1f} TA hours, but only {hours_left:,.1f} of the budget are left")
    return orders


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks of one strategy in one month."""

    layout: Layout
    strategy: str
    month: int

    def refusal(self, why: str) -> StrategyError:
        return StrategyError(f"strategy {self.strategy!r}, month {self.month}: {why}")

    def order(self, delivery: Delivery) -> Order:
        layout = self.layout
        self.names(delivery)
        to_people = delivery.people is not None
        given = delivery.people if to_people else delivery.organizations
        length = self.length((given, delivery.areas, delivery.hours))
        targets = self.column(given, np.int64, length)
        areas = self.column(delivery.areas, np.int64, length)
        hours = self.column(delivery.hours, np.float64, length)
        what, n = ("position", layout.center[0]) if to_people else ("organization", layout.agencies)
        self.rows(delivery, f"{what} must be 0 to {n - 1}", targets, (targets >= 0) & (targets < n))
        K = layout.n_areas
        self.rows(delivery, f"area must be -1 to {K - 1}", areas, (areas >= -1) & (areas < K))
        self.rows(delivery, "hours must be finite and not negative", hours, (hours >= 0.0) & (hours < 1e300))
        organizations = layout.organization[targets].astype(np.int64) if to_people else targets
        return Order(
            delivery.activity,
            organizations,
            targets if to_people else np.full(length, _NOBODY),
            areas,
            hours / layout.weight[organizations],
            float(hours.sum()),
            self.weights(delivery),
            delivery.by_state,
        )

    def names(self, delivery: Delivery) -> None:
        if not isinstance(delivery, Delivery):
            raise self.refusal(f"must return Delivery objects, got {type(delivery).__name__}")
        if not isinstance(delivery.activity, str) or delivery.activity not in ACTIVITIES:
            nearest = nearest_name(str(delivery.activity), ACTIVITIES)
            raise self.refusal(f"unknown activity {delivery.activity!r}{nearest}")
        if not isinstance(delivery.by_state, bool):
            raise self.refusal(f"{delivery.activity}: by_state must be True or False, got {delivery.by_state!r}")
        if (delivery.organizations is None) == (delivery.people is None):
            raise self.refusal("a Delivery needs either organizations or people")

    def rows(self, delivery: Delivery, must: str, column: NDArray[Any], good: NDArray[np.bool_]) -> None:
        if not good.all():
            row = int(np.argmin(good))
            raise self.refusal(f"{delivery.activity}: {must}, got {column[row]} in row {row}")

    def weights(self, delivery: Delivery) -> NDArray[np.float64] | None:
        """Weights of a cascade, (O,)."""
        if delivery.cascade is None:
            return None
        if delivery.people is not None:
            raise self.refusal(f"{delivery.activity}: only agencies can pass an activity on, not single people")
        weights = self.column(delivery.cascade, np.float64, self.layout.n_organizations)
        if not bool(np.all(np.isfinite(weights) & (weights >= 0.0))):
            raise self.refusal(f"{delivery.activity}: weights of a cascade must be finite and not negative")
        return weights

    def length(self, columns: tuple[ArrayLike | None, ...]) -> int:
        """Rows of a delivery: the longest column, or none if one is empty."""
        sizes = [self.array(column).size for column in columns]
        return max(sizes) if all(sizes) else 0

    def array(self, given: ArrayLike | None) -> NDArray[Any]:
        try:
            return np.asarray(given)
        except Exception as error:
            raise self.refusal(f"a Delivery holds something that is no number: {error}") from error

    def column(self, given: ArrayLike | None, dtype: type, length: int) -> NDArray[Any]:
        column = np.atleast_1d(self.array(given))
        allowed, wanted = (
            ("iu", "rows and areas must be integers") if dtype is np.int64 else ("iuf", "hours must be numbers")
        )
        if column.size and column.dtype.kind not in allowed:
            raise self.refusal(f"a Delivery holds something that is no number: {wanted}, got {column.dtype}")
        column = column.astype(dtype, copy=False)
        if column.size == 1 and length != 1:
            column = np.full(length, column.flat[0])
        if column.ndim != 1 or len(column) != length:
            raise self.refusal(f"columns of a Delivery must have equal length, got {column.shape} for {length} rows")
        return column
