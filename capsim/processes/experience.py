"""Experience: learning by doing and forgetting by disuse.

For a holder i and area k, with ceiling ``e_ik = min(1, e0 + e1 priority_ik / (priority_ik + 0.25))`` (people become
expert in what they give attention to), attention u, and the free share of the month ``free_i`` (worktime.py)::

    skill_ik += experience_rate * free_i * u_ik * [e_ik - skill_ik]+  -  disuse_rate * (1 - u_ik) * skill_ik

both terms from the old skill.

Source: S100 (disuse); rate and ceiling assumed.
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.processes.worktime import free_time
from capsim.world import World

__all__ = ["EXPERIENCE"]


@kernel
def _practise(
    first,
    committed,
    person,
    priority,
    attention,
    recipient_hours,
    skill,
    rate,
    floor,
    gain,
    disuse,
    work_hours,
):
    K = skill.shape[1]
    for j in range(len(first) - 1):
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            learning = rate * free_time(recipient_hours[i], committed[j], work_hours)
            for k in range(K):
                ceiling = min(1.0, floor + gain * priority[i, k] / (priority[i, k] + 0.25))
                old, u = skill[i, k], attention[i, k]
                skill[i, k] = old + learning * u * max(0.0, ceiling - old) - disuse * (1.0 - u) * old


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout = world.layout
    _practise(
        layout.first,
        world.committed,
        world.person,
        world.priority,
        world.attention,
        world.recipient_hours,
        world.skill,
        values["experience_rate"],
        values["expertise_floor"],
        values["expertise_gain"],
        values["disuse_rate"],
        values["work_hours_per_month"],
    )


EXPERIENCE = Process(
    name="experience",
    reads=("person", "priority", "attention", "recipient_hours", "committed", "skill"),
    writes=("skill",),
    draws=Draws(),
    apply=_apply,
)
