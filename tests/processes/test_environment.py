"""Environment, by hand on two agencies."""

import math

import numpy as np
import pytest

from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.parameters import resolve_values
from capsim.processes.environment import ENVIRONMENT
from capsim.processes.steps import Steps
from tests.reference.worlds import table_of

from .people import LEA, people, run, values_with

MONTHLY = 1.0 - (1.0 - 0.3) ** (1.0 / 12.0)


def test_flags_are_cleared_and_the_leaders_exit_ages():
    world = people(2, 1)
    world.leader_left[:] = True
    world.exits[:] = 3
    world.leader_exit_age[:] = (0, 7)
    run(ENVIRONMENT, world, values_with())
    assert not world.leader_left.any()
    assert not world.exits.any()
    assert world.leader_exit_age.tolist() == [1, 8]


def test_funding_recovers_and_is_cut():
    world = people(2, 1)
    world.funding[:] = (0.6, 0.05)
    values = values_with(funding_recovery_months=10, budget_shock_chance=0.3, budget_shock_size=0.2)
    run(ENVIRONMENT, world, values, organization={(0, 0): MONTHLY + 1e-9, (1, 0): MONTHLY - 1e-9})
    assert world.funding == pytest.approx([0.64, 0.0])  # .145 - .2 would be negative


def test_a_shock_begins_runs_and_may_begin_anew():
    world = people(1)
    values = values_with(turnover_shock_chance=0.3, turnover_shock_months=2)
    lengths = []
    for number in (0.5, MONTHLY - 1e-9, 0.0, 0.0, 0.5, 0.5):
        run(ENVIRONMENT, world, values, whole={(0, 0): number})
        lengths.append(int(world.shock_months[0]))
    assert lengths == [0, 2, 1, 2, 1, 0]  # in the third month it lasts, in the fourth the next one begins


def test_policy_churn_mixes_in_a_profile_of_the_bank():
    world = people(2, 1)
    values = values_with(policy_churn_chance=0.3, plan_churn_share=0.4)
    run(ENVIRONMENT, world, values, organization={(0, 1): MONTHLY - 1e-9, (0, 2): 0.5})  # second profile: (0, 1)
    assert world.plan[0] == pytest.approx([0.3, 0.7])
    assert world.plan[1] == pytest.approx([0.5, 0.5])


def test_initiatives_of_others_end_and_begin_one_at_a_time():
    world = people(1, 1, 1, 1)
    world.outside_initiatives[:] = (3, 3, 0, 3)
    values = values_with(outside_initiatives=2, outside_initiative_months=10)
    ends, begins = 1 - math.exp(-3 / 10), 1 - math.exp(-2 / 10)
    numbers = {
        (0, 3): ends - 1e-9,
        (1, 3): ends + 1e-9,
        (2, 3): 0.0,
        (1, 4): begins - 1e-9,
        (2, 4): begins + 1e-9,
        (3, 3): 0.0,
        (3, 4): 0.0,
    }
    run(ENVIRONMENT, world, values, organization=numbers)
    assert world.outside_initiatives.tolist() == [2, 4, 0, 3]


def test_there_are_as_many_initiatives_of_others_as_declared():
    """Over 200 agencies and 40 years; settled worlds begin with as many."""
    table = table_of(tuple((f"A{n}", "A", LEA, -1, 1) for n in range(200)))
    values = resolve_values({"outside_initiatives": 3, "outside_initiative_months": 12, "center_experts": 0})
    world = initial_world(build_layout(table, values, areas=("a",), key=1), values, key=1)
    assert world.outside_initiatives.mean() == pytest.approx(3.0, abs=0.4)
    steps, counts = Steps([ENVIRONMENT], world, 1), []
    for _ in range(480):
        steps.advance(world, values)
        counts.append(world.outside_initiatives.copy())
    assert np.mean(counts) == pytest.approx(3.0, abs=0.15)
    assert np.var(counts) == pytest.approx(3.0, rel=0.15)
