"""Climate: culture, engagement, data systems and the alignment of resources respond.

Synchronous: engagement uses the culture from before.

For agency j with ``overload = max(0, outside_initiatives_j + areas_served_j - initiative_limit)``, agreement g (r_wg;
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
committed_return_rate (c_j - committed)``, c = compliance_share in an SEA, 0 elsewhere.

Source: weights assumed; S97 on reciprocity is mixed.
"""

from __future__ import annotations

import math

from capsim.kernels import kernel
from capsim.measures.capacities import mean_priorities, shared_goals, staffing
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

__all__ = ["CLIMATE"]

_SEA = 1


@kernel
def _engage(
    first,
    person,
    priority,
    plan,
    areas_served,
    culture,
    effect,
    engagement,
    culture_base,
    outside,
    limit,
    rate,
    base,
    culture_weight,
    fit_weight,
    fit_reference,
    overload_weight,
):
    K = plan.shape[1]
    for j in range(len(first) - 1):
        overload = max(0.0, outside[j] + areas_served[j] - limit)
        common = base + effect[j] + culture_weight * (culture[j] - culture_base) - overload_weight * overload
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                distance = 0.0
                for k in range(K):
                    distance += abs(priority[i, k] - plan[j, k])
                target = common + fit_weight * (1.0 - 0.5 * distance - fit_reference)
                engagement[i] += rate * (min(1.0, max(0.0, target)) - engagement[i])


@kernel
def _returned_share(first, person, consulted, tie_to, reference):
    """Share of consulted ties that are returned, by organization."""
    share = staffing(first, person)
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


@kernel
def _settle_culture(
    filled,
    goals,
    returned,
    leader_exit_age,
    areas_served,
    effect,
    culture,
    base,
    returned_reference,
    outside,
    limit,
    rate,
    goals_weight,
    goals_reference,
    returned_weight,
    vacancy_weight,
    vacancy_reference,
    exit_weight,
    exit_months,
    overload_weight,
):
    for j in range(len(culture)):
        agreement = goals_reference if math.isnan(goals[j]) else goals[j]
        target = base + effect[j] + goals_weight * (agreement - goals_reference)
        target += returned_weight * (returned[j] - returned_reference)
        target -= vacancy_weight * (1.0 - filled[j] - vacancy_reference)
        if leader_exit_age[j] < exit_months:
            target -= exit_weight
        target -= overload_weight * max(0.0, outside[j] + areas_served[j] - limit)
        culture[j] += rate * (min(1.0, max(0.0, target)) - culture[j])


@kernel
def _settle_data(effect, data_systems, rate, base):
    for j in range(len(data_systems)):
        data_systems[j] += rate * (min(1.0, max(0.0, base + effect[j])) - data_systems[j])


@kernel
def _settle_resources(level, resource_alignment, committed, rate, base, return_rate, compliance_share):
    for j in range(len(level)):
        resource_alignment[j] += rate * (base - resource_alignment[j])
        owed = compliance_share if level[j] == _SEA else 0.0
        committed[j] += return_rate * (owed - committed[j])


@kernel
def _respond(
    first,
    person,
    priority,
    plan,
    areas_served,
    consulted,
    tie_to,
    leader_exit_age,
    culture_effect,
    engagement_effect,
    data_effect,
    culture,
    engagement,
    data_systems,
    engagement_terms,
    culture_terms,
    data_terms,
    culture_base,
    returned_reference,
    outside,
    limit,
):
    goals = shared_goals(first, person, priority, mean_priorities(first, person, priority))
    returned = _returned_share(first, person, consulted, tie_to, returned_reference)
    _engage(
        first,
        person,
        priority,
        plan,
        areas_served,
        culture,
        engagement_effect,
        engagement,
        culture_base,
        outside,
        limit,
        *engagement_terms,
    )
    _settle_culture(
        staffing(first, person),
        goals,
        returned,
        leader_exit_age,
        areas_served,
        culture_effect,
        culture,
        culture_base,
        returned_reference,
        outside,
        limit,
        *culture_terms,
    )
    _settle_data(data_effect, data_systems, *data_terms)


def _terms(values: Values, *names: str) -> tuple[float, ...]:
    return tuple(values[name] for name in names)


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout = world.layout
    _respond(
        layout.first,
        world.person,
        world.priority,
        world.plan,
        world.areas_served,
        world.consulted,
        world.tie_to,
        world.leader_exit_age,
        layout.culture_effect,
        layout.engagement_effect,
        layout.data_systems_effect,
        world.culture,
        world.engagement,
        world.data_systems,
        _terms(
            values,
            "engagement_rate",
            "engagement_base",
            "engagement_culture",
            "engagement_fit",
            "fit_reference",
            "engagement_overload",
        ),
        _terms(
            values,
            "culture_rate",
            "culture_goals",
            "goals_reference",
            "culture_returned",
            "culture_vacancy",
            "vacancy_reference",
            "culture_leader_exit",
            "leader_exit_months",
            "culture_overload",
        ),
        _terms(values, "data_systems_rate", "data_systems_base"),
        values["culture_base"],
        values["returned_reference"],
        world.outside_initiatives,
        values["initiative_limit"],
    )
    _settle_resources(
        layout.level,
        world.resource_alignment,
        world.committed,
        *_terms(
            values, "resource_alignment_rate", "resource_alignment_base", "committed_return_rate", "compliance_share"
        ),
    )


CLIMATE = Process(
    name="climate",
    reads=(
        "person",
        "priority",
        "plan",
        "culture",
        "engagement",
        "consulted",
        "tie_to",
        "leader_exit_age",
        "areas_served",
        "outside_initiatives",
        "data_systems",
        "resource_alignment",
        "committed",
    ),
    writes=("culture", "engagement", "data_systems", "resource_alignment", "committed"),
    draws=Draws(),
    apply=_apply,
)
