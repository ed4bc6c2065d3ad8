"""What weakens an answer: worlds that had not come to rest, strategies that gave nothing, and ways of counting
districts that disagree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from capsim.catalogue import BASELINE, WEIGHTS, unweighted, weighted
from capsim.catalogue.measures import COUNTED, DISTRICTS, EQUITY_GAPS, PLAIN
from capsim.comparison.asking import asked_month
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import Interval, mean_interval
from capsim.comparison.verdicts import headline, settled_ahead
from capsim.scenario.events import DRIFT_PER_YEAR, LONGEST_SETTLING


def unsettled(comparison: PairedRuns) -> int:
    """Worlds that were to run until they stood still, and still drifted at the limit of settling."""
    if comparison.scenario.timeline.settling != "auto":
        return 0
    return sum(s.months >= LONGEST_SETTLING and not s.drift < DRIFT_PER_YEAR for s in comparison.settling)


def largest_drift(comparison: PairedRuns) -> float:
    """Largest yearly change of a pattern of any world, on a scale from 0 to 1, before assistance; NaN if not known."""
    return max((s.drift for s in comparison.settling if not math.isnan(s.drift)), default=math.nan)


def drift_warning(comparison: PairedRuns) -> str:
    """One sentence where worlds drift by more in a year than the answer is large; empty where they do not."""
    drift = largest_drift(comparison)
    if comparison.outcome not in comparison.runs:
        return ""
    size = abs(float(headline(comparison)["estimate"]))
    if math.isnan(drift) or math.isnan(size) or drift <= size:
        return ""
    return (
        f"Beware: when assistance began, worlds still drifted by up to {drift:.2g} a year without any "
        f"assistance, more than the difference in the answer ({size:.2g}). Strategies meet the same drift, so "
        "they can be compared with each other; levels are not a forecast."
    )


def undefined_outcome(comparison: PairedRuns) -> str:
    """Why finished runs of the contrast say nothing: the outcome is undefined in them. Empty where it is not."""
    question = comparison.scenario.question
    runs = comparison.runs
    own = runs[runs["strategy"].isin(question.contrast) & (runs["status"] == "done")]
    if own.empty or comparison.outcome not in own or own[comparison.outcome].notna().any():
        return ""
    measure = comparison.scenario.asked
    plain, _ = unweighted(comparison.outcome)
    if own[plain].notna().any():
        return (
            f"no district has {question.weight}, by which it would count in the mean; choose another question.weight, "
            "such as districts"
        )
    return (
        f"{measure.title.lower()} is undefined in these worlds: all {len(own)} runs of the two strategies finished, "
        "and none has a value. Choose another question.outcome"
    )


def idle_strategies(comparison: PairedRuns, names: Iterable[str]) -> list[str]:
    """Those of some strategies that had hours to give and gave none, in worlds with default assumptions."""
    runs = comparison.runs[(comparison.runs["assumptions"] == "default") & (comparison.runs["status"] == "done")]
    if not {"ta_hours", "unspent_hours"} <= set(runs):
        return []
    idle = []
    for name in dict.fromkeys(names):
        own = runs[runs["strategy"] == name]
        given, left = (float(own[column].sum()) for column in ("ta_hours", "unspent_hours"))
        if name != "none" and given == 0.0 and left > 0.0:
            idle.append(name)
    return idle


def contrast_by_weight(comparison: PairedRuns) -> pd.DataFrame:
    """One row for each way of counting; see `Comparison.by_weight`."""
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
    """One row for each gap, strategy and way of counting; see `Comparison.equity_gaps`."""
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
    """One row for each group of districts, strategy and way of counting; see `Comparison.by_group`."""
    measure, kept, rows = comparison.scenario.asked.name, comparison.monthly, []
    if not kept.empty:
        asked = (kept["assumptions"] == "default") & (kept["month"] == asked_month(comparison.scenario))
        wide = kept[asked].pivot(index=["level", "replicate"], columns="strategy", values=measure)
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
