"""Factors of a study, which inputs vary over which values, and designs of experiments: which points of the factors are
run. Sampling itself is scipy's and SALib's.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationError, model_validator

from capsim.catalogue.rules import RULES
from capsim.errors import InputError, import_extra, nearest_name
from capsim.parameters import PARAMETERS
from capsim.parameters.table import problems_of_rules
from capsim.scenario.values import (
    FrozenMapping,
    Number,
    Part,
    PartError,
    Text,
    Whole,
    empty_if_nothing,
    problems_in_words,
)
from capsim.streams.keys import key_from

BUDGET = "budget_hours_per_year"
"""The factor that is no parameter: TA hours per year."""
_RULES = "rules."
RULE_FACTORS: Mapping[str, str] = MappingProxyType({f"{_RULES}{name}": name for name in RULES})
"""Factors that take variants of a rule, as they are written in files and name columns, and the rule of each."""


class Levels(Part):
    """A factor that takes the values of a list."""

    values: Annotated[tuple[Number, ...], Field(min_length=1)]


class Range(Part):
    """A factor that varies between two bounds: in a study file the declared plausible range, if none are given.

    `points` are evenly spaced values in a full factorial; 0 where the design chooses its own.
    """

    low: Number
    high: Number
    points: Annotated[Whole, Field(ge=0, le=100_000)] = 0


class Forms(Part):
    """A factor that takes variants of a rule: all of them, if none are named."""

    values: Annotated[tuple[Text, ...], Field(min_length=1)]


Factor = Levels | Range | Forms


def factor_value(name: str, value: Any) -> float | str:
    """Value of a factor as it names a point: the variant of a rule, or a number."""
    return str(value) if name in RULE_FACTORS else float(value)


def factor_number(name: str, value: Any) -> float:
    """The same as a number: a variant's is its code."""
    return float(RULES[RULE_FACTORS[name]].code(value)) if name in RULE_FACTORS else float(value)


def factor_of_number(name: str, number: float) -> float | str:
    """Value of a factor from its number."""
    return RULES[RULE_FACTORS[name]].forms[int(number)].name if name in RULE_FACTORS else number


def factor_problem(name: str, value: object) -> str | None:
    """Say what is wrong with a value of a factor, or return None when it is allowed."""
    if name in RULE_FACTORS:
        return next((problem for _, problem in problems_of_rules({RULE_FACTORS[name]: value})), None)
    if name != BUDGET:
        return PARAMETERS[name].problem_with(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= 1e12:
        return f"must be a number from 0 to 1e12 (hours), got {value!r}"
    return None


def unknown_factor(name: str) -> str | None:
    """Say that there is no such factor, or return None when there is."""
    known = (*PARAMETERS, BUDGET, *RULE_FACTORS)
    if name in known:
        return None
    allowed = f"factors are the parameters (capsim list parameters), {BUDGET} and {_RULES}<rule> (capsim list rules)"
    return f"unknown factor; {allowed}{nearest_name(name, known)}"


def _one(name: str, given: Any) -> Factor:
    if isinstance(given, Levels | Range | Forms):
        return given
    if name in RULE_FACTORS:
        every = [form.name for form in RULES[RULE_FACTORS[name]].forms]
        values = every if given is None else given
        return Forms.model_validate(values if isinstance(values, Mapping) else {"values": values})
    if isinstance(given, list | tuple):
        given = {"values": given}
    if given is not None and not isinstance(given, Mapping):
        raise PartError([("", f"must be a list of values, or a mapping with low, high, points; got {given!r}")])
    if "values" in (given or {}):
        return Levels.model_validate(given)
    bounds = {} if name == BUDGET else {"low": PARAMETERS[name].low, "high": PARAMETERS[name].high}
    missing = [key for key in ("low", "high") if key not in {**bounds, **(given or {})}]
    if missing:
        raise PartError([("", f"needs {' and '.join(missing)}, or a list of values: it has no declared range")])
    return Range.model_validate({**bounds, **(given or {})})


def _value_problems(name: str, factor: Factor) -> list[tuple[str, str]]:
    if isinstance(factor, Levels | Forms):
        found = [(f"{name}.{place}", factor_problem(name, value)) for place, value in enumerate(factor.values)]
        if len(set[object](factor.values)) < len(factor.values):
            found.append((name, "a value is given twice"))
    else:
        found = [(f"{name}.low", factor_problem(name, factor.low)), (f"{name}.high", factor_problem(name, factor.high))]
        if not factor.low < factor.high:
            found.append((name, f"low ({factor.low:g}) must be below high ({factor.high:g})"))
    return [(key, problem) for key, problem in found if problem is not None]


def _resolved(value: Any) -> Any:
    """Every factor with its bounds, all problems at once."""
    if not isinstance(value, Mapping):
        return value
    factors: dict[str, Factor] = {}
    problems: list[tuple[str, str]] = []
    for name, given in value.items():
        unknown = unknown_factor(str(name))
        if unknown is not None:
            problems.append((str(name), unknown))
            continue
        try:
            factors[name] = _one(name, given)
        except PartError as error:
            problems += [(name, message) for _, message in error.problems]
        except ValidationError as error:
            for where, text in problems_in_words(
                error, Forms if name in RULE_FACTORS else Range
            ):  # a list of values has no key `values` in a file
                problems.append((".".join(str(key) for key in (name, *where) if key != "values"), text))
        else:
            problems += _value_problems(name, factors[name])
    if problems:
        raise PartError(problems)
    return FrozenMapping(factors)


Factors = Annotated[
    Mapping[str, Any],
    BeforeValidator(lambda value: _resolved(empty_if_nothing(value))),
    AfterValidator(FrozenMapping),
    PlainSerializer(lambda factors: {name: factor.model_dump(mode="json") for name, factor in factors.items()}),
]
"""Factors of a study by name: a list, a mapping, or nothing for the declared range."""


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
    said = "design: morris needs SALib"
    sample = import_extra("SALib.sample.morris", extra="sensitivity", problem=said).sample
    problem = {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    return np.asarray(sample(problem, design.trajectories, num_levels=design.levels, seed=seed), np.float64)
