"""Shapley values against their definition; coverage of the intervals by simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from capsim.analyses.pathways import shapley_values
from capsim.comparison.statistics import joint_intervals


def over_all_orders(arms: np.ndarray) -> np.ndarray:
    """Mean change as each of n pathways is switched on, over all n! orders."""
    n = len(arms).bit_length() - 1
    values = np.zeros(n)
    orders = list(itertools.permutations(range(n)))
    for order in orders:
        arm = 0
        for p in order:
            values[p] += arms[arm | 1 << p] - arms[arm]
            arm |= 1 << p
    return values / len(orders)


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_values_are_the_mean_over_all_orders(n):
    arms = np.random.Generator(np.random.Philox(n)).normal(size=(3, 2**n))
    values = shapley_values(arms)
    assert values.shape == (3, n)
    for own, of in zip(values, arms, strict=True):
        np.testing.assert_allclose(own, over_all_orders(of), atol=1e-14)
    np.testing.assert_allclose(values.sum(axis=1), arms[:, -1] - arms[:, 0], rtol=0, atol=1e-14)


def test_arithmetic_by_hand():
    """v = a + 2 b + 4 a b: the product is shared equally."""
    np.testing.assert_allclose(shapley_values(np.array([0.0, 1.0, 2.0, 7.0])), [3.0, 4.0])


@pytest.mark.parametrize(("n", "least"), [(8, 0.925), (16, 0.93)])
@pytest.mark.parametrize("shape", ["normal", "uniform"])
def test_intervals_cover_the_mean(n, least, shape):
    """3,600 studies: a coverage of 0.95 is estimated within 0.007."""
    rng = np.random.Generator(np.random.Philox([n, len(shape)]))
    covered = 0
    for study in range(12):
        table = rng.normal(size=(n, 300)) if shape == "normal" else rng.uniform(-1, 1, (n, 300))
        low, high = joint_intervals(table, seed=study)
        covered += np.count_nonzero((low <= 0.0) & (high >= 0.0))
    assert least < covered / 3600 < 0.975


def test_mirrored_tables_get_mirrored_intervals():
    table = np.random.Generator(np.random.Philox(3)).exponential(size=(9, 4))
    low, high = joint_intervals(table)
    np.testing.assert_array_equal(joint_intervals(-table), [-high, -low])
    assert (low < table.mean(axis=0)).all()
    assert (table.mean(axis=0) < high).all()


def test_rows_stay_together():
    """Columns that cancel in every row have a sum without uncertainty."""
    column = np.random.Generator(np.random.Philox(4)).normal(size=7)
    low, high = joint_intervals(np.column_stack([column, 1.0 - column, np.ones(7)]))
    assert low[2] == high[2] == 1.0
    np.testing.assert_allclose(low[0] + high[1], 1.0, atol=1e-14)


def test_one_row_says_nothing():
    assert np.isnan(joint_intervals(np.ones((1, 3)))).all()
    assert np.isnan(joint_intervals(np.ones((0, 3)))).all()
