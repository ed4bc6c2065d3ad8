"""Kinds of value that several parts of a scenario use: numbers, names, frozen mappings; what validation finds wrong,
in plain words: what was given, what is allowed, the nearest known name. Knows no particular part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationError,
    model_serializer,
)
from pydantic_core import PydanticCustomError

from capsim.errors import nearest_name, printable
from capsim.numbers import how_to_write, integral, shown

Path = tuple[str | int, ...]
"""Where a value stands in a file: keys and positions from the top."""
Problem = tuple[Path, str]

LONGEST_NAME = 200
"""Letters of a name; tables, legends and file names carry it."""
_FORMULA = ("=", "+", "-", "@")
"""A cell that begins so is a formula to a spreadsheet, also when it came from somebody else's file."""


def problem_with_name(name: str) -> str:
    """What is wrong with a name that tables, terminals and spreadsheets will show; empty for nothing."""
    if len(name) > LONGEST_NAME:
        return f"has {len(name):,} letters; at most {LONGEST_NAME} are allowed"
    if printable(name) != name:
        return f"holds a character that a terminal would obey: {printable(name)}"
    if name.startswith(_FORMULA):
        return f"{name!r} begins like a formula of a spreadsheet; begin with a letter or a digit"
    return ""


def good_name(name: str) -> str:
    """Return a name that can be shown."""
    if problem := problem_with_name(name):
        raise ValueError(problem)
    return name


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(integral), Field(strict=True)]
Text = Annotated[str, Field(strict=True, min_length=1), AfterValidator(good_name)]
AnyText = Annotated[str, Field(strict=True)]
YesNo = Annotated[bool, Field(strict=True)]
Share = Annotated[Number, Field(ge=0, le=1)]
OfDigits = BeforeValidator(lambda name: str(name) if type(name) is int else name)
"""An id of digits may be written without quotes."""
AgencyName = Annotated[Text, OfDigits]
"""Id or name of an agency."""
Seed = Annotated[Whole, Field(ge=0, le=2**63 - 1)]
Key = TypeVar("Key")
Value = TypeVar("Value")


def empty_if_nothing(value: object) -> object:
    """Read a key without a value as an empty mapping."""
    return {} if value is None else value


class FrozenMapping(dict[str, Value]):
    """Mapping from names to values that cannot change, and can be hashed."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a FrozenMapping cannot change")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = pop = popitem = clear = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset((key, one if isinstance(one, FrozenMapping) else repr(one)) for key, one in self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenMapping, (dict(self),))


Frozen = Annotated[Mapping[Key, Value], BeforeValidator(empty_if_nothing), AfterValidator(FrozenMapping)]
"""A mapping of a part; a key without a value is an empty one."""


def each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values when none is repeated."""
    twice = sorted(value for value, times in Counter(values).items() if times > 1)
    if twice:
        raise ValueError(f"each may be named once; repeated: {', '.join(twice)}")
    return values


Item = TypeVar("Item")
Once = Annotated[tuple[Item, ...], AfterValidator(each_once)]
Some = Annotated[tuple[Item, ...], Field(min_length=1), AfterValidator(each_once)]
"""At least one."""


class Part(BaseModel):
    """Base of every part: frozen, and no unknown keys.

    What is in `_said_if_other` is not said where it is as usual, so that a scenario keeps the identity that it had
    before there was a choice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    _said_if_other: ClassVar[tuple[str, ...]] = ()

    @model_serializer(mode="wrap")
    def _without_the_usual(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = write(self)
        for name in self._said_if_other:
            if getattr(self, name) == type(self).model_fields[name].get_default(call_default_factory=True):
                content.pop(name, None)
        return content


class PartError(ValueError):
    """Several problems inside one part, each under the dotted key, relative to the part, that it belongs to."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{key}: {message}" for key, message in problems))


def refuse_unknown(what: str, name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """Return `name` when it is known; the words for one that is not are made when they are asked for."""
    if name not in known:
        raise PydanticCustomError("unknown_name", "unknown name", {"what": what, "known": tuple(known)})
    return name


def one_of(what: str, known: Mapping[str, Any] | tuple[str, ...]) -> AfterValidator:
    """Refuse a text that is not known."""
    return AfterValidator(lambda name: refuse_unknown(what, name, known))


def field_of(part: Any, key: str, default: Any = None) -> Any:
    """Value of a key of a part, validated or as written in a file; the default where it has none."""
    found = part.get(key) if isinstance(part, Mapping) else getattr(part, key, None)
    return default if found is None else found


def items_of(value: Any) -> Sequence[Any]:
    """Entries of a list; none of anything else."""
    return value if isinstance(value, list | tuple) else ()


def whole_or_word(value: object, *, word: str, low: int, high: int) -> int | str:
    """Return `value` when it is the word or a whole number from low to high."""
    if value == word:
        return word
    value = integral(value)
    allowed = f"allowed: a whole number from {low} to {high}, or {word}"
    if isinstance(value, bool) or not isinstance(value, int):
        hint = (how_to_write(value, counted=True) or nearest_name(value, [word])) if isinstance(value, str) else ""
        raise ValueError(f"{shown(value)} is not allowed; {allowed}{hint}")
    if not low <= value <= high:
        raise ValueError(f"{shown(value)} is out of range; {allowed}")
    return value


_MARKS = frozenset({"(named)", "(composition)", "(plugin)", "(one)", "(several)", "(by name)", "(times)", "(area)"})
"""Marks of the forms that a value can have, in the places that validation names; they are not in the file."""
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


def problems_in_words(error: ValidationError, whole: type[Part]) -> Iterator[Problem]:
    """Yield (path, message) for each problem of a validation of `whole`."""
    parts = _parts_of(whole)
    for place, detail in enumerate(error.errors(include_url=False, include_input=True)):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # its entries are wrong, not too few, and each has a message of its own
        location = detail["loc"]
        part = next((parts[one] for one in reversed(location) if one in parts), whole)
        above = next((parts[one] for one in reversed(location[:-1]) if one in parts), whole)
        # marks of alternatives and kinds of designs are not in the file
        path = tuple(one for one in location if one not in _MARKS and one != "[key]")
        if path[:1] == ("design",) and path[1:] and path[1] in parts:
            path = path[:1] + path[2:]
        for key, text in _one_problem(detail, part, above, suggest=place < _MOST_SUGGESTIONS):
            yield (*path, *key), text


@cache
def _parts_of(whole: type[Part]) -> Mapping[str | int, type[Part]]:
    """Every part inside another by the key, the mark of the form, or the kind, under which places name it."""
    found: dict[str | int, type[Part]] = {}

    def look(kind: Any, name: str) -> None:
        if _is_part(kind):
            of_kind = get_args(kind.model_fields["kind"].annotation) if "kind" in kind.model_fields else ()
            name = of_kind[0] if of_kind else name
            if name not in found:
                found[name] = kind
                look_inside(kind)
            return
        name = next((mark.tag for mark in getattr(kind, "__metadata__", ()) if isinstance(mark, Tag)), name)
        for one in get_args(kind):
            look(one, name)

    def look_inside(part: type[Part]) -> None:
        for key, field in part.model_fields.items():
            look(field.annotation, key)

    look_inside(whole)
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
        parts = {name: field.annotation for name, field in above.model_fields.items() if _is_part(field.annotation)}
        below = [name for name, one in parts.items() if one and key in one.model_fields]
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
