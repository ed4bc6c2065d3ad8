"""What was read of agencies in later months: the CSV of a survey with a column `month` or `date`."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from capsim.errors import InputError
from capsim.numbers import whole_in
from capsim.scenario.csv_rows import Rows, read_rows
from capsim.scenario.population import AgencyTable
from capsim.scenario.schema import Scenario
from capsim.scenario.survey import COLUMNS, Survey, survey_from

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
        survey = survey_from(part, table, areas, sampled=sampled, also=_WHEN)
        rows.problems += part.problems
        if survey is not None:
            found[month] = survey
    rows.refuse_problems()
    return found, [{name: cell for name, cell in row.items() if cell} for _, row in rows.rows]


def _rows(given: Any) -> Rows:
    if isinstance(given, str | os.PathLike):
        return read_rows(given, ("agency",), (*COLUMNS[1:], *_WHEN), sheet="observed", percent=True)
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
