"""Plain values for JSON that any reader accepts: no NaN, no infinity, no array types."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_INFINITE = {"Infinity": math.inf, "-Infinity": -math.inf}


def plain(value: Any) -> Any:
    """Value as JSON can hold it: NaN becomes None, an infinity becomes the text "Infinity" or "-Infinity"."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def number(value: Any) -> float:
    """Number that `plain` wrote."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        if value not in _INFINITE:
            raise ValueError(f"{value!r} is not a number")
        return _INFINITE[value]
    return float(value)


def strict_json(value: Any, *, indent: int | None = 2) -> str:
    """JSON text of a value, see `plain`."""
    return json.dumps(plain(value), indent=indent, allow_nan=False, ensure_ascii=False)


def read_json(text: str) -> Any:
    """Value of a JSON text."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not allowed in JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
