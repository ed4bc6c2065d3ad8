"""From an estimate with its interval to a verdict, by the rule that was declared."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.statistics import bootstrap_interval, mean_interval
from validation.pattern_table import RESAMPLES, SEED, Expected

_SHOWN = 0.95
"""Level of an interval that is not judged."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval and the replicates it comes from; NaN is undefined."""

    value: float
    low: float
    high: float
    pairs: int


UNDEFINED = Estimate(math.nan, math.nan, math.nan, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One measured number of the statistic of that name; `what` says which of several, and is empty for the only one."""

    name: str
    what: str
    estimate: Estimate
    remark: str = ""


@dataclass(slots=True)
class Findings:
    """What was measured of a row: numbers, and what is to be known to read them."""

    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, name: str, estimate: Estimate, what: str = "", remark: str = "") -> None:
        """One more number."""
        self.lines.append(Line(name, what, estimate, remark))


def paired(values: NDArray[np.float64], level: float = _SHOWN) -> Estimate:
    """Mean and t interval over replicates."""
    found = mean_interval(values, confidence=level)
    return Estimate(found.estimate, found.low, found.high, len(values))


def resampled(statistic: Callable[[NDArray[np.int64]], float], n: int, level: float = _SHOWN) -> Estimate:
    """A statistic of n replicates with its percentile interval; the same resamples for all statistics of n."""
    if n < 2:
        return Estimate(statistic(np.arange(n)) if n else math.nan, math.nan, math.nan, n)
    found = bootstrap_interval(statistic, n, seed=SEED, confidence=level, resamples=RESAMPLES)
    return Estimate(found.estimate, found.low, found.high, n)


def resampled_of(
    values: NDArray[np.float64], statistic: Callable[[NDArray[np.float64]], float], level: float = _SHOWN
) -> Estimate:
    """The same for a statistic of one value a replicate."""
    return resampled(lambda rows: statistic(values[rows]), len(values), level)


def ratio_of_means(first: NDArray[np.float64], second: NDArray[np.float64], level: float = _SHOWN) -> Estimate:
    """Mean of the first over mean of the second, with its percentile interval."""
    return resampled(lambda rows: float(first[rows].mean() / second[rows].mean()), len(first), level)


def resamples_of(n: int) -> Iterator[NDArray[np.int64]]:
    """Rows of each of these resamples."""
    rng = np.random.Generator(np.random.Philox(SEED))
    for _ in range(RESAMPLES if n else 0):
        yield rng.integers(0, n, n)


def verdict_of(expected: Expected, estimate: Estimate) -> str:
    """Key of `VERDICTS`."""
    low, high = estimate.low, estimate.high
    if math.isnan(estimate.value) or math.isnan(low) or math.isnan(high):
        return "not resolved"
    bottom, top = {"+": (0.0, math.inf), "-": (-math.inf, 0.0), "band": (expected.low, expected.high)}[expected.sign]
    if expected.sign == "band":
        inside = bottom <= low and high <= top
    else:
        inside = low > bottom and high < top
    if inside:
        return "met"
    return "missed" if high < bottom or low > top else "not resolved"
