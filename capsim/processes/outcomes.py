"""Outcomes that a scenario links to use: teachers, materials, achievement. Declared links, never findings.

For a district j with u the mean of last month's use over the areas that the outcome is linked to, u0 = usual_use, and
z its disadvantage (0 at mean poverty, 1 from the mean of the richest quarter of districts to that of the poorest).
Nothing in the model reads any of them.

Teachers, the share f of first-year teachers (rule: who is hired where shifts, the number of teachers does not)::

    f += (f0 + G z (1 - link (u - u0) / (1 - u0)) - f) / lag                                        f cut to [0, 1]

with f0 = first_year_teachers, G = teacher_gap_start, link = teacher_link, lag = teacher_lag_months.

Materials, the share m of teachers who use aligned ones, rises where it is supported and falls when help looks away.
With h the hours of help per position in the areas in the month before, g the memory of a quarter of it, b the support::

    g = 2/3 g + h
    b = 1 - exp(-g / materials_hours)
    m += materials_rate b u [materials_top - m]+  -  loss (1 - b) [m - materials_start]+

with loss the monthly chance of materials_annual_loss.

Achievement a of its pupils, in standard deviations::

    a += (-A z + E (u - u0) / (1 - u0) - a) / lag

with A = achievement_gap_start, E = achievement_link, lag = achievement_lag_months.

Source: S142 (teachers), S147 and S148 (materials), S149, S56 and S57 (achievement); forms, lags and links assumed.
"""

from __future__ import annotations

import math

from capsim.kernels import inner, kernel
from capsim.levels import LEA
from capsim.measures.organizations import is_linked
from capsim.measures.sums import weighted_sum
from capsim.processes.process import Draws, built_in
from capsim.processes.terms import cut, monthly_chance


@kernel
def bring_about(w, p, numbers):
    if is_linked(w.teacher_equity_link):
        _teachers(w, p)
    if is_linked(w.materials_link):
        _materials(w, p)
    if is_linked(w.achievement_gap_link):
        _achievement(w, p)


@inner
def _teachers(w, p):
    teachers, tilt = w.first_year_teachers, w.disadvantage
    for j in range(len(teachers)):
        if w.level[j] == LEA:
            closed = p.teacher_link * _above_usual(w, p, j, w.teacher_equity_link)
            aim = p.first_year_teachers + p.teacher_gap_start * tilt[j] * (1.0 - closed)
            teachers[j] = cut(teachers[j] + (aim - teachers[j]) / p.teacher_lag_months)


@inner
def _materials(w, p):
    materials, link, loss = w.materials, w.materials_link, monthly_chance(p.materials_annual_loss)
    for j in range(len(materials)):
        if w.level[j] != LEA:
            continue
        hours = 0.0
        for i in range(w.first[j], w.first[j + 1]):
            for k in range(len(link)):
                if link[k] > 0.0:
                    hours += w.practice[i, k]
        w.backing[j] = 2.0 / 3.0 * w.backing[j] + hours / max(1, w.first[j + 1] - w.first[j])
        support, m = 1.0 - math.exp(-w.backing[j] / p.materials_hours), materials[j]
        rises = p.materials_rate * support * weighted_sum(w.use[j], link) * max(0.0, p.materials_top - m)
        materials[j] = cut(m + rises - loss * (1.0 - support) * max(0.0, m - p.materials_start))


@inner
def _achievement(w, p):
    achievement, tilt = w.achievement, w.disadvantage
    for j in range(len(achievement)):
        if w.level[j] == LEA:
            rise = p.achievement_link * _above_usual(w, p, j, w.achievement_gap_link)
            aim = rise - p.achievement_gap_start * tilt[j]
            achievement[j] += (aim - achievement[j]) / p.achievement_lag_months


@inner
def _above_usual(w, p, j, link):
    """How far use is from its usual level toward 1; below 0 under it."""
    return (weighted_sum(w.use[j], link) - p.usual_use) / (1.0 - p.usual_use)


OUTCOMES = built_in(
    "outcomes",
    bring_about,
    reads="use practice first_year_teachers materials achievement backing disadvantage teacher_equity_link "
    "materials_link achievement_gap_link",
    writes="first_year_teachers materials achievement backing",
    draws=Draws(),
)
