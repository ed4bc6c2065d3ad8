"""Hiring: vacancies are filled by movers from other agencies of the state, or by newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.levels import Level

from .people import Applicant, Person, Tie

if TYPE_CHECKING:
    from .agencies import Organization, Position
    from .twin import Twin

__all__ = ["hiring"]


def hiring(twin: Twin) -> None:
    """Fill some vacancies; first everybody takes the seat, then ties are made."""
    filled = [position for organization in twin.organizations for position in vacancies_to_fill(twin, organization)]
    movers = match_movers(twin, filled)
    for position in filled:
        take_position(twin, position, movers.get(position))
    for position, applicant in movers.items():
        renew_ties(twin, position.holder, applicant)
    for position in filled:
        meet_the_unit(twin, position)


def vacancies_to_fill(twin: Twin, organization: Organization) -> list[Position]:
    """Vacancies of an agency that find somebody: not in the month of the exit, and as far as funding goes.

    The center hires nobody: its experts come when it opens.
    """
    if organization.level == Level.CENTER:
        return []
    funded = int(organization.funding * organization.size + 0.5)
    free_heads = funded - len(organization.holders)
    chosen: list[Position] = []
    for position in organization.positions:
        is_open = position.holder is None and position.vacant_months >= 1
        if is_open and len(chosen) < free_heads:
            found = twin.draws("hiring", position, 8)[0] < 1 / twin.values["months_to_fill"]
            if found:
                chosen.append(position)
    return chosen


def match_movers(twin: Twin, filled: list[Position]) -> dict[Position, Applicant]:
    """Which vacancy is filled by which applicant.

    Vacancies that look among movers choose one after the other, in the order of a draw. Each takes the
    applicant from another agency whose key is nearest to its own, so that one more leaver does not reshuffle
    a whole state.
    """
    mover_share = twin.values["mover_share"]
    looking = []
    for position in filled:
        _, look, turn, *_ = twin.draws("hiring", position, 8)
        if look < mover_share:
            looking.append((turn, position.index, position, look / mover_share))
    match: dict[Position, Applicant] = {}
    for _, _, position, wanted in sorted(looking, key=lambda vacancy: vacancy[:2]):
        candidates = [one for one in twin.applicants if suits(one, position)]
        if candidates:
            nearest = min(candidates, key=lambda applicant: abs(applicant.key - wanted))
            nearest.hired = True
            match[position] = nearest
    return match


def suits(applicant: Applicant, position: Position) -> bool:
    """Movers do the same job as before, in another agency of the state."""
    is_elsewhere = applicant.origin is not position.organization
    return applicant.job == position.job and is_elsewhere and not applicant.hired


def take_position(twin: Twin, position: Position, applicant: Applicant | None) -> None:
    """First day of a mover, or of a newcomer picked from the profiles."""
    if applicant is not None:
        person = applicant.person
    else:
        profile = twin.draws("hiring", position, 8)[3]
        skill, disposition = twin.pick_newcomer(profile)
        skill = sorted_in(twin, position.organization, skill)
        person = Person(twin, number=twin.next_number, skill=skill, disposition=disposition)
        twin.next_number += 1
    person.start_afresh(engagement=twin.values["newcomer_engagement"])
    person.position, position.holder = position, person
    position.vacant_months = 0


def sorted_in(twin: Twin, organization: Organization, skill: list[float]) -> list[float]:
    """Skill of a newcomer: agencies in which people become more able attract more able people."""
    share = twin.values["recruiting_share"]
    both = zip(skill, organization.expertise_effect, strict=True)
    return [min(1.0, max(0.0, usual + share * effect)) for usual, effect in both]


def renew_ties(twin: Twin, person: Person, applicant: Applicant) -> None:
    """A mover keeps the ties to those who are still where they were, in their slots, weaker than before."""
    for slot, tie in enumerate(applicant.ties):
        if tie is None:
            continue
        contact = tie.position.holder
        if contact is not None and contact is not person and contact.number == tie.holder_number:
            person.ties[slot] = Tie(contact, twin.values["mover_tie_factor"] * tie.strength)


def meet_the_unit(twin: Twin, position: Position) -> None:
    """One to three first ties inside the unit, each to the first colleague after a random seat."""
    *_, how_many, first, second, third = twin.draws("hiring", position, 8)
    seats = position.unit.positions
    for draw in (first, second, third)[: 1 + int(3 * how_many)]:
        start = int(draw * len(seats))
        for seat in seats[start:] + seats[:start]:
            if seat.holder and position.holder.add_tie(seat.holder, twin.values["newcomer_tie_strength"]):
                break
