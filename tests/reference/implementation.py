"""Implementation: use follows potential with a lag; practices end, most often when a leader leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .capacities import potential
from .rules import form
from .support import hold

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["implementation"]


def implementation(twin: Twin) -> None:
    """Use moves toward potential; some practices end."""
    kept = 1 - twin.values["abandon_drop"]
    for organization in twin.organizations:
        full, plain = potential(twin.values, organization)
        steps = [1 - math.exp(-1 / (twin.values["implementation_lag_months"] * one.lag)) for one in organization.areas]
        organization.use = follow(organization.use, full, steps)
        organization.use_unmultiplied = follow(organization.use_unmultiplied, plain, steps)
        for area, draw in enumerate(twin.draws("implementation", organization, twin.n_areas)):
            chance = chance_of_ending(twin, organization, area)
            if draw < 1 - (1 - chance) ** hold(twin, organization, area):
                organization.use[area] *= kept
                organization.use_unmultiplied[area] *= kept


def follow(use: list[float], potential: list[float], steps: list[float]) -> list[float]:
    """Close a part of the gap in each area."""
    return [now + step * (goal - now) for now, goal, step in zip(use, potential, steps, strict=True)]


def chance_of_ending(twin: Twin, organization: Organization, area: int) -> float:
    """Chance that the practice of an area ends this month."""
    rule = form(twin.values, "ending")
    if rule == "hazard":
        return 1 - math.exp(-hazard_of_ending(twin, organization, area))
    if rule == "leader_exit" and organization.leader_left:
        exposed = (1 - organization.routine[area]) * (1 - commitment(organization))
        return twin.values["abandon_chance"] * exposed
    return 0.0


def commitment(organization: Organization) -> float:
    """Mean engagement: a practice survives its leader if a routine carries it, or engaged people do."""
    engagements = [person.engagement for person in organization.holders]
    return sum(engagements) / len(engagements) if engagements else 0.0


def hazard_of_ending(twin: Twin, organization: Organization, area: int) -> float:
    """Practices end at any time: less where routines are enacted, more when a leader is missed and they are not."""
    values, enacted = twin.values, organization.enacted[area]
    usual = -math.log(1 - values["ending_annual"]) / 12
    protection = math.exp(-values["ending_routine_slope"] * (enacted - values["enacted_baseline"]))
    leader_is_missed = organization.leader_exit_age < values["leader_exit_months"]
    weakness = max(0.0, 1 - enacted / values["strong_routine"]) if leader_is_missed else 0.0
    return usual * protection * (1 + (values["leader_hazard_ratio"] - 1) * weakness)
