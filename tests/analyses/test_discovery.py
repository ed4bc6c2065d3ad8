"""PRIM on planted boxes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from capsim.analyses.discovery import DiscoveredBox, discover
from capsim.errors import InputError


@pytest.fixture(scope="module")
def points() -> pd.DataFrame:
    unit = qmc.Sobol(4, seed=1).random(512)
    return pd.DataFrame(unit * [1.0, 1.0, 10.0, 1.0], columns=["a", "b", "c", "d"])


def find_box(points: pd.DataFrame, interest: np.ndarray, **options: float) -> DiscoveredBox:
    """The box of cases that are named instead of measured."""
    return discover(points, np.where(interest, -1.0, 1.0), **options)


def _planted(points: pd.DataFrame) -> np.ndarray:
    return ((points["a"] > 0.6) & (points["c"] < 4.0)).to_numpy()


def test_a_planted_box_is_found(points):
    box = find_box(points, _planted(points))
    assert set(box.limits) == {"a", "c"}
    assert box.limits["a"][0] == pytest.approx(0.6, abs=0.03)
    assert box.limits["c"][1] == pytest.approx(4.0, abs=0.3)
    assert box.coverage > 0.95
    assert box.density > 0.95
    assert box.base_rate == pytest.approx(0.16, abs=0.01)
    inside = box.contains(points)
    assert box.mass == inside.mean()
    assert box.density == _planted(points)[inside].mean()
    assert all(chance < 1e-6 for chance in box.chance.values())


def test_a_box_is_found_through_noise(points):
    noisy = _planted(points) ^ (np.random.default_rng(2).random(512) < 0.1)
    box = find_box(points, noisy, density=0.7)
    assert {"a", "c"} <= set(box.limits)
    assert box.density > 0.7
    assert box.limits["a"][0] == pytest.approx(0.6, abs=0.1)


def test_a_step_that_lowers_the_density_does_not_end_the_way():
    unit = pd.DataFrame(qmc.LatinHypercube(4, seed=np.random.default_rng(1)).random(400), columns=list("abcd"))
    planted = ((unit["a"] > 0.6) & (unit["b"] < 0.4)).to_numpy()
    box = find_box(unit, planted ^ (np.random.default_rng(2).random(400) < 0.1), density=0.7)
    assert set(box.limits) == {"a", "b"}
    assert box.density > 0.7


def test_where_a_difference_is_negative(points):
    found = discover(points, (points["c"] - 2.5).to_numpy())
    assert set(found.limits) == {"c"}
    assert found.limits["c"][1] == pytest.approx(2.5, abs=0.2)
    assert "c is" in found.sentence()


def test_two_sides_are_peeled(points):
    box = find_box(points, points["b"].between(0.3, 0.7).to_numpy())
    low, high = box.limits["b"]
    assert low == pytest.approx(0.3, abs=0.03)
    assert high == pytest.approx(0.7, abs=0.03)
    assert (box.path["mass"].diff().dropna() < 0).all()


def test_no_region_is_refused(points):
    with pytest.raises(InputError, match="only 0 cases"):
        discover(points, np.ones(512))
    with pytest.raises(InputError, match="every point"):
        discover(points, -np.ones(512))
    with pytest.raises(InputError, match="undefined at 512 of 512"):
        discover(points, np.full(512, np.nan))
