"""What is written beside Parquet tables: output folders that appear whole or not at all; JSON that any reader accepts;
workbooks, in which text is text and nothing is ever worked out as a formula. Knows nothing of what is in them.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.errors import InputError, OutputError, import_extra
from capsim.paths import is_full, new_folder, write_error

if TYPE_CHECKING:
    import pandas as pd


def free_folder(name: str, *, within: Path = Path("results")) -> Path:
    """Folder for results of that name which does not exist yet: ``results/ohio-2023-24``, or with -2, -3 and so on."""
    plain = slug(name) or "scenario"
    folder, number = within / plain, 1
    while folder.exists() or folder.is_symlink():
        number += 1
        folder = within / f"{plain}-{number}"
    return folder


def slug(name: str) -> str:
    """Letters and digits of a text, for the name of a folder; empty if it has none."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:60].strip("-")


@contextlib.contextmanager
def whole_folder(folder: Path, *, last: str) -> Iterator[Path]:
    """Give a temporary folder to write into; when the block ends well it becomes `folder`, otherwise nothing is left.

    The temporary folder stands beside `folder`, and is renamed. An empty folder that exists already (it may be a
    mounted disk) is filled instead, with the file named `last` at the very end.
    """
    folder = new_folder(folder)
    exists = folder.is_dir()
    made: list[Path] = []
    stage = (folder if exists else folder.parent) / f".{folder.name[:40]}.partial-{os.getpid()}-{time.time_ns()}"
    try:
        made = _make_parents(folder.parent)
        stage.mkdir()
        yield stage
        _flush(stage)
        if exists:
            _move_in(stage, folder, last)
        elif folder.exists() or folder.is_symlink():
            raise OutputError(f"{folder}: was made by somebody else while this ran; name another folder")
        else:
            stage.rename(folder)
    except BaseException as error:
        shutil.rmtree(stage, ignore_errors=True)
        for parent in reversed(made):
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError) or (isinstance(error, OutputError) and is_full(error)):
            raise write_error(folder, error) from error
        if isinstance(error, OutputError) and not str(error).startswith(str(folder)):
            raise OutputError(f"{folder}: {error}") from error
        raise


def _make_parents(parent: Path) -> list[Path]:
    """Create a folder and those above it; return the ones that were missing, outermost first."""
    missing = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    missing.reverse()
    for one in missing:
        one.mkdir(exist_ok=True)
    return missing


def _flush(stage: Path) -> None:
    """Make sure that the files are on the disk before the folder gets its name."""
    for path in stage.rglob("*"):
        if path.is_dir():
            flush_folder(path)
            continue
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    flush_folder(stage)


def flush_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _move_in(stage: Path, folder: Path, last: str) -> None:
    others = [path for path in folder.iterdir() if path != stage]
    if others:
        raise OutputError(f"{folder}: was filled by somebody else while this ran; name another folder")
    moved: list[Path] = []
    try:
        for path in sorted(stage.iterdir(), key=lambda path: (path.name == last, path.name)):
            moved.append(folder / path.name)
            path.rename(moved[-1])
        stage.rmdir()
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


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


def read_record(path: Path, text: str) -> Any:
    """Value of a JSON text that a file holds."""
    try:
        return read_json(text)
    except ValueError as error:
        raise InputError(f"{path}: not readable as JSON, perhaps cut off: {error}") from error


@contextlib.contextmanager
def as_written(where: object) -> Iterator[None]:
    """Refuse what is inside where a record is not what capsim writes."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: not as capsim writes it: {type(error).__name__}: {error}") from error


_LIKE_A_FORMULA = ("=", "+", "-", "@")
_NOT_IN_A_SHEET = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST, _NARROWEST = 60, 8
MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its headings."""


def need_openpyxl() -> None:
    """Refuse before anything has run where workbooks cannot be written."""
    import_extra("openpyxl", extra="xlsx", problem="a workbook needs openpyxl")


def write_workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]], path: Path) -> None:
    """Write sheets by name: headings and rows; headings are bold and stay in sight, columns as wide as their text.

    Undefined and infinite numbers are blank cells.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    bold = Font(bold=True)

    def cell(sheet: Any, value: Any) -> Any:
        made = WriteOnlyCell(sheet, value=None)
        kept = _kept(value)
        made.value = kept
        if isinstance(kept, str):
            made.data_type = "s"  # openpyxl takes what begins with = for a formula
            if kept.startswith(_LIKE_A_FORMULA):
                made.quotePrefix = True
        return made

    for name, (headings, rows) in sheets.items():
        kept = [list(row) for row in rows]
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place in range(len(headings)):
            texts = [headings[place], *(str(row[place]) for row in kept[:200] if place < len(row))]
            longest = max(len(text) for text in texts)
            sheet.column_dimensions[get_column_letter(place + 1)].width = min(_WIDEST, max(_NARROWEST, longest + 2))
        head = [cell(sheet, heading) for heading in headings]
        for one in head:
            one.font = bold
        sheet.append(head)
        for row in kept:
            sheet.append([cell(sheet, value) for value in row])
    book.save(path)


def sheet_of(table: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of a table."""
    return [str(name) for name in table.columns], table.to_numpy(object).tolist()


def _kept(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    if plain is None or (isinstance(plain, float) and not math.isfinite(plain)):
        return None
    if isinstance(plain, bool | int | float):
        return plain
    return _NOT_IN_A_SHEET.sub(" ", str(plain))[:32_000]
