"""All tables of a comparison that people read, in one workbook."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from capsim.comparison.comparison import Comparison
from capsim.comparison.flow import waterfall, who_was_served
from capsim.runs.dictionary import describe_column
from capsim.runs.output import MOST_ROWS, sheet_of, write_workbook

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
    columns = (["sheet", "column", "unit", "range", "meaning"], _columns(shown))
    write_workbook({**sheets, "columns": columns}, path)


def _columns(shown: dict[str, pd.DataFrame]) -> list[list[str]]:
    """Unit, range and meaning of every column that the dictionary of the folder tells."""
    rows = []
    for sheet, file in _DESCRIBED_IN.items():
        for name in shown[sheet].columns if sheet in shown else ():
            try:
                rows.append([sheet, str(name), *describe_column(str(name), file)])
            except KeyError:
                continue
    return rows
