"""What work that lands does to people and agencies: every channel closes a part of a gap.

The effects of a month on one thing add up before anything moves, so the order of deliveries does not matter, and hours
that are split have the same effect as hours in one piece.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from capsim.catalogue import Activity
from capsim.levels import Level

from .agencies import Organization
from .capacities import mean
from .delivery import Work
from .people import Person
from .receptivity import Snapshot
from .rules import form
from .support import is_on, state_of

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Effects", "effect"]


def effect(twin: Twin, activity: Activity, channel: str) -> float:
    """Exponent of one unit at receptivity 1; 0 for what the activity does not touch."""
    if channel not in activity.channels:
        return 0.0
    if channel == "skill":
        return twin.values[f"{activity.name}_knowledge"] * twin.values[f"{activity.name}_transfer"]
    return twin.values[f"{activity.name}_{channel}"]


def toward(old: list[float], goal: list[float], share: float) -> list[float]:
    """Close a share of the gap in every area."""
    return [a + share * (b - a) for a, b in zip(old, goal, strict=True)]


class Effects:
    """The effects of a month.

    Skill that is written down, and plans that others move toward, are those of the start of the month's assistance.

    Parameters
    ----------
    twin : Twin
    snapshots : dict of Organization to Snapshot

    Attributes
    ----------
    exponents : dict of (str, Person or Organization, int) to float
        Sum for each channel, person or agency, and area (0 where areas do not matter).
    lessons : dict of (Person, int) to list of (float, float)
        Exponent of each that teaches something in the area, and how far it can carry people.
    units : dict of (Person, int) to float
        How many these are, in units of their activities.
    plans : dict of Organization to list of (float, list of float)
        Exponents and plans by which the plan of an agency is drawn.
    """

    def __init__(self, twin: Twin, snapshots: dict[Organization, Snapshot]) -> None:
        self.twin, self.snapshots = twin, snapshots
        self.exponents: defaultdict[tuple[str, Any, int], float] = defaultdict(float)
        self.lessons: defaultdict[tuple[Person, int], list[tuple[float, float]]] = defaultdict(list)
        self.units: defaultdict[tuple[Person, int], float] = defaultdict(float)
        self.plans: defaultdict[Organization, list[tuple[float, list[float]]]] = defaultdict(list)

    def teach_person(self, one: Work, person: Person, dose: float, landing: float) -> None:
        """Units that a person had, and how much of them lands."""
        if one.row.area is not None and effect(self.twin, one.activity, "skill") > 0:
            exponent = effect(self.twin, one.activity, "skill") * dose * landing
            self.lessons[person, one.row.area].append((exponent, self.ceiling(one.activity)))
            self.units[person, one.row.area] += dose

    def count_person(self, one: Work, person: Person, dose: float) -> None:
        """`dose` is what lands of the person's own."""
        for channel in ("engagement", "goals"):
            self.exponents[channel, person, 0] += effect(self.twin, one.activity, channel) * dose

    def ceiling(self, activity: Activity) -> float:
        """How far an activity can carry people."""
        by_activity = form(self.twin.values, "teaching") == "by_activity"
        return self.twin.values[f"{activity.name}_ceiling"] if by_activity else 1.0

    def count_organization(self, one: Work, dose: float, group: list[Organization]) -> None:
        """`dose` is what lands of the agency's; `group` are the agencies that meet."""
        organization, area, parent = one.organization, one.row.area, one.organization.parent

        def exponent(channel: str) -> float:
            return effect(self.twin, one.activity, channel) * dose

        for channel in ("culture", "data_systems", "resource_alignment", "commitment"):
            self.exponents[channel, organization, 0] += exponent(channel)
        if area is not None:
            for channel in ("routine", "handover"):
                self.exponents[channel, organization, area] += exponent(channel)
        if area is not None and parent is not None:
            share = organization.family_weight / sum(child.family_weight for child in parent.children)
            self.exponents["routine", parent, area] += exponent("parent_routine") * share
        if parent is not None:
            self.plans[organization].append((exponent("parent_plan"), self.snapshots[parent].plan))
        plans = [self.snapshots[other].plan for other in group]
        agreed = [mean([plan[k] for plan in plans]) for k in range(self.twin.n_areas)]
        self.plans[organization].append((exponent("group_plan"), agreed))

    def happen(self) -> None:
        """Everything moves; what is written down of skill comes on top of the other work on routines."""
        for (person, area), lessons in self.lessons.items():
            self.teach(person, area, lessons)
        for last in (False, True):
            for (channel, whose, area), exponent in self.exponents.items():
                if (channel == "handover") is last:
                    self.move(channel, whose, area, exponent)
        for organization, draws in self.plans.items():
            total = sum(exponent for exponent, _ in draws)
            if total > 0:
                goal = [sum(e * plan[k] for e, plan in draws) / total for k in range(self.twin.n_areas)]
                organization.plan = toward(organization.plan, goal, 1 - math.exp(-total))

    def teach(self, person: Person, area: int, lessons: list[tuple[float, float]]) -> None:
        """A month's lessons together, each as far as it can carry the person; repeats may teach less."""
        skill = person.skill[area]
        boredom = 1.0
        if form(self.twin.values, "teaching") == "repeats":
            boredom = 1 + person.lessons[area] / self.twin.values["repeat_units"]
        useful = [(exponent / boredom, top) for exponent, top in lessons if top > skill]
        total = sum(exponent for exponent, _ in useful)
        if total > 0:
            goal = sum(exponent * top for exponent, top in useful) / total
            person.skill[area] += (1 - math.exp(-total)) * (goal - skill)
        person.outdated[area] *= math.exp(-sum(exponent for exponent, _ in lessons) / boredom)
        person.lessons[area] += self.units[person, area]

    def move(self, channel: str, whose: Any, area: int, exponent: float) -> None:
        """Close a share of one gap."""
        share = 1 - math.exp(-exponent)
        if channel == "goals":
            whose.priority = toward(whose.priority, self.snapshots[whose.organization].plan, share)
        elif channel == "routine":
            self.build(whose, area, share * max(0.0, self.twin.values["routine_ceiling"] - whose.routine[area]))
            whose.supported[area] |= exponent > 0
            whose.outdated_routine[area] *= 1 - share
        elif channel == "handover":
            codifiable = min(1.0, self.twin.values["codifiable_share"] * whose.areas[area].codifiable)
            known = codifiable * self.snapshots[whose].skill[area]
            whose.routine[area] += share * max(0.0, known - whose.routine[area])
        elif channel == "commitment":
            self.free_of_compliance(whose, share)
        else:  # engagement, culture, data_systems, resource_alignment
            setattr(whose, channel, getattr(whose, channel) + share * (1 - getattr(whose, channel)))

    def free_of_compliance(self, organization: Organization, share: float) -> None:
        """A state agency keeps a floor; what others owe by its reports is not theirs to change."""
        if organization.level == Level.SEA:
            floor = self.twin.values["role_redesign_floor"] * self.twin.values["compliance_share"]
            organization.committed -= share * max(0.0, organization.committed - floor)
        elif not (is_on(self.twin) and state_of(organization)):
            organization.committed -= share * organization.committed

    def build(self, organization: Organization, area: int, gain: float) -> None:
        """Help adds to a routine; by one rule that part stands only while help lasts."""
        organization.routine[area] += gain
        if form(self.twin.values, "codification") == "provisional":
            organization.provisional[area] += gain
