"""Learning: by doing, from the agency's routines, from each other; and agencies from each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.levels import Role

from .people import Person
from .rules import form
from .support import above, ceiling_rise, is_on

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["attention", "consultation", "experience", "socialization"]


def attention(twin: Twin) -> None:
    """Priorities decide what each person attends to: a fair share of priority gives nearly full attention."""
    sharpness, areas = twin.values["attention_sharpness"] * twin.n_areas, range(twin.n_areas)
    for person in twin.people:
        time = [in_position(twin, person, area) for area in areas]
        person.attention = [-math.expm1(-sharpness * person.priority[area] * time[area]) for area in areas]


def in_position(twin: Twin, person: Person, area: int) -> float:
    """How far the agency's positions give time to an area, where they follow its plan; 1 if they serve all alike."""
    if twin.values["personnel_rate"] <= 0:
        return 1.0
    uneven = twin.n_areas * person.organization.personnel[area] - 1
    return 1 + twin.values["personnel_weight"] * uneven


def experience(twin: Twin) -> None:
    """Everybody practises what gets attention, up to a ceiling, and forgets what does not."""
    before = {person: list(person.skill) for person in twin.people}
    for person in twin.people:
        rate = twin.values["experience_rate"] * free_time(twin, person)
        for area, skill in enumerate(before[person]):
            gap = max(0.0, ceiling(twin, person, area, before) - skill)
            forgetting = min(1.0, twin.values["disuse_rate"] * person.organization.areas[area].disuse)
            forgotten = forgetting * idle(twin, person, area) * skill
            person.skill[area] = skill + rate * practice(twin, person, area) * gap - forgotten


def ceiling(twin: Twin, person: Person, area: int, before: dict[Person, list[float]]) -> float:
    """How far practice alone carries a person: further in what has priority, and in some agencies."""
    values, organization, priority = twin.values, person.organization, person.priority[area]
    top = values["expertise_floor"] + values["expertise_gain"] * priority / (priority + 0.25)
    top += organization.expertise_effect[area]
    rule = form(values, "expertise")
    if rule == "routines":
        top += values["expertise_routine"] * (organization.enacted[area] - values["enacted_baseline"])
    if rule == "contacts" and person.contacts:
        best = max(before[contact][area] for contact in person.contacts)
        top += values["expertise_contacts"] * max(0.0, best - values["baseline_people"])
    top += ceiling_rise(twin, organization, area)
    return min(1.0, max(0.0, top))


def practice(twin: Twin, person: Person, area: int) -> float:
    """How much a person practises: attention; or last month's help in the area, if that is more."""
    enough = twin.values["practice_hours"]
    if form(twin.values, "disuse") != "hours" or enough <= 0:
        return person.attention[area]
    return max(person.attention[area], min(1.0, person.practice[area] / enough))


def idle(twin: Twin, person: Person, area: int) -> float:
    """Share of a month in which an area falls into disuse."""
    rule, enough = form(twin.values, "disuse"), twin.values["practice_hours"]
    if rule == "attention":
        return 1 - person.attention[area]
    if rule == "none" or enough <= 0:
        return 0.0
    hours = max(person.priority[area] * twin.values["work_hours_per_month"], person.practice[area])
    return max(0.0, 1 - hours / enough)


def free_time(twin: Twin, person: Person) -> float:
    """Share of the month left for learning on the job, after last month's assistance and after compliance."""
    busy = person.recipient_hours / twin.values["work_hours_per_month"]
    return max(0.0, 1 - busy - person.organization.committed)


def socialization(twin: Twin) -> None:
    """Everybody learns the routines of the agency, fast at first. A good culture helps; nobody unlearns."""
    values = twin.values
    for person in twin.people:
        is_new = person.tenure < values["onboarding_months"]
        rate = values["onboarding_rate"] if is_new else values["socialization_rate"]
        rate *= 0.5 + person.organization.culture
        for area, routine in enumerate(person.organization.routine):
            share = min(1.0, rate * person.attention[area])
            person.skill[area] += share * max(0.0, routine - person.skill[area])


def consultation(twin: Twin) -> None:
    """Everybody asks one contact and learns from what that contact knew at the start."""
    before = {person: list(person.skill) for person in twin.people}
    for person in twin.people:
        person.consulted = choose_contact(twin, person)
        if person.consulted is not None:
            learn_from_contact(twin, person, before)
    if form(twin.values, "spread") == "ties":
        bring_routines_home(twin)


def choose_contact(twin: Twin, person: Person) -> int | None:
    """Slot of a tie, drawn by strength."""
    total = sum(tie.strength for tie in person.ties if tie is not None)
    if total <= 0:
        return None
    (draw,) = twin.draws("consultation", person.position, 1)
    running, chosen = 0.0, None
    for slot, tie in enumerate(person.ties):
        if tie is not None:
            chosen = slot
            running += tie.strength
            if running > draw * total:
                break
    return chosen


def learn_from_contact(twin: Twin, person: Person, before: dict[Person, list[float]]) -> None:
    """Close part of the gap to the contact: trust, culture and time help, the agency's border does not."""
    tie = person.ties[person.consulted]
    rate = twin.values["consultation_rate"] * tie.strength * (0.5 + person.organization.culture)
    rate *= free_time(twin, person)
    if tie.contact.organization is not person.organization:
        rate *= twin.values["boundary_discount"]
    for area, (own, other) in enumerate(zip(before[person], before[tie.contact], strict=True)):
        person.skill[area] += min(1.0, rate) * person.attention[area] * max(0.0, other - own)


def bring_routines_home(twin: Twin) -> None:
    """Leaders and liaisons bring home what they saw done better in another agency; all at once."""
    before = {organization: list(organization.routine) for organization in twin.organizations}
    for organization in twin.organizations:
        seen = [
            (spread_rate(twin, person), before[person.consulted_contact.organization])
            for person in organization.holders
            if sees_another_agency(person) and not is_helped_by_it(twin, person)
        ]
        for area, own in enumerate(before[organization]):
            better = [(rate, routine[area]) for rate, routine in seen if routine[area] > own]
            total = sum(rate for rate, _ in better)
            if total > 0:
                goal = sum(rate * routine for rate, routine in better) / total
                organization.routine[area] += (1 - math.exp(-total)) * (goal - own)


def sees_another_agency(person: Person) -> bool:
    """Whether a leader or liaison asked somebody elsewhere this month."""
    travels = person.position.role == Role.LEADER or person.position.liaison
    contact = person.consulted_contact
    return travels and contact is not None and contact.organization is not person.organization


def is_helped_by_it(twin: Twin, person: Person) -> bool:
    """Whether the other agency stands above and helps anyway: nothing comes twice."""
    return is_on(twin) and person.consulted_contact.organization in above(person.organization)


def spread_rate(twin: Twin, person: Person) -> float:
    """How much of what a person saw elsewhere takes hold at home: trust and culture help."""
    trust = person.ties[person.consulted].strength
    openness = 0.5 + person.organization.culture
    return twin.values["spread_rate"] * trust * openness * twin.values["boundary_discount"]
