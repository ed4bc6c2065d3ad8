"""A strategy composed of parts: activities in shares of hours, a targeting, focal areas, recipients and a schedule.

Schedules give month t of T a share, before they are scaled to sum to 1: level 1; front-loaded ``1 - (t + .5) / T``;
taper ``min(1, 3 (1 - (t + .5) / T))``. An exit takes the last third, co-design `codesign_share` of the hours of its
phase. An agency gets at most one unit of an activity that yields a reading in ``<activity>_every_months`` months.

A phase begins in its month and changes what it names: activities, focal areas, targeting; what it does not name stays
as it then is. With budget shares, the months from a phase to the next share that part of the whole budget, as the
schedule has them; months without a share (the time before the first phase too) share the rest.

In every twelfth month, before anything else is decided, the rules of the review are gone through in their order:

- a reading is compared: the mean over the recipients that have one, agencies by those they stand for, areas alike;
  below (or above) the given value the change is made. Without any reading nothing changes;
- the focal area with the lowest reading of use is given up, the first when equal, while there are more than are kept;
- a share of all hours, at most what it has, moves from the activity of which the least landed since the last review to
  the one of which the most did, as participants say: for each activity with hours, ``clip(landed / delivered +
  rating_noise_sd / 4 z, 0, 1)``. Activities that yield readings are left alone.

Source: planning and implementation as phases of co-design, and how a center developed and modified its structures S1;
an exit plan S10, S12; plans made anew every quarter, as delivery units do, and quarterly stocktakes that lead to
changes S27-S29; a plan for a phase and all figures are assumed, the rules of a review those of whoever writes the
strategy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.division import Division, Portion, Queue, Stage, Turn, find_mix, find_stage, readings_of
from capsim.assistance.strategy import Delivery, Strategy, View
from capsim.assistance.targeting import find_recipients
from capsim.catalogue import ACTIVITIES, Recipe
from capsim.catalogue.strategies import REVIEW_EVERY, Change, Phase, Review
from capsim.instruments.own import due, rows_of
from capsim.instruments.table import INSTRUMENTS
from capsim.parameters import Values

OWN_INSTRUMENT = "own_instrument"
_QUARTER, _YEAR = 3, 12
_NEVER = -1_000_000
_YEARLY = frozenset(row.name for row in INSTRUMENTS.values() if row.yearly)


SCHEDULE_SHAPES: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "level": np.ones_like,
    "front_loaded": lambda time: 1.0 - time,
    "taper": lambda time: np.minimum(1.0, 3.0 * (1.0 - time)),
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


Step = dict[str, Any]
"""What happened in the course of a run: month, step, what was looked at, what it said or None, what changed."""
COURSE_COLUMNS = ("month", "step", "looked_at", "found", "changed")
NOTHING = "nothing"


def with_change(recipe: Recipe, change: Change) -> Recipe:
    """A recipe as it is after a change."""
    new: dict[str, Any] = {}
    if change.activities:
        new |= {"activities": dict(change.activities), "methods": ()}
    if change.focal_areas is not None:
        new["focal_areas"] = change.focal_areas
    if change.targeting:
        new["targeting"] = change.targeting
    return replace(recipe, **new)


def together(first: Change, second: Change) -> Change:
    """One change after another."""
    return Change(
        activities=second.activities or first.activities,
        focal_areas=first.focal_areas if second.focal_areas is None else second.focal_areas,
        targeting=second.targeting or first.targeting,
    )


def phased(shares: NDArray[np.float64], phases: tuple[Phase, ...]) -> NDArray[np.float64]:
    """Share of the whole budget for each month, (months,), where phases have shares of it."""
    if all(phase.budget_share is None for phase in phases):
        return shares
    months, own = len(shares), np.full(len(shares), -1)
    for n, phase in enumerate(phases):
        own[phase.month :] = n
    out, spoken, rest = np.zeros(months), 0.0, np.ones(months, np.bool_)
    for n, phase in enumerate(phases):
        mine = own == n
        if phase.budget_share is not None and shares[mine].sum() > 0.0:
            out[mine] = shares[mine] / shares[mine].sum() * phase.budget_share
            spoken += phase.budget_share
            rest &= ~mine
    if shares[rest].sum() > 0.0:
        out[rest] = shares[rest] / shares[rest].sum() * max(0.0, 1.0 - spoken)
    return out


def mean_reading(view: View, rows: NDArray[np.int64], name: str) -> float:
    """Mean of a reading over the agencies that have one; NaN where none has."""
    read = np.asarray(getattr(view.readings, name))[rows]
    read = read.mean(axis=1) if read.ndim > 1 else read
    return _mean(read, view.weight[rows])


def _mean(read: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    known = ~np.isnan(read)
    return float((read[known] * weight[known]).sum() / weight[known].sum()) if known.any() else float("nan")


def review(rule: Review, recipe: Recipe, view: View, rows: NDArray[np.int64]) -> tuple[str, float, Change]:
    """What a rule looks at, what it finds, and the change it makes.

    `rows` are the recipients, `recipe` is that of now.
    """
    if rule.drop_least_used:
        return _drop(rule.keep, recipe, view, rows)
    if rule.move > 0.0:
        return _move(rule.move, recipe, view)
    found = mean_reading(view, rows, rule.reads)
    low = rule.below is not None and found < rule.below
    high = rule.above is not None and found > rule.above
    return rule.reads, found, rule.change if low or high else Change()


def _drop(keep: int, recipe: Recipe, view: View, rows: NDArray[np.int64]) -> tuple[str, float, Change]:
    chosen = recipe.focal_areas
    names = view.areas if isinstance(chosen, int) else chosen
    use = [_mean(view.readings.use[rows, view.areas.index(name)], view.weight[rows]) for name in names]
    if np.isnan(use).all():
        return "use by area", float("nan"), Change()
    least = int(np.nanargmin(use))
    kept = tuple(name for name in names if name != names[least])
    return f"use of {names[least]}", use[least], Change(focal_areas=kept) if len(kept) >= keep else Change()


def _move(most: float, recipe: Recipe, view: View) -> tuple[str, float, Change]:
    order = list(ACTIVITIES)
    heard = {
        name: float(view.heard[order.index(name)])
        for name in recipe.activities
        if not ACTIVITIES[name].yields and not np.isnan(view.heard[order.index(name)])
    }
    if len(heard) < 2:
        return "what landed", float("nan"), Change()
    worst, best = min(heard, key=heard.__getitem__), max(heard, key=heard.__getitem__)
    moved = min(most, recipe.activities[worst])
    shares = dict(recipe.activities)
    shares[worst] -= moved
    shares[best] += moved
    change = Change(activities={name: share for name, share in shares.items() if share > 1e-12})
    return f"landed of {worst}", heard[worst], change if heard[best] > heard[worst] else Change()


def in_words(change: Change, before: Recipe) -> str:
    """What a change makes different from what was before."""
    said = []
    if change.activities and dict(change.activities) != dict(before.activities):
        mix = ", ".join(f"{name} {share:.1%}" for name, share in change.activities.items())
        said.append(f"activities {mix}")
    if change.focal_areas is not None and change.focal_areas != before.focal_areas:
        areas = change.focal_areas
        said.append(f"focal areas {', '.join(areas) if isinstance(areas, tuple) else areas or 'all'}")
    if change.targeting and change.targeting != before.targeting:
        aim = change.targeting
        said.append(
            "targeting " + (", ".join(f"{t} {n}" for t, n in aim.items()) if isinstance(aim, Mapping) else str(aim))
        )
    return "; ".join(said) or NOTHING


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
