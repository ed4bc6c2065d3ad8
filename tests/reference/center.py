"""The TA center: its experts come when assistance begins, know what they know, and go when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.world import MAX_TIES

from .people import Person

if TYPE_CHECKING:
    from .agencies import Position
    from .twin import Twin

__all__ = ["open_or_close"]


def open_or_close(twin: Twin) -> None:
    """Experts are there from the first month of assistance to the last, whatever the strategy does with them."""
    if twin.center is None:
        return
    months = twin.program.months
    if twin.month == 0 and months > 0:
        for position in twin.center.positions:
            appoint(twin, position)
    if 0 <= twin.month < months:
        for expert in twin.center.holders:
            brief(twin, expert)
    if twin.month == months:
        close(twin)


def appoint(twin: Twin, position: Position) -> None:
    """Somebody new takes an expert's position."""
    even = [1 / twin.n_areas] * twin.n_areas
    person = Person(twin, number=twin.next_number, skill=[0.0] * twin.n_areas, disposition=even)
    twin.next_number += 1
    person.position, position.holder = position, person
    position.vacant_months = 0


def brief(twin: Twin, expert: Person) -> None:
    """Experts stay what they are: each knows one area, has no goals of the center's own, and asks nobody."""
    values, own_area = twin.values, area_of(twin, expert)
    expert.skill = [
        values["center_expert_skill"] if area == own_area else values["center_other_skill"]
        for area in range(twin.n_areas)
    ]
    expert.disposition = [1 / twin.n_areas] * twin.n_areas
    expert.priority = list(expert.disposition)
    expert.engagement = values["newcomer_engagement"]
    expert.ties = [None] * MAX_TIES
    expert.consulted = None
    expert.recipient_hours = 0.0


def area_of(twin: Twin, expert: Person) -> int:
    """Areas are dealt round the positions of the center."""
    return expert.position.row % twin.n_areas


def close(twin: Twin) -> None:
    """The experts leave, and with them every tie to them."""
    experts = set(twin.center.holders)
    for position in twin.center.positions:
        position.vacant_months = 0
    for expert in experts:
        expert.position.holder = None
        expert.remove()
    for person in twin.people:
        person.drop_ties_to(experts)
