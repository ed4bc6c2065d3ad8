"""Exit hazards of positions: declared annual rates by level and role, how agencies differ in them, and the factor that
keeps them true under the tenure gradient.

Of a position i in agency j, monthly::

    hazard_i = z(h_i) h_i
    h_i      = -ln(1 - tau_i) / 12 * exp(eta_i) / mean of exp(eta) over the state's positions of that kind
    eta_i    = exit_poverty_slope poverty_share_j + exit_size_slope ln(pupils_j)

with tau_i the declared annual rate of level and role. Districts and schools differ by poverty, the staff of districts
(but not superintendents, whose rate has a step for large ones) also by size. The mean is over districts or schools,
their first positions or the others, weighted by positions and by what an agency stands for in a sample: so the state's
mean turnover stays as declared, whatever the slopes. Unknown poverty is that of the mean. Where an agency's own
annual exit is known, it is tau of its staff (leader_annual_exit: of its leader), and eta is none of their business. z:
see `tenure_factors`.

Source: S141 (teachers leave Title I schools half as often again), S145 (superintendents of the largest tenth of
districts: 2.2 times the hazard of the others); what of it holds for central offices is assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.levels import Level
from capsim.parameters import Values
from capsim.units import annual_to_hazard
from capsim.world import Layout

LARGE_DISTRICT_PUPILS = 25_000
"""Enrolment from which superintendents leave at the rate of large districts."""


_LONGEST_TENURE = 600
"""Months; nobody starts with more than fifty years in a position."""


def tenure_factors(hazard: NDArray[np.float64], gradient: float, scale_months: float) -> NDArray[np.float64]:
    """Factor z on monthly hazards that keeps the mean length of stay when newcomers leave more often.

    With hazard ``z h (1 + gradient exp(-n / scale))`` in month n of tenure the expected months in the position,
    ``sum_n prod_{m<n} exp(-hazard_m)``, equal those of the constant hazard h, ``1 / (1 - exp(-h))``; so in the
    stationary tenure distribution exits happen at the declared rate.

    With ``q = exp(-1 / scale)`` and ``c = z h gradient / (1 - q)`` that sum is the mean of ``1 / (1 - exp(-z h) q^k)``
    over k ~ Poisson(c): a short series. It falls with z and is convex, so Newton's method from ``1 / (1 + gradient)``,
    where stays are too long, never goes past the solution.
    """
    factor = np.ones(len(hazard))
    if gradient <= 0.0:
        return factor
    leaves = hazard > 0.0
    h, z = hazard[leaves], np.full(int(leaves.sum()), 1.0 / (1.0 + gradient))
    for _ in range(60):
        stay, slope = _mean_stay(z, h, gradient, scale_months)
        step = (stay + 1.0 / np.expm1(-h)) / slope
        z -= step
        if np.all(np.abs(step) <= 1e-12):
            break
    factor[leaves] = z
    return factor


def _mean_stay(
    z: NDArray[np.float64], h: NDArray[np.float64], gradient: float, scale_months: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected months in the position and their derivative by z."""
    from scipy.special import gammaln

    per_z = h * gradient / -math.expm1(-1.0 / scale_months)
    most = float((z * per_z).max(initial=0.0))
    k = np.arange(int(most + 12.0 * math.sqrt(most)) + 40)
    mean = (z * per_z)[:, None]
    weight = np.exp(k * np.log(mean) - mean - gammaln(k + 1.0))
    left = np.exp(-(z * h)[:, None] - np.append(k, len(k)) / scale_months)
    stays = 1.0 / (1.0 - left)
    by_mean = (weight * np.diff(stays, axis=1)).sum(axis=1)
    by_stay = (weight * (left * stays * stays)[:, :-1]).sum(axis=1)
    return (weight * stays[:, :-1]).sum(axis=1), per_z * by_mean - h * by_stay


def stationary_tenure(
    hazard: NDArray[np.float64], share: NDArray[np.float64], gradient: float, scale_months: float
) -> NDArray[np.int32]:
    """Tenure in months, (P,), drawn by uniform numbers from the distribution that turnover itself keeps.

    In it tenure n has a weight proportional to the chance of staying n months, ``exp(-sum_{m<n} hazard (1 + gradient
    exp(-m / scale)))``, with the hazards of `position_hazards`.
    """
    tenure = np.zeros(len(hazard), np.int32)
    months = np.arange(_LONGEST_TENURE)
    shape = 1.0 + gradient * np.exp(-months / scale_months)
    so_far = np.concatenate([[0.0], np.cumsum(shape[:-1])])
    rates, kind = np.unique(hazard, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    for rate, here in zip(rates.tolist(), np.split(order, np.cumsum(np.bincount(kind))[:-1]), strict=True):
        stay = np.exp(-rate * so_far)
        cumulative = np.cumsum(stay) / stay.sum()
        tenure[here] = np.searchsorted(cumulative, share[here], side="right")
    return tenure


def _annual_exit(level: int, is_leader: bool, is_large: bool, values: Values) -> float:
    if level == Level.SEA:
        return values["sea_chief_annual_exit"] if is_leader else values["sea_annual_exit"]
    if level == Level.CENTER:
        return 0.0
    if level == Level.ESA:
        return values["esa_annual_exit"]
    if level == Level.SCHOOL:
        return values["principal_annual_exit"] if is_leader else values["school_staff_annual_exit"]
    if is_leader:
        return values["superintendent_large_annual_exit"] if is_large else values["superintendent_annual_exit"]
    return values["lea_annual_exit"]


def position_hazards(layout: Layout, values: Values) -> NDArray[np.float64]:
    """Baseline exit hazard per month of every position, (P,), with the tenure factor in it.

    The leader of an agency is its first position. `layout` needs no hazards yet.
    """
    of = layout.organization
    level, leads, is_large = layout.level[of], layout.position_row == 0, layout.enrollment >= LARGE_DISTRICT_PUPILS
    kind = level.astype(np.int64) * 4 + leads * 2 + is_large[of]
    hazards = np.empty(len(kind))
    for code in np.unique(kind).tolist():
        declared = _annual_exit(code // 4, bool(code & 2), bool(code & 1), values)
        hazards[kind == code] = annual_to_hazard(declared)
    own = np.where(leads, layout.leader_annual_exit[of], layout.annual_exit[of])
    known = own >= 0.0
    hazards *= _differences(layout, known, values)
    hazards[known] = [annual_to_hazard(rate) for rate in own[known].tolist()]
    rates, kind = np.unique(hazards, return_inverse=True)
    return (rates * tenure_factors(rates, values["tenure_gradient"], values["tenure_scale_months"]))[kind]


def _differences(layout: Layout, known: NDArray[np.bool_], values: Values) -> NDArray[np.float64]:
    """How much more often than declared people leave a position, (P,): 1 on average over a state's of the same kind."""
    by_poverty, by_size = values["exit_poverty_slope"], values["exit_size_slope"]
    of, leads = layout.organization, layout.position_row == 0
    factor = np.ones(len(of))
    if by_poverty == by_size == 0.0:
        return factor
    kind = (layout.market[of] * 5 + layout.level[of]) * 2 + leads
    for code in np.unique(kind[np.isin(layout.level[of], (Level.LEA, Level.SCHOOL)) & ~known]).tolist():
        here = np.flatnonzero((kind == code) & ~known)
        weight, poverty = layout.weight[of[here]], layout.poverty_share[of[here]]
        told = poverty >= 0.0
        usual = np.average(poverty[told], weights=weight[told]) if told.any() else 0.0
        eta = by_poverty * (np.where(told, poverty, usual) - usual)
        if layout.level[of[here[0]]] == Level.LEA and not leads[here[0]]:
            eta += by_size * np.log(np.maximum(layout.enrollment[of[here]], 1.0))
        more = np.exp(eta - eta.max())
        factor[here] = more / np.average(more, weights=weight)
    return factor
