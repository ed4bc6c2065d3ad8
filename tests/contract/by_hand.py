"""What an activity does to a world, in plain arithmetic: one row of one activity for each of some agencies."""

import math
from dataclasses import dataclass

import numpy as np

from capsim.catalogue import ACTIVITIES
from tests.assistance.program_bench import NOTED, members

SMALL_DIFFERENCE = 1e-12
COLUMN_OF = {
    "skill": "skill",
    "engagement": "engagement",
    "goals": "priority",
    "routine": "routine",
    "culture": "culture",
    "data_systems": "data_systems",
    "resource_alignment": "resource_alignment",
    "commitment": "committed",
    "handover": "routine",
    "parent_plan": "plan",
    "group_plan": "plan",
    "parent_routine": "routine",
    "peer_ties": "tie_to",
    "expert_ties": "tie_to",
    "trainer_ties": "tie_to",
    "colleague_ties": "tie_to",
}
"""Column of the world that each channel moves."""
STATES = tuple(dict.fromkeys(column for column in COLUMN_OF.values() if column != "tie_to"))
TIES = ("tie_to", "tie_strength", "consulted")


@dataclass
class Landing:
    """One row as it arrives: units for each participant and for the agency, attendance and receptivity in them."""

    agency: int
    area: int
    people: np.ndarray
    each: np.ndarray
    units: float
    together: list


def participants(world, activity, agency):
    """Positions of those who take the seats."""
    rows = np.arange(len(world.person))[members(world, agency)]
    rows = rows[world.person[rows] >= 0]
    return rows[world.layout.role[rows] == 0] if ACTIVITIES[activity].participants == "leaders" else rows


def mean_skill(world, agency):
    """By area, over all positions; a vacancy counts as zero."""
    own = members(world, agency)
    return world.skill[own].sum(axis=0) / (own.stop - own.start)


def readiness(world, values, activity, agency, area):
    """Motivation times general capacity times specific capacity, each relative to a median agency."""
    own = members(world, agency)
    held = world.person[own] >= 0
    motivation = world.engagement[own][held].mean() / values["motivation_center"]
    general = (world.culture[agency] * held.mean() * world.data_systems[agency]) ** (1 / 3)
    state = {"skill": mean_skill(world, agency), "routine": world.routine[agency]}[ACTIVITIES[activity].prerequisite_of]
    center = values[{"skill": "baseline_people", "routine": "baseline_routine"}[ACTIVITIES[activity].prerequisite_of]]
    here, prerequisite = state[area] if area >= 0 else state.mean(), values[f"{activity}_prerequisite"]

    def able(x, prerequisite):
        return 1 / (1 + math.exp(-values["prerequisite_slope"] * (x - prerequisite)))

    specific = able(here, prerequisite) / able(center, ACTIVITIES[activity].prerequisite)
    product = motivation * general / values["general_capacity_center"] * specific
    return min(1.0, values["readiness_reference"] * product)


def coherence(world, values, agency, areas):
    too_many = areas + world.outside_initiatives[agency] - values["coherence_limit"]
    return 1 / (1 + values["coherence_gamma"] * max(0.0, too_many))


def asked_of_each(values, activity, hours, people):
    units = hours / values[f"{activity}_ta_hours"] * values[f"{activity}_seats"] / len(people)
    return units * values[f"{activity}_recipient_hours"]


def attendance(values, asked):
    limit = values["participation_limit"] * values["work_hours_per_month"]
    return min(1.0, limit / asked) if asked > 0 else 1.0


def closed(x, exponent, target=1.0):
    return x + (1 - math.exp(-exponent)) * (target - x)


def land(world, values, activity, rows, quality=1.0, people_of=participants):
    """Rows (agency, area, hours) as they arrive, each in an agency of its own."""
    landings, asks = [], ACTIVITIES[activity].tier != "universal"  # a publication asks nobody to work on its area
    for agency, area, hours in rows:
        people = people_of(world, activity, agency)
        if not len(people):
            continue
        units = hours / values[f"{activity}_ta_hours"]
        landed = readiness(world, values, activity, agency, area) * quality
        landed *= coherence(world, values, agency, int(area >= 0 and asks))
        landed *= attendance(values, asked_of_each(values, activity, hours, people))
        each = np.full(len(people), units * values[f"{activity}_seats"] / len(people) * landed)
        team = min(1.0, values[f"{activity}_seats"] / len(people)) ** values["team_exponent"]
        landings.append(Landing(agency, area, people, each, units * team * landed, [row[0] for row in rows]))
    return landings


def _skill(before, after, row, effect, values):
    for i, each in zip(row.people, row.each, strict=True):
        if row.area >= 0:
            after.skill[i, row.area] = closed(before.skill[i, row.area], effect * each)


def _engagement(before, after, row, effect, values):
    for i, each in zip(row.people, row.each, strict=True):
        after.engagement[i] = closed(before.engagement[i], effect * each)


def _goals(before, after, row, effect, values):
    for i, each in zip(row.people, row.each, strict=True):
        after.priority[i] = closed(before.priority[i], effect * each, before.plan[row.agency])


def _of_agency(column):
    def move(before, after, row, effect, values):
        getattr(after, column)[row.agency] = closed(getattr(before, column)[row.agency], effect * row.units)

    return move


def _routine(before, after, row, effect, values):
    if row.area >= 0:
        after.routine[row.agency, row.area] = closed(before.routine[row.agency, row.area], effect * row.units)


def _commitment(before, after, row, effect, values):
    after.committed[row.agency] = closed(before.committed[row.agency], effect * row.units, 0.0)


def _handover(before, after, row, effect, values):
    """From what staff knew before, on top of what the routine has gained."""
    if row.area >= 0:
        written = values["codifiable_share"] * mean_skill(before, row.agency)[row.area]
        now = after.routine[row.agency, row.area]
        after.routine[row.agency, row.area] = closed(now, effect * row.units, max(now, written))


def _parent_plan(before, after, row, effect, values):
    parent = before.layout.parent[row.agency]
    if parent >= 0:
        after.plan[row.agency] = closed(before.plan[row.agency], effect * row.units, before.plan[parent])


def _group_plan(before, after, row, effect, values):
    common = before.plan[row.together].mean(axis=0)
    after.plan[row.agency] = closed(before.plan[row.agency], effect * row.units, common)


def _parent_routine(before, after, row, effect, values):
    parent, area = before.layout.parent[row.agency], row.area
    if parent >= 0 and area >= 0:
        share = row.units / (before.layout.parent == parent).sum()
        after.routine[parent, area] = closed(before.routine[parent, area], effect * share)


def _nothing(before, after, row, effect, values):
    """Ties come by chance: test_brokering.py."""


MOVES = {
    "skill": _skill,
    "engagement": _engagement,
    "goals": _goals,
    "routine": _routine,
    "culture": _of_agency("culture"),
    "data_systems": _of_agency("data_systems"),
    "resource_alignment": _of_agency("resource_alignment"),
    "commitment": _commitment,
    "handover": _handover,
    "parent_plan": _parent_plan,
    "group_plan": _group_plan,
    "parent_routine": _parent_routine,
    "peer_ties": _nothing,
    "expert_ties": _nothing,
    "trainer_ties": _nothing,
    "colleague_ties": _nothing,
}
"""What each channel does, in the order in which it happens."""


def effect_of(values, activity, channel):
    """Share of the gap that one unit closes."""
    if channel == "skill":
        return values[f"{activity}_knowledge"] * values[f"{activity}_transfer"]
    return values[f"{activity}_{channel}"]


def after_delivery(before, values, activity, rows, quality=1.0, people_of=participants):
    """The world after one month with these rows (agency, area, hours), of which no two share agency or parent."""
    after = before.copy()
    landings = land(before, values, activity, rows, quality, people_of)
    for row, (agency, area, hours) in zip(landings, rows, strict=True):
        for channel, move in MOVES.items():
            if channel in ACTIVITIES[activity].channels:
                move(before, after, row, effect_of(values, activity, channel), values)
        asked = asked_of_each(values, activity, hours, row.people)
        after.recipient_hours[row.people] = asked * attendance(values, asked)
        after.ta_hours[agency] = hours
        on_an_area = area >= 0 and ACTIVITIES[activity].tier != "universal"
        after.areas_served[agency] = int(on_an_area)
        after.load[agency] = float(on_an_area)
    return after


def assert_as_expected(before, expected, world, *, besides=()):
    """What was to move is where it should be, and everything else is bit-equal, except the columns named."""
    for (name, was), (_, wanted), (_, column) in zip(
        before.columns(), expected.columns(), world.columns(), strict=True
    ):
        if name in besides or name in NOTED:
            continue
        if np.array_equal(was, wanted, equal_nan=True):
            assert np.array_equal(column, was, equal_nan=True), name
        else:
            assert np.abs(column - wanted).max() <= SMALL_DIFFERENCE * max(1.0, wanted.max()), name


def makes_ties(activity):
    return any(channel.endswith("_ties") for channel in ACTIVITIES[activity].channels)
