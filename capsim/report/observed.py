"""What was read since, beside what was foretold; the forecast as it is now; what to read next."""

from __future__ import annotations

from typing import Any

from capsim.comparison.answering import is_updated
from capsim.comparison.forecast_words import best_in_words, fact_in_words, learnt_in_words, next_in_words
from capsim.figures.palette import strategy_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.survey import ITEMS
from capsim.report.words import number, signed, span

MOST_ROWS = 400
"""Readings shown on the page; observed.csv has all."""


def observed_parts(results: Results) -> list[Part]:
    """Nothing without readings."""
    table = results.comparison.observed
    if table.empty:
        return []
    missed = table[~table["inside"].astype(bool)]
    headers = ("Agency", "Item", "Month", "Read", "Foretold", "95% of worlds")
    parts: list[Part] = [fact_in_words(results.comparison)]
    if len(missed):
        parts.append(Table("Readings outside of the forecast", headers, _rows(missed)))
    every = Table("Every reading and its forecast", headers, _rows(table))
    parts += [Fold(f"All {len(table)} readings", [every]), learnt_in_words(results.comparison)]
    return [*parts, *filter(None, [next_in_words(results.comparison)])]


def _rows(table: Any) -> list[Row]:
    found = []
    for row in table.head(MOST_ROWS).to_dict("records"):
        what = ITEMS[str(row["item"])] + (f" ({row['area']})" if row["area"] else "")
        figures = (number(row[name], 1) for name in ("observed", "foretold"))
        ends = f"{row['foretold_low']:.1f} to {row['foretold_high']:.1f}"
        found.append(Row(str(row["name"]), (what, str(row["month"]), *figures, ends)))
    return found


def updated_parts(results: Results) -> list[Part]:
    """Every plan before and after; nothing where no readings have updated it."""
    if not is_updated(results.comparison):
        return []
    rows = []
    for row in results.comparison.updated.to_dict("records"):
        cells = [
            cell
            for when, best in zip(("updated", "foretold"), best_in_words(results.comparison, row)[::-1], strict=True)
            for cell in (
                f"{signed(row[f'{when}_gain'])}\n{span(row[f'{when}_gain_low'], row[f'{when}_gain_high'])}",
                best,
            )
        ]
        rows.append(results.row(row["strategy"], cells, heading=strategy_label(row["strategy"])))
    headers = ("Plan", "Gain now", "Best in", "Gain as foretold", "Best in")
    note = (
        "Gain over no assistance from the first month on: median and range of 95% of worlds, after the readings and "
        "before. To try a change of course from now on, write a plan with phases."
    )
    return [Table("All plans, as they are now and as they were foretold", headers, rows, note)]
