"""What was provided, for all agencies that a sample stands for: by quarter and activity, and hours on every link; and
what capacities agencies have, say they have, want and get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, weighted
from capsim.comparison.flow import finished_worlds
from capsim.comparison.statistics import mean_interval
from capsim.levels import AGENCY_LEVELS, LEVEL_NAMES
from capsim.parameters import resolve_values

if TYPE_CHECKING:
    from capsim.comparison.paired_runs import PairedRuns

PLAN_COLUMNS = ("strategy", "quarter", "activity", "hours", "units", "dollars")


def plan_table(comparison: PairedRuns) -> pd.DataFrame:
    """Mean over worlds with default assumptions, one row per strategy, quarter and activity that gets hours.

    Columns: strategy; quarter, from 1; activity; hours, of consultants; units of the activity; dollars: hours at
    consultant_rate and units at the price of travel, venues and printing. Staff time is not in it.
    """
    if comparison.hours.empty:
        return pd.DataFrame(columns=list(PLAN_COLUMNS))
    values = resolve_values(comparison.scenario.parameters)
    worlds = finished_worlds(comparison)
    rows = comparison.hours[comparison.hours["assumptions"] == "default"]
    total = rows.groupby(["strategy", "quarter", "activity"], as_index=False)["activity_hours"].sum()
    table = pd.DataFrame({name: total[name] for name in PLAN_COLUMNS[:3]})
    table["hours"] = total["activity_hours"] / total["strategy"].map(worlds)
    table["units"] = table["hours"] / table["activity"].map(lambda name: values[f"{name}_ta_hours"])
    price = table["activity"].map(lambda name: values[f"{name}_dollars"])
    table["dollars"] = table["hours"] * values["consultant_rate"] + table["units"] * price
    order = {name: place for place, name in enumerate((*comparison.strategies, *ACTIVITIES))}
    ordered: pd.DataFrame = table.sort_values(
        list(PLAN_COLUMNS[:3]),
        key=lambda column: column.map(order) if column.name != "quarter" else column,
        ignore_index=True,
    )
    return ordered


def asked_hours(comparison: PairedRuns, plan: pd.DataFrame) -> pd.Series:
    """Hours that the activities of a plan ask of participants, row by row: units x seats x hours of each."""
    values = resolve_values(comparison.scenario.parameters)
    each = {
        name: values[f"{name}_seats"] * values[f"{name}_recipient_hours"] for name in plan["activity"].drop_duplicates()
    }
    asked: pd.Series = plan["units"] * plan["activity"].map(each).astype(float)
    return asked


def chain_totals(comparison: PairedRuns) -> pd.DataFrame:
    """Hours of the whole assistance on each link, mean over worlds with default assumptions, for all agencies that a
    sample stands for.

    Columns: strategy, link, delivered, received, used; strategies in the order of the comparison, links from the top.
    """
    columns = ["strategy", "link", "delivered", "received", "used"]
    if comparison.chain.empty:
        return pd.DataFrame(columns=columns)
    own = comparison.chain[comparison.chain["assumptions"] == "default"]
    worlds = finished_worlds(comparison)
    total = own.groupby(["strategy", "link"], as_index=False)[columns[2:]].sum()
    for name in columns[2:]:
        total[name] /= total["strategy"].map(worlds)
    order = {name: place for place, name in enumerate(comparison.strategies)}
    rank = {name: place for place, name in enumerate(LEVEL_NAMES)}
    ends = total["link"].str.split(" to ", expand=True)
    total = total.assign(_first=total["strategy"].map(order), _from=ends[0].map(rank), _to=ends[1].map(rank))
    return total.sort_values(["_first", "_from", "_to"], ignore_index=True)[columns]


AGENCY_GROUPS = tuple(AGENCY_LEVELS)
"""Levels of agencies, from the state down; a scenario need not have all of them."""
CAPACITY_MEASURES = (
    *("individual", "organizational_skills", "access_to_expertise", "shared_goals", "culture"),
    *("alignment_internal", "alignment_parent", "resources"),
)
"""RAND's six capacities (alignment in two parts) and resources."""
_OF_GROUP = ("group", "capacity", "existing", "self_rated", "desired")
_COLUMNS = (*_OF_GROUP, "strategy", "pairs", "built", "built_low", "built_high")


def self_rated(level: float, leniency: float) -> float:
    """What people say of a level in [0, 1] on a scale of 1 to 5: lenient with themselves, and the scale ends at 5."""
    return max(1.0, min(5.0, 1.0 + 4.0 * level + leniency)) if not np.isnan(level) else float("nan")


def capacity_table(comparison: PairedRuns) -> pd.DataFrame:
    """One row per group of agencies, capacity and strategy that assists; worlds with default assumptions.

    Columns: group ("sea", "esa", "lea", "school"), capacity (a measure); existing, the true level at the end of the
    first month without assistance, 0 to 1; self_rated, on the scale of 1 to 5 with the declared leniency; desired, 5
    minus that: what people would say they still want; strategy; pairs; built, built_low, built_high: gain over no
    assistance at the end of assistance with its 95% t interval. Undefined measures (NaN) are left out; empty without
    finished runs of `none`.
    """
    monthly = comparison.monthly
    if monthly.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    leniency = resolve_values(comparison.scenario.parameters)["likert_leniency"]
    last = comparison.scenario.timeline.assistance
    monthly = monthly[(monthly["assumptions"] == "default") & monthly["month"].isin([1, last])]
    rows: list[tuple[Any, ...]] = []
    for group in AGENCY_GROUPS:
        level = weighted("lea", comparison.scenario.question.weight) if group == "lea" else group
        own = monthly[monthly["level"] == level]
        for capacity in CAPACITY_MEASURES:
            start = own[(own["strategy"] == "none") & (own["month"] == 1)][capacity].dropna()
            if start.empty:
                continue
            existing = float(start.mean())
            rated = self_rated(existing, leniency)
            ends = own[own["month"] == last].pivot(index="replicate", columns="strategy", values=capacity)
            own_figures = (group, capacity, existing, rated, 5.0 - rated)
            for strategy in comparison.strategies:
                if strategy != "none":
                    built = _built(ends, strategy)
                    gain = mean_interval(built)
                    rows.append((*own_figures, strategy, len(built), gain.estimate, gain.low, gain.high))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _built(ends: pd.DataFrame, strategy: str) -> np.ndarray:
    if "none" not in ends or strategy not in ends:
        return np.empty(0)
    return (ends[strategy] - ends["none"]).dropna().to_numpy(np.float64)
