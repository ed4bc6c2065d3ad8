"""Designs and indices of global sensitivity: SALib behind a guard. Knows arrays, not capsim."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.errors import CapsimError, InputError
from capsim.runs.points import import_extra

__all__ = ["METHODS", "Method", "indices", "sample"]

_RESAMPLES = 500
_DELTA_RESAMPLES = 20
"""SALib resamples three variants of delta, at a second for each ten of 600 points."""
_MOST_SEED = 2**31 - 1
_LEVELS = 4
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way of measuring sensitivity.

    Attributes
    ----------
    name, title, meaning, source : str
    ranked_by : str
        Column of its indices that orders parameters.
    columns : tuple of str
        Indices; each has an interval in ``<column>_low`` and ``<column>_high`` where it can be computed.
    points : callable
        Points of a design with n and k parameters.
    """

    name: str
    title: str
    meaning: str
    source: str
    ranked_by: str
    columns: tuple[str, ...]
    points: Callable[[int, int], int]


_ROWS = (
    Method(
        name="sobol",
        title="Sobol' indices",
        source="Saltelli et al. 2010; Jansen 1999",
        ranked_by="total",
        meaning="share of the variance that a parameter makes alone (first) and with all interactions (total)",
        columns=("first", "total"),
        points=lambda n, k: n * (k + 2),
    ),
    Method(
        name="morris",
        title="Morris elementary effects",
        source="Morris 1991; Campolongo et al. 2007",
        meaning="mean size of the effect of a step of two thirds of the range, in units of the outcome",
        ranked_by="mu_star",
        columns=("mu_star", "mu", "sigma"),
        points=lambda n, k: n * (k + 1),
    ),
    Method(
        name="pawn",
        title="PAWN",
        source="Pianosi and Wagener 2018",
        ranked_by="median",
        meaning="median distance (Kolmogorov-Smirnov) of the outcome's distribution when the parameter is known",
        columns=("median", "maximum"),
        points=lambda n, k: n,
    ),
    Method(
        name="delta",
        title="Delta, moment-independent",
        source="Borgonovo 2007; Plischke et al. 2013",
        meaning="shift of the outcome's distribution when the parameter is known (delta); share of variance (first)",
        ranked_by="delta",
        columns=("delta", "first"),
        points=lambda n, k: n,
    ),
)

METHODS: Mapping[str, Method] = MappingProxyType({row.name: row for row in _ROWS})
"""Every method by name."""


def _problem(bounds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    names = [f"x{place}" for place in range(len(bounds))]
    return {"num_vars": len(bounds), "names": names, "bounds": [list(pair) for pair in bounds]}


def _seed(seed: int) -> int:
    """SALib draws at random from 0."""
    return 1 + seed % _MOST_SEED


def sample(method: str, bounds: Sequence[tuple[float, float]], n: int, *, seed: int) -> Floats:
    """Points of a design, uniform over the bounds.

    Parameters
    ----------
    method : {"sobol", "morris", "pawn", "delta"}
    bounds : sequence of (float, float)
    n : int
        Base points of a Sobol' design (a power of two), trajectories of Morris, points of the others.
    seed : int

    Returns
    -------
    (points, k) float64

    Raises
    ------
    InputError
        If n does not suit the method.
    """
    if method not in METHODS:
        raise InputError(f"method: {method!r} is not one of {', '.join(METHODS)}")
    least = {"sobol": 8, "morris": 4}.get(method, 40)
    if n < least:
        raise InputError(f"n: {n} is too few for {method}; at least {least}")
    if method == "sobol" and n & (n - 1):
        raise InputError(f"n: must be a power of two for sobol, got {n}; {1 << n.bit_length()} is the next one")
    problem = _problem(bounds)
    if method == "sobol":
        sampler = import_extra("SALib.sample.sobol", extra="sensitivity")
        points = sampler.sample(problem, n, calc_second_order=False, seed=_seed(seed))
    elif method == "morris":
        sampler = import_extra("SALib.sample.morris", extra="sensitivity")
        points = sampler.sample(problem, n, num_levels=_LEVELS, seed=_seed(seed))
    else:
        sampler = import_extra("SALib.sample.latin", extra="sensitivity")
        points = sampler.sample(problem, n, seed=_seed(seed))
    low, high = np.array(bounds, np.float64).T
    return np.clip(np.asarray(points, np.float64), low, high)


def indices(
    method: str, bounds: Sequence[tuple[float, float]], points: Floats, outcome: Floats, *, seed: int
) -> dict[str, Floats]:
    """Indices of every parameter with their 95% intervals.

    Parameters
    ----------
    method : str
    bounds : sequence of (float, float)
    points : (n, k) float64
        From `sample`, in its order.
    outcome : (n,) float64
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict of str to (k,) float64
        The method's columns, and the ends of their intervals.

    Raises
    ------
    CapsimError
        If an outcome is NaN or infinite, or all are equal: indices would be meaningless, and SALib would return zeros
        without a word.
    """
    outcome = np.asarray(outcome, np.float64)
    missing = np.flatnonzero(~np.isfinite(outcome))
    if len(missing):
        shown = ", ".join(map(str, missing[:5])) + (", ..." if len(missing) > 5 else "")
        raise CapsimError(f"sensitivity: the outcome is undefined at {len(missing)} of {len(outcome)} points: {shown}")
    if len(outcome) != len(points):
        raise CapsimError(f"sensitivity: {len(points)} points but {len(outcome)} outcomes")
    if np.ptp(outcome) <= 1e-12 * max(1.0, float(np.abs(outcome).max())):
        raise CapsimError("sensitivity: the outcome is the same at every point, so no parameter decides it")
    with _contained():
        found = _ANALYSES[method](_problem(bounds), points, outcome, _seed(seed))
    return {name: np.asarray(values, np.float64) for name, values in found.items()}


@contextlib.contextmanager
def _contained() -> Iterator[None]:
    """SALib seeds numpy's global generator and changes how warnings are shown; neither must reach the caller."""
    state = np.random.get_state()
    shown = warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True):
            yield
    finally:
        warnings.formatwarning = shown
        np.random.set_state(state)


def _around(values: Any, half: Any, name: str) -> dict[str, Floats]:
    value, half = np.asarray(values, np.float64), np.asarray(half, np.float64)
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def _sobol(problem: dict[str, Any], points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    analysis = import_extra("SALib.analyze.sobol", extra="sensitivity")
    found = analysis.analyze(problem, outcome, calc_second_order=False, num_resamples=_RESAMPLES, seed=seed)
    return {**_around(found["S1"], found["S1_conf"], "first"), **_around(found["ST"], found["ST_conf"], "total")}


def _morris(problem: dict[str, Any], points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    analysis = import_extra("SALib.analyze.morris", extra="sensitivity")
    found = analysis.analyze(problem, points, outcome, num_resamples=_RESAMPLES, num_levels=_LEVELS, seed=seed)
    around = _around(found["mu_star"], found["mu_star_conf"], "mu_star")
    return {**around, "mu": np.asarray(found["mu"]), "sigma": np.asarray(found["sigma"])}


def _pawn(problem: dict[str, Any], points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    """SALib gives no interval: 1.96 standard deviations over resampled points. All values have the same upward bias,
    which a dummy parameter shows.
    """
    analysis = import_extra("SALib.analyze.pawn", extra="sensitivity")
    slices = max(4, min(10, len(points) // 20))
    median = "median"
    found = analysis.analyze(problem, points, outcome, S=slices, seed=seed)
    rng = np.random.Generator(np.random.Philox(seed))
    again = []
    for _ in range(200):
        rows = rng.integers(0, len(points), len(points))
        again.append(np.asarray(analysis.analyze(problem, points[rows], outcome[rows], S=slices, seed=seed)[median]))
    half = 1.96 * np.nanstd(np.array(again), axis=0, ddof=1)
    return {**_around(found[median], half, median), "maximum": np.asarray(found["maximum"])}


def _delta(problem: dict[str, Any], points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    analysis = import_extra("SALib.analyze.delta", extra="sensitivity")
    found = analysis.analyze(problem, points, outcome, num_resamples=_DELTA_RESAMPLES, seed=seed)
    raw = _around(found["delta_raw"], found["delta_raw_conf"], "delta")
    return {**raw, **_around(found["S1"], found["S1_conf"], "first")}


_ANALYSES: Mapping[str, Callable[[dict[str, Any], Floats, Floats, int], dict[str, Floats]]] = {
    "sobol": _sobol,
    "morris": _morris,
    "pawn": _pawn,
    "delta": _delta,
}
