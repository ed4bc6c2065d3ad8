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

from capsim.errors import CapsimError, InputError, import_extra

_RESAMPLES = 500
_DELTA_RESAMPLES = 20
"""SALib resamples three variants of delta, at a second for each ten of 600 points."""
_MOST_SEED = 2**31 - 1
_LEVELS = 4
Floats = NDArray[np.float64]
Problem = dict[str, Any]


def _around(values: Any, half: Any, name: str) -> dict[str, Floats]:
    value, half = np.asarray(values, np.float64), np.asarray(half, np.float64)
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def _analyze(method: str) -> Any:
    return import_extra(f"SALib.analyze.{method}", extra="sensitivity").analyze


def _sobol(problem: Problem, points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    found = _analyze("sobol")(problem, outcome, calc_second_order=False, num_resamples=_RESAMPLES, seed=seed)
    return {**_around(found["S1"], found["S1_conf"], "first"), **_around(found["ST"], found["ST_conf"], "total")}


def _morris(problem: Problem, points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    found = _analyze("morris")(problem, points, outcome, num_resamples=_RESAMPLES, num_levels=_LEVELS, seed=seed)
    around = _around(found["mu_star"], found["mu_star_conf"], "mu_star")
    return {**around, "mu": np.asarray(found["mu"]), "sigma": np.asarray(found["sigma"])}


def _pawn(problem: Problem, points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    """SALib gives no interval: 1.96 standard deviations over resampled points. All values have the same upward bias,
    which a dummy parameter shows.
    """
    analyze, slices = _analyze("pawn"), max(4, min(10, len(points) // 20))
    found = analyze(problem, points, outcome, S=slices, seed=seed)
    rng = np.random.Generator(np.random.Philox(seed))
    again = []
    for _ in range(200):
        rows = rng.integers(0, len(points), len(points))
        again.append(np.asarray(analyze(problem, points[rows], outcome[rows], S=slices, seed=seed)["median"]))
    half = 1.96 * np.nanstd(np.array(again), axis=0, ddof=1)
    return {**_around(found["median"], half, "median"), "maximum": np.asarray(found["maximum"])}


def _delta(problem: Problem, points: Floats, outcome: Floats, seed: int) -> dict[str, Floats]:
    found = _analyze("delta")(problem, points, outcome, num_resamples=_DELTA_RESAMPLES, seed=seed)
    raw = _around(found["delta_raw"], found["delta_raw_conf"], "delta")
    return {**raw, **_around(found["S1"], found["S1_conf"], "first")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way of measuring sensitivity: its words, its indices, of which one orders parameters, the smallest n of a
    design, SALib's sampler with its options, and the function from problem, points, outcome and seed to indices.

    Each index has an interval in ``<column>_low`` and ``<column>_high`` where it can be computed.
    """

    title: str
    meaning: str
    columns: tuple[str, ...]
    ranked_by: str
    least: int = 40
    design: tuple[str, Mapping[str, Any]] = ("latin", MappingProxyType({}))
    analyse: Callable[[Problem, Floats, Floats, int], dict[str, Floats]]


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "sobol": Method(
            title="Sobol' indices",
            meaning="share of the variance that a parameter makes alone (first) and with all interactions (total)",
            columns=("first", "total"),
            ranked_by="total",
            least=8,
            design=("sobol", {"calc_second_order": False}),
            analyse=_sobol,
        ),
        "morris": Method(
            title="Morris elementary effects",
            meaning="mean size of the effect of a step of two thirds of the range, in units of the outcome",
            columns=("mu_star", "mu", "sigma"),
            ranked_by="mu_star",
            least=4,
            design=("morris", {"num_levels": _LEVELS}),
            analyse=_morris,
        ),
        "pawn": Method(
            title="PAWN",
            meaning="median distance (Kolmogorov-Smirnov) of the outcome's distribution when the parameter is known",
            columns=("median", "maximum"),
            ranked_by="median",
            analyse=_pawn,
        ),
        "delta": Method(
            title="Delta, moment-independent",
            meaning="shift of the outcome's distribution when the parameter is known (delta); share of variance "
            "(first)",
            columns=("delta", "first"),
            ranked_by="delta",
            analyse=_delta,
        ),
    }
)
"""Every method by name."""


def _problem(bounds: Sequence[tuple[float, float]]) -> Problem:
    names = [f"x{place}" for place in range(len(bounds))]
    return {"num_vars": len(bounds), "names": names, "bounds": [list(pair) for pair in bounds]}


def _seed(seed: int) -> int:
    """SALib draws at random from 0."""
    return 1 + seed % _MOST_SEED


def sample(method: str, bounds: Sequence[tuple[float, float]], n: int, *, seed: int) -> Floats:
    """Points of a design, uniform over the bounds, (points, k).

    `n` counts base points of a Sobol' design (a power of two), trajectories of Morris, points of the others.
    """
    if method not in METHODS:
        raise InputError(f"method: {method!r} is not one of {', '.join(METHODS)}")
    if n < METHODS[method].least:
        raise InputError(f"n: {n} is too few for {method}; at least {METHODS[method].least}")
    if method == "sobol" and n & (n - 1):
        raise InputError(f"n: must be a power of two for sobol, got {n}; {1 << n.bit_length()} is the next one")
    name, options = METHODS[method].design
    sampler = import_extra(f"SALib.sample.{name}", extra="sensitivity")
    points = sampler.sample(_problem(bounds), n, seed=_seed(seed), **options)
    low, high = np.array(bounds, np.float64).T
    return np.clip(np.asarray(points, np.float64), low, high)


def indices(
    method: str, bounds: Sequence[tuple[float, float]], points: Floats, outcome: Floats, *, seed: int
) -> dict[str, Floats]:
    """Indices of every parameter, (k,), and the ends of their 95% intervals, from the outcome at points of `sample`.

    It is an error when an outcome is NaN or infinite, or all are equal: indices would be meaningless, and SALib would
    return zeros without a word.
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
        found = METHODS[method].analyse(_problem(bounds), points, outcome, _seed(seed))
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
