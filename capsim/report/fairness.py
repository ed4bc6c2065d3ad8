"""Who gains: gaps between groups of districts."""

from __future__ import annotations

import math

from capsim.figures.palette import BASELINE
from capsim.report.long import shortened
from capsim.report.parts import Paragraph, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import estimate_with_interval, signed, title

__all__ = ["fairness_section"]

GAPS = {
    "equity_gap_size": ("Large and small districts", "districts of 5,000 students or more minus those below 1,000"),
    "equity_gap_sparse": (
        "Dense and sparse districts",
        "other districts minus sparse ones (the lowest third of students per square kilometer in the state)",
    ),
}


def fairness_section(results: Results) -> Section:
    """Gaps in use, and what each strategy does to them."""
    at = results.comparison.scenario.question.at
    text = (
        "A positive gap means that the first-named group has more in use. A negative change narrows a positive "
        "gap, or turns it around."
    )
    parts: list[Part] = [Paragraph(text)]
    for gap, (heading, meaning) in GAPS.items():
        outcome = f"{gap}_{at}"
        if all(math.isnan(results.mean(name, outcome)) for name in results.comparison.strategies):
            parts.append(
                Paragraph(
                    f"{heading}: not defined here, because there are no districts of both kinds, or no run finished."
                )
            )
        else:
            parts += _tables(results, outcome, f"{heading}: {meaning}")
    return Section("fairness", "Who gains: gaps between districts", "Equity gaps", tuple(parts))


def _tables(results: Results, outcome: str, caption: str) -> list[Part]:
    return shortened(results, lambda names: _table(results, outcome, caption, names))


def _table(results: Results, outcome: str, caption: str, names: tuple[str, ...]) -> Table:
    rows = []
    for name in names:
        level = signed(results.mean(name, outcome))
        change = results.difference(name, BASELINE, outcome=outcome).mean
        words = (
            "the comparison"
            if name == BASELINE
            else estimate_with_interval(change)
            if results.has_baseline
            else "no run to compare with"
        )
        rows.append(Row(title(name), (level, words), results.styles[name].color))
    headers = ("Strategy", f"Gap in use {results.moment()}", "Change from no assistance (95% interval, luck only)")
    return Table(caption, headers, tuple(rows))
