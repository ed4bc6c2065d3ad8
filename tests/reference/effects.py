"""What work that lands does to people and agencies: every channel closes a part of a gap."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.catalogue import Activity

from .agencies import Organization
from .capacities import mean
from .delivery import Work
from .people import Person
from .receptivity import Snapshot

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["effect", "help_organization", "help_person"]


def effect(twin: Twin, activity: Activity, channel: str) -> float:
    """Share of the gap that one unit closes at receptivity 1; 0 for what the activity does not touch."""
    if channel not in activity.channels:
        return 0.0
    if channel == "skill":
        return twin.values[f"{activity.name}_knowledge"] * twin.values[f"{activity.name}_transfer"]
    return twin.values[f"{activity.name}_{channel}"]


def closed(effect_and_dose: float) -> float:
    """Share of a gap that is closed; splitting a dose does not change what it does in sum."""
    return 1 - math.exp(-effect_and_dose)


def toward(old: list[float], goal: list[float], share: float) -> list[float]:
    """Close a share of the gap in every area."""
    return [a + share * (b - a) for a, b in zip(old, goal, strict=True)]


def help_person(twin: Twin, one: Work, person: Person, dose: float) -> None:
    """Skill and engagement rise, priorities move toward the plan. `dose` is what lands of the person's own."""

    def share(channel: str) -> float:
        return closed(effect(twin, one.activity, channel) * dose)

    area = one.row.area
    if area is not None:
        person.skill[area] += share("skill") * (1 - person.skill[area])
    person.engagement += share("engagement") * (1 - person.engagement)
    person.priority = toward(person.priority, one.organization.plan, share("goals"))


def help_organization(
    twin: Twin, one: Work, dose: float, group: list[Organization], snapshots: dict[Organization, Snapshot]
) -> None:
    """Routines, climate, resources and plans of the agency move. `dose` is what lands of the agency's.

    Plans that others move toward, and skill that is written down, are those of the start of the month's assistance.
    """

    def share(channel: str, part: float = 1.0) -> float:
        return closed(effect(twin, one.activity, channel) * dose * part)

    organization, area = one.organization, one.row.area
    parent = organization.parent
    if area is not None:
        organization.routine[area] += share("routine") * (1 - organization.routine[area])
        codifiable = twin.values["codifiable_share"] * snapshots[organization].skill[area]
        organization.routine[area] += share("handover") * max(0.0, codifiable - organization.routine[area])
    organization.culture += share("culture") * (1 - organization.culture)
    organization.data_systems += share("data_systems") * (1 - organization.data_systems)
    organization.resource_alignment += share("resource_alignment") * (1 - organization.resource_alignment)
    organization.committed -= share("commitment") * organization.committed
    if parent is not None:
        organization.plan = toward(organization.plan, snapshots[parent].plan, share("parent_plan"))
        if area is not None:
            sent_up = share("parent_routine", 1 / len(parent.children))
            parent.routine[area] += sent_up * (1 - parent.routine[area])
    plans = [snapshots[other].plan for other in group]
    agreed = [mean([plan[k] for plan in plans]) for k in range(twin.n_areas)]
    organization.plan = toward(organization.plan, agreed, share("group_plan"))
