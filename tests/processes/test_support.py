"""Support from above: who counts how much, what takes its time, where it goes; the rules that it switches."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.building.solving import synthetic_districts
from capsim.parameters import resolve_values
from capsim.processes.climate import CLIMATE
from capsim.processes.consultation import CONSULTATION
from capsim.processes.implementation import IMPLEMENTATION
from capsim.processes.priorities import PRIORITIES
from capsim.processes.support import SUPPORT

from .people import ESA, LEA, SEA, changed, numbers_for, people, run, tie, vacate, values_with

SCHOOL = 4
USUAL = {"support_quality_reference": 0.25, "support_alignment_reference": 1.0, "reporting_hours": 0.0}
STAFFED = 0.96
"""Share of positions that are usually held."""


def state_of(*sizes: int, levels: Any, parents: Any, **more: Any) -> Any:
    """Agencies that are as able as usual: skill .5, half of the usual routine enacted, nobody vacant."""
    world = people(*sizes, levels=levels, parents=parents, **more)
    world.enacted[:] = 0.5
    world.attention[:] = 0.5
    world.use[:] = 0.3
    world.committed[np.asarray(levels) == SEA] = 0.4
    return world


def values(**more: float) -> Any:
    return values_with(**{"support_weight": 1.0, **USUAL, **more})


def chain() -> Any:
    """A state, a region, two districts of the region, one of the state, a school of the first district."""
    return state_of(5, 4, 3, 3, 3, 2, levels=[SEA, ESA, LEA, LEA, LEA, SCHOOL], parents=[-1, 0, 1, 1, 0, 2])


def test_at_weight_zero_nothing_happens() -> None:
    world = chain()
    before = world.copy()
    run(SUPPORT, world, values(support_weight=0.0))
    assert changed(before, world) == set()


def test_parts_of_those_above_sum_to_one_and_are_the_declared_ones() -> None:
    world = chain()
    usual = values()
    world.committed[1:] = 4 / 150  # what the region usually owes
    full = 1.0 / STAFFED
    run(SUPPORT, world, {**usual, "reporting_hours": 4.0})
    assert world.support_time[1:] == pytest.approx([full] * 5)
    for gone, parts in ((0, [1.0, 0.5, 0.5, 1.0, 0.15]), (1, [0.0, 0.5, 0.5, 0.0, 0.15]), (2, [0, 0, 0, 0, 0.7])):
        world = chain()
        for position in range(world.layout.first[gone], world.layout.first[gone + 1]):
            vacate(world, position)
        world.committed[1:] = 4 / 150
        run(SUPPORT, world, {**usual, "reporting_hours": 4.0})
        assert world.support_time[1:] == pytest.approx([full * (1.0 - part) for part in parts]), gone


def test_the_four_factors_multiply_to_the_mean_over_areas() -> None:
    random = np.random.default_rng(3)
    world = chain()
    for column in (world.skill, world.enacted, world.attention):
        column[:] = random.uniform(0.1, 0.9, column.shape)
    for column in (world.priority, world.plan):
        column[:] = random.dirichlet((1.0, 1.0), len(column))
    run(SUPPORT, world, values())
    product = world.support_time * world.support_plan * world.support_alignment * world.support_quality
    np.testing.assert_allclose(world.support.mean(axis=1)[1:], product[1:], rtol=1e-12)
    assert np.ptp(world.support[1:]) > 0.1
    assert (world.support[0] == 1.0).all()


def test_assistance_and_compliance_take_the_time_of_those_who_help() -> None:
    free, helped, bound = chain(), chain(), chain()
    helped.recipient_hours[:5] = 18.0
    bound.committed[0] = 0.8
    for world in (free, helped, bound):
        run(SUPPORT, world, values())
    alone = 4  # below the state only
    assert helped.support_time[alone] / free.support_time[alone] == pytest.approx((90.0 - 18.0) / 90.0)
    assert bound.support_time[alone] / free.support_time[alone] == pytest.approx(0.2 / 0.6)


def test_time_below_a_state_agency_moves_toward_what_its_reports_ask() -> None:
    world = chain()
    world.committed[:] = 0.2
    run(CLIMATE, world, values(reporting_hours=8.0, committed_return_rate=0.25))
    np.testing.assert_allclose(world.committed[1:], 0.75 * 0.2 + 0.25 * 8.0 / 150.0 * 0.5)
    run(CLIMATE, world, values(support_weight=0.0, committed_return_rate=1.0))
    np.testing.assert_allclose(world.committed[1:], 0.0)


def test_a_world_begins_with_the_reports_that_are_usual() -> None:
    usual = resolve_values({"reporting_hours": 8.0, "compliance_share": 0.2})
    world = initial_world(build_layout(synthetic_districts((3, 4), regions=1), usual, areas="a", key=1), usual, key=1)
    reports = 8.0 / usual["work_hours_per_month"] * 0.2 / 0.4
    np.testing.assert_allclose(world.committed[: world.layout.agencies], [0.2, reports, reports, reports])


def test_help_is_measured_by_the_positions_before_a_change_of_structure() -> None:
    world = chain()
    world.layout = dataclasses.replace(world.layout, usual_positions=np.array([5.0, 8.0, 3, 3, 3, 2]))
    run(SUPPORT, world, values(support_state_part=0.0))
    assert world.support_time[2] == pytest.approx(0.5 / STAFFED / (1.0 - 4 / 150), rel=1e-12)


@pytest.mark.parametrize("allocation", [1.0, 2.0])
def test_help_that_goes_by_need_or_request_keeps_its_mean_and_its_order(allocation: float) -> None:
    world = state_of(5, 3, 3, 3, levels=[SEA, LEA, LEA, LEA], parents=[-1, 0, 0, 0])
    world.use[1:, 0] = [0.1, 0.3, 0.5]
    world.engagement[5:] = np.repeat([0.4, 0.6, 0.8], 3)
    even = world.copy()
    run(SUPPORT, even, values())
    run(SUPPORT, world, values(support_allocation=allocation))
    help_ = world.support[1:, 0] / even.support[1:, 0]
    assert help_.mean() == pytest.approx(1.0)
    slope = -1.0 if allocation == 1.0 else 1.0
    measured = np.array([0.1, 0.3, 0.5]) / 0.3 if allocation == 1.0 else np.array([0.4, 0.6, 0.8]) / 0.6
    np.testing.assert_allclose(help_, 1.0 + slope * (measured - 1.0))


def test_states_do_not_share() -> None:
    """What another state's agencies need or ask changes nothing."""
    levels, parents, states = [SEA, SEA, LEA, LEA, LEA], [-1, -1, 0, 0, 1], ["A", "B", "A", "A", "B"]
    one, other = (state_of(5, 5, 3, 3, 3, levels=levels, parents=parents, states=states) for _ in range(2))
    other.use[4], other.skill[5:10], other.committed[1] = 0.9, 0.9, 0.0
    for world in (one, other):
        world.use[2] = 0.1
        run(SUPPORT, world, values(support_allocation=1.0))
    np.testing.assert_array_equal(one.support[[2, 3]], other.support[[2, 3]])
    assert (one.support[4] != other.support[4]).all()


def test_nobody_there_is_no_help() -> None:
    world = state_of(2, 3, levels=[SEA, LEA], parents=[-1, 0])
    for position in (0, 1):
        vacate(world, position)
    run(SUPPORT, world, values())
    assert (world.support[1] == 0.0).all()
    assert [world.support_time[1], world.support_alignment[1], world.support_quality[1]] == [0.0, 0.0, 0.0]


def test_an_agency_above_its_parent_is_still_helped() -> None:
    world = state_of(5, 3, levels=[SEA, LEA], parents=[-1, 0])
    world.skill[5:], world.routine[1] = 0.95, 0.9
    run(SUPPORT, world, values())
    np.testing.assert_allclose(world.support[1], 1.0 / STAFFED)


@pytest.mark.parametrize(("weight", "brought"), [(0.0, True), (1.0, False)])
def test_ties_carry_no_routine_from_above_where_there_is_support(weight: float, brought: bool) -> None:
    world = state_of(2, 2, 2, levels=[SEA, LEA, LEA], parents=[-1, 0, 0])
    world.routine[:] = [[0.9, 0.9], [0.2, 0.2], [0.2, 0.2]]
    tie(world, 2, 0)
    tie(world, 4, 2)
    world.routine[1] = 0.3
    own = {**values(support_weight=weight, spread_rate=0.1, boundary_discount=1.0), "spread_rule": 0.0}
    run(CONSULTATION, world, own, position={(2, 0): 0.0, (4, 0): 0.0})
    assert (world.routine[1, 0] > 0.3) == brought
    assert world.routine[2, 0] > 0.2  # between peers it does


def test_support_leads_plans_in_the_place_of_the_parent() -> None:
    world = state_of(2, 2, levels=[SEA, LEA], parents=[-1, 0])
    world.plan[:] = [[1.0, 0.0], [0.0, 1.0]]
    own = values(plan_parent_rate=0.1, plan_leader_rate=0.0)
    run(PRIORITIES, world, own)
    assert world.plan[1].tolist() == [0.0, 1.0]
    run(SUPPORT, world, own)
    assert world.plan[1, 0] == pytest.approx(-np.expm1(-0.02 / STAFFED))


@pytest.mark.parametrize(
    ("support", "factor"), [(0.0, np.exp(0.8)), (1.0, 1.0), (2.0, np.exp(-0.8)), (5.0, np.exp(-0.8))]
)
def test_support_holds_practices(support: float, factor: float) -> None:
    """A number just below the chance ends a practice, one just above does not."""
    own = {**values(ending_annual=0.4, ending_routine_slope=0.0, leader_hazard_ratio=1.0), "ending_rule": 0.0}
    chance = -np.expm1(np.log(0.6) / 12 * factor)
    ended = []
    for number in (chance - 1e-6, chance + 1e-6):
        world = state_of(2, 2, levels=[SEA, LEA], parents=[-1, 0])
        world.support[:] = support
        world.use[:] = 0.5
        before = numbers_for(IMPLEMENTATION, world)
        assert before.organization.shape[1] == 2
        run(IMPLEMENTATION, world, own, organization={(1, 0): number})
        ended.append(world.use[1, 0] < 0.3)
    assert ended == [True, False]
