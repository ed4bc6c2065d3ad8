"""Obsolescence: reforms change what is asked, so that part of what people can do and agencies have written is outdated.

Off where reform_chance is 0, as by default: then nothing is outdated, and no other process looks. With the world's
number u and ``c = min(1 / K, 1 - (1 - reform_chance)^(1/12))`` a reform arrives in area k of all agencies if ``k c <= u
< (k + 1) c``: in each area at the declared yearly chance, in one area a month at most.

The outdated share w of a person's skill, o of an agency's routine, everything from the old w and o, with attention u
and skill s over holders i::

    w_ik *= 1 - unlearning_rate u_ik (1 - o_jk)                      inert routines delay unlearning
    o_jk *= 1 - renewal_rate sum u s (1 - w) / sum u s               those who know what is current renew routines
    then, where a reform arrives:  w += reform_share (1 - w),  o += reform_share (1 - o)

Whoever starts in a position brings what is current: w = 0. Help that teaches with the exponent E multiplies w by
``exp(-E)``, help that builds routines o (assistance/effects.py). Potential uses s (1 - w) and r (1 - o)
(measures/capacities.py); what is learned, written down and forgotten does not depend on w and o.

Source: March 1991 (S111: newcomers are how an organization learns that it is out of date; code is inert); S80 (reforms
follow each other); sizes assumed.
"""

from __future__ import annotations

from capsim.kernels import inner, kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import monthly_chance


@kernel
def outdate(w, p, numbers):
    if p.reform_chance <= 0.0:
        return
    first, person, attention, skill = w.first, w.person, w.attention, w.skill
    outdated, outdated_routine, share = w.outdated, w.outdated_routine, p.reform_share
    unlearning, renewal, K = p.unlearning_rate, p.renewal_rate, w.skill.shape[1]
    reformed = _reformed_area(numbers.world[0, 0], monthly_chance(p.reform_chance), K)
    for j in range(len(first) - 1):
        for k in range(K):
            inert = outdated_routine[j, k]
            done = current = 0.0
            for i in range(first[j], first[j + 1]):
                if person[i] < 0:
                    continue
                u, old = attention[i, k], outdated[i, k]
                done += u * skill[i, k]
                current += u * skill[i, k] * (1.0 - old)
                left = old * (1.0 - unlearning * u * (1.0 - inert))
                outdated[i, k] = left + share * (1.0 - left) if k == reformed else left
            left = inert * (1.0 - renewal * current / done) if done > 0.0 else inert
            outdated_routine[j, k] = left + share * (1.0 - left) if k == reformed else left


@inner
def _reformed_area(u, chance, n_areas):
    """Area in which a reform arrives this month; -1 for none."""
    each = min(chance, 1.0 / n_areas)
    area = int(u / each)
    return area if area < n_areas else -1


OBSOLESCENCE = built_in(
    "obsolescence",
    outdate,
    reads="person attention skill outdated outdated_routine",
    writes="outdated outdated_routine",
    draws=Draws(world=1),
)
