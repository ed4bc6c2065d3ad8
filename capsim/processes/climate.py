"""Climate: culture, engagement, data systems and the alignment of resources respond.

Synchronous: engagement uses the culture from before.

For agency j with ``overload = max(0, outside_initiatives_j + load_j - initiative_limit)``, agreement g (r_wg;
its reference when undefined), vacancy share v, ``returned`` the share of this month's consulted ties that the contact
returns (its reference when nobody consulted) and ``recent = 1`` while leader_exit_age < leader_exit_months::

    culture_target    = culture_base + culture_effect_j + culture_goals (g - goals_reference)
                        + culture_returned (returned - returned_reference) - culture_vacancy (v - vacancy_reference)
                        - culture_leader_exit recent - culture_overload overload
    engagement_target = engagement_base + engagement_effect_j + engagement_culture (culture_j - culture_base)
                        + engagement_fit (fit_i - fit_reference) - engagement_overload overload
    fit_i             = 1 - 1/2 sum_k |priority_ik - plan_jk|

each clipped to [0, 1]; ``culture += culture_rate (target - culture)``, ``engagement += engagement_rate (target -
engagement)`` for holders, and ``data_systems += data_systems_rate (clip(data_systems_base + data_systems_effect_j) -
data_systems)``. ``resource_alignment += resource_alignment_rate (resource_alignment_base - resource_alignment)``, and
the time committed to compliance returns to what federal programs ask of a state agency: ``committed +=
committed_return_rate (c_j - committed)``, c = compliance_share in an SEA, 0 elsewhere; below an SEA it is what its
reports ask where support_weight is above 0, ``c = min(1, reporting_hours / W * committed of the state agency / .40)``:
what was asked for once is given up as slowly as compliance itself.

Where finance_rate or personnel_rate is above 0, the shares of the agency's money and positions by area follow its plan,
the faster the better resources are aligned: ``finances += min(1, finance_rate a_j) (plan - finances)`` with ``a_j =
resource_alignment_j / resource_alignment_base``, personnel likewise. What they do: processes/attention.py (personnel)
and processes/codification.py (finances).

Source: weights assumed; S97 on reciprocity is mixed; S9 (finances, data systems and personnel support reform goals).
"""

from __future__ import annotations

import math

from capsim.kernels import inner, kernel
from capsim.levels import SEA
from capsim.measures.capacities import mean_priorities, shared_goals, staffing
from capsim.measures.sums import apart
from capsim.processes.process import Draws, built_in
from capsim.processes.support import reports_owed
from capsim.processes.terms import cut, overload
from capsim.world.slots import state_above


@inner
def culture_target(p, effect, goals, returned, vacant, recent, overload):
    """What the culture of an agency moves toward, before it is cut to [0, 1]."""
    target = p.culture_base + effect + p.culture_goals * (goals - p.goals_reference)
    target += p.culture_returned * (returned - p.returned_reference)
    target -= p.culture_vacancy * (vacant - p.vacancy_reference)
    target -= p.culture_leader_exit * recent
    return target - p.culture_overload * overload


@inner
def engagement_target(p, effect, culture, overload, distance):
    """What the engagement of a person at L1 `distance` from the plan moves toward, before it is cut to [0, 1]."""
    common = p.engagement_base + effect + p.engagement_culture * (culture - p.culture_base)
    common -= p.engagement_overload * overload
    return common + p.engagement_fit * (1.0 - 0.5 * distance - p.fit_reference)


@inner
def data_systems_target(p, effect):
    """What the data systems of an agency move toward, before it is cut to [0, 1]."""
    return p.data_systems_base + effect


@kernel
def respond(w, p, numbers):
    first, person, priority = w.first, w.person, w.priority
    goals = shared_goals(first, person, priority, mean_priorities(first, person, priority))
    _engage(w, p)
    _settle_culture(w, p, goals)
    data_systems, resources, committed = w.data_systems, w.resource_alignment, w.committed
    before = committed.copy()
    for j in range(len(committed)):
        data_systems[j] += p.data_systems_rate * (
            cut(data_systems_target(p, w.data_systems_effect[j])) - data_systems[j]
        )
        resources[j] += p.resource_alignment_rate * (p.resource_alignment_base - resources[j])
        owed = p.compliance_share if w.level[j] == SEA else 0.0
        state = state_above(w, j)
        if p.support_weight > 0.0 and state >= 0:
            owed = reports_owed(p, before[state])
        committed[j] += p.committed_return_rate * (owed - committed[j])
    if p.finance_rate > 0.0:
        _shift(p, w.finances, w.plan, resources, p.finance_rate)
    if p.personnel_rate > 0.0:
        _shift(p, w.personnel, w.plan, resources, p.personnel_rate)


@inner
def _shift(p, shares, plan, resources, rate):
    """A month in which shares of money or positions follow the plans."""
    for j in range(len(shares)):
        moved = min(1.0, rate * resources[j] / max(p.resource_alignment_base, 1e-12))
        for k in range(shares.shape[1]):
            shares[j, k] += moved * (plan[j, k] - shares[j, k])


@inner
def _engage(w, p):
    first, person, priority, plan, engagement = w.first, w.person, w.priority, w.plan, w.engagement
    rate = p.engagement_rate
    for j in range(len(first) - 1):
        strain, effect, culture = overload(w, p, j), w.engagement_effect[j], w.culture[j]
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                distance = apart(priority[i], plan[j])
                engagement[i] += rate * (cut(engagement_target(p, effect, culture, strain, distance)) - engagement[i])


@inner
def _settle_culture(w, p, goals):
    culture, filled, returned = w.culture, staffing(w.first, w.person), _returned_share(w, p.returned_reference)
    for j in range(len(culture)):
        agreement = p.goals_reference if math.isnan(goals[j]) else goals[j]
        recent = 1.0 if w.leader_exit_age[j] < p.leader_exit_months else 0.0
        vacant = 1.0 - filled[j]
        target = culture_target(p, w.culture_effect[j], agreement, returned[j], vacant, recent, overload(w, p, j))
        culture[j] += p.culture_rate * (cut(target) - culture[j])


@inner
def _returned_share(w, reference):
    """Share of consulted ties that are returned, by organization."""
    first, consulted, tie_to = w.first, w.consulted, w.tie_to
    share = w.culture.copy()
    for j in range(len(first) - 1):
        asked, returned = 0, 0
        for i in range(first[j], first[j + 1]):
            if consulted[i] >= 0:
                asked += 1
                contact = tie_to[i, consulted[i]]
                knows = False
                for m in range(tie_to.shape[1]):
                    knows |= tie_to[contact, m] == i
                returned += knows
        share[j] = returned / asked if asked > 0 else reference
    return share


CLIMATE = built_in(
    "climate",
    respond,
    reads="person priority plan culture engagement consulted tie_to leader_exit_age load outside_initiatives "
    "data_systems resource_alignment committed finances personnel",
    writes="culture engagement data_systems resource_alignment committed finances personnel",
    draws=Draws(),
)
