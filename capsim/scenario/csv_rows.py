"""CSV files to rows with their lines: what spreadsheets save is refused with the way to save it. Knows no column."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from capsim.errors import InputError, nearest_name
from capsim.paths import read_bytes

__all__ = ["read_rows", "shown_path"]

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of workbooks, new and old."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 1000
"""Bytes in which a zero is looked for."""
_CONTEXT = 20
"""Letters shown before one that is not UTF-8."""
_SAVE = 'save it in Excel as "CSV UTF-8 (comma delimited)"'


def read_rows(
    path: str, required: Sequence[str], optional: Sequence[str]
) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Rows of a CSV with their lines, cells stripped of spaces, and problems of its shape.

    Parameters
    ----------
    path : str
        Of the CSV, for reading and for messages.
    required, optional : sequence of str
        Columns, in small letters; the file may write them in capitals. Every other column is passed over unless it
        looks like a misspelt optional one.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, or lacks a required column.
    """
    path = shown_path(path)
    lines = _cells(path)
    lines = [(number, row) for number, row in lines if any(row)]
    if not lines:
        raise InputError(f"{path}:1: the file is empty; its first line must name the columns {', '.join(required)}")
    first, header = lines[0]
    for mark, what in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise InputError(
                f"{path}:{first}: the cells are separated by {what}; save the file as CSV with commas "
                "(and decimal points)"
            )
    header = _in_small_letters(header, (*required, *optional))
    problems = list(_problems_of_header(header, required, optional))
    if problems:
        raise InputError(f"{path}:{first}: {problem}" for problem in problems)
    if len(lines) == 1:
        raise InputError(f"{path}:{first}: has a header and no rows")
    problems = [
        f"{path}:{number}: has {len(row)} cells, the header has {len(header)}"
        for number, row in lines[1:]
        if len(row) != len(header)
    ]
    rows = [(number, dict(zip(header, row, strict=True))) for number, row in lines[1:] if len(row) == len(header)]
    return rows, problems


def _cells(path: str) -> list[tuple[int, list[str]]]:
    """Every line of a CSV with its number, cells stripped of spaces."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: not readable as CSV: {error}") from error


def _text(path: str) -> str:
    """Text of a CSV; spreadsheets save other things under that name as well."""
    raw = read_bytes(path, what="a table")
    if raw.startswith(_WORKBOOKS):
        raise InputError(f"{path}:1: is an Excel workbook, not a CSV, whatever its name; {_SAVE}")
    if raw.startswith(_UTF_16) or b"\0" in raw[:_LOOKED_AT]:
        raise InputError(f"{path}:1: is text in UTF-16 (or no text at all), not in UTF-8; {_SAVE}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        line = before.count(b"\n") + 1
        letter = raw[error.start : error.start + 1].decode("cp1252", "replace")
        word = raw[start : error.start + 1].decode("cp1252", "replace")[-_CONTEXT:]
        raise InputError(
            f"{path}:{line}: not UTF-8 text: the letter {letter!r} at the end of {word!r} is written in another way; "
            f"{_SAVE}"
        ) from error


def _in_small_letters(header: list[str], known: Sequence[str]) -> list[str]:
    """Columns as they are known, for ID, Level or "Land km2"; a name that is known already stays with its column."""
    plain = [name.lower().replace(" ", "_") for name in header]
    return [
        small if small in known and small not in header else name for name, small in zip(header, plain, strict=True)
    ]


def shown_path(path: str) -> str:
    """Path as messages show it: relative where the file is below the current folder."""
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return path


def _problems_of_header(header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> Iterator[str]:
    unknown = [name for name in header if name not in {*required, *optional}]
    for name in required:
        if name not in header:
            yield f"column {name} is missing; columns found: {', '.join(header)}{nearest_name(name, unknown)}"
    for name in optional:
        close = difflib.get_close_matches(name, unknown, n=1, cutoff=0.75)
        if name not in header and close:
            yield f"column {close[0]} is unknown; did you mean {name}?"
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield f"column {name} is given twice"
