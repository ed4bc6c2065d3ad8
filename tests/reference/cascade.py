"""The cascade (turn-key): an agency that was helped spends staff time on passing it on to the agencies below it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .agencies import Organization
from .capacities import mean, mean_skill
from .delivery import Delivery, Row, Work, work_from

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Cascade"]


@dataclass(slots=True)
class Cascade:
    """All work of the month, direct and turn-key.

    Attributes
    ----------
    work : list of Work
        What consultants do, and what is passed on.
    spent : dict of Organization to float
        Hours that the staff of an agency spent on passing on.
    """

    work: list[Work] = field(default_factory=list)
    spent: dict[Organization, float] = field(default_factory=dict)

    @classmethod
    def of(cls, twin: Twin, deliveries: list[Delivery]) -> Cascade:
        """Let every delivery run down the tree; parents before children, all deliveries together."""
        cascade = cls()
        work = [work_from(delivery) for delivery in deliveries]
        for giver in sorted(twin.organizations, key=depth):
            pass_on(twin, giver, deliveries, work, cascade.spent)
        cascade.work = [one for of_delivery in work for one in of_delivery]
        return cascade


def depth(organization: Organization) -> int:
    """Agencies above."""
    return 0 if organization.parent is None else 1 + depth(organization.parent)


def pass_on(
    twin: Twin,
    giver: Organization,
    deliveries: list[Delivery],
    work: list[list[Work]],
    spent: dict[Organization, float],
) -> None:
    """One agency passes on what it received this month, as far as the time of its staff allows."""
    ratio = twin.values["turnkey_ratio"]
    offers = [
        (number, one, ratio * one.row.hours)
        for number, delivery in enumerate(deliveries)
        if weights_of_children(giver, delivery)
        for one in work[number]
        if one.organization is giver
    ]
    wanted = sum(hours for _, _, hours in offers)
    if wanted == 0:
        return
    scale = min(1.0, time_of_staff(twin, giver) / wanted)
    spent[giver] = scale * wanted
    for number, received, hours in offers:
        weights = weights_of_children(giver, deliveries[number])
        together = sum(weight * child.family_weight for child, weight in weights.items()) / giver.weight
        for child, weight in weights.items():
            part = scale * hours * weight / together
            if part > 0:
                row = Row(child, received.row.area, part)
                quality = turnkey_quality(twin, giver, received.row.area)
                work[number].append(Work(received.activity, row, quality, received.by_state))


def weights_of_children(giver: Organization, delivery: Delivery) -> dict[Organization, float]:
    """To whom, among its own children, an agency passes a delivery on; empty when it keeps it."""
    weights = delivery.weights or {}
    return {child: weights[child] for child in giver.children if weights.get(child, 0.0) > 0}


def time_of_staff(twin: Twin, giver: Organization) -> float:
    """Hours that the staff can spend on passing on; time committed to compliance is not theirs to give."""
    hours = twin.values["turnkey_time_share"] * twin.values["work_hours_per_month"]
    return sum(hours * (1 - giver.committed) for _ in giver.holders)


def turnkey_quality(twin: Twin, giver: Organization, area: int | None) -> float:
    """Something is lost at each step; more where the staff who pass it on know less."""
    skill = mean_skill(giver)
    knows = mean(skill) if area is None else skill[area]
    return twin.values["turnkey_fidelity"] * min(1.0, knows / max(twin.values["expert_skill"], 1e-12))
