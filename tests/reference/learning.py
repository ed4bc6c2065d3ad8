"""Learning: by doing, from the agency's routines, from each other; and routines learn from people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .people import Person

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["attention", "codification", "consultation", "experience", "socialization"]


def attention(twin: Twin) -> None:
    """Priorities decide what each person attends to: a fair share of priority gives nearly full attention."""
    sharpness = twin.values["attention_sharpness"] * twin.n_areas
    for person in twin.people:
        person.attention = [1 - math.exp(-sharpness * priority) for priority in person.priority]


def experience(twin: Twin) -> None:
    """Everybody practises what gets attention, up to a ceiling, and forgets what does not."""
    values = twin.values
    for person in twin.people:
        practice = values["experience_rate"] * free_time(twin, person)
        for area, skill in enumerate(person.skill):
            priority, attention = person.priority[area], person.attention[area]
            ceiling = values["expertise_floor"] + values["expertise_gain"] * priority / (priority + 0.25)
            learned = practice * attention * max(0.0, min(1.0, ceiling) - skill)
            forgotten = values["disuse_rate"] * (1 - attention) * skill
            person.skill[area] = skill + learned - forgotten


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


def codification(twin: Twin) -> None:
    """Routines take up what skilled staff do, and fade as far as nobody enacts them."""
    for organization in twin.organizations:
        organization.routine = [
            codify(twin, organization, area, routine) for area, routine in enumerate(organization.routine)
        ]


def codify(twin: Twin, organization: Organization, area: int, routine: float) -> float:
    """One routine a month later. Vacant positions count, but contribute nothing."""
    values = twin.values
    gap = enacted = 0.0
    for person in organization.holders:
        skill, attention = person.skill[area], person.attention[area]
        gap += attention * max(0.0, values["codifiable_share"] * skill - routine)
        enacted += attention * (min(1.0, skill / routine) if routine > 0 else 1.0)
    gap, enacted = gap / organization.size, enacted / organization.size
    taken_up = values["codification_rate"] * (0.5 + organization.culture) * gap
    always_lost = monthly_loss(values["routine_annual_retention"])
    lost_unenacted = monthly_loss(values["unenacted_annual_retention"]) * (1 - enacted)
    return routine + min(taken_up, 1 - routine) - min(1.0, always_lost + lost_unenacted) * routine


def monthly_loss(annual_retention: float) -> float:
    """What goes in a month of something of which the given share is left after a year."""
    return 1 - annual_retention ** (1 / 12)


def consultation(twin: Twin) -> None:
    """Everybody asks one contact and learns from what that contact knew at the start."""
    before = {person: list(person.skill) for person in twin.people}
    for person in twin.people:
        person.consulted = choose_contact(twin, person)
        if person.consulted is not None:
            learn_from_contact(twin, person, before)


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
