"""Numbers and lists as people give them: numpy scalars and integral floats are numbers, one name is a list of one; text
from files and options is a number in one way only.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from capsim.errors import InputError, nearest_name

_LARGEST = 2**63 - 1

_WHOLE = re.compile(r"[-+]?([0-9]{1,3}(_[0-9]{3})+|[0-9]{1,20})")
_DIGITS = re.compile(r"[-+]?[0-9]{1,1000}")
_REAL = re.compile(r"[-+]?([0-9]{1,3}(_[0-9]{3})+|[0-9]+)?(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_THOUSANDS = re.compile(r"([0-9]{1,3})(([,_' \u00a0\u202f][0-9]{3})+)(\.[0-9]+)?")
_IN_A_CELL = re.compile(r"[-+]?\$?\s?([1-9][0-9]{0,2}([, \u00a0\u202f][0-9]{3})+|[0-9]+)(\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_PARTED_BY_POINTS = re.compile(r"\$?\s?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_EUROPEAN = re.compile(r"([0-9]{1,3})((\.[0-9]{3})+),([0-9]+)")
_AROUND = re.compile(r"[-+]?(?:US)?[$\u20ac\u00a3]?\s*([0-9][0-9.,_' \u00a0\u202f]*?)\s*(%|[A-Za-z]*)")
_TIMES = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 1e6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 1e9),
    **dict.fromkeys(("", "usd", "dollars", "hours", "h", "month", "months", "pupils", "fte"), 1.0),
}
_YEARS = ("y", "yr", "yrs", "year", "years")


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


def number_in(text: str) -> int | float | None:
    """The number that a text is, a whole one as an int; None when it is none or not finite.

    Digits 0 to 9, a decimal point, an exponent, and underscores between thousands (24_000): what YAML, a CSV and an
    option say alike.
    """
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _REAL.fullmatch(text) or not any(character.isdigit() for character in text.lower().partition("e")[0]):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def number_in_cell(text: str, *, share: bool = False, counted: bool = False) -> int | float | None:
    """The number that a cell of a table is, which may also be written as people do: 12,450, $4,000,000 and, where it is
    a `share`, 21%. A comma that may be a decimal one (0,210 or 1,5) makes no number, and neither does, where things are
    `counted`, a point that may part thousands (26.500).
    """
    text = text.strip()
    if counted and _PARTED_BY_POINTS.fullmatch(text):
        return None
    percent = share and text.endswith("%")
    text = text.removesuffix("%").strip() if percent else text
    value = number_in(re.sub(r"[$,\s]", "", text) if _IN_A_CELL.fullmatch(text) else text)
    return value / 100.0 if percent and value is not None else value


def whole_in(text: str) -> int | None:
    """The whole number that a text is; None when it is none."""
    if _DIGITS.fullmatch(text.strip()):
        return int(text)
    number = integral(number_in(text))
    return number if isinstance(number, int) else None


def how_to_write(text: str, *, counted: bool = False) -> str:
    """What to write instead of a text that people read as a number, as the end of a message; empty when unclear.

    Where things are `counted` there are no shares.
    """
    text = text.strip()
    plainly = unicodedata.normalize("NFKC", text)
    if plainly != text and number_in(plainly) is not None:
        return f"; write it with the digits 0 to 9: {plainly}"
    if _PARTED_BY_POINTS.fullmatch(text):
        whole = re.sub(r"[^0-9]", "", text)
        decimal = f", or {float(text.lstrip('$ ')):.1f} if that is what it is" if text.count(".") == 1 else ""
        return f"; if the point parts thousands write {whole}{decimal}"
    found = _AROUND.fullmatch(text)
    if not found:
        return ""
    sign = "-" if text.startswith("-") else ""
    digits, why = _digits_of(found[1])
    unit = found[2].lower()
    value = number_in(digits)
    if value is None:
        return ""
    if unit == "%" and counted:
        return ""
    if unit == "%":
        return f"; write {sign}{value / 100:.15g} for a share, {sign}{digits} where percent are asked for"
    if unit in _YEARS:
        return f"; {why}write {sign}{value * 12:.15g} where months are asked for, {sign}{digits} where years are"
    if unit not in _TIMES or (not unit and digits == text):
        return ""
    whole = f"{value * _TIMES[unit]:.15g}" if _TIMES[unit] > 1.0 else digits
    without = f", without the word {found[2]}" if unit and _TIMES[unit] == 1.0 else ""
    return f"; {why}write {sign}{whole}{without}"


def _digits_of(text: str) -> tuple[str, str]:
    """A number without what separates its digits, and what was wrong with it."""
    if found := _THOUSANDS.fullmatch(text):
        return found[1] + re.sub(r"[^0-9]", "", found[2]) + (found[4] or ""), "no thousands separator: "
    if found := _EUROPEAN.fullmatch(text):
        return found[1] + re.sub(r"[^0-9]", "", found[2]) + "." + found[4], "a decimal point and no other mark: "
    if found := _DECIMAL_COMMA.fullmatch(text):
        return f"{found[1]}.{found[2]}", "a decimal point, not a comma: "
    return (text.replace("_", ""), "without _: ") if "_" in text else (text, "")


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


def one_of(what: str, given: Any, allowed: Iterable[str]) -> str:
    """A name that a caller gave, one of some.

    Raises
    ------
    InputError
        For any other; the message shows what is allowed and the nearest one.
    """
    known = list(dict.fromkeys(allowed))
    if not isinstance(given, str) or given not in known:
        near = nearest_name(given, known) if isinstance(given, str) else ""
        some = known if len(known) <= 30 else [*known[:12], "..."]
        raise InputError(f"{what} {shown(given)} is not one of {', '.join(some)}{near}")
    return given


def shown(value: object) -> str:
    """What a caller gave, short enough for a message of one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
