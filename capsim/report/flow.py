"""Where hours are lost, who was served and who was not, who left: the flow of help through the agencies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE
from capsim.catalogue.measures import STATUS, STEPS
from capsim.comparison.flow import waterfall, waterfall_by_region, who_left, who_was_served
from capsim.figures.delivery import FLOW_ROW_INCHES, plot_flow
from capsim.levels import LEVELS
from capsim.report.parts import Facts, Fold, Notice, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import helping, joined, number, percent, sentence, whole

_STEPS = {
    "offered": ("Offered", "Hours delivered, by consultants or by staff who pass on what they were taught."),
    "attended": ("Attended", "People had time for them, and somebody was there."),
    "met": ("Met", "They came in person, or lost nothing by coming online."),
    "ready": ("Ready", "Their agency was ready: motivated, staffed, with the skills or routines to build on."),
    "coherent": ("Coherent", "Not too much was asked of it at once."),
    "clear": ("Clear", "It was clear what to do: nobody still designed what others already carried out."),
    "able": ("Able", "Those who gave them were good at it."),
    "begun": ("Begun", "Enough hours in the area to have begun with it."),
    "landed": ("Landed", "What all factors leave, and never more than was attended."),
    "used": ("Used", "Landed where the practice is in use."),
}
_FLOW = (
    "Between an hour offered and an hour that lands stand factors that are multiplied: whether people come, whether their "
    "agency is ready, what else is asked of it, whether it is clear what to do, how good the help is. Here they are taken "
    "apart, in this order. A factor can also add: an agency that is readier than most makes more of an hour."
)
_REACH = (
    "Help that is not given is lost too. For every level: what agencies were in the assistance as a whole. Who was served in "
    "any month counts as served; the others as what they were in most months."
)
_LEFT = (
    "What was built in people leaves with them. Everybody who held a position, by the hours of assistance that they had had "
    "until then; hours go along into another position of the state."
)
_HELP = {"none": "no help", "some": "less than a day", "a_day": "a day and more"}
_CLEARLY = 0.001
"""Share of the hours offered from which a loss of clarity is worth a sentence."""


def flow_parts(results: Results) -> list[Part]:
    """Waterfall of the strategies of the question, by level and activity; nothing when nobody offered hours."""
    table = waterfall(results.comparison)
    table = table[table["offered"] > 0.0]
    if table.empty:
        return []
    steps = _told(table)
    shown = table[table["strategy"].isin(results.contrast)]
    shown = shown if len(shown) else table.head(1)
    plot = partial(plot_flow, shown.reset_index(drop=True), steps=steps, styles=results.styles)
    note = "Hours left after each step, of 100 that were offered. Averages over worlds with assumptions at their best guess."
    picture = results.picture("flow", "Where hours are lost", note, (0.4 + FLOW_ROW_INCHES * len(shown), plot))
    parts: list[Part] = [_FLOW, Facts([_STEPS[step] for step in steps]), picture, *_clarity(results, table)]
    parts += results.tables(
        "Hours after each step", ("Strategy", *_names(steps)), partial(_rows, results, table, steps)
    )
    folds = [_by_level(results, steps), _by_activity(results, steps), *_by_region(results, steps)]
    return [*parts, Fold("By level, activity and region", folds)]


def _told(table: pd.DataFrame) -> list[str]:
    """Steps that change anything, and those that everybody knows."""
    before = [STEPS[max(0, place - 1)] for place in range(len(STEPS))]
    same = {step: bool((table[step] == table[first]).all()) for step, first in zip(STEPS, before, strict=True)}
    return [step for step in STEPS if step in ("offered", "clear", "landed", "used") or not same[step]]


def _names(steps: list[str]) -> list[str]:
    return [_STEPS[step][0] for step in steps]


def _cells(row: Mapping[Any, Any], steps: list[str]) -> list[str]:
    """Hours, and what is left of those offered."""
    offered = float(row["offered"])
    return [
        whole(float(row[step])) + ("" if step == "offered" else f"\n{percent(float(row[step]) / offered)}")
        for step in steps
    ]


def _rows(results: Results, table: pd.DataFrame, steps: list[str], name: str) -> list[Row]:
    own = table[table["strategy"] == name]
    return [results.row(name, _cells(row, steps)) for row in own.to_dict("records")]


def _clarity(results: Results, table: pd.DataFrame) -> list[Part]:
    """What limited clarity cost, where it cost anything."""
    said = []
    for row in table.to_dict("records"):
        lost = (float(row["coherent"]) - float(row["clear"])) / float(row["offered"])
        if lost >= _CLEARLY:
            left = percent(float(row["clear"]) / max(1e-12, float(row["coherent"])))
            said.append(
                f"{helping(str(row['strategy']))} loses {percent(lost)} of all hours offered here ({left} "
                "of what came this far goes on)"
            )
    if not said:
        return []
    return [
        Notice(
            f"Limited clarity: {joined(said)}. Two things make help unclear: co-design that goes on while others already "
            "carry the plan out, which RAND found of the center it evaluated and advises for planning alone (S1), and help "
            "that comes in many pieces at once."
        )
    ]


def _by_level(results: Results, steps: list[str]) -> Table:
    table = waterfall(results.comparison, "level", "channel")
    rows = []
    for row in table[table["offered"] > 0.0].to_dict("records"):
        whom = sentence(LEVELS[row["level"]].running) + (", passed on" if row["channel"] == "passed_on" else "")
        rows.append(results.row(str(row["strategy"]), (whom, *_cells(row, steps))))
    return Table("By level", ("Strategy", "For", *_names(steps)), rows)


def _by_activity(results: Results, steps: list[str]) -> Table:
    table = waterfall(results.comparison, "activity")
    table = table[(table["offered"] > 0.0) & table["strategy"].isin(results.contrast)]
    rows = [
        results.row(str(row["strategy"]), (ACTIVITIES[row["activity"]].title, *_cells(row, steps)))
        for row in table.to_dict("records")
    ]
    return Table("By activity, strategies of the question", ("Strategy", "Activity", *_names(steps)), rows)


def _by_region(results: Results, steps: list[str]) -> list[Part]:
    """Hours by the agency above those that got them; only where agencies were kept one by one."""
    table = waterfall_by_region(results.comparison)
    table = table[(table["offered"] > 0.0) & table["strategy"].isin(results.contrast)]
    if table.empty:
        return []
    names = {} if results.agencies is None else dict(zip(results.agencies.id, results.agencies.name, strict=True))
    rows = [
        results.row(str(row["strategy"]), (str(names.get(row["parent"], row["parent"] or "none")), *_cells(row, steps)))
        for row in table.to_dict("records")
    ]
    note = "The simulated agencies below each, strategies of the question."
    return [Table("By region", ("Strategy", "Below", *_names(steps)), rows, note)]


def reach_parts(results: Results) -> list[Part]:
    """Agencies by what they were, level by level; nothing when nobody was served."""
    table = who_was_served(results.comparison)
    if table.empty or not (table["offered"] > 0.0).any():
        return []
    serving = set(table.loc[table["offered"] > 0.0, "strategy"])
    table = table[table["strategy"].isin(serving)]
    there = [status for status in STATUS if (table["served"] == status).any()]
    headers = (
        "Strategy",
        "Level",
        *(sentence(status.replace("_", " ")) for status in there),
        "Seats a person and year",
    )

    def rows(name: str) -> list[Row]:
        own = table[table["strategy"] == name]
        found = []
        for level in own["level"].drop_duplicates():
            of_level = own[own["level"] == level].set_index("served")
            cells = [_count(of_level, status) for status in there]
            people = float(of_level["staff_months"].sum())
            seats = number(12.0 * float(of_level["seats"].sum()) / people, 1) if people > 0.0 else "none"
            found.append(results.row(name, (sentence(LEVELS[str(level)].plural), *cells, seats)))
        return found

    facts = Facts([(sentence(status.replace("_", " ")), STATUS[status]) for status in there])
    names = [name for name in results.others if name in serving]
    note = (
        "Agencies, and their share of the level; in a sample all that it stands for. Seats: of all activities, in the "
        "months with hours; below 1 there is not a seat for everybody in a year."
    )
    return [_REACH, facts, *results.tables("Who was served, and who was not", headers, rows, names=names, note=note)]


def _count(of_level: pd.DataFrame, status: str) -> str:
    if status not in of_level.index:
        return "none"
    row = of_level.loc[status].to_dict()
    return f"{number(float(row['agencies']), 0)}\n{percent(float(row['share']))}"


def leavers_parts(results: Results) -> list[Part]:
    """Leavers by help, level and role; nothing where nobody was counted."""
    table = who_left(results.comparison)
    if table.empty:
        return []
    shown = results.tables("Who left, by help they had had", _HEADERS, partial(_leavers, results, table))
    by = who_left(results.comparison, "level", "role")
    by = by[by["strategy"].isin(results.contrast)]
    rows = [
        results.row(
            str(row["strategy"]),
            (sentence(LEVELS[row["level"]].plural), sentence(str(row["role"])), *_of_help(row, 0.0)),
        )
        for row in by.to_dict("records")
    ]
    headers = ("Strategy", "Level", "Role", *_HEADERS[1:])
    detail = Table("By level and role, strategies of the question", headers, rows)
    return [_LEFT, *_lost_sentence(results, table), *shown, Fold("By level and role", [detail])]


_HEADERS = ("Strategy", "Help", "Person-years", "Leavers", "Leave in a year", "Hours that left with them")


def _leavers(results: Results, table: pd.DataFrame, name: str) -> list[Row]:
    own = table[table["strategy"] == name]
    total = float(own["leavers"].sum())
    return [results.row(name, _of_help(row, total)) for row in own.to_dict("records")]


def _of_help(row: Mapping[Any, Any], total: float) -> tuple[str, ...]:
    share = f"\n{percent(row['leavers'] / total)} of leavers" if total > 0.0 else ""
    return (
        sentence(_HELP[str(row["help_had"])]),
        whole(row["holders"]),
        f"{whole(row['leavers'])}{share}",
        percent(row["annual_exit"]),
        whole(row["hours_that_left"]),
    )


def _lost_sentence(results: Results, table: pd.DataFrame) -> list[Part]:
    """How many of those who left had been helped, for the strategies of the question."""
    said = []
    for name in dict.fromkeys(results.contrast):
        own = table[(table["strategy"] == name)]
        total = float(own["leavers"].sum())
        if name != BASELINE and total > 0.0:
            helped = float(own.loc[own["help_had"] != "none", "leavers"].sum())
            hours = whole(float(own["hours_that_left"].sum()))
            said.append(f"With {helping(name)} {percent(helped / total)} of leavers had had help: {hours} hours.")
    return [" ".join(said)] if said else []
