"""Output folders of comparisons: every table, where it comes from, what its columns mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsim.comparison.comparison import Comparison
from capsim.comparison.reading import FORMAT, PROVENANCE, SURVEY
from capsim.runs.dictionary import data_dictionary
from capsim.runs.folder import whole_folder
from capsim.runs.tables import write_table
from capsim.runs.values import strict_json

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PLAN", "write_folder"]

PLAN = "plan.csv"


def write_folder(
    comparison: Comparison,
    folder: Path | str,
    *,
    kind: str = "comparison",
    summary: pd.DataFrame | None = None,
    extra: Mapping[str, Callable[[Path], object]] | None = None,
) -> list[str]:
    """Write everything a comparison holds; the folder appears whole or not at all.

    Parameters
    ----------
    comparison : Comparison
    folder : path
        Must not exist, or be empty.
    kind : {"comparison", "run"}
        A single run is written in the same way; it cannot be read back as a comparison.
    summary : DataFrame, optional
        What was printed; the differences without it.
    extra : mapping of str to callable, optional
        More files by name; each is called with the path to write. When one fails the data are kept.

    Returns
    -------
    list of str
        What went wrong with extra files; empty if nothing did.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    folder = Path(folder)
    tables = {f"{name}.parquet": table for name, table in _tables(comparison).items() if len(table.columns)}
    summary = comparison.differences() if summary is None else summary
    failures = [_failure(comparison, failure) for failure in comparison.failures]
    troubles: list[str] = []
    with whole_folder(folder, last=PROVENANCE) as stage:
        for name, table in tables.items():
            write_table(table, stage / name)
        summary.to_csv(stage / "summary.csv", index=False, lineterminator="\n", encoding="utf-8")
        _write_text(stage / "failures.jsonl", "".join(strict_json(failure, indent=None) + "\n" for failure in failures))
        columns = {name: list(table.columns) for name, table in tables.items()}
        columns["summary.csv"] = list(summary.columns)
        if len(comparison.survey):
            comparison.survey.to_csv(stage / SURVEY, index=False, lineterminator="\n", encoding="utf-8")
            columns[SURVEY] = list(comparison.survey.columns)
        plan = comparison.plan()
        if len(plan):
            plan.to_csv(stage / PLAN, index=False, lineterminator="\n", encoding="utf-8", float_format="%.2f")
            columns[PLAN] = list(plan.columns)
        columns["failures.jsonl"] = list(failures[0]) if failures else []
        _write_text(stage / "data_dictionary.md", data_dictionary(columns))
        rows = {name: len(table) for name, table in tables.items()}
        if len(comparison.survey):
            rows[SURVEY] = len(comparison.survey)
        _write_text(stage / PROVENANCE, strict_json(_record(comparison, kind, rows)) + "\n")
        for name, write in (extra or {}).items():
            troubles += _write_extra(stage / name, write)
    return [f"{folder}: the data are complete, but {trouble}" for trouble in troubles]


def _tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    return {
        "runs": comparison.runs,
        "monthly": comparison.monthly,
        "agencies": comparison.agencies,
        "draws": comparison.draws,
        "chain": comparison.chain,
        "instruments": comparison.instruments,
        "hours": comparison.hours,
    }


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


def _write_extra(path: Path, write: Callable[[Path], object]) -> list[str]:
    """Write an extra file; hours of simulation are not thrown away when a picture fails."""
    try:
        write(path)
    except Exception as error:
        path.unlink(missing_ok=True)
        return [f"{path.name} could not be written: {type(error).__name__}: {error}"]
    return []


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
