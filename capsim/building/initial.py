"""People, ties and agency states before settling, and the bank of newcomers of a replicate. And exit hazards of
positions: declared annual rates by level and role, how agencies differ in them, and the factor that keeps them true
under the tenure gradient.

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

import functools
import math

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.levels import SEA, Level
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.support import reports_owed
from capsim.streams.squares import uniforms
from capsim.units import annual_to_hazard
from capsim.world import Bank, Layout, World
from capsim.world.slots import add_tie, state_above, vacate

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


BANK_SIZE = 1024
"""Profiles of newcomers in a replicate."""
_KEPT = 128
"""Replicates whose profiles are kept: working them out takes half as long as all else of a tiny world."""


def build_bank(n_areas: int, values: Values, *, key: int) -> Bank:
    """Profiles of newcomers: skill ~ Beta with mean newcomer_skill, disposition ~ symmetric Dirichlet, by inverse
    distributions.

    The inverse of one uniform number keeps a profile comparable when a parameter changes: a higher mean raises every
    skill. Profiles of the same luck are worked out once.
    """
    mean, total = values["newcomer_skill"], values["newcomer_skill_concentration"]
    return Bank(
        skill=_skills(n_areas, key, mean, total).copy(),
        disposition=_dispositions(n_areas, key, values["disposition_concentration"]).copy(),
    )


@functools.lru_cache(_KEPT)
def _skills(n_areas: int, key: int, mean: float, total: float) -> NDArray[np.float64]:
    from scipy.special import betaincinv

    u = _of_newcomers(n_areas, key)[:, :n_areas]
    return np.ascontiguousarray(betaincinv(mean * total, (1.0 - mean) * total, u))


@functools.lru_cache(_KEPT)
def _dispositions(n_areas: int, key: int, concentration: float) -> NDArray[np.float64]:
    from scipy.special import gammaincinv

    gamma = np.maximum(gammaincinv(concentration, _of_newcomers(n_areas, key)[:, n_areas:]), 1e-12)
    return np.ascontiguousarray(gamma / gamma.sum(axis=1, keepdims=True))


@functools.lru_cache(1)  # both ask for the same one after the other
def _of_newcomers(n_areas: int, key: int) -> NDArray[np.float64]:
    rows = np.arange(BANK_SIZE, dtype=np.uint64)
    return uniforms(run_key=key, purpose="newcomers", identity=rows, columns=2 * n_areas)


@kernel
def _initial_ties(w, u, ties, strength):
    """Each person proposes ties, two of three inside the unit; half of them are returned."""
    for i in range(len(w.organization)):
        j = w.organization[i]
        for n in range(ties):
            if u[i, 3 * n] < 0.67:
                start, end = w.unit_first[w.unit[i]], w.unit_first[w.unit[i] + 1]
            else:
                start, end = w.first[j], w.first[j + 1]
            contact = start + int(u[i, 3 * n + 1] * (end - start))
            if add_tie(i, contact, strength, w.tie_to, w.tie_strength) and u[i, 3 * n + 2] < 0.5:
                add_tie(contact, i, strength, w.tie_to, w.tie_strength)


def initial_world(layout: Layout, values: Values, *, key: int) -> World:
    """World with every position filled, before settling.

    Skills are those of the bank, grown toward the ceiling of experience over the person's tenure; priorities are the
    dispositions, plans the dispositions of one profile per agency; routines stand at the usual level times what is
    lasting in the agency and area, for a stock needs some hundred months to get there.
    """
    P, K = layout.n_positions, layout.n_areas
    bank = build_bank(K, values, key=key)
    world = World.vacant(layout, bank)
    ties = int(values["initial_ties"])
    numbers = uniforms(
        run_key=key,
        purpose="initial people",
        identity=layout.position_identity,
        row=layout.position_row,
        columns=2 + 3 * ties,
    )
    pick = (numbers[:, 0] * BANK_SIZE).astype(np.int64)
    world.person[:] = np.arange(P)
    world.next_person[0] = P
    world.disposition[:] = bank.disposition[pick]
    world.priority[:] = world.disposition
    world.tenure[:] = stationary_tenure(
        layout.hazard, numbers[:, 1], values["tenure_gradient"], values["tenure_scale_months"]
    )
    ceiling = np.minimum(
        1.0, values["expertise_floor"] + values["expertise_gain"] * world.priority / (world.priority + 0.25)
    )
    grown = -np.expm1(-values["experience_rate"] * world.tenure)[:, None]
    world.skill[:] = bank.skill[pick] + grown * np.maximum(0.0, ceiling - bank.skill[pick])
    world.engagement[:] = np.clip(values["engagement_base"] + layout.engagement_effect[layout.organization], 0.0, 1.0)
    agency = uniforms(run_key=key, purpose="agencies", identity=layout.identity, columns=2)
    world.plan[:] = bank.disposition[(agency[:, 0] * BANK_SIZE).astype(np.int64)]
    world.outside_initiatives[:] = _poisson(agency[:, 1], values["outside_initiatives"])
    world.routine[:] = np.minimum(1.0, values["initial_routine"] * layout.codification_factor)
    world.culture[:] = np.clip(values["culture_base"] + layout.culture_effect, 0.0, 1.0)
    world.data_systems[:] = np.clip(values["data_systems_base"] + layout.data_systems_effect, 0.0, 1.0)
    world.resource_alignment[:] = values["resource_alignment_base"]
    _initial_commitments(world.arrays, constants(values))
    world.use[:] = 0.25
    world.use_unmultiplied[:] = 0.25
    _initial_outcomes(world, values)
    _initial_ties(world.arrays, np.ascontiguousarray(numbers[:, 2:]), ties, 0.5)
    vacate(world, *layout.center)
    return world


@kernel
def _initial_commitments(w, p):
    """What federal programs ask of state agencies, and where there is support their reports of those below."""
    for j in range(len(w.committed)):
        state = state_above(w, j)
        w.committed[j] = p.compliance_share if w.level[j] == SEA else 0.0
        if p.support_weight > 0.0 and state >= 0:
            w.committed[j] = reports_owed(p, p.compliance_share)


def _initial_outcomes(world: World, values: Values) -> None:
    """Outcomes that are linked to use, as they are at usual use and without help; districts alone have any."""
    layout, tilt = world.layout, world.layout.disadvantage
    districts = layout.level == Level.LEA
    if layout.teacher_equity_link.any():
        teachers = values["first_year_teachers"] + values["teacher_gap_start"] * tilt
        world.first_year_teachers[:] = np.where(districts, np.clip(teachers, 0.0, 1.0), 0.0)
    if layout.materials_link.any():
        world.materials[:] = np.where(districts, values["materials_start"], 0.0)
    if layout.achievement_gap_link.any():
        world.achievement[:] = -values["achievement_gap_start"] * tilt


def _poisson(numbers: NDArray[np.float64], mean: float) -> NDArray[np.int64]:
    """Poisson counts with a mean, by the inverse distribution of uniform numbers."""
    from scipy.special import pdtr

    at_most = np.arange(int(mean + 12.0 * np.sqrt(mean)) + 12)
    return np.searchsorted(pdtr(at_most, mean), numbers)
