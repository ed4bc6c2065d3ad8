"""Whom: the agencies that a recipe serves, and what its targeting weighs them and their focal areas, from readings and
public facts alone; and why an agency gets nothing.

Where a rule says median, it is that of the recipients with a reading; ties go to the agency that comes first.

Source: S40 and S42 (assessed and perceived need), S31 (readiness), S27-S29 (weak links of the chain), S10 (what would
last), S5 (those who ask). How far a rule leans (thirds, quarters, halves, squares, 1,000 pupils) is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.flow import DECLINED, NOT_CHOSEN, OUTSIDE, SCREENED, WAITING
from capsim.assistance.strategy import View
from capsim.catalogue import Recipe
from capsim.catalogue.parts import is_own
from capsim.errors import InputError, nearest_name
from capsim.instruments.formulas import lateness, levels_of
from capsim.levels import AGENCY_LEVELS, levels_below
from capsim.parameters import Values
from capsim.scenario.agencies import SMALL_BELOW

_BELOW = levels_below("sea")
Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a rule goes by: the recipients, (n,), and what a view shows of them."""

    view: View
    rows: NDArray[np.int64]
    values: Values

    def read(self, name: str) -> Weights:
        """The latest readings of the recipients."""
        return np.asarray(getattr(self.view.readings, name)[self.rows])

    @property
    def assessed(self) -> Weights:
        """Mean of the latest skill and routine readings, (n, K); NaN without one."""
        return 0.5 * (self.read("skill") + self.read("routine"))

    def in_every_area(self, weights: Weights | float) -> Weights:
        """Weights (n,) in all areas alike, (n, K)."""
        return np.repeat(np.broadcast_to(weights, len(self.rows))[:, None], len(self.view.areas), axis=1)


def _unread_as_average(read: Weights) -> Weights:
    """Readings with the mean of those that exist, or 1, in place of NaN."""
    known = ~np.isnan(read)
    average = float(read[known].mean()) if known.any() else 1.0
    return np.where(known, read, average)


def _at_or_above_median(read: Weights) -> NDArray[np.bool_]:
    """Agencies whose reading is at or above the median of those read; nobody is read: all."""
    known = ~np.isnan(read)
    if not known.any():
        return np.ones(len(read), np.bool_)
    return known & (np.where(known, read, -np.inf) >= np.median(read[known]))


def _lack(read: Weights) -> Weights:
    return np.maximum(_unread_as_average(read), 1e-6)


def _shares(read: Weights) -> Weights:
    """What areas weigh in each agency, in sum 1; alike where nothing is read."""
    weights = np.maximum(np.where(np.isnan(read), 1.0, read), 1e-6)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _need(seen: _Seen) -> Weights:
    return _lack(1.0 - seen.assessed)


def _self_rated_need(seen: _Seen) -> Weights:
    return _lack(5.0 - seen.read("self_rating"))


def _relevance(seen: _Seen) -> Weights:
    return _shares(seen.read("relevance"))


def _self_rated_relevance(seen: _Seen) -> Weights:
    return _shares(seen.read("self_rated_relevance") - 1.0)


def _volunteers(seen: _Seen) -> Weights:
    interest = seen.read("interest")
    if np.isnan(interest).all():
        return seen.in_every_area(1.0)
    keen = np.maximum(0.0, np.nan_to_num(interest, nan=1.0) - 1.0) ** 2
    return seen.in_every_area(np.where(_at_or_above_median(interest), keen, 0.0))


def _equity(seen: _Seen) -> Weights:
    favoured = seen.view.sparse[seen.rows] | (seen.view.enrollment[seen.rows] < SMALL_BELOW)
    return seen.in_every_area(np.where(favoured, seen.values["equity_weight"], 1.0))


def _lowest_first(seen: _Seen) -> Weights:
    read = seen.assessed.mean(axis=1)
    if np.isnan(read).all():
        return seen.in_every_area(1.0)
    weights = np.zeros(len(read))
    lowest = np.argsort(_unread_as_average(read), kind="stable")[: max(1, len(read) // 3)]
    weights[lowest] = 1.0
    return seen.in_every_area(weights)


def _least_sustainable(seen: _Seen) -> Weights:
    levels = levels_of(seen.read("sustainability")).mean(axis=1)
    return seen.in_every_area(_unread_as_average(5.0 - levels))


def _weakest_link(seen: _Seen) -> Weights:
    """A family is a parent, if it is a recipient, and the recipients below it; those without a parent are one too.

    By stocktake_response the hours of an agency go to its areas that are red, in proportion to how far.
    """
    read = seen.read("use").mean(axis=1)
    if np.isnan(read).all():
        return seen.in_every_area(1.0)
    recipients, parents = seen.rows, seen.view.parent[seen.rows]
    heads = np.flatnonzero(np.isin(recipients, parents))
    member = np.concatenate([np.arange(len(recipients)), heads])
    family = np.unique(np.concatenate([parents, recipients[heads]]), return_inverse=True)[1]
    use = _unread_as_average(read)[member]
    order = np.lexsort((member, use, family))
    size = np.bincount(family)
    start = np.cumsum(size) - size
    place = np.arange(len(order)) - start[family[order]]
    chosen = np.maximum(1, size // 4)
    weakest = order[place < chosen[family[order]]]
    weights = np.zeros(len(recipients))
    np.add.at(weights, member[weakest], size[family[weakest]] / chosen[family[weakest]])
    response = seen.values["stocktake_response"]
    if response == 0.0:
        return seen.in_every_area(weights)
    late = lateness(seen.view.readings, recipients)
    K, total = late.shape[1], late.sum(axis=1, keepdims=True)
    parts = np.divide(late, total, out=np.full(late.shape, 1.0 / K), where=total > 0.0)
    return np.asarray(weights[:, None] * (1.0 + response * (K * parts - 1.0)))


TARGETING_WEIGHTS: Mapping[str, Callable[[_Seen], Weights]] = {
    "universal": lambda seen: seen.in_every_area(1.0),
    "need": _need,
    "self_rated_need": _self_rated_need,
    "relevance": _relevance,
    "self_rated_relevance": _self_rated_relevance,
    "need_and_relevance": lambda seen: _need(seen) * _relevance(seen),
    "self_rated_need_and_relevance": lambda seen: _self_rated_need(seen) * _self_rated_relevance(seen),
    "volunteers": _volunteers,
    "readiness": lambda seen: seen.in_every_area(_at_or_above_median(seen.read("readiness")).astype(np.float64)),
    "need_and_readiness": lambda seen: _need(seen) * _unread_as_average(seen.read("readiness"))[:, None],
    "equity": _equity,
    "lowest_first": _lowest_first,
    "least_sustainable": _least_sustainable,
    "weakest_link": _weakest_link,
}
"""Rule of each targeting of the catalogue."""


def weigh(targeting: str, view: View, recipients: NDArray[np.int64], values: Values) -> Weights:
    """Weight of each recipient and area, (recipients, K), at least 0.

    `targeting` is of the catalogue, or by an instrument of a scenario's own.
    """
    seen = _Seen(view, recipients, values)
    if is_own(targeting):
        return _by_own(seen, *targeting.split("."))
    return TARGETING_WEIGHTS[targeting](seen)


def _by_own(seen: _Seen, name: str, aim: str) -> Weights:
    """Weights by the latest scores of an instrument."""
    names = [one.name for one in seen.view.instruments]
    if name not in names:
        raise InputError(f"targeting {name}.{aim}: this scenario has no instrument {name!r}{nearest_name(name, names)}")
    place = names.index(name)
    scores = seen.view.readings.own[place][seen.rows]
    if aim in ("low", "high"):
        return _lack(scores if aim == "high" else 1.0 - scores)
    mean, marks = scores.mean(axis=1), seen.view.instruments[place].marks
    known = ~np.isnan(mean)
    if not known.any() or not marks:
        return seen.in_every_area(1.0)
    return seen.in_every_area((np.where(known, mean, -np.inf) >= marks[0]).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Recipients:
    """Agencies that are served."""

    rows: NDArray[np.int64]  # (R,) ascending
    # who is in each group, and the share of the hours that the group gets, more than 0
    groups: tuple[tuple[NDArray[np.bool_], float], ...]
    cascades: bool  # whether they pass on what they get
    reached: NDArray[np.int64]  # (n,) the recipients, and with a cascade all agencies below them; ascending
    # (n,) for each of these the place in `rows` of the recipient at whose top the chain begins; without a cascade
    # everybody is their own head
    head: NDArray[np.int64]

    def divide(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shares of the hours by agency and area, (R, K), and by agency, (R,).

        A group without any weight gives its share to the others. The shares sum to 1, or to 0 when nobody has a weight.
        """
        totals = [float(weights[members].sum()) for members, _ in self.groups]
        whole = sum(share for (_, share), total in zip(self.groups, totals, strict=True) if total > 0.0)
        by_area, by_agency = np.zeros_like(weights), np.zeros(len(weights))
        for (members, share), total in zip(self.groups, totals, strict=True):
            if total > 0.0:
                by_area[members] = weights[members] / total * (share / whole)
                by_agency[members] = weights[members].sum(axis=1) / total * (share / whole)
        return by_area, by_agency


def find_recipients(recipe: Recipe, view: View) -> Recipients:
    """Agencies that the recipe serves in this world: of its levels, with positions.

    A cascade without agencies of its levels goes through the parents of districts; without parents, districts are
    served directly.
    """
    levels = recipe.recipients
    shares = levels if isinstance(levels, Mapping) else dict.fromkeys(levels, 1.0)
    codes = {AGENCY_LEVELS[level]: float(share) for level, share in shares.items() if share > 0.0}
    rows = _of_levels(view, codes)
    cascades = recipe.chain == "cascade"
    if cascades and not len(rows):
        rows = _of_levels(view, (AGENCY_LEVELS["lea"],))
        parents = np.unique(view.parent[rows]).astype(np.int64)
        parents = parents[(parents >= 0) & (view.positions[parents] > 0)]
        cascades = bool(len(parents))
        rows = parents if cascades else rows
    elif isinstance(levels, Mapping):
        groups = tuple((view.level[rows] == code, share) for code, share in codes.items())
        return Recipients(rows, groups, cascades, *_reach(view, rows, cascades))
    everybody = ((np.ones(len(rows), np.bool_), 1.0),)
    return Recipients(rows, everybody, cascades, *_reach(view, rows, cascades))


def _reach(view: View, rows: NDArray[np.int64], cascades: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`reached` and `head` of `Recipients`; parents stand before children."""
    if not cascades:
        return rows, np.arange(len(rows))
    head = np.full(len(view.level), -1)
    head[rows] = np.arange(len(rows))
    passes = np.isin(view.level, [AGENCY_LEVELS[level] for level in _BELOW]) & (view.positions > 0)
    for j, parent in enumerate(view.parent.tolist()):
        if parent >= 0 and head[parent] >= 0 and passes[j]:
            head[j] = head[parent]
    reached = np.flatnonzero(head >= 0)
    return reached, head[reached]


def agencies_below(view: View) -> NDArray[np.int64]:
    """Rows of the agencies to which others can pass something on."""
    return _of_levels(view, [AGENCY_LEVELS[level] for level in _BELOW])


def _of_levels(view: View, codes: Iterable[int]) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(view.level, list(codes)) & (view.positions > 0))


_WHY = {"readiness": SCREENED, "volunteers": DECLINED}
"""What it means to weigh nothing in a targeting, where it does not mean that others were chosen."""


def why_nothing(recipe: Recipe, view: View, values: Values) -> NDArray[np.int8]:
    """Place in `STATUS` of each organization, if it gets nothing of a recipe this month, (O,)."""
    found = np.full(len(view.level), OUTSIDE, np.int8)
    if not recipe.activities:
        return found
    recipients = find_recipients(recipe, view)
    found[recipients.reached] = WAITING
    aims = recipe.targeting if isinstance(recipe.targeting, Mapping) else {"": recipe.targeting}
    below = np.intersect1d(agencies_below(view), recipients.reached) if recipients.cascades else recipients.rows[:0]
    for rows in (recipients.rows, np.setdiff1d(below, recipients.rows)):
        for aim in aims.values() if len(rows) else ():
            weights = weigh(aim, view, rows, values).sum(axis=1)
            passed_over = rows[(weights <= 0.0) & (found[rows] == WAITING)]
            found[passed_over] = SCREENED if aim.endswith(".gate") else _WHY.get(aim, NOT_CHOSEN)
        unweighed = rows[(view.allocation[rows] <= 0.0) & (found[rows] == WAITING)]
        found[unweighed] = NOT_CHOSEN
    return found
