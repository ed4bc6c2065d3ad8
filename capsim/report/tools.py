"""Tools that travelled: how many agencies adopted one, from whom, and when; nothing where there are no tools."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capsim.figures.palette import strategy_label
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import count, number

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
