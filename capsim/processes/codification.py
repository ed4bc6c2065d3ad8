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
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.units import annual_to_monthly_survival
from capsim.world import World

__all__ = ["CODIFICATION"]


@kernel
def _codify(first, person, attention, skill, culture, routine, kappa, phi, decay, unenacted_decay):
    K = skill.shape[1]
    for j in range(len(first) - 1):
        size = first[j + 1] - first[j]
        if size == 0:
            continue
        for k in range(K):
            r = routine[j, k]
            gap, enacted = 0.0, 0.0
            for i in range(first[j], first[j + 1]):
                if person[i] >= 0:
                    gap += attention[i, k] * max(0.0, phi * skill[i, k] - r)
                    enacted += attention[i, k] * (skill[i, k] / r if skill[i, k] < r else 1.0)
            taken_up = kappa * (0.5 + culture[j]) * gap / size
            loss = min(1.0, decay + unenacted_decay * (1.0 - enacted / size))
            routine[j, k] = r + min(taken_up, 1.0 - r) - loss * r


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    _codify(
        world.layout.first,
        world.person,
        world.attention,
        world.skill,
        world.culture,
        world.routine,
        values["codification_rate"],
        values["codifiable_share"],
        1.0 - annual_to_monthly_survival(values["routine_annual_retention"]),
        1.0 - annual_to_monthly_survival(values["unenacted_annual_retention"]),
    )


CODIFICATION = Process(
    name="codification",
    reads=("person", "attention", "skill", "culture", "routine"),
    writes=("routine",),
    draws=Draws(),
    apply=_apply,
)
