"""Use of the practices, by hand: it follows potential with a lag, and leaders who leave take practices with them."""

import math

import pytest

from capsim.processes.implementation import IMPLEMENTATION

from .people import people, run, tie, vacate, values_with

PLAIN = {"potential_rho": 0.0, "baseline_people": 0.4, "baseline_routine": 0.4}  # Cobb-Douglas, equal weights
NO_FACTORS = {"goal_weight": 0.0, "alignment_weight": 0.0, "access_weight": 0.0}


def test_use_follows_potential():
    world = people(2)
    world.skill[:] = (0.9, 0.4)
    world.routine[0] = (0.4, 0.9)
    world.use[0] = (0.1, 0.6)
    values = values_with(**PLAIN, **NO_FACTORS, implementation_lag_months=10)
    run(IMPLEMENTATION, world, values)
    rate = 1 - math.exp(-0.1)
    assert world.use[0] == pytest.approx([0.1 + rate * 0.5, 0.6])
    assert world.use_unmultiplied[0] == pytest.approx([rate * 0.6, rate * 0.6])


def test_a_vacancy_counts_as_zero_and_ces_with_one_missing_input_is_zero():
    world = people(2)
    world.skill[:] = 0.8
    world.routine[:] = (0.4, 0.0)
    vacate(world, 1)
    values = values_with(**{**PLAIN, "potential_rho": -1.0}, **NO_FACTORS, implementation_lag_months=1)
    run(IMPLEMENTATION, world, values)
    assert world.use[0] == pytest.approx([(1 - math.exp(-1)) * 0.4, 0.0])  # harmonic mean of .4 and .4


def test_factors_of_goals_alignment_and_access():
    """The second agency looks up to the first; its two people disagree, one of them knows an expert."""
    world = people(1, 2, levels=[1, 3], parents=[-1, 0])
    world.priority[:] = [(0.9, 0.1), (0.6, 0.4), (0.4, 0.6)]
    world.skill[:] = 0.5
    world.skill[0] = (0.7, 0.1)
    tie(world, 1, 0)
    tie(world, 2, 0)  # whose top area is the second: no expert there
    values = values_with(
        **PLAIN, goal_weight=0.3, alignment_weight=0.2, access_weight=0.4, expert_skill=0.6, implementation_lag_months=1
    )
    run(IMPLEMENTATION, world, values)
    goals = 1 - 0.02 * 12
    aligned = 1 - 0.5 * (0.4 + 0.4)
    plain = 0.5 * (1 - 0.4 * 0.5)
    rate = 1 - math.exp(-1)
    full = plain * (1 - 0.3 * (1 - goals)) * (1 - 0.2 * (1 - aligned))
    assert world.use[1] == pytest.approx([rate * full] * 2)
    assert world.use_unmultiplied[1] == pytest.approx([rate * plain] * 2)


@pytest.mark.parametrize(
    ("weight", "alignment", "factor"), [(0.4, 0.5, 1.0), (0.4, 0.9, 1.16), (0.4, 0.2, 0.88), (0.0, 0.9, 1.0)]
)
def test_use_follows_how_resources_are_aligned(weight, alignment, factor):
    world = people(2)
    world.resource_alignment[:] = alignment
    values = values_with(
        **PLAIN, **NO_FACTORS, resource_weight=weight, resource_alignment_base=0.5, implementation_lag_months=1
    )
    run(IMPLEMENTATION, world, values)
    rate = 1 - math.exp(-1)
    assert world.use[0] == pytest.approx([rate * 0.5 * factor] * 2)
    assert world.use_unmultiplied[0] == pytest.approx([rate * 0.5] * 2)


def test_aligned_resources_bring_nobody_above_full_use():
    world = people(2)
    world.skill[:] = 0.95
    world.routine[:] = 0.95
    world.resource_alignment[:] = 1.0
    run(IMPLEMENTATION, world, values_with(**PLAIN, **NO_FACTORS, resource_weight=0.4, implementation_lag_months=1))
    assert world.use[0] == pytest.approx([1 - math.exp(-1)] * 2)


@pytest.mark.parametrize(("number", "kept"), [(0.8 * 0.5 * 0.4 - 1e-9, 0.3), (0.8 * 0.5 * 0.4 + 1e-9, 1.0)])
def test_practices_are_abandoned_when_the_leader_leaves(number, kept):
    """Chance .8 (1 - routine .5) (1 - engagement .6), in each area by itself."""
    world = people(3, 1)
    vacate(world, 0)
    world.leader_left[:] = (True, False)
    world.use[:] = 0.5
    world.use_unmultiplied[:] = 0.6
    values = values_with(**PLAIN, abandon_chance=0.8, abandon_drop=0.7, implementation_lag_months=240)
    plain = world.copy()
    plain.leader_left[:] = False
    numbers = {(0, 1): number, (1, 0): 0.0, (1, 1): 0.0}
    run(IMPLEMENTATION, world, values, organization=numbers)
    run(IMPLEMENTATION, plain, values, organization=numbers)
    assert world.use[0] == pytest.approx([plain.use[0, 0], kept * plain.use[0, 1]])
    assert world.use_unmultiplied[0] == pytest.approx(
        [plain.use_unmultiplied[0, 0], kept * plain.use_unmultiplied[0, 1]]
    )
    assert world.use[1].tolist() == plain.use[1].tolist()


def test_an_agency_without_anybody_keeps_nothing_back():
    world = people(1)
    vacate(world, 0)
    world.leader_left[:] = True
    world.routine[:] = 0.0
    world.use[:] = 0.5
    values = values_with(**PLAIN, abandon_chance=0.8, abandon_drop=1.0)
    run(IMPLEMENTATION, world, values, organization={(0, 0): 0.79, (0, 1): 0.81})
    assert world.use[0, 0] == 0.0
    assert world.use[0, 1] > 0.4
