"""A strategy composed of parts: activities in shares of hours, a targeting, focal areas, recipients and a schedule."""

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
from capsim.catalogue import ACTIVITIES, Composition
from capsim.parameters import Values

__all__ = ["ComposedStrategy"]

_QUARTER, _YEAR = 3, 12


class ComposedStrategy(Strategy):
    """Divides each month's hours by the shares of its activities, and each activity's hours by its targeting.

    Activities that yield a reading are bought in whole units: their hours are saved until they pay for one, agencies in
    turn. The division is planned anew when the phase changes, and at the start of a quarter when there is news:
    readings bought since the last plan, or the yearly survey of interest.

    Parameters
    ----------
    composition : Composition
    values : mapping of str to float
        Resolved parameters of the run.
    """

    fixed_attributes = ("name", "composition", "_values")

    def __init__(self, composition: Composition, values: Values) -> None:
        self.name = composition.name
        self.composition = composition
        self._values = values
        self._queues = {name: Queue() for name, activity in ACTIVITIES.items() if activity.yields}
        self._phase: Phase | None = None
        self._plan: list[Portion | Turn] = []
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
        deliveries = []
        for part in self._plan:
            if isinstance(part, Portion):
                deliveries.append(part.delivery(hours))
                continue
            unit_hours = self._values[f"{part.activity}_ta_hours"]
            bought = self._queues[part.activity].buy(part, hours, unit_hours)
            if bought is not None:
                deliveries.append(bought)
                self._news = True
        return deliveries

    def _plan_anew(self, view: View, phase: Phase) -> None:
        mix = find_mix(self.composition, phase, len(view.areas), self._values)
        recipients = find_recipients(self.composition, view)
        served = bool(mix) and len(recipients.rows) > 0
        self._plan = Division(self.composition, view, recipients, self._values).divide(mix) if served else []
        self._phase, self._news = phase, False
