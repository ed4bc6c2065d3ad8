"""Turnover: people leave, and what they hold leaves with them."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from .capacities import mean
from .climate import overload
from .people import Applicant, Person, RememberedTie, Tie
from .rules import form

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["turnover"]


def turnover(twin: Twin) -> None:
    """Everybody stays or leaves; some leavers look for another position in their state."""
    age_applicants(twin)
    age_vacancies(twin)
    askers = Counter(contact for person in twin.people for contact in person.contacts)
    leavers = {person for person in twin.people if leaves(twin, person, askers)}
    headless = [organization for organization in twin.organizations if organization.leader in leavers]
    for person in twin.people:
        if person in leavers:
            person.organization.exits += 1
            join_pool(twin, person)
        else:
            person.tenure += 1
    for person in twin.people:
        if person in leavers:
            vacate(twin, person)
        else:
            person.drop_ties_to(leavers)
    for organization in headless:
        succeed(twin, organization)


def age_applicants(twin: Twin) -> None:
    """Hired applicants and those whose time is up leave the pool."""
    for applicant in twin.applicants:
        applicant.months_left -= 1
        if applicant.months_left <= 0 and not applicant.hired:
            applicant.person.remove()
    twin.applicants = [one for one in twin.applicants if one.months_left > 0 and not one.hired]


def age_vacancies(twin: Twin) -> None:
    """One more month without a holder."""
    for position in twin.positions:
        if position.holder is None:
            position.vacant_months += 1


def leaves(twin: Twin, person: Person, askers: Counter[Person]) -> bool:
    """Whether this person leaves this month."""
    leave, _ = twin.draws("turnover", person.position, 2)
    if person.organization.must_lose_leader and person is person.organization.leader:
        return True
    return leave < 1 - math.exp(-hazard(twin, person, askers))


def hazard(twin: Twin, person: Person, askers: Counter[Person]) -> float:
    """Exit hazard of the month: lower with tenure, in a good culture and for the engaged; highest in July."""
    values = twin.values
    season = 1 + values["season_amplitude"] * math.cos(2 * math.pi * twin.month / 12)
    shock = values["turnover_shock_size"] if twin.shock_months > 0 else 1.0
    tenure = 1 + values["tenure_gradient"] * math.exp(-person.tenure / values["tenure_scale_months"])
    culture = values["exit_culture_slope"] * (person.organization.culture - values["exit_culture_center"])
    engagement = values["exit_engagement_slope"] * (person.engagement - values["exit_engagement_center"])
    usual = person.position.hazard * values["exit_normalisation"]
    usual *= person.organization.unrest
    return usual * season * shock * tenure * math.exp(-culture - engagement) * strain(twin, person, askers)


def strain(twin: Twin, person: Person, askers: Counter[Person]) -> float:
    """What overload, or being asked by many, does to the hazard; nothing by the declared rates alone."""
    rule = form(twin.values, "exits")
    if rule == "overload":
        return math.exp(twin.values["exit_overload_slope"] * overload(twin, person.organization))
    if rule == "hubs":
        usual = mean([askers[colleague] for colleague in person.organization.holders])
        if usual > 0:
            return max(0.0, 1 + twin.values["exit_hub_slope"] * (askers[person] / usual - 1))
    return 1.0


def join_pool(twin: Twin, person: Person) -> None:
    """A leaver may stay in the state's labour market for some months and remembers the old contacts."""
    _, look_around = twin.draws("turnover", person.position, 2)
    mover_share = twin.values["mover_share"]
    if look_around < mover_share and len(twin.applicants) < twin.pool_room:
        twin.applicants.append(
            Applicant(
                person=person,
                origin=person.organization,
                job=person.position.job,
                months_left=int(twin.values["pool_months"]),
                key=look_around / mover_share,
                ties=[remember(tie) for tie in person.ties],
            )
        )


def remember(tie: Tie | None) -> RememberedTie | None:
    """A tie as it is at the exit."""
    return None if tie is None else RememberedTie(tie.contact.position, tie.contact.number, tie.strength)


def vacate(twin: Twin, person: Person) -> None:
    """The position is empty, and the person gone from the agency."""
    person.position.holder = None
    person.position.vacant_months = 0
    person.position = None
    person.start_afresh(engagement=0.0)
    if not any(applicant.person is person for applicant in twin.applicants):
        person.remove()


def succeed(twin: Twin, organization: Organization) -> None:
    """The leader is gone; whoever acts may set other goals."""
    churn, profile = twin.draws("turnover", organization, 2)
    organization.leader_left = True
    organization.leader_exit_age = 0
    if churn < twin.values["leader_plan_churn"]:
        _, wishes = twin.pick_newcomer(profile)
        organization.redraw_plan(wishes, twin.values["plan_churn_share"])
