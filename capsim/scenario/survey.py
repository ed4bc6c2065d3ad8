"""What a user observed of agencies, now or in later months: answers by agency and area, and the CSV they come from."""

from __future__ import annotations

import datetime
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue.parts import LIKERT, PERCENT, SURVEY_ITEMS, SurveyItem
from capsim.errors import InputError, NearestNames, nearest_name, printable
from capsim.numbers import how_to_write, number_in, number_in_cell, whole_in
from capsim.scenario.csv_rows import Rows, problem_with_id, read_rows
from capsim.scenario.population import AgencyTable
from capsim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Survey:
    """Answers of a survey about the K focal areas, as they stand in the file.

    Answers by item, and respondents, are (n, K + 1): one row per agency of the table; the last column is for all areas
    together. NaN where nothing was observed or said.
    """

    areas: tuple[str, ...]
    answers: Mapping[str, NDArray[np.float64]]
    respondents: NDArray[np.float64]

    def answered(self, name: str) -> NDArray[np.bool_]:
        """Where an item was observed, (n, K + 1)."""
        return ~np.isnan(self.answers[name])

    def cells(self) -> tuple[tuple[str, int, int], ...]:
        """Every answer as (item, row of the agency, column of the area), by agency, area and item.

        All areas together come before single ones.
        """
        K = len(self.areas)
        found = [
            ((int(row), -1 if column == K else int(column), place), name)
            for place, name in enumerate(self.answers)
            for row, column in np.argwhere(self.answered(name))
        ]
        return tuple((name, row, area % (K + 1)) for (row, area, _), name in sorted(found))

    @property
    def agencies(self) -> NDArray[np.int64]:
        """Rows of the table about which anything was observed."""
        return np.flatnonzero(np.any([self.answered(name).any(axis=1) for name in self.answers], axis=0))


_COLUMNS = ("agency", "area", *SURVEY_ITEMS, "n", "name", "notes")
"""Columns of a file of answers."""
_ROUNDING = 1.0
"""Percent by which rounded shares of attention may miss 100."""
_MOST_RESPONDENTS = 1_000_000
_EVERY_AREA = ""


def read_survey(path: str, table: AgencyTable, areas: Sequence[str], *, sampled: bool = False) -> Survey:
    """Answers of a survey about agencies of a world; that it holds a sample of districts is for messages.

    The CSV has the columns agency (an id), optionally area, any of `SURVEY_ITEMS`, and n (respondents); name and notes
    are passed over. A row belongs to an agency, and to one focal area where it names one; without an area it speaks of
    all areas together. A blank cell means that nothing was observed.
    """
    rows = read_rows(path, ("agency",), _COLUMNS[1:], sheet="survey", percent=True)
    survey = _survey_from(rows, table, areas, sampled=sampled)
    rows.refuse_problems()
    assert survey is not None
    return survey


def _survey_from(
    rows: Rows, table: AgencyTable, areas: Sequence[str], *, sampled: bool, also: Sequence[str] = ()
) -> Survey | None:
    """What rows say; None where they have problems, which are added to them. Columns that are known beside those of a
    survey are named in `also`.
    """
    if unknown := list(_problems_of_columns(rows, (*_COLUMNS, *also))):
        raise InputError([f"{rows.file}:1: {problem}" for problem in unknown])
    reading = _Reading(rows, table, areas, sampled)
    for line, row in rows.rows:
        reading.add(line, row)
    reading.check()
    return None if rows.problems else reading.survey()


def survey_of(scenario: Scenario, table: AgencyTable) -> Survey | None:
    """The survey that a scenario names; None without one. Parameters and errors as in `read_survey`."""
    choice = scenario.agencies
    if not choice.survey:
        return None
    return read_survey(choice.survey, table, scenario.area_names, sampled=choice.sample > 0)


def _problems_of_columns(rows: Rows, known: Sequence[str]) -> Iterator[str]:
    for name in rows.passed_over:
        near = nearest_name(name, known)
        yield f"column {printable(name)[:60]} is unknown; columns of a survey: {', '.join(known)}{near}"
    if rows.rows and not rows.passed_over and not any(name in SURVEY_ITEMS for name in rows.columns):
        yield f"nothing is observed: there is none of the columns {', '.join(SURVEY_ITEMS)}"


class _Reading:
    """What a file says of a world: lines of rows and numbers of cells by agency, area and column; and what is wrong.

    `faulty` are the agencies and columns of which a number could not be taken: what is missing there is no second
    fault.
    """

    def __init__(self, rows: Rows, table: AgencyTable, areas: Sequence[str], sampled: bool) -> None:
        self.rows, self.problems, self.areas = rows.rows, rows.problems, tuple(areas)
        self.row_of = {str(identity): row for row, identity in enumerate(table.id)}
        self.lines: dict[tuple[str, str], int] = {}
        self.numbers: dict[tuple[str, str, str], float] = {}
        self.faulty: set[tuple[str, str]] = set()
        self._id_of_name = {str(name): str(identity) for name, identity in zip(table.name, table.id, strict=True)}
        self._near_id, self._near_name = NearestNames(self.row_of), NearestNames(self._id_of_name)
        self._outside = "; it may exist and not be in the sample of districts" if sampled else ""

    def _problem_with_agency(self, given: str) -> str:
        """Say what is wrong with an agency, with the id of one that is named like it; empty for nothing."""
        if not given or given in self.row_of:
            return "" if given else "agency: is empty"
        if problem := problem_with_id(given):
            return f"agency: {problem}"
        nearest = self._near_id(given)
        by_name = self._near_name(given).removeprefix("; did you mean ").removesuffix("?")
        if by_name and (not nearest or given in self._id_of_name):
            nearest = f"; did you mean {self._id_of_name[by_name]} ({by_name})?"
        return f"agency: no agency of this scenario has the id {given[:60]!r}{nearest or self._outside}"

    def _problem_with_area(self, given: str) -> str:
        """Say what is wrong with an area; none at all means all of them."""
        if not given or given in self.areas:
            return ""
        near = nearest_name(given.lower().replace(" ", "_").replace("-", "_"), self.areas)
        known = f"the areas are {', '.join(self.areas)}, or blank for all of them{near}"
        return f"area: no focal area {given[:60]!r}; {known}"

    def add(self, line: int, row: Mapping[str, str]) -> None:
        """Take a row; a number is kept only where its whole row is in order."""
        agency, area = row["agency"], row.get("area", _EVERY_AREA)
        wrong = [text for text in (self._problem_with_agency(agency), self._problem_with_area(area)) if text]
        first = self.lines.setdefault((agency, area), line)
        if first != line and agency:
            what = f"the area {area!r}" if area else "all areas"
            wrong.append(f"agency: {agency!r} has two rows for {what}, the first on line {first}")
        self.problems += [(line, text) for text in wrong]
        for name in (*SURVEY_ITEMS, "n"):
            if not (text := row.get(name, "")):
                continue
            percent = name in SURVEY_ITEMS and SURVEY_ITEMS[name].unit == "percent"
            value = number_in_cell(text.removesuffix("%") if percent else text)
            problem = _problem_with_cell(name, text, value, area)
            if problem:
                self.problems.append((line, f"{name}: {problem}"))
            if problem or wrong or value is None:
                self.faulty.add((agency, name))
            else:
                self.numbers[agency, area, name] = value

    def check(self) -> None:
        """What no single row can show; an answer of an unknown agency may be the one that is missing elsewhere."""
        astray = {name for agency, name in self.faulty if agency not in self.row_of}
        if not self.numbers and not self.problems:
            first = self.rows[0][0] if self.rows else 1
            self.problems.append((first, "no row has an answer; fill in at least one cell"))
        self.problems += _columns_of_shares(self.rows)
        answers: dict[tuple[str, str], dict[str, float]] = {}
        for (agency, area, name), value in self.numbers.items():
            answers.setdefault((agency, name), {})[area] = value
        for (agency, name), given in answers.items():
            if name in SURVEY_ITEMS and name not in astray and (agency, name) not in self.faulty:
                line = {area: self.lines[agency, area] for area in given}
                self.problems += _problems_of_item(SURVEY_ITEMS[name], agency, given, line, self.areas)

    def survey(self) -> Survey:
        """What was read, where nothing was wrong."""
        column_of = {area: column for column, area in enumerate((*self.areas, _EVERY_AREA))}
        shape = (len(self.row_of), len(column_of))
        answers = {name: np.full(shape, np.nan) for name in SURVEY_ITEMS}
        respondents = np.full(shape, np.nan)
        for (agency, area, name), value in self.numbers.items():
            whole = name in SURVEY_ITEMS and not SURVEY_ITEMS[name].by_area
            target = respondents if name == "n" else answers[name]
            target[self.row_of[agency], column_of[_EVERY_AREA if whole else area]] = value
        shared = answers["priority_percent"]
        totals = np.nansum(shared, axis=1, keepdims=True)
        shared *= 100.0 / np.where(totals > 0.0, totals, 100.0)
        return Survey(self.areas, answers, respondents)


def _problem_with_cell(name: str, text: str, value: float | None, area: str) -> str:
    """Say what is wrong with a cell that is not blank; an empty text for nothing."""
    if value is None:
        hint = how_to_write(text.removesuffix("%"))
        return f"{text[:60]!r} is not a number{hint or '; leave the cell blank where nothing was observed'}"
    if name == "n":
        good = value == int(value) and 1 <= value <= _MOST_RESPONDENTS
        return "" if good else f"{text[:60]} is not allowed; allowed: a whole number of respondents, from 1"
    item = SURVEY_ITEMS[name]
    if name == "priority_percent" and not area:
        return "has no area; attention is shared among areas, so give it in one row for each"
    return _out_of_range(item, text, value)


def _out_of_range(item: SurveyItem, text: str, value: float) -> str:
    low, high = item.bounds
    if item.unit == "percent" and 0.0 < value < 1.0 and not text.endswith("%"):
        return f"{text[:60]} looks like a share; write percent, from 0 to 100: {100.0 * value:g}"
    if low <= value <= high:
        return ""
    if item.unit == "points":
        if LIKERT[1] < value <= 7.0:
            turned = 1.0 + (value - 1.0) * 4.0 / 6.0
            return (
                f"{text[:60]} is out of range; allowed: 1 to 5. It looks like a scale from 1 to 7: turn every answer "
                f"of the column into 1 + (x - 1) * 4 / 6, here {turned:.2f}"
            )
        hint = " (it looks like a percent)" if LIKERT[1] < value <= PERCENT[1] else ""
        return f"{text[:60]} is out of range{hint}; allowed: 1 to 5, points of the scale"
    return f"{text[:60]} is out of range; allowed: 0 to 100 percent"


def _columns_of_shares(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[tuple[int, str]]:
    """A column of percent in which nothing is above 1, and something is 1, holds shares."""
    for name, item in SURVEY_ITEMS.items():
        cells = [(line, number_in(row.get(name, ""))) for line, row in rows]
        given = [(line, value) for line, value in cells if value is not None]
        if item.unit == "percent" and given and max(value for _, value in given) == 1.0:
            line = next(line for line, value in given if value == 1.0)
            yield line, f"{name}: 1 is the largest number of the column, so it looks like shares; write percent"


def _problems_of_item(
    item: SurveyItem, agency: str, given: Mapping[str, float], line: Mapping[str, int], areas: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Contradictions among the answers to one item about one agency."""
    latest = max(line.values())
    if item.name == "priority_percent":
        yield from _problems_of_attention(agency, given, latest, areas)
    elif item.by_area:
        if _EVERY_AREA in given and len(given) > 1:
            by_area = next(area for area in given if area)
            yield (
                line[by_area],
                f"{item.name}: {agency!r} has an answer for all areas on line {line[_EVERY_AREA]} and one for "
                f"{by_area!r} here; give one or the other",
            )
    elif len(set(given.values())) > 1:
        area = next(area for area in given if given[area] != next(iter(given.values())))
        first = min(line.values())
        yield (
            line[area],
            f"{item.name}: belongs to the whole agency; {agency!r} has {given[area]:g} here and "
            f"{next(iter(given.values())):g} on line {first}",
        )


def _problems_of_attention(
    agency: str, given: Mapping[str, float], line: int, areas: Sequence[str]
) -> Iterator[tuple[int, str]]:
    missing = [area for area in areas if area not in given]
    total = math.fsum(given.values())
    if missing:
        yield (
            line,
            f"priority_percent: {agency!r} has no answer for {', '.join(missing)}; its areas must sum to 100, so "
            "give all of them (0 is allowed)",
        )
    elif abs(total - 100.0) > _ROUNDING:
        yield line, f"priority_percent: the areas of {agency!r} sum to {total:g}; they must sum to 100"


_WHEN = ("month", "date")
USUAL_MONTH = 12
"""Month of readings that do not say when: the end of the first year of assistance."""
_DATE = re.compile(r"(\d{4})-(\d{1,2})(-\d{1,2})?")


def read_observed(given: Any, scenario: Scenario, table: AgencyTable) -> tuple[dict[int, Survey], list[dict[str, str]]]:
    """Readings by month of the run, the first of assistance being 1, and the rows that say so.

    `given` is a CSV with the columns of a survey and, where they are not of month 12, `month` or `date`; or its rows.
    """
    rows = _rows(given)
    by_month: dict[int, list[tuple[int, Mapping[str, str]]]] = {}
    for line, row in rows.rows:
        month, problem = _month_of(row, scenario)
        if problem:
            rows.problems.append((line, problem))
        else:
            by_month.setdefault(month, []).append((line, row))
    sampled, areas, found = scenario.agencies.sample > 0, scenario.area_names, {}
    for month, own in sorted(by_month.items()):
        part = Rows(rows.file, [(line, dict(row)) for line, row in own], passed_over=rows.passed_over)
        survey = _survey_from(part, table, areas, sampled=sampled, also=_WHEN)
        rows.problems += part.problems
        if survey is not None:
            found[month] = survey
    rows.refuse_problems()
    return found, [{name: cell for name, cell in row.items() if cell} for _, row in rows.rows]


def _rows(given: Any) -> Rows:
    if isinstance(given, str | os.PathLike):
        return read_rows(given, ("agency",), (*_COLUMNS[1:], *_WHEN), sheet="observed", percent=True)
    if not isinstance(given, Sequence) or not given or not all(isinstance(row, Mapping) for row in given):
        raise InputError("observed: must be the path of a CSV, or its rows")
    names = list(dict.fromkeys(name for row in given for name in row))
    return Rows("observed", [(n, {name: str(row.get(name, "")) for name in names}) for n, row in enumerate(given, 1)])


def _month_of(row: Mapping[str, str], scenario: Scenario) -> tuple[int, str]:
    """Month of a row, and what is wrong with it."""
    line = scenario.timeline
    last, month, date = line.assistance + line.follow_up, row.get("month", ""), row.get("date", "")
    if month and date:
        return 0, "month: say when by month or by date, not both"
    if date:
        return _month_of_date(date, line.begins, last)
    number = whole_in(month) if month else USUAL_MONTH
    if number is None or not 1 <= number <= last:
        return 0, f"month: {month[:60] or number!r} is not allowed; this scenario has the months 1 to {last}"
    return int(number), ""


def _month_of_date(text: str, begins: str, last: int) -> tuple[int, str]:
    found = _DATE.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return 0, f"date: {text[:60]!r} is not a date such as 2027-06"
    if not begins:
        return 0, "date: needs a calendar; write timeline.begins in the scenario, such as 2026-07, or give the month"
    today, year, number = datetime.date.today(), int(found[1]), int(found[2])
    if (year, number) > (today.year, today.month):
        return 0, f"date: {text} is in the future; give only what has been read"
    month = 12 * (year - int(begins[:4])) + number - int(begins[5:7]) + 1
    if not 1 <= month <= last:
        return 0, f"date: {text} is outside of this scenario, which begins in {begins[:7]} and has {last} months"
    return month, ""
