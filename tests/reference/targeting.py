"""Whom a strategy serves, and in which areas: weights of agencies from what is known of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import median
from typing import TypeAlias

from capsim.parameters import Values

from .agencies import Organization
from .capacities import mean
from .instruments import Readings, lateness

__all__ = ["TARGETINGS", "Known", "Weights", "most_needed"]

Known: TypeAlias = Mapping[Organization, Readings]
Weights: TypeAlias = dict[Organization, list[float]]
"""Weight of each agency in each area."""


def alike(recipients: list[Organization], chosen: list[Organization]) -> Weights:
    """The same for the chosen in all areas, nothing for the others."""
    return {one: [1.0 if one in chosen else 0.0 for _ in one.plan] for one in recipients}


def universal(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The same for everybody."""
    return alike(recipients, recipients)


def need(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """1 - mean of the latest readings of skill and routine; agencies without a rubric count as average."""
    read = {one: needs for one in recipients if (needs := gaps(known[one])) is not None}
    average = mean([gap for needs in read.values() for gap in needs]) if read else 1.0
    return {one: [max(1e-6, gap) for gap in read.get(one, [average] * len(one.plan))] for one in recipients}


def gaps(readings: Readings) -> list[float] | None:
    """What is missing, by area."""
    if readings.skill is None or readings.routine is None:
        return None
    return [1 - (s + r) / 2 for s, r in zip(readings.skill, readings.routine, strict=True)]


def self_rated_need(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """5 - what agencies say of themselves; who says nothing counts as average."""
    read = {one: [5 - said for said in rated] for one in recipients if (rated := known[one].self_rating) is not None}
    average = mean([gap for gaps in read.values() for gap in gaps]) if read else 1.0
    return {one: [max(1e-6, gap) for gap in read.get(one, [average] * len(one.plan))] for one in recipients}


def shares(read: list[float] | None, how_many: int) -> list[float]:
    """What areas weigh in an agency, in sum 1; alike where nothing is read."""
    weights = [max(1e-6, one) for one in read or [1.0] * how_many]
    return [weight / sum(weights) for weight in weights]


def relevance(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """What matters most in each agency, as assessed."""
    return {one: shares(known[one].relevance, len(one.plan)) for one in recipients}


def self_rated_relevance(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """What staff say matters most."""
    said = {one: known[one].self_rated_relevance for one in recipients}
    return {
        one: shares(None if answers is None else [answer - 1 for answer in answers], len(one.plan))
        for one, answers in said.items()
    }


def times(first: Weights, second: Weights) -> Weights:
    """Product by agency and area."""
    return {one: [a * b for a, b in zip(weights, second[one], strict=True)] for one, weights in first.items()}


def need_and_relevance(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """What is missing, where it matters."""
    return times(need(recipients, known, values), relevance(recipients, known, values))


def self_rated_need_and_relevance(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The same as staff say it."""
    return times(self_rated_need(recipients, known, values), self_rated_relevance(recipients, known, values))


def volunteers(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The keener half, and the keenest most."""
    interest = {one: known[one].interest or 1.0 for one in recipients}
    middle = median(interest.values())
    return {
        one: [max(0.0, interest[one] - 1) ** 2 if interest[one] >= middle else 0.0 for _ in one.plan]
        for one in recipients
    }


def readiness(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The readier half of those that were screened; everybody until somebody was."""
    read = {one: ready for one in recipients if (ready := known[one].readiness) is not None}
    if not read:
        return alike(recipients, recipients)
    middle = median(read.values())
    return alike(recipients, [one for one, ready in read.items() if ready >= middle])


def need_and_readiness(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """Need, as far as there is readiness; who was not screened counts as average."""
    read = {one: ready for one in recipients if (ready := known[one].readiness) is not None}
    average = mean(list(read.values())) if read else 1.0
    weights = need(recipients, known, values)
    return {one: [gap * read.get(one, average) for gap in weights[one]] for one in recipients}


def equity(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """More for the small and the remote."""
    return {
        one: [values["equity_weight"] if one.sparse or one.enrollment < 1000 else 1.0 for _ in one.plan]
        for one in recipients
    }


def lowest_first(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The third with the lowest readings."""
    read = {one: 1 - mean(needs) for one in recipients if (needs := gaps(known[one])) is not None}
    return alike(recipients, lowest(recipients, read, 3))


def lowest(recipients: list[Organization], read: dict[Organization, float], parts: int) -> list[Organization]:
    """The lowest third (quarter), at least one; who was not read counts as average. Everybody until somebody was."""
    if not read:
        return recipients
    average = mean(list(read.values()))
    ranked = sorted(recipients, key=lambda one: (read.get(one, average), one.index))
    return ranked[: max(1, len(ranked) // parts)]


def least_sustainable(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """The more, the lower the levels of the sustainability rubric; who has none counts as average."""
    read = {
        one: 5 - mean([min(4, 1 + math.floor(4 * score)) for score in scores])
        for one in recipients
        if (scores := known[one].sustainability) is not None
    }
    average = mean(list(read.values())) if read else 1.0
    return {one: [read.get(one, average) for _ in one.plan] for one in recipients}


def weakest_link(recipients: list[Organization], known: Known, values: Values) -> Weights:
    """In each family the quarter with the lowest use; a family gets hours by its number of recipients.

    A family is a parent and its children; so an agency in the middle belongs to two.
    """
    read = {one: mean(use) for one in recipients if (use := known[one].use) is not None}
    if not read:
        return alike(recipients, recipients)
    average = mean(list(read.values()))
    everybody = {one: read.get(one, average) for one in recipients}
    families: dict[Organization | None, list[Organization]] = {}
    for one in recipients:
        families.setdefault(one.parent, []).append(one)
    for one in recipients:
        if one in families:
            families[one].append(one)
    weights = alike(recipients, [])
    for family in families.values():
        chosen = lowest(family, everybody, 4)
        for one in chosen:
            weights[one] = [weight + len(family) / len(chosen) for weight in weights[one]]
    return {one: toward_what_lags(weights[one], known[one].behind, values) for one in recipients}


def toward_what_lags(weights: list[float], behind: list[float] | None, values: Values) -> list[float]:
    """Hours of an agency go to its areas that are red, in proportion to how far, by the response to stocktakes."""
    late = lateness(behind or [])
    if sum(late) == 0:
        return weights
    response, whole = values["stocktake_response"], sum(weights)
    parts = [one / sum(late) for one in late]
    return [(1 - response) * one + response * whole * part for one, part in zip(weights, parts, strict=True)]


TARGETINGS: Mapping[str, Callable[[list[Organization], Known, Values], Weights]] = {
    "universal": universal,
    "need": need,
    "self_rated_need": self_rated_need,
    "relevance": relevance,
    "self_rated_relevance": self_rated_relevance,
    "need_and_relevance": need_and_relevance,
    "self_rated_need_and_relevance": self_rated_need_and_relevance,
    "volunteers": volunteers,
    "readiness": readiness,
    "need_and_readiness": need_and_readiness,
    "equity": equity,
    "lowest_first": lowest_first,
    "least_sustainable": least_sustainable,
    "weakest_link": weakest_link,
}
"""Every targeting by name."""


def most_needed(need: list[float], how_many: int) -> list[int]:
    """The areas of greatest weight, in the order of areas; 0 asks for all."""
    by_need = sorted(range(len(need)), key=lambda area: (-need[area], area))
    return sorted(by_need[: how_many or len(need)])
