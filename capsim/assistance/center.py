"""The TA center: its experts come when assistance opens, and go when it closes, with every tie to them (sunset).

While the center is open its experts know `center_expert_skill` in their own area (expert e in area ``e mod K``) and
`center_other_skill` elsewhere, have equal priorities and seek no advice; they do not learn or leave. They exist in
every strategy, `none` included, but nobody has a tie to them unless assistance makes one.

Source: S3 and S4 (a center of five years and a hard end), S5 (subject-matter experts); figures assumed.
"""

from __future__ import annotations

import numpy as np

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
    world.vacant_months[start:end] = 0


def restore_experts(world: World, values: Values) -> None:
    """Experts as they are in every open month, whatever the month did to them."""
    start, end = world.layout.center
    K = world.layout.n_areas
    own = np.arange(end - start)[:, None] % K == np.arange(K)
    world.skill[start:end] = np.where(own, values["center_expert_skill"], values["center_other_skill"])
    world.disposition[start:end] = 1.0 / K
    world.priority[start:end] = 1.0 / K
    world.engagement[start:end] = values["newcomer_engagement"]
    world.tie_to[start:end] = -1
    world.tie_strength[start:end] = 0.0
    world.consulted[start:end] = -1
    world.recipient_hours[start:end] = 0.0


def close_center(world: World) -> None:
    """The hard end of the center."""
    vacate(world, *world.layout.center)
