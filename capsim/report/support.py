"""Support from above by level: how much help agencies get from those above them, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capsim.catalogue import SUPPORT_MEASURES
from capsim.figures.palette import BASELINE, strategy_label
from capsim.levels import LEVELS
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import duration, number, sentence

_WHAT = (
    "Agencies help those below them in the time that compliance and assistance leave them. 1 is what is usual; help is the product "
    "of four factors where it is given evenly. More of it makes an agency write down more, raises how far practice carries "
    "people, and keeps practices from ending."
)
_BELOW = ("esa", "lea", "school")


def support_parts(results: Results) -> Sequence[Part]:
    """A table of support and its factors for every level below the state; nothing where support_weight is 0."""
    monthly = results.comparison.monthly
    if monthly.empty or "support" not in monthly or monthly["support"].isna().all():
        return []
    months = results.scenario.timeline.assistance or results.scenario.timeline.follow_up
    own = monthly[(monthly["assumptions"] == "default") & (monthly["month"] == months)]
    names = [name for name in dict.fromkeys((BASELINE, *results.contrast)) if (own["strategy"] == name).any()]
    rows = [row for level in _BELOW for row in _rows(own, level, names)]
    caption = f"Help from the agencies above after {duration(months)}"
    return [_WHAT, Table(caption, ("Agencies", "Strategy", *_headers()), rows)] if rows else []


def _headers() -> list[str]:
    return ["Help", *(sentence(name.removeprefix("support_")) for name in SUPPORT_MEASURES[1:])]


def _rows(own: pd.DataFrame, level: str, names: Sequence[str]) -> list[Row]:
    """Means over worlds, a row for each strategy."""
    here = own[own["level"] == level].dropna(subset=["support"])
    rows = []
    for name in names:
        means = here[here["strategy"] == name][list(SUPPORT_MEASURES)].mean()
        if not means.isna().any():
            rows.append(
                Row(
                    sentence(LEVELS[level].plural),
                    [strategy_label(name), *(number(means[one], 2) for one in SUPPORT_MEASURES)],
                )
            )
    return rows
