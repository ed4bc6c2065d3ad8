"""Money and positions that follow plans: off to the last bit at a rate of 0, and felt where the plan is otherwise."""

import numpy as np
import pytest

from capsim.engine.month import MONTH
from capsim.engine.run import column_processes
from capsim.parameters import resolve_values
from capsim.processes.steps import Steps
from tests.assistance.program_bench import new_world

MONTHS = 36
PROCESSES = column_processes(MONTH)
FIXED = {
    "leader_plan_churn": 0.0,
    "policy_churn_chance": 0.0,
    "plan_leader_rate": 0.0,
    "plan_parent_rate": 0.0,
    "exit_culture_slope": 0.0,
    "exit_engagement_slope": 0.0,
    "support_weight": 0.0,
    "finance_rate": 0.0,
    "personnel_rate": 0.0,
}
"""Plans stay as they are, and the same people leave."""


def passed(months=MONTHS, **parameters):
    values = resolve_values({**FIXED, **parameters})
    world = new_world(values)
    world.plan[:] = (0.7, 0.2, 0.1)
    steps = Steps(PROCESSES, world, 7)
    for _ in range(months):
        steps.advance(world, values)
    return world


@pytest.fixture(scope="module")
def off():
    return passed()


@pytest.mark.parametrize("weight", [0.0, 0.6])
def test_at_a_rate_of_0_nothing_moves_whatever_the_weights(off, weight):
    other = passed(finance_weight=weight, personnel_weight=weight)
    for (name, mine), (_, theirs) in zip(off.columns(), other.columns(), strict=True):
        assert np.array_equal(mine, theirs), name
    assert np.array_equal(off.finances, np.full_like(off.plan, 1 / 3))


@pytest.mark.parametrize("rates", [{"finance_rate": 0.08}, {"personnel_rate": 0.015}])
def test_at_weights_of_0_shares_move_and_nothing_else_does(off, rates):
    other = passed(**rates, finance_weight=0.0, personnel_weight=0.0)
    for (name, mine), (_, theirs) in zip(off.columns(), other.columns(), strict=True):
        if name not in ("finances", "personnel"):
            assert np.allclose(mine, theirs, atol=1e-12), name
    moved = other.finances if "finance_rate" in rates else other.personnel
    assert np.allclose(moved.sum(axis=1), 1.0)
    assert (moved[:, 0] > 0.4).all()


def test_money_builds_routines_where_the_plan_is_and_costs_them_elsewhere(off):
    agencies = np.diff(off.layout.first) > 1
    agencies[-1] = False
    difference = {}
    for rate in (0.08, 0.15):
        gain = passed(finance_rate=rate).routine[agencies] - off.routine[agencies]
        assert gain[:, 0].min() > 0.0
        assert gain[:, 1:].max() < 0.0
        difference[rate] = gain[:, 0].mean()
    assert difference[0.15] > difference[0.08]


def test_positions_give_time_where_the_plan_is(off):
    held = off.person[: off.layout.center[0]] >= 0
    gain = passed(personnel_rate=0.05).attention[: off.layout.center[0]] - off.attention[: off.layout.center[0]]
    assert gain[held, 0].mean() > 0.0
    assert gain[held, 2].mean() < 0.0


def test_better_aligned_resources_follow_faster():
    world = passed(1, finance_rate=0.08, resource_alignment_rate=0.0)
    start = new_world(resolve_values(FIXED)).resource_alignment
    agencies = slice(0, world.layout.agencies)
    moved = (world.finances[agencies, 0] - 1 / 3) / (0.7 - 1 / 3)
    base = resolve_values({})["resource_alignment_base"]
    assert moved == pytest.approx(0.08 * start[agencies] / base)
