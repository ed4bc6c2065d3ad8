"""Priorities: social influence on where people put attention; plans follow leaders and the parent agency.

Friedkin and Johnsen (1990), synchronous, from the priorities and plans before this process::

    x_i = c p_contact + l p_leader + q plan_j + (1 - c - l - q) p_i
    p_i <- p_i + w (s x_i + (1 - s) disposition_i - p_i)

with w = influence_rate, s = susceptibility, c = influence_contact, l = influence_leader, q = influence_plan. The
contact is the one consulted this month; the leader holds the first position of the agency. An absent source (no
contact; the leader's position vacant or one's own) gives its weight to the own priorities. c + l + q above 1 is divided
by its sum. Other forms of the rule `influence`: near, a source farther from the own priorities than influence_bound
(half of the L1 distance) is absent too (bounded confidence); leaders, the leader has the weight of contacts as well,
contacts none. Plans::

    plan_j <- plan_j + plan_leader_rate (mean priority of holders with the role leader - plan_j)
                     + plan_parent_rate (plan_parent - plan_j)

without the first term when no leader is there, without the second for a root; two rates that sum to more than 1 are
divided by their sum. Where support_weight is above 0, plans follow those above by support (support.py) and not here.

Source: Friedkin and Johnsen 1990; Deffuant et al. 2000 and Hegselmann and Krause 2002 (near); weights assumed.
"""

from __future__ import annotations

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.levels import LEADER
from capsim.measures.sums import apart
from capsim.processes.process import Draws, built_in
from capsim.world.slots import keep_before

_ALL, _NEAR, _LEADERS = codes_of("influence")


@kernel
def influence(w, p, numbers):
    before, old_plan = w.before, w.plan.copy()
    keep_before(w, w.priority)
    _pull(w, p, before)
    _replan(w, p, before, old_plan)


@inner
def weights_of_influence(p):
    """Weights of the contact, the leader and the plan."""
    total = max(1.0, p.influence_contact + p.influence_leader + p.influence_plan)
    of_contact, of_leader, of_plan = p.influence_contact / total, p.influence_leader / total, p.influence_plan / total
    if p.influence_rule == _LEADERS:
        return 0.0, of_leader + of_contact, of_plan
    return of_contact, of_leader, of_plan


@inner
def _pull(w, p, before):
    first, person, plan, disposition, priority = w.first, w.person, w.plan, w.disposition, w.priority
    tie_to, consulted = w.tie_to, w.consulted
    of_contact, of_leader, usual_plan = weights_of_influence(p)
    rate, s = p.influence_rate, p.susceptibility
    for j in range(len(first) - 1):
        leader = first[j]
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            contact = tie_to[i, consulted[i]] if consulted[i] >= 0 else -1
            c = of_contact if contact >= 0 else 0.0
            l = of_leader if leader != i and person[leader] >= 0 else 0.0
            of_plan = usual_plan
            if p.influence_rule == _NEAR:
                c = c if c > 0.0 and 0.5 * apart(before[i], before[contact]) <= p.influence_bound else 0.0
                l = l if l > 0.0 and 0.5 * apart(before[i], before[leader]) <= p.influence_bound else 0.0
                of_plan = of_plan if 0.5 * apart(before[i], plan[j]) <= p.influence_bound else 0.0
            own = 1.0 - c - l - of_plan
            for k in range(priority.shape[1]):
                x = own * before[i, k] + of_plan * plan[j, k]
                if c > 0.0:
                    x += c * before[contact, k]
                if l > 0.0:
                    x += l * before[leader, k]
                priority[i, k] = before[i, k] + rate * (s * x + (1.0 - s) * disposition[i, k] - before[i, k])


@inner
def _replan(w, p, before, old_plan):
    first, parent, role, person, plan = w.first, w.parent, w.role, w.person, w.plan
    parent_rate = p.plan_parent_rate if p.support_weight <= 0.0 else 0.0
    total = max(1.0, p.plan_leader_rate + parent_rate)
    leader_rate, parent_rate = p.plan_leader_rate / total, parent_rate / total
    O, K = plan.shape
    for j in range(O):
        leaders = 0
        for i in range(first[j], first[j + 1]):
            leaders += role[i] == LEADER and person[i] >= 0
        for k in range(K):
            if leaders > 0:
                wished = 0.0
                for i in range(first[j], first[j + 1]):
                    if role[i] == LEADER and person[i] >= 0:
                        wished += before[i, k]
                plan[j, k] += leader_rate * (wished / leaders - old_plan[j, k])
            if parent[j] >= 0:
                plan[j, k] += parent_rate * (old_plan[parent[j], k] - old_plan[j, k])


PRIORITIES = built_in(
    "priorities",
    influence,
    reads="person consulted tie_to disposition plan priority",
    writes="priority plan",
    draws=Draws(),
)
