"""The TA center: its experts come when assistance opens, and go when it closes, with every tie to them (sunset).

While the center is open its experts know `center_expert_skill` in their own area (expert e in area ``e mod K``) and
`center_other_skill` elsewhere, have equal priorities and seek no advice; they do not learn or leave. They exist in
every strategy, `none` included, but nobody has a tie to them unless assistance makes one.

Source: S3 and S4 (a center of five years and a hard end), S5 (subject-matter experts); figures assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import kernel
from capsim.world import World
from capsim.world.slots import vacate


def open_center(world: World) -> None:
    """Experts take their positions."""
    start, end = world.layout.center
    world.person[start:end] = world.next_person[0] + np.arange(end - start)
    world.next_person[0] += end - start
    world.tenure[start:end] = 0
    world.vacant_months[start:end] = 0


def close_center(world: World) -> None:
    """The hard end of the center."""
    vacate(world, *world.layout.center)


@kernel
def begin_month(w, p, start, end):
    """Clear the month's hours; experts, at the positions from start to end, are as in every open month."""
    w.recipient_hours[:] = 0.0
    w.ta_hours[:] = 0.0
    w.areas_served[:] = 0
    w.load[:] = 0.0
    w.practice[:] = 0.0
    w.supported[:] = False
    K = w.skill.shape[1]
    for i in range(start, end):
        w.engagement[i] = p.newcomer_engagement
        w.consulted[i] = -1
        for k in range(K):
            w.skill[i, k] = p.center_expert_skill if (i - start) % K == k else p.center_other_skill
            w.disposition[i, k] = 1.0 / K
            w.priority[i, k] = 1.0 / K
        for m in range(w.tie_to.shape[1]):
            w.tie_to[i, m] = -1
            w.tie_strength[i, m] = 0.0
