"""What the compared strategies are, what their rules do with readings, and how each answers the four questions of the
delivery approach, in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, BASELINE, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, Recipe
from capsim.catalogue.parts import targeting_row
from capsim.comparison.flow import chain_totals
from capsim.comparison.instruments import COLORS, Plan, planned_use, status_table
from capsim.figures.palette import strategy_label
from capsim.levels import AGENCY_LEVELS, LEVELS, levels_below
from capsim.report import plain
from capsim.report.flow import link_words
from capsim.report.parts import Facts, Part, Row, Table
from capsim.report.results import Results, at_defaults, there
from capsim.scenario.budgets import recipe_of

_NEEDS = {"rubric", "expert"}
"""Instruments that read needs."""
_SURVEYED = {
    "volunteers": " of interest, hours go to those who say they want help",
    "self_rated_need": ", hours go to agencies and areas that rate themselves lowest",
    "self_rated_relevance": ", hours go to the areas that agencies say matter most to them",
    "self_rated_need_and_relevance": ", hours go to areas in which agencies rate themselves low and which matter to them",
}
"""Targetings that follow what agencies say of themselves."""
_NOTHING = "Nothing changes: hours follow the plan whatever happens."
_RULES = {
    "need": "hours move to the agencies and areas with the greatest need as last assessed",
    "relevance": "in every agency hours move to the areas that matter most to it as last assessed",
    "need_and_relevance": "hours move to the agencies and areas with the greatest need times relevance as last assessed",
    "readiness": "hours go to the readier half of the agencies, by the latest screening",
    "need_and_readiness": "hours move to the agencies with the greatest need and readiness as last read",
    "lowest_first": "hours move to the third of the agencies with the lowest readings",
    "least_sustainable": "hours move to the agencies whose rubric says that least would last",
    "weakest_link": "hours move to the fourth of the agencies in each chain in which least is in use",
}
"""Targetings that follow readings that are bought, and what they do with them."""


def _followed(targeting: str) -> set[str]:
    """Instruments that a targeting goes by; an expert's rating stands in for a rubric."""
    reads = set(targeting_row(targeting).reads)
    return reads | _NEEDS if "rubric" in reads else reads


def described(results: Results, name: str) -> dict[str, str]:
    """What a strategy is: what it does, how hours are spent, whom it serves and when."""
    composed, areas = recipe_of(results.scenario, name), results.scenario.area_names
    if name == BASELINE:
        said = (STRATEGIES[name].meaning, "None", "Nobody")
    elif composed is None:
        said = ("A strategy of the user's own, written in Python.", *("Decided month by month",) * 2)
    else:
        spent = _by_area(composed, areas) if composed.methods else _shares(composed.activities)
        if composed.exit_activities:
            spent += f"; in the last third of the months {_shares(composed.exit_activities)}"
        spent = plain.sentence(spent) + _in_fact(results, name, composed)
        said = (composed.meaning, spent, _manner(composed, areas))
    return dict(zip(("strategy", "does", "hours", "manner"), (name, *said), strict=True))


def _by_area(composed: Recipe, areas: Sequence[str]) -> str:
    """Methods with the areas they are dealt to."""
    own: dict[str, list[str]] = {}
    for place, area in enumerate(areas):
        own.setdefault(_shares(composed.methods[place % len(composed.methods)]), []).append(area)
    return "; ".join(f"for {area_words(members)}: {shares}" for shares, members in own.items())


def _in_fact(results: Results, name: str, composed: Recipe) -> str:
    """Hours that the runs really gave, where parts take turns or one of them was never reached."""
    given = results.plan[results.plan["strategy"] == name].groupby("activity", sort=False)["hours"].sum()
    total = float(given.sum())
    if total <= 0.0:
        idle = results.finished(name, "ta_hours").size and composed.activities
        return ". In the runs: no hours at all" if idle else ""
    missing = [activity for activity in bought(composed) if not float(given.get(activity, 0.0)) > 0.0]
    if not missing and not any((*composed.methods, composed.exit_activities)):
        return ""
    words = f". In the runs: {_shares({str(key): float(hours) / total for key, hours in given.items()})}"
    if missing:
        words += f"; no hours for {plain.joined(plain.lower(ACTIVITIES[activity].title) for activity in missing)}"
    return words


def _shares(activities: Mapping[str, float]) -> str:
    ordered = sorted(activities.items(), key=lambda item: -item[1])
    spent = [f"{100 * share:.0f}% {plain.lower(ACTIVITIES[name].title)}" for name, share in ordered if share > 0]
    return ", ".join(spent) or "None"


def _manner(composed: Recipe, areas: Sequence[str]) -> str:
    parts = [f"{whom_words(composed)}: {aim_words(composed)}", focus_words(composed, areas)]
    if composed.chain == "cascade":
        parts.append("passed on to the agencies below")
    if composed.codesign != "none":
        parts.append(plain.lower(CODESIGN_PHASES[composed.codesign].title))
    if composed.grouping != "mixed":
        parts.append(plain.lower(GROUPINGS[composed.grouping].title))
    if composed.target_capacities:
        parts.append("people or organization, as readings say")
    return "; ".join([*parts, plain.lower(SCHEDULES[composed.schedule].meaning.rstrip("."))])


def whom_words(composed: Recipe) -> str:
    """Groups of agencies that are served."""
    served = composed.recipients
    if isinstance(served, Mapping):
        return plain.sentence(
            plain.joined(f"{LEVELS[level].running} ({100 * share:.0f}%)" for level, share in served.items())
        )
    return plain.sentence(plain.joined(LEVELS[level].running for level in served))


def aim_words(composed: Recipe) -> str:
    """How hours are divided among them."""
    aims = composed.targeting
    if isinstance(aims, str):
        return "the same hours for every agency" if aims == "universal" else plain.lower(targeting_row(aims).title)
    named = [f"{tier} activities: {plain.lower(targeting_row(name).title)}" for tier, name in aims.items()]
    return ", ".join([*named, "others: the same hours for every agency"])


def focus_words(composed: Recipe, areas: Sequence[str]) -> str:
    """Which focal areas of a scenario a strategy works on, by name where it does not depend on the agency."""
    wanted = composed.focal_areas
    if isinstance(wanted, tuple):
        return area_words(wanted)
    if not 0 < wanted < len(areas):
        return f"all focal areas ({area_words(areas)})"
    first = f"the first {wanted} of the list: {area_words(areas[:wanted])}" if wanted > 1 else area_words(areas[:1])
    if not _by_need(composed):
        return first if wanted > 1 else f"the first of the list: {first}"
    whose = "each agency at the top of a chain" if composed.chain == "cascade" else "each agency"
    known = f"the {wanted} areas" if wanted > 1 else "the area"
    return f"{known} with the greatest assessed need in {whose} (until it is assessed, {first})"


def area_words(areas: Iterable[str]) -> str:
    """Focal areas in running text."""
    return plain.joined(area.replace("_", " ") for area in areas)


def _by_need(composed: Recipe) -> bool:
    """Whether areas can differ in weight: a targeting by need in each, and something that reads needs."""
    aims = composed.targeting
    named = [aims] if isinstance(aims, str) else [aims.get(tier, "universal") for tier in ("targeted", "intensive")]
    differ = any(targeting_row(name).by_area and _followed(name) >= _NEEDS for name in named)
    return differ and any(ACTIVITIES[name].yields in _NEEDS for name in bought(composed))


def bought(composed: Recipe) -> list[str]:
    """Activities of a strategy with a share of the hours, those of methods, exit, phases and review included."""
    changed = (change.activities for change in composed.changes)
    mixes = (*(composed.methods or (composed.activities,)), composed.exit_activities, *changed)
    return list(dict.fromkeys(name for mix in mixes for name, share in mix.items() if share > 0))


def what_rules_do(composed: Recipe | None) -> str:
    """The rules of a strategy for the case that something goes wrong."""
    if composed is None:
        return "Whatever its Python code decides, month by month; this page cannot read it."
    read = {str(ACTIVITIES[name].yields) for name in bought(composed)} - {""}
    named = _targetings(composed)
    moves, idle = _moves(named, read)
    if composed.target_capacities:
        if read & _NEEDS:
            moves.append("within each agency, hours move to its people or its organization, whichever is read lower")
        else:
            idle.append("people or organization")
    words = [f"At the start of every quarter with new readings, {plain.joined(moves)}."] if moves else []
    words += [
        f"Once a year, after the free survey{does}." for name, does in _SURVEYED.items() if name in named.values()
    ]
    if idle:
        words.append(f"It would aim by {plain.joined(idle)}, but buys no reading of that, so all agencies count alike.")
    if not words or (idle and len(words) == 1):
        words.append(_NOTHING)
    if "stocktake" in read:
        behind = "; the reading of use behind them does." if "weakest_link" in named.values() else "."
        words.append(f"Red, amber and green by themselves change nothing{behind}")
    return " ".join(map(plain.sentence, words))


def _targetings(composed: Recipe) -> dict[str, str]:
    """Targeting of each tier that has an activity; universal ones go everywhere."""
    tiers = dict.fromkeys(ACTIVITIES[name].tier for name in bought(composed) if not ACTIVITIES[name].yields)
    aims = composed.targeting
    return {
        tier: aims if isinstance(aims, str) else aims.get(tier, "universal") for tier in tiers if tier != "universal"
    }


def _moves(named: Mapping[str, str], read: set[str]) -> tuple[list[str], list[str]]:
    """What targetings do with the readings that are bought, and what those would follow that are not."""
    moves, idle = [], []
    for targeting in (one for one in dict.fromkeys(named.values()) if one in _RULES):
        tiers, does = [tier for tier, name in named.items() if name == targeting], _RULES[targeting]
        if read & _followed(targeting):
            moves.append(does if len(tiers) == len(named) else f"for {plain.joined(tiers)} activities {does}")
        else:
            idle.append(targeting.replace("_", " "))
    return moves, idle


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


def delivery_parts(results: Results) -> list[Part]:
    """A table of the four questions of the delivery approach (S27-S29) and at most three strategies; nothing when no
    strategy gave hours. Nothing here goes beyond the rules of the strategies and the runs.
    """
    status = status_table(results.comparison)
    names = [
        name
        for name in there(results.plan, (*results.contrast, *there(status, status["strategy"])))
        if name != BASELINE
    ][:_MOST]
    if not names:
        return []
    plans = {name: planned_use(results.comparison, name) for name in names}
    answers = []
    for name, planned in plans.items():
        own, composed = results.plan[results.plan["strategy"] == name], recipe_of(results.scenario, name)
        knowing = _knowing(results, own, composed, status[status["strategy"] == name])
        aim, way = _aim(results, name, composed, planned), _way(results, name, own, composed)
        answers.append((aim, way, knowing, what_rules_do(composed)))
    rows = [Row(question, said) for question, *said in zip(_QUESTIONS, *answers, strict=True)]
    parts: list[Part] = [
        _DELIVERY,
        Table("Four questions", ("Question", *map(strategy_label, names)), rows, words=True),
    ]
    months = results.scenario.timeline.assistance
    if courses := [(strategy_label(name), _course(planned, months)) for name, planned in plans.items() if planned]:
        parts.append(
            "The trajectory that stocktakes are held against: mean use that was planned, evenly from month to month."
        )
        parts.append(Facts(courses))
    return parts


def _aim(results: Results, name: str, composed: Recipe | None, planned: Plan | None) -> str:
    where = f" in {focus_words(composed, results.scenario.area_names)}" if composed is not None else ""
    words, monthly = f"More of the practices in use{where}.", at_defaults(results.comparison.monthly)
    if len(monthly):
        first = monthly[(monthly["month"] == 1) & (monthly["strategy"] == name) & (monthly["level"] == "lea")]
        words += f" Districts begin with a true use of {plain.number(first['use'].mean(), 2)}, on a scale from 0 to 1."
    if planned is None:
        return f"{words} No target is set in numbers."
    share = plain.percent(results.values["stocktake_target"])
    return (
        f"{words} The target closes {share} of the gap to full use that the first stocktakes of "
        f"{LEVELS[planned.level].running} find: from {plain.number(planned.first, 2)} as read to {plain.number(planned.target, 2)} when "
        "assistance ends."
    )


def _way(results: Results, name: str, own: pd.DataFrame, composed: Recipe | None) -> str:
    hours = own.groupby("activity")["hours"].sum().sort_values(ascending=False, kind="stable")
    total = float(hours.sum())
    most = [
        f"{plain.lower(ACTIVITIES[str(activity)].title)} ({plain.percent(value / total)})"
        for activity, value in hours.iloc[:_MOST_ACTIVITIES].items()
    ]
    if len(hours) > _MOST_ACTIVITIES:
        most.append(plain.count(len(hours) - _MOST_ACTIVITIES, "other activity", "other activities"))
    words = f"{plain.whole(total)} hours of consultants: {plain.joined(most)}."
    if composed is not None:
        words += f" For {plain.lower(whom_words(composed))}: {aim_words(composed)}."
    chain = chain_totals(results.comparison)
    chain = chain[(chain["strategy"] == name) & (chain["delivered"] > 0.0)]
    links = [f"{link_words(r['link'])} ({plain.whole(r['delivered'])} hours)" for r in chain.to_dict("records")]
    return f"{words} The chain: {plain.joined(links)}." if links else words


def _knowing(results: Results, own: pd.DataFrame, composed: Recipe | None, status: pd.DataFrame) -> str:
    units = own.groupby("activity", sort=False)["units"].sum()
    said = [_pace(results, str(one), float(n), composed) for one, n in units.items() if ACTIVITIES[str(one)].yields]
    if not said:
        return "By nothing: this strategy buys no reading. Only the simulation knows how far it is."
    words = f"{plain.sentence('; '.join(said))}."
    if len(status):
        row = status.iloc[-1]
        colors = ", ".join(f"{plain.percent(float(row[color]))} {color}" for color in COLORS)
        words += f" At the last stocktake {LEVELS[str(row['level'])].running} are {colors}."
    return words


def _pace(results: Results, activity: str, units: float, composed: Recipe | None) -> str:
    """How often an agency is read in fact: units bought, by agencies that can be reached and years of assistance."""
    reading = _READINGS[ACTIVITIES[activity].yields]
    units /= results.stands_for
    agencies = _reached(results, composed)
    if not agencies:
        return f"{reading}s: {plain.number(units, 0)} in all"
    each = units / agencies / (results.scenario.timeline.assistance / 12.0)
    often = f"{plain.number(each, 1)} a year" if each >= 0.1 else f"{plain.number(units / agencies, 2)} in all"
    planned = results.values[f"{activity}_every_months"]
    return f"a {reading} for each agency reached: {often} in fact (at most one in {plain.duration(planned)})"


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
    course = [f"{plain.number(planned.wanted(month, months), 3)} after {plain.duration(month)}" for month in steps]
    missed = planned.target - planned.reached
    end = "the target is reached" if missed <= 0.0 else f"{plain.number(missed, 3)} below the target"
    return (
        f"From {plain.number(planned.first, 3)} in the first round of stocktakes (until month {planned.month}) to "
        f"{', '.join([*course, f'{plain.number(planned.target, 3)} at the end'])}. The last stocktakes read "
        f"{plain.number(planned.reached, 3)}: {end}."
    )
