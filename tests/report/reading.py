"""What a section of the page says, for tests: its tables and its running text."""

from __future__ import annotations

from capsim.report.parts import Facts, Fold, Notice, Paragraph, Part, Section, Table

__all__ = ["tables", "text"]


def tables(section: Section | None, *, folded: bool = False) -> list[Table]:
    assert section is not None
    return [part for part in flat(section.parts, folded=folded) if isinstance(part, Table)]


def flat(parts: tuple[Part, ...], *, folded: bool) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        if isinstance(part, Fold):
            found += flat(part.parts, folded=folded) if folded else []
        else:
            found.append(part)
    return found


def text(section: Section | None) -> str:
    assert section is not None
    return " ".join(
        part.text if isinstance(part, Paragraph | Notice) else " ".join(map(" ".join, part.items))
        for part in flat(section.parts, folded=True)
        if isinstance(part, Paragraph | Notice | Facts)
    )
