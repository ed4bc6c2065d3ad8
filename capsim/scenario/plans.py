"""Plans: what the composed strategies of a scenario use, shipped ones and its own in one form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from capsim.catalogue import ACTIVITIES, STRATEGIES, Recipe
from capsim.scenario.compositions import Composition
from capsim.scenario.schema import Scenario

__all__ = ["Plan", "plans_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One strategy, as far as checks look at it.

    Attributes
    ----------
    name : str
    own : bool
        Whether the scenario composed it; otherwise it is a shipped one.
    activities : tuple of str
        Those that get hours at some time, in some area.
    targetings : tuple of str
        Those that divide the hours of one of these activities.
    target_capacities : bool
    methods : mapping of area to tuple of str
        Activities of areas that have methods of their own; of the scenario's own strategies only.
    focal_areas : int, "all" or tuple of str
    chain : str
    recipients : tuple of str
        Levels that get hours.
    """

    name: str
    own: bool
    activities: tuple[str, ...]
    targetings: tuple[str, ...]
    target_capacities: bool
    methods: Mapping[str, tuple[str, ...]]
    focal_areas: int | str | tuple[str, ...]
    chain: str
    recipients: tuple[str, ...]


def plans_of(scenario: Scenario) -> Iterator[Plan]:
    """Plans of a scenario's strategies in their order; a class of the user's own has none."""
    for strategy in scenario.strategies:
        if isinstance(strategy, str):
            yield _shipped(STRATEGIES[strategy])
        elif isinstance(strategy, Composition):
            yield _own(strategy, scenario.focal_areas)


def _shipped(one: Recipe) -> Plan:
    used = _with_hours(*(one.methods or (one.activities,)), one.exit_activities)
    return Plan(
        name=one.name,
        own=False,
        activities=used,
        targetings=_targetings(one.targeting, used),
        target_capacities=one.target_capacities,
        methods={},
        focal_areas=one.focal_areas or "all",
        chain=one.chain,
        recipients=_levels(one.recipients),
    )


def _own(one: Composition, areas: tuple[str, ...]) -> Plan:
    used = _with_hours(*(one.methods.get(area, one.activities) for area in areas), one.exit_activities)
    return Plan(
        name=one.name,
        own=True,
        activities=used,
        targetings=_targetings(one.targeting, used),
        target_capacities=one.target_capacities,
        methods={area: _with_hours(shares) for area, shares in one.methods.items()},
        focal_areas=one.delivery.focal_areas,
        chain=one.delivery.chain,
        recipients=_levels(one.delivery.recipients),
    )


def _with_hours(*mixes: Mapping[str, float]) -> tuple[str, ...]:
    """Activities with a share in any of these mixes."""
    return tuple(dict.fromkeys(name for mix in mixes for name, share in mix.items() if share > 0.0))


def _targetings(given: str | Mapping[str, str], used: tuple[str, ...]) -> tuple[str, ...]:
    """Readings are bought for everybody in turn and universal activities go to all, so no targeting divides those."""
    tiers = dict.fromkeys(ACTIVITIES[name].tier for name in used if not ACTIVITIES[name].yields)
    divided = [tier for tier in tiers if tier != "universal"]
    named = (given if isinstance(given, str) else given.get(tier, "universal") for tier in divided)
    return tuple(dict.fromkeys(named))


def _levels(recipients: tuple[str, ...] | Mapping[Any, float]) -> tuple[str, ...]:
    if isinstance(recipients, Mapping):
        return tuple(level for level, share in recipients.items() if share > 0.0)
    return tuple(recipients)
