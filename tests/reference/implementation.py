"""Implementation: use follows potential with a lag; leaders who leave take practices with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .capacities import potential

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["implementation"]


def implementation(twin: Twin) -> None:
    """Use moves toward potential; after a leader's exit some practices are abandoned."""
    step = 1 - math.exp(-1 / twin.values["implementation_lag_months"])
    for organization in twin.organizations:
        full, plain = potential(twin.values, organization)
        organization.use = follow(organization.use, full, step)
        organization.use_unmultiplied = follow(organization.use_unmultiplied, plain, step)
        if organization.leader_left:
            abandon_some(twin, organization)


def follow(use: list[float], potential: list[float], step: float) -> list[float]:
    """Close a part of the gap in each area."""
    return [now + step * (goal - now) for now, goal in zip(use, potential, strict=True)]


def abandon_some(twin: Twin, organization: Organization) -> None:
    """A practice survives its leader if a routine carries it, or engaged people do."""
    engagements = [person.engagement for person in organization.holders]
    commitment = sum(engagements) / len(engagements) if engagements else 0.0
    kept = 1 - twin.values["abandon_drop"]
    for area, draw in enumerate(twin.draws("implementation", organization, twin.n_areas)):
        if draw < twin.values["abandon_chance"] * (1 - organization.routine[area]) * (1 - commitment):
            organization.use[area] *= kept
            organization.use_unmultiplied[area] *= kept
