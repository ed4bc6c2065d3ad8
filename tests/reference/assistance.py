"""Technical assistance: the strategy decides, consultants and staff deliver, and instruments are read."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from capsim.catalogue import ACTIVITIES, Recipe

from .agencies import Organization
from .brokering import TIE_CHANNELS, broker, group_of, groups_of
from .capacities import mean
from .cascade import Cascade
from .center import open_or_close
from .composition import Strategy
from .delivery import Delivery, Work, possible
from .effects import Effects, effect
from .feedback import Feedback
from .instruments import Readings, lateness, read, read_interest, read_self_rating
from .living import LivingCenter
from .offerings import Offerings
from .people import Person
from .receptivity import Receptivity, Snapshot
from .rules import form
from .tools import show_tools
from .wishes import follow_wishes, listen, mixed_as_agreed

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Plan", "Program", "assistance"]

Plan: TypeAlias = "Callable[[Twin], list[Delivery]]"
"""Any other strategy: what to deliver this month."""


class Program:
    """The assistance of one run: a strategy, its consultants, its instruments and its account of hours.

    Attributes
    ----------
    readings : dict of Organization to Readings
    paid : dict of (Organization, str) to float
        TA hours paid toward the next reading, by instrument.
    codesigned : dict of Organization to float
        Units of co-design, at most 1.
    full_time, consultants : float, int
        Of the whole program, also where only a sample of its districts is in the world: full-time posts, and people.
    budget, spent : float
        TA hours of the whole assistance; those delivered by consultants so far. All hours of the program are those of
        the agencies for which the ones in the world stand.
    hours_of : dict of Organization to float
        The same by agency.
    passed_on : dict of Organization to float
        Hours that its staff spent on passing on.
    dollars : float
        Travel, venues and printing so far.
    turnkey_hours, recipient_hours : float
        Hours that agencies got from other agencies, and hours that staff spent, so far.
    """

    def __init__(self, twin: Twin, strategy: Recipe | Plan, *, months: int, yearly_hours: float) -> None:
        self.months = months
        self.budget = yearly_hours * months / 12
        self.spent = self.turnkey_hours = self.recipient_hours = self.dollars = 0.0
        self.hours_of = dict.fromkeys(twin.organizations, 0.0)
        self.passed_on = dict.fromkeys(twin.organizations, 0.0)
        self.readings = {organization: Readings() for organization in twin.organizations}
        self.paid: dict[tuple[Organization, str], float] = {}
        self.codesigned = dict.fromkeys(twin.organizations, 0.0)
        self.full_time = max(1.0, yearly_hours / twin.values["consultant_hours_per_year"])
        self.consultants = math.ceil(self.full_time - 1e-9)
        self.offerings, self.feedback = Offerings(twin), Feedback(twin)
        self.living = None
        if isinstance(strategy, Recipe) and strategy.center is not None:
            self.living = LivingCenter(twin, strategy.center, months, self.full_time)
        self.decide: Plan = Strategy(strategy, twin, self) if isinstance(strategy, Recipe) else strategy

    @property
    def hours_left(self) -> float:
        """TA hours left."""
        return max(0.0, self.budget - self.spent)

    @property
    def posts(self) -> int:
        """Consultants among whom the agencies of a month are dealt."""
        return self.consultants if self.living is None else self.living.positions

    def consultant_of(self, organization: Organization) -> int:
        """Consultants are dealt to agencies by identity, whatever the strategy."""
        return organization.identity % self.consultants


def assistance(twin: Twin) -> None:
    """One month of technical assistance; without it, only last month's hours are cleared."""
    clear_hours(twin)
    open_or_close(twin)
    program = twin.program
    if not 0 <= twin.month < program.months:
        return
    if program.living is not None:
        program.living.live()
    snapshots = {organization: Snapshot.of(organization) for organization in twin.organizations}
    if twin.month % 12 == 0:
        program.feedback.ask()
        for organization in twin.organizations:
            read_interest(twin, organization, snapshots[organization])
            read_self_rating(twin, organization, snapshots[organization])
    deliveries = program.decide(twin)
    if twin.values["codesign_wish"] > 0:
        follow_wishes(twin)
        deliveries = mixed_as_agreed(twin, deliveries)
        listen(twin)
    deliveries = [possible(delivery) for delivery in deliveries]
    cascade = Cascade.of(twin, deliveries)
    count_areas(cascade.work)
    count_load(twin, cascade.work)
    program.offerings.meet(cascade.work)
    hazards = deliver(twin, cascade.work, snapshots)
    groups = groups_of(twin, cascade.work)
    for name in dict.fromkeys(delivery.activity for delivery in deliveries):
        broker(twin, ACTIVITIES[name], hazards.get(name, {}), groups.get(name, []))
    for giver, hours in cascade.spent.items():
        for person in giver.holders:
            person.recipient_hours += hours / len(giver.holders)
        program.passed_on[giver] += hours * giver.weight
    show_tools(twin, cascade.work)
    take_readings(twin, cascade.work, snapshots)
    keep_account(twin, cascade.work)
    if program.living is not None:
        program.living.learn(cascade.work)


def clear_hours(twin: Twin) -> None:
    """A new account of the month."""
    for person in twin.people:
        person.recipient_hours = 0.0
        person.practice = [0.0] * twin.n_areas
    for organization in twin.organizations:
        organization.ta_hours = organization.load = 0.0
        organization.areas_served = 0
        organization.supported = [False] * twin.n_areas


def count_areas(work: list[Work]) -> None:
    """On how many areas each agency is helped at once. What is for everybody asks nobody to work on an area."""
    helped = {(one.organization, one.row.area) for one in work if one.row.area is not None and one.asks_for_work}
    for organization, _ in helped:
        organization.areas_served += 1


def count_load(twin: Twin, work: list[Work]) -> None:
    """How many initiatives the help amounts to, by areas or by the hours that it asks of people."""
    load: dict[Organization, dict[int | None, float]] = {one: {} for one in twin.organizations}
    for one in work:
        area, hours = one.row.area, sum(hours_asked(twin, one).values())
        if hours == 0:
            continue
        per_person = hours / len(one.organization.holders)
        if area is not None:
            one.organization.helped[area] += per_person
        if one.asks_for_work:
            load[one.organization][area] = load[one.organization].get(area, 0.0) + per_person
    for organization, hours_of in load.items():
        if form(twin.values, "load") == "areas":
            organization.load = float(organization.areas_served)
        else:
            organization.load = sum(min(1.0, one / twin.values["initiative_hours"]) for one in hours_of.values())


def units(twin: Twin, one: Work) -> float:
    """Units of the activity that the hours buy."""
    return one.row.hours / twin.values[f"{one.activity.name}_ta_hours"]


def units_each(twin: Twin, one: Work) -> dict[Person, float]:
    """Units for each participant; seats beyond the staff are repeated sessions.

    All get the same, or more the more they work on the area.
    """
    people = one.participants
    if not people:
        return {}
    average = units_on_average(twin, one)
    if form(twin.values, "participation") == "alike" or one.row.area is None or one.row.position is not None:
        return dict.fromkeys(people, average)
    attending = mean([person.attention[one.row.area] for person in people])
    if attending == 0:
        return dict.fromkeys(people, average)
    return {person: average * person.attention[one.row.area] / attending for person in people}


def units_on_average(twin: Twin, one: Work) -> float:
    """Units for a participant on average: what is of no area (engagement, priorities, ties) everybody gets alike."""
    return units(twin, one) * twin.values[f"{one.activity.name}_seats"] / len(one.participants)


def hours_asked(twin: Twin, one: Work) -> dict[Person, float]:
    """Hours that a row asks of each participant."""
    hours = twin.values[f"{one.activity.name}_recipient_hours"]
    return {person: each * hours for person, each in units_each(twin, one).items()}


def attendance(twin: Twin, work: list[Work]) -> dict[Person, float]:
    """Share of what is asked of them this month that people can come to."""
    asked = dict.fromkeys(twin.people, 0.0)
    for one in work:
        for person, hours in hours_asked(twin, one).items():
            asked[person] += hours
    possible = twin.values["participation_limit"] * twin.values["work_hours_per_month"]
    return {person: min(1.0, possible / hours) if hours > 0 else 1.0 for person, hours in asked.items()}


def team(twin: Twin, one: Work) -> float:
    """Part of an agency that one team can change, where the size of an agency matters."""
    seats = twin.values[f"{one.activity.name}_seats"]
    return min(1.0, seats / len(one.participants)) ** twin.values["team_exponent"]


def deliver(twin: Twin, work: list[Work], snapshots: dict[Organization, Snapshot]) -> dict[str, dict[Person, float]]:
    """People take part, and states move. Returns how much they met each other, by activity."""
    receptivity, attends = Receptivity(twin, work, snapshots), attendance(twin, work)
    groups, effects = groups_of(twin, work), Effects(twin, snapshots)
    hazards: dict[str, dict[Person, float]] = {}
    for one in work:
        participants = one.participants
        if not participants:
            twin.program.feedback.count(one, 0.0, 0.0)
            continue
        landing, each = receptivity.of(one), units_each(twin, one)
        hazard = hazards.setdefault(one.activity.name, {})
        for person in participants:
            dose = each[person] * attends[person]
            hours = dose * twin.values[f"{one.activity.name}_recipient_hours"]
            person.recipient_hours += hours
            if one.row.area is not None and one.asks_for_work:
                person.practice[one.row.area] += hours
            effects.teach_person(one, person, dose, landing)
            alike = units_on_average(twin, one) * attends[person] * landing
            effects.count_person(one, person, alike)
            for channel in TIE_CHANNELS:
                met = effect(twin, one.activity, channel) * alike
                hazard[person] = hazard.get(person, 0.0) + met
        present = mean([attends[person] for person in participants])
        twin.program.feedback.count(one, present, landing)
        dose = units(twin, one) * present * landing * team(twin, one)
        effects.count_organization(one, dose, group_of(one.organization, groups[one.activity.name]))
    effects.happen()
    return hazards


def take_readings(twin: Twin, work: list[Work], snapshots: dict[Organization, Snapshot]) -> None:
    """Whole units of some activities buy a reading; the expert's score is what counts when a rubric comes with it."""
    program = twin.program
    direct = [one for one in work if one.is_direct]
    for one in direct:
        if one.activity.name == "codesign":
            program.codesigned[one.organization] = min(1.0, program.codesigned[one.organization] + units(twin, one))
        if one.activity.yields:
            account = one.organization, one.activity.yields
            program.paid[account] = program.paid.get(account, 0.0) + one.row.hours
    price = {
        activity.yields: twin.values[f"{activity.name}_ta_hours"] for activity in ACTIVITIES.values() if activity.yields
    }
    for kind in ("rubric", "expert", "screening", "stocktake", "sustainability"):
        for organization in twin.organizations:
            paid = program.paid.get((organization, kind), 0.0)
            if paid >= price[kind] * (1 - 1e-9):
                read(twin, kind, organization, snapshots[organization])
                if kind == "stocktake":
                    follow_stocktake(twin, organization)
                program.paid[organization, kind] = paid - price[kind] * math.floor(paid / price[kind] + 1e-9)


def follow_stocktake(twin: Twin, organization: Organization) -> None:
    """The plan shifts to what is red, the more the further, and resources with it."""
    late = lateness(twin.program.readings[organization].behind)
    if sum(late) > 0:
        share = twin.values["stocktake_response"] * min(1.0, max(late) / 0.05)
        organization.plan = [
            (1 - share) * old + share * one / sum(late) for old, one in zip(organization.plan, late, strict=True)
        ]


def keep_account(twin: Twin, work: list[Work]) -> None:
    """Who worked and who took part, for how long."""
    program = twin.program
    for one in work:
        one.organization.ta_hours += one.row.hours
        if one.is_direct:
            program.spent += one.whole_hours
            program.hours_of[one.organization] += one.whole_hours
            price = twin.values[f"{one.activity.name}_dollars"]
            program.dollars += units(twin, one) * one.organization.weight * price
        else:
            program.turnkey_hours += one.whole_hours
    program.recipient_hours += sum(
        person.recipient_hours * one.weight for one in twin.organizations for person in one.holders
    )
