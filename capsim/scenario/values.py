"""Kinds of value that several parts of a scenario use: numbers, names, frozen mappings. Knows no particular part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
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
