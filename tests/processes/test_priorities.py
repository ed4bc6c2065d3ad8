"""Social influence on priorities and plans, by hand."""

import numpy as np
import pytest

from capsim.processes.priorities import PRIORITIES

from .people import people, run, tie, vacate, values_with

WEIGHTS = {
    "influence_rate": 0.5,
    "susceptibility": 0.8,
    "influence_contact": 0.4,
    "influence_leader": 0.2,
    "influence_plan": 0.1,
    "plan_leader_rate": 0.2,
    "plan_parent_rate": 0.1,
}


def three():
    """A leader at (.9, .1), a contact at (.2, .8) and a person at (.6, .4) with disposition (1, 0); plan (.5, .5)."""
    world = people(3)
    world.priority[:] = [(0.9, 0.1), (0.2, 0.8), (0.6, 0.4)]
    world.disposition[:] = [(0.9, 0.1), (0.2, 0.8), (1.0, 0.0)]
    tie(world, 2, 1, slot=4)
    world.consulted[2] = 4
    return world


def moved(start, target, disposition):
    return start + 0.5 * (0.8 * target + 0.2 * disposition - start)


def test_contact_leader_plan_and_disposition():
    world = three()
    run(PRIORITIES, world, values_with(**WEIGHTS))
    x = 0.4 * 0.2 + 0.2 * 0.9 + 0.1 * 0.5 + 0.3 * 0.6
    assert world.priority[2, 0] == pytest.approx(moved(0.6, x, 1.0))
    # the contact consulted nobody, the leader neither and has no leader: weights go to the own priorities
    assert world.priority[1, 0] == pytest.approx(moved(0.2, 0.2 * 0.9 + 0.1 * 0.5 + 0.7 * 0.2, 0.2))
    assert world.priority[0, 0] == pytest.approx(moved(0.9, 0.1 * 0.5 + 0.9 * 0.9, 0.9))
    assert world.priority.sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])


def test_an_absent_leader_has_no_weight():
    world = three()
    vacate(world, 0)
    run(PRIORITIES, world, values_with(**WEIGHTS))
    assert world.priority[2, 0] == pytest.approx(moved(0.6, 0.4 * 0.2 + 0.1 * 0.5 + 0.5 * 0.6, 1.0))
    assert world.priority[0].tolist() == [0.0, 0.0]
    assert world.plan[0] == pytest.approx([0.5, 0.5])  # neither leaders nor a parent


def test_weights_above_one_are_divided_by_their_sum():
    world = three()
    weights = {**WEIGHTS, "influence_contact": 1.0, "influence_leader": 0.6, "influence_plan": 0.4}
    run(PRIORITIES, world, values_with(**weights))
    assert world.priority[2, 0] == pytest.approx(moved(0.6, 0.5 * 0.2 + 0.3 * 0.9 + 0.2 * 0.5, 1.0))


def test_plans_follow_leaders_and_the_parent():
    world = people(2, 2, levels=[1, 3], parents=[-1, 0])
    world.priority[:] = [(0.9, 0.1), (0.0, 1.0), (0.1, 0.9), (1.0, 0.0)]
    world.plan[:] = [(0.6, 0.4), (0.3, 0.7)]
    run(PRIORITIES, world, values_with(**WEIGHTS))
    assert world.plan[0, 0] == pytest.approx(0.6 + 0.2 * 0.3)
    assert world.plan[1, 0] == pytest.approx(0.3 + 0.2 * -0.2 + 0.1 * 0.3)
    assert world.plan.sum(axis=1) == pytest.approx([1.0, 1.0])


def test_rates_of_plans_above_one_are_divided_by_their_sum():
    world = people(1, 1, levels=[1, 3], parents=[-1, 0])
    world.priority[1] = (0.0, 1.0)
    world.plan[:] = [(0.8, 0.2), (0.4, 0.6)]
    run(PRIORITIES, world, values_with(**{**WEIGHTS, "plan_leader_rate": 1.0, "plan_parent_rate": 1.0}))
    assert world.plan[1] == pytest.approx([0.4, 0.6])  # half of 0 and half of .8


def test_several_leaders_count_alike():
    world = people(20)
    leaders = np.flatnonzero(world.layout.role == 0)
    assert len(leaders) > 1
    world.priority[leaders[0]] = (1.0, 0.0)
    world.priority[leaders[1:]] = (0.0, 1.0)
    run(PRIORITIES, world, values_with(**WEIGHTS))
    assert world.plan[0, 0] == pytest.approx(0.5 + 0.2 * (1.0 / len(leaders) - 0.5))
