"""Region by region and district by district: what each plan leaves there, with how many hours and dollars, and why
hours were lost. Group by group, and under every way of counting districts: where these disagree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import BASELINE, WEIGHTS, unweighted, weighted
from capsim.catalogue.measures import COUNTED, DISTRICTS, EQUITY_GAPS, PLAIN, STATUS, STEPS
from capsim.comparison.asking import asked_month
from capsim.comparison.flow import plan_table
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import Interval, mean_interval
from capsim.comparison.verdicts import headline, settled_ahead
from capsim.levels import LEA, LEVEL_NAMES, SCHOOL
from capsim.numbers import one_of
from capsim.scenario import Scenario

COLUMNS = (
    *("strategy", "district", "name", "region", "pupils", "positions", "pairs", "gain", "low", "high"),
    *("ta_hours", "dollars", "offered", "landed", "lost", "reason"),
)
MOST_UNASKED = 500
"""Districts of a table of one's own up to which they are told apart without being asked for."""

OVER_THEIR_TIME, NOT_STAFFED = "over their time", "not staffed"
_LOST_AT = {
    "met": "online instead of in person",
    "ready": "not ready",
    "coherent": "too much at once",
    "clear": "unclear what to do",
    "able": "quality of the help",
    "begun": "too little to begin with",
}
"""Why hours were lost, by the step at which most were."""
_NOT_SERVED = {
    "screened_out": "not ready in the screening",
    "declined": "less interested than others",
    "not_chosen": "hours went to others",
    "waiting": "no hours left",
    "outside": "not worked with",
}
"""Why there were none, by what the district was in most months."""
_WORTH_A_WORD = 0.01
"""Share of the hours offered from which a loss has a reason."""
_SUMMED = (*STEPS, "ta_hours", *(f"months_{status}" for status in STATUS))


def _measure(scenario: Scenario, outcome: str | None) -> str:
    """The measure that is asked for; the question's without one."""
    return scenario.asked.name if outcome is None else one_of("outcome:", outcome, scenario.recorded)


def district_gains(comparison: PairedRuns, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
    """One row for each strategy and district, in the order of the comparison and of the table of agencies.

    Columns: strategy; district (id), name, region (id of the agency above), pupils, positions; pairs; gain over none at
    the moment of the question with its 95% t interval over worlds (low, high); ta_hours (of consultants: its own, those
    of its schools, and its share of those of agencies above it) and dollars (at the plan's mean price of an hour);
    offered (hours given to it and its schools, by consultants or by staff above who pass on), landed, lost (the
    difference) and reason (the main one). Empty without runs of `none`, or unless agencies were kept one by one
    (`keep_agencies`).
    """
    key = ("districts", outcome or "", assumptions)
    return comparison.kept(key, lambda: _district_gains(comparison, outcome, assumptions))


def _district_gains(comparison: PairedRuns, outcome: str | None, assumptions: str) -> pd.DataFrame:
    scenario = comparison.scenario
    name = _measure(scenario, outcome)
    own = comparison.rows("reach_agencies", assumptions=assumptions)
    if comparison.agencies.empty or own.empty or "positions" not in own or BASELINE not in comparison.strategies:
        return pd.DataFrame(columns=list(COLUMNS))
    measured = _gains_by("agency", comparison, "agencies", name, assumptions)
    districts = own[own["level"] == LEVEL_NAMES[LEA]].drop_duplicates("agency")
    facts = districts[["agency", "name", "parent", "pupils", "positions"]].to_dict("records")
    given = _flow_by_district(own)
    price = _dollars_an_hour(comparison)
    rows = []
    for strategy in measured:
        for about in facts:
            found = measured[strategy].get(about["agency"], np.empty(0))
            got = _help(given.get((strategy, about["agency"]), {}), price.get(strategy, 0.0))
            rows.append((strategy, *about.values(), len(found), *mean_interval(found), *got))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _gains_by(
    place: str, comparison: PairedRuns, table: str, outcome: str, assumptions: str
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Gains over none in every world, by strategy and place: an agency or a region."""
    kept = comparison.rows(table, assumptions=assumptions)
    own = kept[kept["month"] == asked_month(comparison.scenario)]
    if outcome not in own:
        return {}
    wide = own.pivot(index=[place, "replicate"], columns="strategy", values=outcome)
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    for strategy in (one for one in comparison.strategies if one != BASELINE and {one, BASELINE} <= {*wide}):
        gains = (wide[strategy] - wide[BASELINE]).dropna()
        found[strategy] = {str(one): own.to_numpy(np.float64) for one, own in gains.groupby(level=place)}
    return found


def _flow_by_district(reach: pd.DataFrame) -> dict[tuple[str, str], dict[str, float]]:
    """Hours after each step and months in each status, mean over worlds; those of schools are their district's."""
    of_school = reach["level"] == LEVEL_NAMES[SCHOOL]
    place = reach["agency"].where(~of_school, reach["parent"])
    hours = reach[list(_SUMMED)].astype(float)
    months = [name for name in _SUMMED if name.startswith("months_")]
    hours.loc[of_school, months] = 0.0
    total = hours.groupby([reach["strategy"], place]).sum()
    worlds = reach.groupby("strategy")["replicate"].nunique()
    mean = total.div(worlds.reindex(total.index.get_level_values(0)).to_numpy(), axis=0)
    rows: list[dict[Any, float]] = mean.to_dict("records")
    return {(str(key[0]), str(key[1])): row for key, row in zip(mean.index, rows, strict=True)}


def _dollars_an_hour(comparison: PairedRuns) -> dict[str, float]:
    plan = plan_table(comparison)
    total = plan.groupby("strategy")[["hours", "dollars"]].sum()
    return {str(name): float(row["dollars"] / row["hours"]) for name, row in total.iterrows() if row["hours"] > 0.0}


def _help(hours: Mapping[str, float], price: float) -> tuple[Any, ...]:
    """What a district got and lost; nothing of one of which no run finished."""
    if not hours:
        return (*(np.nan,) * 5, "")
    offered, landed, given = hours["offered"], hours["landed"], hours["ta_hours"]
    return given, given * price, offered, landed, offered - landed, main_reason(hours)


def main_reason(hours: Mapping[str, float]) -> str:
    """Why most of the hours of a district were lost, or why it got none; empty where hardly any was lost. `hours` are
    those after each step of `STEPS`, and months in each status (``months_served`` and so on).
    """
    if hours["offered"] <= 0.0:
        most = max(_NOT_SERVED, key=lambda status: hours[f"months_{status}"])
        return _NOT_SERVED[most] if hours[f"months_{most}"] > 0.0 else ""
    if hours["offered"] - hours["landed"] < _WORTH_A_WORD * hours["offered"]:
        return ""
    if hours["offered"] - hours["attended"] >= hours["attended"] - hours["landed"]:  # what factors add above it is cut
        return NOT_STAFFED if hours["months_nobody"] > hours["months_saturated"] else OVER_THEIR_TIME
    steps = list(_LOST_AT)
    lost = {step: hours[before] - hours[step] for before, step in zip(("attended", *steps), steps, strict=False)}
    return _LOST_AT[max(lost, key=lambda step: lost[step])]


def best_and_worst_served(table: pd.DataFrame, strategy: str, number: int = 3) -> pd.DataFrame:
    """Districts in which a strategy leaves the most and the least, the best first; all of them where they are few."""
    own = table[(table["strategy"] == strategy) & table["gain"].notna()]
    own = own.sort_values("gain", ascending=False, kind="stable", ignore_index=True)
    return own if len(own) <= 2 * number else own.iloc[[*range(number), *range(len(own) - number, len(own))]]


OF_REGIONS = (
    *("strategy", "region", "name", "level", "districts", "pupils", "pairs", "gain", "low", "high", "region_hours"),
)


def regional_gains(comparison: PairedRuns, outcome: str | None = None, *, assumptions: str = "default") -> pd.DataFrame:
    """One row for each strategy and region or state, states first.

    Columns: strategy; region, name and level of the agency above the districts (sea: the state, esa: a region); its
    districts and pupils; pairs; gain over none at the moment of the question with its 95% t interval (low, high);
    region_hours, TA hours of the whole assistance. Regions are those of today. Empty without runs of `none`.
    """
    table, scenario = comparison.rows("regions", assumptions=assumptions), comparison.scenario
    name = _measure(scenario, outcome)
    if table.empty or BASELINE not in comparison.strategies:
        return pd.DataFrame(columns=list(OF_REGIONS))
    own = table[table["month"] == asked_month(scenario)]
    hours = own.groupby(["strategy", "region"])["region_hours"].mean()
    about = own.drop_duplicates("region")[["region", "name", "level", "districts", "pupils"]]
    about = about.sort_values("level", key=lambda level: level != "sea", kind="stable")
    rows = []
    for strategy, gains in _gains_by("region", comparison, "regions", name, assumptions).items():
        for facts in about.itertuples(index=False):
            found = gains.get(str(facts.region), np.empty(0))
            spent = float(hours.get((strategy, facts.region), np.nan))
            rows.append((strategy, *facts, len(found), *mean_interval(found), spent))
    return pd.DataFrame(rows, columns=list(OF_REGIONS))


def contrast_by_weight(comparison: PairedRuns) -> pd.DataFrame:
    """The declared contrast under every way of counting districts.

    Columns: weight, over (luck, or what the wider interval of the answer is over), pairs, estimate, low, high,
    probability_better, ahead (the better strategy, empty where the interval does not settle it).
    """
    over, contrast = headline(comparison)["wider"], comparison.scenario.question.contrast
    return pd.DataFrame([_row(comparison, weight, over, *contrast) for weight in WEIGHTS])


def _row(comparison: PairedRuns, weight: str, over: str, first: str, second: str) -> dict[str, Any]:
    assumptions = "default" if over == "luck" else "drawn"
    found = comparison.difference(first, second, assumptions=assumptions, weight=weight)
    interval = found.mean if over == "luck" else found.spread
    return {
        "weight": weight,
        "over": over,
        "pairs": found.pairs,
        "estimate": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "probability_better": found.probability_better,
        "ahead": settled_ahead(comparison, first, second, interval),
    }


def means_disagree(comparison: PairedRuns) -> str:
    """One sentence where another mean gives the contrast another verdict, and one where it puts another plan before the
    one with most; empty where all agree.

    Two means that settle nothing agree, whatever their signs.
    """
    rows: list[dict[Any, Any]] = contrast_by_weight(comparison).to_dict("records")
    defined = {row["weight"]: row for row in rows if not math.isnan(row["estimate"])}
    own = defined.get(comparison.scenario.question.weight)
    others = [] if own is None else [row for row in defined.values() if row["ahead"] != own["ahead"]]
    said = [_most_depends(comparison)]
    if own is not None and others:
        figures = "; ".join(f"over {WEIGHTS[row['weight']].title} {_figures(row)}" for row in (own, *others))
        first, second = comparison.scenario.question.contrast
        said.insert(0, f"Beware: the answer depends on how districts count. {first} - {second}, mean {figures}.")
    return " ".join(filter(None, said))


def _most_depends(comparison: PairedRuns) -> str:
    """Plans, other than those of the contrast, that are ahead of the one with most when districts count otherwise."""
    weight, contrast = comparison.scenario.question.weight, set(comparison.scenario.question.contrast)
    means = comparison.outcomes(weight=weight).mean().drop(BASELINE, errors="ignore").dropna()
    if means.empty:
        return ""
    most, over = str(means.idxmax()), headline(comparison)["wider"]
    rows = [
        _row(comparison, other, over, str(name), most)
        for other in WEIGHTS
        for name in means.index
        if other != weight and name != most and {name, most} != contrast
    ]
    told = [
        f"over {WEIGHTS[row['weight']].title} {row['ahead']} is {row['estimate']:+.4f} ahead of it"
        for row in rows
        if row["ahead"] not in ("", most)
    ]
    return f"Beware: {most} has most over {WEIGHTS[weight].title}, but {'; '.join(told)}." if told else ""


OF_GAPS = ("gap", "strategy", "weight", "value", "change", "low", "high", "verdict")


def gaps_by_weight(comparison: PairedRuns) -> pd.DataFrame:
    """Gaps in use between groups of districts at the moment of the question, under every way of counting districts.

    Columns: gap, strategy, weight, value (mean over luck); change, low, high: from no assistance, with its 95%
    interval over luck (NaN without it); verdict: more or less where the interval settles it, else empty.
    """
    at, rows = comparison.scenario.question.at, []
    for gap in EQUITY_GAPS:
        for weight in (PLAIN, *(one for one in WEIGHTS if one != PLAIN)):
            column = f"{weighted(gap, weight)}_{at}"
            values = comparison.outcomes(column) if column in comparison.runs else pd.DataFrame()
            for name in (one for one in comparison.strategies if one in values and values[one].notna().any()):
                row = (gap, name, weight, float(values[name].mean()))
                rows.append((*row, *_change(comparison, name, column)))
    return pd.DataFrame(rows, columns=list(OF_GAPS))


def _change(comparison: PairedRuns, name: str, column: str) -> tuple[float, float, float, str]:
    """Change of a gap from no assistance with its interval, and whether it grows or falls by more than luck."""
    if name == BASELINE or BASELINE not in comparison.strategies:
        return math.nan, math.nan, math.nan, ""
    mean = comparison.difference(name, BASELINE, outcome=column).mean
    return (*mean, _more_or_less(mean))


OF_GROUPS = ("group", "strategy", "weight", "value", "gain", "low", "high", "verdict")


def groups_by_weight(comparison: PairedRuns) -> pd.DataFrame:
    """The outcome of the question in groups of districts, by size, density and poverty, under every way of counting
    the districts of a group.

    Columns: group, strategy, weight, value (mean over luck); gain over no assistance, low, high (95% interval over
    luck, NaN without it); verdict: more or less where the interval settles it, else empty.
    """
    measure, kept, rows = comparison.scenario.asked.name, comparison.rows("monthly"), []
    if not kept.empty:
        asked = kept[kept["month"] == asked_month(comparison.scenario)]
        wide = asked.pivot(index=["level", "replicate"], columns="strategy", values=measure)
        for level in (level for level in (*DISTRICTS, *COUNTED) if level in wide.index):
            values = wide.loc[level]
            for name in (one for one in comparison.strategies if one in values and values[one].notna().any()):
                gains = (values[name] - values[BASELINE]).dropna() if BASELINE in values and name != BASELINE else []
                gain = mean_interval(np.asarray(gains, np.float64))
                rows.append((*unweighted(level), name, float(values[name].mean()), *gain, _more_or_less(gain)))
    columns = ["group", "weight", "strategy", *OF_GROUPS[3:]]
    table = pd.DataFrame(rows, columns=columns)[list(OF_GROUPS)]
    return table.sort_values("group", key=lambda names: names.map([*DISTRICTS].index), kind="stable", ignore_index=True)


def _more_or_less(change: Interval) -> str:
    return "more" if change.low > 0.0 else "less" if change.high < 0.0 else ""


def gaps_disagree(comparison: PairedRuns) -> str:
    """One sentence that names the strategies whose change of a gap is settled otherwise when districts count by their
    pupils, and those that do good to a group of districts under one way of counting and harm under the other; empty
    where there is none.
    """
    rows: list[dict[Any, Any]] = gaps_by_weight(comparison).to_dict("records")
    verdict = {(row["gap"], row["strategy"], row["weight"]): row["verdict"] for row in rows}
    words = {"more": "rises", "less": "falls", "": "is not settled"}
    told = [
        f"{name}, {EQUITY_GAPS[gap]} ({words[plain]} over districts, {words[counted]} over pupils)"
        for (gap, name, weight), plain in verdict.items()
        if weight == PLAIN and (counted := verdict.get((gap, name, "pupils"), plain)) != plain
    ]
    groups: list[dict[Any, Any]] = groups_by_weight(comparison).to_dict("records")
    settled = {(row["strategy"], DISTRICTS[row["group"]], row["weight"]): row["verdict"] for row in groups}
    told += [
        f"{name}, {group} ({words[plain]} over districts, {words[settled[name, group, 'pupils']]} over pupils)"
        for (name, group, weight), plain in settled.items()
        if weight == PLAIN and {plain, settled.get((name, group, "pupils"), "")} == {"more", "less"}
    ]
    return f"Beware: what happens to gaps depends on how districts count. {'; '.join(told)}." if told else ""


def _figures(row: dict[Any, Any]) -> str:
    interval = "one pair, no interval" if math.isnan(row["low"]) else f"{row['low']:+.4f} to {row['high']:+.4f}"
    verdict = f"{row['ahead']} ahead" if row["ahead"] else "not settled"
    return f"{row['estimate']:+.4f} ({interval}; {verdict})"
