"""The plans at a quarter, a half, all and twice the budget: where another dollar, or hour, stops mattering; and what a
plan that is not the best comes to in the budget of the one that is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Unpack

import numpy as np
import pandas as pd

from capsim.catalogue import better
from capsim.comparison.asking import help_in_words, outcome_column
from capsim.comparison.flow import plan_table
from capsim.comparison.moving import FurtherRuns, run_further
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.ranking import ranking
from capsim.comparison.statistics import mean_interval
from capsim.comparison.verdicts import plans, smallest_that_matters
from capsim.scenario import Scenario, as_scenario

RUNGS = (0.25, 0.5, 1.0, 2.0)
COLUMNS = ("budget", "strategy", "replicate", "gain", "ta_hours")
TABLE = (
    *("budget", "amount", "unit", "strategy", "worlds", "gain", "low", "high"),
    *("next", "next_low", "next_high", "share", "dollars_per_year"),
)
_HOURS, _DOLLARS = "budget_hours_per_year", "budget_dollars_per_year"


def budget_of(scenario: Scenario) -> tuple[str, float, str]:
    """Key of the budget, its amount in a year, and what it is in."""
    dollars = scenario.assistance.budget_dollars_per_year
    if dollars is not None:
        return _DOLLARS, float(dollars), "dollars"
    return _HOURS, float(scenario.assistance.budget_hours_per_year), "hours"


def run_ladder(
    scenario: Scenario,
    strategies: Mapping[str, Any],
    *,
    replications: int,
    **running: Unpack[FurtherRuns],
) -> pd.DataFrame:
    """Every plan at every rung of the budget, in the same worlds under the same luck.

    One row for each rung, plan and replicate: budget (times the scenario's), strategy, replicate, gain over no help in
    the declared outcome, ta_hours delivered; NaN where a run failed.
    """
    from capsim.runs.blocks import Block

    named = [name for name in strategies if name != "none"]
    column, rows = outcome_column(scenario, None), []
    base: dict[int, float] = {}
    rungs = sorted(RUNGS, key=lambda rung: rung != 1.0)
    asked = [(rung, replicate) for rung in rungs for replicate in range(replications)]
    # no help costs nothing at any budget, so it is run at one of them, the first here
    blocks = [
        Block(at_budget(scenario, rung), tuple(strategies[name] for name in (*["none"] * (rung == 1.0), *named)), one)
        for rung, one in asked
    ]
    for (rung, replicate), result in zip(asked, run_further(blocks, **running), strict=True):
        runs = {run.strategy: run.outcomes for run in result.runs}
        base.setdefault(replicate, runs.get("none", {}).get(column, math.nan))
        for name in named:
            gain = runs[name].get(column, math.nan) - base[replicate]
            rows.append((rung, name, replicate, gain, runs[name].get("ta_hours", math.nan)))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("budget", kind="stable", ignore_index=True)


def at_budget(scenario: Scenario, times: float) -> Scenario:
    """The scenario at so many times its budget."""
    if times == 1.0:
        return scenario
    key, amount, _ = budget_of(scenario)
    assistance = {**scenario.resolved()["assistance"], key: amount * times}
    if caps := scenario.assistance.yearly_cap:
        assistance["yearly_cap"] = {year: cap * times for year, cap in caps.items()}
    return as_scenario(scenario, assistance=assistance)


def ladder_table(comparison: PairedRuns) -> pd.DataFrame:
    """Every plan at a quarter, a half, all and twice the budget, in few worlds of at most forty districts.

    Columns: budget (times the scenario's), amount and unit (dollars or hours a year), strategy, worlds; gain over
    no help, low, high (95% t interval of the mean); next, next_low, next_high (what the next rung adds, pair by
    pair); share (of the gain at the scenario's own budget); dollars_per_year (of the center). Empty unless it was
    run.
    """
    table = comparison.ladder
    if table.empty:
        return pd.DataFrame(columns=list(TABLE))
    _, amount, unit = budget_of(comparison.scenario)
    years = comparison.scenario.timeline.assistance / 12.0 or math.nan
    dollars = plan_table(comparison).groupby("strategy")["dollars"].sum() / years
    rows = []
    for name in (one for one in plans(comparison) if one in set(table["strategy"])):
        mine = table[table["strategy"] == name]
        gains = mine.pivot(index="replicate", columns="budget", values="gain").dropna()
        hours = mine.groupby("budget")["ta_hours"].mean()
        whole = float(gains[1.0].mean()) if len(gains) else math.nan
        for rung, above in zip(RUNGS, (*RUNGS[1:], None), strict=True):
            gain = mean_interval(gains[rung].to_numpy(np.float64))
            step = np.empty(0) if above is None else (gains[above] - gains[rung]).to_numpy(np.float64)
            share = gain.estimate / whole if whole else math.nan
            usual = hours[1.0] if hours[1.0] > 0.0 else math.nan
            spent = float(dollars.get(name, math.nan)) * hours[rung] / usual
            rows.append((rung, rung * amount, unit, name, len(gains), *gain, *mean_interval(step), share, spent))
    return pd.DataFrame(rows, columns=list(TABLE))


class Enough(NamedTuple):
    """Where more money stops mattering for a plan: the rung, None if nowhere on the ladder; whether no rung leaves
    anything that matters.
    """

    strategy: str
    rung: float | None
    nothing: bool


def enough(comparison: PairedRuns, strategy: str) -> Enough:
    """The smallest rung above which no rung has a gain that is larger by as much as matters."""
    table = ladder_table(comparison)
    own = table[table["strategy"] == strategy].set_index("budget")["gain"]
    matters = smallest_that_matters(comparison)
    sign = better(comparison.scenario.asked.name)
    gains = sign * own
    if not len(gains) or gains.isna().any():
        return Enough(strategy, None, nothing=False)
    fits = [rung for rung in RUNGS[:-1] if gains[[r for r in RUNGS if r > rung]].max() - gains[rung] < matters]
    return Enough(strategy, fits[0] if fits else None, nothing=bool(gains.max() < matters))


def same_gain(comparison: PairedRuns, gain: float, best: str) -> float:
    """Times the budget at which the best plan has some gain, by straight lines between the rungs and no help; NaN where
    no rung reaches it.
    """
    table = ladder_table(comparison)
    own = table[table["strategy"] == best]
    if own.empty or own["gain"].isna().any():
        return math.nan
    sign = better(comparison.scenario.asked.name)
    budgets, gains = np.array([0.0, *own["budget"]]), np.array([0.0, *(sign * own["gain"])])
    reached = np.flatnonzero(gains >= sign * gain)
    if not len(reached) or sign * gain <= 0.0:
        return math.nan
    at = int(reached[0])
    low, high = gains[at - 1], gains[at]
    return float(budgets[at - 1] + (budgets[at] - budgets[at - 1]) * (sign * gain - low) / (high - low))


def amount_in_words(scenario: Scenario, times: float) -> str:
    """So many times the budget, in a year."""
    _, amount, unit = budget_of(scenario)
    if unit == "hours":
        return f"{amount * times:,.0f} hours"
    millions = amount * times / 1e6
    return f"${millions:,.2f} million" if millions >= 1.0 else f"${amount * times:,.0f}"


_SHARES = {0.25: "a quarter of the budget", 0.5: "half the budget", 1.0: "the budget as it is", 2.0: "twice the budget"}


def ladder_in_words(comparison: PairedRuns) -> str:
    """Where another dollar, or hour, stops mattering for the best plan, in one or two sentences; empty without runs."""
    rows = ranking(comparison).to_dict("records") if len(comparison.ladder) else []
    if not rows:
        return ""
    best, scenario = rows[0]["strategy"], comparison.scenario
    name, unit = help_in_words(best), budget_of(scenario)[2].removesuffix("s")
    found = enough(comparison, best)
    table = ladder_table(comparison)
    own = table[table["strategy"] == best].set_index("budget")
    if own["gain"].isna().any():
        return "Not every budget was tried, because runs failed."
    if found.nothing:
        return f"Even twice the budget leaves nothing that matters with {name}."
    half, twice = own["share"][0.5], own["next"][1.0]
    more = f"adds {twice:.3f}" if twice >= 0.0 else f"costs {-twice:.3f} of it"
    worlds = f"on average over {int(table['worlds'].min())} worlds, luck alone"
    parts = f"with {name}, half of it leaves {half:.0%} of the gain and twice as much {more}, {worlds}"
    if found.rung is None:
        return f"An extra {unit} still matters up to twice the budget: {parts}."
    where = f"{_SHARES[found.rung]} ({amount_in_words(scenario, found.rung)} a year)"
    return f"An extra {unit} stops mattering at {where}: {parts}."
