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
        rows, total = [], 0.0
        for delivery in deliveries:
            checked, hours = self._check_one(delivery, world)
            rows.append(checked)
            total += hours
        if total > self.ledger.left * (1.0 + 1e-9) + 1e-6:
            raise self._refusal(world.month, f"wants {total:,.1f} TA hours, but only {self.ledger.left:,.1f} of the budget are left")
        return rows

    def _check_one(self, delivery: Delivery, world: World) -> tuple[_Rows, float]:
        layout = world.layout
        if not isinstance(delivery, Delivery):
            raise self._refusal(world.month, f"must return Delivery objects, got {type(delivery).__name__}")
        if delivery.activity not in ACTIVITIES:
            raise self._refusal(world.month, f"unknown activity {delivery.activity!r}{nearest_name(delivery.activity, ACTIVITIES)}")
        if (delivery.organizations is None) == (delivery.people is None):
            raise self._refusal(world.month, "a Delivery needs either organizations or people")
        to_people = delivery.people is not None
        targets = self._column(delivery.people if to_people else delivery.organizations, np.int64, world.month)
        areas = self._column(delivery.areas, np.int64, world.month, len(targets))
        hours = self._column(delivery.hours, np.float64, world.month, len(targets))
        n_targets = layout.n_positions if to_people else layout.n_organizations
        total = check_rows(targets, areas, hours, n_targets, layout.n_areas)
        if total < 0.0:
            raise self._refusal(world.month, _explain(total, delivery, targets, areas, hours, n_targets, layout.n_areas))
        organizations = layout.organization[targets].astype(np.int64) if to_people else targets
        return _Rows(delivery.activity, organizations, targets if to_people else _NO_PEOPLE, areas, hours), total

    def _column(self, given: ArrayLike | None, dtype: type, month: int, length: int | None = None) -> NDArray:
        try:
            column = np.atleast_1d(np.asarray(given))
            if dtype is np.int64 and column.dtype.kind not in "iu" and column.size:
                raise TypeError(f"rows and areas must be integers, got {column.dtype}")
            column = column.astype(dtype, copy=False)
        except (TypeError, ValueError) as error:
            raise self._refusal(month, f"a Delivery holds something that is no number: {error}") from error
        if length is not None and len(column) == 1 and length != 1:
            column = np.full(length, column[0])
        if column.ndim != 1 or (length is not None and len(column) != length):
            raise self._refusal(month, f"columns of a Delivery must have equal length, got {column.shape} for {length} rows")
        return column

    def _deliver(self, rows: list[_Rows], world: World, numbers: NDArray[np.float64], values: Values) -> None:
        layout = world.layout
        people = mean_skill(layout.first, world.skill)
        states = {"skill": (people, values["baseline_people"]), "routine": (world.routine.copy(), values["baseline_routine"])}
        most, receptivity = common_receptivity(
            layout.first, world.person, world.engagement, world.culture, world.data_systems, world.areas_served, self.quality,
            values["readiness_reference"], values["motivation_center"], values["general_capacity_center"], values["coherence_gamma"],
            values["coherence_limit"], values["outside_initiatives"],
        )  # fmt: skip
        assessed = np.zeros(layout.n_organizations, np.bool_)
        for row in rows:
            activity = ACTIVITIES[row.activity]
            state, center = states[activity.prerequisite_of]
            effects = _effects(row.activity, values)
            before = world.ta_hours.sum()
            deliver_rows(
                row.organizations, row.people, row.areas, row.hours, layout.first, layout.role, world.person, most, receptivity, state,
                values["prerequisite_slope"], center, values[f"{row.activity}_prerequisite"], values[f"{row.activity}_ta_hours"],
                values[f"{row.activity}_seats"], values[f"{row.activity}_recipient_hours"], activity.participants == "leaders", *effects,
                world.plan, world.skill, world.priority, world.engagement, world.routine, world.culture, world.recipient_hours,
                world.ta_hours,
            )  # fmt: skip
            spent = float(world.ta_hours.sum() - before)
            self.ledger.spent += spent
            self.ledger.by_activity[row.activity] = self.ledger.by_activity.get(row.activity, 0.0) + spent
            if row.activity == _ASSESSMENT:
                assessed[row.organizations[row.hours > 0.0]] = True
        if assessed.any():
            read_rubric(
                assessed, numbers, people, states["routine"][0], world.data_systems, values["rubric_noise_sd"], world.month,
                self.readings.skill, self.readings.routine, self.readings.month,
            )  # fmt: skip


def _effects(activity: str, values: Values) -> tuple[float, float, float, float, float]:
    """Effects of one unit on skill, engagement, goals, routine and culture."""
    channels = ACTIVITIES[activity].channels
    skill = values[f"{activity}_knowledge"] * values[f"{activity}_transfer"] if "skill" in channels else 0.0
    engagement, goals, routine, culture = (
        values[f"{activity}_{channel}"] if channel in channels else 0.0 for channel in ("engagement", "goals", "routine", "culture")
    )
    return skill, engagement, goals, routine, culture


def _explain(code: float, delivery: Delivery, targets: NDArray, areas: NDArray, hours: NDArray, n_targets: int, n_areas: int) -> str:
    what = "position" if delivery.people is not None else "organization"
    if code <= -2e9:
        row = round(-code - 2e9)
        return f"{delivery.activity}: hours must be finite and not negative, got {hours[row]} in row {row}"
    if code <= -1e9:
        row = round(-code - 1e9)
        return f"{delivery.activity}: area must be -1 to {n_areas - 1}, got {areas[row]} in row {row}"
    row = round(-code - 1)
    return f"{delivery.activity}: {what} must be 0 to {n_targets - 1}, got {targets[row]} in row {row}"
