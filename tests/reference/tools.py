"""Tools: what a group or the center made to be taken over, and the agencies that take it over."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES
from capsim.levels import Level, Role

from .agencies import Organization
from .brokering import groups_of
from .capacities import mean
from .delivery import Work
from .receptivity import Snapshot
from .rules import form

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Tool", "Toolbox", "adopt_tools", "show_tools"]


@dataclass(frozen=True, slots=True)
class Tool:
    """A routine that can be taken over: how good it is, and whose it was; None for the center's own."""

    level: float
    maker: Organization | None


@dataclass(slots=True)
class Toolbox:
    """Tools of one run: who uses which, and what was shown this month."""

    used: dict[tuple[Organization, int], Tool] = field(default_factory=dict)
    met: dict[tuple[Organization, int], float] = field(default_factory=dict)
    met_with: dict[tuple[Organization, int], Organization] = field(default_factory=dict)
    invited: dict[tuple[Organization, int], float] = field(default_factory=dict)

    def level(self, organization: Organization, area: int) -> float:
        """Level of the tool in use; 0 without one."""
        tool = self.used.get((organization, area))
        return 0.0 if tool is None else tool.level


def show_tools(twin: Twin, work: list[Work]) -> None:
    """Groups make tools, meetings show them, publications invite to that of the center."""
    box = twin.toolbox
    box.met, box.met_with, box.invited = {}, {}, {}
    if twin.values["tool_rate"] == 0:
        return
    direct = [one for one in work if one.is_direct]
    groups = groups_of(twin, direct)
    for name in dict.fromkeys(one.activity.name for one in direct):
        role = ACTIVITIES[name].tool
        doses = doses_of(twin, [one for one in direct if one.activity.name == name]) if role else {}
        for place, dose in doses.items():
            if role in ("shows", "publishes"):
                box.invited[place] = box.invited.get(place, 0.0) + dose
            if role in ("shows", "makes"):
                box.met[place] = box.met.get(place, 0.0) + dose
        if role == "makes":
            for group in groups[name]:
                make(twin, doses, group)
                meet(twin, doses, group)
        if role == "shows":
            meet(twin, doses, twin.organizations)


def doses_of(twin: Twin, work: list[Work]) -> dict[tuple[Organization, int], float]:
    """Units of an activity for each participant, at most 1."""
    doses: dict[tuple[Organization, int], float] = {}
    for one in work:
        leaders = one.activity.participants == "leaders"
        many = len(one.organization.leaders if leaders else one.organization.holders)
        if one.row.area is None or many == 0 or one.row.hours == 0:
            continue
        units = one.row.hours / twin.values[f"{one.activity.name}_ta_hours"]
        place = one.organization, one.row.area
        doses[place] = doses.get(place, 0.0) + units * twin.values[f"{one.activity.name}_seats"] / many
    return {place: min(1.0, dose) for place, dose in doses.items()}


def make(twin: Twin, doses: dict[tuple[Organization, int], float], group: list[Organization]) -> None:
    """The best practice of a group becomes a tool."""
    for area in range(twin.n_areas):
        present = [one for one in group if (one, area) in doses]
        if not present:
            continue
        best = max(present, key=lambda one: one.routine[area])
        level = best.routine[area] + twin.values["tool_polish"] * (1 - best.routine[area])
        if level > twin.toolbox.level(best, area) + twin.values["tool_better"]:
            twin.toolbox.used[best, area] = Tool(level, best)


def meet(twin: Twin, doses: dict[tuple[Organization, int], float], group: list[Organization]) -> None:
    """Everybody sees the best tool in the room."""
    box = twin.toolbox
    for area in range(twin.n_areas):
        present = [one for one in group if (one, area) in doses]
        users = [one for one in present if (one, area) in box.used]
        if not users:
            continue
        best = max(users, key=lambda one: box.level(one, area))
        for one in present:
            known = box.met_with.get((one, area))
            if known is None or box.level(best, area) > box.level(known, area):
                box.met_with[one, area] = best


def adopt_tools(twin: Twin) -> None:
    """Agencies adopt, all looking at what was in use before."""
    if twin.values["tool_rate"] == 0:
        return
    box, before = twin.toolbox, dict(twin.toolbox.used)
    changes = []
    for organization in twin.organizations:
        if organization.level == Level.CENTER or not organization.positions or not organization.holders:
            continue
        draws = twin.draws("tools", organization, 2 * twin.n_areas)
        for area in range(twin.n_areas):
            tool = adopted(twin, organization, area, before, draws[2 * area : 2 * area + 2])
            if tool is not None:
                changes.append((organization, area, tool))
    for organization, area, tool in changes:
        fit = twin.values["tool_fit"]
        if tool.maker is not None and tool.maker.market != organization.market:
            fit *= twin.values["tool_fit_far"]
        organization.routine[area] += fit * (tool.level - organization.routine[area])
        box.used[organization, area] = tool
    box.met, box.invited = {}, {}


def adopted(
    twin: Twin,
    organization: Organization,
    area: int,
    before: dict[tuple[Organization, int], Tool],
    draws: list[float],
) -> Tool | None:
    """The tool that an agency adopts in an area this month."""
    values, box, place = twin.values, twin.toolbox, (organization, area)
    own = before.get(place)
    least = organization.routine[area]
    if own is not None:
        least = max(least, own.level + values["tool_better"])
    offers: list[tuple[float, Tool]] = []
    shown = before.get((box.met_with[place], area)) if place in box.met_with else None
    if shown is not None and shown.level > least:
        offers.append((box.met.get(place, 0.0), shown))
    if twin.center is not None:
        published = of_center(twin, area, before)
        if published.level > least:
            offers.append((twin.values["tool_invitation"] * box.invited.get(place, 0.0), published))
    ties = [
        (tie.strength, before[tie.contact.organization, area])
        for person in organization.holders
        if person.position.role == Role.LEADER or person.position.liaison
        for tie in person.ties
        if tie is not None
        and tie.contact.organization is not organization
        and tie.contact.organization.level != Level.CENTER
        and (tie.contact.organization, area) in before
        and before[tie.contact.organization, area].level > least
    ]
    strength = sum(one for one, _ in ties)
    tied = min(1.0, values["boundary_discount"] * strength)
    offers += [(one / strength * tied, tool) for one, tool in ties]
    exposure = sum(one for one, _ in offers)
    attention = mean([person.attention[area] for person in organization.holders])
    rate = values["tool_rate"] * attention * min(1.0, readiness(twin, organization)) * min(1.0, exposure)
    if draws[0] >= 1 - math.exp(-rate):
        return None
    left = draws[1] * exposure
    for part, tool in offers:
        if left < part:
            return tool
        left -= part
    return offers[-1][1]


def readiness(twin: Twin, organization: Organization) -> float:
    """Motivation and general capacity, relative to a median agency."""
    values, now = twin.values, Snapshot.of(organization)
    motivation, able = now.engagement / values["motivation_center"], now.general / values["general_capacity_center"]
    if form(values, "readiness") == "minimum":
        return min(motivation, able)
    return motivation * able * (values["readiness_reference"] if form(values, "readiness") == "product" else 1.0)


def of_center(twin: Twin, area: int, before: dict[tuple[Organization, int], Tool]) -> Tool:
    """The best tool that anybody uses, or the center's own."""
    best = Tool(twin.values["center_tool_level"], None)
    for organization in twin.organizations:
        tool = before.get((organization, area))
        if tool is not None and tool.level > best.level:
            best = tool
    return best
