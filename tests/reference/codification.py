"""Codification: routines learn from people, and fade as far as nobody enacts them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .people import Person
from .rules import form
from .support import inflow

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["codification"]


def codification(twin: Twin) -> None:
    """Routines take up what skilled staff do, and fade as far as nobody enacts them."""
    for organization in twin.organizations:
        for area in range(twin.n_areas):
            codify(twin, organization, area)


def codify(twin: Twin, organization: Organization, area: int) -> None:
    """One routine a month later, everything from the routine of before."""
    values, routine = twin.values, organization.routine[area]
    enacted = enactment(twin, organization, area)
    always_lost = monthly_loss(values["routine_annual_retention"])
    lost_unenacted = monthly_loss(values["unenacted_annual_retention"]) * (1 - enacted)
    loss = min(1.0, always_lost + lost_unenacted)
    organization.enacted[area] = routine * enacted
    organization.routine[area] = routine + min(taken_up(twin, organization, area), 1 - routine) - loss * routine
    settle_provisional(twin, organization, area, enacted, loss)


def settle_provisional(twin: Twin, organization: Organization, area: int, enacted: float, loss: float) -> None:
    """What help built goes fast once help has stopped, unless enactment has made it institutional by then."""
    values, provisional = twin.values, organization.provisional[area]
    dropped = 0.0 if organization.supported[area] else values["provisional_loss"] * provisional
    institutional = enacted * provisional / values["institutional_months"]
    organization.routine[area] -= dropped
    organization.provisional[area] = max(0.0, provisional - dropped - institutional - loss * provisional)


def enactment(twin: Twin, organization: Organization, area: int) -> float:
    """How far an agency keeps up a routine."""
    rule, routine = form(twin.values, "enactment"), organization.routine[area]
    if rule == "positions":
        return does_it(organization.holders, area, routine) / organization.size
    if rule == "weakest_unit":
        return min(does_it(unit.holders, area, routine) / len(unit.positions) for unit in organization.units)
    doing, attending = does_it(organization.holders, area, routine), attention(organization.holders, area)
    return enough(twin, doing) * doing / attending if attending > 0 else 0.0


def does_it(people: list[Person], area: int, routine: float) -> float:
    """How many people do what the routine says."""
    return sum(
        person.attention[area] * (min(1.0, person.skill[area] / routine) if routine > 0 else 1.0) for person in people
    )


def attention(people: list[Person], area: int) -> float:
    """How many people work on the area."""
    return sum(person.attention[area] for person in people)


def enough(twin: Twin, people: float) -> float:
    """The bench: one person is better than none, but ten are hardly better than five."""
    bench = twin.values["bench_people"]
    return 1 - math.exp(-people / bench) if bench > 0 else 1.0


def taken_up(twin: Twin, organization: Organization, area: int) -> float:
    """What people write down in a month, with the money that there is for it."""
    money = 1.0
    if twin.values["finance_rate"] > 0:
        money += twin.values["finance_weight"] * (twin.n_areas * organization.finances[area] - 1)
    return money * written_down(twin, organization, area)


def written_down(twin: Twin, organization: Organization, area: int) -> float:
    """The same with the money spread evenly."""
    values, people = twin.values, organization.holders
    openness = 0.5 + organization.culture
    codifiable = min(1.0, values["codifiable_share"] * organization.areas[area].codifiable)
    helped = inflow(twin, organization, area)
    if form(values, "codification") == "gap":
        gaps = [
            one.attention[area] * max(0.0, codifiable * one.skill[area] - organization.routine[area]) for one in people
        ]
        return values["codification_rate"] * openness * sum(gaps) / organization.size * helped
    attending = attention(people, area)
    if attending <= 0:
        return 0.0
    known = sum(one.attention[area] * one.skill[area] for one in people) / attending
    flow = values["codification_flow"] * organization.codification_factor[area] * openness
    return flow * codifiable * known * enough(twin, attending) * helped


def monthly_loss(annual_retention: float) -> float:
    """What goes in a month of something of which the given share is left after a year."""
    return 1 - annual_retention ** (1 / 12)
