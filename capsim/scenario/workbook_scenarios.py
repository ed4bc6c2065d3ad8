"""A workbook as a scenario: its sheets scenario (what is asked), agencies, plans, and survey and edges if there are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from capsim.catalogue import ACTIVITIES, STRATEGIES
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.catalogue.rules import RULES
from capsim.errors import InputError, nearest_name, printable
from capsim.numbers import number_in, number_in_cell
from capsim.parameters import PARAMETERS
from capsim.scenario.csv_rows import Rows, read_rows, shown_path
from capsim.scenario.documents import Document, dotted
from capsim.scenario.values import Path
from capsim.scenario.workbooks import sheet_names, sheet_rows

SETTINGS, PLANS = "scenario", "plans"
TABLES = {"agencies": "source", "survey": "survey", "edges": "edges"}
"""Sheets that are tables, and the keys below agencies that name them."""

PLACES: Mapping[str, Path] = {
    **{key: (key,) for key in ("name", "focal_areas", "uncertainty", "replications", "seed")},
    **{key: ("agencies", key) for key in ("states", "schools")},
    **{key: ("question", key) for key in ("outcome", "area", "at", "contrast", "weight", "matters", "level", "region")},
    **{key: ("timeline", key) for key in ("settling", "assistance", "follow_up", "begins")},
    **{key: ("assistance", key) for key in ("budget_hours_per_year", "budget_dollars_per_year", "allocation")},
    **{name: ("rules", name) for name in RULES},
    **{name: ("parameters", name) for name in PARAMETERS},
}
"""Where in a scenario a setting stands."""
_LISTS = ("focal_areas", "states", "contrast", "recipients")
_TEXTS = ("name", "plan", "begins", "region", "area")
_DELIVERY = ("chain", "recipients", "focal_areas", "codesign", "grouping")
CHOICES = ("targeting", "schedule", *_DELIVERY)
SHARED = tuple(name for name in ACTIVITIES if name not in CHOICES)
"""Activities of which a plan has a share: co-design is a choice."""
_ROWS_OF_A_SHEET = 10_000_000


@dataclass(slots=True)
class WorkbookDocument(Document):
    """A workbook as plain values; a line is the place of a sheet among these two, and a row in it."""

    def message(self, path: Path, line: int, text: str) -> str:
        """One line as it is shown to the user."""
        sheet, row = divmod(line, _ROWS_OF_A_SHEET)
        where = f"{self.file}:{(SETTINGS, PLANS)[sheet]}:{row}"
        what = dotted(path[2:] if sheet and path[:1] == ("strategies",) else path)
        return f"{where}: {what}: {text}" if what else f"{where}: {text}"


def read_workbook(path: FilePath, name: str) -> Document:
    """A workbook, called `name` in messages, as the keys of a scenario file.

    A sheet that is missing or cannot be read is refused; other problems stand in the document.
    """
    there = sheet_names(str(path), name)
    missing = [sheet for sheet in (SETTINGS, "agencies", PLANS) if sheet not in there]
    if missing:
        known = ", ".join(map(printable, there))
        raise InputError(
            f"{name}: has no sheet {missing[0]}; its sheets: {known}{nearest_name(missing[0], there)}; "
            "capsim new workbook NAME writes one to fill in"
        )
    tables = [sheet for sheet in TABLES if sheet in there and (sheet != "survey" or _is_filled_in(path))]
    document = WorkbookDocument(name)
    document.values = {"agencies": {TABLES[sheet]: str(path.name) for sheet in tables}, "assistance": {}}
    _settings(document, sheet_rows(str(path), SETTINGS, name))
    _plans(document, path)
    return document


def _is_filled_in(path: FilePath) -> bool:
    """Whether anything was observed; the sheet of a template is blank."""
    rows = sheet_rows(str(path), "survey", shown_path(str(path)), percent=True)
    header = [name.lower() for name in rows[0][1]] if rows else []
    columns = [place for place, name in enumerate(header) if name in SURVEY_ITEMS]
    return not columns or any(row[place] for _, row in rows[1:] for place in columns)


def _settings(document: WorkbookDocument, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
    """Keys and values, one a row; more columns are notes."""
    for number, cells in rows:
        key = re.sub(r"[\s-]+", "_", cells[0].strip().lower())
        text = cells[1] if len(cells) > 1 else ""
        if not key or key in ("key", "setting") or not text:
            continue
        place = PLACES.get(key, tuple(key.split(".")) if "." in key else ())
        if not place:
            near = nearest_name(key, PLACES)
            document.problems.append(((), number, f"{printable(cells[0])[:60]}: unknown setting{near}"))
            continue
        if place in document.lines:
            first = document.lines[place]
            document.problems.append(((), number, f"{key}: is given twice, first in row {first}"))
        document.lines[place] = number
        inside = document.values
        for part in place[:-1]:
            inside = inside.setdefault(str(part), {})
        inside[str(place[-1])] = _value(str(place[-1]), text)


def _value(key: str, text: str) -> Any:
    """What a cell says; a list stands in one cell, with commas."""
    if key in _TEXTS:
        return text
    if key in _LISTS and not (key == "focal_areas" and (text == "all" or number_in(text) is not None)):
        return [part.strip() for part in text.split(",") if part.strip()]
    if text.lower() in ("true", "false", "yes", "no"):
        return text.lower() in ("true", "yes")
    number = number_in_cell(text, share=True, counted=key.startswith("budget_"))
    return text if number is None else number


def _plans(document: WorkbookDocument, path: FilePath) -> None:
    """Strategies, one a row: a shipped one by its name, or shares of activities and choices of one's own."""
    columns = (*SHARED, *CHOICES, "notes")
    found = read_rows(str(path), ("plan",), columns, sheet=PLANS)
    document.problems += [((), _ROWS_OF_A_SHEET + line, text) for line, text in (*found.problems, *_unknown(found))]
    strategies: list[Any] = []
    for line, row in found.rows:
        place = len(strategies)
        strategy, problem = _strategy(row)
        if problem:
            document.problems.append(((), _ROWS_OF_A_SHEET + line, problem))
            document.unread.append(("strategies", place))
        document.lines["strategies", place] = _ROWS_OF_A_SHEET + line
        strategies.append(strategy)
    names = [one if isinstance(one, str) else one["name"] for one in strategies]
    plans = [name for name in names if name != "none"]
    if "none" not in names:  # at the end, so that the places of the others stay
        strategies.append("none")
    document.values["strategies"] = strategies
    question = document.values.setdefault("question", {})
    if "contrast" not in question and plans:
        question["contrast"] = plans[:2] if len(plans) > 1 else [plans[0], "none"]


def _unknown(found: Rows) -> Iterator[tuple[int, str]]:
    """Columns that are neither activities nor choices: a share in one would be lost."""
    known = ("plan", *SHARED, *CHOICES, "notes")
    for name in found.passed_over:
        if any(row[name] for _, row in found.rows):
            near = nearest_name(name.lower().replace(" ", "_"), known)
            yield 1, f"column {printable(name)[:60]} is neither an activity nor a choice of plans{near}"


_MORE_THAN_SHARES = 2.0
"""A sum above this is one of percents."""


def _strategy(row: Mapping[str, str]) -> tuple[Any, str]:
    """A strategy as a scenario file writes it, and what is wrong with it."""
    name = row["plan"]
    shares = {one: row[one] for one in SHARED if row.get(one)}
    chosen = {key: _value(key, row[key]) for key in CHOICES if row.get(key)}
    plain = re.sub(r"[\s-]+", "_", name.lower())
    if not name:
        return "", "plan: is empty; give every plan a name"
    if plain in STRATEGIES and not shares:
        given = ", ".join(chosen)
        return plain, f"plan: {plain} is a shipped plan with its own {given}; leave these cells blank" if chosen else ""
    if not shares:
        near = nearest_name(plain, STRATEGIES)
        return name, f"plan: {name[:60]!r} has no shares of activities, and is no shipped plan{near}"
    numbers = {one: _share(text) for one, text in shares.items()}
    wrong = next((one for one, value in numbers.items() if isinstance(value, str)), "")
    total = math.fsum(value for value in numbers.values() if not isinstance(value, str))
    if not wrong and math.isclose(total, 100.0, abs_tol=1e-6):
        numbers = {one: float(value) / total for one, value in numbers.items()}
    elif not wrong and total > _MORE_THAN_SHARES:
        return name, f"plan: the shares of {name[:60]!r} sum to {total:.10g}, not 100"
    delivery = {key: chosen.pop(key) for key in _DELIVERY if key in chosen}
    return {"name": name, "activities": numbers, **chosen, **({"delivery": delivery} if delivery else {})}, ""


def _share(text: str) -> float | str:
    """A share of the hours; the text itself where it is none."""
    value = number_in_cell(text, share=True)
    return text if value is None else float(value)
