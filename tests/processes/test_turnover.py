"""Turnover, by hand on two or three people."""

import math

import pytest

from capsim.processes.turnover import TURNOVER, season
from capsim.world.state import LONG_AGO

from .people import changed, contacts, people, run, tie, vacate, values_with

LEAVES = 1.0 - math.exp(-0.1)  # every position has a hazard of .1


@pytest.mark.parametrize(("number", "leaves"), [(LEAVES - 1e-9, True), (LEAVES + 1e-9, False)])
def test_exit_chance_is_that_of_the_hazard(number, leaves):
    world = people(2)
    run(TURNOVER, world, values_with(), position={(1, 0): number})
    assert (world.person[1] == -1) == leaves
    assert world.exits.tolist() == [int(leaves)]
    assert world.tenure.tolist() == [11, 0 if leaves else 11]


@pytest.mark.parametrize(
    ("overrides", "factor"),
    [
        ({"season_amplitude": 0.8}, 1.8),  # month 0 is July
        ({"tenure_gradient": 2.0, "tenure_scale_months": 20.0}, 1.0 + 2.0 * math.exp(-0.5)),
        ({"exit_culture_slope": 2.0, "exit_culture_center": 0.8}, math.exp(2.0 * 0.3)),
        ({"exit_engagement_slope": 2.0, "exit_engagement_center": 0.5}, math.exp(-2.0 * 0.1)),
        ({"exit_normalisation": 1.25}, 1.25),
    ],
)
def test_every_factor_of_the_hazard(overrides, factor):
    chance = 1.0 - math.exp(-0.1 * factor)
    world = people(2)
    run(TURNOVER, world, values_with(**overrides), position={(0, 0): chance + 1e-9, (1, 0): chance - 1e-9})
    assert world.person.tolist() == [0, -1]


def test_a_shock_multiplies_the_hazard():
    world = people(2)
    world.shock_months[0] = 1
    chance = 1.0 - math.exp(-0.15)
    values = values_with(turnover_shock_size=1.5)
    run(TURNOVER, world, values, position={(0, 0): chance + 1e-9, (1, 0): chance - 1e-9})
    assert world.person.tolist() == [0, -1]


def test_season_has_mean_one_and_peaks_in_july():
    factors = [season(month, 0.7) for month in range(12)]
    assert sum(factors) == pytest.approx(12.0)
    assert factors[0] == max(factors) == pytest.approx(1.7)
    assert season(6, 0.7) == pytest.approx(0.3)
    assert season(25, 0.7) == season(1, 0.7)


def test_what_a_leaver_held_goes_and_ties_die_on_both_sides():
    world = people(3)
    tie(world, 0, 1)
    tie(world, 0, 2)
    tie(world, 1, 2)
    run(TURNOVER, world, values_with(), position={(1, 0): 0.0})
    for column in ("skill", "disposition", "priority", "attention"):
        assert getattr(world, column)[1].tolist() == [0.0, 0.0]
    assert (world.engagement[1], world.tenure[1], world.vacant_months[1]) == (0.0, 0, 0)
    assert world.tie_to[0].tolist() == [-1, 2] + [-1] * 6
    assert world.tie_strength[0].tolist() == [0.0, 0.5] + [0.0] * 6
    assert contacts(world, 1) == []
    assert not world.tie_strength[1].any()
    assert world.skill[[0, 2]].tolist() == [[0.5, 0.5]] * 2


def test_a_vacancy_ages_and_nobody_can_leave_it():
    world = people(2)
    vacate(world, 1, months=4)
    run(TURNOVER, world, values_with(), position={(1, 0): 0.0})
    assert world.vacant_months.tolist() == [0, 5]
    assert world.exits.tolist() == [0]


def test_the_leaders_exit_raises_the_flag_and_may_redraw_the_plan():
    world = people(2, 2)
    values = values_with(leader_plan_churn=0.4, plan_churn_share=0.5)
    leaves = {(0, 0): 0.0, (3, 0): 0.0}
    run(TURNOVER, world, values, position=leaves, organization={(0, 0): 0.39, (0, 1): 0.1, (1, 0): 0.0})
    assert world.leader_left.tolist() == [True, False]
    assert world.leader_exit_age.tolist() == [0, LONG_AGO]
    assert world.plan[0] == pytest.approx([0.75, 0.25])
    assert world.plan[1] == pytest.approx([0.5, 0.5])


def test_the_plan_may_outlive_its_leader():
    world = people(2)
    values = values_with(leader_plan_churn=0.4)
    run(TURNOVER, world, values, position={(0, 0): 0.0}, organization={(0, 0): 0.41})
    assert world.leader_left[0]
    assert world.plan[0].tolist() == [0.5, 0.5]


def test_a_mover_joins_the_pool_with_what_he_has():
    world = people(3)
    world.skill[1] = (0.7, 0.3)
    tie(world, 1, 2, strength=0.6, slot=3)
    tie(world, 1, 0, strength=0.4, slot=5)
    values = values_with(mover_share=0.25, pool_months=6)
    run(TURNOVER, world, values, position={(1, 0): 0.0, (1, 1): 0.2, (0, 0): 0.0, (0, 1): 0.26})
    pool = world.pool
    assert pool.count[0] == 1  # the other leaver leaves the system
    assert (pool.person[0], pool.months_left[0], pool.group[0]) == (1, 6, world.layout.labour_group[1])
    assert pool.key[0] == pytest.approx(0.8)
    assert pool.skill[0].tolist() == [0.7, 0.3]
    assert (pool.tie_to[0, 3], pool.tie_person[0, 3], pool.tie_strength[0, 3]) == (2, 2, 0.6)
    assert (pool.tie_to[0, 5], pool.tie_person[0, 5]) == (0, 0)  # who also left: hiring drops this tie


def test_the_pool_ages_and_forgets():
    world = people(1)
    pool = world.pool
    pool.count[0] = 3
    pool.person[:3] = (7, 8, 9)
    pool.group[:3] = (4, -1, 4)  # 8 was hired
    pool.months_left[:3] = (1, 5, 3)  # 7 has waited long enough
    run(TURNOVER, world, values_with())
    assert (pool.count[0], pool.person[0], pool.months_left[0]) == (1, 9, 2)


def test_what_turnover_changes_is_declared():
    world = people(3, 2)
    tie(world, 0, 1)
    before = world.copy()
    run(TURNOVER, world, values_with(mover_share=1.0), position={(0, 0): 0.0}, organization={(0, 0): 0.0, (0, 1): 0.0})
    pool = {name for name in changed(before, world) if name.startswith("pool.")}
    assert changed(before, world) - pool <= set(TURNOVER.writes)
    assert pool
