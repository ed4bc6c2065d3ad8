"""Environment, by hand on two agencies."""

import pytest

from capsim.processes.environment import ENVIRONMENT

from .people import people, run, values_with

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
