"""Where hours were lost, who was served and who left: means over worlds with default assumptions.

First the rows that a run keeps of its flow and its leavers, then their means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue.measures import CHANNELS, HELP, KEPT, REACH, STATUS, STEPS
from capsim.levels import CENTER, LEVEL_NAMES, ROLE_NAMES
from capsim.runs.regional import hours_of_districts

if TYPE_CHECKING:
    from capsim.assistance.served import AgencyFlow, FlowRecord
    from capsim.comparison.paired_runs import PairedRuns


def waterfall(comparison: PairedRuns, *by: str) -> pd.DataFrame:
    """Hours of the whole assistance after each step, mean over worlds.

    Columns: strategy, those named in `by` (year, level, activity, channel), and the steps from offered to used.
    """
    keys = ["strategy", *by]
    if comparison.flow.empty:
        return pd.DataFrame(columns=[*keys, *STEPS])
    return _mean_of_worlds(comparison, comparison.flow, keys, list(STEPS))


def waterfall_by_region(comparison: PairedRuns) -> pd.DataFrame:
    """The same by the agency above those that got the hours, of the simulated agencies; empty unless agencies were kept
    one by one.

    Columns: strategy, parent ("" for those without one), and the steps.
    """
    keys = ["strategy", "parent"]
    if comparison.reach_agencies.empty:
        return pd.DataFrame(columns=[*keys, *STEPS])
    return _mean_of_worlds(comparison, comparison.reach_agencies, keys, list(STEPS))


def who_was_served(comparison: PairedRuns) -> pd.DataFrame:
    """Agencies by what they were in the assistance, mean over worlds, for all that a sample stands for.

    Columns: strategy, level, served (name in `STATUS`), agencies, share of the level's agencies, offered, landed,
    seats, staff_months, and seats_a_year: seats for each person and year in the months in which there were hours.
    """
    keys = ["strategy", "level", "served"]
    if comparison.reach.empty:
        return pd.DataFrame(columns=[*keys, "agencies", "share", *REACH[1:], "seats_a_year"])
    table = _mean_of_worlds(comparison, comparison.reach, keys, list(REACH))
    whole = table.groupby(["strategy", "level"])["agencies"].transform("sum")
    table.insert(4, "share", table["agencies"] / whole)
    table["seats_a_year"] = 12.0 * table["seats"] / table["staff_months"].where(table["staff_months"] > 0.0)
    return table


def who_left(comparison: PairedRuns, *by: str) -> pd.DataFrame:
    """Holders and leavers of the whole run by how much help they had had, mean over worlds.

    Columns: strategy, those named in `by` (year, level, role), help_had, holders (person-years), leavers,
    hours_that_left, annual_exit (leavers per person-year).
    """
    keys, numbers = ["strategy", *by, "help_had"], ["holders", "leavers", "hours_that_left"]
    if comparison.leavers.empty:
        return pd.DataFrame(columns=[*keys, *numbers, "annual_exit"])
    table = _mean_of_worlds(comparison, comparison.leavers, keys, numbers)
    table["annual_exit"] = table["leavers"] / table["holders"]
    return table


def loss_sentence(comparison: PairedRuns) -> str:
    """One line on where the hours of the first strategy of the question went; "" without hours."""
    table = waterfall(comparison)
    for name in comparison.scenario.question.contrast:
        own = table[table["strategy"] == name]
        if len(own) and float(own["offered"].iloc[0]) > 0.0:
            shares = {step: float(own[step].iloc[0]) / float(own["offered"].iloc[0]) for step in STEPS}
            left = " -> ".join(f"{step} {100.0 * shares[step]:.0f}" for step in STEPS if _told(step, shares))
            cut = shares["begun"] - shares["landed"] > 0.01
            why = " What the factors together would give above the hours attended is cut at landed." if cut else ""
            return f"Of 100 hours offered with {name}, what is left step by step: {left}.{why}"
    return ""


def _told(step: str, shares: dict[str, float]) -> bool:
    """Whether a step is worth a word: it changes something, or is one of those that everybody knows."""
    before = shares[STEPS[max(0, STEPS.index(step) - 1)]]
    return step in ("offered", "landed", "used") or abs(shares[step] - before) > 1e-9


def finished_worlds(comparison: PairedRuns) -> pd.Series:
    """Worlds with default assumptions in which each strategy finished."""
    runs = comparison.runs
    return runs[(runs["assumptions"] == "default") & (runs["status"] == "done")].groupby("strategy").size()


def _mean_of_worlds(comparison: PairedRuns, table: pd.DataFrame, keys: list[str], numbers: list[str]) -> pd.DataFrame:
    """Sums of a run, averaged over worlds with default assumptions, in the order of the comparison."""
    worlds = finished_worlds(comparison)
    own = table[(table["assumptions"] == "default") & table["strategy"].isin(worlds.index)]
    total = own.groupby(keys, as_index=False, sort=False)[numbers].sum()
    for name in numbers:
        total[name] /= total["strategy"].map(worlds).to_numpy()
    orders = {
        "strategy": comparison.strategies,
        "level": LEVEL_NAMES,
        "role": ROLE_NAMES,
        "help_had": HELP,
        "served": STATUS,
    }
    ranks = {key: {name: place for place, name in enumerate(order)} for key, order in orders.items()}
    ordered: pd.DataFrame = total.sort_values(
        keys, key=lambda column: column.map(ranks[column.name]) if column.name in ranks else column, ignore_index=True
    )
    return ordered


_STATUS = np.array(list(STATUS))


def flow_table(flow: FlowRecord) -> pd.DataFrame:
    """Hours of all agencies that a sample stands for, one row per year, level that gets, activity and channel."""
    return _rows(flow.by_level, flow.activities, np.array(LEVEL_NAMES), "level")


def flow_agencies_table(flow: FlowRecord, ids: np.ndarray) -> pd.DataFrame:
    """Hours of each simulated agency, one row per year, agency, activity and channel; empty unless they were kept."""
    if flow.hours is None:
        return pd.DataFrame()
    return _rows(flow.hours[:, :, :, : len(ids)], flow.activities, ids, "agency")


def _rows(hours: np.ndarray, activities: tuple[str, ...], getters: np.ndarray, getter: str) -> pd.DataFrame:
    """Rows with any hour of (years, activities, channels, getters, steps)."""
    year, activity, channel, place = np.nonzero(hours[..., 0])
    table = pd.DataFrame(hours[year, activity, channel, place], columns=list(STEPS))
    table.insert(0, "channel", np.array(CHANNELS)[channel])
    table.insert(0, "activity", np.array(activities or ("",))[activity])
    table.insert(0, getter, getters[place])
    table.insert(0, "year", year + 1)
    return table.sort_values(["year", getter], kind="stable", ignore_index=True)


def reach_table(flow: FlowRecord) -> pd.DataFrame:
    """Agencies by what they were in the assistance, one row per level and status that there is."""
    level, status = np.nonzero(flow.reach[..., 0])
    keep = level != CENTER
    level, status = level[keep], status[keep]
    table = pd.DataFrame(flow.reach[level, status], columns=list(REACH))
    table.insert(0, "served", _STATUS[status])
    table.insert(0, "level", np.array(LEVEL_NAMES)[level])
    return table


def reach_agencies_table(kept: AgencyFlow, agencies: Any) -> pd.DataFrame:
    """What each simulated agency is, got and was, one row per agency of the run."""
    n = len(agencies.id)
    about = {"agency": agencies.id, "name": agencies.name, "level": np.array(LEVEL_NAMES)[agencies.level]}
    about |= {"parent": _parents(agencies), "pupils": agencies.enrollment, "positions": agencies.positions}
    table = pd.DataFrame({**about, "served": _STATUS[kept.outcome[:n]]})
    for code, name in enumerate(STATUS):
        table[f"months_{name}"] = kept.months[:n, code]
    for step, name in enumerate(STEPS):
        table[name] = kept.hours[:, :n, step].sum(axis=0)
    table["passed_on"] = kept.hours[1, :n, 0]
    of_all = kept.hours[0, :n, 0] * agencies.weight
    table["ta_hours"] = hours_of_districts(of_all, agencies) / agencies.weight
    table["seats"], table["staff_months"] = kept.seats[:n], kept.staff[:n]
    return table


def _parents(agencies: Any) -> np.ndarray:
    """Ids of the agencies above; empty for none."""
    ids = np.append(np.asarray(agencies.id, object), "")
    return np.asarray(ids[agencies.parent])


def leavers_table(counts: np.ndarray) -> pd.DataFrame:
    """Holders and leavers, one row per year, level, role and how much help they had had."""
    year, level, role, had = np.nonzero(counts[..., 0])
    keep = level != CENTER
    year, level, role, had = (column[keep] for column in (year, level, role, had))
    holders, leavers, hours = counts[year, level, role, had].T
    return pd.DataFrame(
        {
            "year": year + 1,
            "level": np.array(LEVEL_NAMES)[level],
            "role": np.array(ROLE_NAMES)[role],
            "help_had": np.array(HELP)[had],
            "holders": holders / 12.0,
            "leavers": leavers,
            "hours_that_left": hours,
        }
    )


def own_readings_table(kept: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """What instruments of the scenario's own read, one row per month, level and instrument with a reading."""
    month, level, place = np.nonzero(~np.isnan(kept[..., 0]))
    table = pd.DataFrame(kept[month, level, place], columns=list(KEPT))
    table.insert(0, "instrument", np.array(list(names) or [""])[place])
    table.insert(0, "level", np.array(LEVEL_NAMES)[level])
    table.insert(0, "month", month + 1)
    return table
