"""What a page is made of: paragraphs (plain texts), tables, pictures. Plain text only; the template escapes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


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
