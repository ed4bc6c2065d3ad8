"""What a difference of two plans comes to: a verdict in one of a few words, the same wherever it is told.

A difference that nobody would act on is no difference: verdicts are about `question.matters`, by default a tenth of the
best plan's gain over no help and at least `LEAST_MATTER`. They are given from `FEWEST_FOR_A_VERDICT` worlds on; below
that worlds are counted, and below `FEWEST_TO_COUNT` nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from capsim.catalogue import better
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.statistics import Interval, PairedDifference, replications_needed

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
    """The verdict on two plans of a comparison by its declared outcome."""
    over, interval, found = wider_interval(comparison, first, second)
    matters = smallest_that_matters(comparison)
    verdict = verdict_of(interval, found.pairs, matters)
    if verdict in (EQUAL, OPEN) and _leave_nothing(comparison, (first, second), matters):
        verdict = NOTHING
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
    gains = (comparison.difference(name, "none").mean.estimate for name in plans(comparison))
    return that_matters(comparison.scenario.question.matters, gains)


def that_matters(asked: float | None, gains: Iterable[float]) -> float:
    """The smallest difference that matters, from what the question says and the gains of the plans over no help."""
    if asked is not None:
        return float(asked)
    return max([LEAST_MATTER, *(PART_OF_THE_BEST * abs(gain) for gain in gains if math.isfinite(gain))])


def plans(comparison: PairedRuns) -> list[str]:
    """The strategies other than no help."""
    return [name for name in comparison.strategies if name != "none"]


def verdict_of(interval: Interval, worlds: int, matters: float) -> str:
    """What the interval of a difference comes to in so many worlds."""
    if worlds < FEWEST_FOR_A_VERDICT or math.isnan(interval.low):
        return TOO_FEW
    if is_nothing(interval, matters):
        return EQUAL
    return LARGER if _leaves_zero_out(interval) else OPEN


def _leaves_zero_out(interval: Interval) -> bool:
    return interval.low > 0.0 or interval.high < 0.0


def is_nothing(interval: Interval, matters: float) -> bool:
    """Whether a difference is surely none that matters."""
    return -matters < interval.low and interval.high < matters


def _leave_nothing(comparison: PairedRuns, pair: tuple[str, str], matters: float) -> bool:
    """Whether each of two plans is practically equal to no help."""
    if "none" in pair or "none" not in comparison.strategies:
        return False
    return all(is_nothing(wider_interval(comparison, name, "none")[1], matters) for name in pair)
