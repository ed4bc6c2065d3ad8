"""The TA center: its experts come when assistance opens, and go when it closes, with every tie to them (sunset).

While the center is open its experts know `center_expert_skill` in their own area (expert e in area ``e mod K``) and
`center_other_skill` elsewhere, have equal priorities and seek no advice; they do not learn or leave. They exist in
every strategy, `none` included, but nobody has a tie to them unless assistance makes one.

Source: S3 and S4 (a center of five years and a hard end), S5 (subject-matter experts); figures assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.world import World
from capsim.world.closing import vacate

__all__ = ["close_center", "open_center", "restore_experts"]


def open_center(world: World) -> None:
    """Experts take their positions."""
    start, end = world.layout.center
    world.person[start:end] = world.next_person[0] + np.arange(end - start)
    world.next_person[0] += end - start
    world.tenure[start:end] = 0
    world.vacant_months[start:end] = 0


@kernel
def _restore(
    start,
    end,
    own_skill,
    other_skill,
    engaged,
    skill,
    disposition,
    priority,
    engagement,
    tie_to,
    tie_strength,
    consulted,
    recipient_hours,
):
    K, M = skill.shape[1], tie_to.shape[1]
    for i in range(start, end):
        engagement[i] = engaged
        consulted[i] = -1
        recipient_hours[i] = 0.0
        for k in range(K):
            skill[i, k] = own_skill if (i - start) % K == k else other_skill
            disposition[i, k] = 1.0 / K
            priority[i, k] = 1.0 / K
        for m in range(M):
            tie_to[i, m] = -1
            tie_strength[i, m] = 0.0


def restore_experts(world: World, values: Values) -> None:
    """Experts as they are in every open month, whatever the month did to them."""
    _restore(
        *world.layout.center,
        values["center_expert_skill"],
        values["center_other_skill"],
        values["newcomer_engagement"],
        world.skill,
        world.disposition,
        world.priority,
        world.engagement,
        world.tie_to,
        world.tie_strength,
        world.consulted,
        world.recipient_hours,
    )


def close_center(world: World) -> None:
    """The hard end of the center."""
    vacate(world, *world.layout.center)
