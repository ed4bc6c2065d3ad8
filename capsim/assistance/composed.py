"""A strategy composed of parts: activities in shares of hours, a targeting, focal areas, recipients and a schedule.

That plans are made anew every quarter, as delivery units do, is after S27-S29; a plan for a phase is assumed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.division import Division, Portion, Turn
from capsim.assistance.mix import Phase, find_mix, find_phase
from capsim.assistance.queue import Queue
from capsim.assistance.recipients import find_recipients
from capsim.assistance.schedule import schedule_shares
from capsim.assistance.strategy import Delivery, Strategy
from capsim.assistance.view import View
from capsim.catalogue import Recipe
from capsim.parameters import Values

__all__ = ["ComposedStrategy"]

_QUARTER, _YEAR = 3, 12


class ComposedStrategy(Strategy):
    """Divides each month's hours by the shares of its activities, and each activity's hours by its targeting.

    Activities that yield a reading are bought in whole units: their hours are saved until they pay for one, agencies in
    turn. Of these hours each month keeps at most one unit; what nobody is due to get, and in the last month what does
    not make a unit, goes to the other activities in proportion to their hours. The division is planned
    anew when the phase changes, and at the start of a quarter when there is news: readings bought since the last plan,
    or the yearly survey.

    Parameters
    ----------
    composition : Recipe
    values : mapping of str to float
        Resolved parameters of the run.
    """

    fixed_attributes = ("name", "composition", "_values")

    def __init__(self, composition: Recipe, values: Values) -> None:
        self.name = composition.name
        self.composition = composition
        self._values = values
        self._queues: dict[str, Queue] = {}
        self._phase: Phase | None = None
        self._plan: list[Portion | Turn] = []
        self._planned_share = 0.0
        self._news = False
        self._schedule: NDArray[np.float64] = np.empty(0)

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """Deliveries of the month; see the class."""
        phase = find_phase(self.composition, month, view.months, self._values)
        news = self._news or month % _YEAR == 0
        if phase != self._phase or (news and month % _QUARTER == 0):
            self._plan_anew(view, phase)
        if not self._plan:
            return ()
        if len(self._schedule) != view.months:
            self._schedule = schedule_shares(self.composition.schedule, view.months)
        hours = min(budget, float(self._schedule[month]) * view.total_budget)
        bought = {part.activity: self._buy(part, hours, view, month) for part in self._plan if isinstance(part, Turn)}
        self._news = self._news or any(bought.values())
        more = self._raised(hours, view, month)
        deliveries = (
            part.delivery(more) if isinstance(part, Portion) else bought[part.activity] for part in self._plan
        )
        return [delivery for delivery in deliveries if delivery is not None]

    def _buy(self, turn: Turn, hours: float, view: View, month: int) -> Delivery | None:
        queue = self._queues.setdefault(turn.activity, Queue.empty(len(view.level)))
        unit, every = (self._values[f"{turn.activity}_{what}"] for what in ("ta_hours", "every_months"))
        return queue.buy(turn, hours, month, unit_hours=unit, every_months=every)

    def _raised(self, hours: float, view: View, month: int) -> float:
        """Hours of a month in which portions get, beside their own, what queues have to spare."""
        if self._planned_share * hours <= 0.0:
            return hours
        waiting = {part.activity for part in self._plan if isinstance(part, Turn)} if month < view.months - 1 else set()
        spare = sum(
            queue.release(self._values[f"{name}_ta_hours"] if name in waiting else 0.0)
            for name, queue in self._queues.items()
        )
        return hours + spare / self._planned_share

    def _plan_anew(self, view: View, phase: Phase) -> None:
        mix = find_mix(self.composition, phase, len(view.areas), self._values)
        recipients = find_recipients(self.composition, view)
        served = bool(mix) and len(recipients.rows) > 0
        self._plan = Division(self.composition, view, recipients, self._values).divide(mix) if served else []
        self._planned_share = sum(part.total for part in self._plan if isinstance(part, Portion))
        self._phase, self._news = phase, False
