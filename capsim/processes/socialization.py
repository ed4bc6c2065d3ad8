"""Socialization: staff learn the routines of their agency.

``skill_ik += min(1, sigma(tenure_i) * (0.5 + culture_j) * u_ik) * [routine_jk - skill_ik]+`` with sigma =
onboarding_rate while tenure < onboarding_months, socialization_rate afterwards.

Source: S114 (onboarding); March 1991 (S111).
"""

from __future__ import annotations

from capsim.kernels import kernel
from capsim.processes.process import Draws, built_in


@kernel
def socialize(w, p, numbers):
    first, person, tenure, culture = w.first, w.person, w.tenure, w.culture
    attention, routine, skill = w.attention, w.routine, w.skill
    early, months, late = p.onboarding_rate, p.onboarding_months, p.socialization_rate
    for j in range(len(first) - 1):
        climate = 0.5 + culture[j]
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            rate = climate * (early if tenure[i] < months else late)
            for k in range(skill.shape[1]):
                skill[i, k] += min(1.0, rate * attention[i, k]) * max(0.0, routine[j, k] - skill[i, k])


SOCIALIZATION = built_in(
    "socialization",
    socialize,
    reads="person tenure attention culture routine skill",
    writes="skill",
    draws=Draws(),
)
