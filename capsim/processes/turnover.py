"""Turnover: people leave, and what they hold leaves with them.

Monthly hazard of position i in organization j with a holder of tenure n (months)::

    lambda_i = hazard_i * season(month) * shock * normalisation * (1 + gradient * exp(-n / scale))
               * exp(-b_c (culture_j - culture_center) - b_e (engagement_i - engagement_center))
    season   = 1 + amplitude * cos(2 pi (calendar month - 7) / 12)

with January as calendar month 1; month 0 of a run is July. The person leaves if ``u0 < 1 - exp(-lambda_i)``.
``hazard_i`` already holds the factor that keeps the declared rate of exits at baseline in spite of the tenure gradient
(building/initial.py). ``shock`` is turnover_shock_size while a shock lasts, else 1. The rule `exits` may multiply
lambda further:

- declared: by 1
- overload: by ``exp(exit_overload_slope overload_j)`` (terms.py)
- hubs: by ``max(0, 1 + exit_hub_slope (d_i / mean d - 1))``, d_i the ties to person i, the mean over the holders of the
  agency; 1 where nobody has a tie to them

- Applicants of the pool first age by one month; those at 0 months and those hired drop out (order kept).
- Vacant positions: vacant_months += 1. Holders who stay: tenure += 1.
- A leaver with ``u1 < mover_share`` joins the pool for pool_months (whole months) with skill, disposition, outgoing
  ties and key ``u1 / mover_share``, in position order, while the pool has room.
- The row of the vacated position becomes zero (vacant_months too), its ties free, consulted -1; every tie of others to
  it is removed at the end, and with it their `consulted` if that was the tie.
- If the first position of an organization, its leader, is left: leader_left = True, leader_exit_age = 0, and with
  chance ``v0 < leader_plan_churn`` the plan is partly redrawn (terms.py) toward the disposition of profile
  ``floor(v1 B)``.

Source: S63-S79 (rates), S77 (tenure), S80 (succession).
"""

from __future__ import annotations

import math

import numpy as np

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import overload, redraw_plan
from capsim.world.slots import clear_positions

_DECLARED, _OVERLOAD, _HUBS = codes_of("exits")


@kernel
def leave(w, p, numbers):
    _age_pool(w)
    left = np.zeros(len(w.person), np.bool_)
    if _mark(w, p, numbers.position, left):
        depart(w, p, numbers, left)


@kernel
def depart(w, p, numbers, left):
    """What follows when the holders of the positions in `left` (P,) leave; their exits are counted elsewhere."""
    _join_pool(w, p, numbers.position, left)
    clear_positions(w, left)
    _replan(w, p, numbers.organization, left)


@inner
def _age_pool(w):
    person, group, origin, months_left, key = w.pool_person, w.pool_group, w.pool_origin, w.pool_months_left, w.pool_key
    skill, disposition = w.pool_skill, w.pool_disposition
    tie_to, tie_person, tie_strength = w.pool_tie_to, w.pool_tie_person, w.pool_tie_strength
    kept = 0
    for c in range(w.pool_count[0]):
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
    for c in range(kept, w.pool_count[0]):  # rows that nobody fills are empty
        person[c], group[c], origin[c], months_left[c], key[c] = 0, 0, 0, 0, 0.0
        skill[c, :], disposition[c, :] = 0.0, 0.0
        tie_to[c, :], tie_person[c, :], tie_strength[c, :] = 0, 0, 0.0
    w.pool_count[0] = kept


@kernel
def season(month, amplitude):
    """Factor on exit hazards in a month of a run; its mean over a year is 1 and its peak is July."""
    return 1.0 + amplitude * math.cos(2.0 * math.pi * (month % 12) / 12.0)


@inner
def _mark(w, p, u, left):
    """Mark leavers in `left`; age holders and vacancies. How many leave."""
    first, person, hazard, culture = w.first, w.person, w.hazard, w.culture
    engagement, tenure, vacant, exits = w.engagement, w.tenure, w.vacant_months, w.exits
    shock = p.turnover_shock_size if w.shock_months[0] > 0 else 1.0
    factor = season(w.clock[0], p.season_amplitude) * shock * p.exit_normalisation
    # Nobody leaves at a higher rate than somebody new without any engagement: most need no exponential.
    most = (1.0 + 1e-6) * factor * (1.0 + p.tenure_gradient)
    leavers, sought = 0, _sought(w, p)
    for j in range(len(first) - 1):
        climate = -p.exit_culture_slope * (culture[j] - p.exit_culture_center)
        if p.exits_rule == _OVERLOAD:
            climate += p.exit_overload_slope * overload(w, p, j)
        bound = most * math.exp(climate + p.exit_engagement_slope * p.exit_engagement_center)
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                vacant[i] += 1
                continue
            hub = sought[i] if len(sought) > 0 else 1.0
            if u[i, 0] < hazard[i] * bound * hub:
                rate = hazard[i] * factor * (1.0 + p.tenure_gradient * math.exp(-tenure[i] / p.tenure_scale_months))
                rate *= math.exp(climate - p.exit_engagement_slope * (engagement[i] - p.exit_engagement_center))
                if u[i, 0] < 1.0 - math.exp(-rate * hub):
                    left[i] = True
                    exits[j] += 1
                    leavers += 1
                    continue
            tenure[i] += 1
    return leavers


@inner
def _sought(w, p):
    """Factor on the exits of each person by how many ask them, (P,); empty where it makes no difference."""
    if p.exits_rule != _HUBS:
        return np.empty(0)
    first, person, tie_to, factor = w.first, w.person, w.tie_to, np.zeros(len(w.person))
    for i in range(len(person)):
        for contact in tie_to[i]:
            if contact >= 0:
                factor[contact] += 1.0
    for j in range(len(first) - 1):
        total, holders = 0.0, 0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                total += factor[i]
                holders += 1
        for i in range(first[j], first[j + 1]):
            relative = factor[i] * holders / total if total > 0.0 else 1.0
            factor[i] = max(0.0, 1.0 + p.exit_hub_slope * (relative - 1.0))
    return factor


@inner
def _join_pool(w, p, u, left):
    count, pool_skill, pool_disposition = w.pool_count, w.pool_skill, w.pool_disposition
    pool_tie_to, pool_tie_person, pool_tie_strength = w.pool_tie_to, w.pool_tie_person, w.pool_tie_strength
    person, skill, disposition, tie_to, tie_strength = w.person, w.skill, w.disposition, w.tie_to, w.tie_strength
    for i in range(len(left)):
        if left[i] and u[i, 1] < p.mover_share and count[0] < len(w.pool_person):
            c = count[0]
            w.pool_person[c] = person[i]
            w.pool_group[c] = w.labour_group[i]
            w.pool_origin[c] = w.organization[i]
            w.pool_months_left[c] = int(p.pool_months)
            w.pool_key[c] = u[i, 1] / p.mover_share
            for k in range(skill.shape[1]):
                pool_skill[c, k] = skill[i, k]
                pool_disposition[c, k] = disposition[i, k]
            for m in range(tie_to.shape[1]):
                contact = tie_to[i, m]
                pool_tie_to[c, m] = contact
                pool_tie_strength[c, m] = tie_strength[i, m]
                pool_tie_person[c, m] = person[contact] if contact >= 0 else -1
            count[0] = c + 1


@inner
def _replan(w, p, u, left):
    first = w.first
    for j in range(len(first) - 1):
        if first[j] < first[j + 1] and left[first[j]]:
            w.leader_left[j] = True
            w.leader_exit_age[j] = 0
            if u[j, 0] < p.leader_plan_churn:
                redraw_plan(w, j, u[j, 1], p.plan_churn_share)


TURNOVER = built_in(
    "turnover",
    leave,
    reads="person tenure culture engagement load outside_initiatives shock_months skill disposition tie_to "
    "tie_strength consulted plan resource_alignment",
    writes="person tenure vacant_months skill disposition priority attention practice lessons outdated engagement "
    "tie_to tie_strength consulted recipient_hours exits leader_left leader_exit_age plan resource_alignment pool",
    draws=Draws(position=2, organization=2),
)
