"""Designs: the right number of points in the right place, the same for the same seed, none twice."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.runs.designs import (
    FullFactorial,
    LatinHypercube,
    Levels,
    Morris,
    Points,
    RandomPoints,
    Range,
    SobolPoints,
    design_points,
)

FACTORS = {"a": Range(low=10.0, high=20.0, points=3), "b": Range(low=-1.0, high=1.0, points=2)}
SAMPLED = [LatinHypercube(n=64), SobolPoints(n=64), RandomPoints(n=64)]


def unit(points):
    return np.column_stack([(points[:, 0] - 10.0) / 10.0, (points[:, 1] + 1.0) / 2.0])


def test_full_factorial():
    names, points = design_points(FullFactorial(), {**FACTORS, "c": Levels(values=(5.0, 4.0))}, seed=1)
    assert names == ("a", "b", "c")
    expected = [[a, b, c] for a in (10.0, 15.0, 20.0) for b in (-1.0, 1.0) for c in (5.0, 4.0)]
    assert points.tolist() == expected


def test_no_factors_are_one_point():
    names, points = design_points(FullFactorial(), {}, seed=1)
    assert names == ()
    assert points.shape == (1, 0)


def test_written_points():
    names, points = design_points(Points(points=({"b": 1.0, "a": 2.0}, {"a": 3.0, "b": 4.0})), {}, seed=1)
    assert names == ("b", "a")
    assert points.tolist() == [[1.0, 2.0], [4.0, 3.0]]


@pytest.mark.parametrize("design", SAMPLED, ids=lambda design: design.kind)
def test_samples_fill_their_bounds_and_follow_the_seed(design):
    _, points = design_points(design, FACTORS, seed=1)
    assert points.shape == (64, 2)
    shares = unit(points)
    assert shares.min() >= 0.0
    assert shares.max() <= 1.0
    assert np.abs(shares.mean(axis=0) - 0.5).max() < 0.15
    assert np.array_equal(points, design_points(design, FACTORS, seed=1)[1])
    assert not np.array_equal(points, design_points(design, FACTORS, seed=2)[1])


@pytest.mark.parametrize("design", SAMPLED[:2], ids=lambda design: design.kind)
def test_latin_and_sobol_have_one_point_in_every_slice(design):
    shares = unit(design_points(design, FACTORS, seed=1)[1])
    for column in shares.T:
        assert sorted((column * 64).astype(int)) == list(range(64))


def test_lists_are_sampled_evenly_and_no_point_is_there_twice():
    _, points = design_points(LatinHypercube(n=64), {"a": Levels(values=(3.0, 1.0)), "b": FACTORS["b"]}, seed=1)
    assert np.count_nonzero(points[:, 0] == 3.0) == 32
    _, few = design_points(RandomPoints(n=64), {"a": Levels(values=(3.0, 1.0, 2.0))}, seed=1)
    assert sorted(few[:, 0]) == [1.0, 2.0, 3.0]


def test_morris_moves_one_factor_at_a_time():
    pytest.importorskip("SALib")
    factors = {name: Range(low=0.0, high=1.0) for name in "abcdefgh"}
    _, points = design_points(Morris(trajectories=5), factors, seed=1)
    assert len(points) == 5 * 9
    for trajectory in points.reshape(5, 9, 8):
        assert (np.count_nonzero(np.diff(trajectory, axis=0), axis=1) == 1).all()


def test_morris_without_salib_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample.morris", None)
    with pytest.raises(InputError, match=r"capsim\[sensitivity\]"):
        design_points(Morris(trajectories=5), FACTORS, seed=1)
