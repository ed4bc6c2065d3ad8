"""Factors of a study: which inputs vary, over which values. Knows no design and no run."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationError

from capsim.catalogue.rules import RULES
from capsim.errors import nearest_name
from capsim.parameters import PARAMETERS
from capsim.parameters.table import problems_of_rules
from capsim.scenario.values import FrozenMapping, Number, Part, PartError, Text, Whole, empty_if_nothing
from capsim.scenario.wording import problems_in_words

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
    """A factor from what the file says."""
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
