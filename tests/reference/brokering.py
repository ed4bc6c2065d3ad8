"""Brokering: some activities make people known to each other, who then ask each other for advice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.catalogue import Activity

from .agencies import Organization
from .capacities import mean
from .center import area_of
from .delivery import Work
from .people import Person, Tie

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["TIE_CHANNELS", "broker", "groups_of"]


def groups_of(twin: Twin, work: list[Work]) -> dict[str, list[list[Organization]]]:
    """Agencies that meet, by activity: those that get hours of it this month, mixed, or state by state."""
    size = int(twin.values["group_agencies"])
    groups: dict[str, list[list[Organization]]] = {}
    for name in {one.activity.name for one in work}:
        own = [one for one in work if one.activity.name == name]
        apart = all(one.by_state for one in own)
        members = sorted({one.organization for one in own}, key=lambda organization: organization.index)
        groups[name] = []
        for state in sorted({one.market if apart else 0 for one in members}):
            here = [one for one in members if not apart or one.market == state]
            count = math.ceil(len(here) / size)
            groups[name] += [here[number::count] for number in range(count)]
    return groups


def group_of(organization: Organization, groups: list[list[Organization]]) -> list[Organization]:
    """The group in which an agency is."""
    return next(group for group in groups if organization in group)


def broker(twin: Twin, activity: Activity, hazards: dict[Person, float], groups: list[list[Organization]]) -> None:
    """Participants of one activity, in position order, make at most one tie each."""
    for person in sorted(hazards, key=lambda one: one.position.index):
        if hazards[person] <= 0:
            continue
        (channel,) = set(TIE_CHANNELS) & set(activity.channels)
        draws = twin.draws(f"ties:{activity.name}", person.position, 3)
        if draws[0] < 1 - math.exp(-hazards[person]):
            group = group_of(person.organization, groups)
            candidate = TIE_CHANNELS[channel](twin, activity, person, group, draws)
            if candidate is not None:
                acquaint(person, candidate, twin.values["brokered_tie_strength"])


def peer(
    twin: Twin, activity: Activity, person: Person, group: list[Organization], draws: list[float]
) -> Person | None:
    """Somebody from another agency of the group; leaders meet leaders where only leaders take part."""
    others = [organization for organization in group if organization is not person.organization]
    if not others:
        return None
    other = others[int(draws[1] * len(others))]
    return pick(other.leaders if activity.participants == "leaders" else other.holders, draws[2])


def expert(
    twin: Twin, activity: Activity, person: Person, group: list[Organization], draws: list[float]
) -> Person | None:
    """An expert of the center for what matters most to the person; any expert if there is none for it."""
    experts = twin.center.holders if twin.center else []
    suited = [one for one in experts if area_of(twin, one) == person.top_area]
    return pick(suited or experts, draws[1])


def colleague(
    twin: Twin, activity: Activity, person: Person, group: list[Organization], draws: list[float]
) -> Person | None:
    """Somebody of another agency of the kind that uses the practice, the more likely the more; who spends hours."""
    area, own = person.top_area, person.organization
    others = [one for one in twin.organizations if one is not own and one.level == own.level and one.holders]
    using = [one for one in others if one.use[area] > 0]
    if not using:
        return None
    wanted = draws[1] * sum(one.use[area] for one in using)
    chosen = using[-1]
    for one in using:
        if wanted < one.use[area]:
            chosen = one
            break
        wanted -= one.use[area]
    asked = max(chosen.holders, key=lambda one: one.skill[area])
    asked.recipient_hours += twin.values["referral_expert_hours"]
    return asked


def trainer(
    twin: Twin, activity: Activity, person: Person, group: list[Organization], draws: list[float]
) -> Person | None:
    """The most skilled colleague."""
    colleagues = [one for one in person.organization.holders if one is not person]
    return max(colleagues, key=lambda one: mean(one.skill), default=None)


def pick(people: list[Person], draw: float) -> Person | None:
    """Whom a uniform number falls on."""
    return people[int(draw * len(people))] if people else None


def acquaint(person: Person, contact: Person, strength: float) -> None:
    """A new tie takes a free slot, or the place of a tie that is weaker."""
    if contact in person.contacts or person.add_tie(contact, strength):
        return
    strengths = [tie.strength for tie in person.ties]
    weakest = strengths.index(min(strengths))
    if strengths[weakest] < strength:
        person.ties[weakest] = Tie(contact, strength)
        if person.consulted == weakest:
            person.consulted = None


TIE_CHANNELS = {"peer_ties": peer, "expert_ties": expert, "trainer_ties": trainer, "colleague_ties": colleague}
"""Who is the candidate, by channel."""
