"""Positions that are emptied from outside: the holders go, and every tie to them with them."""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.world.state import World

__all__ = ["vacate"]


@kernel
def _vacate(
    start,
    end,
    person,
    tenure,
    vacant_months,
    skill,
    disposition,
    priority,
    attention,
    engagement,
    tie_to,
    tie_strength,
    consulted,
    recipient_hours,
):
    P, M = tie_to.shape
    for i in range(start, end):
        person[i] = -1
        tenure[i] = 0
        vacant_months[i] = 0
        engagement[i] = 0.0
        consulted[i] = -1
        recipient_hours[i] = 0.0
        for k in range(skill.shape[1]):
            skill[i, k] = 0.0
            disposition[i, k] = 0.0
            priority[i, k] = 0.0
            attention[i, k] = 0.0
        for m in range(M):
            tie_to[i, m] = -1
            tie_strength[i, m] = 0.0
    for i in range(P):
        for m in range(M):
            if start <= tie_to[i, m] < end:
                tie_to[i, m] = -1
                tie_strength[i, m] = 0.0
                if consulted[i] == m:
                    consulted[i] = -1


def vacate(world: World, start: int, end: int) -> None:
    """Empty the positions from `start` to `end` (not included); their ties and all ties to them vanish."""
    _vacate(
        start,
        end,
        world.person,
        world.tenure,
        world.vacant_months,
        world.skill,
        world.disposition,
        world.priority,
        world.attention,
        world.engagement,
        world.tie_to,
        world.tie_strength,
        world.consulted,
        world.recipient_hours,
    )
