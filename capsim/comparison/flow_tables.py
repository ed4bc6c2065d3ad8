"""What a run keeps of its flow and its leavers, as rows: hours by factor, agencies by what they were, leavers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.catalogue.flow import CHANNELS, HELP, KEPT, REACH, STATUS, STEPS
from capsim.levels import CENTER, LEVEL_NAMES, ROLE_NAMES
from capsim.runs.regional import hours_of_districts

if TYPE_CHECKING:
    from capsim.assistance.served import AgencyFlow, FlowRecord

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
