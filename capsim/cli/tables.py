"""Text for terminals: tables with numbers to the right, paragraphs, and numbers as they are printed."""

from __future__ import annotations

import math
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

from capsim.cli.group import say

if TYPE_CHECKING:
    import pandas as pd

Columns = Mapping[str, Callable[[Any], str]]
"""What makes the cell of a record, by the heading of the column."""
_LEAST_ROOM = 24
"""Width below which a column is not folded."""


def template(name: str) -> str:
    """A file of the folder templates."""
    return (resources.files("capsim.cli") / "templates" / name).read_text(encoding="utf-8")


def say_json(value: Any) -> None:
    """Print a value for machines."""
    from capsim.runs.output import strict_json

    say(strict_json(value), wrapped=False)


def said_to_machines(rows: Sequence[Mapping[str, Any]], *, as_json: bool, quiet: bool) -> bool:
    """Print rows as JSON, or only their names, if that is wanted."""
    if as_json:
        say_json([row["name"] for row in rows] if quiet else rows)
    elif quiet:
        say("\n".join(row["name"] for row in rows))
    return as_json or quiet


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, align: str) -> str:
    """Lines of a table; on a terminal that is too narrow the last column is folded.

    `align` has one letter for each column: l for text to the left, r for numbers to the right.
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


def records_table(rows: Sequence[Any], columns: Columns, *, align: str, spare: Sequence[str] = ()) -> str:
    """A table with a row for each record; what is `spare` is left out, in this order, until it fits the terminal."""
    sides = dict(zip(columns, align, strict=True))
    cells = {name: [cell(row) for row in rows] for name, cell in columns.items()}
    widths = {name: max(map(len, (name, *own))) for name, own in cells.items()}
    for name in spare:
        if sum(widths.values()) + 2 * (len(widths) - 1) > _terminal_width():
            del cells[name], widths[name]
    table = [list(row) for row in zip(*cells.values(), strict=True)]
    return text_table(list(cells), table, align="".join(sides[name] for name in cells))


def facts(result: object, *names: str) -> dict[str, Any]:
    """Attributes of a result as plain values, tables as their rows; what can be called is called."""
    found = {name: getattr(result, name) for name in names}
    values = {name: one() if callable(one) else one for name, one in found.items()}
    return {name: one.to_dict("records") if hasattr(one, "iloc") else one for name, one in values.items()}


def frame_table(table: pd.DataFrame, columns: Mapping[str, str]) -> str:
    """Chosen columns of a table under their headings; one named "low high" is an interval."""
    rows = []
    for row in table.to_dict("records"):
        cells = []
        for column in columns:
            low, _, high = column.partition(" ")
            cells.append(interval_text(row[low], row[high]) if high else _cell(row[low]))
        rows.append(cells)
    return text_table(list(columns.values()), rows, align="l" + "r" * (len(columns) - 1))


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number_text(value, 0 if abs(value) >= 1e4 else 3) if isinstance(value, float) else str(value)


def _folded(row: Sequence[str], width: int) -> list[list[str]]:
    """Rows that show one row with its last cell folded."""
    first, *more = textwrap.wrap(row[-1], width) or [""]
    blank = [""] * (len(row) - 1)
    return [[*row[:-1], first], *([*blank, text] for text in more)]


def _terminal_width() -> int:
    """Columns of the terminal; as good as endless where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else 1_000_000


def paragraph(text: str, opening: str = "") -> str:
    """Running text behind an opening, whose width the further lines are indented by; at most 100 columns."""
    width = min(100, _terminal_width())
    return "\n".join(textwrap.wrap(text, width, initial_indent=opening, subsequent_indent=" " * len(opening)))


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


def dollars_text(dollars: float) -> str:
    """Dollars, millions as such; "-" where undefined."""
    if math.isnan(dollars):
        return "-"
    return f"${dollars / 1e6:,.2f}M" if dollars >= 1e6 else f"${dollars:,.0f}"


def share_text(share: float) -> str:
    """A share in percent; "-" where it is undefined."""
    return "-" if math.isnan(share) else f"{share:.0%}"
