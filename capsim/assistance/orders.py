"""Orders: a month's deliveries, checked, as the one table of rows that the kernels take, and what these read and write
beside it: numbers of activities, who helps, the run's books. Refuses what a strategy may not ask for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numba import float64, int64, uint64
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.receptivity import inverse_logistic
from capsim.assistance.strategy import Delivery
from capsim.catalogue import ACTIVITIES, CHANNELS, TIE_CHANNELS, Activity
from capsim.errors import StrategyError, nearest_name
from capsim.kernels import inner
from capsim.parameters import Values
from capsim.parameters.constants import once_for_values
from capsim.streams.keys import key_from_name
from capsim.structures import Structure, structure
from capsim.world import Layout

CODES = {name: code for code, name in enumerate(ACTIVITIES)}
"""Row of each activity in the tables of the kernels."""
CODESIGN = "codesign"
"""The activity in which recipients take part in the design."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What is left of assistance by organization; 1 as usual."""

    landing: NDArray[np.float64]  # (O,) of what an hour achieves
    given: NDArray[np.float64]  # (O,) of the hours; the others are not given, and stay in the budget

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


@inner
def direct_rows(orders, hours, n):
    """Rows of a month of so many hours that come from the center, with room for `n` in all."""
    whole = np.empty(n, np.int64)
    rows = Rows(whole, whole.copy(), whole.copy(), whole.copy(), np.empty(n), np.ones(n), len(orders.part))
    for d in range(len(orders.activity)):
        each = orders.share[d] * hours
        for r in range(orders.first[d], orders.first[d + 1]):
            rows.activity[r], rows.agency[r] = orders.activity[d], orders.agency[r]
            rows.person[r], rows.area[r] = orders.person[r], orders.area[r]
            rows.hours[r] = orders.part[r] * each
    return rows


_HELP = structure(
    "Help",
    {
        **dict.fromkeys(("ta_hours", "seats", "hours_each", "prerequisite", "at_baseline", "ceiling"), float64[::1]),
        **dict.fromkeys(("dollars_per_hour", "quality", "codesigned", "landing"), float64[::1]),
        **dict.fromkeys(("settled", "worked", "pieces", "clear"), float64[::1]),
        **dict.fromkeys(("leaders", "of_skill", "universal", "codesign", "tie", "plan_slot", "posts"), int64[::1]),
        **dict.fromkeys(("changes_agency", "consultant", "flow_slot"), int64[::1]),
        **dict.fromkeys(("by_organization", "passed_on", "hours_of", "totals"), float64[::1]),
        **dict.fromkeys(("effects", "monthly", "links", "area", "craft", "met", "feedback"), float64[:, ::1]),
        **dict.fromkeys(("flow", "reached"), float64[:, ::1]),
        **dict.fromkeys(("run_key", "tie_key"), uint64[::1]),
    },
)


def help_of(values: Values, run_key: int, books: Mapping[str, NDArray[Any]]) -> Structure:
    """The structure `h` of the kernels: numbers of activities, keys for the chances of ties, and arrays of `books`."""
    keys = {
        "run_key": np.array([run_key % 2**64], np.uint64),
        "tie_key": np.array([key_from_name(f"ties:{name}") for name in ACTIVITIES], np.uint64),
    }
    return _HELP.holding({**_numbers_of_activities(values), **books, **keys})


@once_for_values
def _numbers_of_activities(values: Values) -> dict[str, NDArray[Any]]:
    """Columns of the activities' numbers, row by row as in the catalogue."""
    rows = tuple(ACTIVITIES.values())

    def of(what: str) -> NDArray[np.float64]:
        return np.array([values[f"{row.name}_{what}"] for row in rows], np.float64)

    effects = np.zeros((len(rows), len(CHANNELS)))
    for a, row in enumerate(rows):
        for channel in row.channels:
            effects[a, CHANNELS.index(channel)] = _effect(values, row, channel)
    of_skill = np.array([row.prerequisite_of == "skill" for row in rows], np.int64)
    center = np.where(of_skill, values["baseline_people"], values["baseline_routine"])
    usual, slope = [row.prerequisite for row in rows], values["prerequisite_slope"]
    together = effects[:, CHANNELS.index("group_plan")] > 0.0
    first, last = CHANNELS.index("routine"), CHANNELS.index("parent_routine")
    return {
        "ta_hours": of("ta_hours"),
        "seats": of("seats"),
        "hours_each": of("recipient_hours"),
        "prerequisite": of("prerequisite"),
        "at_baseline": np.array([inverse_logistic(x, n, slope) for x, n in zip(center, usual, strict=True)]),
        "ceiling": np.array([values.get(f"{row.name}_ceiling", 1.0) for row in rows]),
        "dollars_per_hour": of("dollars") / of("ta_hours"),
        "leaders": np.array([row.participants == "leaders" for row in rows], np.int64),
        "of_skill": of_skill,
        "universal": np.array([row.tier == "universal" for row in rows], np.int64),
        "codesign": np.array([row.name == CODESIGN for row in rows], np.int64),
        "tie": np.array([max(0, *(_TIES.get(c, 0) for c in ("", *row.channels))) for row in rows], np.int64),
        "plan_slot": np.where(together, np.cumsum(together) - 1, -1),
        "changes_agency": (effects[:, first : last + 1].sum(axis=1) > 0.0).astype(np.int64),
        "effects": effects,
    }


_TIES = {channel: CHANNELS.index(channel) for channel in TIE_CHANNELS}


def _effect(values: Values, row: Activity, channel: str) -> float:
    """Share of the gap that one unit closes; rate of ties."""
    if channel == "skill":
        return values[f"{row.name}_knowledge"] * values[f"{row.name}_transfer"]
    return values[f"{row.name}_{channel}"]


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
            targets if to_people else np.full(length, -1),
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
