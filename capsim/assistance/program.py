"""The program: asks the strategy every month, checks what it wants, delivers it, keeps the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.delivery import check_rows, deliver_rows, mark_areas
from capsim.assistance.ledger import Ledger
from capsim.assistance.receptivity import common_receptivity, provider_quality
from capsim.assistance.strategy import Delivery, Strategy
from capsim.assistance.view import View
from capsim.catalogue import ACTIVITIES
from capsim.errors import StrategyError, nearest_name
from capsim.instruments.rubric import NUMBERS_PER_AREA, Readings, read_rubric
from capsim.measures.capacities import mean_skill
from capsim.parameters import Values
from capsim.world import World

__all__ = ["Program"]

_ASSESSMENT = "needs_assessment"
_NO_PEOPLE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class _Rows:
    """A checked delivery, as arrays."""

    activity: str
    organizations: NDArray[np.int64]
    people: NDArray[np.int64]
    areas: NDArray[np.int64]
    hours: NDArray[np.float64]
    total: float


@dataclass(frozen=True, slots=True)
class _Terms:
    """Numbers of one activity in a run, in the order in which the kernel takes them.

    Attributes
    ----------
    state : str
        What the prerequisite is about: "skill" or "routine".
    numbers : tuple
        Slope, center and level of the prerequisite, hours, seats, hours of each participant, leaders only, effects on
        skill, engagement, goals, routine, culture.
    """

    state: str
    numbers: tuple[float, ...]


class Program:
    """Assistance of one run: strategy, provider, instruments and ledger.

    Parameters
    ----------
    strategy : Strategy
        A fresh object for this run.
    world : World
        At month 0.
    values : mapping of str to float
    months : int
        Length of the assistance.
    yearly_hours : float
        TA hours per year; the whole budget is ``yearly_hours * months / 12``.
    run_key : int
        Never contains the strategy.
    """

    def __init__(
        self, strategy: Strategy, world: World, values: Values, *, months: int, yearly_hours: float, run_key: int
    ) -> None:
        layout = world.layout
        self.strategy = strategy
        self.months = months
        self.quality = provider_quality(layout, values, yearly_hours=yearly_hours, run_key=run_key)
        self.readings = Readings.none(layout.n_organizations, layout.n_areas)
        budget = yearly_hours * months / 12.0
        self.ledger = Ledger(budget=budget, by_organization=np.zeros(layout.n_organizations))
        self.view = View(world, self.readings, self.ledger, months=months, total_budget=budget)
        self._served = np.zeros((layout.n_organizations, layout.n_areas), np.bool_)
        self._terms = {activity: _terms(activity, values) for activity in ACTIVITIES}

    @staticmethod
    def numbers_per_organization(strategy: Strategy, n_areas: int) -> int:
        """Uniform numbers per organization and month: those of the rubric, then those of the strategy."""
        return NUMBERS_PER_AREA * n_areas + strategy.draws_per_row

    def assist(self, world: World, numbers: NDArray[np.float64], values: Values) -> None:
        """One month of assistance; before and after the program it only clears the month's hours."""
        world.recipient_hours.fill(0.0)
        world.ta_hours.fill(0.0)
        world.areas_served.fill(0)
        if not 0 <= world.month < self.months:
            return
        deliveries = self._decide(world, numbers)
        if not deliveries:
            return
        rows = self._check(deliveries, world)
        self._served.fill(False)
        for row in rows:
            mark_areas(row.organizations, row.areas, row.hours, self._served, world.areas_served)
        self._deliver(rows, world, numbers, values)
        self.ledger.recipient_hours += float(world.recipient_hours.sum())
        self.ledger.by_organization += world.ta_hours

    def _decide(self, world: World, numbers: NDArray[np.float64]) -> Sequence[Delivery]:
        own = numbers[:, NUMBERS_PER_AREA * world.layout.n_areas :]
        try:
            deliveries = self.strategy.decide(self.view, world.month, self.ledger.left, own)
        except Exception as error:
            raise StrategyError(
                f"strategy {self.strategy.name!r} failed in month {world.month}: {type(error).__name__}: {error}"
            ) from error
        if not isinstance(deliveries, Sequence):
            raise self._refusal(world.month, f"must return a list of Delivery, got {type(deliveries).__name__}")
        return deliveries

    def _refusal(self, month: int, why: str) -> StrategyError:
        return StrategyError(f"strategy {self.strategy.name!r}, month {month}: {why}")

    def _check(self, deliveries: Sequence[Delivery], world: World) -> list[_Rows]:
        rows = [self._check_one(delivery, world) for delivery in deliveries]
        total = sum(row.total for row in rows)
        if total > self.ledger.left * (1.0 + 1e-9) + 1e-6:
            raise self._refusal(
                world.month, f"wants {total:,.1f} TA hours, but only {self.ledger.left:,.1f} of the budget are left"
            )
        return rows

    def _check_one(self, delivery: Delivery, world: World) -> _Rows:
        layout = world.layout
        if not isinstance(delivery, Delivery):
            raise self._refusal(world.month, f"must return Delivery objects, got {type(delivery).__name__}")
        if not isinstance(delivery.activity, str) or delivery.activity not in ACTIVITIES:
            nearest = nearest_name(str(delivery.activity), ACTIVITIES)
            raise self._refusal(world.month, f"unknown activity {delivery.activity!r}{nearest}")
        if (delivery.organizations is None) == (delivery.people is None):
            raise self._refusal(world.month, "a Delivery needs either organizations or people")
        to_people = delivery.people is not None
        given = delivery.people if to_people else delivery.organizations
        length = self._length((given, delivery.areas, delivery.hours), world.month)
        targets = self._column(given, np.int64, world.month, length)
        areas = self._column(delivery.areas, np.int64, world.month, length)
        hours = self._column(delivery.hours, np.float64, world.month, length)
        n_targets = layout.n_positions if to_people else layout.n_organizations
        total = check_rows(targets, areas, hours, n_targets, layout.n_areas)
        if total < 0.0:
            raise self._refusal(
                world.month, _explain(total, delivery, targets, areas, hours, n_targets, layout.n_areas)
            )
        organizations = layout.organization[targets].astype(np.int64) if to_people else targets
        return _Rows(delivery.activity, organizations, targets if to_people else _NO_PEOPLE, areas, hours, total)

    def _length(self, columns: tuple[ArrayLike | None, ...], month: int) -> int:
        """Rows of a delivery: the longest column, or none if one is empty."""
        try:
            sizes = [np.asarray(column).size for column in columns]
        except ValueError as error:
            raise self._refusal(month, f"a Delivery holds something that is no number: {error}") from error
        return max(sizes) if all(sizes) else 0

    def _column(self, given: ArrayLike | None, dtype: type, month: int, length: int) -> NDArray:
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
            raise self._refusal(month, f"a Delivery holds something that is no number: {error}") from error
        if column.size == 1 and length != 1:
            column = np.full(length, column.flat[0])
        if column.ndim != 1 or len(column) != length:
            raise self._refusal(
                month, f"columns of a Delivery must have equal length, got {column.shape} for {length} rows"
            )
        return column

    def _deliver(self, rows: list[_Rows], world: World, numbers: NDArray[np.float64], values: Values) -> None:
        layout = world.layout
        people = mean_skill(layout.first, world.skill)
        states = {"skill": people, "routine": world.routine.copy()}
        most, receptivity = common_receptivity(
            layout.first, world.person, world.engagement, world.culture, world.data_systems, world.areas_served,
            self.quality, values["readiness_reference"], values["motivation_center"],
            values["general_capacity_center"], values["coherence_gamma"], values["coherence_limit"],
            values["outside_initiatives"],
        )  # fmt: skip
        assessed = np.zeros(layout.n_organizations, np.bool_)
        for row in rows:
            terms = self._terms[row.activity]
            deliver_rows(  # type: ignore[call-arg]
                row.organizations, row.people, row.areas, row.hours, layout.first, layout.role, world.person, most,
                receptivity,
                states[terms.state], *terms.numbers, world.plan, world.skill, world.priority, world.engagement,
                world.routine, world.culture,
                world.recipient_hours, world.ta_hours,
            )  # fmt: skip
            self.ledger.spent += row.total
            self.ledger.by_activity[row.activity] = self.ledger.by_activity.get(row.activity, 0.0) + row.total
            if row.activity == _ASSESSMENT:
                assessed[row.organizations[row.hours > 0.0]] = True
        if assessed.any():
            read_rubric(
                assessed, numbers, people, states["routine"], world.data_systems, values["rubric_noise_sd"],
                world.month, self.readings.skill, self.readings.routine, self.readings.month,
            )  # fmt: skip


def _terms(name: str, values: Values) -> _Terms:
    activity = ACTIVITIES[name]
    center = {"skill": values["baseline_people"], "routine": values["baseline_routine"]}[activity.prerequisite_of]
    skill = values[f"{name}_knowledge"] * values[f"{name}_transfer"] if "skill" in activity.channels else 0.0
    others = (
        values[f"{name}_{channel}"] if channel in activity.channels else 0.0
        for channel in ("engagement", "goals", "routine", "culture")
    )  # fmt: skip
    return _Terms(
        activity.prerequisite_of,
        (
            values["prerequisite_slope"], center, values[f"{name}_prerequisite"], values[f"{name}_ta_hours"],
            values[f"{name}_seats"],
            values[f"{name}_recipient_hours"], activity.participants == "leaders", skill, *others,
        ),
    )  # fmt: skip


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
