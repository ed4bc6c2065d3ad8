"""Priorities: people influence each other's goals; plans follow leaders and the parent agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .people import Person
from .rules import form
from .support import is_on

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["priorities"]


def priorities(twin: Twin) -> None:
    """All people and all plans move at once, from what they were at the start (Friedkin and Johnsen 1990)."""
    priority = {person: list(person.priority) for person in twin.people}
    plan = {organization: list(organization.plan) for organization in twin.organizations}
    for person in twin.people:
        person.priority = influenced(twin, person, priority, plan)
    for organization in twin.organizations:
        organization.plan = replanned(twin, organization, priority, plan)


def influenced(
    twin: Twin,
    person: Person,
    priority: dict[Person, list[float]],
    plan: dict[Organization, list[float]],
) -> list[float]:
    """Priorities a month later: a step toward what others want, held back by one's lasting disposition."""
    rate, susceptibility = twin.values["influence_rate"], twin.values["susceptibility"]
    others = social_target(twin, person, priority, plan)
    return [
        own + rate * (susceptibility * social + (1 - susceptibility) * lasting - own)
        for own, social, lasting in zip(priority[person], others, person.disposition, strict=True)
    ]


def social_target(
    twin: Twin,
    person: Person,
    priority: dict[Person, list[float]],
    plan: dict[Organization, list[float]],
) -> list[float]:
    """What contact, leader and plan want; whoever is absent leaves the weight to oneself."""
    contact_weight, leader_weight, plan_weight = influence_weights(twin)
    contact, leader = person.consulted_contact, person.organization.leader
    voices = [(plan_weight, plan[person.organization])]
    if contact is not None:
        voices.append((contact_weight, priority[contact]))
    if leader is not None and leader is not person:
        voices.append((leader_weight, priority[leader]))
    if form(twin.values, "influence") == "near":
        bound = twin.values["influence_bound"]
        voices = [(weight, wishes) for weight, wishes in voices if distance(wishes, priority[person]) <= bound]
    voices.append((1 - sum(weight for weight, _ in voices), priority[person]))
    return [sum(weight * wishes[area] for weight, wishes in voices) for area in range(twin.n_areas)]


def distance(one: list[float], other: list[float]) -> float:
    """Half the L1 distance: 0 for the same priorities, 1 for nothing in common."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def influence_weights(twin: Twin) -> list[float]:
    """Weights of contact, leader and plan."""
    contact, leader, plan = (twin.values[f"influence_{source}"] for source in ("contact", "leader", "plan"))
    if form(twin.values, "influence") == "leaders":
        contact, leader = 0.0, leader + contact
    return at_most_one([contact, leader, plan])


def plan_rates(twin: Twin) -> list[float]:
    """How fast a plan moves toward its leaders, and toward the parent's plan."""
    by_parent = 0.0 if is_on(twin) else twin.values["plan_parent_rate"]
    return at_most_one([twin.values["plan_leader_rate"], by_parent])


def at_most_one(shares: list[float]) -> list[float]:
    """Shares that sum to more than 1 are divided by their sum."""
    return [share / max(1.0, sum(shares)) for share in shares]


def replanned(
    twin: Twin,
    organization: Organization,
    priority: dict[Person, list[float]],
    plan: dict[Organization, list[float]],
) -> list[float]:
    """The plan a month later: toward the mean of those who lead the agency, and toward the parent's plan."""
    leaders, parent = organization.leaders, organization.parent
    leader_rate, parent_rate = plan_rates(twin)
    new = list(plan[organization])
    for area, old in enumerate(plan[organization]):
        if leaders:
            wish = sum(priority[leader][area] for leader in leaders) / len(leaders)
            new[area] += leader_rate * (wish - old)
        if parent is not None:
            new[area] += parent_rate * (plan[parent][area] - old)
    return new
