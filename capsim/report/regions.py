"""Area by area, region by region, district by district: what each plan leaves where, who lags behind targets, why
hours were lost; outcomes that a scenario links to use; structures of regional agencies, ranked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from capsim.catalogue import BASELINE, GAPS, LINKED, LINKS, NOT_A_FINDING, WEIGHTS
from capsim.comparison.ranking import recommendations
from capsim.figures.palette import strategy_label
from capsim.report.parts import Fold, Notice, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import (
    digits_for,
    duration,
    estimate_with_interval,
    interval_in,
    joined,
    money,
    number,
    percent,
    sentence,
    signed,
    whole,
    with_minus_signs,
)
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
_LAG = (
    "Targets lie on a line from what the first stocktake of an agency found in the area to {share} less of what was missing "
    "then, at the end of assistance. One world, the latest stocktake of each agency; stocktakes.parquet names every agency "
    "at every stocktake."
)


def areas_parts(results: Results) -> list[Part]:
    """Use in each focal area without assistance, and what each strategy adds; what the areas differ in."""
    measures = results.scenario.use_by_area
    moments = moments_asked(results)
    if len(measures) < 2 or not moments or not results.has_baseline:
        return []
    last, rows = moments[-1][0], []
    for measure in measures.values():
        base = number(results.mean(BASELINE, f"{measure.name}_{last}"))
        for name in results.others:
            gains = [results.difference(name, BASELINE, outcome=f"{measure.name}_{at}").mean for at, _ in moments]
            cells = [strategy_label(name), base, *map(estimate_with_interval, gains)]
            rows.append(results.row(name, cells, sentence(measure.title.removeprefix("Use in ").replace("_", " "))))
    headers = [
        "Area",
        "Strategy",
        f"Use without assistance, {moments[-1][1]}",
        *(f"Gain {words}" for _, words in moments),
    ]
    return [
        Table("Use in each focal area", headers, rows, _GAINS.format(over=results.over)),
        _records(results),
    ]


def moments_asked(results: Results) -> list[tuple[str, str]]:
    """The moments at which outcomes are taken, with their words."""
    timeline, moments = results.scenario.timeline, []
    if timeline.assistance:
        moments.append(("assistance_end", "when assistance ends"))
    if timeline.follow_up:
        moments.append(("follow_up_end", f"{duration(timeline.follow_up)} later"))
    return moments


def _records(results: Results) -> Part:
    """What makes areas different."""
    rows = []
    for area in results.scenario.focal_areas:
        if isinstance(area, Area):
            said = [
                words.format(value) for key, words in _RECORDED.items() if (value := getattr(area, key)) is not None
            ]
            rows.append(Row(area.title or area.name, [sentence(joined(said)) if said else "As any other"]))
        else:
            rows.append(Row(area.replace("_", " "), ["As any other"]))
    if not any(isinstance(area, Area) for area in results.scenario.focal_areas):
        return _ALIKE
    return Table("What the areas differ in", ("Area", "By its record in the scenario"), rows, words=True)


def outcomes_parts(results: Results) -> list[Part]:
    """What the reform was for, where the scenario links it to use."""
    links = results.scenario.outcomes.on
    moments = moments_asked(results)
    if not links or not moments:
        return []
    rows = list(_linked_rows(results, moments))
    headers = [
        "Outcome",
        "Strategy",
        *(f"Level {words}" for _, words in moments),
        *(f"Change {words}" for _, words in moments),
    ]
    note = "Averages over worlds with assumptions at their best guess; changes from no assistance, 95% intervals from luck only."
    named = joined(
        f"{LINKED[LINKS[name][-1]].title.lower()} to {_areas(results, areas)}" for name, areas in links.items()
    )
    return [
        Notice(
            f"What follows is {NOT_A_FINDING}: the scenario links {named}, with equations and numbers that are declared (group "
            "outcomes of capsim list parameters) and to be varied. Nothing else in the simulation depends on it."
        ),
        Table("Outcomes linked to use", headers, rows, note),
    ]


def _areas(results: Results, areas: tuple[str, ...]) -> str:
    if not areas:
        return "use in all areas"
    titles = dict(zip(results.scenario.area_names, results.scenario.area_titles, strict=True))
    return f"use in {joined(titles[area].replace('_', ' ') for area in areas)}"


def _linked_rows(results: Results, moments: list[tuple[str, str]]) -> Iterator[Row]:
    for name in results.scenario.outcomes.on:
        measure = LINKED[LINKS[name][-1]]
        heading = f"{measure.title}, {measure.unit}" + (" (less is better)" if name in GAPS else "")
        for strategy in results.comparison.strategies:
            levels = [number(results.mean(strategy, f"{measure.name}_{at}")) for at, _ in moments]
            changes = [
                ""
                if strategy == BASELINE
                else estimate_with_interval(
                    results.difference(strategy, BASELINE, outcome=f"{measure.name}_{at}").mean, 4
                )
                for at, _ in moments
            ]
            yield results.row(strategy, [strategy_label(strategy), *levels, *changes], heading)


def stocktakes_parts(results: Results) -> list[Part]:
    """Who lags, by region: the latest stocktake of every district, where a strategy takes stock."""
    taken = results.comparison.stocktakes
    if taken.empty:
        return []
    share = percent(results.values["stocktake_target"])
    return [_by_region(results, str(name), own, share) for name, own in taken.groupby("strategy", sort=False)]


def _by_region(results: Results, strategy: str, taken: pd.DataFrame, share: str) -> Table:
    last = taken.sort_values("month", kind="stable").groupby(["agency", "area"], sort=False).tail(1)
    titles = dict(zip(results.scenario.area_names, results.scenario.area_titles, strict=True))
    rows = []
    for region, own in last.groupby("region", sort=True):
        late = own[own["behind"] > 0.0]
        furthest = own.groupby("area")["behind"].mean()
        cells = (
            str(own["agency"].nunique()),
            percent(len(late) / len(own)),
            number(float(own["behind"].mean())),
            titles[str(furthest.idxmax())].replace("_", " ") if len(late) else "none",
        )
        rows.append(Row(str(region) or "no region", cells))
    headers = ("Region", "Agencies read", "Areas behind target", "Behind by, on average", "Area furthest behind")
    note = _LAG.format(share=share)
    return Table(f"Who lags behind targets: {strategy_label(strategy)}", headers, rows, note)


_OPEN = 20
"""Rows of a table that stands open."""


def regions_parts(results: Results) -> list[Part]:
    """A table for each strategy of the contrast; nothing where there is one region only."""
    found = results.comparison.by_region()
    if found["region"].nunique() < 2:
        return []
    question = results.scenario.question
    text = (
        f"Gain over no assistance in {results.measure}, {results.moment()}, over the districts of each region and state, "
        f"counted by {WEIGHTS[question.weight].title}. Regions are those of today, also for strategies that change them. "
        "In a sample a region may hold few districts: its interval is over luck, not over which districts were drawn."
    )
    parts: list[Part] = [text]
    for name in (one for one in results.contrast if one != "none"):
        own: list[dict[Any, Any]] = found[found["strategy"] == name].to_dict("records")
        table = Table(
            f"{strategy_label(name)}, region by region",
            ["Region or state", "Districts", "Pupils", "Gain (95% interval)", "TA hours"],
            _rows(own),
            "TA hours of the whole assistance: those of the districts, and their share of those of the agencies above.",
        )
        parts.append(table if len(own) <= _OPEN else Fold(f"{strategy_label(name)}: {len(own)} rows", [table]))
    return parts


def _rows(own: list[dict[Any, Any]]) -> list[Row]:
    digits = digits_for(row["gain"] for row in own)
    return [
        Row(
            f"{row['name']} ({row['region']})",
            [
                f"{row['districts']:,.0f}",
                f"{row['pupils']:,.0f}",
                interval_in(row, digits=digits),
                f"{row['region_hours']:,.0f}",
            ],
        )
        for row in own
    ]


def structures_parts(results: Results) -> list[Part]:
    """The ranking against the second strategy of the contrast; nothing where agencies stay as they are in all."""
    if not has_structures(results.scenario):
        return []
    rows: list[dict[Any, Any]] = recommendations(results.comparison).to_dict("records")
    if not rows:
        return []
    second = results.contrast[1]
    digits = digits_for(row["difference"] for row in rows)
    over = " over worlds with assumptions drawn" if any(row["worlds"] for row in rows) else ""
    text = (
        f"Against {strategy_label(second)}, in {results.measure}, {results.moment()}; the first is the one that leaves "
        f"most on average{over}. Positions are those of all regional agencies, sampled or not; each costs staff_rate for the "
        "working hours of a year. A rank is settled only where the verdict says larger or smaller."
    )
    table = Table(
        "Structures of regional agencies, ranked",
        ["Strategy", "Difference (95%, luck)", "Ahead in", "Verdict", "Positions", "$ million a year"],
        [
            Row(
                f"{row['rank']}. {strategy_label(row['strategy'])}",
                [
                    interval_in(row, "difference", digits=digits),
                    f"{row['ahead']:.0%}",
                    row["verdict"],
                    signed(row["positions"], 0),
                    signed(row["structure_dollars"] / 1e6, 1),
                ],
            )
            for row in rows
        ],
    )
    reasons = [f"{row['rank']}. {strategy_label(row['strategy'])}: {with_minus_signs(row['reason'])}." for row in rows]
    return [text, table, *reasons]


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
    ranked = list(results.comparison.ranking()["strategy"])
    best = ranked[0] if ranked else results.others[0]
    others = [name for name in dict.fromkeys([*results.contrast, *results.others]) if name not in (best, BASELINE)]
    parts: list[Part] = [
        f"Gain over no assistance in {results.measure}, {results.moment()}. What a district shows is what one of its size, "
        "place and facts in the table would do under these assumptions; it is no forecast for its people."
    ]
    for name in (one for one in (best, *others) if (found["strategy"] == one).any()):
        table = _district_table(name, found[found["strategy"] == name].to_dict("records"))
        is_open = name == best and len(table.rows) <= _OPEN
        parts.append(table if is_open else Fold(f"{strategy_label(name)}, district by district", [table]))
    return parts


def _district_table(name: str, own: list[dict[Any, Any]]) -> Table:
    digits = digits_for(row["gain"] for row in own)
    ordered = sorted(own, key=lambda row: -row["gain"] if row["gain"] == row["gain"] else 1.0)
    rows = [
        Row(
            str(row["name"]),
            [
                whole(row["pupils"]),
                interval_in(row, digits=digits),
                whole(row["offered"]),
                money(row["dollars"]),
                _lost(row),
            ],
        )
        for row in ordered
    ]
    headers = ["District", "Pupils", "Gain (95% interval)", "Hours", "Dollars", "Lost, and why"]
    return Table(f"{strategy_label(name)}, district by district", headers, rows, _NOTE)


def _lost(row: dict[Any, Any]) -> str:
    """Share of the hours that did not land, and the reason below it."""
    if not row["offered"] > 0.0:
        return sentence(row["reason"]) if row["reason"] else "no hours"
    share = percent(max(0.0, row["lost"]) / row["offered"])
    return f"{share}\n{row['reason']}" if row["reason"] else share
