"""Problems found by validation, in plain words: what was given, what is allowed, the nearest known name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import Tag, ValidationError

from capsim.errors import nearest_name
from capsim.numbers import how_to_write, shown
from capsim.scenario.compositions import ALTERNATIVES
from capsim.scenario.schema import Scenario
from capsim.scenario.values import Part, PartError, Path

_NUMBERS = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
}
_EXPECTED = _NUMBERS | {
    "string_type": "must be text",
    "int_parsing_size": "is too large a number",
    "bool_type": "must be true or false",
    "finite_number": "must be a finite number",
    "tuple_type": "must be a list such as [a, b]",
    "list_type": "must be a list such as [a, b]",
    "dict_type": "must be a mapping of keys and values",
    "mapping_type": "must be a mapping of keys and values",
    "string_too_short": "must not be empty",
}
_EXAMPLES = {
    "name": "name: Ohio, 2023-24",
    "agencies": "agencies: {source: us_2023_24, states: [OH]}",
    "question": "question: {outcome: use, contrast: [organization_focused, individual_focused]}",
    "contrast": "contrast: [organization_focused, individual_focused]",
    "assistance": "assistance: {budget_hours_per_year: 24000}",
    "budget_hours_per_year": "budget_hours_per_year: 24000",
    "kind": "kind: leader_leaves",
    "strategies": "strategies: [none, individual_focused, organization_focused]",
    "activities": "activities: {coaching: 0.6, routine_redesign: 0.4}",
    "items": "items: [{reads: use}, {reads: routine, weight: 2}]",
    "reads": "reads: use",
}
_BOUNDS = {
    "greater_than_equal": ("at least", "ge"),
    "greater_than": ("more than", "gt"),
    "less_than_equal": ("at most", "le"),
}
_MOST_SUGGESTIONS = 100
"""Problems of a file for which a near name is looked for; a file with more is not read to its end."""


def problems_in_words(
    error: ValidationError, whole: type[Part] = Scenario, **more: type[Part]
) -> Iterator[tuple[Path, str]]:
    """Yield (path, message) for each problem of a validation of `whole`; `more` are parts by a tag or key in it."""
    parts = {**_parts(), **more}
    for place, detail in enumerate(error.errors(include_url=False, include_input=True)):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # its entries are wrong, not too few, and each has a message of its own
        location = detail["loc"]
        part = next((parts[one] for one in reversed(location) if one in parts), whole)
        above = next((parts[one] for one in reversed(location[:-1]) if one in parts), whole)
        # marks of alternatives and kinds of designs are not in the file
        path = tuple(one for one in location if one not in ALTERNATIVES and one != "[key]")
        if path[:1] == ("design",) and path[1:] and path[1] in more:
            path = path[:1] + path[2:]
        for key, text in _one_problem(detail, part, above, suggest=place < _MOST_SUGGESTIONS):
            yield (*path, *key), text


@cache
def _parts() -> Mapping[str, type[Part]]:
    """Every part of a scenario by the key, or the mark of the form, under which it stands."""
    found: dict[str, type[Part]] = {}

    def look(kind: Any, name: str) -> None:
        if _is_part(kind):
            if name not in found:
                found[name] = kind
                for key, field in kind.model_fields.items():
                    look(field.annotation, key)
            return
        name = next((mark.tag for mark in getattr(kind, "__metadata__", ()) if isinstance(mark, Tag)), name)
        for inside in get_args(kind):
            look(inside, name)

    for key, field in Scenario.model_fields.items():
        look(field.annotation, key)
    return found


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _one_problem(detail: Any, part: type[Part], above: type[Part], *, suggest: bool) -> Iterator[tuple[Path, str]]:
    """Yield (path below that of the problem, message); `part` stands at its place, `above` round it."""
    location, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, PartError):
        for key, message in cause.problems:
            yield tuple(int(one) if one.isdecimal() and len(one) < 7 else one for one in key.split(".")), message
    elif kind == "extra_forbidden":
        known = sorted(above.model_fields)
        key = str(location[-1])
        below = [name for name, field in above.model_fields.items() if key in _keys_of(field.annotation)]
        place = f"put it below {below[0]}:; " if below else ""
        yield (), f"unknown key; {place}{_allowed(key, known, suggest and not below)}"
    elif kind == "unknown_name":
        allowed = _allowed(detail["input"], context["known"], suggest)
        what, given = context["what"], shown(detail["input"])
        yield (), f"unknown {what} {given}; {allowed}" if what else f"{given} is not allowed; {allowed}"
    elif kind == "literal_error":
        known = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        yield (), f"{_given(detail['input'])} is not allowed; {_allowed(detail['input'], known, suggest)}"
    elif kind in {"model_type", "model_attributes_type"}:
        keys = ", ".join(sorted(part.model_fields))
        yield (), f"must be a mapping with the keys {keys}; got {_given(detail['input'])}"
    elif kind == "union_tag_invalid":
        known, tag = str(context["expected_tags"]).replace("'", "").split(", "), str(context["tag"])
        yield (), f"unknown kind {tag!r}; {_allowed(tag, known, suggest)}"
    elif kind == "union_tag_not_found":
        yield (), "needs a key kind"
    else:
        yield (), _sentence(location, kind, detail["input"], context)


def _keys_of(kind: Any) -> Collection[str]:
    """Keys of a part that is always a mapping of its own; none of anything else."""
    return kind.model_fields if _is_part(kind) else ()


def _allowed(given: Any, known: Any, suggest: bool) -> str:
    nearest = nearest_name(given, known) if suggest and isinstance(given, str) else ""
    return f"allowed: {', '.join(known)}{nearest}"


def _sentence(location: Path, kind: str, given: Any, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        key = str(location[-1])
        of_area = key == "name" and location[:1] == ("focal_areas",)
        example = "name: equity" if of_area else _EXAMPLES.get(key, "")
        return f"is missing; for example {example}" if example else "is missing"
    if kind in _BOUNDS:
        phrase, key = _BOUNDS[kind]
        return f"{_given(given)} is out of range; it must be {phrase} {context[key]}"
    if kind in {"too_short", "too_long"}:
        wanted = f"at least {context['min_length']}" if kind == "too_short" else f"at most {context['max_length']}"
        got = len(given) if hasattr(given, "__len__") else int(context.get("actual_length", 0))
        return f"needs {wanted} {'entry' if wanted.endswith(' 1') else 'entries'}, got {got}"
    if kind == "string_pattern_mismatch":
        return f"must read module:Class, such as my_module:MyStrategy; got {_given(given)}"
    counted = kind.startswith("int")
    hint = how_to_write(given, counted=counted) if kind in _NUMBERS and isinstance(given, str) else ""
    return f"{_EXPECTED.get(kind, 'is not allowed')}, got {_given(given)}{hint}"


def _given(value: Any) -> str:
    return "nothing" if value is None else shown(value)
