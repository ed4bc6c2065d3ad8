"""Obsolescence: reforms make part of what people can do and agencies have written outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .environment import monthly_chance

if TYPE_CHECKING:
    from .agencies import Organization
    from .twin import Twin

__all__ = ["obsolescence"]


def obsolescence(twin: Twin) -> None:
    """People unlearn, routines are renewed, and now and then a reform arrives in one area."""
    if twin.values["reform_chance"] == 0:
        return
    for organization in twin.organizations:
        for area in range(twin.n_areas):
            catch_up(twin, organization, area)
    area = reformed_area(twin)
    if area is not None:
        share = twin.values["reform_share"]
        for organization in twin.organizations:
            organization.outdated_routine[area] += share * (1 - organization.outdated_routine[area])
            for person in organization.holders:
                person.outdated[area] += share * (1 - person.outdated[area])


def reformed_area(twin: Twin) -> int | None:
    """The area in which a reform arrives this month: each has a part of [0, 1) as long as its chance."""
    (draw,) = twin.draws("obsolescence", None, 1)
    chance = min(1 / twin.n_areas, monthly_chance(twin.values["reform_chance"]))
    return next((area for area in range(twin.n_areas) if area * chance <= draw < (area + 1) * chance), None)


def catch_up(twin: Twin, organization: Organization, area: int) -> None:
    """What is current replaces what is outdated: in people as far as the routine is current, in the routine as far as
    people are.
    """
    routine = organization.outdated_routine[area]
    done = [(one, one.attention[area] * one.skill[area]) for one in organization.holders]
    total = sum(work for _, work in done)
    if total > 0:
        current = sum(work * (1 - one.outdated[area]) for one, work in done)
        organization.outdated_routine[area] = routine * (1 - twin.values["renewal_rate"] * current / total)
    for one, _ in done:
        one.outdated[area] *= 1 - twin.values["unlearning_rate"] * one.attention[area] * (1 - routine)
