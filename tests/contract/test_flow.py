"""Where hours are lost: the factors of every strategy multiply to what landed, and everybody is counted once."""

import numpy as np
import pytest

from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.flow import (
    ABLE,
    ATTENDED,
    CLEAR,
    COHERENT,
    DECLINED,
    LANDED,
    MET,
    NOBODY,
    NOT_CHOSEN,
    OFFERED,
    OUTSIDE,
    READY,
    SATURATED,
    SCREENED,
    SERVED,
    STATUS,
    USED,
    WAITING,
)
from capsim.catalogue import ACTIVITIES, Recipe
from capsim.engine.recorder import HOLDERS, HOURS, LEAVERS
from capsim.levels import Level
from capsim.world.slots import vacate
from tests.assistance.program_bench import CENTER, LEA, Wish, assist, deliver, delivery, new_world, program_for
from tests.simplest import simplest

from .agencies import CHAIN
from .settled import MONTHS, busy_world, history, simulation
from .strategies import ALL, fresh

EVEN = {"provider_quality_sd": 0.0, "provider_scale": 0.0}
LARGE = 3


@pytest.mark.parametrize("name", ALL)
def test_the_flow_agrees_with_the_chain(name):
    """Offered, landed and used are delivered, received and used of the chain, level by level."""
    program = history(name).program
    flow, links = program.flow.record().by_level.sum(axis=(0, 1)), program.chain.sum(axis=0)
    mine = flow[..., [OFFERED, LANDED, USED]]
    assert mine[0] == pytest.approx(links[CENTER], rel=1e-12, abs=1e-9)
    assert mine[1] == pytest.approx(links[CENTER + 1 :].sum(axis=0), rel=1e-12, abs=1e-9)
    by_activity = program.flow.record().by_level[:, :, 0].sum(axis=(0, 2))[:, OFFERED]
    spent = program.ledger.by_activity
    assert dict(zip(program.flow.activities, by_activity, strict=True)) == pytest.approx(
        {activity: spent.get(activity, 0.0) for activity in program.flow.activities}
    )


@pytest.mark.parametrize("hours", [5.0, 5000.0])
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_factors_of_a_row_multiply_to_what_landed(activity, hours):
    """Each factor is the ratio of neighbouring steps; nothing is lost between them."""
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    program = deliver(world, delivery(activity, hours, organizations=[LARGE]), values=values, yearly_hours=60_000.0)
    flow = program.flow.hours[0, :, 0, LARGE].sum(axis=0)
    factors = flow[1:LANDED] / flow[: LANDED - 1]
    landing = np.prod(factors[1:])
    capped = min(1.0, landing) / landing
    assert flow[LANDED] == pytest.approx(hours * np.prod(factors) * capped, rel=1e-12)
    assert flow[LANDED] == pytest.approx(program.chain[0, CENTER, LEA, 1], rel=1e-12)
    assert flow[OFFERED] == hours


def test_what_landed_where_an_area_needs_more_is_what_landed():
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    world.layout.area_prerequisite[:] = 0.2
    program = deliver(world, delivery("coaching", 50.0, organizations=[LARGE]), values=values, yearly_hours=60_000.0)
    landed = program.flow.hours[0, :, 0, LARGE].sum(axis=0)[LANDED]
    assert landed == pytest.approx(program.chain[0, CENTER, LEA, 1], rel=1e-12)


def test_each_factor_is_moved_by_its_own_cause():
    """One cause at a time, and only its step and those after it change."""
    tame = {
        "participation_limit": 1.0,
        "coherence_gamma": 0.0,
        "outside_initiatives": 0.0,
        "codesign_clarity_loss": 0.3,
    }

    def factors(more=None, **asked):
        values = simplest(EVEN | tame | (more or {}))
        world = new_world(values, agencies=CHAIN)
        if asked.get("strained"):
            world.outside_initiatives[:] = 9
        wishes = [delivery("coaching", 60.0, organizations=[LARGE])]
        if asked.get("codesign"):
            wishes.append(delivery("codesign", 1.0, organizations=[LARGE], areas=-1))
        program = deliver(world, *wishes, values=values, yearly_hours=60_000.0)
        flow = program.flow.hours[0, program.flow.activities.index("coaching"), 0, LARGE]
        return flow[[ATTENDED, READY, COHERENT, CLEAR, ABLE]] / flow[[OFFERED, MET, READY, COHERENT, CLEAR]]

    plain, values_reference = factors(), simplest()["readiness_reference"]
    assert factors({"coherence_gamma": 0.5}, strained=True)[2] < plain[2] == 1.0
    late = factors({"planning_months": 0.0}, codesign=True)
    assert late[3] == pytest.approx(0.7)
    assert plain[3] == 1.0
    assert np.delete(late, 3) == pytest.approx(np.delete(plain, 3))
    busy = factors({"participation_limit": 0.01})
    assert busy[0] < plain[0]
    assert busy[1:] == pytest.approx(plain[1:])
    poor = factors({"readiness_reference": values_reference / 2})
    assert poor[1] == pytest.approx(plain[1] / 2)


def test_hours_for_an_empty_agency_are_lost_before_anybody_attends():
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    vacate(world, *world.layout.first[LARGE : LARGE + 2])
    program = deliver(world, delivery("coaching", 20.0, organizations=[LARGE]), values=values)
    flow = program.flow.hours[0, :, 0, LARGE].sum(axis=0)
    assert flow[OFFERED] == 20.0
    assert not flow[ATTENDED:].any()
    assert program.flow.seats[LARGE] == 0.0
    assert program.flow.status[0, LARGE] == NOBODY


@pytest.mark.parametrize("name", ALL)
def test_every_agency_is_something_in_every_month(name):
    """Those with hours are served, saturated or without anybody; the others are none of these."""
    past = history(name)
    flow, got = past.program.flow, np.array([kept.ta_hours > 0.0 for kept in past.months[:MONTHS]])
    assert np.array_equal(np.isin(flow.status, (SERVED, SATURATED, NOBODY)), got)
    months = flow.months_of()
    assert (months.sum(axis=1) == MONTHS).all()
    record = flow.record()
    agencies = np.bincount(busy_world()[0].layout.level, minlength=len(Level))
    assert record.reach[..., 0].sum(axis=1) == pytest.approx(agencies)
    assert record.reach[..., 1:3].sum(axis=(0, 1)) == pytest.approx(
        record.by_level.sum(axis=(0, 1, 2, 3))[[OFFERED, LANDED]]
    )


@pytest.mark.parametrize(
    ("targeting", "reading", "why"),
    [
        ("readiness", {"readiness": [0.1, 0.9]}, SCREENED),
        ("volunteers", {"interest": [1.5, 4.5]}, DECLINED),
        ("lowest_first", {"skill": [0.9, 0.1], "routine": [0.9, 0.1]}, NOT_CHOSEN),
    ],
)
def test_why_an_agency_is_not_served(targeting, reading, why):
    """What the targeting says of those that it gives nothing."""
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    recipe = Recipe(name="aimed", activities={"coaching": 1.0}, targeting=targeting)
    program = program_for(world, ComposedStrategy(recipe, values), values=values)
    districts = np.flatnonzero(world.layout.level == LEA)
    for column, (low, high) in reading.items():
        read = getattr(program.observation.readings, column)
        read[districts] = low
        read[districts[: len(districts) // 2]] = high
    program.observation.survey = lambda *_: None
    assist(world, program, values=values)
    status, got = program.flow.status[0], world.ta_hours > 0.0
    assert set(status[districts[~got[districts]]]) == {why}
    assert got[districts].any()
    assert set(status[world.layout.level != LEA]) == {OUTSIDE}


def test_a_strategy_in_python_chooses_and_one_without_hours_lets_wait():
    world = new_world(agencies=CHAIN)
    chosen = program_for(world, Wish([delivery(hours=1.0, organizations=[LARGE])]))
    assist(world.copy(), chosen)
    others = np.delete(chosen.flow.status[0], LARGE)
    assert set(others[:-1]) == {NOT_CHOSEN}
    values = simplest()
    recipe = Recipe(name="poor", activities={"needs_assessment": 1.0})
    waiting = program_for(world, ComposedStrategy(recipe, values), yearly_hours=0.5)
    assist(world, waiting)
    assert set(waiting.flow.status[0, world.layout.level == LEA]) == {WAITING}


def test_names_of_statuses_are_in_the_order_of_their_codes():
    assert list(STATUS)[SERVED] == "served"
    assert list(STATUS)[OUTSIDE] == "outside"
    assert len(STATUS) == OUTSIDE + 1


def test_leavers_are_all_that_left_and_take_their_hours_along():
    """Counted as the world counts exits; hours of those who stay, who left and who look elsewhere are all hours."""
    run = simulation(fresh("blended", busy_world()[1]))
    exits, given = 0, 0.0
    agencies = run.world.layout.level != CENTER
    while run.world.month < run.months:
        run.advance()
        exits += run.world.exits[agencies].sum()
        given += run.world.recipient_hours[agencies[run.world.layout.organization]].sum()
    counts, leavers = run.leavers.counts, run.leavers
    assert counts[:, CENTER + 1 :, ..., LEAVERS].sum() == exits > 0
    assert (counts[..., LEAVERS] <= counts[..., HOLDERS]).all()
    there = leavers._hours[agencies[run.world.layout.organization]].sum()
    back = counts[:, CENTER + 1 :, ..., HOURS].sum() + there - given
    assert back >= -1e-9  # those who were hired again and left again are counted twice
    assert counts[:, :, :, 0, HOURS].sum() == 0.0
    assert counts[:, CENTER + 1 :, :, 1:, LEAVERS].sum() > 0.0


def test_seats_and_staff_are_counted_in_months_with_hours():
    values = simplest(EVEN)
    world = new_world(values, agencies=CHAIN)
    staff = np.bincount(world.layout.organization[world.person >= 0], minlength=world.layout.n_organizations)
    hours = 2.5 * values["training_ta_hours"]
    program = deliver(world, delivery("training", hours, organizations=[LARGE]), values=values, yearly_hours=60_000.0)
    assist(world, program, values=values)
    assert program.flow.seats[LARGE] == pytest.approx(2 * 2.5 * values["training_seats"])
    assert program.flow.staff[LARGE] == 2 * staff[LARGE]
    assert not np.delete(program.flow.seats, LARGE).any()
    assert not np.delete(program.flow.staff, LARGE).any()
