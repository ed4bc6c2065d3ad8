"""Tables of text for terminals: columns side by side, numbers to the right."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Sequence

__all__ = ["interval_text", "number_text", "page_width", "signed_text", "text_table"]

_LEAST_ROOM = 24
"""Width below which a column is not folded."""


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, align: str) -> str:
    """Lines of a table; on a terminal that is too narrow the last column is folded.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
    align : str
        One letter for each column: l for text to the left, r for numbers to the right.
    """
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    room = _terminal_width() - sum(widths[:-1]) - 2 * (len(widths) - 1)
    if align.endswith("l") and widths[-1] > room >= _LEAST_ROOM:
        widths[-1] = room
        rows = [part for row in rows for part in _folded(row, room)]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if side == "l" else cell.rjust(width)
            for cell, width, side in zip(cells, widths, align, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, rows)])


def _folded(row: Sequence[str], width: int) -> list[list[str]]:
    """Rows that show one row with its last cell folded."""
    first, *more = textwrap.wrap(row[-1], width) or [""]
    blank = [""] * (len(row) - 1)
    return [[*row[:-1], first], *([*blank, text] for text in more)]


def _terminal_width() -> int:
    """Columns of the terminal; as good as endless where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 1_000_000


def page_width() -> int:
    """Columns for running text: those of the terminal, at most 100."""
    return min(100, _terminal_width())


def number_text(value: float, digits: int = 3) -> str:
    """A number with fixed decimals; "-" where it is undefined."""
    if math.isnan(value):
        return "-"
    return "beyond" if math.isinf(value) else f"{value:,.{digits}f}"


def signed_text(value: float, digits: int = 3) -> str:
    """The same with its sign."""
    return f"{value:+.{digits}f}" if math.isfinite(value) else number_text(value)


def interval_text(low: float, high: float, digits: int = 3) -> str:
    """An interval; "undefined" without its ends."""
    if math.isnan(low) or math.isnan(high):
        return "undefined"
    return f"{signed_text(low, digits)} to {signed_text(high, digits)}"
