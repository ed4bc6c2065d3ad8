"""Sheets of an XLSX workbook as rows of text, as if each had been saved as CSV. No macro runs and no formula is worked
out: of a formula the value is taken that the spreadsheet saved with it. Knows no column.
"""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from capsim.errors import InputError, MissingExtraError, nearest_name, printable
from capsim.paths import read_bytes

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

ENDING = ".xlsx"
_OTHER_ENDINGS = {
    ".xlsm": "is a workbook with macros",
    ".xlsb": "is a workbook in a binary format",
    ".xls": "is a workbook of an old Excel",
    ".ods": "is a workbook of LibreOffice",
}
_LARGEST_UNPACKED = 300_000_000
"""Bytes of all parts of a workbook."""
_MOST_CELLS = 5_000_000
_LEADING_ZEROS = re.compile(r"0+")

Lines = tuple[tuple[int, tuple[str, ...]], ...]
"""Rows with their numbers."""


def is_workbook(path: str | os.PathLike[str]) -> bool:
    """Whether a file is one by its name; another kind of workbook is refused."""
    ending = os.path.splitext(os.fspath(path))[1].lower()
    if ending in _OTHER_ENDINGS:
        raise InputError(f"{printable(os.fspath(path))}: {_OTHER_ENDINGS[ending]}; save it as Excel workbook (.xlsx)")
    return ending == ENDING


def sheet_rows(path: str, sheet: str, shown: str, *, percent: bool = False) -> Lines:
    """Rows of a sheet with their numbers, cells stripped of spaces; blank rows are left out.

    A sheet goes by its name, in any letters; a workbook with one sheet has it under any name. Messages call the file as
    it is `shown`. With `percent` a cell that the spreadsheet shows as 45% is the text "45%"; without it, 0.45. What
    cannot be taken as it stands is refused with a line each: merged or hidden cells, dates, errors.
    """
    found = _sheets(path, shown)
    by_name = {name.strip().lower(): name for name in found}
    name = by_name.get(sheet)
    if name is None and len(found) == 1:
        name = next(iter(found))
    if name is None:
        there = ", ".join(map(printable, found))
        raise InputError(f"{shown}: has no sheet {sheet}; its sheets: {there}{nearest_name(sheet, found)}")
    problems, rows = _rows(*found[name], percent=percent)
    if problems:
        where = f"{shown}:{printable(name)}"
        raise InputError(f"{where}:{row}: {text}" if row else f"{where}: {text}" for row, text in problems)
    return rows


def sheet_names(path: str, shown: str) -> tuple[str, ...]:
    """Names of the sheets, in small letters."""
    return tuple(name.strip().lower() for name in _sheets(path, shown))


def _sheets(path: str, shown: str) -> dict[str, tuple[Worksheet, Worksheet]]:
    return _read(read_bytes(path, what="a workbook", shown=shown), shown)


@lru_cache(maxsize=4)
def _read(raw: bytes, shown: str) -> dict[str, tuple[Worksheet, Worksheet]]:
    """Every sheet, with the values that were saved and with its formulas."""
    import warnings

    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtraError(f"{shown}: reading a workbook needs openpyxl", "xlsx") from error
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked <= _LARGEST_UNPACKED:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                values = load_workbook(io.BytesIO(raw), data_only=True, keep_links=False)
                formulas = load_workbook(io.BytesIO(raw), keep_links=False)
    except Exception as error:  # openpyxl raises whatever a damaged file brings about
        text = f"{shown}: is not a workbook that can be read; save it again as Excel workbook (.xlsx)"
        raise InputError(text) from error
    if unpacked > _LARGEST_UNPACKED:
        raise InputError(f"{shown}: unpacks to {unpacked / 1e6:,.0f} MB; a workbook of agencies has a few")
    return {sheet.title: (sheet, formulas[sheet.title]) for sheet in values.worksheets}


def _rows(sheet: Worksheet, formulas: Worksheet, *, percent: bool) -> tuple[list[tuple[int, str]], Lines]:
    """What is wrong in a sheet, and its rows."""
    problems = list(_problems_of_sheet(sheet))
    if problems:
        return problems, ()
    rows = []
    for cells, others in zip(sheet.iter_rows(), formulas.iter_rows(), strict=True):
        texts = []
        for cell, other in zip(cells, others, strict=True):
            text, problem = _text(cell, other, percent=percent)
            texts.append(text)
            if problem:
                problems.append((cell.row, f"{cell.coordinate}: {problem}"))
        if any(texts):
            number = int(cells[0].row)
            rows.append((number, tuple(texts)))
            if sheet.row_dimensions[number].hidden:
                problems.append((number, "the row is hidden, perhaps by a filter; show it, or delete it"))
    width = max((place + 1 for _, texts in rows for place, text in enumerate(texts) if text), default=0)
    return problems, tuple((number, texts[:width]) for number, texts in rows)


def _problems_of_sheet(sheet: Worksheet) -> Iterator[tuple[int, str]]:
    if sheet.sheet_state != "visible":
        yield 0, "the sheet is hidden, so nobody sees what is read; unhide it, or delete it"
    elif sheet.max_row * sheet.max_column > _MOST_CELLS:
        yield 0, f"has {sheet.max_row:,} rows and {sheet.max_column:,} columns; delete those that hold nothing"
    else:
        merged = sorted((area.min_row, str(area.coord)) for area in sheet.merged_cells.ranges)
        if merged:
            row, area = merged[0]
            more = f", and {len(merged) - 1} more" if len(merged) > 1 else ""
            yield row, f"the cells {area} are merged{more}; unmerge them, so that every row has its own cells"


def _text(cell: Any, formula: Cell | Any, *, percent: bool) -> tuple[str, str]:
    """Text of a cell, and what is wrong with it."""
    value = cell.value
    if value is None:
        unknown = getattr(formula, "data_type", "") == "f"
        return "", "is a formula without a saved value; open the file in Excel and save it" if unknown else ""
    if isinstance(value, bool):
        return str(value).lower(), ""
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        day = str(value).removesuffix(" 00:00:00")
        return day, f"is a date, {day}; format the cell as text and enter it again"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format), percent), ""
    text = str(value).strip()
    return text, f"is {text}, an error of the spreadsheet" if cell.data_type == "e" else ""


def _number(value: float, number_format: str, percent: bool) -> str:
    """A number as it is written in a CSV; zeros that its format puts before it belong to an id."""
    if percent and "%" in number_format:
        return f"{100.0 * value:.10g}%"
    if value != int(value):
        return repr(float(value))
    whole = str(int(value))
    return whole.zfill(len(number_format)) if _LEADING_ZEROS.fullmatch(number_format) else whole
