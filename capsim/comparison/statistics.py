"""Statistics of paired comparisons: intervals that say what they cover, and where a difference changes sign."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
_BOOTSTRAP, _JOINT, _RESAMPLED = 2000, 4000, 1000
"""Resamples."""
_FEWEST_ALIKE = 20
"""Resamples that must have as many zeros for an interval of each."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; NaN bounds mean that it is undefined."""

    estimate: float
    low: float
    high: float

    def __iter__(self) -> Iterator[float]:
        yield from (self.estimate, self.low, self.high)

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2.0


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Difference of two strategies over pairs that share luck (and assumptions).

    Attributes
    ----------
    mean : Interval
        Mean difference with its t interval: shrinks with more pairs.
    spread : Interval
        Median with the central range of single differences: does not shrink.
    probability_better : float
        Share of pairs in which the first is better (ties count half).
    variance_ratio : float
        Variance without pairing over variance with pairing: how many times fewer runs pairing needs.
    correlation : float
        Between the two members of a pair.
    pairs : int
    """

    mean: Interval
    spread: Interval
    probability_better: float
    variance_ratio: float
    correlation: float
    pairs: int


def mean_interval(values: NDArray[np.float64], *, confidence: float = CONFIDENCE) -> Interval:
    """Mean and t interval of independent values; undefined below two."""
    from scipy.special import stdtrit

    n = len(values)
    mean = float(np.mean(values)) if n else math.nan
    if n < 2:
        return Interval(mean, math.nan, math.nan)
    half = float(stdtrit(n - 1, 0.5 + confidence / 2.0)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return Interval(mean, mean - half, mean + half)


def draw_range(values: NDArray[np.float64]) -> Interval:
    """Median and central range of single values: Weibull quantiles, so that a new draw falls inside with about 95%.

    With fewer than 40 values the range is from the smallest to the largest.
    """
    if not len(values):
        return Interval(math.nan, math.nan, math.nan)
    tail = (1.0 - CONFIDENCE) / 2.0
    low, middle, high = np.quantile(values, [tail, 0.5, 1.0 - tail], method="weibull")
    return Interval(float(middle), float(low), float(high))


def paired_difference(
    first: NDArray[np.float64], second: NDArray[np.float64], *, better: float = 1.0
) -> PairedDifference:
    """Compare two outcomes under the same luck pair by pair; first minus second. `better` is -1 where less is."""
    difference = np.asarray(first) - np.asarray(second)
    n = len(difference)
    variance = float(np.var(difference, ddof=1)) if n > 1 else math.nan
    unpaired = float(np.var(first, ddof=1) + np.var(second, ddof=1)) if n > 1 else math.nan
    varies = n > 1 and float(np.std(first)) > 0.0 and float(np.std(second)) > 0.0
    return PairedDifference(
        mean=mean_interval(difference),
        spread=draw_range(difference),
        probability_better=float(np.mean(better * difference > 0) + 0.5 * np.mean(difference == 0)) if n else math.nan,
        variance_ratio=unpaired / variance if variance > 0.0 else math.nan,
        correlation=float(np.corrcoef(first, second)[0, 1]) if varies else math.nan,
        pairs=n,
    )


def replications_needed(differences: NDArray[np.float64], precision: float) -> int:
    """Pairs needed for a t interval of the mean of half-width `precision`, judged from these."""
    from scipy.special import stdtrit

    n = len(differences)
    if n < 2:
        return 2
    sd = float(np.std(differences, ddof=1))
    needed = 2
    while needed < 10_000_000 and float(stdtrit(needed - 1, 0.975)) * sd / math.sqrt(needed) > precision:
        needed = max(needed + 1, int(needed * 1.05))
    return needed


def bootstrap_interval(
    statistic: Callable[[NDArray[np.int64]], float],
    n: int,
    *,
    seed: int,
    confidence: float = CONFIDENCE,
    resamples: int = _BOOTSTRAP,
) -> Interval:
    """Percentile bootstrap of a statistic of replicates; `statistic` receives the rows of a resample.

    Resamples on which the statistic is undefined (NaN) make the interval undefined when they are more than 5%.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    draws = np.array([statistic(np.arange(n)), *(statistic(rng.integers(0, n, n)) for _ in range(resamples))])
    return percentile_interval(draws, confidence)


def resampled_means(table: NDArray[np.float64], *, seed: int) -> NDArray[np.float64]:
    """Column means of the rows, then of every resample of the rows, (1 + resamples, columns)."""
    n = len(table)
    rng = np.random.Generator(np.random.Philox(seed))
    return np.stack([table.mean(axis=0), *(table[rng.integers(0, n, n)].mean(axis=0) for _ in range(_BOOTSTRAP))])


def percentile_interval(draws: NDArray[np.float64], confidence: float = CONFIDENCE) -> Interval:
    """Interval of a bootstrap from an estimate and, after it, the same of every resample."""
    estimate, draws = float(draws[0]), draws[1:]
    undefined = np.isnan(draws)
    if undefined.mean() > 0.05:
        return Interval(estimate, math.nan, math.nan)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(draws[~undefined], [tail, 1.0 - tail], method="inverted_cdf")
    return Interval(estimate, float(low), float(high))


def joint_intervals(table: NDArray[np.float64], *, seed: int = 1) -> NDArray[np.float64]:
    """Bounds of the mean of every column by one bootstrap of the rows, (2, columns); NaN below two rows.

    Whole rows are resampled, so that what belongs to one replicate stays together. Percentiles are those of
    Hesterberg's expanded interval, ``Phi(-sqrt(n / (n - 1)) t)`` and its complement with t of n - 1 degrees of freedom,
    because plain percentiles are too narrow for few replicates. Below about six rows even the whole range of resamples
    is.

    The resamples depend on `seed` and n alone, so tables that mirror each other get intervals that do. Hesterberg
    (2015), What teachers should know about the bootstrap, The American Statistician 69(4), section 5.
    """
    from scipy.special import ndtr, stdtrit

    n = len(table)
    if n < 2:
        return np.full((2, table.shape[1]), np.nan)
    rng = np.random.Generator(np.random.Philox(seed))
    means = np.stack([table[rng.integers(0, n, n)].mean(axis=0) for _ in range(_JOINT)])
    tail = float(ndtr(-math.sqrt(n / (n - 1)) * float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2.0))))
    ordered, outside = np.sort(means, axis=0), int(tail * _JOINT)
    return np.stack([ordered[outside], ordered[-1 - outside]])


def half_lives(gains: NDArray[np.float64], *, least_gain: float) -> NDArray[np.float64]:
    """Months until each gain has halved, linearly between months; infinite when it has not by the end, NaN below
    `least_gain`.

    Gains (n, m + 1) are means at the end of assistance and in each month after.
    """
    half = gains[:, 0] / 2.0
    below = gains <= half[:, None]
    month = np.maximum(below.argmax(axis=1), 1)
    rows = np.arange(len(gains))
    before, after = gains[rows, month - 1], gains[rows, np.minimum(month, gains.shape[1] - 1)]
    with np.errstate(invalid="ignore", divide="ignore"):
        life = month - 1 + (before - half) / (before - after)
    return np.where(gains[:, 0] < least_gain, np.nan, np.where(below.any(axis=1), life, np.inf))


def rank_correlations(
    table: NDArray[np.float64], outcome: NDArray[np.float64], *, seed: int
) -> tuple[NDArray[np.float64], float]:
    """Spearman correlation of each column with the outcome, and the size that chance alone reaches in 5% of tables.

    The threshold is the 95th percentile, over 500 permutations of the outcome, of the largest absolute correlation of
    all columns.
    """
    from scipy.stats import rankdata

    ranks = rankdata(table, axis=0)
    ranks -= ranks.mean(axis=0)
    scale = np.sqrt((ranks**2).sum(axis=0))
    wanted = rankdata(outcome)
    wanted -= wanted.mean()
    norm = math.sqrt(float((wanted**2).sum()))
    if norm == 0.0:
        return np.zeros(table.shape[1]), 1.0
    safe = np.where(scale > 0.0, scale, 1.0)
    rng = np.random.Generator(np.random.Philox(seed))
    chance = [np.abs((rng.permutation(wanted) @ ranks) / safe / norm).max() for _ in range(500)]
    return (wanted @ ranks) / safe / norm, float(np.quantile(chance, 0.95))


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Where the contrast changes sign along a parameter.

    Attributes
    ----------
    parameter, unit : str
    values : (n,) float64
        Grid over the plausible range.
    differences : list of Interval
        Mean contrast at each grid value with its t interval.
    crossings : list of Interval
        Break-even values, with intervals from resampling replicates; empty for none.
    share_same : float
        Share of resamples with the same number of crossings: how sure their number is.
    worlds : int
        Replicates behind every mean; 0 in folders that do not say.
    by_itself : bool
        Whether the comparison looked by itself, in few worlds of at most forty districts.
    """

    parameter: str
    unit: str
    values: NDArray[np.float64]
    differences: list[Interval]
    crossings: list[Interval]
    share_same: float
    worlds: int = 0
    by_itself: bool = False

    def sentence(self) -> str:
        """The finding in words."""
        span = f"between {self.values[0]:g} and {self.values[-1]:g} {self.unit}"
        if not self.crossings:
            sign = "positive" if self.differences[0].estimate > 0 else "negative"
            agreed = f"{self.share_same:.0%} of resamples agree"
            return f"{self.parameter}: no break-even {span}; the contrast stays {sign} ({agreed})."
        found = " and ".join(
            f"{c.estimate:.3g}" + ("" if math.isnan(c.low) else f" (95% interval {c.low:.3g} to {c.high:.3g})")
            for c in self.crossings
        )
        several = "" if len(self.crossings) == 1 else f", {len(self.crossings)} of them"
        agreed = f"{self.share_same:.0%} of resamples agree on their number"
        return f"{self.parameter}: break-even{several} at {found} {self.unit} ({agreed})."


def crossings(values: NDArray[np.float64], differences: NDArray[np.float64]) -> list[float]:
    """Zeros of the line through the points, in order; a grid value with difference 0 counts once when the sign changes
    there.
    """
    signs = np.sign(differences)
    found = []
    for a, b in itertools.pairwise(np.flatnonzero(signs).tolist()):
        if signs[a] != signs[b] and b - a == 1:
            at = differences[a] / (differences[a] - differences[b])
            found.append(float(values[a] + (values[b] - values[a]) * at))
        elif signs[a] != signs[b]:
            found.append(float(0.5 * (values[a + 1] + values[b - 1])))
    return found


def crossing_intervals(values: NDArray[np.float64], table: NDArray[np.float64]) -> tuple[list[Interval], float]:
    """Zeros of the mean of a table (values, replicates), and the share of resamples that have as many.

    Replicates are resampled whole, so that intervals, from the resamples with as many zeros, keep pairs together.
    """
    n = table.shape[1]
    found = crossings(values, table.mean(axis=1))
    rng = np.random.Generator(np.random.Philox(1))
    again = (crossings(values, table[:, rng.integers(0, n, n)].mean(axis=1)) for _ in range(_RESAMPLED))
    same = [zeros for zeros in again if len(zeros) == len(found)]
    ends = [(math.nan, math.nan)] * len(found)
    if len(same) > _FEWEST_ALIKE:
        ends = [tuple(np.quantile(own, [0.025, 0.975]).tolist()) for own in zip(*same, strict=True)]
    return [Interval(value, *pair) for value, pair in zip(found, ends, strict=True)], len(same) / _RESAMPLED
