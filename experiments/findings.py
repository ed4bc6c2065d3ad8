"""Findings: paired differences at every point, where they flip, and what the assumptions do to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import WEIGHTS, unweighted, weighted_column
from capsim.comparison.assumptions import ranked_assumptions
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import crossing_intervals, mean_interval
from capsim.comparison.variants import differences_by_variant
from capsim.runs.identity import RESULTS_VERSION
from experiments.carrying_out import Carried
from experiments.question import Pair, Question

NO_FLIP: dict[str, Any] = {"at": [], "intervals": [], "share_that_agree": None}
TOGETHER = 0.95
"""Chance that all intervals of a pair hold together (Bonferroni over its points)."""


def findings(carried: Carried, question: Question) -> dict[str, Any]:
    """Everything that the page and the picture show, as plain data."""
    return {
        "study": carried.identity,
        "results_version": RESULTS_VERSION,
        "replications": carried.study.replications,
        "districts": int(carried.study.scenario.agencies.sample or carried.study.scenario.agencies.districts or 0),
        "pairs": [found for pair in question.pairs for found in _panels(carried, question, pair)],
        "hours": _hours(carried.base),
        **({"causes": causes_taken_away(carried.without, carried.base.runs, question)} if question.causes else {}),
    }


def causes_taken_away(
    without: Iterable[pd.DataFrame], everything: pd.DataFrame, question: Question
) -> list[dict[str, Any]]:
    """Each pair without each cause: the difference, and how far above that with all causes it is, paired by luck."""
    rows = []
    base = everything[(everything["assumptions"] == "default") & (everything["status"] == "done")]
    for cause, runs in zip(question.causes, without, strict=True):
        for number, pair in enumerate(question.pairs):
            outcome = question.outcome_of(pair)
            alone = _by_replicate(runs[runs["status"] == "done"], pair, outcome)
            change = (alone - _by_replicate(base, pair, outcome)).dropna()
            rows.append({"cause": cause.cause, "pair": number, **_mean("", alone), **_mean("change_", change)})
    return rows


def _by_replicate(runs: pd.DataFrame, pair: Pair, outcome: str) -> pd.Series:
    wide = runs.pivot(index="replicate", columns="strategy", values=outcome)
    return (wide[pair.first] - wide[pair.second]).dropna()


def _mean(prefix: str, values: pd.Series) -> dict[str, float]:
    mean = mean_interval(values.to_numpy(np.float64))
    return {f"{prefix}difference": mean.estimate, f"{prefix}low": mean.low, f"{prefix}high": mean.high}


def _panels(carried: Carried, question: Question, pair: Pair) -> Iterator[dict[str, Any]]:
    """A pair, once for every level of the panels' factor."""
    runs = carried.runs[carried.runs["status"] == "done"]
    drawn = _drawn(carried.base, pair, question.outcome_of(pair))
    if not question.panels:
        yield _pair(runs, question, pair) | {"drawn": drawn}
        return
    for level, part in runs.groupby(question.panels):
        yield _pair(part, question, pair) | {"drawn": drawn, "panel": float(str(level))}


def _pair(runs: pd.DataFrame, question: Question, pair: Pair) -> dict[str, Any]:
    outcome = question.outcome_of(pair)
    wide = runs.pivot_table(index=[*question.factors, "replicate"], columns="strategy", values=outcome)
    difference = (wide[pair.first] - wide[pair.second]).dropna()
    points = _points(difference, question.factors)
    return {
        "first": pair.first,
        "second": pair.second,
        "outcome": outcome,
        "points": points,
        "flips": _flips(difference, points, question),
    }


def _points(difference: pd.Series, factors: list[str]) -> list[dict[str, Any]]:
    """Mean difference at each point with an interval that holds for all points together."""
    groups = list(difference.groupby(level=list(range(len(factors)))))
    confidence = 1.0 - (1.0 - TOGETHER) / len(groups)
    points = []
    where: Any
    for where, values in groups:
        mean = mean_interval(values.to_numpy(np.float64), confidence=confidence)
        ahead = "first" if mean.low > 0.0 else "second" if mean.high < 0.0 else "undecided"
        place = dict(zip(factors, where if isinstance(where, tuple) else (where,), strict=True))
        points.append(
            {
                **{name: float(value) for name, value in place.items()},
                "pairs": len(values),
                "difference": mean.estimate,
                "low": mean.low,
                "high": mean.high,
                "ahead": ahead,
            }
        )
    return points


def _flips(difference: pd.Series, points: list[dict[str, Any]], question: Question) -> list[dict[str, Any]]:
    """Zeros along the first factor, for every level of the second, with intervals from resampled replicates; none
    unless some point is decided on either side.
    """
    rows = []
    levels = difference.index.get_level_values(question.across).unique() if question.across else [None]
    for level in levels:
        part = difference if level is None else difference.xs(level, level=question.across)
        table = part.unstack("replicate").dropna(axis=1)
        values = table.index.to_numpy(np.float64)
        here = [point for point in points if level is None or point[question.across] == level]
        found = _zeros(values, table.to_numpy(np.float64)) if len(set(decided(here))) == 2 else NO_FLIP
        moves = bool(np.ptp(table.to_numpy(np.float64), axis=0).max() > 0.0)
        rows.append({**({} if level is None else {question.across: float(level)}), **found, "moves": moves})
    return rows


def decided(points: list[dict[str, Any]]) -> list[str]:
    """For which of a pair each point that is decided is: "first" or "second"."""
    return [point["ahead"] for point in points if point["ahead"] != "undecided"]


def _zeros(values: NDArray[np.float64], table: NDArray[np.float64]) -> dict[str, Any]:
    found, share = crossing_intervals(values, table)
    spans = [[one.low, one.high] for one in found if not np.isnan(one.low)]
    return {"at": [one.estimate for one in found], "intervals": spans, "share_that_agree": share}


def _drawn(base: Comparison, pair: Pair, outcome: str) -> dict[str, Any]:
    """The pair at the base point: luck alone, luck and assumptions, and the assumptions that stand out from chance."""
    luck = base.difference(pair.first, pair.second, outcome=outcome)
    both = base.difference(pair.first, pair.second, outcome=outcome, assumptions="drawn")
    return {
        "difference": luck.mean.estimate,
        "low": luck.mean.low,
        "high": luck.mean.high,
        "pairs": luck.pairs,
        "range_low": both.spread.low,
        "range_high": both.spread.high,
        "first_ahead": both.probability_better,
        "drawn_pairs": both.pairs,
        "means": _means(base, pair, outcome),
        "assumptions": _matter(base, pair, outcome),
        "rules": _rules(base, pair, outcome),
    }


def _means(base: Comparison, pair: Pair, outcome: str) -> list[dict[str, Any]]:
    """The pair under every way of counting districts, luck alone; nothing for an outcome that counts none."""
    if weighted_column(outcome, "pupils") == outcome == weighted_column(outcome, "positions"):
        return []
    plain, _ = unweighted(outcome)
    found = {weight: base.difference(pair.first, pair.second, outcome=plain, weight=weight).mean for weight in WEIGHTS}
    return [
        {"weight": weight, "difference": mean.estimate, "low": mean.low, "high": mean.high}
        for weight, mean in found.items()
    ]


def _matter(base: Comparison, pair: Pair, outcome: str) -> list[dict[str, Any]]:
    """The assumptions that the difference goes along with by more than chance would have it, three at most."""
    runs = base.runs[(base.runs["assumptions"] == "drawn") & (base.runs["status"] == "done")]
    wide = runs.pivot(index="replicate", columns="strategy", values=outcome)
    difference = (wide[pair.first] - wide[pair.second]).dropna()
    ranked, chance = ranked_assumptions(base, difference, (pair.first, pair.second))
    return [
        {"parameter": str(row["parameter"]), "correlation": float(row["correlation"])}
        for row in ranked.head(3).to_dict("records")
        if abs(row["correlation"]) > chance
    ]


def _rules(base: Comparison, pair: Pair, outcome: str) -> list[dict[str, Any]]:
    """The pair under each variant of a rule, averaged over everything else that was drawn."""
    table = differences_by_variant(base, pair=(pair.first, pair.second), outcome=outcome)
    kept = ["rule", "variant", "pairs", "difference", "low", "high", "turns", "explained"]
    return [{str(key): value for key, value in row.items()} for row in table[kept].to_dict("records")]


def _hours(base: Comparison) -> list[dict[str, Any]]:
    runs = base.runs[(base.runs["assumptions"] == "default") & (base.runs["status"] == "done")]
    columns = ["ta_hours", "unspent_hours", "recipient_hours", "turnkey_hours", "cost", "gain_use_follow_up_end"]
    means = runs.groupby("strategy", sort=False)[columns].mean()
    return [{"strategy": str(name), **{c: float(row[c]) for c in columns}} for name, row in means.iterrows()]
