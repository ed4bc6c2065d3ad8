"""Where: area by area, region by region, district by district, what each plan leaves and who lags behind targets; what
agencies do for each other; structures of regional agencies, ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue import BASELINE, SUPPORT_MEASURES
from capsim.comparison.ranking import recommendations
from capsim.figures.palette import strategy_label
from capsim.levels import LEVELS
from capsim.report import plain
from capsim.report.capacities import gains_table
from capsim.report.parts import Columns, Fold, Part, Row, Table, table_of
from capsim.report.results import Results, at_defaults, label_of, there
from capsim.scenario.budgets import has_structures
from capsim.scenario.own import Area

_RECORDED = {
    "prerequisite": "what help needs is {:+g}",
    "codifiable_share": "{:.0%} of what people know can be written down",
    "disuse_rate": "{:.0%} of skill is lost in a month without practice",
    "months_to_use": "{:g} months from what is possible to what is done",
    "people_weight": "people weigh {:.0%}, routines the rest",
}
_ALIKE = "The areas differ by what chance and agencies make of them alone: the scenario gives none of them a record."
_GAINS = (
    "Averages over {over} of worlds with assumptions at their best guess, gains over no assistance with 95% intervals from "
    "luck only. A strategy that works on some areas in each agency gains in those."
)


def areas_parts(results: Results) -> list[Part]:
    """Use in each focal area without assistance, and what each strategy adds; what the areas differ in."""
    measures = {
        measure.name: plain.sentence(measure.title.removeprefix("Use in ").replace("_", " "))
        for measure in results.scenario.use_by_area.values()
    }
    if len(measures) < 2 or not results.moments or not results.has_baseline:
        return []
    level = f"Use without assistance, {results.moments[-1][1]}"
    gains = gains_table(results, "Use in each focal area", ("Area", level, "Gain {}"), measures, _GAINS)
    areas = results.scenario.focal_areas
    if not any(isinstance(area, Area) for area in areas):
        return [gains, _ALIKE]
    rows = [
        Row(title.replace("_", " "), (_record(area),))
        for area, title in zip(areas, results.scenario.area_titles, strict=True)
    ]
    return [gains, Table("What the areas differ in", ("Area", "By its record in the scenario"), rows, words=True)]


def _record(area: Area | str) -> str:
    """What makes an area different."""
    values = ((words, getattr(area, key, None)) for key, words in _RECORDED.items())
    said = plain.joined(words.format(value) for words, value in values if value is not None)
    return plain.sentence(said) or "As any other"


_LAG = (
    "Targets lie on a line from what the first stocktake of an agency found in the area to {share} less of what was missing "
    "then, at the end of assistance. One world, the latest stocktake of each agency; stocktakes.parquet names every agency "
    "at every stocktake."
)


def stocktakes_parts(results: Results) -> list[Part]:
    """Who lags, by region: the latest stocktake of every district, where a strategy takes stock."""
    taken = results.comparison.stocktakes
    if taken.empty:
        return []
    note = _LAG.format(share=plain.percent(results.values["stocktake_target"]))
    titles = dict(zip(results.scenario.area_names, results.scenario.area_titles, strict=True))
    columns: Columns = {
        "Region": lambda region: str(region[0]) or "no region",
        "Agencies read": lambda region: str(region[1]["agency"].nunique()),
        "Areas behind target": lambda region: plain.percent(float((region[1]["behind"] > 0.0).mean())),
        "Behind by, on average": lambda region: plain.number(float(region[1]["behind"].mean())),
        "Area furthest behind": lambda region: (
            titles[str(region[1].groupby("area")["behind"].mean().idxmax())].replace("_", " ")
            if (region[1]["behind"] > 0.0).any()
            else "none"
        ),
    }
    tables: list[Part] = []
    for name, own in taken.groupby("strategy", sort=False):
        last = own.sort_values("month", kind="stable").groupby(["agency", "area"], sort=False).tail(1)
        caption = f"Who lags behind targets: {strategy_label(str(name))}"
        tables.append(table_of(caption, last.groupby("region", sort=True), columns, note))
    return tables


_OPEN = 20
"""Rows of a table that stands open."""


def regions_parts(results: Results) -> list[Part]:
    """A table for each strategy of the contrast; nothing where there is one region only."""
    found = results.comparison.by_region()
    if found["region"].nunique() < 2:
        return []
    text = (
        f"Gain over no assistance in {results.measure}, {results.moment()}, over the districts of each region and state, "
        f"counted by {results.over}. Regions are those of today, also for strategies that change them. "
        "In a sample a region may hold few districts: its interval is over luck, not over which districts were drawn."
    )
    parts: list[Part] = [text]
    for name in (one for one in results.contrast if one != BASELINE):
        own = found[found["strategy"] == name]
        columns: Columns = {
            "Region or state": lambda row: f"{row['name']} ({row['region']})",
            "Districts": lambda row: f"{row['districts']:,.0f}",
            "Pupils": lambda row: f"{row['pupils']:,.0f}",
            "Gain (95% interval)": partial(plain.interval_in, digits=plain.digits_for(own["gain"])),
            "TA hours": lambda row: f"{row['region_hours']:,.0f}",
        }
        note = (
            "TA hours of the whole assistance: those of the districts, and their share of those of the agencies above."
        )
        table = table_of(f"{strategy_label(name)}, region by region", own, columns, note)
        parts.append(table if len(own) <= _OPEN else Fold(f"{strategy_label(name)}: {len(own)} rows", [table]))
    return parts


def structures_parts(results: Results) -> list[Part]:
    """The ranking against the second strategy of the contrast; nothing where agencies stay as they are in all."""
    if not has_structures(results.scenario):
        return []
    rows = recommendations(results.comparison).to_dict("records")
    if not rows:
        return []
    over = " over worlds with assumptions drawn" if any(row["worlds"] for row in rows) else ""
    text = (
        f"Against {strategy_label(results.contrast[1])}, in {results.measure}, {results.moment()}; the first is the one that leaves "
        f"most on average{over}. Positions are those of all regional agencies, sampled or not; each costs staff_rate for the "
        "working hours of a year. A rank is settled only where the verdict says larger or smaller."
    )
    columns: Columns = {
        "Strategy": lambda row: f"{row['rank']}. {label_of(row)}",
        "Difference (95%, luck)": partial(
            plain.interval_in, middle="difference", digits=plain.digits_for(row["difference"] for row in rows)
        ),
        "Ahead in": lambda row: f"{row['ahead']:.0%}",
        "Verdict": lambda row: row["verdict"],
        "Positions": lambda row: plain.signed(row["positions"], 0),
        "$ million a year": lambda row: plain.signed(row["structure_dollars"] / 1e6, 1),
    }
    reasons = [f"{row['rank']}. {label_of(row)}: {plain.with_minus_signs(row['reason'])}." for row in rows]
    return [text, table_of("Structures of regional agencies, ranked", rows, columns), *reasons]


_NOTE = (
    "Hours: given to the district and its schools over the whole assistance, also by staff above who pass on. Dollars: of "
    "the center, with the district's share of what goes to agencies above it. Lost: hours that did not land, and the main "
    "reason. Intervals are over luck."
)


def districts_parts(results: Results) -> list[Part]:
    """A table for the best plan, the district that gains most first; those of the other plans are folded."""
    found = results.comparison.by_district()
    if not found["gain"].notna().any():
        return []
    best = next(iter(results.comparison.ranking()["strategy"]), results.others[0])
    parts: list[Part] = [
        f"Gain over no assistance in {results.measure}, {results.moment()}. What a district shows is what one of its size, "
        "place and facts in the table would do under these assumptions; it is no forecast for its people."
    ]
    for name in there(found, [best, *(one for one in (*results.contrast, *results.others) if one != BASELINE)]):
        own = found[found["strategy"] == name].sort_values("gain", ascending=False, kind="stable")
        columns: Columns = {
            "District": lambda row: str(row["name"]),
            "Pupils": lambda row: plain.whole(row["pupils"]),
            "Gain (95% interval)": partial(plain.interval_in, digits=plain.digits_for(own["gain"])),
            "Hours": lambda row: plain.whole(row["offered"]),
            "Dollars": lambda row: plain.money(row["dollars"]),
            "Lost, and why": _lost,
        }
        caption = f"{strategy_label(name)}, district by district"
        table = table_of(caption, own, columns, _NOTE)
        parts.append(table if name == best and len(own) <= _OPEN else Fold(caption, [table]))
    return parts


def _lost(row: Mapping[Any, Any]) -> str:
    """Share of the hours that did not land, and the reason below it."""
    if not row["offered"] > 0.0:
        return plain.sentence(row["reason"]) if row["reason"] else "no hours"
    share = plain.percent(max(0.0, row["lost"]) / row["offered"])
    return f"{share}\n{row['reason']}" if row["reason"] else share


_WHAT = (
    "Agencies help those below them in the time that compliance and assistance leave them. 1 is what is usual; help is the product "
    "of four factors where it is given evenly. More of it makes an agency write down more, raises how far practice carries "
    "people, and keeps practices from ending."
)


def support_parts(results: Results) -> Sequence[Part]:
    """A table of support and its factors for every level below the state; nothing where support_weight is 0."""
    monthly = results.comparison.monthly
    if monthly.empty or "support" not in monthly or monthly["support"].isna().all():
        return []
    months = results.scenario.timeline.assistance or results.scenario.timeline.follow_up
    own = at_defaults(monthly)
    own = own[own["month"] == months].dropna(subset=["support"])
    means = own.groupby(["level", "strategy"], sort=False)[list(SUPPORT_MEASURES)].mean().dropna()
    order = [
        (level, name) for level in ("esa", "lea", "school") for name in dict.fromkeys((BASELINE, *results.contrast))
    ]
    titles = ("Help", *(plain.sentence(name.removeprefix("support_")) for name in SUPPORT_MEASURES[1:]))
    columns: Columns = {
        "Agencies": lambda key: plain.sentence(LEVELS[key[0]].plural),
        "Strategy": lambda key: strategy_label(key[1]),
        **{title: partial(_mean, means[name]) for title, name in zip(titles, SUPPORT_MEASURES, strict=True)},
    }
    table = table_of(
        f"Help from the agencies above after {plain.duration(months)}",
        (key for key in order if key in means.index),
        columns,
    )
    return [_WHAT, table] if table.rows else []


def _mean(means: pd.Series, key: tuple[str, str]) -> str:
    return plain.number(float(means[key]), 2)


_MOST_NAMED = 12


def tools_parts(results: Results) -> Sequence[Part]:
    """Adoptions by strategy, and the first of one simulated world."""
    tools = at_defaults(results.comparison.tools)
    if tools.empty:
        return []
    rows = [
        _adopted(results, name, tools[tools["strategy"] == name])
        for name in there(tools, results.comparison.strategies)
    ]
    columns: Columns = {
        "Strategy": label_of,
        "Made": lambda row: f"{row['made']:.1f}",
        "Adopted": lambda row: f"{row['adopted']:.1f}",
        "Agencies": lambda row: f"{row['agencies']:.1f}",
        "From the center": lambda row: f"{row['center']:.0%}",
        "Month of half of them": lambda row: f"{row['month']:.0f}" if row["adopted"] else "-",
        "Gain of each": lambda row: plain.number(row["gain"]) if row["adopted"] else "-",
    }
    note = (
        "A tool is a routine that a group or the center made to be taken over. Means of simulated worlds; the gain is what "
        "the adopter's routine in the area gained at once. Every adoption is in tools.parquet."
    )
    return [results.table("Tools that were made and adopted", rows, columns, note), _first(tools)]


def _adopted(results: Results, name: str, own: pd.DataFrame) -> dict[str, Any]:
    adopted, worlds = own[own["how"] == "adopted"], max(1, len(results.finished(name, "ta_hours")))
    return {
        "strategy": name,
        "made": (own["how"] == "made").sum() / worlds,
        "adopted": len(adopted) / worlds,
        "agencies": adopted.groupby("replicate")["agency"].nunique().sum() / worlds,
        "center": (adopted["source"] == "center").mean() if len(adopted) else 0.0,
        "month": adopted["month"].median(),
        "gain": adopted["gain"].mean(),
    }


def _first(tools: pd.DataFrame) -> Table:
    """The first adoptions of the first world, one by one."""
    strategy = str(tools["strategy"].iloc[0])
    world = tools[(tools["strategy"] == strategy) & (tools["replicate"] == tools["replicate"].min())]
    shown = world.sort_values("month", kind="stable").head(_MOST_NAMED)
    said = f"the first {plain.count(len(shown), 'entry', 'entries')} of {len(world):,}"
    columns: Columns = {
        "Agency": lambda row: str(row["agency"]),
        "Month": lambda row: str(row["month"]),
        "Area": lambda row: str(row["area"]),
        "From": lambda row: str(row["source"]),
        "Made by": lambda row: str(row["maker"]),
    }
    caption = f"Who took what from whom: one world of {strategy_label(strategy)}, {said}"
    return table_of(caption, shown, columns, words=True)
