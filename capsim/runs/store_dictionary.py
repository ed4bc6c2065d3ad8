"""The data dictionary of a sweep: what every column of its runs means."""

from __future__ import annotations

from collections.abc import Sequence

from capsim.catalogue import MEASURES
from capsim.parameters import PARAMETERS
from capsim.runs.dictionary import Column, describe_column
from capsim.runs.factors import BUDGET
from capsim.runs.points import Watch

__all__ = ["sweep_dictionary"]

_OWN = {
    "point": Column("number", "0 or more", "Number of the point of the design."),
    "replicate": Column("number", "0 or more", "Repetition at a point, from 0."),
    "luck": Column(
        "number",
        "0 or more",
        "What the random numbers are keyed by: runs with equal luck share them (see crn in study.json).",
    ),
    "run_id": Column(
        "text",
        "16 hexadecimal digits",
        "The run, named by its content: scenario, strategy, point, luck, assumptions, version of the results.",
    ),
    "status": Column("text", "done, failed", "A failed run has a reason and no outcomes."),
    "reason": Column("text", "any", "Why a run failed; empty if it did not."),
    BUDGET: Column("hours per year", "0 or more", "Factor: TA hours per year that every strategy may spend."),
}


def sweep_dictionary(columns: Sequence[str], factors: Sequence[str], watch: Sequence[Watch] = ()) -> str:
    """Markdown that describes every column of ``runs/*/*.parquet``."""
    watched = {one.column: _of_a_month(one) for one in watch}
    lines = [
        "# Data dictionary",
        "",
        "Every Parquet file below `runs` has these columns; together they are one table, one row per run. Any Parquet "
        "reader reads them: `SELECT * FROM 'runs/*/*.parquet'` in DuckDB, `polars.read_parquet('runs/*/*.parquet')`, "
        "`pandas.read_parquet('runs')`. After failed runs were tried again a run has two rows, one failed and one "
        "done; `capsim query` shows the done one. `study.json` holds the resolved study and its hash, "
        "`provenance.json` versions and machine, `sessions.jsonl` who worked on the folder when.",
        "",
        "| column | unit | range | meaning |",
        "|---|---|---|---|",
    ]
    for name in columns:
        column = watched[name] if name in watched else _described(name, name in factors)
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in (name, *column)) + " |")
    return "\n".join([*lines, ""])


def _of_a_month(watch: Watch) -> Column:
    measure = describe_column(watch.measure, "monthly.parquet")
    meaning = f"{MEASURES[watch.measure].title}, mean over {watch.level}, at the end of month {watch.month}."
    return Column(measure.unit, measure.range, meaning)


def _described(name: str, factor: bool) -> Column:
    if name in _OWN:
        return _OWN[name]
    if factor:
        declared = PARAMETERS[name]
        return Column(declared.unit, f"{declared.low:g} to {declared.high:g}", f"Factor: {declared.meaning}")
    return describe_column(name, "runs.parquet")
