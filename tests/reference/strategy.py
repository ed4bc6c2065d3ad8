"""A composed strategy: what to deliver, to whom, in which areas. It sees readings, never the hidden state."""

from __future__ import annotations

from dataclasses import dataclass, field

from capsim.catalogue import RECIPIENT_LEVELS, Composition
from capsim.parameters import Values

from .agencies import Organization

__all__ = ["Delivery", "Readings", "Strategy"]

QUARTER = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hours of one activity for one agency, in one focal area or (None) in no particular one."""

    activity: str
    organization: Organization
    area: int | None
    hours: float


@dataclass(slots=True)
class Readings:
    """Latest rubric of an agency: mean skill and routine by area, and the month it was taken."""

    skill: list[float]
    routine: list[float]
    month: int


@dataclass(slots=True)
class Strategy:
    """Divides hours by the shares of activities, and those of each activity by agency and area.

    Parameters
    ----------
    composition : Composition
    months : int
        Length of the assistance.
    budget : float
        TA hours of the whole assistance.
    recipients : list of Organization
        Agencies that may be served.

    Attributes
    ----------
    saved_hours : float
        Hours set aside for rubrics; they are bought in whole units, agency after agency.
    next_in_turn : int
        Recipient whose rubric is due.
    division : dict of (Organization, int) to float
        Share of the hours for each recipient and area.
    """

    composition: Composition
    months: int
    budget: float
    recipients: list[Organization]
    saved_hours: float = 0.0
    next_in_turn: int = 0
    division: dict[tuple[Organization, int], float] = field(default_factory=dict)
    readings_are_new: bool = True

    def decide(
        self, values: Values, month: int, hours_left: float, readings: dict[Organization, Readings]
    ) -> list[Delivery]:
        """Deliveries of the month."""
        if not self.recipients or not self.composition.activities:
            return []
        if not self.division or (self.readings_are_new and month % QUARTER == 0):
            self.divide(readings)
        hours = min(hours_left, schedule(self.composition.schedule, self.months)[month] * self.budget)
        deliveries = []
        for activity, share in self.composition.activities.items():
            deliveries += self.hand_out(values, activity, share * hours)
        return deliveries

    def hand_out(self, values: Values, activity: str, hours: float) -> list[Delivery]:
        """The month's hours of one activity."""
        if activity == "needs_assessment":
            return self.buy_rubrics(values, hours)
        if activity == "goal_setting":
            return [
                Delivery(activity, organization, None, hours * share)
                for organization, share in self.shares_of_agencies().items()
            ]
        return [
            Delivery(activity, organization, area, hours * share)
            for (organization, area), share in self.division.items()
        ]

    def shares_of_agencies(self) -> dict[Organization, float]:
        """Share of each agency over all areas."""
        shares = dict.fromkeys(self.recipients, 0.0)
        for (organization, _), share in self.division.items():
            shares[organization] += share
        return shares

    def buy_rubrics(self, values: Values, hours: float) -> list[Delivery]:
        """Save until a rubric is paid for; at most one per recipient and month."""
        unit = values["needs_assessment_ta_hours"]
        self.saved_hours += hours
        affordable = int(self.saved_hours / unit + 1e-9)
        deliveries = []
        for _ in range(min(affordable, len(self.recipients))):
            organization = self.recipients[self.next_in_turn]
            deliveries.append(Delivery("needs_assessment", organization, None, unit))
            self.next_in_turn = (self.next_in_turn + 1) % len(self.recipients)
            self.saved_hours -= unit
            self.readings_are_new = True
        return deliveries

    def divide(self, readings: dict[Organization, Readings]) -> None:
        """Plan anew who gets which share."""
        weights = {}
        for organization, need in self.weigh(readings).items():
            for area in most_needed(need, self.composition.focal_areas):
                weights[organization, area] = need[area]
        total = sum(weights.values())
        self.division = {where: weight / total for where, weight in weights.items()}
        self.readings_are_new = False

    def weigh(self, readings: dict[Organization, Readings]) -> dict[Organization, list[float]]:
        """Weight of each recipient and area: one for all, or by need."""
        areas = range(len(self.recipients[0].plan))
        if self.composition.targeting == "universal":
            return {organization: [1.0 for _ in areas] for organization in self.recipients}
        if self.composition.targeting == "need":
            return assessed_need(self.recipients, readings)
        raise NotImplementedError(f"targeting {self.composition.targeting!r}")


def assessed_need(
    recipients: list[Organization], readings: dict[Organization, Readings]
) -> dict[Organization, list[float]]:
    """1 - mean of the latest readings of skill and routine; agencies without a rubric count as average."""
    need = {
        organization: [1 - (s + r) / 2 for s, r in zip(rubric.skill, rubric.routine, strict=True)]
        for organization, rubric in readings.items()
        if organization in recipients
    }
    known = [one for needs in need.values() for one in needs]
    average = sum(known) / len(known) if known else 1.0
    nothing_known = [average] * len(recipients[0].plan)
    return {one: [max(1e-6, x) for x in need.get(one, nothing_known)] for one in recipients}


def most_needed(need: list[float], how_many: int) -> list[int]:
    """The areas of greatest need, in the order of areas; 0 asks for all."""
    by_need = sorted(range(len(need)), key=lambda area: (-need[area], area))
    return sorted(by_need[: how_many or len(need)])


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


def recipients_of(composition: Composition, organizations: list[Organization]) -> list[Organization]:
    """Agencies of the levels that a strategy serves."""
    levels = [RECIPIENT_LEVELS[name] for name in composition.recipients]
    return [organization for organization in organizations if organization.level in levels]
