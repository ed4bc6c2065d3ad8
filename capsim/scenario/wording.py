"""Problems found by validation, in plain words: what was given, what is allowed, the nearest known name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from capsim.errors import nearest_name
from capsim.numbers import how_to_write
from capsim.scenario.agency_choice import Agencies
from capsim.scenario.checks import Path
from capsim.scenario.compositions import ALTERNATIVES, Composition, Manner, PluginStrategy
from capsim.scenario.parts import Assistance, Month, Question, Timeline
from capsim.scenario.schema import Scenario
from capsim.scenario.values import Part, PartError

__all__ = ["problems_in_words"]

_PARTS: Mapping[str, type[Part]] = {
    "agencies": Agencies,
    "question": Question,
    "timeline": Timeline,
    "month": Month,
    "assistance": Assistance,
    "delivery": Manner,
    "(composition)": Composition,
    "(plugin)": PluginStrategy,
}
_EXPECTED = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list such as [a, b]",
    "list_type": "must be a list such as [a, b]",
    "dict_type": "must be a mapping of keys and values",
    "mapping_type": "must be a mapping of keys and values",
    "string_too_short": "must not be empty",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
}


def problems_in_words(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """Yield (path, message) for each problem of a validation."""
    for detail in error.errors(include_url=False, include_input=True):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # its entries are wrong, not too few, and each has a message of its own
        yield from one_problem(detail["loc"], detail)


def _shown(location: Path) -> Path:
    """Drop the marks of a form of value and of a faulty key, which are not in the file."""
    return tuple(part for part in location if part not in ALTERNATIVES and part != "[key]")


def one_problem(location: Path, detail: Any) -> Iterator[tuple[Path, str]]:
    kind, given, context = detail["type"], detail["input"], detail.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, PartError):
        for key, message in cause.problems:
            yield (*_shown(location), *_parsed(key)), message
    elif kind == "extra_forbidden":
        allowed = sorted(_part_at(location[:-1]).model_fields)
        key = str(location[-1])
        yield _shown(location), f"unknown key; allowed: {', '.join(allowed)}{nearest_name(key, allowed)}"
    else:
        yield _shown(location), _sentence(location, kind, given, context)


def _sentence(location: Path, kind: str, given: Any, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return f"is missing{_example(str(location[-1]))}"
    if kind in _BOUNDS:
        phrase, key = _BOUNDS[kind]
        return f"{_short(given)} is out of range; it must be {phrase} {context[key]}"
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        nearest = nearest_name(given, allowed.split(", ")) if isinstance(given, str) else ""
        return f"{_short(given)} is not allowed; allowed: {allowed}{nearest}"
    if kind in {"too_short", "too_long"}:
        wanted = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        return f"needs {wanted} entries, got {_count(given, context)}"
    if kind in {"model_type", "model_attributes_type"}:
        keys = ", ".join(sorted(_part_at(location).model_fields))
        return f"must be a mapping with the keys {keys}; got {_short(given)}"
    if kind == "string_pattern_mismatch":
        return f"must read module:Class, such as my_module:MyStrategy; got {_short(given)}"
    return f"{_EXPECTED.get(kind, 'is not allowed')}, got {_short(given)}{_how_to_write(given, kind)}"


def _how_to_write(given: Any, kind: str) -> str:
    number = kind in {"int_type", "int_from_float", "float_type"}
    return how_to_write(given) if number and isinstance(given, str) else ""


def _count(given: Any, context: Mapping[str, Any]) -> int:
    return len(given) if hasattr(given, "__len__") else int(context.get("actual_length", 0))


def _example(key: str) -> str:
    examples = {
        "name": "name: Ohio, 2023-24",
        "agencies": "agencies: {source: us_2023_24, states: [OH]}",
        "question": "question: {outcome: use, contrast: [organization_focused, individual_focused]}",
        "contrast": "contrast: [organization_focused, individual_focused]",
        "assistance": "assistance: {budget_hours_per_year: 24000}",
        "budget_hours_per_year": "budget_hours_per_year: 24000",
        "strategies": "strategies: [none, individual_focused, organization_focused]",
        "activities": "activities: {coaching: 0.6, routine_redesign: 0.4}",
    }
    return f"; for example {examples[key]}" if key in examples else ""


def _part_at(location: Path) -> type[Part]:
    for part in reversed(location):
        if isinstance(part, str) and part in _PARTS:
            return _PARTS[part]
    return Scenario


def _parsed(key: str) -> Path:
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
