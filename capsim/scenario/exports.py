"""Exports of survey tools: rows of respondents (Qualtrics writes three rows of headings, Google Forms one), and from
these to a survey of agencies: a mapping file says which question is which item, and what labels mean.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.errors import InputError, NearestNames, nearest_name
from capsim.numbers import number_in
from capsim.scenario.csv_rows import csv_lines, shown_path, uneven
from capsim.scenario.documents import Document, read_document
from capsim.scenario.values import Path
from capsim.scenario.workbooks import is_workbook

_IMPORT_ID = '"ImportId"'
"""What Qualtrics writes into every cell of its third row."""
Wrong = Callable[[Path, str], None]
"""Notes what is wrong at a place of a mapping file."""
Scale = tuple[float, float]
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

    def places_of(self, names: Any, path: Path, wrong: Wrong) -> list[int]:
        """Places of columns, by their names or their questions."""
        known = [[plain_text(text) for text in texts] for texts in (self.columns, self.questions)]
        found = []
        for name in map(str, _listed(names)):
            wanted = plain_text(name)
            texts = next((texts for texts in known if wanted in texts), [])
            if not texts:
                near = nearest_name(name, (*self.columns, *self.questions))
                wrong(path, f"{self.file} has no column {name[:60]!r}{near}")
            elif (times := texts.count(wanted)) > 1:
                wrong(path, f"{name[:60]!r} is the name of {times} columns; rename them in the export")
            else:
                found.append(texts.index(wanted))
        return found


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
    if wrong := uneven(rows, len(header)):
        raise InputError(f"{shown}:{line}: {text}" for line, text in wrong)
    kept: list[tuple[int, tuple[str, ...]]] = []
    left_out = Counter[str]()
    for line, row in rows:
        why = _why_left_out(dict(zip(map(plain_text, header), row, strict=True)), finished_only) if qualtrics else ""
        if why:
            left_out[why] += 1
        else:
            kept.append((line, tuple(row)))
    if not kept:
        raise InputError(f"{shown}: holds no respondent")
    return Export(shown, tool, tuple(header), tuple(questions), tuple(kept), left_out)


def _why_left_out(row: dict[str, str], finished_only: bool) -> str:
    """What a row is that is no answer; empty for an answer."""
    if what := _NOT_MEANT.get(row.get("status", "").lower()):
        return what
    return "unfinished" if finished_only and row.get("finished", "true").lower() in ("false", "0") else ""


KEYS = ("agency", "agencies", "leave_out", "items", "labels", "missing", "scale", "fewest", "finished_only")
_OF_AN_ITEM = ("columns", "reverse", "scale")
_NUMBERED = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:[-:.)=]|–|—)\s*\S.*|.*\((\d+(?:\.\d+)?)\)\s*")
"""A label that says its own number: "4 - Agree", "Agree (4)"."""
_MISSING = ("", "n/a", "na", "not applicable", "don't know", "do not know", "prefer not to say", "-99")
"""Answers that are none, besides those that a file names."""
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one item in one area ("" for all): places of columns, which of them run the other way, and the
    scale.
    """

    item: str
    area: str
    columns: tuple[int, ...]
    reverse: frozenset[int]
    scale: Scale


@dataclass(frozen=True, slots=True)
class ExportMap:
    """What a mapping file says of an export, checked."""

    agency: int
    agencies: Mapping[str, str]
    leave_out: frozenset[str]
    asked: tuple[Asked, ...]
    labels: Mapping[str, float]
    missing: frozenset[str]
    fewest: int


@dataclass(slots=True)
class Converted:
    """A survey made of an export: `rows` as in its CSV, and who was and was not counted."""

    rows: list[dict[str, str]]
    respondents: int
    left_out: dict[str, int] = field(default_factory=dict)


def convert(export: str, mapping: str, *, names: Mapping[str, str] | None = None) -> Converted:
    """Mean answers of every agency, with how many people answered: of an `Export`, by a YAML file with the keys `KEYS`.

    `names` are ids of agencies by id and by name; where they are given, others are refused.
    """
    document = read_document(FilePath(mapping), mapping)
    given = read_export(export, finished_only=document.values.get("finished_only") is True)
    return _averaged(given, _checked(document, given), names)


def _checked(document: Document, export: Export) -> ExportMap:
    values, problems = document.values, list(document.problems)

    def wrong(path: Path, text: str) -> None:
        problems.append((path, document.line_of(path), text))

    for key in values:
        if key not in KEYS:
            wrong((key,), f"unknown key; allowed: {', '.join(KEYS)}{nearest_name(key, KEYS)}")
    for key in ("agency", "items"):
        if not values.get(key):
            wrong((key,), "is missing")
    agency = export.places_of(str(values.get("agency") or "") or None, ("agency",), wrong)
    labels = _mapping(values, "labels", wrong)
    numbers = {plain_text(label): number for label, number in labels.items() if isinstance(number, int | float)}
    for label in labels:
        if plain_text(label) not in numbers:
            wrong(("labels", label), f"must be a number, got {labels[label]!r}")
    agencies = {plain_text(text): str(one) for text, one in _mapping(values, "agencies", wrong).items()}
    usual = _scale(values.get("scale"), ("scale",), wrong)
    asked = list(_items(_mapping(values, "items", wrong), export, usual, wrong))
    fewest = values.get("fewest", 1)
    if isinstance(fewest, bool) or not isinstance(fewest, int) or fewest < 1:
        wrong(("fewest",), f"must be a whole number from 1, got {fewest!r}")
    if problems:
        in_order = sorted(problems, key=lambda problem: problem[1])
        raise InputError(dict.fromkeys(document.message(*problem) for problem in in_order))
    missing, leave_out = (
        frozenset(plain_text(str(one)) for one in _listed(values.get(key))) for key in ("missing", "leave_out")
    )
    return ExportMap(agency[0], agencies, leave_out, tuple(asked), numbers, missing.union(_MISSING), int(fewest))


def _mapping(values: Mapping[str, Any], key: str, wrong: Wrong) -> dict[str, Any]:
    given = values.get(key)
    if given is not None and not isinstance(given, dict):
        wrong((key,), f"must be a mapping of names to values, got {given!r}"[:160])
    return given if isinstance(given, dict) else {}


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [] if given is None else [given]


def _scale(given: Any, path: Path, wrong: Wrong) -> Scale | None:
    """Lowest and highest answer, in this order."""
    if given is None:
        return None
    ends = [one for one in _listed(given) if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(ends) != 2 or not ends[0] < ends[1]:
        wrong(path, f"must be the lowest and the highest answer, such as [1, 7], got {given!r}")
        return None
    return float(ends[0]), float(ends[1])


def _items(items: Mapping[str, Any], export: Export, usual: Scale | None, wrong: Wrong) -> Iterator[Asked]:
    for name, given in items.items():
        if name not in SURVEY_ITEMS:
            known = ", ".join(SURVEY_ITEMS)
            wrong(("items", name), f"unknown item; allowed: {known}{nearest_name(name, SURVEY_ITEMS)}")
            continue
        by_area = isinstance(given, dict) and "columns" not in given
        if by_area and not SURVEY_ITEMS[name].by_area:
            wrong(("items", name), "belongs to the whole agency, not to single areas; give a list of columns")
            continue
        for area, one in given.items() if by_area else (("", given),):
            record = one if isinstance(one, dict) else {"columns": one}
            path: Path = ("items", name, area) if area else ("items", name)
            for key in set(record) - set(_OF_AN_ITEM):
                wrong((*path, key), f"unknown key; allowed: {', '.join(_OF_AN_ITEM)}")
            places = {key: export.places_of(record.get(key), path, wrong) for key in ("columns", "reverse")}
            if not _listed(record.get("columns")):
                wrong(path, "names no column of the export")
            scale = _scale(record.get("scale"), (*path, "scale"), wrong) or usual or SURVEY_ITEMS[name].bounds
            columns = tuple(dict.fromkeys([*places["columns"], *places["reverse"]]))
            yield Asked(name, str(area), columns, frozenset(places["reverse"]), scale)


class _Count:
    """Answers and people by agency, and what nobody knows, each with how often; filled respondent by respondent."""

    def __init__(self, export: Export, plan: ExportMap, names: Mapping[str, str] | None) -> None:
        self.export, self.plan, self.names = export, plan, names
        self.left_out = Counter(export.left_out)
        self.answers: dict[tuple[str, str], dict[str, list[float]]] = {}
        self.people, self.unknown = Counter[str](), Counter[str]()
        self.strange = Counter[tuple[str, str]]()

    def add(self, row: Sequence[str]) -> None:
        text, plan = row[self.plan.agency], self.plan
        plain = plain_text(text)
        if plain in plan.missing or plain in plan.leave_out:
            self.left_out["without an agency" if plain in plan.missing else "of agencies to leave out"] += 1
            return
        found = plan.agencies.get(plain, text)
        agency = found if self.names is None else self.names.get(plain_text(found), "")
        if not agency:
            self.unknown[text] += 1
            return
        answered = [self.answer(asked, agency, row) for asked in plan.asked]
        self.people[agency] += any(answered)

    def answer(self, asked: Asked, agency: str, row: Sequence[str]) -> bool:
        """Note the mean over the questions of an item, on the scale of a survey; whether there was an answer."""
        told = []
        for place in asked.columns:
            value = _number(row[place], self.plan)
            if isinstance(value, float) and asked.scale[0] <= value <= asked.scale[1]:
                told.append(sum(asked.scale) - value if place in asked.reverse else value)
            elif value is not None:
                self.strange[self.export.columns[place], row[place]] += 1
        if told:
            (low, high), (first, last) = asked.scale, SURVEY_ITEMS[asked.item].bounds
            value = first + (sum(told) / len(told) - low) * (last - first) / (high - low)
            self.answers.setdefault((agency, asked.area), {}).setdefault(asked.item, []).append(value)
        return bool(told)

    def refuse_unknown(self) -> None:
        """Say which agencies and which answers are not known, each once."""
        near, file, agency = NearestNames(self.names or {}), self.export.file, self.export.columns[self.plan.agency]
        problems = [
            f"{file}: {agency[:60]}: {text[:60]!r} ({_times(number)}) is no agency of the scenario"
            f"{near(plain_text(text))}; say which it is in agencies:, or name it in leave_out:"
            for text, number in self.unknown.items()
        ]
        problems += [
            f"{file}: {column[:60]}: {text[:60]!r} ({_times(number)}) is neither a label nor a number of the scale; "
            "add it to labels:, scale: or missing:"
            for (column, text), number in self.strange.items()
        ]
        if problems:
            more = [f"and {len(problems) - _MOST_SHOWN} more"] if len(problems) > _MOST_SHOWN else []
            raise InputError([*problems[:_MOST_SHOWN], *more])


def _averaged(export: Export, plan: ExportMap, names: Mapping[str, str] | None) -> Converted:
    """Means over respondents of each one's mean over the questions of an item."""
    count = _Count(export, plan, names)
    for _, row in export.rows:
        count.add(row)
    count.refuse_unknown()
    enough = {agency for agency, number in count.people.items() if number >= plan.fewest}
    if few := sum(number for agency, number in count.people.items() if agency not in enough):
        count.left_out[f"of agencies with fewer than {plan.fewest}"] = few
    rows = [
        {
            "agency": agency,
            "area": area,
            **{item: f"{sum(found) / len(found):.4g}" for item, found in items.items()},
            "n": str(max(map(len, items.values()))),
        }
        for (agency, area), items in sorted(count.answers.items())
        if agency in enough
    ]
    if not rows:
        raise InputError(f"{export.file}: no agency has an answer that counts")
    return Converted(rows, sum(count.people[agency] for agency in enough), count.left_out)


def _number(text: str, plan: ExportMap) -> float | str | None:
    """What an answer counts; None for no answer; the text itself where it is neither a number nor a label."""
    plain = plain_text(text)
    if plain in plan.missing:
        return None
    if plain in plan.labels:
        return float(plan.labels[plain])
    number = number_in(text.removesuffix("%"))
    if number is None and (numbered := _NUMBERED.fullmatch(text)):
        number = number_in(numbered[1] or numbered[2])
    return text if number is None else float(number)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
