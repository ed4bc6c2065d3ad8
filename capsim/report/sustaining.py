"""The sustainability rubric beside what was kept: whether those who asked what would last were told so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.comparison.instruments import SECTIONS, sustainability_table
from capsim.report.parts import Paragraph, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, duration, number, percent, running, title

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rubric_parts"]

_WORDS = ("inadequate", "emerging", "strong", "exemplary")
_GROUPS = {"sea": "State agency", "esa": "Regional agencies", "lea": "Districts", "school": "Schools"}
_STRONG = 2.5
"""Mean level from which the rubric says that reform would last: nearer to strong than to emerging."""
_KEPT = 0.5
"""Share of the gain from which it did last."""


def rubric_parts(results: Results) -> list[Part]:
    """A sentence and the table; nothing where no strategy buys the rubric."""
    table = sustainability_table(results.comparison)
    if table.empty:
        return []
    kept = _kept(results)
    names = list(dict.fromkeys(map(str, table["strategy"])))
    said = [_verdict(results, name, table[table["strategy"] == name], kept.get(name, math.nan)) for name in names]
    return [Paragraph(" ".join(said)), _table(results, table, kept)]


def _kept(results: Results) -> dict[str, float]:
    """Share of the gain in use that is left at the end of follow-up, by strategy; NaN where it is not defined."""
    comparison = results.comparison
    if not comparison.scenario.timeline.follow_up or not results.has_baseline or comparison.monthly.empty:
        return {}
    retention = comparison.retention()
    return {str(row["strategy"]): float(row["retained"]) for row in retention.to_dict("records")}


def level_words(level: float) -> str:
    """The level that a mean is nearest to, in words."""
    return _WORDS[min(len(_WORDS), max(1, math.floor(level + 0.5))) - 1]


def _verdict(results: Results, name: str, own: pd.DataFrame, kept: float) -> str:
    """Whether the rubric of districts, or of those who were reviewed, said what then happened."""
    row = own[own["level"] == "lea"] if (own["level"] == "lea").any() else own.iloc[:1]
    group = _GROUPS[str(row["level"].iloc[0])].lower()
    mean = float(row[list(SECTIONS)].mean(axis=1).iloc[0])
    rubric = f"Under {running(name)}, the last sustainability rubric of {group} averages {number(mean, 1)} of 4"
    rubric += f" ({level_words(mean)})"
    if math.isnan(kept):
        return f"{rubric}; it cannot be held against what lasted, because no share of the gain in use can be given."
    months = duration(results.comparison.scenario.timeline.follow_up)
    lasted = f"{percent(kept)} of the gain in use was left {months} after assistance ended"
    if (mean >= _STRONG) == (kept >= _KEPT):
        agrees = "so the rubric said so" if mean < _STRONG else "so the rubric was right to be confident"
        return f"{rubric}, and {lasted}: {agrees}."
    return f"{rubric}, yet {lasted}: the rubric did not say so."


def _table(results: Results, table: pd.DataFrame, kept: dict[str, float]) -> Table:
    rows = []
    for row in table.to_dict("records"):
        name = str(row["strategy"])
        levels = [f"{number(float(row[section]), 1)}\n{level_words(float(row[section]))}" for section in SECTIONS]
        share = kept.get(name, math.nan)
        cells = (_GROUPS[str(row["level"])], *levels, UNDEFINED if math.isnan(share) else percent(share))
        rows.append(Row(title(name), cells, results.styles[name].color))
    headers = (
        "Strategy",
        "Agencies",
        "Context for sustaining reform",
        "System capacity",
        "Performance management",
        "Gain in use of districts kept at the end",
    )
    note = (
        "Means over the agencies reviewed so far, in the last month of assistance: 1 inadequate, 2 emerging, 3 strong, "
        "4 exemplary. Context is culture, filled positions and the alignment of resources; system capacity is "
        "routines; performance management is data systems. The rubric counts as a promise from 2.5 on, and a gain as "
        "kept when at least half of it is left at the end of follow-up."
    )
    return Table("Sustainability rubric", headers, tuple(rows), note)
