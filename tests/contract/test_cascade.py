"""The cascade: hours that agencies pass on are conserved, limited by their time, and as good as what they know."""

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES
from capsim.world.slots import vacate
from tests.assistance.program_bench import CENTER, ESA, LEA, SCHOOL, SEA, deliver, delivery, idle, members, new_world
from tests.simplest import simplest

from .agencies import CHAIN
from .by_hand import asked_of_each, attendance, coherence, effect_of, mean_skill, participants, readiness

STATE, EAST, WEST, LARGE, MIDDLE, SMALL = range(6)
BELOW_STATE, SCHOOLS = 7, (9, 10)
EVEN = {"provider_quality_sd": 0.0, "provider_scale": 0.0, "turnkey_ratio": 1.0, "turnkey_fidelity": 0.8}
VALUES = simplest(EVEN)
N = len(CHAIN) + 1
EVERYBODY = np.ones(N)


def only(**weights):
    """Weights of a cascade: those named, and 0."""
    column = np.zeros(N)
    for name, weight in weights.items():
        column[[row[0] for row in CHAIN].index(name.replace("_", " "))] = weight
    return column


def run(*deliveries, values=VALUES, world=None):
    world = new_world(values, agencies=CHAIN) if world is None else world
    return world, deliver(world, *deliveries, values=values, yearly_hours=120_000.0)


def from_east(activity="training", hours=1.0, weights=EVERYBODY, area=1):
    return delivery(activity, hours, organizations=[EAST], areas=area, cascade=weights)


def received(world, direct):
    """Turn-key hours of each agency."""
    got = world.ta_hours.copy()
    for agency, hours in direct.items():
        got[agency] -= hours
    return got


def capacity(world, values, agency):
    held = (world.person[members(world, agency)] >= 0).sum()
    return values["turnkey_time_share"] * values["work_hours_per_month"] * held * (1 - world.committed[agency])


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_hours_are_divided_among_children_by_weight(activity):
    """East passes an hour on for each that it got, two thirds to the one and a third to the other; none elsewhere."""
    world, program = run(from_east(activity, 2.0, only(large=0.4, middle=0.2, small=9.0, state=5.0)))
    assert received(world, {EAST: 2.0})[[LARGE, MIDDLE]] == pytest.approx([4.0 / 3.0, 2.0 / 3.0])
    assert world.ta_hours.sum() == pytest.approx(4.0)
    ledger = program.ledger
    assert ledger.turnkey_hours == pytest.approx(2.0)
    assert ledger.spent == ledger.by_organization[EAST] == 2.0
    assert ledger.by_organization.sum() == 2.0
    assert ledger.passed_on == pytest.approx(np.where(np.arange(N) == EAST, 2.0, 0.0))
    assert ledger.turnkey_cost({"turnkey_rate": 90.0}) == pytest.approx(180.0)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_level_by_level(activity):
    """From the state to regions and a district, from regions to districts, from districts to their schools."""
    hours = 0.02
    world, program = run(delivery(activity, hours, organizations=[STATE], areas=1, cascade=EVERYBODY))
    expected = np.zeros(N)
    expected[STATE] = hours
    parent = world.layout.parent
    for giver in range(N):  # parents come first
        children = np.flatnonzero(parent == giver)
        expected[children] += expected[giver] / max(1, len(children))
    assert world.ta_hours == pytest.approx(expected)
    assert program.ledger.turnkey_hours == pytest.approx(expected.sum() - hours)
    links = program.chain[0, ..., 0]
    assert links[SEA, ESA] == pytest.approx(expected[[EAST, WEST]].sum())
    assert links[SEA, LEA] == pytest.approx(expected[BELOW_STATE])
    assert links[ESA, LEA] == pytest.approx(expected[LARGE:BELOW_STATE].sum())
    assert links[LEA, SCHOOL] == pytest.approx(expected[9:].sum())
    assert links[CENTER].sum() == links[CENTER, SEA] == hours


def test_a_level_that_is_left_out_passes_nothing_on():
    world, _ = run(delivery("training", 1.0, organizations=[STATE], cascade=only(east=1.0, large_1=1.0, middle=0.0)))
    assert received(world, {STATE: 1.0}).nonzero()[0].tolist() == [EAST]


@pytest.mark.parametrize("weights", [None, np.zeros(N), only(state=1.0, small=1.0, east=1.0)])
def test_without_a_child_of_positive_weight_nothing_is_passed_on_and_nothing_spent(weights):
    world, program = run(from_east("training", 10.0, weights))
    plain, _ = run(delivery("training", 10.0, organizations=[EAST], areas=1))
    assert program.ledger.turnkey_hours == 0.0
    assert np.array_equal(world.recipient_hours, plain.recipient_hours)
    assert np.array_equal(world.ta_hours, plain.ta_hours)


@pytest.mark.parametrize("hours", [1.0, 50.0, 5000.0])
def test_staff_pass_on_in_equal_parts_of_their_own_time(hours):
    """What they pass on comes on top of what they learned, and ends at the share of their free time."""
    world = new_world(VALUES, agencies=CHAIN)
    limit, before = capacity(world, VALUES, EAST), idle(world)
    staff = participants(world, "training", EAST)
    asked = asked_of_each(VALUES, "training", hours, staff)
    learned = asked * attendance(VALUES, asked)
    _, program = run(from_east(hours=hours, weights=only(large=1.0)), world=world)
    passed = min(hours, limit)
    assert program.ledger.turnkey_hours == pytest.approx(passed)
    assert world.recipient_hours[staff] == pytest.approx(np.full(len(staff), learned + passed / len(staff)))
    assert program.ledger.recipient_hours == pytest.approx(world.recipient_hours.sum())
    assert not before.recipient_hours.any()


def test_capacity_is_shared_by_all_that_is_passed_on():
    """Over activities, areas and deliveries; the state's staff has less of it, as time is committed to compliance."""
    world = new_world(VALUES, agencies=CHAIN)
    world.committed[EAST] = 0.6
    limit = capacity(world, VALUES, EAST)
    coaching, dead_end = from_east("coaching", 100.0, only(large=1.0, middle=3.0)), from_east("webinar", 500.0, only())
    _, program = run(from_east(hours=300.0, weights=only(large=1.0)), coaching, dead_end, world=world)
    assert program.ledger.turnkey_hours == pytest.approx(limit)
    got = received(world, {EAST: 900.0})
    assert got[[LARGE, MIDDLE]] == pytest.approx([limit * (0.75 + 0.0625), limit * 0.1875])


def test_an_agency_in_the_middle_is_limited_too():
    world = new_world(VALUES, agencies=CHAIN)
    world.committed[EAST] = 0.999
    _, program = run(delivery("training", 20.0, organizations=[STATE], areas=1, cascade=EVERYBODY), world=world)
    got = received(world, {STATE: 20.0})
    assert got[EAST] == pytest.approx(20.0 / 3.0)
    assert got[LARGE] == got[MIDDLE] == pytest.approx(capacity(world, VALUES, EAST) / 2)
    assert got[SMALL] == pytest.approx(10.0 / 3.0)
    assert program.ledger.turnkey_hours == pytest.approx(got.sum())


def test_nobody_there_nobody_passes_on():
    world = new_world(VALUES, agencies=CHAIN)
    vacate(world, members(world, EAST).start, members(world, EAST).stop)
    _, program = run(from_east(hours=20.0), world=world)
    assert program.ledger.turnkey_hours == 0.0
    assert world.ta_hours.sum() == 20.0


@pytest.mark.parametrize("area", [1, -1])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_what_arrives_is_as_good_as_what_staff_know(activity, area):
    """Fidelity times mastery instead of a consultant's quality; without an area the mean of mastery counts."""
    hours = 0.05
    values = simplest({**EVEN, "expert_skill": 0.6, "caseload_limit": 1, "caseload_loss": 2.0})
    world = new_world(values, agencies=CHAIN)
    world.skill[members(world, EAST), 0] = 0.9  # more than an expert in one area counts in the mean
    known = mean_skill(world, EAST)
    mastery = min(1.0, (known[area] if area >= 0 else known.mean()) / 0.6)
    asks = ACTIVITIES[activity].tier != "universal"
    receptive = readiness(world, values, activity, LARGE, area)
    receptive *= coherence(world, values, LARGE, int(area >= 0 and asks))
    before = idle(world, values=values)
    _, program = run(from_east(activity, hours, only(large=1.0), area), values=values, world=world)
    delivered, landed, _ = program.chain[0, ESA, LEA]
    quality = 0.8 * mastery
    assert delivered == pytest.approx(hours)
    people = participants(before, activity, LARGE)
    present = attendance(values, asked_of_each(values, activity, hours, people))
    assert landed == pytest.approx(delivered * receptive * quality * present)
    if "skill" in ACTIVITIES[activity].channels and area >= 0:
        each = hours / values[f"{activity}_ta_hours"] * values[f"{activity}_seats"] / len(people)
        exponent = effect_of(values, activity, "skill") * each * present * receptive * quality
        left = (1 - world.skill[people, area]) / (1 - before.skill[people, area])
        assert left == pytest.approx(np.exp(-exponent))


def test_masters_lose_only_the_fidelity():
    values = simplest({**EVEN, "expert_skill": 0.3})
    world = new_world(values, agencies=CHAIN)
    world.skill[members(world, EAST)] = 0.9
    receptive = readiness(world, values, "training", LARGE, 1) * coherence(world, values, LARGE, 1)
    _, program = run(from_east(hours=0.01, weights=only(large=1.0)), values=values, world=world)
    delivered, landed, _ = program.chain[0, ESA, LEA]
    assert landed == pytest.approx(delivered * 0.8 * receptive)


def test_areas_served_count_what_is_passed_on():
    direct = delivery("coaching", 1.0, organizations=[LARGE, LARGE], areas=[0, 1])
    world, _ = run(from_east(area=2), from_east(area=1), direct)
    assert world.areas_served[[EAST, LARGE, MIDDLE]].tolist() == [2, 3, 2]


def test_cascades_with_different_weights_stay_apart():
    world, _ = run(from_east(hours=1.0, weights=only(large=1.0)), from_east(hours=2.0, weights=only(middle=1.0)))
    assert received(world, {EAST: 3.0})[[LARGE, MIDDLE]] == pytest.approx([1.0, 2.0])


def test_schools_that_get_from_two_givers():
    """Hours from above add up, whoever passes them on; a school's own consultants come on top."""
    own = delivery("training", 4.0, organizations=[9], areas=1)
    below_large = delivery("training", 2.0, organizations=[LARGE], areas=1, cascade=only(large_1=1.0, large_2=1.0))
    world, program = run(from_east(hours=1.0, weights=only(large=1.0, large_1=1.0)), below_large, own)
    got = received(world, {EAST: 1.0, LARGE: 2.0, 9: 4.0})
    assert got[LARGE] == pytest.approx(1.0)
    assert got[list(SCHOOLS)] == pytest.approx([1.0 + 1.0, 1.0])
    assert program.ledger.by_organization[[EAST, LARGE, 9]].tolist() == [1.0, 2.0, 4.0]
    assert program.chain[0, CENTER, SCHOOL, 0] == 4.0
