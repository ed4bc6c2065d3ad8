"""What a page is made of: sections of paragraphs, tables, pictures. Plain text only; the template escapes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

__all__ = [
    "Code",
    "Facts",
    "Fold",
    "Notice",
    "Paragraph",
    "Part",
    "Picture",
    "Row",
    "Section",
    "Table",
    "Tile",
    "Tiles",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must not be overlooked."""

    text: str
    kind: ClassVar[str] = "notice"


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms and what is to be said of each."""

    items: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure in large letters, with what it is above and what it means below."""

    heading: str
    figure: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Tiles:
    """A row of tiles."""

    items: tuple[Tile, ...]
    kind: ClassVar[str] = "tiles"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its heading, its cells, and the color of the strategy it is about, if any."""

    heading: str
    cells: tuple[str, ...]
    color: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `headers` has one more item than a row has cells.

    `words` says that the cells are text, not figures.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    words: bool = False
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """Drawings beside or below each other, as SVG elements made by `capsim.figures`.

    `key` has marks, their colors and what they stand for.
    """

    title: str
    note: str
    drawings: tuple[str, ...]
    source: str
    key: tuple[tuple[str, str, str], ...] = ()
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be copied as it is."""

    text: str
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Fold:
    """Parts that are shown when asked for."""

    title: str
    parts: tuple[Part, ...]
    kind: ClassVar[str] = "fold"


Part = Paragraph | Notice | Facts | Tiles | Table | Picture | Code | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the page.

    Attributes
    ----------
    name : str
        Anchor.
    title, short : str
        Heading, and its entry in the contents.
    parts : tuple of Part
    """

    name: str
    title: str
    short: str
    parts: tuple[Part, ...] = field(default_factory=tuple)
