"""The books of a run's assistance: the ledger of hours, the delivery chain, and the logbook of instruments.

A link of the chain goes from the level that gives (the TA center, or agencies that pass an activity on) to the level
that gets. Delivered hours are those offered; received hours those that landed, ``hours * attendance * min(1,
landing)``; used hours those received where the practice is in use, ``received * use`` (of the area, or its mean).

Source: S9 (New York's working group asks how implementation is rolled out, received and utilized).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, LOGGED
from capsim.instruments.formulas import levels_of
from capsim.instruments.readings import AMBER, GREEN, NOT_READ, RED, Readings
from capsim.kernels import inner, kernel
from capsim.levels import CENTER, Level
from capsim.measures.sums import mean_of, pairwise_sum
from capsim.parameters import Values
from capsim.world import Layout

SPENT, RECIPIENT_HOURS, TURNKEY_HOURS, RECEIVED, USED_HOURS, DOLLARS = range(6)
"""Places in `Ledger.totals`."""
DELIVERED, LANDED, USED = range(3)
"""Last side of `Program.chain`: hours delivered, received, used."""
_LEVELS = len(Level)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a strategy spent: hours of all agencies that a sample stands for. `sampled` has those of the sample."""

    budget: float  # TA hours of the whole assistance
    weight: NDArray[np.float64]  # (O,) agencies that each organization stands for
    by_organization: NDArray[np.float64]  # (O,) TA hours by organization, those of all agencies that it stands for
    # (O,) hours that the staff of each organization spent on passing activities on, in the same unit
    passed_on: NDArray[np.float64]
    monthly: NDArray[np.float64]  # (months, activities) TA hours by month and activity, in the order of the catalogue
    hours_of: NDArray[np.float64]  # (activities,) TA hours of each activity so far; NaN before the first delivery
    totals: NDArray[np.float64]  # (6,) the numbers below, in the order of `SPENT` to `DOLLARS`

    @classmethod
    def opened(cls, budget: float, weight: NDArray[np.float64], months: int) -> Ledger:
        """Nothing spent yet."""
        n, O = len(ACTIVITIES), len(weight)
        return cls(budget, weight, np.zeros(O), np.zeros(O), np.zeros((months, n)), np.full(n, np.nan), np.zeros(6))

    def books(self) -> dict[str, NDArray[np.float64]]:
        """What the kernels write."""
        written = ("by_organization", "passed_on", "monthly", "hours_of", "totals")
        return {name: getattr(self, name) for name in written}

    @property
    def spent(self) -> float:
        """TA hours delivered so far."""
        return float(self.totals[SPENT])

    @property
    def sampled(self) -> NDArray[np.float64]:
        """TA hours that each organization of the world itself got, (O,)."""
        return self.by_organization / self.weight

    @property
    def recipient_hours(self) -> float:
        """Hours of recipients so far, those of staff who pass an activity on included."""
        return float(self.totals[RECIPIENT_HOURS])

    @property
    def turnkey_hours(self) -> float:
        """Hours that agencies below received from the staff of those above, who spent them."""
        return float(self.totals[TURNKEY_HOURS])

    @property
    def received(self) -> float:
        """Hours that landed, direct or passed on."""
        return float(self.totals[RECEIVED])

    @property
    def used(self) -> float:
        """Those of them that met practices in use."""
        return float(self.totals[USED_HOURS])

    @property
    def dollars(self) -> float:
        """Travel, venues, printing: units of each activity times its price."""
        return float(self.totals[DOLLARS])

    @property
    def left(self) -> float:
        """TA hours left; never negative."""
        return max(0.0, self.budget - self.spent)

    @property
    def by_activity(self) -> dict[str, float]:
        """TA hours by activity, of those that were ever delivered."""
        return named_hours(self.hours_of)

    def cost(self, values: Values) -> float:
        """Dollars: hours of consultants, of staff who pass on and of recipients, each at its rate, and travel, venues
        and printing.
        """
        others = (self.recipient_hours - self.turnkey_hours) * values["staff_rate"]
        return self.spent * values["consultant_rate"] + self.turnkey_cost(values) + others + self.dollars

    def turnkey_cost(self, values: Values) -> float:
        """Dollars that cascades cost the agencies that pass something on."""
        return self.turnkey_hours * values["turnkey_rate"]


def named_hours(hours_of: NDArray[np.float64]) -> dict[str, float]:
    """Hours by activity, without those that are NaN."""
    return {name: hours for name, hours in zip(ACTIVITIES, hours_of.tolist(), strict=True) if not math.isnan(hours)}


@inner
def enter_month(w, h, orders, rows, landed, passing):
    """Enter what a month's rows came to: hours that landed, (n,), and hours of staff who passed something on, (O,)."""
    month, n = w.clock[0], rows.direct
    for d in range(len(orders.activity)):
        total, a = 0.0, orders.activity[d]
        for r in range(orders.first[d], orders.first[d + 1]):
            total += rows.hours[r] * w.weight[rows.agency[r]]
        h.totals[SPENT] += total
        h.totals[DOLLARS] += total * h.dollars_per_hour[a]
        h.hours_of[a] = total if np.isnan(h.hours_of[a]) else h.hours_of[a] + total
        h.monthly[month, a] += total
        if h.feedback.shape[1] > 0:
            for r in range(orders.first[d], orders.first[d + 1]):
                h.feedback[0, a] += rows.hours[r] * w.weight[rows.agency[r]]
                h.feedback[1, a] += landed[r] * w.weight[rows.agency[r]]
    enter_account(w, h, rows, landed, 0, n)
    if len(landed) > n:
        enter_account(w, h, rows, landed, n, len(landed))
    h.totals[TURNKEY_HOURS] += pairwise_sum(passing * w.weight)
    for j in range(len(passing)):
        h.passed_on[j] += passing[j] * w.weight[j]
    h.totals[RECIPIENT_HOURS] += pairwise_sum(w.recipient_hours * w.weight[w.organization])


@inner
def enter_account(w, h, rows, landed, start, end):
    """Enter rows from `start` to `end`, which come all from the center or are all passed on."""
    got, level, parent, links = np.zeros((3, len(w.level))), w.level, w.parent, h.links
    stands_for = w.weight if start == 0 else w.family_weight
    for r in range(start, end):
        if rows.hours[r] > 0.0:
            got[DELIVERED, rows.agency[r]] += rows.hours[r]
            got[LANDED, rows.agency[r]] += landed[r]
            got[USED, rows.agency[r]] += landed[r] * mean_of(w.use, rows.agency[r], rows.area[r])
    of_all = np.zeros(3)
    for j in range(len(level)):
        giver = level[parent[j]] if start > 0 and parent[j] >= 0 else CENTER
        at = 3 * (_LEVELS * giver + level[j])
        for n in range(3):
            whole = got[n, j] * stands_for[j]
            of_all[n] += whole
            if len(links) > 0 and got[DELIVERED, j] > 0.0:
                links[w.clock[0], at + n] += whole
        w.ta_hours[j] += got[DELIVERED, j]
        if start == 0:
            h.by_organization[j] += got[DELIVERED, j] * stands_for[j]
    h.totals[RECEIVED] += of_all[LANDED]
    h.totals[USED_HOURS] += of_all[USED]


class Logbook:
    """What was read and rated each month, and ties to the center's experts: means over the agencies of a level that
    have a number, NaN where none has; agencies by their sampling weight.
    """

    def __init__(self, layout: Layout, months: int) -> None:
        self.monthly = np.full((months, len(Level), len(LOGGED)), np.nan)
        self._level, self._weight = layout.level, layout.weight
        self._nothing = np.full(len(layout.level), np.nan)

    def enter(
        self,
        month: int,
        readings: Readings,
        ratings: NDArray[np.float64] | None,
        expert_ties: NDArray[np.float64],
    ) -> None:
        """Readings as they stand, the month's ratings (expert, client, satisfaction) and ties to experts, each (O,)."""
        expert, client, satisfaction = ratings if ratings is not None else (self._nothing,) * 3
        status = np.where(readings.status == NOT_READ, np.nan, readings.status)
        known = ~np.isnan(status)
        columns = np.array(
            [
                expert,
                client,
                satisfaction,
                readings.interest,
                readings.self_rating.mean(axis=1),
                readings.self_rated_relevance.mean(axis=1),
                readings.relevance.max(axis=1),
                readings.skill.mean(axis=1),
                readings.routine.mean(axis=1),
                readings.readiness,
                readings.use.mean(axis=1),
                *levels_of(readings.sustainability).T,
                *(np.where(known, status == color, np.nan) for color in (RED, AMBER, GREEN)),
                expert_ties,
            ]
        )
        _enter_means(columns, self._level, self._weight, self.monthly[month])


@kernel
def _enter_means(columns, level, weight, out):
    """Weighted means of each column over the organizations of a level that have a number, (levels, columns)."""
    for c in range(len(columns)):
        total, mass = np.zeros(len(out)), np.zeros(len(out))
        for j in range(len(level)):
            if not np.isnan(columns[c, j]):
                total[level[j]] += columns[c, j] * weight[j]
                mass[level[j]] += weight[j]
        for n in range(len(out)):
            if mass[n] > 0.0:
                out[n, c] = total[n] / mass[n]
