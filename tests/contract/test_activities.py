"""Every activity: what it declares moves by its formula, and nothing else in the world does."""

import numpy as np
import pytest

from capsim.catalogue import ACTIVITIES, CHANNELS
from capsim.levels import AGENCY_LEVELS
from capsim.world.slots import vacate
from tests.assistance.program_bench import VALUES, accounts, changed, deliver, delivery, idle, members, new_world
from tests.simplest import simplest

from .by_hand import COLUMN_OF, MOVES, TIES, after_delivery, assert_as_expected, makes_ties, participants
from .settled import busy_world

LARGE, ONE = 2, 4
"""A district of 20 positions below the region, and one of a single position below the state."""
EVEN = {"provider_quality_sd": 0.0, "provider_scale": 0.0}
CIRCUMSTANCES = {
    "a few hours": (9.0, {}),
    "more than people can attend": (2000.0, {}),
    "readier than ready": (9.0, {"readiness_reference": 1.0, "motivation_center": 0.05}),
    "hardly ready": (9.0, {"readiness_reference": 0.05}),
    "too many initiatives": (9.0, {"coherence_limit": 0.0, "coherence_gamma": 0.3}),
    "nothing to write down": (9.0, {"codifiable_share": 0.0}),
}


def test_there_is_arithmetic_for_every_channel():
    assert set(MOVES) == set(COLUMN_OF) == set(CHANNELS)


@pytest.mark.parametrize("area", [1, -1])
@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_the_formula_of_every_channel_and_nothing_else(activity, circumstances, area):
    hours, given = CIRCUMSTANCES[circumstances]
    values = simplest({**EVEN, **given})
    world = new_world(values)
    before = idle(world, values=values)
    expected = after_delivery(before, values, activity, [(LARGE, area, hours), (ONE, area, 0.5 * hours)])
    where = {"organizations": [LARGE, ONE], "areas": area}
    deliver(world, delivery(activity, [hours, 0.5 * hours], **where), values=values, yearly_hours=30_000.0)
    assert_as_expected(before, expected, world, besides=TIES if makes_ties(activity) else ())


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_every_declared_channel_moves(activity):
    """Or the test above would say nothing."""
    values = simplest(EVEN)
    world = new_world(values)
    before = idle(world, values=values)
    area = 1 if ACTIVITIES[activity].by_area else -1
    row = {"organizations": [LARGE, ONE], "areas": area}
    deliver(world, delivery(activity, 300.0, **row), values=values, yearly_hours=30_000.0)
    moved = {COLUMN_OF[channel] for channel in ACTIVITIES[activity].channels}
    if "tie_to" in moved:
        moved.add("tie_strength")
    assert changed(before, world) - {"consulted"} == moved | accounts(activity, area)


@pytest.mark.parametrize(
    "activity", [name for name, row in ACTIVITIES.items() if set(row.channels) - {"peer_ties", "colleague_ties"}]
)
def test_its_levels_are_those_in_which_there_is_something_to_change(activity):
    """In a world as it is built, with skill below the ceiling of the activity: a state agency has nobody above it, and
    others have no committed time.
    """
    settled, values = busy_world()
    values = {**values, f"{activity}_ceiling": 1.0}
    area = 1 if ACTIVITIES[activity].by_area else -1
    columns = {COLUMN_OF[channel] for channel in ACTIVITIES[activity].channels}
    levels = set()
    for name, code in AGENCY_LEVELS.items():
        agencies = np.flatnonzero(settled.layout.level == code)
        before, world = idle(settled.copy(), values=values), settled.copy()
        row = delivery(activity, 300.0, organizations=agencies, areas=area)
        deliver(world, row, values=values, yearly_hours=300_000.0)
        levels |= {name} if changed(before, world) & columns else set()
    assert levels == set(ACTIVITIES[activity].levels)


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_new_ties_are_those_of_participants(activity):
    world = new_world()
    before = idle(world)
    deliver(world, delivery(activity, 300.0, organizations=[LARGE, ONE]), yearly_hours=30_000.0)
    changed_rows = set(np.flatnonzero((before.tie_to != world.tie_to).any(axis=1)).tolist())
    assert changed_rows <= {int(i) for agency in (LARGE, ONE) for i in participants(before, activity, agency)}


@pytest.mark.parametrize("hours", [9.0, 500.0])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_one_person_alone(activity, hours):
    """A single participant has all the seats; the agency gains as much as if everybody had come."""
    values = simplest(EVEN)
    world = new_world(values)
    before = idle(world, values=values)
    leader = members(world, LARGE).start

    def only_the_leader(*_):
        return np.array([leader])

    expected = after_delivery(before, values, activity, [(LARGE, 1, hours)], people_of=only_the_leader)
    where = {"organizations": None, "people": [leader], "areas": 1}
    deliver(world, delivery(activity, hours, **where), values=values, yearly_hours=30_000.0)
    assert_as_expected(before, expected, world, besides=TIES if makes_ties(activity) else ())
    others = np.arange(len(world.person)) != leader
    assert np.array_equal(world.tie_to[others], before.tie_to[others])


@pytest.mark.parametrize("activity", [row.name for row in ACTIVITIES.values() if row.participants == "leaders"])
def test_leaders_only(activity):
    """Nobody else learns, changes or spends hours; an agency without its leader loses the hours."""
    world = new_world()
    before = idle(world)
    deliver(world, delivery(activity, 300.0), yearly_hours=30_000.0)
    staff = world.layout.role != 0
    for name in ("skill", "engagement", "priority", "tie_to", "recipient_hours"):
        assert np.array_equal(getattr(world, name)[staff], getattr(before, name)[staff]), name
    assert world.recipient_hours.any()


@pytest.mark.parametrize("to_people", [False, True])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_without_a_participant_the_hours_are_lost(activity, to_people):
    """Charged and entered, and nothing else happens."""
    world = new_world()
    own = members(world, LARGE)
    leaders = np.flatnonzero(world.layout.role[own] == 0) + own.start
    empty = leaders if ACTIVITIES[activity].participants == "leaders" else np.arange(own.start, own.stop)
    for i in empty.tolist():
        vacate(world, i, i + 1)
    before = idle(world)
    where = {"organizations": None, "people": [own.start]} if to_people else {}
    program = deliver(world, delivery(activity, 50.0, **where))
    assert changed(before, world) == accounts(activity) - {"recipient_hours"}
    assert program.ledger.spent == world.ta_hours[LARGE] == program.ledger.by_organization[LARGE] == 50.0
    assert program.chain[0, 0, 3].tolist() == [50.0, 0.0, 0.0]


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_nothing_lands_where_nobody_is_engaged(activity):
    world = new_world()
    world.engagement[members(world, LARGE)] = 0.0
    before = idle(world)
    program = deliver(world, delivery(activity, 50.0))
    assert changed(before, world) == accounts(activity)
    assert program.ledger.spent == 50.0


def gap_left(activity, values, engaged):
    """Share of every gap that is left in an agency whose staff is engaged to a degree, by column."""
    world = new_world(values)
    world.engagement[world.person >= 0] = engaged
    before = idle(world, values=values)
    row = {"organizations": [LARGE, ONE], "areas": 1}
    deliver(world, delivery(activity, 5.0, **row), values=values)
    targets = {"committed": 0.0, "priority": before.plan[LARGE], "plan": None, "tie_to": None}
    left = {}
    for channel in ACTIVITIES[activity].channels:
        column = COLUMN_OF[channel]
        target = targets.get(column, 1.0)
        if target is None or channel in {"handover", "parent_routine"}:
            continue
        own = participants(before, activity, LARGE) if column in {"skill", "engagement", "priority"} else LARGE
        gaps = [np.asarray(target - getattr(each, column)[own]) for each in (before, world)]
        left[column] = (gaps[1] / gaps[0]).ravel()
    return left


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_effects_are_in_proportion_to_receptivity(activity):
    """Half as engaged, half the exponent."""
    values = simplest({**EVEN, "participation_limit": 1.0})
    whole, half = (gap_left(activity, values, engaged) for engaged in (0.5, 0.25))
    for column in whole:
        assert np.log(half[column]) == pytest.approx(0.5 * np.log(whole[column]), rel=1e-6, abs=1e-12), column


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_people_learn_though_no_hours_are_asked_of_them(activity):
    """0 hours of recipients are allowed, as of a publication that is read on the train."""
    values = simplest({f"{activity}_recipient_hours": 0.0})
    world = new_world(values)
    before = idle(world, values=values)
    deliver(world, delivery(activity, 300.0, organizations=[LARGE, ONE]), values=values, yearly_hours=30_000.0)
    moved = {COLUMN_OF[channel] for channel in ACTIVITIES[activity].channels}
    assert changed(before, world) - set(TIES) == (moved - set(TIES)) | (accounts(activity) - {"recipient_hours"})
    assert VALUES[f"{activity}_recipient_hours"] > 0.0
