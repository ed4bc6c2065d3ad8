"""What a page is made of: paragraphs (plain texts), tables, pictures. Plain text only; the template escapes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from capsim.figures.palette import Style


class Notice(NamedTuple):
    """A sentence that must not be overlooked."""

    text: str


class Facts(NamedTuple):
    """Terms and what is to be said of each."""

    items: Sequence[tuple[str, str]]


class Tiles(NamedTuple):
    """Figures in large letters, each with what it is above and what it means below."""

    items: Sequence[tuple[str, str, str]]


class Row(NamedTuple):
    """A row of a table: its heading, its cells, and the color of the strategy it is about, if any.

    What follows a line break in a cell is its interval or gloss.
    """

    heading: str
    cells: Sequence[str]
    color: str = ""


class Table(NamedTuple):
    """A table; `headers` has one more item than a row has cells. `words`: cells are text, not figures."""

    caption: str
    headers: Sequence[str]
    rows: Sequence[Row]
    note: str = ""
    words: bool = False


Columns = Mapping[str, Callable[[Any], str]]
"""What makes the cell of a record, by the heading of the column; the first column heads the row."""


def records_of(records: pd.DataFrame | Iterable[Any]) -> Iterable[Any]:
    """Rows of a table as mappings; other records as they are."""
    return records.to_dict("records") if isinstance(records, pd.DataFrame) else records


def table_of(
    caption: str,
    records: pd.DataFrame | Iterable[Any],
    columns: Columns,
    note: str = "",
    *,
    words: bool = False,
    styles: Mapping[str, Style] | None = None,
) -> Table:
    """A table with a row for each record, in the color of its ``strategy`` where there are `styles`."""
    rows = []
    for record in records_of(records):
        heading, *cells = (cell(record) for cell in columns.values())
        style = styles.get(record["strategy"]) if styles else None
        rows.append(Row(heading, tuple(cells), style.color if style else ""))
    return Table(caption, tuple(columns), rows, note, words)


class Picture(NamedTuple):
    """Drawings beside or below each other, as SVG elements made by `capsim.figures`.

    `key` has marks, their colors and what they stand for.
    """

    title: str
    note: str
    drawings: Sequence[str]
    source: str
    key: Sequence[tuple[str, str, str]] = ()


class Code(NamedTuple):
    """Text to be copied as it is."""

    text: str


class Slider(NamedTuple):
    """A quantity of which several values are stored: what it is called, its values in words, where it begins."""

    label: str
    places: Sequence[str]
    start: int


class Moved(NamedTuple):
    """What is stored of a line at one point: its place among the lines, its gain, the ends of its interval, its cells."""

    line: int
    gain: float
    low: float
    high: float
    cells: Sequence[str]


class Point(NamedTuple):
    """Where all sliders stand: what is to be said, and the lines, the best first."""

    said: str
    rows: Sequence[Moved]


class Sliding(NamedTuple):
    """Sliders over stored values; `points` has one for each combination, those of the last slider fastest.

    `lines` are looks as `capsim.page.looks` makes them, `headers` those of a table with a row for each line. A page
    without JavaScript shows nothing here, so what stands in it must stand elsewhere too.
    """

    title: str
    sliders: Sequence[Slider]
    lines: Sequence[Mapping[str, str]]
    headers: Sequence[str]
    points: Sequence[Point]


class Link(NamedTuple):
    """A sentence that leads to another page, below the folder of this one."""

    text: str
    href: str


class Fold(NamedTuple):
    """Parts that are shown when asked for."""

    title: str
    parts: Sequence[Part]


Part = str | Notice | Facts | Tiles | Table | Picture | Code | Link | Sliding | Fold
