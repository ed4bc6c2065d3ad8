"""Observed data to fit: a CSV of series, or of means before and after, with standard errors. Knows no fitting."""

from __future__ import annotations

import os
from dataclasses import dataclass

from capsim.catalogue import MEASURES
from capsim.engine.recorder import GROUPS
from capsim.errors import InputError, nearest_name
from capsim.numbers import how_to_write, number_in, whole_in
from capsim.runs.points import Watch
from capsim.scenario.csv_rows import read_rows, shown_path

__all__ = ["COLUMNS", "Observation", "read_observations"]

COLUMNS = ("measure", "month", "level", "value", "standard_error")


@dataclass(frozen=True, slots=True)
class Observation:
    """One observed mean.

    Attributes
    ----------
    measure : str
        A measure of the catalogue.
    month : int
        Of the scenario, at whose end it was observed; 1 is the first month of assistance.
    level : str
        Group of agencies over which it is a mean, such as ``lea``.
    value : float
        In the unit of the measure.
    standard_error : float
        Of `value`, above 0.
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


def read_observations(path: str | os.PathLike[str], *, months: int) -> tuple[Observation, ...]:
    """Read observed data.

    Parameters
    ----------
    path : str or path
        CSV with the columns measure, month, level, value, standard_error, in any order.
    months : int
        Months of the scenario after settling.

    Returns
    -------
    tuple of Observation
        In the order of the file.

    Raises
    ------
    InputError
        With one line for every problem, as ``path:line: column: message``.
    """
    rows, problems = read_rows(os.fspath(path), COLUMNS, ())
    shown = shown_path(os.fspath(path))
    found: list[Observation] = []
    lines: dict[Watch, int] = {}
    for line, row in rows:
        faults = _faults(row, months)
        if not faults:
            one = Observation(
                row["measure"], int(row["month"]), row["level"], float(row["value"]), float(row["standard_error"])
            )
            if one.watch in lines:
                faults.append(f"{one.measure} of {one.level} in month {one.month} was given on line {lines[one.watch]}")
            lines.setdefault(one.watch, line)
            found.append(one)
        problems += [f"{shown}:{line}: {fault}" for fault in faults]
    if not rows and not problems:
        problems.append(f"{shown}: holds no observation")
    if problems:
        raise InputError(problems)
    return tuple(found)


def _faults(row: dict[str, str], months: int) -> list[str]:
    faults = []
    measure, level = row["measure"], row["level"]
    if measure not in MEASURES:
        near = nearest_name(measure, MEASURES)
        faults.append(f"measure: unknown measure {measure!r}{near}; capsim list measures shows them")
    if level not in GROUPS:
        faults.append(f"level: unknown level {level!r}; allowed: {', '.join(GROUPS)}{nearest_name(level, GROUPS)}")
    month = row["month"]
    if not 1 <= (whole_in(month) or 0) <= months:
        faults.append(f"month: {month!r} is not allowed; a whole number from 1 to {months}, the scenario's months")
    value = number_in(row["value"])
    if value is None:
        faults.append(f"value: {row['value']!r} is not a number{how_to_write(row['value'])}")
    elif measure in MEASURES and not MEASURES[measure].low <= value <= MEASURES[measure].high:
        faults.append(
            f"value: {value:g} is out of range; {measure} is {MEASURES[measure].low:g} to {MEASURES[measure].high:g}"
        )
    error = number_in(row["standard_error"])
    if error is None or error <= 0.0:
        faults.append(f"standard_error: {row['standard_error']!r} is not allowed; a number above 0")
    return faults
