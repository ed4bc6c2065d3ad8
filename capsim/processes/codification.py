"""Codification and forgetting: routines take up what skilled staff do; routines nobody enacts fade.

For agency j with n positions and area k, everything from the old routine r, sums over holders i with attention u and
skill s. The month's change is ``r += min(taken_up, 1 - r) - loss r`` with ``loss = min(1, d0 + d1 (1 - a))``; d0 and d1
are the monthly losses of routine_annual_retention and unenacted_annual_retention (``1 - retention^(1/12)``).

Enactment a (rule `enactment`); ``min(1, s / r)`` is 1 when r = 0:

- workers: ``a = b m`` with ``m = sum u min(1, s/r) / sum u`` (those whose work it is) and the bench ``b = 1 - exp(-sum
  u min(1, s/r) / n0)``, n0 = bench_people (some people are enough; b = 1 where n0 is 0); 0 when nobody
  attends
- positions: ``sum u min(1, s/r) / n``
- weakest_unit: the least of the same over the units of the agency

What is taken up (rule `codification`), with phi = codifiable_share (another multiple in an area whose record says so):

- stock: ``codification_flow F_jk (0.5 + culture_j) phi (sum u s / sum u) (1 - exp(-sum u / n0))``, F the agency's
  lasting factor. It does not contain r, so two agencies with the same people differ less by exactly d0 + d1 (1 - a) a
  month: a stock that depreciates, ``K(t) = lambda K(t-1) + q``
- gap: ``codification_rate (0.5 + culture_j) (1/n) sum u [phi s - r]+``: routines close a gap to what people know
- provisional: as stock, and of what help builds the part v is not institutional yet. Unless help built it in the month
  before, ``provisional_loss v`` goes from r too; then ``v -= what went + a v / institutional_months + loss v``, not
  below 0

Help from above multiplies what is taken up where support_weight is above 0 (support.py).
Where money follows plans (finance_rate above 0), what is taken up is multiplied by ``1 + v (K finances_jk - 1)``, v =
finance_weight: tools, release time and materials cost money.

Enacted routine ``r a``, of the old r, is kept for other processes.

Source: Argote, Beckman and Epple 1990, Darr et al. 1995, Benkard 2000, S101-S107 (stock); March 1991, S112 (gap, tacit
share); S45 with S47 (provisional); S90, S109, S126-S128 (bench); S9 (finances).
"""

from __future__ import annotations

import math

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.measures.capacities import enactable
from capsim.processes.process import Draws, built_in
from capsim.processes.support import inflow_factor
from capsim.processes.terms import monthly_loss
from capsim.world.slots import codifiable_share

_STOCK, _GAP, _PROVISIONAL = codes_of("codification")
_WORKERS, _POSITIONS, _WEAKEST_UNIT = codes_of("enactment")


@kernel
def codify(w, p, numbers):
    first, person, attention, skill, culture = w.first, w.person, w.attention, w.skill, w.culture
    routine, enacted_routine, provisional = w.routine, w.enacted, w.provisional
    decay, unenacted_decay = monthly_loss(p.routine_annual_retention), monthly_loss(p.unenacted_annual_retention)
    bench = p.bench_people
    supported = p.support_weight > 0.0
    paid = p.finance_rate > 0.0
    by_gap, by_position = p.codification_rule == _GAP, p.enactment_rule == _POSITIONS
    for j in range(len(first) - 1):
        size = first[j + 1] - first[j]
        if size == 0:
            continue
        for k in range(skill.shape[1]):
            r, phi = routine[j, k], codifiable_share(w, p, k)
            gap = enacted = known = work = 0.0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    u, s = attention[i, k], skill[i, k]
                    if by_gap:
                        gap += u * max(0.0, phi * s - r)
                    enacted += u * enactable(s, r)
                    known += u * s
                    work += u
            if by_gap:
                taken_up = p.codification_rate * (0.5 + culture[j]) * gap / size
            else:
                taken_up = _written_down(w, p, j, k, known, work)
            if supported:
                taken_up *= inflow_factor(p, w.support[j, k])
            if paid:
                taken_up *= 1.0 + p.finance_weight * (skill.shape[1] * w.finances[j, k] - 1.0)
            if by_position:
                a = enacted / size
            elif p.enactment_rule == _WEAKEST_UNIT:
                a = _weakest_unit(w, j, k)
            else:
                a = _staffed(enacted, bench) * enacted / work if work > 0.0 else 0.0
            loss = min(1.0, decay + unenacted_decay * (1.0 - a))
            enacted_routine[j, k] = r * a
            routine[j, k] = r + min(taken_up, 1.0 - r) - loss * r
            if provisional[j, k] > 0.0:
                _fade(w, p, j, k, a, loss)


@inner
def _written_down(w, p, j, k, known, work):
    """What those whose work it is add to a routine in a month."""
    if work <= 0.0:
        return 0.0
    flow = p.codification_flow * w.codification_factor[j, k] * (0.5 + w.culture[j])
    return flow * codifiable_share(w, p, k) * (known / work) * _staffed(work, p.bench_people)


@inner
def _fade(w, p, j, k, a, loss):
    """A month of what is not institutional yet."""
    v = w.provisional[j, k]
    faded = 0.0 if w.supported[j, k] else p.provisional_loss * v
    w.routine[j, k] = max(0.0, w.routine[j, k] - faded)
    w.provisional[j, k] = max(0.0, v - faded - a * v / p.institutional_months - loss * v)


@inner
def _staffed(people, bench):
    """How far so many people are enough, ``1 - exp(-people / bench)``."""
    return 1.0 - math.exp(-people / bench) if bench > 0.0 else 1.0


@inner
def _weakest_unit(w, j, k):
    """Least mean over positions of ``u min(1, skill / routine)`` of a unit."""
    unit, r, lowest = w.unit, w.routine[j, k], 1.0
    i = w.first[j]
    while i < w.first[j + 1]:
        here, size, enacted = unit[i], 0, 0.0
        while i < w.first[j + 1] and unit[i] == here:
            size += 1
            if w.person[i] >= 0:
                enacted += w.attention[i, k] * enactable(w.skill[i, k], r)
            i += 1
        lowest = min(lowest, enacted / size)
    return lowest


CODIFICATION = built_in(
    "codification",
    codify,
    reads="person unit attention skill culture routine provisional supported codification_factor support finances",
    writes="routine enacted provisional",
    draws=Draws(),
)
