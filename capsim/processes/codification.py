"""Codification and forgetting: routines take up what skilled staff do; routines nobody enacts fade.

For agency j with n positions and area k, everything from the old routine r and summed over holders i::

    taken_up = kappa * (0.5 + culture_j) * (1/n) sum_i u_ik [phi skill_ik - r]+
    a        = (1/n) sum_i u_ik min(1, skill_ik / r)          (u_ik when r = 0)
    r       += min(taken_up, 1 - r) - (d0 + d1 (1 - a)) r

with kappa = codification_rate, phi = codifiable_share, d0 and d1 the monthly losses of routine_annual_retention and
unenacted_annual_retention (``1 - retention^(1/12)``), and d0 + d1 (1 - a) at most 1. So routines outlive people only
while enough people enact them.

Source: S101-S107, S112 (tacit share).
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import monthly_loss


@kernel
def codify(w, p, numbers):
    first, person, attention, skill, routine = w.first, w.person, w.attention, w.skill, w.routine
    decay, unenacted_decay = monthly_loss(p.routine_annual_retention), monthly_loss(p.unenacted_annual_retention)
    kappa, phi = p.codification_rate, p.codifiable_share
    for j in range(len(first) - 1):
        size = first[j + 1] - first[j]
        if size == 0:
            continue
        for k in range(skill.shape[1]):
            r = routine[j, k]
            gap, enacted = 0.0, 0.0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    gap += attention[i, k] * max(0.0, phi * skill[i, k] - r)
                    enacted += attention[i, k] * (skill[i, k] / r if skill[i, k] < r else 1.0)
            taken_up = kappa * (0.5 + w.culture[j]) * gap / size
            loss = min(1.0, decay + unenacted_decay * (1.0 - enacted / size))
            routine[j, k] = r + min(taken_up, 1.0 - r) - loss * r


CODIFICATION = built_in(
    "codification", codify, reads="person attention skill culture routine", writes="routine", draws=Draws()
)
