"""Every shipped strategy: spends its budget as scheduled, and decides from what it can see and nothing else."""

import numpy as np
import pytest

from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.schedule import SCHEDULE_SHARES, schedule_shares
from capsim.assistance.targeting import TARGETING_WEIGHTS
from capsim.catalogue import RECIPIENT_LEVELS, SCHEDULES, STRATEGIES, TARGETINGS, Composition

from .program_bench import VALUES, assist, changed, new_world, program_for

UNIT = VALUES["needs_assessment_ta_hours"]


def composed(**parts):
    return ComposedStrategy(Composition(name="mine", **parts), unit_hours=UNIT)


def shipped(name):
    return ComposedStrategy(STRATEGIES[name], unit_hours=UNIT)


def spent_by_month(strategy, *, months=24, yearly_hours=1200.0):
    world = new_world()
    program = program_for(world, strategy, months=months, yearly_hours=yearly_hours)
    spent = []
    for _ in range(months):
        assist(world, program)
        spent.append(world.ta_hours.sum())
    return np.array(spent), program


def test_every_part_of_the_catalogue_is_there():
    assert set(SCHEDULE_SHARES) == set(SCHEDULES)
    assert set(TARGETING_WEIGHTS) == set(TARGETINGS)


@pytest.mark.parametrize("months", [1, 2, 7, 60, 600])
@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_sums_to_the_budget(name, months):
    shares = schedule_shares(name, months)
    assert shares.shape == (months,)
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    assert (shares >= 0.0).all()


def test_shapes_of_the_schedules():
    level, front, taper = (schedule_shares(name, 60) for name in ("level", "front_loaded", "taper"))
    assert np.ptp(level) == 0.0
    assert np.allclose(np.diff(front, 2), 0.0, atol=1e-15)
    assert front[0] == pytest.approx(2 / 60 * (1 - 0.5 / 60))
    assert front[-1] == pytest.approx(2 / 60 * 0.5 / 60)
    assert np.ptp(taper[:40]) < 1e-15
    assert (np.diff(taper[40:]) < 0).all()
    assert schedule_shares("level", 0).shape == (0,)


@pytest.mark.parametrize("name", SCHEDULES)
def test_hours_are_spent_as_scheduled(name):
    strategy = composed(activities={"coaching": 0.5, "goal_setting": 0.5}, schedule=name)
    spent, program = spent_by_month(strategy)
    assert spent == pytest.approx(2400.0 * schedule_shares(name, 24), rel=1e-9)
    assert program.ledger.spent == pytest.approx(2400.0, rel=1e-9)
    assert program.ledger.spent <= 2400.0 * (1 + 1e-9)
    assert program.ledger.by_activity == pytest.approx({"coaching": 1200.0, "goal_setting": 1200.0})


@pytest.mark.parametrize("name", STRATEGIES)
def test_shipped_strategies_spend_the_budget_by_their_shares(name):
    _, program = spent_by_month(shipped(name))
    activities = STRATEGIES[name].activities
    for activity, share in activities.items():
        tolerance = UNIT if activity == "needs_assessment" else 1e-6  # assessments are bought in whole units
        assert program.ledger.by_activity[activity] == pytest.approx(2400.0 * share, abs=tolerance)
    assert 2400.0 * bool(activities) - UNIT <= program.ledger.spent <= 2400.0 * (1 + 1e-9)


def test_none_does_nothing():
    world = new_world()
    before = world.copy()
    program = program_for(world, shipped("none"))
    for _ in range(12):
        assist(world, program)
    assert changed(before, world) == set()
    assert program.ledger.left == 1200.0


@pytest.mark.parametrize("levels", [("sea",), ("esa",), ("lea", "sea"), ("sea", "esa", "lea")])
def test_only_the_chosen_levels_receive(levels):
    _, program = spent_by_month(composed(activities={"coaching": 1.0}, recipients=levels))
    chosen = np.isin(program.view.level, [RECIPIENT_LEVELS[level] for level in levels])
    hours = program.ledger.by_organization
    assert hours[chosen] == pytest.approx(np.full(chosen.sum(), 2400.0 / chosen.sum()))
    assert not hours[~chosen].any()


def test_levels_that_are_not_there_receive_nothing():
    world = new_world(sizes=(5,), levels=(3,), parents=(-1,))
    program = program_for(world, composed(activities={"coaching": 1.0}, recipients=("sea",)))
    assist(world, program)
    assert program.ledger.spent == 0.0


@pytest.mark.parametrize("areas", [1, 2])
def test_focal_areas_limit_the_areas(areas):
    world = new_world()
    program = program_for(world, composed(activities={"coaching": 1.0}, focal_areas=areas))
    assist(world, program)
    assert set(world.areas_served[2:].tolist()) == {areas}


def test_need_follows_the_readings():
    world = new_world()
    program = program_for(world, composed(activities={"coaching": 1.0}, targeting="need"))
    program.readings.skill[2:4] = 0.8
    program.readings.routine[2:4] = 0.6
    program.readings.skill[3, 0] = program.readings.routine[3, 0] = 0.1
    assist(world, program)
    # the last district has no readings and counts as average: (5 * .3 + .9) / 6 = .4 in every area
    assert program.ledger.by_organization[2:] == pytest.approx(100.0 * np.array([0.9, 1.5, 1.2]) / 3.6)


def test_assessments_are_bought_in_turn_and_saved_for():
    """One assessment costs more than a month's hours: they are saved until they pay for one."""
    monthly = UNIT / 2.5
    strategy = composed(activities={"needs_assessment": 1.0})
    world = new_world()
    program = program_for(world, strategy, months=24, yearly_hours=12 * monthly)
    read = []
    for _ in range(24):
        assist(world, program)
        read.append(np.flatnonzero(world.ta_hours).tolist())
    assert read[:8] == [[], [], [2], [], [3], [], [], [4]]
    assert program.ledger.spent == pytest.approx(9 * UNIT)
    assert program.readings.month[2:].min() >= 12


def hide(world, seed):
    """Another hidden state behind the same public facts."""
    rng = np.random.Generator(np.random.Philox(seed))
    held = world.person >= 0
    for name in ("skill", "engagement", "attention"):
        column = getattr(world, name)
        column[held] = rng.random(column[held].shape)
    for name in ("routine", "use", "culture", "data_systems", "funding"):
        column = getattr(world, name)
        column[:] = rng.random(column.shape)
    for name in ("priority", "plan"):
        column = getattr(world, name)
        column[:] = rng.dirichlet(np.ones(column.shape[1]), len(column))


def decisions(name, seed, months=18):
    """What a strategy decides, month by month, with the same readings whatever is hidden."""
    world = new_world()
    strategy = shipped(name)
    program = program_for(world, strategy, months=months)
    readings = np.random.Generator(np.random.Philox(7))
    draws = np.random.Generator(np.random.Philox(8))
    decided = []
    for month in range(months):
        hide(world, seed + month)
        if month % 4 == 1:
            program.readings.skill[:] = readings.random(program.readings.skill.shape)
            program.readings.routine[:] = readings.random(program.readings.routine.shape)
            program.readings.month[:] = month
        left = program.ledger.left
        for delivery in strategy.decide(program.view, month, left, draws.random((5, strategy.draws_per_row))):
            columns = (delivery.organizations, delivery.people, delivery.areas, delivery.hours)
            decided.append(
                (month, delivery.activity, *(np.asarray(column).tobytes() for column in columns if column is not None))
            )
    return decided


@pytest.mark.parametrize("name", STRATEGIES)
def test_equal_readings_and_another_hidden_state_give_equal_decisions(name):
    assert decisions(name, 1) == decisions(name, 1000)
    assert bool(decisions(name, 1)) == (name != "none")


def test_other_readings_give_other_decisions():
    """Or the test above would say nothing about strategies that aim."""
    hours = []
    for reading in (0.2, 0.9):
        program = program_for(new_world(), shipped("blended"))
        program.readings.skill[2], program.readings.routine[2] = reading, reading
        program.readings.skill[3], program.readings.routine[3] = 0.5, 0.5
        coaching = program.strategy.decide(program.view, 0, 1200.0, np.empty((5, 0)))[0]
        hours.append(np.asarray(coaching.hours))
    assert not np.array_equal(*hours)
