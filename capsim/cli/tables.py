"""Tables of text for terminals: columns side by side, numbers to the right."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["interval_text", "number_text", "signed_text", "text_table"]


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, align: str) -> str:
    """Lines of a table.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequence of str
    align : str
        One letter for each column: l for text to the left, r for numbers to the right.
    """
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if side == "l" else cell.rjust(width)
            for cell, width, side in zip(cells, widths, align, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, rows)])


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
