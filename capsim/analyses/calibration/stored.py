"""Runs that another study has stored, as material of a calibration. Runs nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from capsim.analyses.calibration.data import Observation
from capsim.errors import InputError
from capsim.parameters import PARAMETERS
from capsim.paths import folder_to_read
from capsim.runs.blocks import OUTCOME_GROUP
from capsim.runs.factors import BUDGET
from capsim.runs.store import Manifest, read_manifest
from capsim.runs.store_reading import runs_connection
from capsim.runs.study_files import SAID_BY_THE_STUDY
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StoredRuns", "read_stored_runs"]


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
    """Read the stored runs of a strategy.

    Parameters
    ----------
    folder : path
        Of a sweep, or of an analysis that stored its runs.
    scenario : Scenario
    strategy : str
    parameters : sequence of str
        That the study varied; it must have varied no other.
    data : sequence of Observation
        At the end of assistance or of follow-up, over districts, where the study kept outcomes only.

    Raises
    ------
    InputError
        If the folder cannot serve; with all reasons.
    """
    place = folder_to_read(folder)
    manifest = read_manifest(place)
    columns = [_column_for(one, scenario, manifest.columns) for one in data]
    problems = _problems(manifest, scenario, parameters)
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
    if len(runs) < 40:
        raise InputError(f"runs: {place}: {len(runs)} stored runs of {strategy}; at least 40 are needed")
    points = runs[list(parameters)].drop_duplicates(ignore_index=True)
    origin = f"{len(points)} points of {manifest.study['name']}, stored in {place}"
    return StoredRuns(points, runs, tuple(columns), origin)


def _problems(manifest: Manifest, scenario: Scenario, parameters: Sequence[str]) -> list[str]:
    stored, wanted = (
        {key: value for key, value in content.items() if key not in SAID_BY_THE_STUDY}
        for content in (manifest.study["scenario"], scenario.resolved())
    )
    varied = [name for name in manifest.columns if name in PARAMETERS or name == BUDGET]
    problems = []
    if stored != wanted:
        keys = ", ".join(key for key in {**stored, **wanted} if stored.get(key) != wanted.get(key))
        problems.append(f"the stored runs are of another scenario; it differs in {keys}")
    if manifest.study.get("assumptions", "default") != "default":
        problems.append("the stored runs drew their assumptions, and do not say which")
    problems += [f"the stored runs did not vary {name}" for name in parameters if name not in varied]
    problems += [f"the stored runs also varied {name}; fit it too" for name in varied if name not in parameters]
    return problems


def _column_for(one: Observation, scenario: Scenario, columns: Sequence[str]) -> str:
    """Column of the runs that holds an observed mean, or nothing."""
    months = {
        scenario.timeline.assistance: "assistance_end",
        scenario.timeline.assistance + scenario.timeline.follow_up: "follow_up_end",
    }
    outcome = f"{one.measure}_{months[one.month]}" if one.level == OUTCOME_GROUP and one.month in months else ""
    return next((name for name in (one.watch.column, outcome) if name in columns), "")
