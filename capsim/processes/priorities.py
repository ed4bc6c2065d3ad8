"""Priorities: social influence on where people put attention; plans follow leaders and the parent agency.

Friedkin and Johnsen (1990), synchronous, from the priorities and plans before this process::

    x_i = c p_contact + l p_leader + q plan_j + (1 - c - l - q) p_i
    p_i <- p_i + w (s x_i + (1 - s) disposition_i - p_i)

with w = influence_rate, s = susceptibility, c = influence_contact, l = influence_leader, q = influence_plan. The
contact is the one consulted this month; the leader holds the first position of the agency. An absent source (no
contact; the leader's position vacant or one's own) gives its weight to the own priorities. c + l + q above 1 is divided
by its sum::

    plan_j <- plan_j + plan_leader_rate (mean priority of holders with the role leader - plan_j)
                     + plan_parent_rate (plan_parent - plan_j)

without the first term when no leader is there, without the second for a root; two rates that sum to more than 1 are
divided by their sum.

Source: Friedkin and Johnsen 1990; weights assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.kernels import kernel
from capsim.levels import LEADER
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

__all__ = ["PRIORITIES"]


@kernel
def _influence(
    first,
    person,
    consulted,
    tie_to,
    disposition,
    plan,
    before,
    priority,
    w,
    s,
    contact_weight,
    leader_weight,
    plan_weight,
):
    K = priority.shape[1]
    for j in range(len(first) - 1):
        leader = first[j]
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            contact = tie_to[i, consulted[i]] if consulted[i] >= 0 else -1
            c = contact_weight if contact >= 0 else 0.0
            l = leader_weight if leader != i and person[leader] >= 0 else 0.0
            own = 1.0 - c - l - plan_weight
            for k in range(K):
                x = own * before[i, k] + plan_weight * plan[j, k]
                if c > 0.0:
                    x += c * before[contact, k]
                if l > 0.0:
                    x += l * before[leader, k]
                priority[i, k] = before[i, k] + w * (s * x + (1.0 - s) * disposition[i, k] - before[i, k])


@kernel
def _replan(first, parent, role, person, before, old_plan, plan, leader_rate, parent_rate):
    O, K = plan.shape
    mean = np.empty(K)
    for j in range(O):
        for k in range(K):
            mean[k] = 0.0
        leaders = 0
        for i in range(first[j], first[j + 1]):
            if role[i] == LEADER and person[i] >= 0:
                leaders += 1
                for k in range(K):
                    mean[k] += before[i, k]
        for k in range(K):
            if leaders > 0:
                plan[j, k] += leader_rate * (mean[k] / leaders - old_plan[j, k])
            if parent[j] >= 0:
                plan[j, k] += parent_rate * (old_plan[parent[j], k] - old_plan[j, k])


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout, before = world.layout, world.priority.copy()
    weights = np.array([values["influence_contact"], values["influence_leader"], values["influence_plan"]])
    contact, leader, plan = (weights / max(1.0, float(weights.sum()))).tolist()
    plan_total = max(1.0, values["plan_leader_rate"] + values["plan_parent_rate"])
    _influence(
        layout.first,
        world.person,
        world.consulted,
        world.tie_to,
        world.disposition,
        world.plan,
        before,
        world.priority,
        values["influence_rate"],
        values["susceptibility"],
        contact,
        leader,
        plan,
    )
    _replan(
        layout.first,
        layout.parent,
        layout.role,
        world.person,
        before,
        world.plan.copy(),
        world.plan,
        values["plan_leader_rate"] / plan_total,
        values["plan_parent_rate"] / plan_total,
    )


PRIORITIES = Process(
    name="priorities",
    reads=("person", "consulted", "tie_to", "disposition", "plan", "priority"),
    writes=("priority", "plan"),
    draws=Draws(),
    apply=_apply,
)
