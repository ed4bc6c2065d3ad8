"""Maps that move a sample to a wanted mean and keep its order and its bounds. Arrays in, arrays out; no world."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_STEPS = 200
_LEAST_SHARE = 1e-3
"""Nobody gives an area strictly nothing, so that everybody can be moved toward it."""
_SWEEPS = 10_000
_CLOSE = 1e-13


def shifted_to_mean(values: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """Values of [0, 1] moved by one shift of their log-odds, so that their mean is as wanted.

    An increasing map of [0, 1] into itself: it keeps the order, and cannot leave the bounds. All become 0 or 1 when
    the wanted mean is at or beyond these.
    """
    if mean <= 0.0 or mean >= 1.0:
        return np.full_like(values, float(mean >= 1.0))
    inside = np.clip(values, 1e-12, 1.0 - 1e-12)
    odds = inside / (1.0 - inside)
    low, high = -80.0, 80.0

    def moved(shift: float) -> NDArray[np.float64]:
        grown = odds * np.exp(shift)
        return np.asarray(grown / (1.0 + grown))

    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if moved(middle).mean() < mean else (low, middle)
    return moved(0.5 * (low + high))


def raised_to_mean(values: NDArray[np.float64], mean: float) -> float:
    """Number that must be added to values, before they are cut to [0, 1], so that their mean is as wanted.

    Where the wanted mean is 0 or less, or 1 or more, the least change that cuts all of them.
    """
    if mean <= 0.0:
        return float(-values.max())
    if mean >= 1.0:
        return float(1.0 - values.min())
    low, high = float(-values.max()), float(1.0 - values.min())
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        enough = np.clip(values + middle, 0.0, 1.0).mean() >= mean
        low, high = (low, middle) if enough else (middle, high)
    return 0.5 * (low + high)


def raked(shares: NDArray[np.float64], mean: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of several people, (n, K), moved so that their mean is as wanted; and the weights, (K,), that did it.

    Raking (Deming and Stephan 1940): ``shares_ik <- a_i shares_ik w_k``, rows still sum to 1. Of all shares with that
    mean these are nearest to the given ones (least relative entropy). A column that nobody wants has weight 0.
    """
    weights = np.ones(len(mean))
    moved = reweighted(shares, weights)
    for _ in range(_SWEEPS):
        now = moved.mean(axis=0)
        if np.abs(now - mean).max() < _CLOSE:
            break
        factor = np.divide(mean, now, out=np.zeros_like(mean), where=mean > 0.0)
        weights = weights * factor
        moved = moved * factor
        moved = moved / moved.sum(axis=1, keepdims=True)
    return moved, weights


def reweighted(shares: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares times the weights of their columns, rows summing to 1 again; (n, K)."""
    moved = np.maximum(shares, _LEAST_SHARE) * weights
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))
