"""What was provided, where hours were lost, who was served and who left, what capacities there are: the rows that a run
keeps, and their means over worlds with default assumptions, for all agencies that a sample stands for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue import ACTIVITIES, weighted
from capsim.catalogue.measures import CHANNELS, HELP, KEPT, REACH, STATUS, STEPS
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import mean_interval
from capsim.levels import AGENCY_LEVELS, CENTER, LEVEL_NAMES, ROLE_NAMES
from capsim.parameters import resolve_values
from capsim.runs.outcomes import hours_of_districts

if TYPE_CHECKING:
    from capsim.assistance.flow import AgencyFlow, FlowRecord


def waterfall(comparison: PairedRuns, *by: str) -> pd.DataFrame:
    """Hours of the whole assistance after each step, mean over worlds.

    Columns: strategy, those named in `by` (year, level, activity, channel), and the steps from offered to used.
    """
    return _mean_of_worlds(comparison, "flow", ["strategy", *by], list(STEPS))


def waterfall_by_region(comparison: PairedRuns) -> pd.DataFrame:
    """The same by the agency above those that got the hours, of the simulated agencies; empty unless agencies were kept
    one by one.

    Columns: strategy, parent ("" for those without one), and the steps.
    """
    return _mean_of_worlds(comparison, "reach_agencies", ["strategy", "parent"], list(STEPS))


def who_was_served(comparison: PairedRuns) -> pd.DataFrame:
    """Agencies by what they were in the assistance, mean over worlds, for all that a sample stands for.

    Columns: strategy, level, served (name in `STATUS`), agencies, share of the level's agencies, offered, landed,
    seats, staff_months, and seats_a_year: seats for each person and year in the months in which there were hours.
    """
    table = _mean_of_worlds(comparison, "reach", ["strategy", "level", "served"], list(REACH))
    whole = table.groupby(["strategy", "level"])["agencies"].transform("sum")
    table.insert(4, "share", table["agencies"] / whole)
    table["seats_a_year"] = 12.0 * table["seats"] / table["staff_months"].where(table["staff_months"] > 0.0)
    return table


def who_left(comparison: PairedRuns, *by: str) -> pd.DataFrame:
    """Holders and leavers of the whole run by how much help they had had, mean over worlds.

    Columns: strategy, those named in `by` (year, level, role), help_had, holders (person-years), leavers,
    hours_that_left, annual_exit (leavers per person-year).
    """
    numbers = ["holders", "leavers", "hours_that_left"]
    table = _mean_of_worlds(comparison, "leavers", ["strategy", *by, "help_had"], numbers)
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


def _mean_of_worlds(
    comparison: PairedRuns, what: str, keys: list[str], numbers: list[str], **orders: Iterable[str]
) -> pd.DataFrame:
    """Sums of a run, averaged over worlds with default assumptions, in the order of the comparison and in others."""
    table = comparison.rows(what)
    if table.empty:
        return pd.DataFrame(columns=[*keys, *numbers])
    worlds = comparison.rows("runs").groupby("strategy").size()
    own = table[table["strategy"].isin(worlds.index)]
    total = own.groupby(keys, as_index=False, sort=False)[numbers].sum()
    for name in numbers:
        total[name] /= total["strategy"].map(worlds).to_numpy()
    orders |= {
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


def labelled(values: np.ndarray, columns: Iterable[str], **labels: Any) -> pd.DataFrame:
    """Figures in columns, behind what each row is about."""
    about = pd.DataFrame(labels, index=range(len(values)))
    return pd.concat([about, pd.DataFrame(values, columns=list(columns))], axis=1)


def _rows(hours: np.ndarray, activities: tuple[str, ...], getters: np.ndarray, getter: str) -> pd.DataFrame:
    """Rows with any hour of (years, activities, channels, getters, steps)."""
    year, activity, channel, place = np.nonzero(hours[..., 0])
    about = {"year": year + 1, getter: getters[place], "activity": np.array(activities or ("",))[activity]}
    about["channel"] = np.array(CHANNELS)[channel]
    table = labelled(hours[year, activity, channel, place], STEPS, **about)
    return table.sort_values(["year", getter], kind="stable", ignore_index=True)


def reach_table(flow: FlowRecord) -> pd.DataFrame:
    """Agencies by what they were in the assistance, one row per level and status that there is."""
    level, status = np.nonzero(flow.reach[..., 0])
    keep = level != CENTER
    level, status = level[keep], status[keep]
    return labelled(flow.reach[level, status], REACH, level=np.array(LEVEL_NAMES)[level], served=_STATUS[status])


def reach_agencies_table(kept: AgencyFlow, agencies: Any) -> pd.DataFrame:
    """What each simulated agency is, got and was, one row per agency of the run."""
    n, ids = len(agencies.id), np.append(np.asarray(agencies.id, object), "")
    about = {"agency": agencies.id, "name": agencies.name, "level": np.array(LEVEL_NAMES)[agencies.level]}
    about |= {"parent": ids[agencies.parent], "pupils": agencies.enrollment, "positions": agencies.positions}
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
    about = {"month": month + 1, "level": np.array(LEVEL_NAMES)[level]}
    return labelled(kept[month, level, place], KEPT, **about, instrument=np.array(list(names) or [""])[place])


def plan_table(comparison: PairedRuns) -> pd.DataFrame:
    """Mean over worlds with default assumptions, one row per strategy, quarter and activity that gets hours.

    Columns: strategy; quarter, from 1; activity; hours, of consultants; units of the activity; dollars: hours at
    consultant_rate and units at the price of travel, venues and printing. Staff time is not in it.
    """
    values = resolve_values(comparison.scenario.parameters)
    keys, hours = ["strategy", "quarter", "activity"], "activity_hours"
    table = _mean_of_worlds(comparison, "hours", keys, [hours], activity=ACTIVITIES)
    table = table.rename(columns={hours: "hours"})
    table["units"] = table["hours"] / table["activity"].map(lambda name: values[f"{name}_ta_hours"])
    price = table["activity"].map(lambda name: values[f"{name}_dollars"])
    table["dollars"] = table["hours"] * values["consultant_rate"] + table["units"] * price
    return table


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
    links = [f"{giver} to {getter}" for giver, getter in itertools.product(LEVEL_NAMES, LEVEL_NAMES)]
    numbers = ["delivered", "received", "used"]
    return _mean_of_worlds(comparison, "chain", ["strategy", "link"], numbers, link=links)


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
    monthly = comparison.rows("monthly")
    if monthly.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    leniency = resolve_values(comparison.scenario.parameters)["likert_leniency"]
    last = comparison.scenario.timeline.assistance
    monthly = monthly[monthly["month"].isin([1, last])]
    rows: list[tuple[Any, ...]] = []
    for group in AGENCY_LEVELS:
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
                    both = {strategy, "none"} <= {*ends}
                    built: Any = (ends[strategy] - ends["none"]).dropna() if both else []
                    rows.append((*own_figures, strategy, len(built), *mean_interval(np.asarray(built, np.float64))))
    return pd.DataFrame(rows, columns=list(_COLUMNS))
