"""Experience: learning by doing and forgetting by disuse.

For a holder i and area k, with ceiling ``e_ik = min(1, e0 + e1 priority_ik / (priority_ik + 0.25))`` (people become
expert in what they give attention to), attention u, and the free share of the month ``free_i`` (terms.py)::

    skill_ik += experience_rate * free_i * u_ik * [e_ik - skill_ik]+  -  disuse_rate * (1 - u_ik) * skill_ik

both terms from the old skill.

Source: S100 (disuse); rate and ceiling assumed.
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import free_time


@kernel
def practise(w, p, numbers):
    first, person, hours, committed = w.first, w.person, w.recipient_hours, w.committed
    priority, attention, skill = w.priority, w.attention, w.skill
    rate, work, disuse = p.experience_rate, p.work_hours_per_month, p.disuse_rate
    floor, gain = p.expertise_floor, p.expertise_gain
    for j in range(len(first) - 1):
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            learning = rate * free_time(hours[i], committed[j], work)
            for k in range(skill.shape[1]):
                ceiling = min(1.0, floor + gain * priority[i, k] / (priority[i, k] + 0.25))
                old, u = skill[i, k], attention[i, k]
                skill[i, k] = old + learning * u * max(0.0, ceiling - old) - disuse * (1.0 - u) * old


EXPERIENCE = built_in(
    "experience",
    practise,
    reads="person priority attention recipient_hours committed skill",
    writes="skill",
    draws=Draws(),
)
