"""Experience: learning by doing and forgetting by disuse.

For a holder i of agency j and area k with attention u, priority p and the free share of the month ``free_i``
(terms.py), both terms from the old skill::

    skill_ik += experience_rate free_i u' [e_ik - skill_ik]+  -  disuse_rate idle_ik skill_ik

Ceiling, cut to [0, 1] (rule `expertise`): ``e_ik = e0 + e1 p / (p + 0.25) + eta_jk + more`` with e0, e1 =
expertise_floor, expertise_gain (people become expert in what they give attention to) and eta the agency's lasting
effect;

- fixed: more = 0
- routines: ``more = expertise_routine (enacted_jk - enacted_baseline)``: enacted routines carry people further
- contacts: ``more = expertise_contacts [best - baseline_people]+``, best the highest skill of the contacts

Help from above adds to the ceiling where support_weight is above 0 (support.py).

Disuse (rule `disuse`), with h the hours of help in the area in the month before by other than universal activities,
H = work_hours_per_month; the rate of an area with a record is another multiple of disuse_rate:

- attention: ``idle = 1 - u`` and u' = u
- hours: ``idle = [1 - max(p H, h) / practice_hours]+`` and ``u' = max(u, min(1, h / practice_hours))``: nothing is
  forgotten by practice of some hours a month, and help in the area is practice while it lasts; idle = 0 and u' = u
  where practice_hours is 0
- none: idle = 0 and u' = u

Source: S98, S100, S107 (disuse), S61 (none), S93 and S94 (contacts); rates and ceilings assumed.
"""

from __future__ import annotations

import numpy as np

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.support import rise_of_ceiling
from capsim.processes.terms import cut, free_time
from capsim.world.slots import keep_before

_ROUTINES, _FIXED, _CONTACTS = codes_of("expertise")
_HOURS, _ATTENTION, _NONE = codes_of("disuse")


@kernel
def practise(w, p, numbers):
    first, person, hours, committed = w.first, w.person, w.recipient_hours, w.committed
    priority, attention, skill, effect, enacted = w.priority, w.attention, w.skill, w.expertise_effect, w.enacted
    rate, work, practice, enough = p.experience_rate, p.work_hours_per_month, w.practice, p.practice_hours
    by_attention, by_hours = p.disuse_rule == _ATTENTION, p.disuse_rule == _HOURS and enough > 0.0
    disuse = np.minimum(1.0, p.disuse_rate * w.area_disuse)
    floor, gain, from_routine, usual = p.expertise_floor, p.expertise_gain, p.expertise_routine, p.enacted_baseline
    by_routines, by_contacts = p.expertise_rule == _ROUTINES, p.expertise_rule == _CONTACTS
    if by_contacts:
        keep_before(w, skill)
    supported, rise = p.support_weight > 0.0, np.zeros(skill.shape[1])
    for j in range(len(first) - 1):
        if supported:
            for k in range(len(rise)):
                rise[k] = rise_of_ceiling(p, w.support[j, k])
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            learning = rate * free_time(hours[i], committed[j], work)
            for k in range(skill.shape[1]):
                ceiling = floor + gain * priority[i, k] / (priority[i, k] + 0.25) + effect[j, k]
                if by_routines:
                    ceiling += from_routine * (enacted[j, k] - usual)
                elif by_contacts:
                    ceiling += _raised_by_contacts(w, p, i, k)
                if supported:
                    ceiling += rise[k]
                old, u = skill[i, k], attention[i, k]
                idle = 1.0 - u if by_attention else 0.0
                if by_hours:
                    idle, u = _practised(practice[i, k], priority[i, k] * work, u, enough)
                skill[i, k] = old + learning * u * max(0.0, cut(ceiling) - old) - disuse[k] * idle * old


@inner
def _raised_by_contacts(w, p, i, k):
    """How far the best contact raises the ceiling of a person."""
    best = 0.0
    for contact in w.tie_to[i]:
        if contact >= 0:
            best = max(best, w.before[contact, k])
    return p.expertise_contacts * max(0.0, best - p.baseline_people)


@inner
def _practised(helped, own, attention, enough):
    """Idle share of a month by hours of practice, and attention with help as practice."""
    if helped > 0.0:
        attention = max(attention, min(1.0, helped / enough))
    return max(0.0, 1.0 - max(own, helped) / enough), attention


EXPERIENCE = built_in(
    "experience",
    practise,
    reads="person priority attention recipient_hours committed practice enacted tie_to expertise_effect skill support",
    writes="skill",
    draws=Draws(),
)
