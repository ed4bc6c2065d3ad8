"""What a difference of two plans comes to: a verdict in one of a few words, the same wherever it is told; and what
weakens an answer: worlds that had not come to rest, an outcome that is undefined, strategies that gave nothing.

A difference that nobody would act on is no difference: verdicts are about `question.matters`, by default a tenth of the
best plan's gain over no help and at least `LEAST_MATTER`. They are given from `FEWEST_FOR_A_VERDICT` worlds on; below
that worlds are counted, and below `FEWEST_TO_COUNT` nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.catalogue import BASELINE, better, unweighted
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import Interval, PairedDifference, replications_needed
from capsim.scenario.events import DRIFT_PER_YEAR, LONGEST_SETTLING

LEAST_MATTER = 0.01
"""Smallest difference that matters unless a question says otherwise."""
PART_OF_THE_BEST = 0.1
FEWEST_FOR_A_VERDICT, FEWEST_TO_COUNT = 16, 8

LARGER, EQUAL, OPEN, NOTHING, TOO_FEW = (
    "larger",
    "practically equal",
    "not settled",
    "neither leaves anything",
    "too few worlds to tell",
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Two plans compared, first minus second.

    Attributes
    ----------
    first, second : str
    verdict : {"larger", "practically equal", "not settled", "neither leaves anything", "too few worlds to tell"}
    ahead : str
        The plan that is better; empty unless the verdict is that one is larger.
    over : str
        What the interval covers: luck, or what was drawn beside it.
    interval : Interval
        Mean and its t interval over luck; or, where it is wider, median and central 95% of single worlds.
    worlds, first_ahead : int
        Pairs of worlds, and those in which the first is better (ties count half, rounded down).
    matters : float
        Smallest difference that matters.
    """

    first: str
    second: str
    verdict: str
    ahead: str
    over: str
    interval: Interval
    worlds: int
    first_ahead: int
    matters: float


def judge(comparison: PairedRuns, first: str, second: str) -> Judged:
    """The verdict on two strategies: larger, practically equal, not settled, neither leaves anything, too few."""
    over, interval, found = wider_interval(comparison, first, second)
    matters = smallest_that_matters(comparison)

    def between(one: str, other: str) -> Interval:
        return interval if other == second else wider_interval(comparison, one, other)[1]

    pair = (first, second)
    verdict = verdict_of(pair, between, found.pairs, matters, without_help=BASELINE in comparison.strategies)
    ahead = settled_ahead(comparison, first, second, interval) if verdict == LARGER else ""
    count = 0 if math.isnan(found.probability_better) else math.floor(found.probability_better * found.pairs)
    return Judged(first, second, verdict, ahead, over, interval, found.pairs, count, matters)


def settled_ahead(comparison: PairedRuns, first: str, second: str, interval: Interval) -> str:
    """The better of two plans where the interval of their difference settles it, else empty."""
    if not _leaves_zero_out(interval):
        return ""
    return first if better(comparison.outcome) * interval.estimate > 0.0 else second


def wider_interval(comparison: PairedRuns, first: str, second: str) -> tuple[str, Interval, PairedDifference]:
    """What the wider of the two intervals of a difference covers, the interval, and the pairs it is of."""
    luck = comparison.difference(first, second)
    if "drawn" in comparison.assumption_sets:
        both = comparison.difference(first, second, assumptions="drawn")
        if not both.spread.half_width < luck.mean.half_width:
            return comparison.drawn_in_words, both.spread, both
    return "luck", luck.mean, luck


def headline(comparison: PairedRuns) -> dict[str, Any]:
    """The declared question in figures: both intervals, and which is the wider one."""
    first, second = comparison.scenario.question.contrast
    figures: dict[str, Any] = {"first": first, "second": second, "outcome": comparison.outcome}
    figures["luck"] = comparison.difference(first, second)
    if "drawn" in comparison.assumption_sets:
        figures["luck_and_assumptions"] = comparison.difference(first, second, assumptions="drawn")
    wider, interval, _ = wider_interval(comparison, first, second)
    figures |= {"wider": wider, "low": interval.low, "high": interval.high, "estimate": interval.estimate}
    pairs = comparison.paired(first, second)
    figures["replications_needed"] = {
        precision: replications_needed(pairs[:, 0] - pairs[:, 1], precision) for precision in (0.01, 0.002)
    }
    return figures


def smallest_that_matters(comparison: PairedRuns) -> float:
    """That of the question; by default a tenth of the largest mean gain over no help, and at least `LEAST_MATTER`."""
    gains = (comparison.difference(name, BASELINE).mean.estimate for name in plans(comparison))
    return that_matters(comparison.scenario.question.matters, gains)


def that_matters(asked: float | None, gains: Iterable[float]) -> float:
    """The smallest difference that matters, from what the question says and the gains of the plans over no help."""
    if asked is not None:
        return float(asked)
    return max([LEAST_MATTER, *(PART_OF_THE_BEST * abs(gain) for gain in gains if math.isfinite(gain))])


def plans(comparison: PairedRuns) -> list[str]:
    """The strategies other than no help."""
    return [name for name in comparison.strategies if name != BASELINE]


def verdict_of(
    pair: tuple[str, str],
    between: Callable[[str, str], Interval],
    worlds: int,
    matters: float,
    *,
    without_help: bool = True,
) -> str:
    """What the difference of a pair comes to in so many worlds; `between` gives the interval of a difference, also from
    no help where that was run.
    """
    interval = between(*pair)
    if worlds < FEWEST_FOR_A_VERDICT or math.isnan(interval.low):
        return TOO_FEW
    equal = is_nothing(interval, matters)
    if not equal and _leaves_zero_out(interval):
        return LARGER
    if without_help and BASELINE not in pair and all(is_nothing(between(one, BASELINE), matters) for one in pair):
        return NOTHING
    return EQUAL if equal else OPEN


def best_of(worlds: pd.DataFrame, sign: float) -> NDArray[np.int64]:
    """Place of the best plan, by column, in each world; `sign` is -1 where less is better."""
    return np.argmax(sign * worlds.to_numpy(np.float64), axis=1) if len(worlds) else np.empty(0, np.int64)


def _leaves_zero_out(interval: Interval) -> bool:
    return interval.low > 0.0 or interval.high < 0.0


def is_nothing(interval: Interval, matters: float) -> bool:
    """Whether a difference is surely none that matters."""
    return -matters < interval.low and interval.high < matters


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
    question, runs = comparison.scenario.question, comparison.runs
    own = runs[runs["strategy"].isin(question.contrast) & (runs["status"] == "done")]
    if own.empty or comparison.outcome not in own or own[comparison.outcome].notna().any():
        return ""
    if own[unweighted(comparison.outcome)[0]].notna().any():
        return (
            f"no district has {question.weight}, by which it would count in the mean; choose another question.weight, "
            "such as districts"
        )
    what = comparison.scenario.asked.title.lower()
    return (
        f"{what} is undefined in these worlds: all {len(own)} runs of the two strategies finished, and none has a "
        "value. Choose another question.outcome"
    )


def idle_strategies(comparison: PairedRuns, names: Iterable[str]) -> list[str]:
    """Those of some strategies that had hours to give and gave none, in worlds with default assumptions."""
    runs = comparison.rows("runs")
    if not {"ta_hours", "unspent_hours"} <= set(runs):
        return []
    sums = runs.groupby("strategy")[["ta_hours", "unspent_hours"]].sum()
    idle = set(sums.index[(sums["ta_hours"] == 0.0) & (sums["unspent_hours"] > 0.0)]) - {BASELINE}
    return [name for name in dict.fromkeys(names) if name in idle]
