"""A strategy composed of parts: activities in shares of hours, a targeting, focal areas, recipients and a schedule.

Schedules give month t of T a share, before they are scaled to sum to 1: level 1; front-loaded ``1 - (t + .5) / T``;
taper ``min(1, 3 (1 - (t + .5) / T))``. An exit takes the last third, co-design `codesign_share` of the hours of its
phase. An agency gets at most one unit of an activity that yields a reading in ``<activity>_every_months`` months.

Source: planning and implementation as phases of co-design S1; an exit plan S10, S12; plans made anew every quarter, as
delivery units do, and quarterly stocktakes S27-S29; a plan for a phase and all figures are assumed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.course import Step, in_words, phased, review, together, with_change
from capsim.assistance.division import Division, Portion, Share, Turn, find_recipients
from capsim.assistance.observation import due, rows_of
from capsim.assistance.strategy import Delivery, Strategy, View
from capsim.catalogue import ACTIVITIES, Recipe
from capsim.catalogue.parts import targeting_row
from capsim.catalogue.strategies import REVIEW_EVERY, Change
from capsim.instruments.table import INSTRUMENTS
from capsim.parameters import Values

CODESIGN = "codesign"
OWN_INSTRUMENT = "own_instrument"
_QUARTER, _YEAR = 3, 12
_NEVER = -1_000_000
_YEARLY = frozenset(row.name for row in INSTRUMENTS.values() if row.yearly)


def _taper(time: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.minimum(1.0, 3.0 * (1.0 - time))


SCHEDULE_SHAPES: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "level": np.ones_like,
    "front_loaded": lambda time: 1.0 - time,
    "taper": _taper,
}
"""Shape of each schedule of the catalogue over the time of the assistance, from 0 to 1."""


def schedule_shares(name: str, months: int) -> NDArray[np.float64]:
    """Share of the whole budget for each month, (months,); sums to 1."""
    shape = SCHEDULE_SHAPES[name]((np.arange(months) + 0.5) / months if months else np.empty(0))
    return shape / shape.sum() if months else shape


def capped(shares: NDArray[np.float64], caps: Sequence[float], budget: float) -> NDArray[np.float64]:
    """Shares of a budget by month, those of a year that would spend more than its cap lowered alike."""
    found = shares.copy()
    for year, cap in enumerate(caps):
        own = slice(_YEAR * year, _YEAR * (year + 1))
        planned = float(shares[own].sum()) * budget
        if planned > cap:
            found[own] *= cap / planned
    return found


@dataclass(frozen=True, slots=True)
class Stage:
    """What time of the assistance it is: whether recipients take part in the design, and whether the exit has begun."""

    codesign: bool
    exit: bool


def find_stage(recipe: Recipe, month: int, months: int, values: Values) -> Stage:
    """Stage of a month: planning lasts planning_months; an exit, if there is a plan for it, the last third."""
    now = "planning" if month < values["planning_months"] else "implementation"
    return Stage(
        codesign=recipe.codesign in {now, "both"},
        exit=bool(recipe.exit_activities) and 3 * month >= 2 * months,
    )


def find_mix(recipe: Recipe, stage: Stage, n_areas: int, values: Values) -> dict[str, Share]:
    """Share of the hours of each activity; by area when areas have methods of their own. Co-design comes first."""
    mix: dict[str, Share]
    if stage.exit:
        mix = dict(recipe.exit_activities)
    elif recipe.methods:
        dealt = [recipe.methods[k % len(recipe.methods)] for k in range(n_areas)]
        names = dict.fromkeys(name for method in dealt for name in method)
        mix = {name: np.array([float(method.get(name, 0.0)) for method in dealt]) for name in names}
    else:
        mix = dict(recipe.activities)
    if not stage.codesign or not mix:
        return mix
    share = values["codesign_share"]
    rest = {name: part * (1.0 - share) for name, part in mix.items()}
    return {CODESIGN: share + rest.pop(CODESIGN, 0.0), **rest}


def readings_of(recipe: Recipe) -> frozenset[str]:
    """Instruments whose readings change how a recipe divides its hours."""
    aims = {recipe.targeting} if isinstance(recipe.targeting, str) else set(recipe.targeting.values())
    reads = {name for aim in aims for name in targeting_row(aim).reads} | (
        {"rubric"} if recipe.target_capacities else set()
    )
    return frozenset(reads | ({"expert"} if "rubric" in reads else set()))  # an expert's visit stands for a rubric


@dataclass(slots=True)
class Queue:
    """Agencies that get whole units of an activity in turn, from hours that are saved for them."""

    last: NDArray[np.int64]  # (O,) month in which each organization had its latest unit
    saved: float = 0.0  # TA hours saved for the next units

    def buy(
        self, turn: Turn, hours: float, month: int, *, cost: NDArray[np.float64], every_months: float
    ) -> Delivery | None:
        """Save the turn's share of a month's `hours` and buy for those who are due, who waited longest first.

        `cost` (O,) are the hours of a unit for all agencies that an organization stands for.
        """
        self.saved += turn.share * hours
        if not len(turn.organizations) or self.saved < (1.0 - 1e-9) * cost[turn.organizations].min():
            return None
        last = self.last[turn.organizations]
        due = np.flatnonzero(last <= month - every_months)
        due = due[np.argsort(last[due], kind="stable")]
        each = cost[turn.organizations[due]]
        together = np.cumsum(each)
        count = int(np.sum(together - 1e-9 * each <= self.saved))
        if count == 0:
            return None
        served, each = due[:count], each[:count]
        self.last[turn.organizations[served]] = month
        self.saved -= float(together[count - 1])
        if turn.areas is None:
            return Delivery(activity=turn.activity, organizations=turn.organizations[served], hours=each)
        marked = turn.areas[served]
        place, areas = np.nonzero(marked)
        each = each / marked.sum(axis=1)
        return Delivery(
            activity=turn.activity, organizations=turn.organizations[served[place]], areas=areas, hours=each[place]
        )

    def release(self, most: float) -> float:
        """Hours above `most`, which are no longer saved."""
        released = max(0.0, self.saved - most)
        self.saved -= released
        return released


class ComposedStrategy(Strategy):
    """Divides each month's hours by the shares of its activities, and each activity's hours by its targeting.

    Activities that yield a reading are bought in whole units: their hours are saved until they pay for one, agencies in
    turn. Of these hours each month keeps at most one unit; what nobody is due to get, and in the last month what does
    not make a unit, goes to the other activities in proportion to their hours. The division is planned anew when the
    stage or the course changes, and at the start of a quarter when there is news for its targetings: readings bought
    since the last plan, or the yearly survey.

    `log` has the phases that began and the reviews that were held so far.
    """

    fixed_attributes = ("name", "recipe", "center", "asks_participants", "_values", "_has_course")

    def __init__(self, recipe: Recipe, values: Values) -> None:
        self.name = recipe.name
        self.recipe = recipe
        self._values = values
        self.center = recipe.center
        self.asks_participants = any(rule.move > 0.0 for rule in recipe.review)
        self._has_course = bool(recipe.phases or recipe.review)
        self._changed = Change()
        self.log: list[Step] = []
        self._queues: dict[str, Queue] = {}
        self._stage: Stage | None = None
        self.plan: list[Portion | Turn] = []
        self._planned_share = 0.0
        self._news = False
        self._schedule: NDArray[np.float64] = np.empty(0)
        self.yearly_caps: tuple[float, ...] = ()
        self.read: tuple[str, ...] = ()
        self._owed = 0.0

    @property
    def portions(self) -> list[Portion]:
        """Those parts of the plan that get hours every month."""
        return [part for part in self.plan if isinstance(part, Portion)]

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """Deliveries of the month; see the class."""
        return self.deliveries(*self.choose(view, month, budget))

    def deliveries(self, hours: float, bought: Mapping[str, Delivery | None]) -> list[Delivery]:
        """The plan in a month in which portions share so many hours, and these units are bought."""
        deliveries: list[Delivery | None] = [bought.get(OWN_INSTRUMENT)]
        deliveries += (
            part.delivery(hours) if isinstance(part, Portion) else bought[part.activity] for part in self.plan
        )
        return [delivery for delivery in deliveries if delivery is not None]

    def choose(self, view: View, month: int, budget: float) -> tuple[float, dict[str, Delivery | None]]:
        """Hours that the portions of the plan share this month, and what queues buy, by activity."""
        stage = find_stage(self.recipe, month, view.months, self._values)
        self._news = self._news or (month % _YEAR == 0 and not self._reads.isdisjoint(_YEARLY))
        changed = self._follow_course(view, month) if self._has_course else False
        if changed or stage != self._stage or (self._news and month % _QUARTER == 0):
            self._plan_anew(view, stage)
        self.read = ()
        if not self.plan:
            return 0.0, {}
        if len(self._schedule) != view.months:
            shares = phased(schedule_shares(self.recipe.schedule, view.months), self.recipe.phases)
            self._schedule = capped(shares, self.yearly_caps, view.total_budget)
        hours = min(budget, float(self._schedule[month]) * view.total_budget)
        reading, hours = self._read_own(view, month, budget, hours) if view.instruments else (None, hours)
        bought = {part.activity: self._buy(part, hours, view, month) for part in self.plan if isinstance(part, Turn)}
        self._news = self._news or any(
            delivery is not None and ACTIVITIES[name].yields in self._reads for name, delivery in bought.items()
        )
        own = {} if reading is None else {OWN_INSTRUMENT: reading}
        return self._raised(hours, view, month), {**bought, **own}

    def _read_own(self, view: View, month: int, budget: float, hours: float) -> tuple[Delivery | None, float]:
        """Readings of the scenario's own instruments that the strategy aims by, paid from this month's hours and, what
        those do not pay, from the next; put off for good where the budget does not pay them. The hours that are left.
        """
        wanted = [one for one in view.instruments if one.name in self._reads and due(one, month)]
        self._news = self._news or bool(wanted)
        rows, cost = [np.empty(0, np.int64)], [np.empty(0)]
        for one in (one for one in wanted if one.ta_hours > 0.0):
            agencies = rows_of(one, view.level, view.positions)
            each = one.ta_hours * view.weight[agencies]
            if sum(float(part.sum()) for part in (*cost, each)) <= budget:
                rows.append(agencies)
                cost.append(each)
                self.read = (*self.read, one.name)
        paid = np.concatenate(cost)
        self._owed += float(paid.sum())
        now = min(self._owed, hours)
        self._owed -= now
        left = max(0.0, min(hours - now, budget - float(paid.sum())))
        if not len(paid):
            return None, left
        return Delivery(activity=OWN_INSTRUMENT, organizations=np.concatenate(rows), hours=paid), left

    def _buy(self, turn: Turn, hours: float, view: View, month: int) -> Delivery | None:
        if turn.activity not in self._queues:
            self._queues[turn.activity] = Queue(np.full(len(view.level), _NEVER))
        unit, every = (self._values[f"{turn.activity}_{what}"] for what in ("ta_hours", "every_months"))
        return self._queues[turn.activity].buy(turn, hours, month, cost=unit * view.weight, every_months=every)

    def _raised(self, hours: float, view: View, month: int) -> float:
        """Hours of a month in which portions get, beside their own, what queues have to spare."""
        if not self._queues or self._planned_share * hours <= 0.0:
            return hours
        waiting = (
            {part.activity: part for part in self.plan if isinstance(part, Turn)} if month < view.months - 1 else {}
        )
        most = {  # the dearest unit that somebody may be waiting for
            name: self._values[f"{name}_ta_hours"] * float(view.weight[turn.organizations].max(initial=0.0))
            for name, turn in waiting.items()
        }
        spare = sum(queue.release(most.get(name, 0.0)) for name, queue in self._queues.items())
        return hours + spare / self._planned_share

    def _plan_anew(self, view: View, stage: Stage) -> None:
        recipe = self.current
        mix = find_mix(recipe, stage, len(view.areas), self._values)
        recipients = find_recipients(recipe, view)
        served = bool(mix) and len(recipients.rows) > 0
        self.plan = Division(recipe, view, recipients, self._values).divide(mix) if served else []
        self._planned_share = sum(part.total for part in self.portions)
        self._stage, self._news = stage, False

    @property
    def current(self) -> Recipe:
        """The recipe as phases and reviews have made it by now."""
        return with_change(self.recipe, self._changed) if self._changed != Change() else self.recipe

    @property
    def _reads(self) -> frozenset[str]:
        return readings_of(self.current)

    def _follow_course(self, view: View, month: int) -> bool:
        """Begin the phases of this month and hold its review; whether anything changed."""
        before = self._changed
        for phase in self.recipe.phases:
            if phase.month == month:
                self._enter(month, "phase", ("", None), phase.change)
        for rule in self.recipe.review if month and month % REVIEW_EVERY == 0 else ():
            looked_at, found, change = review(rule, self.current, view, find_recipients(self.recipe, view).rows)
            self._enter(month, "review", (looked_at, None if math.isnan(found) else found), change)
        return self._changed != before

    def _enter(self, month: int, step: str, reading: tuple[str, float | None], change: Change) -> None:
        """Change, and put it down in the log."""
        said = in_words(change, self.current)
        self._changed = together(self._changed, change)
        self.log.append({"month": month, "step": step, "looked_at": reading[0], "found": reading[1], "changed": said})
