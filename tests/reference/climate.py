"""Climate: culture and engagement respond to how an agency is doing; what assistance moved drifts back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.levels import Level

from .capacities import filled_share, shared_goals
from .people import Person
from .support import USUAL_COMPLIANCE, is_on, state_of

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["climate"]


def climate(twin: Twin) -> None:
    """Everything relaxes toward its target; engagement still feels the culture of before."""
    values = twin.values
    owed = [time_owed(twin, organization) for organization in twin.organizations]
    for organization, target_time in zip(twin.organizations, owed, strict=True):
        for person in organization.holders:
            target = engagement_target(twin, person)
            person.engagement += values["engagement_rate"] * (target - person.engagement)
        target = culture_target(twin, organization)
        organization.culture += values["culture_rate"] * (target - organization.culture)
        target = clip(values["data_systems_base"] + organization.data_systems_effect)
        organization.data_systems += values["data_systems_rate"] * (target - organization.data_systems)
        gap = values["resource_alignment_base"] - organization.resource_alignment
        organization.resource_alignment += values["resource_alignment_rate"] * gap
        organization.committed += values["committed_return_rate"] * (target_time - organization.committed)
        organization.finances = follow_plan(twin, organization, organization.finances, values["finance_rate"])
        organization.personnel = follow_plan(twin, organization, organization.personnel, values["personnel_rate"])


def time_owed(twin: Twin, organization: Organization) -> float:
    """Share of time that compliance asks: of a state agency by federal programs, below it by its reports."""
    state = state_of(organization)
    if is_on(twin) and state is not None:
        share = twin.values["reporting_hours"] / twin.values["work_hours_per_month"]
        return min(1.0, share * state.committed / USUAL_COMPLIANCE)
    return twin.values["compliance_share"] if organization.level == Level.SEA else 0.0


def follow_plan(twin: Twin, organization: Organization, shares: list[float], rate: float) -> list[float]:
    """Money or positions a month later: nearer to the plan, the more so the better resources are aligned."""
    aligned = organization.resource_alignment / max(twin.values["resource_alignment_base"], 1e-12)
    moved = min(1.0, rate * aligned)
    return [share + moved * (plan - share) for share, plan in zip(shares, organization.plan, strict=True)]


def clip(x: float) -> float:
    """The nearest number in [0, 1]."""
    return min(1.0, max(0.0, x))


def overload(twin: Twin, organization: Organization) -> float:
    """Initiatives beyond what an agency can carry, counting last month's assistance."""
    initiatives = organization.outside_initiatives + organization.load
    return max(0.0, initiatives - twin.values["initiative_limit"])


def engagement_target(twin: Twin, person: Person) -> float:
    """Where engagement goes: up with culture and with a plan one believes in, down with overload."""
    values, organization = twin.values, person.organization
    distance = sum(abs(own - plan) for own, plan in zip(person.priority, organization.plan, strict=True))
    fit = 1 - distance / 2
    return clip(
        values["engagement_base"]
        + organization.engagement_effect
        + values["engagement_culture"] * (organization.culture - values["culture_base"])
        + values["engagement_fit"] * (fit - values["fit_reference"])
        - values["engagement_overload"] * overload(twin, organization)
    )


def culture_target(twin: Twin, organization: Organization) -> float:
    """Where culture goes: up with shared goals and mutual advice, down with vacancies, exits and overload."""
    values = twin.values
    agreement = shared_goals(organization)
    if agreement is None:
        agreement = values["goals_reference"]
    vacancy = 1 - filled_share(organization)
    leader_is_missed = organization.leader_exit_age < values["leader_exit_months"]
    return clip(
        values["culture_base"]
        + organization.culture_effect
        + values["culture_goals"] * (agreement - values["goals_reference"])
        + values["culture_returned"] * (returned_share(twin, organization) - values["returned_reference"])
        - values["culture_vacancy"] * (vacancy - values["vacancy_reference"])
        - (values["culture_leader_exit"] if leader_is_missed else 0.0)
        - values["culture_overload"] * overload(twin, organization)
    )


def returned_share(twin: Twin, organization: Organization) -> float:
    """Share of this month's requests for advice that went to somebody who also asks in return."""
    returned = [
        person in person.consulted_contact.contacts
        for person in organization.holders
        if person.consulted_contact is not None
    ]
    return sum(returned) / len(returned) if returned else twin.values["returned_reference"]
