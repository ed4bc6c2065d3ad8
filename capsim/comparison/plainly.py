"""What a gain comes to in words people use: a share of the best, the budget that would buy as much, districts over a
line, months until half of it is gone, the turnover at which a lead is lost. Never a hundredth of a scale.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from capsim.catalogue import BASELINE, OUTCOME_MOMENTS, better, weighted
from capsim.comparison.asking import asked_month, strategy_title
from capsim.comparison.ladder import amount_in_words, budget_of, ladder_table, same_gain
from capsim.comparison.paired_runs import PairedRuns, retained_shares
from capsim.comparison.ranking import ranking
from capsim.comparison.statistics import percentile_interval, resampled_means
from capsim.levels import LEA, LEVEL_NAMES
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario
from capsim.scenario.budgets import agencies_today
from capsim.scenario.warnings import keep_their_own

LINE = 0.6
"""Use above which a district counts as using the practices, unless a question says otherwise."""
COLUMNS = (
    *("strategy", "share_of_best", "same_budget", "same_amount", "unit"),
    *("districts", "over_line", "over_line_without", "months_to_half"),
)
_NOBODY = 0.5
"""Districts, mean over worlds, that are as good as none."""
_ALL, _GREW = 0.995, 1.05
"""Shares of a gain from which all of it is there, and more than was there when assistance ended."""
_LEAST_LEARNED = 0.001
"""Mean gain in skill below which it makes no sense to ask what is left of it."""
_TURNOVER = "lea_annual_exit"


def plain_table(comparison: PairedRuns) -> pd.DataFrame:
    """What the gain of each plan comes to in words people use, the best plan first.

    Columns: strategy, share_of_best; same_budget, same_amount, unit (of what the best plan would need in a year to
    leave as much: times the budget, and dollars or hours; NaN unless other budgets were tried); districts,
    over_line, over_line_without (those with use above `question.line`, by default .6, under the plan and without
    help, mean over worlds; NaN unless agencies were kept one by one); months_to_half (until half of the gain in use
    is gone; infinite where it is not).
    """
    ranked: list[dict[Any, Any]] = ranking(comparison).to_dict("records")
    _, amount, unit = budget_of(comparison.scenario)
    over, districts = _over_the_line(comparison)
    rows, ladder = [], ladder_table(comparison)
    for row in ranked:
        name, best = row["strategy"], str(ranked[0]["strategy"])
        own = ladder[(ladder["strategy"] == name) & (ladder["budget"] == 1.0)]["gain"]
        same = same_gain(comparison, float(own.iloc[0]), best) if len(own) and name != best else math.nan
        figures = (row["share_of_best"], same, same * amount, unit)
        lines = (districts, over.get(name, math.nan), over.get("none", math.nan))
        rows.append((name, *figures, *lines, row["half_life_months"]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def line_of(comparison: PairedRuns) -> float:
    """Use above which a district counts as using the practices."""
    given = comparison.scenario.question.line
    return LINE if given is None else float(given)


def _over_the_line(comparison: PairedRuns) -> tuple[dict[str, float], int]:
    """Districts with use above the line at the moment of the question, mean over worlds, by strategy; and how many
    there are. Empty where agencies were not kept one by one, or where something else than use is asked about.
    """
    kept, reach = comparison.rows("agencies"), comparison.reach_agencies
    if kept.empty or reach.empty or comparison.scenario.asked.name != "use":
        return {}, 0
    month = asked_month(comparison.scenario)
    districts = set(reach[reach["level"] == LEVEL_NAMES[LEA]]["agency"])
    own = kept[(kept["month"] == month) & kept["agency"].isin(districts)]
    above = (own["use"] > line_of(comparison)).groupby([own["strategy"], own["replicate"]]).sum()
    means = above.groupby("strategy").mean()
    return {str(name): float(value) for name, value in means.items() if np.isfinite(value)}, len(districts)


def skill_table(comparison: PairedRuns) -> pd.DataFrame:
    """What is left at the end of follow-up of what people had learned when assistance ended, and how many of the
    staff of then are still there. What is left beyond these has been handed on, less what was forgotten.

    Columns: strategy; left, low, high (share of the mean gain in skill, with a bootstrap interval over luck; NaN
    where the gain is below .001); still_there (share of staff, mean over worlds). Empty without follow-up.
    """
    rows, still_there = [], _still_there(comparison)
    moments = [f"{weighted('gain_individual', comparison.scenario.question.weight)}_{at}" for at in OUTCOME_MOMENTS]
    for name in (name for name in comparison.strategies if name in still_there and name != BASELINE):
        own = comparison.rows("runs")
        gains = own[own["strategy"] == name].reindex(columns=moments).dropna().to_numpy("float64")
        if len(gains):
            left = percentile_interval(retained_shares(resampled_means(gains, seed=1), _LEAST_LEARNED))
            rows.append((name, *left, still_there[name]))
    return pd.DataFrame(rows, columns=["strategy", "left", "low", "high", "still_there"])


def _still_there(comparison: PairedRuns) -> dict[str, float]:
    """Share of the staff at the end of assistance who hold their positions to the end of follow-up, by strategy: every
    month those leave who leave, as often among them as among all. Empty without follow-up.
    """
    kept, line = comparison.rows("monthly"), comparison.scenario.timeline
    if kept.empty or not line.follow_up:
        return {}
    asked = (kept["level"] == comparison.districts) & (kept["month"] >= line.assistance)
    own = kept[asked].sort_values("month")
    staying: dict[str, list[float]] = {}
    for (name, _), world in own.groupby(["strategy", "replicate"]):
        filled, exits = 1.0 - world["vacancy"].to_numpy()[:-1], world["exits"].to_numpy()[1:]
        gone = np.divide(exits, filled, out=np.ones(len(exits)), where=filled > 0.0)  # of nobody, nobody is left
        staying.setdefault(str(name), []).append(float((1.0 - gone).prod()))
    return {name: sum(shares) / len(shares) for name, shares in staying.items()}


def in_words(comparison: PairedRuns) -> dict[str, str]:
    """A sentence about each plan, by its name, and one about turnover under "turnover" where it was looked for; without
    what is not known.
    """
    table = plain_table(comparison)
    rows: list[dict[Any, Any]] = table.to_dict("records")
    found = {str(row["strategy"]): said for row in rows if (said := _plan(comparison, row, best=row is rows[0]))}
    return found | ({"turnover": said} if (said := turnover_in_words(comparison)) else {})


def _plan(comparison: PairedRuns, row: Mapping[Any, Any], *, best: bool) -> str:
    parts = []
    if not best and row["share_of_best"] > 0.0:
        same = row["same_budget"]
        amount = "" if math.isnan(same) else amount_in_words(comparison.scenario, same)
        drawn = "drawn" in comparison.assumption_sets
        how = "; with every assumption at its default" if drawn else ","
        bought = f"{how} as much as the best plan leaves with {amount} a year" if amount else ""
        parts.append(f"{row['share_of_best']:.0%} of the best plan's gain{bought}")
    parts += filter(None, [half_in_words(comparison, str(row["strategy"])), _line(comparison, row)])
    return "; ".join(parts)


def half_in_words(comparison: PairedRuns, plan: str) -> str:
    """When half of a plan's gain in use is gone, or how much of it is there at the end; empty where it is not known."""
    scenario = comparison.scenario
    rows: list[dict[Any, Any]] = ranking(comparison).to_dict("records")
    months, left = next((row["half_life_months"], row["retained"]) for row in rows if row["strategy"] == plan)
    if math.isnan(months) or not scenario.timeline.follow_up or scenario.asked.name != "use":
        return ""
    if math.isinf(months):
        if left >= _GREW:
            return f"{scenario.timeline.follow_up} months after assistance ends the gain has grown to {left:.0%}"
        much = "all" if left >= _ALL else f"{left:.0%}"
        return f"{much} of the gain is still there after {scenario.timeline.follow_up} months"
    return f"half of the gain is gone {months:.0f} months after assistance ends"


def _line(comparison: PairedRuns, row: Mapping[Any, Any]) -> str:
    with_help, without = row["over_line"], row["over_line_without"]
    if math.isnan(with_help) or math.isnan(without) or max(with_help, without) < _NOBODY:
        return ""
    line = f"use above {line_of(comparison):.2g}".replace("0.", ".")
    every = all(abs(number - round(number)) < 0.05 for number in (with_help, without))
    said = f"{_count(with_help)} of {row['districts']} districts have {line}, {_count(without)} without help"
    return said if every else f"{said}, on average over worlds"


def _count(districts: float) -> str:
    """A mean number of districts."""
    return f"{districts:.0f}" if abs(districts - round(districts)) < 0.05 else f"{districts:.1f}"


def turnover_in_words(comparison: PairedRuns) -> str:
    """At which turnover the lead of the contrast is lost; empty where nobody looked."""
    found = next((one for one in comparison.break_even if one.parameter == _TURNOVER), None)
    if found is None:
        return ""
    now = float(comparison.scenario.parameters.get(_TURNOVER, PARAMETERS[_TURNOVER].default))
    first, second = comparison.scenario.question.contrast
    estimate = comparison.difference(first, second).mean.estimate
    ahead = strategy_title(first if better(comparison.outcome) * estimate >= 0.0 else second)
    if found.crossings:
        nearest = min((one.estimate for one in found.crossings), key=lambda value: abs(value - now))
        said = f"the lead of {ahead} is lost if {nearest:.0%} of district staff leave in a year instead of {now:.0%}"
    else:
        least, most = found.values[0], found.values[-1]
        said = f"{ahead} stays ahead whether {least:.0%} or {most:.0%} of district staff leave in a year"
    return "; ".join(filter(None, [said, _of_their_own(comparison.scenario)]))


def _of_their_own(scenario: Scenario) -> str:
    """How many districts of a table of one's own have their own turnover, which was not varied."""
    if not scenario.agencies.own_file:
        return ""
    return keep_their_own(_TURNOVER, agencies_today(scenario))
