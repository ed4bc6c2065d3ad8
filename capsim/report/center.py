"""How the center changed over the years, and what it cost, where its staff is declared, pieces count, or a strategy
has phases or a review; and what agencies do for each other: support from above by level, tools that travelled.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from capsim.catalogue import BASELINE, CENTER_SERIES, SUPPORT_MEASURES
from capsim.figures.palette import strategy_label
from capsim.levels import LEVELS
from capsim.report.parts import Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import (
    UNDEFINED,
    count,
    duration,
    money,
    number,
    percent,
    running,
    sentence,
    whole,
    year_in_words,
)

_STAFF = ("positions", "filled", "left", "hired", "tenure", "experience", "quality")
_CLIENTS = ("completely_served", "want_more")
_PIECES = ("pieces", "clarity")
_SUMS = ("left", "hired")
_SHARES = ("experience", *_CLIENTS)
_MOST = 12
"""Changes of a strategy that are shown."""
_INTRO = (
    "A technical assistance center lives: consultants come, settle in, learn the areas and activities they work in, and "
    "leave with what they learned; a strategy may go through phases and change when it looks back. Averages over worlds "
    "with assumptions at their best guess, by year of the assistance; consultants who left and were hired are counted "
    "over the year, everything else is a mean of its months."
)
_SERVED = (
    "A client is completely served with a rating of 4 or more; of the others, those want more time who answer 4 or more "
    "in the yearly survey of interest."
)


def center_parts(results: Results) -> list[Part]:
    """By strategy: the center year by year, its cost, and what changed; nothing where nothing of it is declared."""
    tables = (results.comparison.center, results.comparison.course)
    center, course = (one if one.empty else one[one["assumptions"] == "default"] for one in tables)
    if center.empty and course.empty:
        return []
    parts: list[Part] = [_INTRO, *([_SERVED] if _said(center, _CLIENTS) else [])]
    for name in results.comparison.strategies:
        if not center.empty and (own := center[center["strategy"] == name]).size and _said(own, _STAFF + _PIECES):
            parts += [_by_year(own, name, results.scenario.timeline.begins), *_cost(results, own)]
        if not course.empty and (own := course[course["strategy"] == name]).size:
            parts.append(_changes(results, own, name))
    return parts if len(parts) > 1 + bool(_said(center, _CLIENTS)) else []


def _said(table: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    """Those columns in which there is anything."""
    return [name for name in names if name in table.columns and table[name].notna().any()]


def _by_year(own: pd.DataFrame, name: str, begins: str) -> Table:
    columns = _said(own, _STAFF + _CLIENTS + _PIECES)
    year = (own["month"] - 1) // 12 + 1
    rows = []
    for n, of_year in own.groupby(year):
        worlds = of_year["replicate"].nunique()
        heading = f"Year {n}" + (f" ({year_in_words(begins, int(n))})" if begins else "")
        cells = [
            float(of_year[column].sum() / worlds) if column in _SUMS else float(of_year[column].mean())
            for column in columns
        ]
        rows.append(Row(heading, [_cell(column, cell) for column, cell in zip(columns, cells, strict=True)]))
    headers = ("", *(CENTER_SERIES[column].title for column in columns))
    return Table(f"The center of {running(name)}, year by year", headers, rows)


def _cell(column: str, value: float) -> str:
    if np.isnan(value):
        return UNDEFINED
    return percent(value) if column in _SHARES else number(value, 2)


def _cost(results: Results, own: pd.DataFrame) -> list[Part]:
    """Hires after the opening, and what an hour was worth in the first year and in the last."""
    if not own["hired"].notna().any():
        return []
    values, worlds = results.values, own["replicate"].nunique()
    hired = float(own.loc[own["month"] > 1, "hired"].sum()) / worlds
    left = float(own["left"].sum()) / worlds
    dollars = hired * values["center_hire_hours"] * values["consultant_rate"]
    vacant = 1.0 - float(own["filled"].sum() / own["positions"].sum())
    said = [
        f"What it cost: {number(left, 1)} consultants left and {number(hired, 1)} were hired after the opening, for which the "
        f"center spent {money(dollars)} of its own (counted with travel, venues and printing); {percent(vacant)} of its "
        "positions stood vacant."
    ]
    year = (own["month"] - 1) // 12
    first, last = (float(own.loc[year == n, "quality"].mean()) for n in (0, int(year.max())))
    if year.max() > 0 and not np.isnan(first + last):
        said.append(
            f"An hour had the quality {number(first, 2)} in the first year and {number(last, 2)} in the last, where 1 is a "
            "consultant of usual experience in the reference program."
        )
    return [" ".join(said)]


def _changes(results: Results, own: pd.DataFrame, name: str) -> Table:
    """What phases and reviews changed, and in how many worlds."""
    worlds = int(results.finished(name, "ta_hours").size)
    keys = ["month", "step", "looked_at", "changed"]
    groups = own.groupby(keys, sort=False, dropna=False)
    found = groups.agg(worlds=("replicate", "nunique"), mean=("found", "mean")).reset_index()
    found = found.sort_values(["month", "worlds"], ascending=[True, False], kind="stable")
    changing = found[found["changed"] != "nothing"]
    rows = []
    for row in changing.head(_MOST).to_dict("records"):
        read, seen = _reading(row["looked_at"], row["mean"]), f"{row['worlds']} of {worlds}"
        rows.append(Row(f"Month {row['month']}", [row["step"], read, sentence(row["changed"]), seen]))
    idle = int((own["changed"] == "nothing").sum())
    note = f"Rules that were gone through and changed nothing: {whole(idle / max(1, worlds))} a world."
    if len(changing) > _MOST:
        note += f" {count(len(changing) - _MOST, 'more change')} in course.parquet."
    headers = ("", "Step", "What it read", "What it changed", "Worlds")
    return Table(f"What changed in {running(name)}", headers, rows, note, words=True)


def _reading(looked_at: str, found: float) -> str:
    if not looked_at:
        return "the calendar"
    return f"{looked_at}: {UNDEFINED if np.isnan(found) else number(found, 2)}"


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
    factors = (sentence(name.removeprefix("support_")) for name in SUPPORT_MEASURES[1:])
    return [_WHAT, Table(caption, ("Agencies", "Strategy", "Help", *factors), rows)] if rows else []


def _rows(own: pd.DataFrame, level: str, names: Sequence[str]) -> list[Row]:
    """Means over worlds, a row for each strategy."""
    here = own[own["level"] == level].dropna(subset=["support"])
    rows = []
    for name in names:
        means = here[here["strategy"] == name][list(SUPPORT_MEASURES)].mean()
        if not means.isna().any():
            figures = (number(means[one], 2) for one in SUPPORT_MEASURES)
            rows.append(Row(sentence(LEVELS[level].plural), [strategy_label(name), *figures]))
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
        rows.append(
            results.row(name, _cells(own[own["strategy"] == name], max(1, len(results.finished(name, "ta_hours")))))
        )
    headers = ("Strategy", "Made", "Adopted", "Agencies", "From the center", "Month of half of them", "Gain of each")
    note = (
        "A tool is a routine that a group or the center made to be taken over. Means of simulated worlds; the gain is what "
        "the adopter's routine in the area gained at once. Every adoption is in tools.parquet."
    )
    caption = "Tools that were made and adopted"
    return [Table(caption, headers, rows, note), _first(own)]


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
