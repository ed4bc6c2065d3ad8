"""Observed data to fit, and stored runs that may answer to them. Knows no fitting, and runs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from capsim.catalogue import MEASURES, unweighted, weighted_column
from capsim.errors import InputError, nearest_name
from capsim.measures.groups import GROUPS
from capsim.numbers import how_to_write, integral, listed, number_in_cell, shown, whole_in
from capsim.parameters import PARAMETERS
from capsim.paths import folder_to_read
from capsim.runs.blocks import OUTCOME_GROUP
from capsim.runs.designs import BUDGET, RULE_FACTORS
from capsim.runs.points import Watch
from capsim.runs.reading import runs_connection
from capsim.runs.store import Manifest, read_manifest
from capsim.runs.study import SAID_BY_THE_STUDY
from capsim.scenario import Scenario
from capsim.scenario.csv_rows import read_rows, shown_path

COLUMNS = ("measure", "month", "level", "value", "standard_error")
_LEAST_RUNS = 40


@dataclass(frozen=True, slots=True)
class Observation:
    """One observed mean of a measure, in its unit, with a standard error above 0: over a group of agencies, such as
    ``lea``, at the end of a month of the scenario; 1 is the first month of assistance.
    """

    measure: str
    month: int
    level: str
    value: float
    standard_error: float

    @property
    def watch(self) -> Watch:
        """What a run has to report to be held against it."""
        return Watch(self.measure, self.month, self.level)


def read_observations(given: Any, *, months: int) -> tuple[Observation, ...]:
    """Observations of a scenario with so many months after settling, from a CSV with `COLUMNS` in any order or from a
    sequence of them; problems are said one a line, as ``path:line: column: message``.
    """
    if isinstance(given, str | os.PathLike):
        rows = read_rows(given, COLUMNS, ())
        problems = [f"{rows.file}:{line}: {text}" for line, text in rows.problems]
        found = [(f"{rows.file}:{line}:", f"line {line}", row) for line, row in rows.rows]
    else:
        problems, found = [], []
        for place, one in enumerate(listed("observed:", given), start=1):
            if not isinstance(one, Observation):
                raise InputError(
                    "observed: must be a CSV with the columns "
                    f"{', '.join(COLUMNS)}, or Observations, got {shown(given if place == 1 else one)}"
                )
            row = {
                name: str(integral(getattr(one, name)) if name == "month" else getattr(one, name)) for name in COLUMNS
            }
            found.append((f"observed: {place}:", f"observation {place}", row))
    made: dict[Watch, tuple[str, Observation]] = {}
    for where, name, row in found:
        faults = list(_faults(row, months))
        if not faults:
            month, value, error = (number_in_cell(row[name]) for name in ("month", "value", "standard_error"))
            one = Observation(row["measure"], int(month or 0), row["level"], value or 0.0, error or 0.0)
            earlier, _ = made.setdefault(one.watch, (name, one))
            if earlier != name:
                faults.append(f"{one.measure} of {one.level} in month {one.month} was given on {earlier}")
        problems += [f"{where} {fault}" for fault in faults]
    if not found and not problems:
        where = shown_path(os.fspath(given)) if isinstance(given, str | os.PathLike) else "observed"
        problems.append(f"{where}: holds no observation")
    if problems:
        raise InputError(problems)
    return tuple(one for _, one in made.values())


def _faults(row: dict[str, str], months: int) -> Iterator[str]:
    measure, level, month = row["measure"], row["level"], row["month"]
    if measure not in MEASURES:
        yield f"measure: unknown measure {measure!r}{nearest_name(measure, MEASURES)}; capsim list measures shows them"
    if level not in GROUPS:
        yield f"level: unknown level {level!r}; allowed: {', '.join(GROUPS)}{nearest_name(level, GROUPS)}"
    if not 1 <= (whole_in(month) or 0) <= months:
        yield f"month: {month!r} is not allowed; a whole number from 1 to {months}, the scenario's months"
    value = number_in_cell(row["value"])
    if value is None:
        yield f"value: {row['value']!r} is not a number{how_to_write(row['value'])}"
    elif measure in MEASURES and not MEASURES[measure].low <= value <= MEASURES[measure].high:
        yield f"value: {value:g} is out of range; {measure} is {MEASURES[measure].low:g} to {MEASURES[measure].high:g}"
    error = number_in_cell(row["standard_error"])
    if error is None or error <= 0.0:
        yield f"standard_error: {row['standard_error']!r} is not allowed; a number above 0"


class StoredRuns(NamedTuple):
    """Points, their runs, the columns that answer to the observations, and where it all comes from."""

    points: pd.DataFrame
    runs: pd.DataFrame
    columns: tuple[str, ...]
    origin: str


def read_stored_runs(
    folder: str | os.PathLike[str],
    scenario: Scenario,
    strategy: str,
    parameters: Sequence[str],
    data: Sequence[Observation],
) -> StoredRuns:
    """Runs of a strategy that a sweep, or an analysis, has stored; it must have varied these parameters and no other.

    Where the study kept outcomes only, data must be of the end of assistance or of follow-up, over districts,
    their pupils or their positions.
    """
    place = folder_to_read(folder)
    manifest = read_manifest(place)
    columns = [_column_for(one, scenario, manifest.columns) for one in data]
    problems = [*_problems(manifest, scenario, parameters)]
    problems += [
        f"the stored runs do not hold {one.measure} of {one.level} in month {one.month}"
        for one, column in zip(data, columns, strict=True)
        if not column
    ]
    if problems:
        raise InputError([f"runs: {place}: {problem}" for problem in problems])
    with runs_connection(place) as connection:
        sql = "SELECT * FROM runs WHERE strategy = ? ORDER BY point, replicate, run_id"
        runs: pd.DataFrame = connection.execute(sql, [strategy]).df()
    if len(runs) < _LEAST_RUNS:
        raise InputError(f"runs: {place}: {len(runs)} stored runs of {strategy}; at least {_LEAST_RUNS} are needed")
    points = runs[list(parameters)].drop_duplicates(ignore_index=True)
    return StoredRuns(
        points, runs, tuple(columns), f"{len(points)} points of {manifest.study['name']}, stored in {place}"
    )


def _problems(manifest: Manifest, scenario: Scenario, parameters: Sequence[str]) -> Iterator[str]:
    stored, wanted = (
        {key: value for key, value in content.items() if key not in SAID_BY_THE_STUDY}
        for content in (manifest.study["scenario"], scenario.resolved())
    )
    varied = [name for name in manifest.columns if name in PARAMETERS or name == BUDGET]
    if stored != wanted:
        keys = ", ".join(key for key in {**stored, **wanted} if stored.get(key) != wanted.get(key))
        yield f"the stored runs are of another scenario; it differs in {keys}"
    if manifest.study.get("assumptions", "default") != "default":
        yield "the stored runs drew their assumptions, and do not say which"
    yield from (f"the stored runs also varied {name}" for name in manifest.columns if name in RULE_FACTORS)
    yield from (f"the stored runs did not vary {name}" for name in parameters if name not in varied)
    yield from (f"the stored runs also varied {name}; fit it too" for name in varied if name not in parameters)


def _column_for(one: Observation, scenario: Scenario, columns: Sequence[str]) -> str:
    """Column of the runs that holds an observed mean, or nothing."""
    line = scenario.timeline
    months = {line.assistance: "assistance_end", line.assistance + line.follow_up: "follow_up_end"}
    group, weight = unweighted(one.level)
    kept = group == OUTCOME_GROUP and one.month in months
    outcome = weighted_column(f"{one.measure}_{months[one.month]}", weight) if kept else ""
    return next((name for name in (one.watch.column, outcome) if name in columns), "")
