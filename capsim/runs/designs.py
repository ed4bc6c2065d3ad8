"""Designs of experiments: which points of the factors are run. Sampling itself is scipy's and SALib's."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from capsim.errors import InputError
from capsim.runs.factors import Factor, Forms, Levels, Range, factor_number, factor_problem, unknown_factor
from capsim.scenario.values import Part, Whole
from capsim.streams.keys import key_from

MOST_POINTS = 10_000_000
Count = Annotated[Whole, Field(ge=1, le=MOST_POINTS)]


class FullFactorial(Part):
    """Every combination of the values of all factors."""

    kind: Literal["full_factorial"] = "full_factorial"


class Points(Part):
    """Points written out: mappings from factor to value, all with the same factors."""

    kind: Literal["points"] = "points"
    points: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]


class LatinHypercube(Part):
    """`n` points, one in each of `n` equal slices of every factor."""

    kind: Literal["latin_hypercube"] = "latin_hypercube"
    n: Count


class SobolPoints(Part):
    """`n` points of a scrambled Sobol' sequence; `n` is a power of two."""

    kind: Literal["sobol"] = "sobol"
    n: Count

    @model_validator(mode="after")
    def _is_balanced(self) -> SobolPoints:
        if self.n & (self.n - 1):
            raise ValueError(f"n must be a power of two for a Sobol' sequence to be balanced, got {self.n}")
        return self


class RandomPoints(Part):
    """`n` independent uniform points."""

    kind: Literal["random"] = "random"
    n: Count


class Morris(Part):
    """Trajectories that move one factor at a time over an even number of levels (needs ``capsim[sensitivity]``)."""

    kind: Literal["morris"] = "morris"
    trajectories: Count
    levels: Annotated[Whole, Field(ge=2, le=1000, multiple_of=2)] = 4


DESIGNS: Mapping[str, type[Part]] = {
    kind.model_fields["kind"].default: kind
    for kind in (FullFactorial, Points, LatinHypercube, SobolPoints, RandomPoints, Morris)
}


Design = Annotated[
    Annotated[
        FullFactorial | Points | LatinHypercube | SobolPoints | RandomPoints | Morris, Field(discriminator="kind")
    ],
    BeforeValidator(lambda value: {"kind": value} if isinstance(value, str) else value),
]


def design_problems(design: Any, factors: Mapping[str, Factor]) -> list[tuple[str, str]]:
    """What is wrong with a design for these factors: dotted keys of the study and messages."""
    if isinstance(design, Points):
        return _points_problems(design, factors)
    if isinstance(design, FullFactorial):
        return [
            (f"factors.{name}", "a full factorial needs a list of values, or points of 2 or more")
            for name, factor in factors.items()
            if isinstance(factor, Range) and factor.points < 2
        ]
    if not factors:
        return [("factors", f"the design {design.kind} needs at least one factor")]
    if isinstance(design, Morris):
        return [
            (f"factors.{name}", "morris needs low and high, not a list of values")
            for name, factor in factors.items()
            if not isinstance(factor, Range)
        ]
    return []


def _points_problems(design: Points, factors: Mapping[str, Factor]) -> list[tuple[str, str]]:
    problems = [("factors", "leave factors out: the points of the design name them")] if factors else []
    first = list(design.points[0])
    for place, point in enumerate(design.points):
        where = f"design.points.{place}"
        if set(point) != set(first):
            problems.append((where, f"has other factors than the first point ({', '.join(first)})"))
        for name, value in point.items():
            problem = unknown_factor(name) or factor_problem(name, value)
            if problem is not None:
                problems.append((f"{where}.{name}", problem))
    if not problems and len({tuple(point[name] for name in first) for point in design.points}) < len(design.points):
        problems.append(("design.points", "a point is given twice"))
    return problems


def design_points(
    design: Any, factors: Mapping[str, Factor], *, seed: int
) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Names of the factors, and the points of a design, (n, factors), each once; the factors have no problems.

    Variants of rules stand there as their codes.
    """
    if isinstance(design, Points):
        names = tuple(design.points[0])
        return names, np.array(
            [[factor_number(name, point[name]) for name in names] for point in design.points], np.float64
        )
    names = tuple(factors)
    if isinstance(design, FullFactorial):
        grids = [_grid(name, factor) for name, factor in factors.items()]
        count = int(np.prod([len(grid) for grid in grids], dtype=np.float64))
        if count > MOST_POINTS:
            raise InputError(f"design: {count:,} points; at most {MOST_POINTS:,}")
        return names, np.array(list(itertools.product(*grids)), np.float64).reshape(count, len(names))
    unit = _sampled(design, len(names), np.random.default_rng(key_from("design", seed)))
    columns = [_scaled(name, factor, unit[:, column]) for column, (name, factor) in enumerate(factors.items())]
    return names, _each_once(np.column_stack(columns))


def _each_once(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points without repetition, in their order: runs are named by content, so a point twice is one point."""
    _, first = np.unique(points, axis=0, return_index=True)
    return points[np.sort(first)] + 0.0


def _grid(name: str, factor: Factor) -> Sequence[float]:
    if isinstance(factor, Levels | Forms):
        return [factor_number(name, value) for value in factor.values]
    return [float(value) for value in np.linspace(factor.low, factor.high, factor.points)]


def _scaled(name: str, factor: Factor, unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers in [0, 1] to values of a factor."""
    if isinstance(factor, Levels | Forms):
        values = np.array(_grid(name, factor))
        return np.asarray(values[np.minimum((unit * len(values)).astype(np.int64), len(values) - 1)])
    return np.asarray(np.clip(factor.low + unit * (factor.high - factor.low), factor.low, factor.high))


def _sampled(design: Any, factors: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Points of a design whose factors vary from 0 to 1, (n, factors)."""
    if isinstance(design, Morris):
        return _trajectories(design, factors, int(generator.integers(2**31)))
    if isinstance(design, RandomPoints):
        return generator.random((design.n, factors))
    from scipy.stats import qmc

    engine: Any = qmc.Sobol if isinstance(design, SobolPoints) else qmc.LatinHypercube
    named = "rng" if "rng" in inspect.signature(engine).parameters else "seed"  # `seed` before scipy 1.15
    return np.asarray(engine(d=factors, **{named: generator}).random(design.n))


def _trajectories(design: Morris, factors: int, seed: int) -> NDArray[np.float64]:
    try:
        sample = import_module("SALib.sample.morris").sample
    except ImportError as error:
        raise InputError("design: morris needs SALib; install it with   pip install 'capsim[sensitivity]'") from error
    problem = {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    return np.asarray(sample(problem, design.trajectories, num_levels=design.levels, seed=seed), np.float64)
