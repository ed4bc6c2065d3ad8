"""Attention: priorities decide what each person attends to this month.

``attention_ik = 1 - exp(-sharpness K priority_ik)`` for a holder, 0 for a vacancy: near 1 for an area that is given a
fair share of priority, near 0 for one that is ignored. Set once a month, after hiring; the four processes of learning
use the same attention.

Source: assumed.
"""

from __future__ import annotations

import math

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

__all__ = ["ATTENTION"]


@kernel
def _attend(person, priority, attention, sharpness):
    P, K = priority.shape
    for i in range(P):
        if person[i] >= 0:
            for k in range(K):
                attention[i, k] = 1.0 - math.exp(-sharpness * K * priority[i, k])


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    _attend(world.person, world.priority, world.attention, values["attention_sharpness"])


ATTENTION = Process(name="attention", reads=("person", "priority"), writes=("attention",), draws=Draws(), apply=_apply)
