"""Shapley values of arms, and means with intervals from resampling replicates whole."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.comparison.statistics import CONFIDENCE

__all__ = ["joint_intervals", "shapley_values"]

_RESAMPLES = 4000


def shapley_values(arms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean change of the outcome as each pathway is switched on, over all orders of switching them on.

    ``value of p = sum over S without p of |S|! (n - 1 - |S|)! / n! (v(S + p) - v(S))``; the values sum to the outcome
    with all pathways on minus that with none.

    Parameters
    ----------
    arms : (..., 2^n) float64
        Outcome of each arm; bit p of its number says whether pathway p is on.

    Returns
    -------
    (..., n) float64

    Notes
    -----
    Shapley (1953), A value for n-person games.
    """
    n = arms.shape[-1].bit_length() - 1
    values = np.empty((*arms.shape[:-1], n))
    for p in range(n):
        without = np.array([arm for arm in range(2**n) if not arm >> p & 1])
        sizes = [int(arm).bit_count() for arm in without]
        weights = [math.factorial(size) * math.factorial(n - 1 - size) / math.factorial(n) for size in sizes]
        values[..., p] = (np.array(weights) * (arms[..., without | 1 << p] - arms[..., without])).sum(axis=-1)
    return values


def joint_intervals(
    table: NDArray[np.float64], *, seed: int = 1, confidence: float = CONFIDENCE
) -> NDArray[np.float64]:
    """Bounds of the mean of every column by one bootstrap of the rows, (2, columns); NaN below two rows.

    Whole rows are resampled, so that what belongs to one replicate stays together. Percentiles are those of
    Hesterberg's expanded interval, ``Phi(-sqrt(n / (n - 1)) t)`` and its complement with t of n - 1 degrees of freedom,
    because plain percentiles are too narrow for few replicates. Below about six rows even the whole range of resamples
    is.

    Parameters
    ----------
    table : (n, columns) float64
    seed : int
        The resamples depend on it and on n alone, so tables that mirror each other get intervals that do.
    confidence : float

    Notes
    -----
    Hesterberg (2015), What teachers should know about the bootstrap, The American Statistician 69(4), section 5.
    """
    from scipy.special import ndtr, stdtrit

    n = len(table)
    if n < 2:
        return np.full((2, table.shape[1]), np.nan)
    rng = np.random.Generator(np.random.Philox(seed))
    means = np.stack([table[rng.integers(0, n, n)].mean(axis=0) for _ in range(_RESAMPLES)])
    tail = float(ndtr(-math.sqrt(n / (n - 1)) * float(stdtrit(n - 1, 0.5 + confidence / 2.0))))
    ordered, outside = np.sort(means, axis=0), int(tail * _RESAMPLES)
    return np.stack([ordered[outside], ordered[-1 - outside]])
