"""Implementation: use of the practices follows potential with a lag; leaders who leave take practices with them.

``use_jk += iota (q_jk - use_jk)``, ``iota = 1 - exp(-1 / implementation_lag_months)``, with potential q of
measures/capacities.py. Its weight of people, ``alpha = r / (1 + r)`` with
``r = (baseline_people / baseline_routine)^(1 - rho)``, makes the marginal products of people and routines equal at the
baseline, whatever rho is. ``use_unmultiplied`` follows potential without the factors for goals and alignment; nothing
reads either of them, so both come from one run.

In an agency whose leader left this month each area is then abandoned, ``use *= 1 - abandon_drop``, if
``u_k < abandon_chance (1 - routine_jk) (1 - mean engagement of holders)`` (engagement 0 without holders).

Source: assumed, with implementation stages of 2 to 4 years in mind; S65b and S80 on succession.
"""

from __future__ import annotations

import math

from capsim.kernels import inner, kernel
from capsim.measures.capacities import capacities, potential
from capsim.processes.process import Draws, built_in


@kernel
def implement(w, p, numbers):
    follow(w, p, numbers, potential(p, capacities(w, p), w.routine, w.resource_alignment))


@inner
def follow(w, p, numbers, reached):
    """One month toward the potential that is `reached`, with and without factors."""
    u, routine, use, use_unmultiplied = numbers.organization, w.routine, w.use, w.use_unmultiplied
    full, plain = reached
    iota = -math.expm1(-1.0 / p.implementation_lag_months)
    O, K = use.shape
    for j in range(O):
        committed = _commitment(w, j) if w.leader_left[j] else 0.0
        for k in range(K):
            use[j, k] += iota * (full[j, k] - use[j, k])
            use_unmultiplied[j, k] += iota * (plain[j, k] - use_unmultiplied[j, k])
            chance = p.abandon_chance * (1.0 - routine[j, k]) * (1.0 - committed)
            if w.leader_left[j] and u[j, k] < chance:
                use[j, k] *= 1.0 - p.abandon_drop
                use_unmultiplied[j, k] *= 1.0 - p.abandon_drop


@inner
def _commitment(w, j):
    """Mean engagement of holders; 0 without holders."""
    holders, total = 0, 0.0
    for i in range(w.first[j], w.first[j + 1]):
        if w.person[i] >= 0:
            holders += 1
            total += w.engagement[i]
    return total / holders if holders > 0 else 0.0


IMPLEMENTATION = built_in(
    "implementation",
    implement,
    reads="person skill priority engagement tie_to routine resource_alignment leader_left use use_unmultiplied",
    writes="use use_unmultiplied",
    draws=Draws(area=1),
)
