"""Delivered, received, used; and the four questions of the delivery approach (S27-S29).

Nothing here goes beyond the rules of the strategies and the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE, Recipe
from capsim.comparison.flow import chain_totals
from capsim.comparison.instruments import COLORS, Plan, planned_use, status_table
from capsim.figures.delivery import CHAIN_ROW_INCHES, plot_chain
from capsim.figures.palette import strategy_label
from capsim.levels import AGENCY_LEVELS, LEVELS, levels_below
from capsim.report.parts import Facts, Fold, Part, Picture, Row, Table
from capsim.report.results import Results
from capsim.report.strategies import aim_words, focus_words, what_rules_do, whom_words
from capsim.report.words import count, duration, helping, joined, lower, number, percent, running, sentence, whole
from capsim.scenario.budgets import recipe_of

_CHAIN = "Hours that are sent out are not yet hours that help. Three words, for every link of the chain from the TA center to the agencies:"
_WORDS = (
    ("Offered", "Hours delivered on the link: by consultants, or by staff who pass on what they were taught."),
    (
        "Landed",
        "Hours received: people attended, and their agency was ready (motivated, staffed, with the skills or routines to "
        "build on, not asked for too much at once).",
    ),
    ("Used", "Hours that landed where the practice is in use, so that there is something to apply them to."),
)
_MOST_SHOWN = 7
"""Links in the open picture; the others are in a fold."""
_DELIVERY = (
    "Delivery units in government ask four questions again and again. Here they are answered for the strategies of the "
    "question, and for those that take stock, from what the simulation really has: the hours it gave, the readings it "
    "bought, and the rules of the strategies."
)
_QUESTIONS = (
    "What are we trying to do?",
    "How are we planning to do it?",
    "How, at any moment, will we know whether we are on track?",
    "If we are not on track, what are we going to do about it?",
)
_MOST = 3
_MOST_ACTIVITIES = 4
_READINGS = {
    "rubric": "needs rubric",
    "expert": "expert's reading",
    "screening": "readiness screening",
    "stocktake": "stocktake",
    "sustainability": "sustainability rubric",
}


def chain_parts(results: Results) -> list[Part]:
    """Explanation, picture, table; nothing when no strategy gave hours."""
    table = chain_totals(results.comparison)
    table = table[table["delivered"] > 0.0].reset_index(drop=True)
    if table.empty:
        return []
    table["words"] = [link_words(link) for link in table["link"]]
    shown = _shown(results, table)
    rest = table[~shown]
    parts: list[Part] = [_CHAIN, Facts(_WORDS), _finding(results, table), _picture(results, table[shown], "chain")]
    if len(rest):
        number_ = count(rest["strategy"].nunique(), "other strategy", "other strategies")
        parts.append(Fold(f"The same picture for {number_}", [_picture(results, rest, "chain-others")]))
    return [*parts, Fold("The same in figures", [_links(results, table)])]


def link_words(link: str) -> str:
    """A link in words."""
    giver, getter = link.split(" to ")
    return f"{LEVELS[giver].group} to {'others of their kind' if giver == getter else LEVELS[getter].group}"


def _shown(results: Results, table: pd.DataFrame) -> pd.Series:
    """Rows of the open picture: the strategies of the question, then the others in order while there is room."""
    names = [name for name in results.contrast if (table["strategy"] == name).any()]
    links = table["strategy"].value_counts()
    cascades = [name for name in results.others if links.get(name, 0) > 1]
    for name in [*cascades, *results.others]:
        together = sum(int(links[one]) for one in {*names, name} if one in links)
        if name in links and name not in names and together <= _MOST_SHOWN:
            names.append(name)
    chosen: pd.Series = table["strategy"].isin(names)
    return chosen if chosen.any() else chosen | True


def _picture(results: Results, table: pd.DataFrame, name: str) -> Picture:
    drawn = table.assign(link=table["words"]).reset_index(drop=True)
    note = (
        "For every strategy and link: all hours offered during the assistance, and the shares of them that landed and were "
        f"used. {_whose(results)}"
    )
    plot = partial(plot_chain, drawn, styles=results.styles)
    height = 0.2 + CHAIN_ROW_INCHES * len(drawn)
    return results.picture(name, "What becomes of the hours", note, (height, plot))


def _whose(results: Results) -> str:
    words = "Averages over worlds with assumptions at their best guess"
    return f"{words}, for all agencies that the sample stands for." if results.stands_for > 1.01 else f"{words}."


def _finding(results: Results, table: pd.DataFrame) -> str:
    """Where most is lost, for the strategies of the question, and the worst link of all."""
    said = []
    for name in dict.fromkeys(results.contrast):
        own = table[table["strategy"] == name]
        if len(own):
            said.append(_loss(name, own))
    worst = table.assign(share=table["used"] / table["delivered"]).sort_values("share").iloc[0]
    if table["strategy"].nunique() > 1 and worst["strategy"] not in results.contrast:
        where = f"{worst['words']} under {running(str(worst['strategy']))}: {percent(float(worst['share']))}"
        said.append(f"Of all links, the one that ends with the smallest share in use is {where}.")
    return " ".join(said) or "Neither strategy of the question gave any hours."


def _loss(name: str, own: pd.DataFrame) -> str:
    losses: list[tuple[float, float, str]] = []
    for row in own.to_dict("records"):
        offered, landed, used = (float(row[step]) for step in ("delivered", "received", "used"))
        unused = f"after it has landed, from {row['words']}, because the practices are not yet in use there"
        losses.append((offered - landed, offered, f"before it lands, from {row['words']}"))
        losses.append((landed - used, offered, unused))
    lost, offered, where = max(losses, key=lambda loss: loss[0])
    share = float(own["used"].sum() / own["delivered"].sum())
    return (
        f"With {helping(name)}, most is lost {where}: {percent(lost / offered)} of the hours offered on that link; "
        f"{percent(share)} of all hours end in use."
    )


def _links(results: Results, table: pd.DataFrame) -> Table:
    rows = []
    for row in table.to_dict("records"):
        offered, landed, used = (float(row[step]) for step in ("delivered", "received", "used"))
        shares = (f"{whole(part)}\n{percent(part / offered)} of those offered" for part in (landed, used))
        rows.append(results.row(str(row["strategy"]), (sentence(str(row["words"])), whole(offered), *shares)))
    note = f"Hours of consultants, or, from one agency to another, hours of staff who pass on what they were taught. {_whose(results)}"
    return Table("Hours on every link", ("Strategy", "Link", "Offered", "Landed", "Used"), rows, note)


def delivery_parts(results: Results) -> list[Part]:
    """A table of four questions and at most three strategies; nothing when no strategy gave hours."""
    given = set(results.plan["strategy"])
    status = status_table(results.comparison)
    taking = status["strategy"].drop_duplicates().tolist()
    names = [name for name in dict.fromkeys((*results.contrast, *taking)) if name in given and name != BASELINE][:_MOST]
    if not names:
        return []
    plans = {name: planned_use(results.comparison, name) for name in names}
    answers = [_answers(results, name, plans[name], status[status["strategy"] == name]) for name in names]
    rows = [Row(question, [own[place] for own in answers]) for place, question in enumerate(_QUESTIONS)]
    parts: list[Part] = [
        _DELIVERY,
        Table("Four questions", ("Question", *map(strategy_label, names)), rows, words=True),
    ]
    months = results.scenario.timeline.assistance
    courses = [(strategy_label(name), _course(planned, months)) for name, planned in plans.items() if planned]
    if courses:
        parts.append(
            "The trajectory that stocktakes are held against: mean use that was planned, evenly from month to month."
        )
        parts.append(Facts(courses))
    return parts


def _answers(results: Results, name: str, planned: Plan | None, status: pd.DataFrame) -> tuple[str, str, str, str]:
    own = results.plan[results.plan["strategy"] == name]
    composed = recipe_of(results.scenario, name)
    return (
        _aim(results, name, composed, planned),
        _way(results, name, own, composed),
        _knowing(results, own, composed, status),
        what_rules_do(composed),
    )


def _aim(results: Results, name: str, composed: Recipe | None, planned: Plan | None) -> str:
    where = f" in {focus_words(composed, results.scenario.area_names)}" if composed is not None else ""
    words = f"More of the practices in use{where}. {_start(results, name)}"
    if planned is None:
        return f"{words} No target is set in numbers."
    share = percent(results.values["stocktake_target"])
    return (
        f"{words} The target closes {share} of the gap to full use that the first stocktakes of "
        f"{LEVELS[planned.level].running} find: from {number(planned.first, 2)} as read to {number(planned.target, 2)} when "
        "assistance ends."
    )


def _start(results: Results, name: str) -> str:
    """True use in the first month."""
    monthly = results.comparison.monthly
    if monthly.empty:
        return ""
    first = monthly[(monthly["month"] == 1) & (monthly["strategy"] == name)]
    first = first[(first["assumptions"] == "default") & (first["level"] == "lea")]
    return f"Districts begin with a true use of {number(float(first['use'].mean()), 2)}, on a scale from 0 to 1."


def _way(results: Results, name: str, own: pd.DataFrame, composed: Recipe | None) -> str:
    hours = own.groupby("activity")["hours"].sum().sort_values(ascending=False, kind="stable")
    total = float(hours.sum())
    most = [
        f"{lower(ACTIVITIES[str(activity)].title)} ({percent(float(value) / total)})"
        for activity, value in hours.iloc[:_MOST_ACTIVITIES].items()
    ]
    if len(hours) > _MOST_ACTIVITIES:
        most.append(count(len(hours) - _MOST_ACTIVITIES, "other activity", "other activities"))
    words = f"{whole(total)} hours of consultants: {joined(most)}."
    if composed is not None:
        words += f" For {lower(whom_words(composed))}: {aim_words(composed)}."
    chain = chain_totals(results.comparison)
    chain = chain[(chain["strategy"] == name) & (chain["delivered"] > 0.0)]
    links = [f"{link_words(str(r['link']))} ({whole(float(r['delivered']))} hours)" for r in chain.to_dict("records")]
    return f"{words} The chain: {joined(links)}." if links else words


def _knowing(results: Results, own: pd.DataFrame, composed: Recipe | None, status: pd.DataFrame) -> str:
    units = own.groupby("activity", sort=False)["units"].sum()
    said = [
        _pace(results, str(activity), float(value), composed)
        for activity, value in units.items()
        if ACTIVITIES[str(activity)].yields
    ]
    if not said:
        return "By nothing: this strategy buys no reading. Only the simulation knows how far it is."
    words = f"{sentence('; '.join(said))}."
    if len(status):
        row = status.iloc[-1]
        colors = ", ".join(f"{percent(float(row[color]))} {color}" for color in COLORS)
        words += f" At the last stocktake {LEVELS[str(row['level'])].running} are {colors}."
    return words


def _pace(results: Results, activity: str, units: float, composed: Recipe | None) -> str:
    """How often an agency is read in fact: units bought, by agencies that can be reached and years of assistance."""
    reading = _READINGS[ACTIVITIES[activity].yields]
    units /= results.stands_for
    agencies = _reached(results, composed)
    if not agencies:
        return f"{reading}s: {number(units, 0)} in all"
    each = units / agencies / (results.scenario.timeline.assistance / 12.0)
    often = f"{number(each, 1)} a year" if each >= 0.1 else f"{number(units / agencies, 2)} in all"
    planned = results.values[f"{activity}_every_months"]
    return f"a {reading} for each agency reached: {often} in fact (at most one in {duration(planned)})"


def _reached(results: Results, composed: Recipe | None) -> int:
    """Simulated agencies of the levels that a strategy reaches; 0 where that is not known."""
    if composed is None or results.agencies is None:
        return 0
    served = composed.recipients
    levels = {level for level in served if not isinstance(served, Mapping) or served[level] > 0.0}
    if composed.chain == "cascade":
        levels |= {below for level in levels for below in levels_below(level)}
    return int(np.isin(results.agencies.level, [AGENCY_LEVELS[level] for level in levels]).sum())


def _course(planned: Plan, months: int) -> str:
    """The planned course, year by year, and what the stocktakes read at the end."""
    steps = [month for month in range(12, months, 12) if month > planned.month]
    course = [f"{number(planned.wanted(month, months), 3)} after {duration(month)}" for month in steps]
    missed = planned.target - planned.reached
    end = "the target is reached" if missed <= 0.0 else f"{number(missed, 3)} below the target"
    return (
        f"From {number(planned.first, 3)} in the first round of stocktakes (until month {planned.month}) to "
        f"{', '.join([*course, f'{number(planned.target, 3)} at the end'])}. The last stocktakes read "
        f"{number(planned.reached, 3)}: {end}."
    )
