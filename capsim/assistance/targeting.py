"""Targeting: how hours are divided among recipient agencies and focal areas, from readings and public facts alone.

Where a rule says median, it is that of the recipients with a reading; ties go to the agency that comes first.

Source: S40 and S42 (assessed and perceived need), S31 (readiness), S27-S29 (weak links of the chain), S10 (what would
last), S5 (those who ask). How far a rule leans (thirds, quarters, halves, squares, 1,000 pupils) is assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.stocktakes import lateness
from capsim.assistance.strategy import View
from capsim.catalogue.parts import is_own
from capsim.errors import InputError, nearest_name
from capsim.instruments.formulas import levels_of
from capsim.parameters import Values
from capsim.scenario.agencies import SMALL_BELOW

Targeting = Callable[[View, NDArray[np.int64], Values], NDArray[np.float64]]
"""Weight of each recipient and area, (recipients, K), at least 0, for a view, rows of recipients and parameters."""


def _assessed(view: View, recipients: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean of the latest skill and routine readings, (recipients, K); NaN without one."""
    return 0.5 * (view.readings.skill[recipients] + view.readings.routine[recipients])


def _unread_as_average(read: NDArray[np.float64]) -> NDArray[np.float64]:
    """Readings with the mean of those that exist, or 1, in place of NaN."""
    known = ~np.isnan(read)
    average = float(read[known].mean()) if known.any() else 1.0
    return np.where(known, read, average)


def _in_every_area(weights: NDArray[np.float64], view: View) -> NDArray[np.float64]:
    return np.repeat(weights[:, None], len(view.areas), axis=1)


def _at_or_above_median(read: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Agencies whose reading is at or above the median of those read; nobody is read: all."""
    known = ~np.isnan(read)
    if not known.any():
        return np.ones(len(read), np.bool_)
    return known & (np.where(known, read, -np.inf) >= np.median(read[known]))


def _universal(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return np.ones((len(recipients), len(view.areas)))


def _need(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return np.maximum(_unread_as_average(1.0 - _assessed(view, recipients)), 1e-6)


def _self_rated_need(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return np.maximum(_unread_as_average(5.0 - view.readings.self_rating[recipients]), 1e-6)


def _shares(read: NDArray[np.float64]) -> NDArray[np.float64]:
    """What areas weigh in each agency, in sum 1; alike where nothing is read."""
    weights = np.maximum(np.where(np.isnan(read), 1.0, read), 1e-6)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _relevance(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return _shares(view.readings.relevance[recipients])


def _self_rated_relevance(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return _shares(view.readings.self_rated_relevance[recipients] - 1.0)


def _need_and_relevance(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return _need(view, recipients, values) * _relevance(view, recipients, values)


def _self_rated_need_and_relevance(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return _self_rated_need(view, recipients, values) * _self_rated_relevance(view, recipients, values)


def _volunteers(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    interest = view.readings.interest[recipients]
    if np.isnan(interest).all():
        return _universal(view, recipients, values)
    keen = np.maximum(0.0, np.nan_to_num(interest, nan=1.0) - 1.0) ** 2
    return _in_every_area(np.where(_at_or_above_median(interest), keen, 0.0), view)


def _readiness(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    return _in_every_area(_at_or_above_median(view.readings.readiness[recipients]).astype(np.float64), view)


def _need_and_readiness(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    readiness = _unread_as_average(view.readings.readiness[recipients])
    return _need(view, recipients, values) * readiness[:, None]


def _equity(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    favoured = view.sparse[recipients] | (view.enrollment[recipients] < SMALL_BELOW)
    return _in_every_area(np.where(favoured, values["equity_weight"], 1.0), view)


def _lowest_first(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    read = _assessed(view, recipients).mean(axis=1)
    if np.isnan(read).all():
        return _universal(view, recipients, values)
    weights = np.zeros(len(recipients))
    lowest = np.argsort(_unread_as_average(read), kind="stable")[: max(1, len(recipients) // 3)]
    weights[lowest] = 1.0
    return _in_every_area(weights, view)


def _least_sustainable(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    levels = levels_of(view.readings.sustainability[recipients]).mean(axis=1)
    return _in_every_area(_unread_as_average(5.0 - levels), view)


def _weakest_link(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
    """A family is a parent, if it is a recipient, and the recipients below it; those without a parent are one too.

    By stocktake_response the hours of an agency go to its areas that are red, in proportion to how far.
    """
    read = view.readings.use[recipients].mean(axis=1)
    if np.isnan(read).all():
        return _universal(view, recipients, values)
    parents = view.parent[recipients]
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
    if values["stocktake_response"] == 0.0:
        return _in_every_area(weights, view)
    return weights[:, None] * _toward_what_lags(lateness(view.readings, recipients), values["stocktake_response"])


def _toward_what_lags(late: NDArray[np.float64], response: float) -> NDArray[np.float64]:
    """Factor on the weight of each area, mean 1 in each agency."""
    K, total = late.shape[1], late.sum(axis=1, keepdims=True)
    parts = np.divide(late, total, out=np.full(late.shape, 1.0 / K), where=total > 0.0)
    return np.asarray(1.0 + response * (K * parts - 1.0))


TARGETING_WEIGHTS: Mapping[str, Targeting] = {
    "universal": _universal,
    "need": _need,
    "self_rated_need": _self_rated_need,
    "relevance": _relevance,
    "self_rated_relevance": _self_rated_relevance,
    "need_and_relevance": _need_and_relevance,
    "self_rated_need_and_relevance": _self_rated_need_and_relevance,
    "volunteers": _volunteers,
    "readiness": _readiness,
    "need_and_readiness": _need_and_readiness,
    "equity": _equity,
    "lowest_first": _lowest_first,
    "least_sustainable": _least_sustainable,
    "weakest_link": _weakest_link,
}
"""Rule of each targeting of the catalogue."""


def weights_of(targeting: str) -> Targeting:
    """Rule of a targeting, shipped or by an instrument of a scenario's own."""
    return _by_own(*targeting.split(".")) if is_own(targeting) else TARGETING_WEIGHTS[targeting]


def _by_own(name: str, aim: str) -> Targeting:
    """Weights by the latest scores of an instrument."""

    def weigh(view: View, recipients: NDArray[np.int64], values: Values) -> NDArray[np.float64]:
        names = [one.name for one in view.instruments]
        if name not in names:
            nearest = nearest_name(name, names)
            raise InputError(f"targeting {name}.{aim}: this scenario has no instrument {name!r}{nearest}")
        place = names.index(name)
        scores = view.readings.own[place][recipients]
        if aim == "low":
            return np.maximum(_unread_as_average(1.0 - scores), 1e-6)
        if aim == "high":
            return np.maximum(_unread_as_average(scores), 1e-6)
        mean, marks = scores.mean(axis=1), view.instruments[place].marks
        known = ~np.isnan(mean)
        if not known.any() or not marks:
            return _universal(view, recipients, values)
        passed = np.where(known, mean, -np.inf) >= marks[0]
        return _in_every_area(passed.astype(np.float64), view)

    return weigh
