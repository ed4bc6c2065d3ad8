"""Numbers and lists as callers give them: numpy scalars and integral floats are numbers, one name is a list of one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from capsim.errors import InputError

_LARGEST = 2**63 - 1


def plain(value: Any) -> Any:
    """Numpy's scalars and arrays as Python's own numbers and lists, also inside mappings and lists."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def integral(value: Any) -> Any:
    """A whole number of numpy, or a float without a fraction, as an int; anything else as it is."""
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float | np.floating) and abs(float(value)) <= _LARGEST and float(value).is_integer():
        return int(value)
    return value


def whole_number(what: str, given: Any, *, least: int = 0, most: int = _LARGEST) -> int:
    """A whole number that a caller gave.

    Raises
    ------
    InputError
        If it is no whole number, or out of range.
    """
    number = integral(given)
    if isinstance(number, bool) or not isinstance(number, int):
        raise InputError(f"{what} must be a whole number, got {shown(given)}")
    if not least <= number <= most:
        allowed = f"{least} or more" if most == _LARGEST else f"from {least} to {most:,}"
        raise InputError(f"{what} must be {allowed}, got {shown(number)}")
    return number


def real_number(what: str, given: Any, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number that a caller gave.

    Raises
    ------
    InputError
        If it is no finite number, or out of range.
    """
    if isinstance(given, bool | np.bool_) or not isinstance(given, int | float | np.number) or np.iscomplexobj(given):
        raise InputError(f"{what} must be a number, got {shown(given)}")
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or not least <= number <= most:
        bounds = f" from {least:g} to {most:g}" if math.isfinite(least) and math.isfinite(most) else ""
        bounds = bounds or (f", {least:g} or more" if math.isfinite(least) else "")
        raise InputError(f"{what} must be a finite number{bounds}, got {shown(given)}")
    return number


def listed(what: str, given: Any) -> tuple[Any, ...]:
    """Several things that a caller gave as any iterable; a bare string or a thing that is no iterable is one.

    Raises
    ------
    InputError
        For None, numbers and mappings, of which there is no list of names.
    """
    if given is None or isinstance(given, bool | int | float | bytes | Mapping):
        raise InputError(f"{what} must be a list, got {shown(given)}")
    if isinstance(given, str | type) or not isinstance(given, Iterable):
        return (given,)
    return tuple(given)


def shown(value: object) -> str:
    """What a caller gave, short enough for a message of one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
