"""Regression adjustment of a rejection sample (Beaumont, Zhang and Balding 2002). Knows arrays, not capsim.

    logit theta_i = alpha + beta (s_i - s_obs) + e_i,  weights 1 - (d_i / d_max)^2,  theta*_i = logistic(alpha + e_i)

Kept runs lie some way off the data; the local-linear regression takes back what that way adds to the parameters. The
logit over the range of each parameter keeps adjusted values inside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["adjust", "weighted_quantiles"]

Floats = NDArray[np.float64]
_EDGE = 1e-9
_RUNS_PER_COEFFICIENT = 2


def adjust(
    theta: Floats, offset: Floats, distance: Floats, *, low: Floats, high: Floats
) -> tuple[Floats, Floats] | None:
    """Adjusted parameters and the weights of their runs.

    Parameters
    ----------
    theta : (n, k) float64
        Parameters of the kept runs.
    offset : (n, m) float64
        Simulated minus observed statistics, in standard errors.
    distance : (n,) float64
        From the data.
    low, high : (k,) float64
        Range of each parameter.

    Returns
    -------
    (n, k) float64, (n,) float64, or None
        None where fewer than two runs with weight are there for each coefficient.
    """
    most = float(distance.max())
    weights = 1.0 - (distance / most) ** 2 if most > 0.0 else np.ones(len(distance))
    if int((weights > 0.0).sum()) < _RUNS_PER_COEFFICIENT * (offset.shape[1] + 1):
        return None
    unit = np.clip((theta - low) / (high - low), _EDGE, 1.0 - _EDGE)
    moved = np.log(unit / (1.0 - unit))
    root = np.sqrt(weights)[:, None]
    design = np.column_stack([np.ones(len(offset)), offset])
    slopes = np.linalg.lstsq(root * design, root * moved, rcond=None)[0][1:]
    back = 1.0 / (1.0 + np.exp(-(moved - offset @ slopes)))
    return low + back * (high - low), weights


def weighted_quantiles(values: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Quantiles of a weighted sample; with equal weights those of `numpy.quantile`."""
    inside = weights > 0.0
    order = np.argsort(values[inside], kind="stable")
    ordered, weight = values[inside][order], weights[inside][order]
    rank = np.arange(len(ordered))
    place = rank * weight + (len(ordered) - 1) * (np.cumsum(weight) - weight)
    return np.asarray(np.interp(shares, place / max(float(place[-1]), 1e-300), ordered))
