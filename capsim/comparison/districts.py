"""Region by region and district by district: what each plan leaves there, with how many hours and dollars, and why
hours were lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import BASELINE
from capsim.catalogue.measures import STATUS, STEPS
from capsim.comparison.asking import asked_month
from capsim.comparison.flow import plan_table
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import mean_interval
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


def district_gains(comparison: PairedRuns, *, outcome: str | None = None, assumptions: str = "default") -> pd.DataFrame:
    """One row for each strategy and district, in the order of the comparison and of the table of agencies.

    Columns: strategy; district (id), name, region (id of the agency above), pupils, positions; pairs; gain over none at
    the moment of the question with its 95% t interval over worlds (low, high); ta_hours (of consultants: its own, those
    of its schools, and its share of those of agencies above it) and dollars (at the plan's mean price of an hour);
    offered (hours given to it and its schools, by consultants or by staff above who pass on), landed, lost (the
    difference) and reason (the main one). Empty without runs of `none`, or unless agencies were kept one by one.
    """
    scenario = comparison.scenario
    name = _measure(scenario, outcome)
    kept, reach = comparison.agencies, comparison.reach_agencies
    if kept.empty or reach.empty or "positions" not in reach or BASELINE not in comparison.strategies:
        return pd.DataFrame(columns=list(COLUMNS))
    measured = _gains_by("agency", comparison, kept, name, assumptions)
    own = reach[reach["assumptions"] == assumptions]
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
    place: str, comparison: PairedRuns, table: pd.DataFrame, outcome: str, assumptions: str
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Gains over none in every world, by strategy and place: an agency or a region."""
    own = table[(table["month"] == asked_month(comparison.scenario)) & (table["assumptions"] == assumptions)]
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


def regional_gains(comparison: PairedRuns, *, outcome: str | None = None, assumptions: str = "default") -> pd.DataFrame:
    """One row for each strategy and region or state, states first.

    Columns: strategy; region, name and level of the agency above the districts (sea: the state, esa: a region); its
    districts and pupils; pairs; gain over none at the moment of the question with its 95% t interval (low, high);
    region_hours, TA hours of the whole assistance. Regions are those of today. Empty without runs of `none`.
    """
    table, scenario = comparison.regions, comparison.scenario
    name = _measure(scenario, outcome)
    if table.empty or BASELINE not in comparison.strategies:
        return pd.DataFrame(columns=list(OF_REGIONS))
    own = table[(table["month"] == asked_month(scenario)) & (table["assumptions"] == assumptions)]
    hours = own.groupby(["strategy", "region"])["region_hours"].mean()
    about = own.drop_duplicates("region")[["region", "name", "level", "districts", "pupils"]]
    about = about.sort_values("level", key=lambda level: level != "sea", kind="stable")
    rows = []
    for strategy, gains in _gains_by("region", comparison, table, name, assumptions).items():
        for facts in about.itertuples(index=False):
            found = gains.get(str(facts.region), np.empty(0))
            spent = float(hours.get((strategy, facts.region), np.nan))
            rows.append((strategy, *facts, len(found), *mean_interval(found), spent))
    return pd.DataFrame(rows, columns=list(OF_REGIONS))
