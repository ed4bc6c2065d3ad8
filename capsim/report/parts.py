"""What a page is made of: paragraphs (plain texts), tables, pictures. Plain text only; the template escapes it."""

from __future__ import annotations

from collections.abc import Sequence
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


class Fold(NamedTuple):
    """Parts that are shown when asked for."""

    title: str
    parts: Sequence[Part]


Part = str | Notice | Facts | Tiles | Table | Picture | Code | Fold
