"""The course of a strategy: its phases, and the yearly review that may change it.

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

Source: S1 (how a center developed and modified its structures), S27-S29 (stocktakes that lead to changes); the rules
are those of whoever writes the strategy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.strategy import View
from capsim.catalogue import ACTIVITIES, Recipe
from capsim.catalogue.strategies import Change, Phase, Review

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
