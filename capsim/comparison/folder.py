"""Output folders of comparisons: every table, where it comes from, what its columns mean; and back. And the tables that
people read in one workbook. Nothing in a folder is executed; plugins are not imported.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from capsim.comparison.asking import with_contrast
from capsim.comparison.comparison import Comparison, Several
from capsim.comparison.flow import waterfall, who_was_served
from capsim.comparison.paired_runs import LABELS, Settling
from capsim.comparison.statistics import BreakEven, Interval
from capsim.errors import InputError
from capsim.paths import folder_to_read, read_text
from capsim.runs.dictionary import data_dictionary, describe_column
from capsim.runs.output import (
    MOST_ROWS,
    as_written,
    number,
    read_json,
    read_record,
    sheet_of,
    strict_json,
    whole_folder,
    write_workbook,
)
from capsim.runs.reading import Results
from capsim.runs.store import MANIFEST
from capsim.runs.tables import read_table, write_table
from capsim.scenario import Scenario
from capsim.scenario.checks import name_of_strategy

FORMAT = 1
"""Raised whenever folders are laid out in another way."""
PROVENANCE, FAILURES = "provenance.json", "failures.jsonl"
SURVEY, PLAN, SUMMARY, WATERFALL = "survey.csv", "plan.csv", "summary.csv", "waterfall.csv"
REGIONS, DISTRICTS, LADDER = "regions.csv", "districts.csv", "ladder.csv"
OBSERVED, UPDATED = "observed.csv", "updated.csv"

_TABLES: Mapping[str, tuple[str, ...]] = {
    "runs": (*LABELS, "status"),
    "monthly": (*LABELS, "month", "level", "use"),
    "agencies": (*LABELS, "agency", "month"),
    "draws": ("replicate",),
    "variants": ("replicate",),
    "alone": ("rule", "variant", "replicate", "status", "contrast"),
    "ladder": ("budget", "strategy", "replicate", "gain"),
    "effects": ("step", "name", "replicate", "effect"),
    "chain": (*LABELS, "link", "month", "delivered"),
    "instruments": (*LABELS, "month", "level"),
    "hours": (*LABELS, "quarter", "activity"),
    "center": (*LABELS, "month"),
    "course": (*LABELS, "month", "step"),
    "stocktakes": (*LABELS, "month", "agency", "area"),
    "flow": (*LABELS, "year", "level", "activity", "channel", "offered", "landed"),
    "flow_agencies": (*LABELS, "year", "agency", "activity", "channel", "offered", "landed"),
    "reach": (*LABELS, "level", "served", "agencies"),
    "reach_agencies": (*LABELS, "agency", "served", "offered", "landed"),
    "own_readings": (*LABELS, "month", "level", "instrument", "reading"),
    "leavers": (*LABELS, "year", "level", "role", "help_had", "leavers"),
    "regions": (*LABELS, "region", "month", "region_hours"),
    "tools": (*LABELS, "month", "agency", "source"),
    "observed": ("month", "agency", "item", "observed", "foretold", "inside"),
    "updated": ("strategy", "foretold_gain", "updated_gain"),
    "next_readings": ("item", "month", "narrows"),
}
"""Tables of a comparison, each in a file of its name, and columns that it cannot do without."""
_SURVEY_TEXT = ("assumptions", "agency", "name", "area", "item", "unit", "role")
_SURVEY_NEEDED = ("agency", "observed", "reading", "drift", "worlds")
_ADDED = frozenset({"format", "kind", "tables", "failed_runs", "strategies", "notes", "settling", "break_even"})
"""Keys of provenance.json that are no provenance."""


def write_folder(
    comparison: Comparison,
    folder: Path | str,
    *,
    kind: str = "comparison",
    summary: pd.DataFrame | None = None,
    extra: Mapping[str, Callable[[Path], object]] | None = None,
) -> list[str]:
    """Write everything a comparison holds; the folder, new or empty, appears whole or not at all.

    A single run (`kind` "run") is written in the same way; it cannot be read back as a comparison. `summary` is what
    was printed, the differences without it. `extra` are more files by name, each written by a function of its path:
    when one fails the data are kept, and what went wrong comes back.
    """
    folder = Path(folder)
    tables = {f"{name}.parquet": table for name in _TABLES if len((table := getattr(comparison, name)).columns)}
    more = {
        SURVEY: comparison.survey,
        PLAN: comparison.plan(),
        WATERFALL: waterfall(comparison, "level", "activity", "channel"),
        LADDER: comparison.by_budget(),
        OBSERVED: comparison.observed,
        UPDATED: comparison.updated,
        REGIONS: comparison.by_region(),
        DISTRICTS: comparison.by_district(),
    }
    texts = {SUMMARY: comparison.differences() if summary is None else summary}
    texts |= {name: table for name, table in more.items() if len(table)}
    failures = [_failure(comparison, failure) for failure in comparison.failures]
    columns = {name: list(table.columns) for name, table in (tables | texts).items()}
    columns[FAILURES] = list(failures[0]) if failures else []
    rows = {name: len(table) for name, table in (tables | texts).items() if name in tables or name == SURVEY}
    plain = {
        FAILURES: "".join(strict_json(failure, indent=None) + "\n" for failure in failures),
        "data_dictionary.md": data_dictionary(columns),
        PROVENANCE: strict_json(_record(comparison, kind, rows)) + "\n",
    }
    troubles: list[str] = []
    with whole_folder(folder, last=PROVENANCE) as stage:
        for name, table in tables.items():
            write_table(table, stage / name)
        for name, table in texts.items():
            digits = "%.2f" if name in (PLAN, WATERFALL) else None
            table.to_csv(stage / name, index=False, lineterminator="\n", encoding="utf-8", float_format=digits)
        for name, text in plain.items():
            (stage / name).write_text(text, encoding="utf-8", newline="\n")
        for name, write in (extra or {}).items():
            try:
                write(stage / name)
            except Exception as error:  # hours of simulation are not thrown away when a picture fails
                (stage / name).unlink(missing_ok=True)
                troubles.append(f"{name} could not be written: {type(error).__name__}: {error}")
    return [f"{folder}: the data are complete, but {trouble}" for trouble in troubles]


def _record(comparison: Comparison, kind: str, rows: Mapping[str, int]) -> dict[str, Any]:
    """Contents of provenance.json: where the numbers come from, and the parts of the comparison that are no tables."""
    return {
        "format": FORMAT,
        "kind": kind,
        **comparison.provenance,
        "scenario": comparison.scenario.resolved(),
        "tables": dict(rows),
        "failed_runs": len(comparison.failures),
        "strategies": list(comparison.strategies),
        "notes": list(comparison.notes),
        "settling": [asdict(settling) for settling in comparison.settling],
        "break_even": [asdict(found) for found in comparison.break_even],
    }


def _failure(comparison: Comparison, failure: Mapping[str, Any]) -> dict[str, Any]:
    """A failed run with its parameters that differ from the defaults."""
    parameters = dict(comparison.scenario.parameters)
    if failure["assumptions"] == "drawn" and not comparison.draws.empty:
        drawn = comparison.draws[comparison.draws["replicate"] == failure["replicate"]].drop(columns="replicate")
        parameters = {**(drawn.iloc[0].to_dict() if len(drawn) else {}), **parameters}
    return {**failure, "parameters": parameters}


TABLES = "tables.xlsx"
_DESCRIBED_IN = {
    "differences": "summary.csv",
    "districts": "districts.csv",
    "regions": "regions.csv",
    "plan": "plan.csv",
    "hours": "waterfall.csv",
    "served": "reach.parquet",
    "survey": "survey.csv",
    "observed": "observed.csv",
    "updated": "updated.csv",
    "runs": "runs.parquet",
}
"""File of the data dictionary that tells the columns of each sheet."""


def write_tables(comparison: Comparison, path: Path) -> None:
    """Write the workbook: the answer, the ranking and every table beside it that has rows, and what columns mean."""
    tables = {
        "ranking": comparison.ranking(),
        "differences": comparison.differences(),
        "districts": comparison.by_district(),
        "regions": comparison.by_region(),
        "plan": comparison.plan(),
        "hours": waterfall(comparison, "level", "activity", "channel"),
        "served": who_was_served(comparison),
        "survey": comparison.survey,
        "observed": comparison.observed,
        "updated": comparison.updated,
        "runs": comparison.runs,
    }
    shown = {name: table for name, table in tables.items() if 0 < len(table) <= MOST_ROWS}
    about = [[comparison.scenario.name], [comparison.answer()], *([note] for note in comparison.notes)]
    sheets = {"answer": (["capsim"], about), **{name: sheet_of(table) for name, table in shown.items()}}
    meant = []
    for sheet, file in _DESCRIBED_IN.items():
        for name in shown[sheet].columns if sheet in shown else ():
            with contextlib.suppress(KeyError):  # of a column that the dictionary of the folder does not tell
                meant.append([sheet, str(name), *describe_column(str(name), file)])
    columns = (["sheet", "column", "unit", "range", "meaning"], meant)
    write_workbook({**sheets, "columns": columns}, path)


SEVERAL = "several"
"""Kind of a folder that holds one for each of several scenarios."""


def _read_several(folder: Path, record: Mapping[str, Any]) -> Several:
    """What several scenarios gave, from the folder of each."""
    places, names = record.get("scenarios"), record.get("names")
    if not isinstance(places, list) or not isinstance(names, list) or len(places) != len(names):
        raise InputError(f"{folder / PROVENANCE}: the folders of the scenarios and their names are missing")
    return Several({str(name): read_comparison(folder / str(place)) for place, name in zip(places, names, strict=True)})


def read_comparison(folder: Path | str) -> Comparison:
    """Rebuild a comparison from its folder; a file that is missing, cut off or not of a comparison is named."""
    folder = folder_to_read(folder)
    record = _read_record(folder / PROVENANCE)
    rows = record["tables"]
    tables = {
        name: _read_checked(folder, name, rows) if f"{name}.parquet" in rows else pd.DataFrame() for name in _TABLES
    }
    failures = _read_failures(folder / FAILURES, record["failed_runs"])
    with as_written(folder / PROVENANCE):
        return Comparison(
            scenario=_scenario(record["scenario"]),
            strategies=tuple(record["strategies"]),
            **tables,
            failures=failures,
            settling=[Settling(**{**row, "drift": number(row["drift"])}) for row in record["settling"]],
            notes=tuple(record["notes"]),
            provenance={key: value for key, value in record.items() if key not in _ADDED},
            break_even=[_break_even(found) for found in record["break_even"]],
            survey=_read_survey(folder / SURVEY, rows[SURVEY]) if SURVEY in rows else pd.DataFrame(),
        )


def _read_text(path: Path) -> str:
    if not path.exists():
        raise InputError(f"{path}: is missing; an output folder of `capsim compare` was expected")
    return read_text(path)


def _read_record(path: Path) -> dict[str, Any]:
    record = read_record(path, _read_text(path))
    if not isinstance(record, dict) or not isinstance(record.get("format"), int) or "kind" not in record:
        raise InputError(f"{path}: was not written by capsim")
    if record["format"] > FORMAT:
        newer = f"format {record['format']}, this one reads up to {FORMAT}"
        raise InputError(f"{path}: was written by a newer capsim ({newer})")
    if record["kind"] != "comparison":
        raise InputError(f"{path}: holds a {record['kind']}, not a comparison; `capsim compare` makes one")
    missing = sorted((_ADDED | {"scenario"}) - set(record))
    if missing or not isinstance(record["tables"], dict) or "runs.parquet" not in record["tables"]:
        raise InputError(f"{path}: is incomplete; missing: {', '.join(missing) or 'the table of runs'}")
    return record


def _read_checked(folder: Path, name: str, rows: Mapping[str, Any]) -> pd.DataFrame:
    path = folder / f"{name}.parquet"
    table = read_table(path)
    missing = [column for column in _TABLES[name] if column not in table.columns]
    if missing:
        raise InputError(f"{path}: is not the table that capsim wrote; columns missing: {', '.join(missing)}")
    if len(table) != rows[path.name]:
        raise InputError(f"{path}: has {len(table)} rows; {PROVENANCE} says {rows[path.name]}")
    return table


def _read_survey(path: Path, expected: int) -> pd.DataFrame:
    """The table of a survey, every number as it was written; an identifier of digits stays text."""
    table = pd.read_csv(io.StringIO(_read_text(path)), dtype=str, keep_default_na=False)
    if not set(_SURVEY_NEEDED) <= set(table.columns) or len(table) != expected:
        raise InputError(f"{path}: is not the table that capsim wrote")
    try:
        for column in (name for name in table.columns if name not in _SURVEY_TEXT):
            table[column] = [float(cell) if cell else math.nan for cell in table[column]]
        return table.astype({"worlds": int})
    except ValueError as error:
        raise InputError(f"{path}: is not the table that capsim wrote: {error}") from error


def _read_failures(path: Path, expected: int) -> list[dict[str, Any]]:
    failures = []
    for line, text in enumerate(_read_text(path).splitlines(), start=1):
        try:
            failure = read_json(text)
            del failure["parameters"]
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}:{line}: not as capsim writes it, perhaps cut off") from error
        failures.append(failure)
    if len(failures) != expected:
        raise InputError(f"{path}: has {len(failures)} failed runs; {PROVENANCE} says {expected}")
    return failures


def _scenario(content: Mapping[str, Any]) -> Scenario:
    """The resolved scenario; the tables that it names need not exist any more, nor strategies made by the caller."""
    contrast = tuple(content["question"]["contrast"])
    own = [name_of_strategy(one) for one in content["strategies"]]
    checked = contrast if set(contrast) <= set(own) else tuple(own[:2])
    # a folder from the time of one mean says nothing of how districts count
    question = {"weight": "districts", **content["question"], "contrast": checked}
    scenario = Scenario.model_validate({**content, "question": question})
    return with_contrast(scenario, contrast)


def _break_even(found: Mapping[str, Any]) -> BreakEven:
    figures = {
        name: [Interval(**{key: number(value) for key, value in row.items()}) for row in found[name]]
        for name in ("differences", "crossings")
    }
    values = np.array([number(value) for value in found["values"]])
    return BreakEven(**{**found, **figures, "values": values, "share_same": number(found["share_same"])})


def open_results(folder: str | os.PathLike[str]) -> Results | Comparison | Several:
    """Open the folder of a study, finished or not, or of a comparison, of one scenario or of several.

    Nothing is simulated or executed.

    Parameters
    ----------
    folder : path

    Raises
    ------
    InputError
        If it holds neither.
    """
    folder = folder_to_read(folder)
    if (folder / MANIFEST).is_file():
        return Results(folder)
    if not (folder / PROVENANCE).is_file():
        raise InputError(
            f"{folder}: holds no study and no comparison ({MANIFEST} and {PROVENANCE} are missing); such folders are "
            "made by `capsim compare` and `capsim sweep`"
        )
    with contextlib.suppress(ValueError):
        record = read_json(read_text(folder / PROVENANCE))
        if isinstance(record, dict) and record.get("kind") == SEVERAL:
            return _read_several(folder, record)
    return read_comparison(folder)
