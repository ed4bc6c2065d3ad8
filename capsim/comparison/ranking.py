"""All plans of a comparison in one table, the best first: what a person who must choose needs; and strategies ranked
against one of them, with costs, and reasons that were measured.

The order of recommendations is that of the mean difference in the declared outcome, over drawn worlds where there are
some, else over luck. A rank is not a verdict: that is settled only where the interval lies on one side of zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from capsim.catalogue import BASELINE, better, weighted_column
from capsim.comparison.districts import regional_gains
from capsim.comparison.flow import plan_table
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.verdicts import LARGER, best_of, judge, plans, wider_interval
from capsim.errors import CapsimError, InputError, nearest_name
from capsim.scenario.budgets import more_than_today, structure_of

COLUMNS = (
    *("rank", "strategy", "over", "gain", "low", "high", "worlds", "best_in", "share_of_best"),
    *("retained", "half_life_months", "dollars", "recipient_hours", "gain_per_million"),
    *("gain_per_1000_staff_hours", "left_behind"),
    *("against_best", "ahead"),
)
_BEHIND = {"small": "equity_gap_size", "sparse": "equity_gap_sparse"}
"""Districts that a plan can leave behind, and the gap whose rise says so."""


def ranking(comparison: PairedRuns) -> pd.DataFrame:
    """All plans against no help, the best first; empty without `none` or a plan.

    Columns: rank, strategy; over (what the interval covers), gain, low, high; worlds, best_in (worlds in which the
    plan is the best of all); share_of_best (gain over the best plan's); retained, half_life_months (see
    `retention`); dollars (of the center, see `plan`), recipient_hours (hours of staff), gain_per_million (dollars)
    and gain_per_1000_staff_hours; left_behind (districts whose gap to the others the plan widens: small, sparse);
    against_best, ahead (verdict against the best plan, or of the best against the second, and who is better; see
    `judge`).
    """
    return comparison.kept(("ranking",), lambda: _ranked(comparison))


def _ranked(comparison: PairedRuns) -> pd.DataFrame:
    named = plans(comparison)
    if not named or "none" not in comparison.strategies:
        return pd.DataFrame(columns=list(COLUMNS))
    sign = better(comparison.scenario.asked.name)
    best_in, worlds = _best_in(comparison, named, sign)
    lasting = comparison.retention() if len(comparison.monthly) else pd.DataFrame()
    records: list[dict[Any, Any]] = lasting.to_dict("records")
    kept: dict[str, dict[Any, Any]] = {row["strategy"]: dict(row) for row in records}
    dollars = plan_table(comparison).groupby("strategy")["dollars"].sum().to_dict()
    rows = [_row(comparison, name, kept.get(name, {}), float(dollars.get(name, math.nan))) for name in named]
    rows.sort(key=lambda row: -sign * row["gain"] if math.isfinite(row["gain"]) else math.inf)
    best, most = rows[0]["strategy"], rows[0]["gain"]
    for rank, row in enumerate(rows, start=1):
        other = rows[1]["strategy"] if row["strategy"] == best and len(rows) > 1 else best
        judged = judge(comparison, row["strategy"], other) if len(rows) > 1 else None
        row |= {
            "rank": rank,
            "worlds": worlds,
            "best_in": best_in.get(row["strategy"], 0),
            "share_of_best": row["gain"] / most if sign * most > 0.0 else math.nan,
            "against_best": judged.verdict if judged else "",
            "ahead": judged.ahead if judged else "",
        }
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(comparison: PairedRuns, name: str, kept: Mapping[Any, Any], dollars: float) -> dict[str, Any]:
    over, interval, _ = wider_interval(comparison, name, "none")
    hours = comparison.outcomes("recipient_hours")
    staff = float(hours[name].mean()) if name in hours else math.nan
    return {
        "strategy": name,
        "over": over,
        "gain": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "retained": float(kept.get("retained", math.nan)),
        "half_life_months": float(kept.get("half_life_months", math.nan)),
        "dollars": dollars,
        "recipient_hours": staff,
        "gain_per_million": interval.estimate / (dollars / 1e6) if dollars > 0.0 else math.nan,
        "gain_per_1000_staff_hours": interval.estimate / (staff / 1e3) if staff > 0.0 else math.nan,
        "left_behind": ", ".join(group for group, gap in _BEHIND.items() if _widens(comparison, name, gap)),
    }


def _widens(comparison: PairedRuns, name: str, gap: str) -> bool:
    """Whether a plan widens a gap in use between districts by more than luck alone would."""
    column = f"{gap}_{comparison.scenario.question.at}"
    if column not in comparison.runs:
        return False
    found = comparison.difference(name, "none", outcome=weighted_column(column, "districts"))
    return found.mean.low > 0.0


def _best_in(comparison: PairedRuns, named: list[str], sign: float) -> tuple[dict[str, int], int]:
    """In how many worlds each plan is the best of all, and in how many worlds all plans finished."""
    drawn = "drawn" if "drawn" in comparison.assumption_sets else "default"
    table = comparison.outcomes(assumptions=drawn)
    if not set(named) <= set(table.columns):
        return {}, 0
    complete = table[named].dropna()
    first = best_of(complete, sign)
    return {name: int((first == place).sum()) for place, name in enumerate(named)}, len(complete)


OF_RECOMMENDATIONS = (
    *("rank", "strategy", "pairs", "difference", "low", "high", "worlds", "range_low", "range_high", "ahead"),
    "verdict",
    *("positions", "structure_dollars", "cost_difference", "ta_hours", "turnkey_hours", "reason"),
)
_MOST = 2
"""Regions that a reason names at each end."""


def recommendations(comparison: PairedRuns, against: str | None = None) -> pd.DataFrame:
    """Every other strategy against one of them, in the order of means over the drawn worlds, or luck where none are.

    Columns: rank; strategy; pairs, difference, low, high: mean over luck with its 95% t interval; worlds, range_low,
    range_high: drawn worlds, and the range that holds 95% of their differences (NaN without); ahead, share of drawn
    pairs, else of pairs, in which it is ahead; verdict: larger, smaller, or one of the other words of `judge`;
    positions, of regional agencies more or fewer than today; structure_dollars, what they cost more a year;
    cost_difference, dollars over the whole run; ta_hours and turnkey_hours, of the whole run, more or fewer; reason.
    Against the second of the contrast, where none is named.
    """
    reference = comparison.scenario.question.contrast[1] if against is None else against
    if reference not in comparison.strategies:
        names = comparison.strategies
        raise InputError(
            f"against: no strategy {reference!r}; there are {', '.join(names)}{nearest_name(reference, names)}"
        )
    others = [name for name in comparison.strategies if name not in (reference, BASELINE)]
    rows = [_recommended(comparison, name, reference) for name in others]
    rows = [row for row in rows if not math.isnan(row["difference"])]
    sign = better(comparison.scenario.asked.name)
    rows.sort(key=lambda row: -sign * row["order"])
    ranked = [{"rank": place, **row} for place, row in enumerate(rows, 1)]
    return pd.DataFrame(ranked, columns=list(OF_RECOMMENDATIONS))


def _recommended(comparison: PairedRuns, name: str, reference: str) -> dict[str, Any]:
    luck = comparison.difference(name, reference)
    is_drawn = "drawn" in comparison.assumption_sets
    drawn = comparison.difference(name, reference, assumptions="drawn") if is_drawn else None
    judged = judge(comparison, name, reference)
    positions, dollars = _structure(comparison, name)
    before, dollars_before = _structure(comparison, reference)
    columns = {"cost_difference": "cost", "ta_hours": "ta_hours", "turnkey_hours": "turnkey_hours"}
    more = {what: _more(comparison, name, reference, column) for what, column in columns.items()}
    pairs = comparison.paired(name, reference, assumptions="default" if drawn is None else "drawn")
    row = {
        "strategy": name,
        "pairs": luck.pairs,
        "difference": luck.mean.estimate,
        "low": luck.mean.low,
        "high": luck.mean.high,
        "worlds": 0 if drawn is None else drawn.pairs,
        "range_low": math.nan if drawn is None else drawn.spread.low,
        "range_high": math.nan if drawn is None else drawn.spread.high,
        "ahead": (luck if drawn is None else drawn).probability_better,
        "verdict": "smaller" if judged.verdict == LARGER and judged.interval.high < 0.0 else judged.verdict,
        "positions": positions - before,
        "structure_dollars": dollars - dollars_before,
        **more,
        "order": float((pairs[:, 0] - pairs[:, 1]).mean()) if len(pairs) else luck.mean.estimate,
    }
    return {**row, "reason": _reason(comparison, row, reference)}


def _structure(comparison: PairedRuns, name: str) -> tuple[float, float]:
    """What its structure is more than today; NaN where tables are gone."""
    try:
        return more_than_today(comparison.scenario, structure_of(comparison.scenario, name))
    except CapsimError:
        return math.nan, math.nan


def _more(comparison: PairedRuns, name: str, reference: str, column: str) -> float:
    """Mean over luck of a column of the runs, more than under the reference."""
    own = comparison.rows("runs").groupby("strategy")[column].mean()
    return float(own.get(name, math.nan) - own.get(reference, math.nan))


def _reason(comparison: PairedRuns, row: dict[str, Any], reference: str) -> str:
    """What was measured that goes with the difference: staff, hours of center and region, gaps, regions."""
    line = comparison.scenario.timeline
    years = max(line.assistance, 1) / 12.0
    said = []
    if row["positions"] > 0.0 or row["positions"] < 0.0:
        sign = "-" if row["structure_dollars"] < 0.0 else "+"
        money = f"{sign}${abs(row['structure_dollars']) / 1e6:,.1f} million a year"
        said.append(f"{row['positions']:+,.0f} regional positions ({money})")
    for column, what in (("ta_hours", "TA hours"), ("turnkey_hours", "hours passed on by regional staff")):
        if abs(row[column]) / years >= 1.0:
            said.append(f"{row[column] / years:+,.0f} {what} a year")
    for gap, who in (("size", "large and small"), ("sparse", "other and sparse")):
        column = f"equity_gap_{gap}_{comparison.scenario.question.at}"
        change = comparison.difference(str(row["strategy"]), reference, outcome=column).mean
        if change.low > 0.0 or change.high < 0.0:
            said.append(f"gap between {who} districts {change.estimate:+.4f}")
    said += _ends(comparison, str(row["strategy"]), reference)
    return "; ".join(said) if said else "no other measure moves"


def _ends(comparison: PairedRuns, name: str, reference: str) -> list[str]:
    """The regions that gain most and least against the reference, by name where that says which."""
    table = regional_gains(comparison)
    table = table[table["level"] == "esa"]
    called = table.drop_duplicates("region").set_index("region")["name"]
    called = called[~called.duplicated(keep=False)]
    if reference == BASELINE:
        change = table[table["strategy"] == name].set_index("region")["gain"].dropna()
    else:
        wide = table.pivot(index="region", columns="strategy", values="gain")
        if name not in wide or reference not in wide:
            return []
        change = (wide[name] - wide[reference]).dropna()
    change = change[~change.round(12).duplicated()]  # a region in a region with the same sampled districts
    if len(change) < 2 * _MOST:
        return []
    ranked = change.sort_values(ascending=False, kind="stable")
    most, least = ranked.head(_MOST), ranked.tail(_MOST).iloc[::-1]
    names = [
        ", ".join(f"{called.get(region, region)} {value:+.4f}" for region, value in part.items())
        for part in (most, least)
    ]
    return [f"most in {names[0]}, least in {names[1]}"]
