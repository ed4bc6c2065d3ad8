"""CSV files, and sheets of workbooks, to rows with their lines: what else spreadsheets save is refused with the way to
save it. Knows no column.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capsim.errors import InputError, nearest_name, printable
from capsim.paths import read_bytes
from capsim.scenario.workbooks import is_workbook, sheet_rows

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of workbooks, new and old."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 1000
"""Bytes in which a zero is looked for."""
_CONTEXT = 20
"""Letters shown before one that is not UTF-8."""
_MOST_ABOVE = 10
"""Lines among which the names of columns are looked for."""
_SAVE = 'save it in Excel as "CSV UTF-8 (comma delimited)"'
_SHORTENED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_ASIDE = re.compile(r"(note|notes|remark|remarks|comment|comments|x)(_.*)?")
"""Columns that are the user's own business, whatever else their names say."""


@dataclass(slots=True)
class Rows:
    """What a CSV holds: lines with their cells by column, and lines with what is wrong there.

    `passed_over` are columns that are not known, and not like a known one.
    """

    file: str
    rows: list[tuple[int, dict[str, str]]]
    problems: list[tuple[int, str]] = field(default_factory=list)
    passed_over: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that are used."""
        return tuple(name for name in (self.rows[0][1] if self.rows else ()) if name not in self.passed_over)

    def refuse_problems(self) -> None:
        """Raise InputError if there are any, in the order of their lines."""
        if self.problems:
            in_order = sorted(self.problems, key=lambda problem: problem[0])
            raise InputError(f"{self.file}:{line}: {text}" for line, text in in_order)


def read_rows(
    path: str | os.PathLike[str],
    required: Sequence[str],
    optional: Sequence[str],
    *,
    sheet: str = "",
    percent: bool = False,
    alike: Mapping[str, Iterable[str]] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> Rows:
    """Rows of a CSV, or of a sheet of a workbook, with their lines, cells stripped of spaces, and problems of rows.

    Columns are known in small letters; the file may write them in capitals. Every other column is passed over unless it
    looks like a known one that the file lacks: `alike` has words that mean one ("fte" for positions), `elsewhere` words
    for what is said in another place, and where.
    """
    shown, lines = _lines(os.fspath(path), sheet, percent)
    if not lines:
        raise InputError(f"{shown}:1: the file is empty; its first line must name the columns {', '.join(required)}")
    first, header = lines[0]
    for mark, what in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise InputError(
                f"{shown}:{first}: the cells are separated by {what}; save the file as CSV with commas "
                "(and decimal points)"
            )
    known = (*required, *optional)
    header = _in_small_letters(header, known)
    _refuse_lines_above(shown, header, lines, required, known)
    problems = list(_problems_of_header(header, required, optional))
    problems += _likenesses(header, known, alike or {}, elsewhere or {})
    if problems:
        raise InputError(f"{shown}:{first}: {problem}" for problem in dict.fromkeys(problems))
    if len(lines) == 1:
        raise InputError(f"{shown}:{first}: has a header and no rows")
    whole = [(number, dict(zip(header, row, strict=True))) for number, row in lines[1:] if len(row) == len(header)]
    passed_over = tuple(name for name in header if name and name not in known)
    return Rows(shown, whole, uneven(lines[1:], len(header)), passed_over)


def uneven(lines: Iterable[tuple[int, Sequence[str]]], width: int) -> list[tuple[int, str]]:
    """Lines with more or fewer cells than the header."""
    return [(n, f"has {len(row)} cells, the header has {width}") for n, row in lines if len(row) != width]


def table_bytes(path: str, sheet: str, *, percent: bool = False) -> bytes:
    """What the identity of a table rests on: a CSV as it is; of a sheet its cells, whatever else a workbook holds."""
    if not is_workbook(path):
        return read_bytes(path)
    _, lines = _lines(path, sheet, percent)
    return "\n".join("\x1f".join(row) for _, row in lines).encode()


def _lines(path: str, sheet: str, percent: bool) -> tuple[str, list[tuple[int, list[str]]]]:
    """How messages call a table, and its lines that are not blank."""
    shown = shown_path(path)
    if is_workbook(path):
        rows = sheet_rows(path, sheet, shown, percent=percent)
        return f"{shown}:{sheet}", [(number, list(row)) for number, row in rows]
    return shown, csv_lines(path, shown)


def _refuse_lines_above(
    shown: str,
    header: Sequence[str],
    lines: Sequence[tuple[int, list[str]]],
    required: Sequence[str],
    known: Sequence[str],
) -> None:
    """Say so where a title or a second row of headings stands above the names of the columns."""
    if set(required) <= set(header):
        return
    for place, (number, row) in enumerate(lines[1:_MOST_ABOVE], start=1):
        if set(required) <= set(_in_small_letters(row, known)):
            above = "the line above it" if place == 1 else f"the {place} lines above it"
            raise InputError(f"{shown}:{number}: the names of the columns stand here; delete {above}")


def problem_with_id(text: str) -> str:
    """What is wrong with an id that a spreadsheet took for a number; empty for nothing."""
    if not _SHORTENED.fullmatch(text):
        return ""
    return f"{text!r} is a number that a spreadsheet shortened; format the column as text and enter the ids again"


def csv_lines(path: str, shown: str) -> list[tuple[int, list[str]]]:
    """Lines of a CSV that are not blank, cells stripped of spaces, with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(_csv_text(path, shown), newline=""))
    lines, begins = [], 1
    try:
        for row in reader:
            lines.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{shown}:{reader.line_num}: not readable as CSV: {printable(str(error))}") from error
    return [(number, row) for number, row in lines if any(row)]


def _csv_text(path: str, shown: str) -> str:
    """Text of a CSV; spreadsheets save other things under that name as well."""
    raw = read_bytes(path, what="a table", shown=shown)
    if raw.startswith(_WORKBOOKS):
        raise InputError(f"{shown}:1: is an Excel workbook, not a CSV, whatever its name; {_SAVE}")
    if raw.startswith(_UTF_16) or b"\0" in raw[:_LOOKED_AT]:
        raise InputError(f"{shown}:1: is text in UTF-16 (or no text at all), not in UTF-8; {_SAVE}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        line = before.count(b"\n") + 1
        letter = raw[error.start : error.start + 1].decode("cp1252", "replace")
        word = raw[start : error.start + 1].decode("cp1252", "replace")[-_CONTEXT:]
        raise InputError(
            f"{shown}:{line}: not UTF-8 text: the letter {letter!r} at the end of {word!r} is written in another way; "
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
        return printable(Path(os.path.realpath(path)).relative_to(os.getcwd()))
    except (ValueError, OSError):
        return printable(path)


def _problems_of_header(header: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> Iterator[str]:
    unknown = [name for name in header if name not in {*required, *optional}]
    for name in required:
        if name not in header:
            found = printable(", ".join(header))
            yield f"column {name} is missing; columns found: {found[:200]}{nearest_name(name, unknown)}"
    for name in optional:
        close = difflib.get_close_matches(name, unknown, n=1, cutoff=0.75)
        if name not in header and close:
            yield f"column {printable(close[0])} is unknown; did you mean {name}?"
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield f"column {printable(name)} is given twice"


def _likenesses(
    header: Sequence[str], known: Sequence[str], alike: Mapping[str, Iterable[str]], elsewhere: Mapping[str, str]
) -> Iterator[str]:
    """Columns that would be passed over and probably mean a known one, or what is said in another place."""
    for column in header:
        name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
        words = set(name.split("_"))
        if column in known or _ASIDE.fullmatch(name):
            continue
        meant = next((one for one, others in alike.items() if one not in header and words & {*others}), None)
        keep = f"name it note_{name[:40]} to have it passed over"
        if meant:
            yield f"column {printable(column)} looks like {meant}, which the file lacks; name it {meant}, or {keep}"
        elif place := next((elsewhere[word] for word in words if word in elsewhere), None):
            yield f"column {printable(column)} is not read: {place}; {keep}"
