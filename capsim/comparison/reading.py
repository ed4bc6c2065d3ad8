"""Output folders back to comparisons. Nothing in a folder is executed; plugins are not imported."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.comparison.comparison import Comparison, Settling
from capsim.comparison.statistics import Interval
from capsim.errors import InputError
from capsim.paths import folder_to_read, read_text
from capsim.runs.tables import read_table
from capsim.runs.values import number, read_json

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.break_even import BreakEven
    from capsim.scenario import Scenario

__all__ = ["FORMAT", "PROVENANCE", "SURVEY", "read_comparison"]

FORMAT = 1
"""Raised whenever folders are laid out in another way."""
PROVENANCE = "provenance.json"
SURVEY = "survey.csv"

_LABELS = ("run_id", "strategy", "replicate", "assumptions")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "runs.parquet": (*_LABELS, "status"),
    "monthly.parquet": (*_LABELS, "month", "level", "use"),
    "agencies.parquet": (*_LABELS, "agency", "month"),
    "draws.parquet": ("replicate",),
    "chain.parquet": (*_LABELS, "link", "month", "delivered"),
    "instruments.parquet": (*_LABELS, "month", "level"),
    "hours.parquet": (*_LABELS, "quarter", "activity"),
}
_SURVEY_TEXT = ("assumptions", "agency", "name", "area", "item", "unit", "role")
_ADDED = frozenset(
    {
        "format",
        "kind",
        "tables",
        "failed_runs",
        "strategies",
        "notes",
        "settling",
        "break_even",
    }
)
"""Keys of provenance.json that are no provenance."""


def read_comparison(folder: Path | str) -> Comparison:
    """Rebuild a comparison from its folder.

    Raises
    ------
    InputError
        If a file is missing, cut off or not of a comparison; the message names it.
    """
    import pandas as pd

    folder = folder_to_read(folder)
    record = _read_record(folder / PROVENANCE)
    tables = {name: _read_checked(folder / name, record["tables"]) for name in _NEEDED if name in record["tables"]}
    empty = pd.DataFrame()
    failures = _read_failures(folder / "failures.jsonl", record["failed_runs"])
    try:
        return Comparison(
            scenario=_scenario(record["scenario"]),
            strategies=tuple(record["strategies"]),
            runs=tables["runs.parquet"],
            monthly=tables.get("monthly.parquet", empty),
            agencies=tables.get("agencies.parquet", empty),
            draws=tables.get("draws.parquet", empty),
            failures=failures,
            chain=tables.get("chain.parquet", empty),
            instruments=tables.get("instruments.parquet", empty),
            hours=tables.get("hours.parquet", empty),
            settling=[_settling(row) for row in record["settling"]],
            notes=tuple(record["notes"]),
            provenance={key: value for key, value in record.items() if key not in _ADDED},
            break_even=[_break_even(found) for found in record["break_even"]],
            survey=_read_survey(folder / SURVEY, record["tables"][SURVEY]) if SURVEY in record["tables"] else empty,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder / PROVENANCE}: not as capsim writes it: {type(error).__name__}: {error}") from error


def _read_text(path: Path) -> str:
    if not path.exists():
        raise InputError(f"{path}: is missing; an output folder of `capsim compare` was expected")
    return read_text(path)


def _read_record(path: Path) -> dict[str, Any]:
    try:
        record = read_json(_read_text(path))
    except ValueError as error:
        raise InputError(f"{path}: not readable as JSON, perhaps cut off: {error}") from error
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


def _read_checked(path: Path, rows: Mapping[str, Any]) -> pd.DataFrame:
    table = read_table(path)
    missing = [column for column in _NEEDED[path.name] if column not in table.columns]
    if missing:
        raise InputError(f"{path}: is not the table that capsim wrote; columns missing: {', '.join(missing)}")
    if len(table) != rows[path.name]:
        raise InputError(f"{path}: has {len(table)} rows; {PROVENANCE} says {rows[path.name]}")
    return table


def _read_survey(path: Path, expected: int) -> pd.DataFrame:
    """The table of a survey, every number as it was written; an identifier of digits stays text."""
    import io

    import pandas as pd

    table = pd.read_csv(io.StringIO(_read_text(path)), dtype=str, keep_default_na=False)
    missing = [column for column in ("agency", "observed", "reading", "drift", "worlds") if column not in table.columns]
    if missing or len(table) != expected:
        raise InputError(f"{path}: is not the table that capsim wrote")
    try:
        for column in table.columns:
            if column in _SURVEY_TEXT:
                continue
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
    """The resolved scenario; the tables that it names need not exist any more."""
    from capsim.scenario import Scenario

    return Scenario.model_validate(content)


def _settling(row: Mapping[str, Any]) -> Settling:
    return Settling(
        replicate=row["replicate"],
        assumptions=row["assumptions"],
        months=row["months"],
        drift=number(row["drift"]),
    )


def _break_even(found: Mapping[str, Any]) -> BreakEven:
    from capsim.comparison.break_even import BreakEven

    return BreakEven(
        parameter=found["parameter"],
        unit=found["unit"],
        values=np.array([number(value) for value in found["values"]]),
        differences=_intervals(found["differences"]),
        crossings=_intervals(found["crossings"]),
        share_same=number(found["share_same"]),
    )


def _intervals(rows: Sequence[Mapping[str, Any]]) -> list[Interval]:
    return [Interval(**{key: number(value) for key, value in row.items()}) for row in rows]
