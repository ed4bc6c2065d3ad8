"""Wishes: what recipients want built, and how co-design lets them move the mix."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES

from .agencies import Organization
from .capacities import mean, mean_skill
from .delivery import Delivery

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Wish", "follow_wishes", "listen", "mixed_as_agreed"]


@dataclass(slots=True)
class Wish:
    """Of one agency: the share of help that it wants for the organization, and what came of it.

    Attributes
    ----------
    wanted, said, agreed, given : float or None
    asked_in : int or None
        Month of the question that is open.
    gap : float
    asked, answered, waited : int
    """

    wanted: float | None = None
    said: float | None = None
    agreed: float | None = None
    given: float | None = None
    asked_in: int | None = None
    gap: float = 0.0
    asked: int = 0
    answered: int = 0
    waited: int = 0


def follow_wishes(twin: Twin) -> None:
    """What everybody wants this month, and once a year says."""
    values = twin.values
    for organization, wish in twin.wishes.items():
        people, routine = mean(mean_skill(organization)), mean(organization.routine)
        known = routine / (people + routine) if people + routine > 0 else 0.5
        lacking = (1 - routine) / (2 - people - routine) if people + routine < 2 else 0.5
        toward = values["wish_familiarity"] * known + (1 - values["wish_familiarity"]) * lacking
        if wish.wanted is None:
            wish.wanted = toward
        else:
            wish.wanted += values["wish_rate"] * (toward - wish.wanted)
        if twin.month % 12 == 0:
            u, v = twin.luck.of_position("wishes", 2, identity=organization.identity, row=0, month=twin.month)
            noise = values["likert_noise_sd"] / 4 * math.sqrt(-2 * math.log(1 - u)) * math.cos(2 * math.pi * v)
            wish.said = min(1.0, max(0.0, wish.wanted + noise))


def kind(delivery: Delivery) -> str:
    """What an activity builds; nothing that could be moved where it is bought for a reading."""
    activity = ACTIVITIES[delivery.activity]
    return "" if activity.yields else activity.builds


def mixed_as_agreed(twin: Twin, deliveries: list[Delivery]) -> list[Delivery]:
    """Hours of each agency, shifted between people and organization as it agreed."""
    for delivery in deliveries:
        for row in delivery.rows if delivery.activity == "codesign" else []:
            if row.hours > 0:
                twin.wishes[row.organization].agreed = twin.wishes[row.organization].said
    factors: dict[tuple[Organization, str], float] = {}
    for organization, wish in twin.wishes.items():
        hours = {
            what: sum(
                row.hours
                for delivery in deliveries
                if kind(delivery) == what
                for row in delivery.rows
                if row.organization is organization
            )
            for what in ("people", "organization")
        }
        both = sum(hours.values())
        if both == 0:
            wish.given = None
            continue
        own = wish.given = hours["organization"] / both
        if 0 < own < 1 and wish.agreed is not None:
            weight = twin.values["codesign_wish"] * min(1.0, twin.program.codesigned[organization])
            wish.given = (1 - weight) * own + weight * wish.agreed
            factors[organization, "organization"] = wish.given / own
            factors[organization, "people"] = (1 - wish.given) / (1 - own)
    return [
        replace(
            delivery,
            rows=[
                replace(row, hours=row.hours * factors.get((row.organization, kind(delivery)), 1.0))
                for row in delivery.rows
            ],
        )
        for delivery in deliveries
    ]


def listen(twin: Twin) -> None:
    """Who is answered, and who asks."""
    for wish in twin.wishes.values():
        if wish.given is None or wish.said is None:
            continue
        apart, waiting = abs(wish.said - wish.given), wish.asked_in is not None
        if waiting and apart <= wish.gap / 2:
            wish.answered += 1
            wish.waited += twin.month - wish.asked_in
            wish.asked_in = None
        if twin.month % 12 == 0 and not waiting and apart > twin.values["wish_distance"]:
            wish.asked, wish.asked_in, wish.gap = wish.asked + 1, twin.month, apart
