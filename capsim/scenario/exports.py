"""Exports of survey tools as rows of respondents: Qualtrics writes three rows of headings, Google Forms one."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from capsim.errors import InputError, NearestNames
from capsim.scenario.csv_rows import csv_lines, shown_path
from capsim.scenario.workbooks import is_workbook

_IMPORT_ID = '"ImportId"'
"""What Qualtrics writes into every cell of its third row."""
_STATUS, _FINISHED = "status", "finished"
_NOT_MEANT = {
    "survey preview": "of previews",
    "1": "of previews",
    "survey test": "of tests",
    "spam": "spam",
    "8": "spam",
}
"""Statuses of Qualtrics that are no answers, as labels and as numbers."""


@dataclass(frozen=True, slots=True)
class Export:
    """Answers of a survey tool: lines of respondents with their cells, and what was asked, column by column.

    `left_out` are numbers of rows that are no answers, by what they are.
    """

    file: str
    tool: str
    columns: tuple[str, ...]
    questions: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    left_out: dict[str, int]

    def place_of(self, name: str) -> int | str:
        """Place of a column, by its name or its question; or what is wrong."""
        wanted = plain_text(name)
        for texts in (self.columns, self.questions):
            found = [place for place, text in enumerate(texts) if plain_text(text) == wanted]
            if len(found) == 1:
                return found[0]
            if found:
                return f"{name[:60]!r} is the name of {len(found)} columns; rename them in the export"
        near = NearestNames((*self.columns, *self.questions))
        return f"{self.file} has no column {name[:60]!r}{near(name)}"


def plain_text(text: str) -> str:
    """A text without what tools and people change in it: capitals, spaces, line breaks."""
    return re.sub(r"\s+", " ", text).strip().lower()


def read_export(path: str, *, finished_only: bool = False) -> Export:
    """Read a CSV of Qualtrics (choice text or numeric values) or of Google Forms, or any with one row a respondent.

    With `finished_only` respondents are left out who did not come to the end, where the tool says so.
    """
    shown = shown_path(os.fspath(path))
    if is_workbook(path):
        raise InputError(f"{shown}: is a workbook; export the answers of the survey as CSV")
    lines = csv_lines(os.fspath(path), shown)
    if not lines:
        raise InputError(f"{shown}:1: the file is empty; its first line must name the columns")
    header = lines[0][1]
    qualtrics = len(lines) > 2 and any(_IMPORT_ID in cell for cell in lines[2][1])
    if qualtrics:
        tool, questions, rows = "Qualtrics", lines[1][1], lines[3:]
    else:
        tool = "Google Forms" if plain_text(header[0]) == "timestamp" else "a table"
        questions, rows = header, lines[1:]
    wrong = [
        f"{shown}:{line}: has {len(row)} cells, the header has {len(header)}"
        for line, row in rows
        if len(row) != len(header)
    ]
    if wrong:
        raise InputError(wrong)
    kept: list[tuple[int, tuple[str, ...]]] = []
    left_out: dict[str, int] = {}
    for line, row in rows:
        why = _why_left_out(dict(zip(map(plain_text, header), row, strict=True)), finished_only) if qualtrics else ""
        if why:
            left_out[why] = left_out.get(why, 0) + 1
        else:
            kept.append((line, tuple(row)))
    if not kept:
        raise InputError(f"{shown}: holds no respondent")
    return Export(shown, tool, tuple(header), tuple(questions), tuple(kept), left_out)


def _why_left_out(row: dict[str, str], finished_only: bool) -> str:
    """What a row is that is no answer; empty for an answer."""
    if what := _NOT_MEANT.get(row.get(_STATUS, "").lower()):
        return what
    return "unfinished" if finished_only and row.get(_FINISHED, "true").lower() in ("false", "0") else ""
