"""Consultation: staff learn along advice ties.

Each holder consults one contact m, drawn by strength: with ``x = u0 * (sum of strengths)``, the first tie, in slot
order, whose running sum of strengths exceeds x. `consulted` is its slot (-1 without ties). Learning is synchronous,
from the skills before this process::

    skill_ik += min(1, eta * strength_im * (0.5 + culture_j) * free_i * boundary) * u_ik * [skill_mk - skill_ik]+

boundary = boundary_discount if m is in another agency, else 1. Strength stands for trust; free_i as in worktime.py.

Source: S110 (boundaries); rate calibrated.
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.processes.worktime import free_time
from capsim.world import World

__all__ = ["CONSULTATION"]


@kernel
def _consult(
    numbers,
    first,
    organization,
    committed,
    person,
    tie_to,
    tie_strength,
    attention,
    recipient_hours,
    culture,
    before,
    skill,
    consulted,
    eta,
    discount,
    work_hours,
):
    M = tie_to.shape[1]
    K = skill.shape[1]
    for j in range(len(first) - 1):
        for i in range(first[j], first[j + 1]):
            consulted[i] = -1
            total = 0.0
            for m in range(M):
                total += tie_strength[i, m]
            if person[i] < 0 or total <= 0.0:
                continue
            x = numbers[i, 0] * total
            running = 0.0
            chosen = 0  # slots whose running sum does not exceed x; a free slot adds nothing to it
            for m in range(M):
                running += tie_strength[i, m]
                chosen += running <= x
            while chosen >= M or tie_to[i, chosen] < 0:  # only if rounding led past the last tie
                chosen -= 1
            consulted[i] = chosen
            contact = tie_to[i, consulted[i]]
            rate = eta * tie_strength[i, consulted[i]] * (0.5 + culture[j])
            rate *= free_time(recipient_hours[i], committed[j], work_hours)
            if organization[contact] != j:
                rate *= discount
            rate = min(1.0, rate)
            for k in range(K):
                skill[i, k] += rate * attention[i, k] * max(0.0, before[contact, k] - before[i, k])


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout = world.layout
    _consult(
        numbers.position,
        layout.first,
        layout.organization,
        world.committed,
        world.person,
        world.tie_to,
        world.tie_strength,
        world.attention,
        world.recipient_hours,
        world.culture,
        world.skill.copy(),
        world.skill,
        world.consulted,
        values["consultation_rate"],
        values["boundary_discount"],
        values["work_hours_per_month"],
    )


CONSULTATION = Process(
    name="consultation",
    reads=("person", "tie_to", "tie_strength", "attention", "recipient_hours", "committed", "culture", "skill"),
    writes=("skill", "consulted"),
    draws=Draws(position=1),
    apply=_apply,
)
