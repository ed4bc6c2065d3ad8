"""A strategy composed of parts: activities in shares of hours, a targeting, focal areas, recipients and a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.schedule import schedule_shares
from capsim.assistance.strategy import Delivery, Strategy
from capsim.assistance.targeting import TARGETING_WEIGHTS
from capsim.assistance.view import View
from capsim.catalogue import RECIPIENT_LEVELS, Composition

__all__ = ["ComposedStrategy"]

_ASSESSMENT = "needs_assessment"
_WITHOUT_AREA = ("goal_setting",)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Who gets which share of the hours, row by row."""

    organizations: NDArray[np.int64]
    areas: NDArray[np.int64]
    shares: NDArray[np.float64]
    recipients: NDArray[np.int64]
    recipient_shares: NDArray[np.float64]
    no_area: NDArray[np.int64]


class ComposedStrategy(Strategy):
    """Divides each month's hours by the shares of its activities, and each activity's hours by its targeting.

    Needs assessment is bought in whole units: its hours are saved until they pay for an agency's rubric, agencies in
    turn. The division is planned anew when readings have changed, at the start of a quarter.

    Parameters
    ----------
    composition : Composition
    unit_hours : float
        TA hours of one needs assessment.
    """

    def __init__(self, composition: Composition, *, unit_hours: float) -> None:
        self.name = composition.name
        self.composition = composition
        self._unit_hours = unit_hours
        self._saved = 0.0
        self._next = 0
        self._plan: _Plan | None = None
        self._stale = True
        self._schedule: NDArray[np.float64] = np.empty(0)

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """Deliveries of the month; see the class."""
        if not self.composition.activities:
            return ()
        if len(self._schedule) != view.months:
            self._schedule = schedule_shares(self.composition.schedule, view.months)
        if self._plan is None or (self._stale and month % 3 == 0):
            self._plan = self._divide(view)
            self._stale = False
        plan = self._plan
        if not len(plan.recipients):
            return ()
        hours = min(budget, float(self._schedule[month]) * view.total_budget)
        deliveries = []
        for activity, share in self.composition.activities.items():
            if activity == _ASSESSMENT:
                deliveries.extend(self._assess(plan, share * hours))
            elif activity in _WITHOUT_AREA:
                deliveries.append(
                    Delivery(
                        activity=activity,
                        organizations=plan.recipients,
                        areas=plan.no_area,
                        hours=plan.recipient_shares * (share * hours),
                    )
                )
            else:
                deliveries.append(
                    Delivery(
                        activity=activity,
                        organizations=plan.organizations,
                        areas=plan.areas,
                        hours=plan.shares * (share * hours),
                    )
                )
        return deliveries

    def _assess(self, plan: _Plan, hours: float) -> list[Delivery]:
        self._saved += hours
        count = min(int(self._saved / self._unit_hours + 1e-9), len(plan.recipients))
        if count == 0:
            return []
        turn = (self._next + np.arange(count)) % len(plan.recipients)
        self._next = int(self._next + count) % len(plan.recipients)
        self._saved -= count * self._unit_hours
        self._stale = True
        return [
            Delivery(activity=_ASSESSMENT, organizations=plan.recipients[turn], hours=np.full(count, self._unit_hours))
        ]

    def _divide(self, view: View) -> _Plan:
        levels = [RECIPIENT_LEVELS[level] for level in self.composition.recipients]
        recipients = np.flatnonzero(np.isin(view.level, levels) & (view.positions > 0))
        weights = TARGETING_WEIGHTS[self.composition.targeting](view, recipients)
        n_areas = len(view.areas)
        focus = self.composition.focal_areas or n_areas
        if focus < n_areas:
            order = np.argsort(-weights, axis=1, kind="stable")
            keep = np.zeros_like(weights, dtype=bool)
            np.put_along_axis(keep, order[:, :focus], True, axis=1)
            weights = np.where(keep, weights, 0.0)
        total = weights.sum()
        rows, areas = np.nonzero(weights)
        return _Plan(
            organizations=recipients[rows],
            areas=areas,
            shares=weights[rows, areas] / total,
            recipients=recipients,
            recipient_shares=weights.sum(axis=1) / total,
            no_area=np.full(len(recipients), -1),
        )
