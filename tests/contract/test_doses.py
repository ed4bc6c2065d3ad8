"""Hours add up: nothing for none, nothing gained by splitting or by order, nothing beyond what people can attend."""

import numpy as np
import pytest

from capsim.assistance.strategy import Delivery
from capsim.catalogue import ACTIVITIES
from tests.assistance.program_bench import (
    VALUES,
    Wish,
    accounts,
    assist,
    changed,
    deliver,
    delivery,
    idle,
    members,
    new_world,
    program_for,
)
from tests.simplest import simplest

from .agencies import CHAIN
from .by_hand import COLUMN_OF, NOTED, SMALL_DIFFERENCE, STATES, makes_ties, participants

LARGE, ONE = 2, 4
YEARLY = 50_000.0
LIMIT = VALUES["participation_limit"] * VALUES["work_hours_per_month"]


def differences(first, second, names=STATES):
    """Largest difference of each column of states."""
    return {name: float(np.abs(getattr(first, name) - getattr(second, name)).max()) for name in names}


def assert_close(first, second, names=(*STATES, "recipient_hours", "ta_hours"), tolerance=SMALL_DIFFERENCE):
    for name, difference in differences(first, second, names).items():
        assert difference <= tolerance * max(1.0, np.abs(getattr(first, name)).max()), name


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_zero_hours_do_nothing(activity):
    """Not alone, not beside hours for others, not with a cascade."""
    world, other = new_world(), new_world()
    before = idle(world)
    weights = np.ones(world.layout.n_organizations)
    program = deliver(world, delivery(activity, [0.0, 0.0], organizations=[1, ONE], cascade=weights))
    assert changed(before, world) == set()
    assert program.ledger.spent == 0.0
    assert np.isnan(program.observation.readings.skill).all()
    deliver(world := new_world(), delivery("coaching", 3.0), delivery(activity, 0.0, organizations=[LARGE, ONE]))
    deliver(other, delivery("coaching", 3.0))
    assert changed(world, other) == set()


def test_nothing_delivered_nothing_changed():
    before = idle(new_world())
    to_nobody = {"activity": "coaching", "organizations": []}
    empty = [
        Delivery(**to_nobody, hours=[], areas=[]),
        Delivery(**to_nobody, hours=[]),
        Delivery(**to_nobody, hours=5.0),
    ]
    for wish in ((), [], empty):
        world = new_world()
        assist(world, program_for(world, Wish(wish)))
        assert changed(before, world) == set()


@pytest.mark.parametrize("hours", [10.0, 3000.0])
@pytest.mark.parametrize("split", ["rows", "deliveries", "people"])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_ten_tenths_do_what_the_whole_does(activity, split, hours):
    """Also where more is asked than people can attend; ties too, as their chance is of the sum."""
    whole, parts = new_world(), new_world()
    if split == "people":
        where = {"organizations": None, "people": [members(whole, LARGE).start] * 10}
        deliver(whole, delivery(activity, hours, **where | {"people": where["people"][:1]}), yearly_hours=YEARLY)
        deliver(parts, delivery(activity, [hours / 10] * 10, **where), yearly_hours=YEARLY)
    elif split == "rows":
        row = {"organizations": [LARGE, ONE] * 10}
        deliver(whole, delivery(activity, hours, organizations=[LARGE, ONE]), yearly_hours=YEARLY)
        deliver(parts, delivery(activity, [hours / 10] * 20, **row), yearly_hours=YEARLY)
    else:
        deliver(whole, delivery(activity, hours), yearly_hours=YEARLY)
        deliver(parts, *[delivery(activity, hours / 10)] * 10, yearly_hours=YEARLY)
    assert_close(whole, parts)
    assert np.array_equal(whole.tie_to, parts.tie_to)
    assert np.array_equal(whole.areas_served, parts.areas_served)
    if set(ACTIVITIES[activity].channels) - {"group_plan"} and not makes_ties(activity):
        assert max(differences(whole, idle(new_world())).values()) > 1e-6


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_two_months_of_halves_do_what_one_month_does(activity):
    """At the same landing: readiness at its limit, no prerequisite. Handover follows people who learn in between."""
    values = simplest({"motivation_center": 0.01, "readiness_reference": 1.0, "prerequisite_slope": 0.0})
    whole, halves = new_world(values), new_world(values)
    deliver(whole, delivery(activity, 10.0, areas=1), values=values)
    program = program_for(halves, Wish([delivery(activity, 5.0, areas=1)]), values=values)
    for _ in range(2):
        assist(halves, program, values=values)
    learns = {"skill", "handover"} <= set(ACTIVITIES[activity].channels)
    assert_close(whole, halves, [name for name in STATES if name != "routine" or not learns])


def shuffled(deliveries, seed):
    return [deliveries[n] for n in np.random.Generator(np.random.Philox(seed)).permutation(len(deliveries))]


BROKERING = [(row.name, channel) for row in ACTIVITIES.values() for channel in row.channels if "_ties" in channel]
SOCIABLE = {"provider_scale": 0.0} | {f"{activity}_{channel}": 8.0 for activity, channel in BROKERING}
"""Who takes part wins a tie, as a rule."""


def everything(world, seed):
    """Every activity in random rows, half of them with a cascade, some for single people."""
    random = np.random.Generator(np.random.Philox(seed))
    deliveries = []
    for n, name in enumerate(ACTIVITIES):
        where = {"organizations": random.integers(0, world.layout.agencies, 4)}
        if n % 5 == 4:
            where = {"organizations": None, "people": random.integers(0, world.layout.center[0], 4)}
        elif n % 2:
            where["cascade"] = random.random(world.layout.n_organizations)
        areas = random.integers(-1, 3, 4)
        deliveries.append(delivery(name, 20.0 * random.random(4), areas=areas, **where))
    return deliveries


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_deliveries_does_not_matter(seed):
    """Nor does the order of rows. With room for ties, their slots may differ, but not who knows whom."""
    values = simplest(SOCIABLE)
    forward, other = new_world(values, agencies=CHAIN), new_world(values, agencies=CHAIN)
    deliveries = everything(forward, seed)
    for world, order in ((forward, deliveries), (other, shuffled(deliveries, seed))):
        world.tie_to[:], world.tie_strength[:] = -1, 0.0
        deliver(world, *order, values=values, yearly_hours=YEARLY)
    assert_close(forward, other)
    assert np.array_equal(np.sort(forward.tie_to, axis=1), np.sort(other.tie_to, axis=1))
    assert (forward.tie_to >= 0).sum() > 10
    assert np.array_equal(forward.areas_served, other.areas_served)
    for name, column in forward.columns():
        if name not in {*STATES, *NOTED, "recipient_hours", "ta_hours", "tie_to", "tie_strength"}:
            assert np.array_equal(column, dict(other.columns())[name], equal_nan=True), name


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_attendance_ends_where_the_hours_of_people_end(activity):
    """Nobody gives more than a share of the month; what is asked beyond it is lost, but charged."""
    world, more = new_world(), new_world()
    hours = 20_000.0
    deliver(world, delivery(activity, hours, organizations=[LARGE, ONE]), yearly_hours=12 * 40_000.0)
    program = deliver(more, delivery(activity, 2 * hours, organizations=[LARGE, ONE]), yearly_hours=24 * 40_000.0)
    people = np.concatenate([participants(world, activity, agency) for agency in (LARGE, ONE)])
    spent = np.zeros(len(world.person))
    spent[people] = LIMIT
    for each in (world, more):
        assert each.recipient_hours == pytest.approx(spent)
    assert program.ledger.spent == 4 * hours
    # twice the consultants may be another consultant: landing aside, what is attended is the same
    values = simplest({"provider_quality_sd": 0.0, "provider_scale": 0.0})
    first, second = new_world(values), new_world(values)
    for each, factor in ((first, 1), (second, 2)):
        wanted = delivery(activity, factor * hours, organizations=[LARGE, ONE])
        deliver(each, wanted, values=values, yearly_hours=24 * 40_000.0)
    assert_close(first, second, [*STATES, "recipient_hours"])


def test_what_is_asked_of_a_person_adds_up_over_activities():
    """A leader who is coached beside everybody's training comes to each for the same share of the time."""
    world = new_world()
    own, leads = members(world, LARGE), participants(world, "leadership_coaching", LARGE)
    staff = participants(world, "training", LARGE)
    training, coaching = 100.0, 60.0
    training_each = training / VALUES["training_ta_hours"] * VALUES["training_seats"] / len(staff)
    training_each *= VALUES["training_recipient_hours"]
    coaching_each = coaching / VALUES["leadership_coaching_ta_hours"] / len(leads)
    coaching_each *= VALUES["leadership_coaching_recipient_hours"]
    deliver(world, delivery("training", training), delivery("leadership_coaching", coaching), yearly_hours=YEARLY)
    assert training_each < LIMIT < training_each + coaching_each
    others = np.setdiff1d(staff, leads)
    assert world.recipient_hours[leads] == pytest.approx(np.full(len(leads), LIMIT))
    assert world.recipient_hours[others] == pytest.approx(np.full(len(others), training_each))
    assert world.recipient_hours[own].sum() == pytest.approx(world.recipient_hours.sum())


def test_attendance_is_the_same_for_all_that_is_asked():
    """Twice as many hours asked as fit: everything that is offered is halved."""
    values = simplest({"provider_quality_sd": 0.0, "provider_scale": 0.0})
    half, fits = new_world(values), new_world(values)
    leader = members(half, LARGE).start
    hours = LIMIT / VALUES["coaching_recipient_hours"] * VALUES["coaching_ta_hours"]
    where = {"organizations": None, "people": [leader]}
    deliver(
        half,
        delivery("coaching", hours, **where),
        delivery("coaching", hours, **where | {"areas": 1}),
        values=values,
        yearly_hours=YEARLY,
    )
    deliver(
        fits,
        delivery("coaching", hours / 2, **where),
        delivery("coaching", hours / 2, **where | {"areas": 1}),
        values=values,
        yearly_hours=YEARLY,
    )
    assert_close(half, fits, [*STATES, "recipient_hours"])
    assert half.recipient_hours[leader] == pytest.approx(LIMIT)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_seats_are_shared_by_those_who_are_there(activity):
    """Over the holders, or leaders, that there are, whether the agency is large or small."""
    world = new_world()
    hours = 0.25 * VALUES[f"{activity}_ta_hours"]
    deliver(world, delivery(activity, hours, organizations=[0, LARGE, ONE]), yearly_hours=YEARLY)
    expected = np.zeros(len(world.person))
    for agency in (0, LARGE, ONE):
        people = participants(world, activity, agency)
        seats = 0.25 * VALUES[f"{activity}_seats"]
        expected[people] = np.minimum(LIMIT, seats / len(people) * VALUES[f"{activity}_recipient_hours"])
    assert world.recipient_hours == pytest.approx(expected)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_an_activity_without_an_area_moves_nothing_in_an_area(activity):
    world = new_world()
    before = idle(world)
    deliver(world, delivery(activity, 20.0, areas=-1), yearly_hours=YEARLY)
    channels = set(ACTIVITIES[activity].channels) - {"skill", "routine", "handover", "parent_routine"}
    moved = {COLUMN_OF[channel] for channel in channels} | accounts(activity, -1)
    assert changed(before, world) <= moved | {"tie_strength", "consulted"}
