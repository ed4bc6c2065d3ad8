"""Implementation: use of the practices follows potential with a lag; leaders who leave take practices with them.

``use_jk += iota (q_jk - use_jk)``, ``iota = 1 - exp(-1 / implementation_lag_months)``, with potential q of
measures/capacities.py and a lag that an area's record may multiply. The weight of people, ``alpha = r / (1 + r)`` with
``r = (baseline_people / baseline_routine)^(1 - rho)``, makes the marginal products of people and routines equal at the
baseline, whatever rho is. ``use_unmultiplied`` follows potential without the factors for goals and alignment; nothing
reads either of them, so both come from one run.

A practice then ends, ``use *= 1 - abandon_drop``, if ``u_k <`` its chance (rule `ending`):

- leader_exit: in an agency whose leader left this month ``abandon_chance (1 - routine_jk) (1 - mean engagement of
  holders)`` (engagement 0 without holders), else 0
- hazard: ``1 - exp(-h)`` with ``h = -ln(1 - ending_annual) / 12 * exp(-ending_routine_slope (enacted_jk -
  enacted_baseline)) * (1 + (leader_hazard_ratio - 1) [1 - enacted_jk / strong_routine]+ recent)``, recent = 1 while
  leader_exit_age < leader_exit_months, else 0
- none: 0

Help from above multiplies the hazard by the factor x of support.py where support_weight is above 0; a chance becomes
``1 - (1 - chance)^x``.

Source: assumed, with implementation stages of 2 to 4 years in mind; S65b and S80 on succession, S68 and S126-S129 on
what routines protect.
"""

from __future__ import annotations

import math

import numpy as np

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.measures.capacities import capacities, current_routine, potential
from capsim.measures.sums import engaged
from capsim.processes.process import Draws, built_in
from capsim.processes.support import hazard_factor

_HAZARD, _LEADER_EXIT, _NONE = codes_of("ending")


@kernel
def implement(w, p, numbers):
    follow(w, p, numbers, potential(p, capacities(w, p), current_routine(w, p), w.resource_alignment, w.area_people))


@inner
def follow(w, p, numbers, reached):
    """One month toward the potential that is `reached`, with and without factors."""
    u, use, use_unmultiplied = numbers.organization, w.use, w.use_unmultiplied
    full, plain = reached
    supported, most = p.support_weight > 0.0, most_likely(p)
    iota = np.empty(use.shape[1])
    for k in range(len(iota)):
        iota[k] = -math.expm1(-1.0 / (p.implementation_lag_months * w.area_lag[k]))
    O, K = use.shape
    for j in range(O):
        left, age = w.leader_left[j], w.leader_exit_age[j]
        committed = engaged(w, j)[1] if left else 0.0
        for k in range(K):
            use[j, k] += iota[k] * (full[j, k] - use[j, k])
            use_unmultiplied[j, k] += iota[k] * (plain[j, k] - use_unmultiplied[j, k])
            if u[j, k] >= most:
                continue
            chance = chance_of_ending(p, w.routine[j, k], w.enacted[j, k], left, age, committed)
            if supported and chance > 0.0:
                chance = with_support(p, chance, w.support[j, k])
            if u[j, k] < chance:
                use[j, k] *= 1.0 - p.abandon_drop
                use_unmultiplied[j, k] *= 1.0 - p.abandon_drop


@inner
def chance_of_ending(p, routine, enacted, leader_left, leader_exit_age, committed):
    """Chance that a practice ends this month; `committed` is the mean engagement of holders."""
    if p.ending_rule == _LEADER_EXIT and leader_left:
        return p.abandon_chance * (1.0 - routine) * (1.0 - committed)
    if p.ending_rule == _HAZARD:
        hazard = (
            -math.log1p(-p.ending_annual) / 12.0 * math.exp(-p.ending_routine_slope * (enacted - p.enacted_baseline))
        )
        if leader_exit_age < p.leader_exit_months:
            hazard *= 1.0 + (p.leader_hazard_ratio - 1.0) * max(0.0, 1.0 - enacted / p.strong_routine)
        return -math.expm1(-hazard)
    return 0.0


@inner
def most_likely(p):
    """What no chance of an ending exceeds, whatever an agency is like: most practices need no exponential."""
    if p.ending_rule == _LEADER_EXIT:
        return 1.0
    if p.ending_rule == _NONE:
        return 0.0
    slope, usual = p.ending_routine_slope, p.enacted_baseline
    hazard = -math.log1p(-p.ending_annual) / 12.0 * math.exp(max(slope * usual, slope * (usual - 1.0)))
    hazard *= max(1.0, p.leader_hazard_ratio) * (hazard_factor(p, 0.0) if p.support_weight > 0.0 else 1.0)
    return (1.0 + 1e-6) * hazard


@inner
def with_support(p, chance, support):
    """Chance that a practice ends, its hazard multiplied by what help from above does to it."""
    return -math.expm1(hazard_factor(p, support) * math.log1p(-chance))


IMPLEMENTATION = built_in(
    "implementation",
    implement,
    reads="person skill priority attention engagement tie_to routine resource_alignment leader_left leader_exit_age "
    "enacted use use_unmultiplied outdated outdated_routine support",
    writes="use use_unmultiplied",
    draws=Draws(area=1),
)
