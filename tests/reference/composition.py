"""A composed strategy: what to deliver, to whom, in which areas. It sees readings, never the hidden state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

from capsim.catalogue import ACTIVITIES, RECIPIENT_LEVELS, Composition
from capsim.world import Level

from .agencies import Organization
from .delivery import Delivery, Row
from .targeting import TARGETINGS, most_needed

if TYPE_CHECKING:
    from .assistance import Program
    from .twin import Twin

__all__ = ["Strategy"]

QUARTER = 3
Division: TypeAlias = dict[tuple[Organization, int], float]
"""Share of the hours for each recipient and area."""


class Strategy:
    """Divides hours by the shares of activities, and those of each activity by agency and area.

    Parameters
    ----------
    composition : Composition
    twin : Twin
    program : Program

    Attributes
    ----------
    recipients : list of Organization
        Agencies that may be served.
    passes_on : bool
        Whether they pass on what they get.
    saved : dict of str to float
        Hours set aside for readings, by activity; they are bought in whole units, agency after agency.
    turn : dict of str to int
        Recipient whose reading is due.
    divisions : dict of str to Division
        By tier of activities.
    """

    def __init__(self, composition: Composition, twin: Twin, program: Program) -> None:
        self.composition, self.twin, self.program = composition, twin, program
        self.recipients, self.passes_on = recipients_of(composition, twin.organizations)
        self.schedule = schedule(composition.schedule, program.months)
        self.saved: dict[str, float] = {}
        self.turn: dict[str, int] = {}
        self.divisions: dict[str, Division] = {}
        self.weights: dict[str, dict[Organization, float]] = {}
        self.capacities: dict[Organization, tuple[list[float], list[float]]] = {}

    def __call__(self, twin: Twin) -> list[Delivery]:
        """Deliveries of the month."""
        if not self.recipients or not self.composition.activities:
            return []
        if not self.divisions or twin.month % QUARTER == 0:
            self.plan()
        hours = min(self.program.hours_left, self.schedule[twin.month] * self.program.budget)
        deliveries = []
        if self.designs_together():
            share = twin.values["codesign_share"]
            deliveries.append(self.for_agencies("codesign", self.divided("codesign", share * hours)))
            hours *= 1 - share
        for activity in self.activities():
            parts = {
                (organization, area): part * self.share(activity, organization, area)
                for (organization, area), part in self.divided(activity, hours).items()
            }
            if ACTIVITIES[activity].yields:
                deliveries.append(self.buy_readings(activity, sum(parts.values())))
            elif ACTIVITIES[activity].by_area:
                rows = [Row(organization, area, part) for (organization, area), part in parts.items()]
                deliveries.append(Delivery(activity, rows, self.passed_on(activity)))
            else:
                deliveries.append(self.for_agencies(activity, parts))
        return deliveries

    # When.

    def designs_together(self) -> bool:
        """Whether this month belongs to a phase of co-design."""
        is_planning = self.twin.month < self.twin.values["planning_months"]
        return self.composition.codesign in ("both", "planning" if is_planning else "implementation")

    def is_leaving(self) -> bool:
        """Whether this is the last third of the assistance."""
        return self.twin.month >= self.program.months * 2 / 3

    # What.

    def mix(self, area: int) -> Mapping[str, float]:
        """Shares of activities in an area this month."""
        composition = self.composition
        if self.is_leaving() and composition.exit_activities:
            return composition.exit_activities
        if composition.methods:
            return composition.methods[area % len(composition.methods)]
        return composition.activities

    def activities(self) -> list[str]:
        """Everything that is done this month, in the order of the composition."""
        return list(dict.fromkeys(activity for area in range(self.twin.n_areas) for activity in self.mix(area)))

    def share(self, activity: str, organization: Organization, area: int) -> float:
        """Share of an activity in the hours of an agency and area."""
        mix = self.mix(area)
        if activity not in mix:
            return 0.0
        building = [one for one in mix if ACTIVITIES[one].builds in ("people", "organization")]
        if organization not in self.capacities or activity not in building:
            return mix[activity]
        skill, routine = self.capacities[organization]

        def aimed(one: str) -> float:
            has = skill[area] if ACTIVITIES[one].builds == "people" else routine[area]
            return mix[one] * (1 - has)

        total = sum(aimed(one) for one in building)
        return aimed(activity) / total * sum(mix[one] for one in building) if total > 0 else mix[activity]

    # For whom.

    def divided(self, activity: str, hours: float) -> Division:
        """Hours by recipient and area."""
        division = self.divisions[ACTIVITIES[activity].tier]
        return {where: hours * share for where, share in division.items()}

    def for_agencies(self, activity: str, parts: Division) -> Delivery:
        """A delivery in no particular area."""
        total = dict.fromkeys(self.recipients, 0.0)
        for (organization, _), hours in parts.items():
            total[organization] += hours
        rows = [Row(organization, None, hours) for organization, hours in total.items()]
        return Delivery(activity, rows, self.passed_on(activity))

    def passed_on(self, activity: str) -> Mapping[Organization, float] | None:
        """Weights with which recipients pass an activity on."""
        return self.weights[ACTIVITIES[activity].tier] if self.passes_on else None

    def buy_readings(self, activity: str, hours: float) -> Delivery:
        """Save until a reading is paid for; at most one per recipient and month."""
        unit = self.twin.values[f"{activity}_ta_hours"]
        saved = self.saved.get(activity, 0.0) + hours
        affordable = min(int(saved / unit + 1e-9), len(self.recipients))
        turn = self.turn.get(activity, 0)
        due = [self.recipients[(turn + n) % len(self.recipients)] for n in range(affordable)]
        self.saved[activity] = saved - affordable * unit
        self.turn[activity] = (turn + affordable) % len(self.recipients)
        rows = [Row(one, None, unit) for one in due]
        if ACTIVITIES[activity].by_area:
            rows = [Row(one, area, unit * share) for one in due for area, share in self.areas_of(activity, one).items()]
        return Delivery(activity, rows, self.passed_on(activity))

    def areas_of(self, activity: str, organization: Organization) -> dict[int, float]:
        """How the hours of an agency are divided among areas; evenly when it gets none otherwise."""
        division = self.divisions[ACTIVITIES[activity].tier]
        parts = {area: division.get((organization, area), 0.0) for area in range(self.twin.n_areas)}
        total = sum(parts.values())
        return {area: part / total if total > 0 else 1 / len(parts) for area, part in parts.items()}

    def plan(self) -> None:
        """Plan anew who gets which share."""
        below = [one for one in self.twin.organizations if one.level in (Level.ESA, Level.LEA, Level.SCHOOL)]
        for tier in ("universal", "targeted", "intensive"):
            self.divisions[tier] = self.balanced(self.divide(tier, self.recipients))
            self.weights[tier] = dict.fromkeys(below, 0.0)
            for (organization, _), weight in self.divide(tier, below).items():
                self.weights[tier][organization] += weight
        if self.composition.target_capacities:
            self.capacities = {
                one: (readings.skill, readings.routine)
                for one, readings in self.program.readings.items()
                if readings.skill is not None and readings.routine is not None
            }

    def divide(self, tier: str, organizations: list[Organization]) -> Division:
        """Weight of each agency and area that is worked on."""
        targeting, areas = self.composition.targeting, self.composition.focal_areas
        if not isinstance(targeting, str):
            targeting = targeting.get(tier, "universal")
        if tier == "universal":
            targeting, areas = "universal", 0
        weights = TARGETINGS[targeting](organizations, self.program.readings, self.twin.values)
        division = {}
        for organization, of_area in weights.items():
            named = most_needed(of_area, areas) if isinstance(areas, int) else [self.twin.areas.index(a) for a in areas]
            for area in sorted(named):
                division[organization, area] = of_area[area]
        if sum(division.values()) == 0:
            return dict.fromkeys(division, 1.0)
        return division

    def balanced(self, division: Division) -> Division:
        """Shares that sum to 1, by levels as the composition says."""
        share_of_level = self.composition.recipients
        if not isinstance(share_of_level, Mapping):
            total = sum(division.values())
            return {where: weight / total for where, weight in division.items()}
        there = {
            RECIPIENT_LEVELS[name]: share
            for name, share in share_of_level.items()
            if any(one.level == RECIPIENT_LEVELS[name] for one in self.recipients)
        }
        shares = {}
        for level, share in there.items():
            of_level = {where: weight for where, weight in division.items() if where[0].level == level}
            total = sum(of_level.values())
            for where, weight in of_level.items():
                part = weight / total if total > 0 else 1 / len(of_level)
                shares[where] = part * share / sum(there.values())
        return shares


def schedule(name: str, months: int) -> list[float]:
    """Share of the whole budget for each month."""
    time = [(month + 0.5) / months for month in range(months)]
    if name == "level":
        shape = [1.0 for _ in time]
    elif name == "front_loaded":
        shape = [1 - t for t in time]
    elif name == "taper":
        shape = [min(1.0, 3 * (1 - t)) for t in time]
    else:
        raise NotImplementedError(f"schedule {name!r}")
    total = sum(shape)
    return [one / total for one in shape]


def recipients_of(composition: Composition, organizations: list[Organization]) -> tuple[list[Organization], bool]:
    """Agencies that a strategy serves, and whether they pass on what they get.

    A cascade that finds none of its levels begins with the agencies above districts; where there are none, districts
    are served directly.
    """
    levels = [RECIPIENT_LEVELS[name] for name in composition.recipients]
    served = [organization for organization in organizations if organization.level in levels]
    if composition.chain == "direct" or served:
        return served, composition.chain == "cascade"
    districts = [one for one in organizations if one.level == Level.LEA]
    above = [one for one in organizations if any(child in districts for child in one.children)]
    return (above, True) if above else (districts, False)
