"""Use area by area, who lags behind targets, and the outcomes that a scenario links to use."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from capsim.catalogue import BASELINE, GAPS, LINKED, LINKS, NOT_A_FINDING
from capsim.figures.palette import strategy_label
from capsim.report.parts import Notice, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import duration, estimate_with_interval, joined, number, percent, sentence
from capsim.scenario.areas import Area

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
