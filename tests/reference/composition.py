"""A composed strategy: what to deliver, when, and in which shares. It sees readings, never the hidden state."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES, Recipe

from .agencies import Organization
from .course import changed, paced, reviewed
from .delivery import Delivery, Row
from .division import Division, Divisions

if TYPE_CHECKING:
    from .assistance import Program
    from .twin import Twin

__all__ = ["Strategy"]

QUARTER = 3


class Strategy:
    """Divides hours by the shares of activities, and those of each activity by agency and area.

    Parameters
    ----------
    composition : Recipe
    twin : Twin
    program : Program

    Attributes
    ----------
    divisions : Divisions
        Whom to serve, planned anew every quarter and when a phase begins or ends.
    known : dict of Organization to (list of float, list of float)
        Readings of skill and routine at that time.
    saved : dict of str to float
        Hours set aside for readings, by activity; they are bought in whole units, agency after agency.
    latest : dict of (str, Organization) to int
        Month in which an agency had its latest unit of an activity.
    """

    def __init__(self, composition: Recipe, twin: Twin, program: Program) -> None:
        self.composition, self.twin, self.program = composition, twin, program
        self.divisions = Divisions(composition, twin)
        self.schedule = paced(schedule(composition.schedule, program.months), composition.phases)
        self.known: dict[Organization, tuple[list[float], list[float]]] = {}
        self.saved: dict[str, float] = {}
        self.latest: dict[tuple[str, Organization], int] = {}
        self.phase: tuple[bool, bool] | None = None

    def __call__(self, twin: Twin) -> list[Delivery]:
        """Deliveries of the month."""
        if not self.divisions.recipients or not self.composition.activities:
            return []
        phase = self.designs_together(), self.is_leaving()
        if self.takes_its_course() or phase != self.phase or twin.month % QUARTER == 0:
            self.plan()
            self.phase = phase
        hours = min(self.program.hours_left, self.schedule[twin.month] * self.program.budget)
        deliveries = []
        if self.designs_together():
            share = twin.values["codesign_share"]
            deliveries.append(self.deliver("codesign", self.divisions.of("codesign", share * hours)))
            hours *= 1 - share
        parts = self.divide(hours)
        bought = {
            activity: self.buy_readings(activity, sum(part.values()))
            for activity, part in parts.items()
            if ACTIVITIES[activity].yields
        }
        deliveries += [bought.get(activity) or self.deliver(activity, part) for activity, part in parts.items()]
        return self.with_spare_hours(deliveries, bought)

    def takes_its_course(self) -> bool:
        """Phases begin, and once a year the strategy looks back; whether it is another one now."""
        before, month = self.composition, self.twin.month
        for phase in before.phases:
            if phase.month == month:
                self.composition = changed(self.composition, phase.change)
        if month > 0 and month % 12 == 0:
            for rule in before.review:
                self.composition = reviewed(rule, self.composition, self.twin, self.divisions.recipients)
        if self.composition is before:
            return False
        self.divisions.composition = self.composition
        return True

    def plan(self) -> None:
        """Look at what is known by now."""
        readings = self.program.readings
        self.divisions.plan(readings)
        self.known = {
            one: (read.skill, read.routine)
            for one, read in readings.items()
            if read.skill is not None and read.routine is not None
        }

    # When.

    def designs_together(self) -> bool:
        """Whether this month belongs to a phase of co-design."""
        is_planning = self.twin.month < self.twin.values["planning_months"]
        return self.composition.codesign in ("both", "planning" if is_planning else "implementation")

    def is_leaving(self) -> bool:
        """Whether an exit is planned, and this is the last third of the assistance."""
        return bool(self.composition.exit_activities) and self.twin.month >= self.program.months * 2 / 3

    # What.

    def mix(self, area: int) -> Mapping[str, float]:
        """Shares of activities in an area this month."""
        composition = self.composition
        if self.is_leaving():
            return composition.exit_activities
        if composition.methods:
            return composition.methods[area % len(composition.methods)]
        return composition.activities

    def divide(self, hours: float) -> dict[str, Division]:
        """Hours by activity, recipient and area."""
        areas = range(self.twin.n_areas)
        parts = {
            activity: {
                (organization, area): part * self.mix(area).get(activity, 0.0)
                for (organization, area), part in self.divisions.of(activity, hours).items()
            }
            for activity in dict.fromkeys(activity for area in areas for activity in self.mix(area))
        }
        if self.composition.target_capacities:
            self.aim(parts)
        if self.composition.methods and not self.is_leaving():
            scale(parts, hours)
        return parts

    def aim(self, parts: dict[str, Division]) -> None:
        """Where an agency was read, move hours between its people and its organization to what is weaker.

        Within agency and area; readings themselves go to everybody in turn, and are left out.
        """
        builds = {
            activity: ACTIVITIES[activity].builds
            for activity in parts
            if ACTIVITIES[activity].builds in ("people", "organization") and not ACTIVITIES[activity].yields
        }
        for organization, (skill, routine) in self.known.items():
            for area in range(self.twin.n_areas):
                where = organization, area
                missing = {"people": 1 - skill[area], "organization": 1 - routine[area]}
                old = {activity: parts[activity].get(where, 0.0) for activity in builds}
                new = {activity: old[activity] * missing[builds[activity]] for activity in builds}
                if sum(new.values()) > 0:
                    for activity in builds:
                        parts[activity][where] = new[activity] * sum(old.values()) / sum(new.values())

    # How.

    def deliver(self, activity: str, part: Division) -> Delivery:
        """Turn hours into rows."""
        if ACTIVITIES[activity].by_area:
            rows = [Row(organization, area, hours) for (organization, area), hours in part.items()]
        else:
            total: dict[Organization, float] = {}
            for (organization, _), hours in part.items():
                total[organization] = total.get(organization, 0.0) + hours
            rows = [Row(organization, None, hours) for organization, hours in total.items()]
        return Delivery(activity, rows, self.divisions.passed_on(activity), self.composition.grouping == "by_state")

    def buy_readings(self, activity: str, hours: float) -> Delivery:
        """Save until a reading is paid for; who waited longest is first. Nobody passes it on."""
        unit = self.twin.values[f"{activity}_ta_hours"]
        saved = self.saved.get(activity, 0.0) + hours
        before = self.twin.month - self.twin.values[f"{activity}_every_months"]
        latest = {one: self.latest.get((activity, one), -1000000) for one in self.divisions.reached}
        due = sorted((one for one in latest if latest[one] <= before), key=lambda one: (latest[one], one.index))
        rows = []
        for organization in due:
            cost = unit * organization.weight
            if saved < cost * (1 - 1e-9):
                break
            saved -= cost
            self.latest[activity, organization] = self.twin.month
            areas = self.areas_of(activity, organization) if ACTIVITIES[activity].by_area else [None]
            rows += [Row(organization, area, cost / len(areas)) for area in areas]
        self.saved[activity] = saved
        return Delivery(activity, rows)

    def with_spare_hours(self, deliveries: list[Delivery], bought: Mapping[str, Delivery]) -> list[Delivery]:
        """Hours that readings do not need go to everything else, in proportion."""
        own = sum(row.hours for one in deliveries if one.activity not in bought for row in one.rows)
        if own == 0:
            return deliveries
        more = 1 + self.spare(bought) / own
        return [
            one
            if one.activity in bought
            else replace(one, rows=[replace(row, hours=row.hours * more) for row in one.rows])
            for one in deliveries
        ]

    def spare(self, bought: Collection[str]) -> float:
        """Hours saved for readings for which nobody is due, or which will not pay for one any more."""
        spare = 0.0
        for activity, hours in self.saved.items():
            is_kept = activity in bought and self.twin.month < self.program.months - 1
            dearest = max((one.weight for one in self.divisions.reached), default=0.0)
            kept = min(hours, self.twin.values[f"{activity}_ta_hours"] * dearest if is_kept else 0.0)
            self.saved[activity] = kept
            spare += hours - kept
        return spare

    def areas_of(self, activity: str, organization: Organization) -> list[int]:
        """Areas that an agency works on, as far as the activity is a method for one of them."""
        areas = self.divisions.areas_of(organization)
        return [area for area in areas if self.mix(area).get(activity, 0.0) > 0] or areas


def scale(parts: dict[str, Division], hours: float) -> None:
    """Spend all hours, also where areas with methods of their own do not share the same weights."""
    total = sum(sum(part.values()) for part in parts.values())
    for part in parts.values():
        for where in part:
            part[where] *= hours / total if total > 0 else 1.0


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
