"""Tables as the sheets of one XLSX workbook. Text is written as text: nothing in it is ever worked out as a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.errors import MissingExtraError

if TYPE_CHECKING:
    import pandas as pd

_LIKE_A_FORMULA = ("=", "+", "-", "@")
_NOT_IN_A_SHEET = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST, _NARROWEST = 60, 8
MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its headings."""


def need_openpyxl() -> None:
    """Refuse before anything has run where workbooks cannot be written."""
    try:
        import openpyxl  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("a workbook needs openpyxl", "xlsx") from error


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
