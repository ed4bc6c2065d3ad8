"""Socialization: staff learn the routines of their agency.

``skill_ik += min(1, sigma(tenure_i) * (0.5 + culture_j) * u_ik) * [routine_jk - skill_ik]+`` with sigma =
onboarding_rate while tenure < onboarding_months, socialization_rate afterwards.

Source: S114 (onboarding); March 1991 (S111).
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

__all__ = ["SOCIALIZATION"]


@kernel
def _socialize(
    first, person, tenure, attention, culture, routine, skill, onboarding_rate, onboarding_months, later_rate
):
    K = skill.shape[1]
    for j in range(len(first) - 1):
        climate = 0.5 + culture[j]
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            rate = climate * (onboarding_rate if tenure[i] < onboarding_months else later_rate)
            for k in range(K):
                skill[i, k] += min(1.0, rate * attention[i, k]) * max(0.0, routine[j, k] - skill[i, k])


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    _socialize(
        world.layout.first,
        world.person,
        world.tenure,
        world.attention,
        world.culture,
        world.routine,
        world.skill,
        values["onboarding_rate"],
        values["onboarding_months"],
        values["socialization_rate"],
    )


SOCIALIZATION = Process(
    name="socialization",
    reads=("person", "tenure", "attention", "culture", "routine", "skill"),
    writes=("skill",),
    draws=Draws(),
    apply=_apply,
)
