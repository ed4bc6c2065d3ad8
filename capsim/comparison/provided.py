"""What was provided, for all agencies that a sample stands for: by quarter and activity, and hours on every link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from capsim.catalogue import ACTIVITIES
from capsim.levels import LEVEL_NAMES
from capsim.parameters import resolve_values

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison

PLAN_COLUMNS = ("strategy", "quarter", "activity", "hours", "units", "dollars")


def plan_table(comparison: Comparison) -> pd.DataFrame:
    """Mean over worlds with default assumptions, one row per strategy, quarter and activity that gets hours.

    Columns: strategy; quarter, from 1; activity; hours, of consultants; units of the activity; dollars: hours at
    consultant_rate and units at the price of travel, venues and printing. Staff time is not in it.
    """
    if comparison.hours.empty:
        return pd.DataFrame(columns=list(PLAN_COLUMNS))
    values = resolve_values(comparison.scenario.parameters)
    runs = comparison.runs
    worlds = runs[(runs["assumptions"] == "default") & (runs["status"] == "done")].groupby("strategy").size()
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


def asked_hours(comparison: Comparison, plan: pd.DataFrame) -> pd.Series:
    """Hours that the activities of a plan ask of participants, row by row: units x seats x hours of each."""
    values = resolve_values(comparison.scenario.parameters)
    each = {
        name: values[f"{name}_seats"] * values[f"{name}_recipient_hours"] for name in plan["activity"].drop_duplicates()
    }
    asked: pd.Series = plan["units"] * plan["activity"].map(each).astype(float)
    return asked


def chain_totals(comparison: Comparison) -> pd.DataFrame:
    """Hours of the whole assistance on each link, mean over worlds with default assumptions, for all agencies that a
    sample stands for.

    Columns: strategy, link, delivered, received, used; strategies in the order of the comparison, links from the top.
    """
    columns = ["strategy", "link", "delivered", "received", "used"]
    if comparison.chain.empty:
        return pd.DataFrame(columns=columns)
    own = comparison.chain[comparison.chain["assumptions"] == "default"]
    runs = comparison.runs
    worlds = runs[(runs["assumptions"] == "default") & (runs["status"] == "done")].groupby("strategy").size()
    total = own.groupby(["strategy", "link"], as_index=False)[columns[2:]].sum()
    for name in columns[2:]:
        total[name] /= total["strategy"].map(worlds)
    order = {name: place for place, name in enumerate(comparison.strategies)}
    rank = {name: place for place, name in enumerate(LEVEL_NAMES)}
    ends = total["link"].str.split(" to ", expand=True)
    total = total.assign(_first=total["strategy"].map(order), _from=ends[0].map(rank), _to=ends[1].map(rank))
    return total.sort_values(["_first", "_from", "_to"], ignore_index=True)[columns]
