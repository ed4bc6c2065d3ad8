"""Where hours were lost, who was served and who left: means over worlds with default assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.catalogue.flow import HELP, REACH, STATUS, STEPS
from capsim.levels import LEVEL_NAMES, ROLE_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison


def waterfall(comparison: Comparison, *by: str) -> pd.DataFrame:
    """Hours of the whole assistance after each step, mean over worlds.

    Columns: strategy, those named in `by` (year, level, activity, channel), and the steps from offered to used.
    """
    import pandas as pd

    keys = ["strategy", *by]
    if comparison.flow.empty:
        return pd.DataFrame(columns=[*keys, *STEPS])
    return _mean_of_worlds(comparison, comparison.flow, keys, list(STEPS))


def waterfall_by_region(comparison: Comparison) -> pd.DataFrame:
    """The same by the agency above those that got the hours, of the simulated agencies; empty unless agencies were kept
    one by one.

    Columns: strategy, parent ("" for those without one), and the steps.
    """
    import pandas as pd

    keys = ["strategy", "parent"]
    if comparison.reach_agencies.empty:
        return pd.DataFrame(columns=[*keys, *STEPS])
    return _mean_of_worlds(comparison, comparison.reach_agencies, keys, list(STEPS))


def who_was_served(comparison: Comparison) -> pd.DataFrame:
    """Agencies by what they were in the assistance, mean over worlds, for all that a sample stands for.

    Columns: strategy, level, served (name in `STATUS`), agencies, share of the level's agencies, offered, landed,
    seats, staff_months, and seats_a_year: seats for each person and year in the months in which there were hours.
    """
    import pandas as pd

    keys = ["strategy", "level", "served"]
    if comparison.reach.empty:
        return pd.DataFrame(columns=[*keys, "agencies", "share", *REACH[1:], "seats_a_year"])
    table = _mean_of_worlds(comparison, comparison.reach, keys, list(REACH))
    whole = table.groupby(["strategy", "level"])["agencies"].transform("sum")
    table.insert(4, "share", table["agencies"] / whole)
    table["seats_a_year"] = 12.0 * table["seats"] / table["staff_months"].where(table["staff_months"] > 0.0)
    return table


def who_left(comparison: Comparison, *by: str) -> pd.DataFrame:
    """Holders and leavers of the whole run by how much help they had had, mean over worlds.

    Columns: strategy, those named in `by` (year, level, role), help_had, holders (person-years), leavers,
    hours_that_left, annual_exit (leavers per person-year).
    """
    import pandas as pd

    keys, numbers = ["strategy", *by, "help_had"], ["holders", "leavers", "hours_that_left"]
    if comparison.leavers.empty:
        return pd.DataFrame(columns=[*keys, *numbers, "annual_exit"])
    table = _mean_of_worlds(comparison, comparison.leavers, keys, numbers)
    table["annual_exit"] = table["leavers"] / table["holders"]
    return table


def loss_sentence(comparison: Comparison) -> str:
    """One line on where the hours of the first strategy of the question went; "" without hours."""
    table = waterfall(comparison)
    for name in comparison.scenario.question.contrast:
        own = table[table["strategy"] == name]
        if len(own) and float(own["offered"].iloc[0]) > 0.0:
            shares = {step: float(own[step].iloc[0]) / float(own["offered"].iloc[0]) for step in STEPS}
            left = " -> ".join(f"{step} {100.0 * shares[step]:.0f}" for step in STEPS if _told(step, shares))
            return f"Of 100 hours offered with {name}, what is left step by step: {left}."
    return ""


def _told(step: str, shares: dict[str, float]) -> bool:
    """Whether a step is worth a word: it changes something, or is one of those that everybody knows."""
    before = shares[STEPS[max(0, STEPS.index(step) - 1)]]
    return step in ("offered", "landed", "used") or abs(shares[step] - before) > 1e-9


def _mean_of_worlds(comparison: Comparison, table: pd.DataFrame, keys: list[str], numbers: list[str]) -> pd.DataFrame:
    """Sums of a run, averaged over worlds with default assumptions, in the order of the comparison."""
    runs = comparison.runs
    worlds = runs[(runs["assumptions"] == "default") & (runs["status"] == "done")].groupby("strategy").size()
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
