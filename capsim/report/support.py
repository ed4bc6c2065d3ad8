"""What agencies do for each other: support from above by level, what it is made of; and tools that travelled."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capsim.catalogue import BASELINE, SUPPORT_MEASURES
from capsim.figures.palette import strategy_label
from capsim.levels import LEVELS
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import count, duration, number, sentence

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


_MOST_NAMED = 12


def tools_parts(results: Results) -> Sequence[Part]:
    """Adoptions by strategy, and the first of one simulated world."""
    tools = results.comparison.tools
    own = tools[tools["assumptions"] == "default"] if len(tools) else tools
    if own.empty:
        return []
    rows = []
    for name in (one for one in results.comparison.strategies if (own["strategy"] == one).any()):
        rows.append(results.row(name, _cells(own[own["strategy"] == name], _worlds(results, name))))
    headers = ("Strategy", "Made", "Adopted", "Agencies", "From the center", "Month of half of them", "Gain of each")
    note = (
        "A tool is a routine that a group or the center made to be taken over. Means of simulated worlds; the gain is what "
        "the adopter's routine in the area gained at once. Every adoption is in tools.parquet."
    )
    caption = "Tools that were made and adopted"
    return [Table(caption, headers, rows, note), _first(own)]


def _worlds(results: Results, strategy: str) -> int:
    runs = results.comparison.runs
    own = runs[(runs["assumptions"] == "default") & (runs["status"] == "done") & (runs["strategy"] == strategy)]
    return max(1, len(own))


def _cells(own: pd.DataFrame, worlds: int) -> tuple[str, ...]:
    adopted = own[own["how"] == "adopted"]
    agencies = adopted.groupby("replicate")["agency"].nunique().sum() / worlds
    center = (adopted["source"] == "center").mean() if len(adopted) else 0.0
    middle = f"{adopted['month'].median():.0f}" if len(adopted) else "-"
    gain = number(float(adopted["gain"].mean()), 3) if len(adopted) else "-"
    made = (own["how"] == "made").sum() / worlds
    return (f"{made:.1f}", f"{len(adopted) / worlds:.1f}", f"{agencies:.1f}", f"{center:.0%}", middle, gain)


def _first(own: pd.DataFrame) -> Table:
    """The first adoptions of the first world, one by one."""
    strategy = own["strategy"].iloc[0]
    world = own[(own["strategy"] == strategy) & (own["replicate"] == own["replicate"].min())]
    shown = world.sort_values("month", kind="stable").head(_MOST_NAMED)
    rows = [
        Row(str(row["agency"]), (f"{row['month']}", str(row["area"]), str(row["source"]), str(row["maker"])))
        for row in shown.to_dict("records")
    ]
    said = f"the first {count(len(rows), 'entry', 'entries')} of {len(world):,}"
    caption = f"Who took what from whom: one world of {strategy_label(str(strategy))}, {said}"
    return Table(caption, ("Agency", "Month", "Area", "From", "Made by"), rows, words=True)
