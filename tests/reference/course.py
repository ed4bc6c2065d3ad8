"""The course of a strategy: what phases and the yearly review make of a composition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES, Recipe

from .agencies import Organization
from .capacities import mean

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["changed", "paced", "review_areas", "reviewed"]


def changed(composition: Recipe, change) -> Recipe:
    """What a change does not name stays."""
    if change.activities:
        composition = replace(composition, activities=dict(change.activities), methods=())
    if change.focal_areas is not None:
        composition = replace(composition, focal_areas=change.focal_areas)
    if change.targeting:
        composition = replace(composition, targeting=change.targeting)
    return composition


def paced(schedule: list[float], phases) -> list[float]:
    """Months of a phase with a share of the budget share that; all others share what is left."""
    share_of: list[float | None] = []
    begins: list[int] = []
    for month in range(len(schedule)):
        current = [phase for phase in phases if phase.month <= month]
        share_of.append(current[-1].budget_share if current else None)
        begins.append(current[-1].month if current else -1)
    if all(phase.budget_share is None for phase in phases):
        return schedule
    left = 1 - sum({begin: share for begin, share in zip(begins, share_of, strict=True) if share is not None}.values())
    paced = []
    for month, part in enumerate(schedule):
        if share_of[month] is None:
            alike = [schedule[other] for other in range(len(schedule)) if share_of[other] is None]
            whole = left
        else:
            alike = [schedule[other] for other in range(len(schedule)) if begins[other] == begins[month]]
            whole = share_of[month]
        paced.append(whole * part / sum(alike))
    return paced


def reviewed(rule, composition: Recipe, twin: Twin, served: list[Organization]) -> Recipe:
    """The composition after one rule of the review."""
    if rule.drop_least_used:
        return review_areas(rule.keep, composition, twin, served)
    if rule.move > 0:
        return review_mix(rule.move, composition, twin)
    read = []
    for organization in served:
        reading = getattr(twin.program.readings[organization], rule.reads)
        if reading is not None:
            read.append((mean(reading) if isinstance(reading, list) else reading, organization.weight))
    if not read:
        return composition
    found = sum(reading * weight for reading, weight in read) / sum(weight for _, weight in read)
    is_low = rule.below is not None and found < rule.below
    is_high = rule.above is not None and found > rule.above
    return changed(composition, rule.change) if is_low or is_high else composition


def review_areas(keep: int, composition: Recipe, twin: Twin, served: list[Organization]) -> Recipe:
    """Give up the area that is least in use, as far as anybody knows; keep some."""
    named = composition.focal_areas
    names = list(twin.areas) if isinstance(named, int) else list(named)
    known = [one for one in served if twin.program.readings[one].use is not None]
    if not known or len(names) <= keep:
        return composition
    use = {}
    for name in names:
        area = twin.areas.index(name)
        total = sum(twin.program.readings[one].use[area] * one.weight for one in known)
        use[name] = total / sum(one.weight for one in known)
    least = min(names, key=use.__getitem__)
    return replace(composition, focal_areas=tuple(name for name in names if name != least))


def review_mix(most: float, composition: Recipe, twin: Twin) -> Recipe:
    """Hours go from what landed least to what landed most."""
    heard = twin.program.feedback.heard
    names = [name for name in composition.activities if name in heard and not ACTIVITIES[name].yields]
    if len(names) < 2:
        return composition
    worst, best = min(names, key=heard.__getitem__), max(names, key=heard.__getitem__)
    if heard[worst] == heard[best]:
        return composition
    shares = dict(composition.activities)
    moved = min(most, shares[worst])
    shares[worst] -= moved
    shares[best] += moved
    return replace(composition, activities={name: share for name, share in shares.items() if share > 1e-12}, methods=())
