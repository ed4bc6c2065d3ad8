"""What a section of the page says, for tests: its tables and its running text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capsim.report.parts import Facts, Fold, Notice, Part, Table


def tables(parts: Sequence[Part], *, folded: bool = False) -> list[Table]:
    return [part for part in flat(parts, folded=folded) if isinstance(part, Table)]


def flat(parts: Sequence[Part], *, folded: bool) -> Iterator[Part]:
    for part in parts:
        if not isinstance(part, Fold):
            yield part
        elif folded:
            yield from flat(part.parts, folded=folded)


def text(parts: Sequence[Part]) -> str:
    said = []
    for part in flat(parts, folded=True):
        if isinstance(part, str | Notice):
            said.append(part if isinstance(part, str) else part.text)
        elif isinstance(part, Facts):
            said += map(" ".join, part.items)
    return " ".join(said)
