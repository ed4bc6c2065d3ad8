"""Technical assistance: the strategy decides, consultants deliver, and what lands depends on the agency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from capsim.catalogue import ACTIVITIES, Activity, Composition

from .agencies import Organization
from .capacities import filled_share, mean, mean_skill
from .people import Person
from .strategy import Delivery, Readings, Strategy, recipients_of

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Program", "assistance"]


class Program:
    """The assistance of one run: a strategy, its consultants, its rubrics and its account of hours.

    Attributes
    ----------
    quality : dict of Organization to float
        Of the consultant who serves the agency; mean 1.
    readings : dict of Organization to Readings
    budget, spent, recipient_hours : float
        TA hours of the whole assistance; TA hours and hours of recipients so far.
    """

    def __init__(self, twin: Twin, composition: Composition, *, months: int, yearly_hours: float) -> None:
        self.months = months
        self.budget = yearly_hours * months / 12
        self.spent = self.recipient_hours = 0.0
        self.readings: dict[Organization, Readings] = {}
        self.quality = provider_quality(twin, yearly_hours)
        recipients = recipients_of(composition, twin.organizations)
        self.strategy = Strategy(composition, months, self.budget, recipients)

    @property
    def hours_left(self) -> float:
        """TA hours left."""
        return max(0.0, self.budget - self.spent)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What assistance meets in an agency when the month's work begins.

    Receptivity rests on it alone, so that the order of deliveries does not matter for what lands.

    Attributes
    ----------
    skill, routine : list of float
        By area.
    coherent_quality : float
        Provider quality times coherence.
    readiness : float
        The factors of readiness that are the same for all activities: motivation and general capacity.
    """

    skill: list[float]
    routine: list[float]
    coherent_quality: float
    readiness: float


def assistance(twin: Twin) -> None:
    """One month of technical assistance; without it, only last month's hours are cleared."""
    clear_hours(twin)
    program = twin.program
    if not 0 <= twin.month < program.months:
        return
    deliveries = program.strategy.decide(twin.values, twin.month, program.hours_left, program.readings)
    count_areas(deliveries)
    served = dict.fromkeys(delivery.organization for delivery in deliveries if delivery.hours > 0)
    snapshots = {organization: take_snapshot(twin, organization) for organization in served}
    for delivery in deliveries:
        if delivery.hours > 0:
            deliver(twin, delivery, snapshots[delivery.organization])
            program.spent += delivery.hours
    program.recipient_hours += sum(person.recipient_hours for person in twin.people)


def clear_hours(twin: Twin) -> None:
    """A new account of the month."""
    for person in twin.people:
        person.recipient_hours = 0.0
    for organization in twin.organizations:
        organization.ta_hours = 0.0
        organization.areas_served = 0


def count_areas(deliveries: list[Delivery]) -> None:
    """On how many areas each agency is helped at once."""
    helped = {(one.organization, one.area) for one in deliveries if one.hours > 0 and one.area is not None}
    for organization, _ in helped:
        organization.areas_served += 1


def provider_quality(twin: Twin, yearly_hours: float) -> dict[Organization, float]:
    """Consultants differ (lognormal, mean 1) and are dealt to agencies by identity, whatever the strategy."""
    consultants = max(1, math.ceil(yearly_hours / twin.values["consultant_hours_per_year"]))
    sd = twin.values["provider_quality_sd"]

    def quality(consultant: int) -> float:
        (draw,) = twin.luck.numbers("consultants", 1, identity=consultant, row=0, month=0)
        z = NormalDist().inv_cdf(min(1 - 1e-12, max(1e-12, draw)))
        return math.exp(sd * z - sd * sd / 2)

    return {one: quality(one.identity % consultants) for one in twin.organizations}


def take_snapshot(twin: Twin, organization: Organization) -> Snapshot:
    """The agency before this month's deliveries."""
    values = twin.values
    initiatives = organization.areas_served + values["outside_initiatives"]
    excess = max(0.0, initiatives - values["coherence_limit"])
    coherence = 1 / (1 + values["coherence_gamma"] * excess)
    motivation = general = 0.0
    if organization.holders:
        motivation = mean([person.engagement for person in organization.holders])
        general = (organization.culture * filled_share(organization) * organization.data_systems) ** (1 / 3)
    return Snapshot(
        skill=mean_skill(organization),
        routine=list(organization.routine),
        coherent_quality=coherence * twin.program.quality[organization],
        readiness=values["readiness_reference"]
        * (motivation / values["motivation_center"])
        * (general / values["general_capacity_center"]),
    )


def receptivity(twin: Twin, delivery: Delivery, snapshot: Snapshot) -> float:
    """How much of an activity lands: readiness (at most 1) x coherence x provider quality."""
    readiness = snapshot.readiness * specific_capacity(twin, delivery, snapshot)
    return min(1.0, readiness) * snapshot.coherent_quality


def specific_capacity(twin: Twin, delivery: Delivery, snapshot: Snapshot) -> float:
    """Is what the activity builds on there? Relative to an agency at the baseline."""
    values = twin.values
    if ACTIVITIES[delivery.activity].prerequisite_of == "routine":
        state, baseline = snapshot.routine, values["baseline_routine"]
    else:
        state, baseline = snapshot.skill, values["baseline_people"]
    has = mean(state) if delivery.area is None else state[delivery.area]
    needs = values[f"{delivery.activity}_prerequisite"]

    def logistic(x: float) -> float:
        return 1 / (1 + math.exp(-values["prerequisite_slope"] * (x - needs)))

    return logistic(has) / logistic(baseline)


def deliver(twin: Twin, delivery: Delivery, snapshot: Snapshot) -> None:
    """Consultants do their work: hours are spent, participants take part, states move."""
    activity, organization = ACTIVITIES[delivery.activity], delivery.organization
    organization.ta_hours += delivery.hours
    if activity.name == "needs_assessment":
        twin.program.readings[organization] = read_rubric(twin, organization, snapshot)
    participants = organization.leaders if activity.participants == "leaders" else organization.holders
    if not participants:
        return
    dose = delivery.hours / twin.values[f"{activity.name}_ta_hours"]
    landing = receptivity(twin, delivery, snapshot)
    each = dose * twin.values[f"{activity.name}_seats"] / len(participants)
    for person in participants:
        person.recipient_hours += each * twin.values[f"{activity.name}_recipient_hours"]
        help_person(twin, activity, person, delivery.area, each * landing)
    help_organization(twin, activity, organization, delivery.area, dose * landing)


def effect(twin: Twin, activity: Activity, channel: str) -> float:
    """Share of the gap that one unit closes at receptivity 1; 0 for what the activity does not touch."""
    if channel not in activity.channels:
        return 0.0
    if channel == "skill":
        return twin.values[f"{activity.name}_knowledge"] * twin.values[f"{activity.name}_transfer"]
    return twin.values[f"{activity.name}_{channel}"]


def closed(effect_and_dose: float) -> float:
    """Share of a gap that is closed; splitting a dose does not change what it does in sum."""
    return 1 - math.exp(-effect_and_dose)


def help_person(twin: Twin, activity: Activity, person: Person, area: int | None, dose: float) -> None:
    """Skill and engagement rise, priorities move toward the plan."""
    if area is not None:
        person.skill[area] += closed(effect(twin, activity, "skill") * dose) * (1 - person.skill[area])
    person.engagement += closed(effect(twin, activity, "engagement") * dose) * (1 - person.engagement)
    toward_plan = closed(effect(twin, activity, "goals") * dose)
    person.priority = [
        own + toward_plan * (plan - own) for own, plan in zip(person.priority, person.organization.plan, strict=True)
    ]


def help_organization(
    twin: Twin, activity: Activity, organization: Organization, area: int | None, dose: float
) -> None:
    """Routines and culture rise."""
    if area is not None:
        gap = 1 - organization.routine[area]
        organization.routine[area] += closed(effect(twin, activity, "routine") * dose) * gap
    organization.culture += closed(effect(twin, activity, "culture") * dose) * (1 - organization.culture)


def read_rubric(twin: Twin, organization: Organization, snapshot: Snapshot) -> Readings:
    """What a facilitated consensus sees: the truth plus noise, twice as much without data about oneself."""
    sd = twin.values["rubric_noise_sd"] * (2 - organization.data_systems)
    draws = twin.draws("assistance", organization, 2 * twin.n_areas)
    skill, routine = [], []
    for area in range(twin.n_areas):
        one, other = normal_pair(draws[2 * area], draws[2 * area + 1])
        skill.append(min(1.0, max(0.0, snapshot.skill[area] + sd * one)))
        routine.append(min(1.0, max(0.0, snapshot.routine[area] + sd * other)))
    return Readings(skill, routine, twin.month)


def normal_pair(one: float, other: float) -> tuple[float, float]:
    """Two standard normal numbers from two uniform ones (Box and Muller 1958)."""
    radius, angle = math.sqrt(-2 * math.log(1 - one)), 2 * math.pi * other
    return radius * math.cos(angle), radius * math.sin(angle)
