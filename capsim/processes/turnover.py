"""Turnover: people leave, and what they hold leaves with them.

Monthly hazard of position i in organization j with a holder of tenure n (months)::

    lambda_i = hazard_i * season(month) * shock * normalisation * (1 + gradient * exp(-n / scale))
               * exp(-b_c (culture_j - culture_center) - b_e (engagement_i - engagement_center))
    season   = 1 + amplitude * cos(2 pi (calendar month - 7) / 12)

with January as calendar month 1; month 0 of a run is July. The person leaves if ``u0 < 1 - exp(-lambda_i)``.
``hazard_i`` already holds the factor that keeps the declared rate of exits at baseline in spite of the tenure gradient
(building/hazards.py). ``shock`` is turnover_shock_size while a shock lasts, else 1.

- Applicants of the pool first age by one month; those at 0 months and those hired drop out (order kept).
- Vacant positions: vacant_months += 1. Holders who stay: tenure += 1.
- A leaver with ``u1 < mover_share`` joins the pool for pool_months (whole months) with skill, disposition, outgoing
  ties and key ``u1 / mover_share``, in position order, while the pool has room.
- The row of the vacated position becomes zero (vacant_months too), its ties free, consulted -1; every tie of others to
  it is removed at the end, and with it their `consulted` if that was the tie.
- If the first position of an organization, its leader, is left: leader_left = True, leader_exit_age = 0, and with
  chance ``v0 < leader_plan_churn`` the plan is partly redrawn (plans.py) toward the disposition of profile
  ``floor(v1 B)``.

Source: S63-S79 (rates), S77 (tenure), S80 (succession).
"""

from __future__ import annotations

import math

import numpy as np

from capsim.kernels import kernel
from capsim.parameters import Values
from capsim.processes.plans import redraw_plan
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World

__all__ = ["TURNOVER", "season"]


@kernel
def _age_pool(count, person, group, origin, months_left, key, skill, disposition, tie_to, tie_person, tie_strength):
    kept = 0
    for c in range(count[0]):
        if group[c] < 0 or months_left[c] <= 1:
            continue
        person[kept] = person[c]
        group[kept] = group[c]
        origin[kept] = origin[c]
        months_left[kept] = months_left[c] - 1
        key[kept] = key[c]
        for k in range(skill.shape[1]):
            skill[kept, k] = skill[c, k]
            disposition[kept, k] = disposition[c, k]
        for m in range(tie_to.shape[1]):
            tie_to[kept, m] = tie_to[c, m]
            tie_person[kept, m] = tie_person[c, m]
            tie_strength[kept, m] = tie_strength[c, m]
        kept += 1
    count[0] = kept


@kernel
def _exits(
    numbers,
    first,
    hazard,
    culture,
    engagement,
    tenure,
    vacant_months,
    person,
    left,
    exits,
    factor,
    gradient,
    scale,
    culture_slope,
    culture_center,
    engagement_slope,
    engagement_center,
):
    """Mark leavers in `left`; age holders and vacancies."""
    for j in range(len(first) - 1):
        climate = -culture_slope * (culture[j] - culture_center)
        for i in range(first[j], first[j + 1]):
            left[i] = False
            if person[i] < 0:
                vacant_months[i] += 1
                continue
            rate = hazard[i] * factor * (1.0 + gradient * math.exp(-tenure[i] / scale))
            rate *= math.exp(climate - engagement_slope * (engagement[i] - engagement_center))
            # 1 - exp(-rate) is at most rate, so most positions need no exponential
            if numbers[i, 0] < rate and numbers[i, 0] < 1.0 - math.exp(-rate):
                left[i] = True
                exits[j] += 1
            else:
                tenure[i] += 1


@kernel
def _join_pool(
    numbers,
    left,
    organization,
    group_of,
    person,
    skill,
    disposition,
    tie_to,
    tie_strength,
    count,
    pool_person,
    pool_group,
    pool_origin,
    pool_months,
    pool_key,
    pool_skill,
    pool_disposition,
    pool_tie_to,
    pool_tie_person,
    pool_tie_strength,
    mover_share,
    months,
):
    for i in range(len(left)):
        if left[i] and numbers[i, 1] < mover_share and count[0] < len(pool_person):
            c = count[0]
            pool_person[c] = person[i]
            pool_group[c] = group_of[i]
            pool_origin[c] = organization[i]
            pool_months[c] = months
            pool_key[c] = numbers[i, 1] / mover_share
            for k in range(skill.shape[1]):
                pool_skill[c, k] = skill[i, k]
                pool_disposition[c, k] = disposition[i, k]
            for m in range(tie_to.shape[1]):
                contact = tie_to[i, m]
                pool_tie_to[c, m] = contact
                pool_tie_strength[c, m] = tie_strength[i, m]
                pool_tie_person[c, m] = person[contact] if contact >= 0 else -1
            count[0] = c + 1


@kernel
def _clear(
    numbers,
    left,
    first,
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
    leader_left,
    leader_exit_age,
    plan,
    resource_alignment,
    bank_disposition,
    plan_churn,
    churn_share,
):
    P, M = tie_to.shape
    K = plan.shape[1]
    for i in range(P):
        if left[i]:
            person[i] = -1
            tenure[i] = 0
            vacant_months[i] = 0
            engagement[i] = 0.0
            for k in range(K):
                skill[i, k] = 0.0
                disposition[i, k] = 0.0
                priority[i, k] = 0.0
                attention[i, k] = 0.0
            consulted[i] = -1
            recipient_hours[i] = 0.0
            for m in range(M):
                tie_to[i, m] = -1
                tie_strength[i, m] = 0.0
        else:
            lost = False
            for m in range(M):
                lost |= left[max(0, tie_to[i, m])] & (tie_to[i, m] >= 0)
            if not lost:
                continue
            for m in range(M):
                if tie_to[i, m] >= 0 and left[tie_to[i, m]]:
                    tie_to[i, m] = -1
                    tie_strength[i, m] = 0.0
                    if consulted[i] == m:
                        consulted[i] = -1
    for j in range(len(first) - 1):
        if first[j] < first[j + 1] and left[first[j]]:
            leader_left[j] = True
            leader_exit_age[j] = 0
            if numbers[j, 0] < plan_churn:
                pick = int(numbers[j, 1] * bank_disposition.shape[0])
                redraw_plan(j, bank_disposition[pick], churn_share, plan, resource_alignment)


def season(month: int, amplitude: float) -> float:
    """Factor on exit hazards in a month of a run; its mean over a year is 1 and its peak is July."""
    return 1.0 + amplitude * math.cos(2.0 * math.pi * (month % 12) / 12.0)


def _apply(world: World, numbers: Numbers, values: Values) -> None:
    layout, pool = world.layout, world.pool
    left = np.empty(layout.n_positions, np.bool_)
    shock = values["turnover_shock_size"] if world.shock_months[0] > 0 else 1.0
    _age_pool(
        pool.count,
        pool.person,
        pool.group,
        pool.origin,
        pool.months_left,
        pool.key,
        pool.skill,
        pool.disposition,
        pool.tie_to,
        pool.tie_person,
        pool.tie_strength,
    )
    _exits(
        numbers.position,
        layout.first,
        layout.hazard,
        world.culture,
        world.engagement,
        world.tenure,
        world.vacant_months,
        world.person,
        left,
        world.exits,
        season(world.month, values["season_amplitude"]) * shock * values["exit_normalisation"],
        values["tenure_gradient"],
        values["tenure_scale_months"],
        values["exit_culture_slope"],
        values["exit_culture_center"],
        values["exit_engagement_slope"],
        values["exit_engagement_center"],
    )
    _join_pool(
        numbers.position,
        left,
        layout.organization,
        layout.labour_group,
        world.person,
        world.skill,
        world.disposition,
        world.tie_to,
        world.tie_strength,
        pool.count,
        pool.person,
        pool.group,
        pool.origin,
        pool.months_left,
        pool.key,
        pool.skill,
        pool.disposition,
        pool.tie_to,
        pool.tie_person,
        pool.tie_strength,
        values["mover_share"],
        int(values["pool_months"]),
    )
    _clear(
        numbers.organization,
        left,
        layout.first,
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
        world.leader_left,
        world.leader_exit_age,
        world.plan,
        world.resource_alignment,
        world.bank.disposition,
        values["leader_plan_churn"],
        values["plan_churn_share"],
    )


TURNOVER = Process(
    name="turnover",
    reads=(
        "person",
        "tenure",
        "culture",
        "engagement",
        "shock_months",
        "skill",
        "disposition",
        "tie_to",
        "tie_strength",
        "consulted",
        "plan",
        "resource_alignment",
    ),
    writes=(
        "person",
        "tenure",
        "vacant_months",
        "skill",
        "disposition",
        "priority",
        "attention",
        "engagement",
        "tie_to",
        "tie_strength",
        "consulted",
        "recipient_hours",
        "exits",
        "leader_left",
        "leader_exit_age",
        "plan",
        "resource_alignment",
        "pool",
    ),
    draws=Draws(position=2, organization=2),
    apply=_apply,
)
