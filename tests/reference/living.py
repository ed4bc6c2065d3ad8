"""A center whose consultants come, settle in, learn and leave; everybody with a memory of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .agencies import Organization
from .capacities import mean
from .center import appoint
from .chance import lognormal
from .delivery import Work

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["LivingCenter"]


@dataclass(slots=True, eq=False)
class Consultant:
    """Somebody at the center.

    Attributes
    ----------
    since : int
        Month of the first day.
    talent : float
    areas : list of float
        What is known of each focal area, from nothing to everything.
    activities : dict of str to float
        The same of activities; one that is not named is not known at all.
    """

    since: int
    talent: float
    areas: list[float]
    activities: dict[str, float]


class LivingCenter:
    """The positions of a center, some of them held.

    Attributes
    ----------
    posts : list of Consultant or None
        As many as there ever will be.
    positions : int
        How many of them there are this month.
    """

    def __init__(self, twin: Twin, staff, months: int, full_time: float) -> None:
        self.twin, self.staff, self.full_time = twin, staff, full_time
        self.posts: list[Consultant | None] = [None] * max(self.positions_in(month) for month in range(max(1, months)))
        self.positions = self.positions_in(0)

    def positions_in(self, month: int) -> int:
        """As declared for the year, or as many as the hours need."""
        declared = self.staff.positions
        return list(declared)[min(month // 12, len(declared) - 1)] if declared else math.ceil(self.full_time - 1e-9)

    def parameter(self, name: str) -> float:
        """What this center says of itself, or what is usual."""
        own = getattr(self.staff, name)
        return self.twin.values[f"center_{name}"] if own is None else own

    def live(self) -> None:
        """A month: people leave, others come."""
        twin = self.twin
        self.positions = self.positions_in(twin.month)
        vacant = [n for n, one in enumerate(self.posts) if one is None]
        leaves = 1 - (1 - self.parameter("annual_exit")) ** (1 / 12)
        for n in range(len(self.posts)):
            exit_draw, hiring_draw = twin.luck.numbers("center", 2, identity=n, row=0, month=twin.month)
            exists = n < self.positions
            if n in vacant:
                if twin.month == 0 and not exists:
                    self.empty_expert(n)
                if exists and (twin.month == 0 or hiring_draw < 1 / self.parameter("months_to_fill")):
                    self.hire(n)
            elif exit_draw < leaves or not exists:
                self.posts[n] = None
                self.empty_expert(n)
        for n, position in enumerate(self.expert_positions()):
            consultant = self.posts[n]
            if consultant is not None and position.holder is not None:
                low, high = twin.values["center_other_skill"], twin.values["center_expert_skill"]
                position.holder.skill = [low + (high - low) * known for known in consultant.areas]

    def hire(self, n: int) -> None:
        """A newcomer, who knows one area; if it is an expert's position, people can turn to them."""
        twin, own = self.twin, n % self.twin.n_areas
        areas = [1.0 if area == own else 0.0 for area in range(twin.n_areas)]
        talent = lognormal(twin, "consultants", identity=n, month=twin.month)
        self.posts[n] = Consultant(twin.month, talent, areas, {})
        if twin.month > 0:
            hours = twin.values["center_hire_hours"]
            twin.program.dollars += hours * twin.values["consultant_rate"]
            for position in self.expert_positions()[n : n + 1]:
                appoint(twin, position)
                position.holder.engagement = twin.values["newcomer_engagement"]

    def expert_positions(self) -> list:
        """Positions of the center's experts that are consultants' positions as well."""
        return [] if self.twin.center is None else self.twin.center.positions[: len(self.posts)]

    def empty_expert(self, n: int) -> None:
        """Somebody leaves whom people turned to."""
        for position in self.expert_positions()[n : n + 1]:
            expert = position.holder
            position.holder, position.vacant_months = None, 0
            expert.remove()
            for person in self.twin.people:
                person.drop_ties_to({expert})

    def consultant_of(self, organization: Organization) -> Consultant | None:
        """The holder of the agency's post, or of the next one that is held."""
        first = organization.identity % self.positions
        turn = [*range(first, self.positions), *range(first)]
        return next((self.posts[n] for n in turn if self.posts[n] is not None), None)

    def experience(self, consultant: Consultant, one: Work) -> float:
        """With the place, with the area and with the activity."""
        settled = 1 - (1 - self.twin.values["onboarding_rate"]) ** (self.twin.month - consultant.since)
        area = mean(consultant.areas) if one.row.area is None else consultant.areas[one.row.area]
        return settled * (area + consultant.activities.get(one.activity.name, 0.0)) / 2

    def quality(self, one: Work) -> float:
        """Of the hours of one row, caseload apart."""
        values, consultant = self.twin.values, self.consultant_of(one.organization)
        if consultant is None:
            return 0.0
        size = self.positions if self.staff.positions else self.full_time
        dilution = (size / values["provider_scale_reference"]) ** -values["provider_scale"]
        held = len([one for one in self.posts[: self.positions] if one is not None])
        stretched = (held / self.positions) ** values["center_vacancy_loss"]
        weight = values["center_experience_weight"]
        able = 1 - weight * (1 - self.experience(consultant, one))
        usual = 1 - weight * (1 - values["center_usual_experience"])
        return dilution * stretched * consultant.talent * able / usual

    def learn(self, work: list[Work]) -> None:
        """By doing: in the areas and with the activities of the month."""
        in_area: dict[tuple[Consultant, int], float] = {}
        with_activity: dict[tuple[Consultant, str], float] = {}
        for one in work:
            consultant = self.consultant_of(one.organization)
            if consultant is None or not one.is_direct:
                continue
            craft = consultant, one.activity.name
            with_activity[craft] = with_activity.get(craft, 0.0) + one.whole_hours
            if one.row.area is not None:
                place = consultant, one.row.area
                in_area[place] = in_area.get(place, 0.0) + one.whole_hours
        needed = self.twin.values["center_learning_hours"]
        for (consultant, area), hours in in_area.items():
            left = 1 - consultant.areas[area]
            consultant.areas[area] = 1 - left * math.exp(-hours / needed)
        for (consultant, name), hours in with_activity.items():
            left = 1 - consultant.activities.get(name, 0.0)
            consultant.activities[name] = 1 - left * math.exp(-hours / needed)
