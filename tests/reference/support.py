"""Support: agencies spend their free time on those below them; 1 is what is usual."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from capsim.levels import Level

from .capacities import mean, mean_priorities, overlap

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["above", "ceiling_rise", "hold", "inflow", "is_on", "state_of", "support"]

USUAL_COMPLIANCE = 0.40
USUAL_REPORTING = 4 / 150
USUAL_STAFFING = 0.96


def is_on(twin: Twin) -> bool:
    """Whether agencies help those below."""
    return twin.values["support_weight"] > 0


def support(twin: Twin) -> None:
    """Everybody below somebody is helped and led, from what was before."""
    if not is_on(twin):
        return
    plans = {one: list(one.plan) for one in twin.organizations}
    data = {one: one.data_systems for one in twin.organizations}
    for organization in twin.organizations:
        if organization.parent is not None:
            be_helped(twin, organization, plans)
    for organization in twin.organizations:
        if organization.parent is not None:
            be_led(twin, organization, plans, data)


def above(organization: Organization) -> list[Organization]:
    """Everybody above an agency, the nearest first."""
    found, one = [], organization.parent
    while one is not None:
        found.append(one)
        one = one.parent
    return found


def state_of(organization: Organization) -> Organization | None:
    """The state agency above."""
    return next((one for one in above(organization) if one.level == Level.SEA), None)


def free_time(twin: Twin, helper: Organization) -> float:
    """Free hours of those who are there, against what is usual."""
    hours = twin.values["work_hours_per_month"]
    left = [hours * (1 - helper.committed) - person.recipient_hours for person in helper.holders]
    free = sum(one for one in left if one > 1e-9 * hours)
    owed = USUAL_COMPLIANCE if helper.level == Level.SEA else USUAL_REPORTING if state_of(helper) else 0.0
    return free / (helper.usual_positions * hours * USUAL_STAFFING * (1 - owed))


def quality(twin: Twin, helper: Organization, area: int) -> float:
    """What those who work in an area can do, times what of it is enacted routine."""
    work = sum(person.attention[area] for person in helper.holders)
    if work <= 0:
        return 0.0
    skill = sum(person.attention[area] * person.skill[area] for person in helper.holders) / work
    return skill * helper.enacted[area] / twin.values["support_quality_reference"]


def alignment(one: Organization, other: Organization) -> float:
    """Overlap of priorities; none where nobody is there."""
    return overlap(mean_priorities(one.holders), mean_priorities(other.holders)) if one.holders and other.holders else 0


def parts(twin: Twin, organization: Organization) -> dict[Organization, float]:
    """How much each agency above counts; together 1, where nothing of the structure has changed."""
    layers, school = organization.usual_layers, organization.level == Level.SCHOOL
    states = [one for one in above(organization) if one.level == Level.SEA]
    districts = [one for one in above(organization) if school and one.level == Level.LEA]
    between = [one for one in above(organization) if one not in states + districts]
    of_district = twin.values["support_district_part"] if states or layers else 1.0
    rest = 1 - of_district if districts else 1.0
    of_state = twin.values["support_state_part"] if layers else 1.0
    of_between = 1 - twin.values["support_state_part"] if states else 1.0
    return {
        **{one: of_district / len(districts) for one in districts},
        **{one: rest * of_state / len(states) for one in states},
        **{one: rest * of_between / max(1, layers) for one in between},
    }


def be_helped(twin: Twin, organization: Organization, plans: dict[Organization, list[float]]) -> None:
    """Support by area, and what it is made of."""
    areas, usual_alignment = range(twin.n_areas), twin.values["support_alignment_reference"]
    hours = {one: part * free_time(twin, one) for one, part in parts(twin, organization).items()}
    good = {one: h * alignment(organization, one) / usual_alignment for one, h in hours.items()}
    able = {one: [quality(twin, one, area) for area in areas] for one in hours}
    wise = {one: [twin.n_areas * plans[one][area] * able[one][area] for area in areas] for one in hours}
    organization.support = [
        sum(good[one] * wise[one][area] * allocation(twin, organization, one, area) for one in hours) for area in areas
    ]
    stages = [sum(hours.values()), sum(good.values())]
    stages += [sum(good[one] * mean(each[one]) for one in hours) for each in (able, wise)]
    organization.support_time = stages[0]
    organization.support_alignment, organization.support_quality, organization.support_plan = (
        after / before if before > 0 else 0.0 for before, after in pairwise(stages)
    )


def allocation(twin: Twin, organization: Organization, helper: Organization, area: int) -> float:
    """Help goes evenly, where use is low, or where people ask for it."""
    choice = int(twin.values["support_allocation"])
    if choice == 0:
        return 1.0
    like = [one for one in twin.organizations if one.level == organization.level and helper in above(one)]
    total = sum(one.weight for one in like)
    asks = {one: asked(one, area, choice) for one in like}
    usual = sum(one.weight * asks[one] for one in like) / total
    slope = twin.values["support_selectivity"] * (-1 if choice == 1 else 1)
    gets = {one: max(0.0, 1 + slope * (asks[one] / usual - 1)) if usual > 0 else 1.0 for one in like}
    given = sum(one.weight * gets[one] for one in like) / total
    return gets[organization] / given if given > 0 else 1.0


def asked(organization: Organization, area: int, choice: int) -> float:
    """By what help goes."""
    if choice == 1:
        return organization.use[area]
    return mean([person.engagement for person in organization.holders]) if organization.holders else 0.0


def be_led(
    twin: Twin, organization: Organization, plans: dict[Organization, list[float]], data: dict[Organization, float]
) -> None:
    """The plan follows those above; data systems follow better ones."""
    hours = {one: part * free_time(twin, one) for one, part in parts(twin, organization).items()}
    time = sum(hours.values())
    if time > 0:
        share = 1 - math.exp(-twin.values["support_plan_rate"] * time)
        for area, old in enumerate(plans[organization]):
            wish = sum(h * plans[one][area] for one, h in hours.items()) / time
            organization.plan[area] += share * (wish - old)
    good = {one: h * alignment(organization, one) for one, h in hours.items()}
    total = sum(good.values())
    if total > 0:
        share = 1 - math.exp(-twin.values["support_data_rate"] * total)
        better = sum(g * data[one] for one, g in good.items()) / total
        organization.data_systems += share * max(0.0, better - data[organization])


def effect(twin: Twin, index: float) -> float:
    """Saturates; 1 at the usual support."""
    most = twin.values["support_saturation"]
    return (1 + most) * index / (most + index)


def inflow(twin: Twin, organization: Organization, area: int) -> float:
    """Factor on what is written down."""
    share = min(1.0, twin.values["support_routine"] * twin.values["support_weight"])
    return 1 - share + share * effect(twin, organization.support[area]) if is_on(twin) else 1.0


def ceiling_rise(twin: Twin, organization: Organization, area: int) -> float:
    """What is added to how far practice carries people."""
    most = twin.values["support_ceiling"] * twin.values["support_weight"]
    return most * (effect(twin, organization.support[area]) - 1) if is_on(twin) else 0.0


def hold(twin: Twin, organization: Organization, area: int) -> float:
    """Factor on the hazard that a practice ends."""
    strength = twin.values["support_hold"] * twin.values["support_weight"]
    return math.exp(strength * (1 - min(2.0, organization.support[area]))) if is_on(twin) else 1.0
