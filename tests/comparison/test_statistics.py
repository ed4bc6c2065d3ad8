"""Statistics against arithmetic and by simulation: intervals must cover what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from capsim.comparison.statistics import (
    bootstrap_interval,
    crossings,
    draw_range,
    half_lives,
    mean_interval,
    paired_difference,
    percentile_interval,
    rank_correlations,
    replications_needed,
    resampled_means,
)

STUDIES = 4000
SLACK = 4.0 * math.sqrt(0.95 * 0.05 / STUDIES)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.Generator(np.random.Philox(7))


@pytest.mark.parametrize("n", [2, 5, 30])
def test_the_t_interval_covers_the_mean(rng, n):
    found = [mean_interval(sample) for sample in rng.normal(3.0, 2.0, (STUDIES, n))]
    assert np.mean([one.low <= 3.0 <= one.high for one in found]) == pytest.approx(0.95, abs=SLACK)


@pytest.mark.parametrize("n", [2, 8, 30])
def test_the_paired_interval_covers_the_difference_of_dependent_outcomes(rng, n):
    luck = rng.normal(0.0, 1.0, (STUDIES, n))
    first = luck + rng.normal(0.3, 0.2, (STUDIES, n))
    second = luck + rng.normal(0.1, 0.2, (STUDIES, n))
    found = [paired_difference(a, b).mean for a, b in zip(first, second, strict=True)]
    assert np.mean([one.low <= 0.2 <= one.high for one in found]) == pytest.approx(0.95, abs=SLACK)


def test_the_range_covers_one_more_draw(rng):
    samples = rng.lognormal(0.0, 1.0, (STUDIES, 80))
    found = [draw_range(sample[:-1]) for sample in samples]
    inside = [one.low <= sample[-1] <= one.high for one, sample in zip(found, samples, strict=True)]
    assert np.mean(inside) == pytest.approx(0.95, abs=SLACK)


def test_a_short_range_goes_from_the_smallest_to_the_largest():
    found = draw_range(np.array([3.0, 1.0, 2.0]))
    assert (found.low, found.estimate, found.high) == (1.0, 2.0, 3.0)


def test_interval_of_known_values():
    found = mean_interval(np.array([1.0, 2.0, 3.0, 4.0]))
    half = 3.182446305284263 * math.sqrt(5.0 / 3.0) / 2.0
    assert (found.estimate, found.low, found.high) == pytest.approx((2.5, 2.5 - half, 2.5 + half))
    assert found.half_width == pytest.approx(half)


def test_too_few_values_leave_intervals_undefined():
    assert math.isnan(mean_interval(np.array([])).estimate)
    one = mean_interval(np.array([2.0]))
    assert (one.estimate, math.isnan(one.low), math.isnan(one.high)) == (2.0, True, True)
    none = paired_difference(np.array([]), np.array([]))
    assert (none.pairs, math.isnan(none.probability_better), math.isnan(none.variance_ratio)) == (0, True, True)


def test_pairing_pays_when_luck_is_shared_and_harms_when_it_is_opposed(rng):
    luck, first, second = rng.normal(0.0, 1.0, (3, 20_000))
    shared = paired_difference(luck + 0.1 * first, luck + 0.1 * second)
    assert shared.variance_ratio == pytest.approx(2.02 / 0.02, rel=0.05)
    assert shared.correlation == pytest.approx(1.0 / 1.01, abs=0.01)
    apart = paired_difference(first, second)
    assert apart.variance_ratio == pytest.approx(1.0, abs=0.05)
    opposed = paired_difference(luck, -luck)
    assert opposed.variance_ratio == pytest.approx(0.5)


def test_ties_count_half():
    found = paired_difference(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.0, 2.0, 4.0, 4.0]))
    assert found.probability_better == 0.5
    assert found.mean.estimate == 0.0


def test_replications_needed_reach_the_precision_and_hardly_more(rng):
    differences = rng.normal(0.0, 1.0, 5000)
    sd = float(np.std(differences, ddof=1))
    needed = replications_needed(differences, 0.1)
    assert needed == pytest.approx((1.96 * sd / 0.1) ** 2, rel=0.06)
    assert replications_needed(np.array([1.0, 1.0, 1.0]), 0.01) == 2
    assert replications_needed(np.array([1.0]), 0.01) == 2


def lives(*gains, least_gain=0.01):
    return half_lives(np.array(gains), least_gain=least_gain).tolist()


def test_half_life_of_exponential_decay():
    assert lives(0.4 * 0.5 ** (np.arange(61) / 24.0)) == [pytest.approx(24.0)]
    assert lives([1.0, 0.9, 0.6, 0.2], [1.0, 0.5, 0.2, 0.1]) == [pytest.approx(2.25), 1.0]


def test_half_life_beyond_the_horizon_is_infinite_and_of_nothing_undefined():
    assert lives([0.4, 0.39, 0.38], [0.4, 0.3, 0.2]) == [math.inf, 2.0]
    assert all(map(math.isnan, lives([0.004, 0.001], [0.0, 0.0], least_gain=0.005)))


def test_a_bootstrap_of_means_is_the_bootstrap_of_their_statistic(rng):
    table = rng.normal(1.0, 0.5, (7, 3))
    means = resampled_means(table, seed=1)
    ratio = percentile_interval(means[:, 2] / means[:, 0])
    same = bootstrap_interval(lambda r: float(table[r].mean(axis=0)[2] / table[r].mean(axis=0)[0]), 7, seed=1)
    assert ratio == same


def test_bootstrap_covers_the_mean(rng):
    samples = rng.normal(1.0, 1.0, (200, 40))
    found = [bootstrap_interval(lambda rows, s=sample: float(s[rows].mean()), 40, seed=1) for sample in samples]
    assert np.mean([one.low <= 1.0 <= one.high for one in found]) == pytest.approx(0.93, abs=0.072)


def test_bootstrap_of_something_often_undefined_is_undefined():
    values = np.array([0.0, 0.0, 0.0, 1.0])
    found = bootstrap_interval(lambda rows: 1.0 / s if (s := float(values[rows].sum())) else math.nan, 4, seed=1)
    assert (found.estimate, math.isnan(found.low)) == (1.0, True)


def test_rank_correlations_find_what_matters_and_little_else(rng):
    table = rng.random((200, 10))
    outcome = np.exp(3.0 * table[:, 4]) + 0.1 * rng.random(200)
    found, chance = rank_correlations(table, outcome, seed=1)
    assert np.argmax(np.abs(found)) == 4
    assert found[4] > 0.95
    assert 0.1 < chance < 0.3
    assert np.sum(np.abs(found) > chance) <= 2


def test_chance_alone_passes_the_threshold_in_one_table_of_twenty(rng):
    passed = []
    for _ in range(200):
        found, chance = rank_correlations(rng.random((30, 5)), rng.random(30), seed=1)
        passed.append(np.abs(found).max() > chance)
    assert np.mean(passed) == pytest.approx(0.05, abs=0.06)


def test_rank_correlations_of_a_constant():
    found, chance = rank_correlations(np.column_stack([np.arange(9.0), np.ones(9)]), np.ones(9), seed=1)
    assert (found.tolist(), chance) == ([0.0, 0.0], 1.0)
    found, _ = rank_correlations(np.column_stack([np.arange(9.0), np.ones(9)]), np.arange(9.0), seed=1)
    assert found.tolist() == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ([1.0, 2.0, 3.0, 0.5], []),
        ([-1.0, -2.0, -3.0, -0.5], []),
        ([-1.0, 1.0, 2.0, 3.0], [0.5]),
        ([-1.0, -1.0, 3.0, 3.0], [1.25]),
        ([1.0, -1.0, 1.0, -3.0], [0.5, 1.5, 2.25]),
        ([-1.0, 0.0, 1.0, 2.0], [1.0]),
        ([1.0, 0.0, 1.0, 2.0], []),
        ([-1.0, 0.0, 0.0, 2.0], [1.5]),
        ([0.0, 1.0, 2.0, 3.0], []),
        ([0.0, 0.0, 0.0, 0.0], []),
    ],
)
def test_crossings_none_one_and_several(differences, expected):
    assert crossings(np.arange(4.0), np.array(differences)) == pytest.approx(expected)
