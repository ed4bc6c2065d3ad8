"""Advice ties strengthen with use, fade, lapse, and form; one person after the other, in position order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .people import Person

if TYPE_CHECKING:
    from .agencies import Position
    from .twin import Twin

__all__ = ["ties"]


def ties(twin: Twin) -> None:
    """First everybody keeps up the ties there are, then everybody with a free slot may propose one."""
    for person in twin.people:
        use_or_fade(twin, person)
        let_one_lapse(twin, person)
    for person in twin.people:
        if person.has_free_slot:
            propose(twin, person)


def use_or_fade(twin: Twin, person: Person) -> None:
    """The tie used this month grows stronger, all others weaker."""
    for slot, tie in enumerate(person.ties):
        if tie is None:
            continue
        if slot == person.consulted:
            tie.strength += twin.values["tie_use_gain"] * (1 - tie.strength)
        else:
            tie.strength -= twin.values["tie_fade"] * tie.strength


def let_one_lapse(twin: Twin, person: Person) -> None:
    """At most one tie lapses.

    The chances of the ties lie side by side on [0, 1), and one number falls on at most one of them: so each
    tie has exactly its own chance. How far into its interval the number fell decides whether a returned tie
    is spared.
    """
    draw = twin.draws("ties", person.position, 6)[0]
    start = 0.0
    for slot, tie in enumerate(person.ties):
        if tie is None:
            continue
        chance = lapse_chance(twin, tie.strength)
        if start <= draw < start + chance:
            is_returned = person in tie.contact.contacts
            if not is_returned or (draw - start) / chance < twin.values["returned_lapse_factor"]:
                end_tie(person, slot)
            return
        start += chance


def lapse_chance(twin: Twin, strength: float) -> float:
    """Chance per month that a tie lapses; strong ties last longer."""
    usual = 1 - twin.values["tie_annual_survival"] ** (1 / 12)
    return usual * max(0.0, 1 + twin.values["strength_lapse_slope"] * (0.5 - strength))


def end_tie(person: Person, slot: int) -> None:
    """The slot is free again."""
    person.ties[slot] = None
    if person.consulted == slot:
        person.consulted = None


def propose(twin: Twin, person: Person) -> None:
    """Look for a candidate; who is there, and not yet a contact, becomes one and may return the tie."""
    draws = twin.draws("ties", person.position, 6)
    candidate = find_candidate(twin, person, draws)
    strength = twin.values["newcomer_tie_strength"]
    if candidate is not None and person.add_tie(candidate, strength) and draws[5] < twin.values["reciprocation"]:
        candidate.add_tie(person, strength)


def find_candidate(twin: Twin, person: Person, draws: list[float]) -> Person | None:
    """Somebody outside for some liaisons; else a friend of a friend, a unit colleague, an expert, anybody."""
    values, wish = twin.values, draws[1]
    if person.position.liaison:
        if wish < values["liaison_chance"]:
            return look_outside(person, draws)
        wish = (wish - values["liaison_chance"]) / (1 - values["liaison_chance"])
    if wish >= values["proposal_chance"]:
        return None
    kind = wish / values["proposal_chance"]
    closure = values["proposal_closure"]
    unit = closure + values["proposal_unit"]
    expert = unit + values["proposal_expert"]
    if kind < closure:
        return friend_of_a_friend(person, draws)
    if kind < unit:
        return pick(person.position.unit.positions, draws[2]).holder
    if kind < expert:
        return best_of_three(person, draws)
    return pick(person.organization.positions, draws[2]).holder


def pick(positions: list[Position], draw: float) -> Position:
    """The position on which a uniform number falls."""
    return positions[int(draw * len(positions))]


def look_outside(person: Person, draws: list[float]) -> Person | None:
    """Somebody of the parent agency, or the leader of a sibling."""
    own = person.organization
    if own.parent is None:
        return None
    if draws[3] < 0.5:
        return pick(own.parent.positions, draws[2]).holder
    sibling = own.parent.children[int(draws[4] * len(own.parent.children))]
    return None if sibling is own else sibling.leader


def friend_of_a_friend(person: Person, draws: list[float]) -> Person | None:
    """A contact of one of one's contacts."""
    friends = person.contacts
    if not friends:
        return None
    theirs = friends[int(draws[2] * len(friends))].contacts
    return theirs[int(draws[3] * len(theirs))] if theirs else None


def best_of_three(person: Person, draws: list[float]) -> Person | None:
    """The most skilled of three random colleagues, in the area that matters most to the person who asks."""
    met = [pick(person.organization.positions, draw).holder for draw in draws[2:5]]
    others = [one for one in met if one is not None and one is not person]
    return max(others, key=lambda one: one.skill[person.top_area], default=None)
