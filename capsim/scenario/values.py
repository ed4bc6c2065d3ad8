"""Kinds of value that several parts of a scenario use: numbers, names, lists. Knows no particular part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from capsim.errors import nearest_name
from capsim.numbers import how_to_write, integral

__all__ = [
    "Number",
    "Part",
    "PartError",
    "Seed",
    "Text",
    "Whole",
    "each_once",
    "empty_if_nothing",
    "refuse_unknown",
    "whole_or_word",
]

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, BeforeValidator(integral), Field(strict=True)]
Text = Annotated[str, Field(strict=True, min_length=1)]
Seed = Annotated[Whole, Field(ge=0, le=2**63 - 1)]


class Part(BaseModel):
    """Base of every part: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class PartError(ValueError):
    """Several problems inside one part, each under the key it belongs to.

    Parameters
    ----------
    problems : list of (str, str)
        Dotted key relative to the part, and what is wrong with it.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{key}: {message}" for key, message in problems))


def refuse_unknown(what: str, name: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """Return `name` when it is known.

    Raises
    ------
    ValueError
        Naming what was asked for, what is allowed and the nearest known name.
    """
    if name not in known:
        raise ValueError(f"unknown {what} {name!r}; allowed: {', '.join(known)}{nearest_name(name, known)}")
    return name


def each_once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values when none is repeated.

    Raises
    ------
    ValueError
        Naming the repeated ones.
    """
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"each may be named once; repeated: {', '.join(twice)}")
    return values


def empty_if_nothing(value: object) -> object:
    """Read a key without a value as an empty mapping."""
    return {} if value is None else value


def whole_or_word(value: object, *, word: str, low: int, high: int) -> int | str:
    """Return `value` when it is the word or a whole number from low to high.

    Raises
    ------
    ValueError
        Naming the value and what is allowed.
    """
    if value == word:
        return word
    value = integral(value)
    allowed = f"allowed: a whole number from {low} to {high}, or {word}"
    if isinstance(value, bool) or not isinstance(value, int):
        hint = how_to_write(value) if isinstance(value, str) else ""
        raise ValueError(f"{value!r} is not allowed; {allowed}{hint or nearest_name(str(value), [word])}")
    if not low <= value <= high:
        raise ValueError(f"{value} is out of range; {allowed}")
    return value
