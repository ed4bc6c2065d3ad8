"""Checked deliveries as arrays of rows: what the kernels take. Refuses what a strategy may not ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.strategy import Delivery
from capsim.catalogue import ACTIVITIES
from capsim.errors import StrategyError, nearest_name
from capsim.kernels import kernel
from capsim.world import Layout

__all__ = ["Rows", "check_deliveries", "refusal"]

_NO_PEOPLE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one activity.

    Attributes
    ----------
    activity : str
    organizations : (n,) int64
        Who receives.
    people : (n,) int64
        Positions, when single persons are served; else empty.
    areas : (n,) int64
        -1 for no area.
    hours : (n,) float64
    total : float
        TA hours of all rows.
    weights : (O,) float64, optional
        Of agencies below, for a cascade.
    by_state : bool
        Whether agencies of different states meet in groups of their own.
    quality : (n,) float64, optional
        Of what the staff of other agencies pass on; None when the center's consultants deliver.
    """

    activity: str
    organizations: NDArray[np.int64]
    people: NDArray[np.int64]
    areas: NDArray[np.int64]
    hours: NDArray[np.float64]
    total: float
    weights: NDArray[np.float64] | None = None
    by_state: bool = False
    quality: NDArray[np.float64] | None = None


@kernel
def check_rows(targets, areas, hours, n_targets, n_areas):
    """Total hours, or -1 - row for an impossible target, -1e9 - row for an area, -2e9 - row for hours."""
    total = 0.0
    for r in range(len(hours)):
        if targets[r] < 0 or targets[r] >= n_targets:
            return -1.0 - r
        if areas[r] < -1 or areas[r] >= n_areas:
            return -1e9 - r
        if not (hours[r] >= 0.0 and hours[r] < 1e300):
            return -2e9 - r
        total += hours[r]
    return total


def refusal(strategy: str, month: int, why: str) -> StrategyError:
    """The error of a strategy that asks for what it may not have."""
    return StrategyError(f"strategy {strategy!r}, month {month}: {why}")


def check_deliveries(
    deliveries: Sequence[Delivery], layout: Layout, *, strategy: str, month: int, hours_left: float
) -> list[Rows]:
    """Rows of all deliveries of a month.

    Raises
    ------
    StrategyError
        For anything that is no delivery, or that is more than the hours left.
    """
    if not isinstance(deliveries, Sequence):
        raise refusal(strategy, month, f"must return a list of Delivery, got {type(deliveries).__name__}")
    check = _Check(layout, strategy, month)
    rows = [check.rows(delivery) for delivery in deliveries]
    total = sum(row.total for row in rows)
    if total > hours_left * (1.0 + 1e-9) + 1e-6:
        why = f"wants {total:,.1f} TA hours, but only {hours_left:,.1f} of the budget are left"
        raise refusal(strategy, month, why)
    return rows


@dataclass(frozen=True, slots=True)
class _Check:
    """Checks of one strategy in one month."""

    layout: Layout
    strategy: str
    month: int

    def refusal(self, why: str) -> StrategyError:
        return refusal(self.strategy, self.month, why)

    def rows(self, delivery: Delivery) -> Rows:
        layout = self.layout
        if not isinstance(delivery, Delivery):
            raise self.refusal(f"must return Delivery objects, got {type(delivery).__name__}")
        if not isinstance(delivery.activity, str) or delivery.activity not in ACTIVITIES:
            nearest = nearest_name(str(delivery.activity), ACTIVITIES)
            raise self.refusal(f"unknown activity {delivery.activity!r}{nearest}")
        if not isinstance(delivery.by_state, bool):
            raise self.refusal(f"{delivery.activity}: by_state must be True or False, got {delivery.by_state!r}")
        if (delivery.organizations is None) == (delivery.people is None):
            raise self.refusal("a Delivery needs either organizations or people")
        to_people = delivery.people is not None
        given = delivery.people if to_people else delivery.organizations
        length = self.length((given, delivery.areas, delivery.hours))
        targets = self.column(given, np.int64, length)
        areas = self.column(delivery.areas, np.int64, length)
        hours = self.column(delivery.hours, np.float64, length)
        n_targets = layout.center[0] if to_people else layout.agencies
        total = check_rows(targets, areas, hours, n_targets, layout.n_areas)
        if total < 0.0:
            raise self.refusal(_explain(total, delivery, targets, areas, hours, n_targets, layout.n_areas))
        organizations = layout.organization[targets].astype(np.int64) if to_people else targets
        people = targets if to_people else _NO_PEOPLE
        weights = self.weights(delivery)
        return Rows(delivery.activity, organizations, people, areas, hours, total, weights, delivery.by_state)

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
        if all(isinstance(column, np.ndarray) and column.ndim == 1 for column in columns):
            sizes = [len(column) for column in columns]  # type: ignore[arg-type]
            return max(sizes) if all(sizes) else 0
        try:
            sizes = [np.asarray(column).size for column in columns]
        except ValueError as error:
            raise self.refusal(f"a Delivery holds something that is no number: {error}") from error
        return max(sizes) if all(sizes) else 0

    def column(self, given: ArrayLike | None, dtype: type, length: int) -> NDArray:
        if isinstance(given, np.ndarray) and given.dtype == dtype and given.ndim == 1 and len(given) == length:
            return given
        try:
            column = np.atleast_1d(np.asarray(given))
            allowed, wanted = (
                ("iu", "rows and areas must be integers") if dtype is np.int64 else ("iuf", "hours must be numbers")
            )
            if column.size and column.dtype.kind not in allowed:
                raise TypeError(f"{wanted}, got {column.dtype}")
            column = column.astype(dtype, copy=False)
        except (TypeError, ValueError) as error:
            raise self.refusal(f"a Delivery holds something that is no number: {error}") from error
        if column.size == 1 and length != 1:
            column = np.full(length, column.flat[0])
        if column.ndim != 1 or len(column) != length:
            raise self.refusal(f"columns of a Delivery must have equal length, got {column.shape} for {length} rows")
        return column


def _explain(
    code: float, delivery: Delivery, targets: NDArray, areas: NDArray, hours: NDArray, n_targets: int, n_areas: int
) -> str:
    what = "position" if delivery.people is not None else "organization"
    if code <= -2e9:
        row = round(-code - 2e9)
        return f"{delivery.activity}: hours must be finite and not negative, got {hours[row]} in row {row}"
    if code <= -1e9:
        row = round(-code - 1e9)
        return f"{delivery.activity}: area must be -1 to {n_areas - 1}, got {areas[row]} in row {row}"
    row = round(-code - 1)
    return f"{delivery.activity}: {what} must be 0 to {n_targets - 1}, got {targets[row]} in row {row}"
