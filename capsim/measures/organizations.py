"""Every recorded measure of every organization at one moment, from a world."""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import LINKS, MEASURES, SUPPORT_MEASURES, recorded_columns, weighted
from capsim.kernels import inner, kernel
from capsim.levels import LEA
from capsim.measures.capacities import capacities, current_routine, enactable, potential, staffing
from capsim.measures.groups import GROUPS
from capsim.measures.sums import mean_of, weighted_sum
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.world import Layout, World

_Rows = namedtuple("_Rows", MEASURES)  # type: ignore[misc]
ROW: Any = _Rows(*range(len(MEASURES)))
"""Row of each measure in what is measured, the order of the catalogue: ``ROW.use``."""
MAY_BE_UNDEFINED = ("shared_goals", "alignment_internal", "alignment_parent", *SUPPORT_MEASURES)
_ALWAYS = tuple(name not in MAY_BE_UNDEFINED for name in MEASURES)
_POOREST, _RICHEST = GROUPS.index("lea_poorest"), GROUPS.index("lea_richest")
_DISTRICTS = tuple(GROUPS.index(weighted("lea", name)) for name in ("districts", "pupils", "positions"))


@inner
def measure(w, p, held, full, out):
    """All measures of all organizations into `out` (measures, O), from their capacities and potential."""
    first, culture, resources = w.first, w.culture, w.resource_alignment
    filled, O = staffing(first, w.person), len(culture)
    for j in range(O):
        out[ROW.individual, j] = mean_of(held.people, j, -1)
        out[ROW.organizational_skills, j] = _organizational_skills(w, j)
        out[ROW.access_to_expertise, j] = held.access[j]
        out[ROW.shared_goals, j] = held.goals[j]
        out[ROW.culture, j] = culture[j]
        out[ROW.alignment_internal, j] = held.internal[j]
        out[ROW.alignment_parent, j] = held.vertical[j]
        out[ROW.resources, j] = (filled[j] + w.data_systems[j] + w.funding[j] + resources[j]) / 4.0
        out[ROW.potential, j] = mean_of(full, j, -1)
        out[ROW.use, j] = mean_of(w.use, j, -1)
        out[ROW.use_unmultiplied, j] = mean_of(w.use_unmultiplied, j, -1)
        out[ROW.relevant_use, j] = weighted_sum(w.use[j], w.relevance[j])
        out[ROW.vacancy, j] = 1.0 - filled[j]
        out[ROW.exits, j] = w.exits[j] / max(1, first[j + 1] - first[j])
        out[ROW.ta_hours, j] = w.ta_hours[j]
        out[ROW.recipient_hours, j] = _recipient_hours(w, j)
        out[ROW.bench_depth, j] = _bench_depth(w, j, p.expert_skill)
        out[ROW.capacity, j] = _composite(out, j)
    _measure_support(w, p, out)


@inner
def _measure_support(w, p, out):
    """Support and its factors; undefined without an agency above, or where there is no support."""
    for j in range(len(w.culture)):
        helped = p.support_weight > 0.0 and w.parent[j] >= 0
        out[ROW.support, j] = mean_of(w.support, j, -1) if helped else np.nan
        out[ROW.support_time, j] = w.support_time[j] if helped else np.nan
        out[ROW.support_plan, j] = w.support_plan[j] if helped else np.nan
        out[ROW.support_alignment, j] = w.support_alignment[j] if helped else np.nan
        out[ROW.support_quality, j] = w.support_quality[j] if helped else np.nan


@inner
def measure_more(w, out):
    """What is recorded beside the measures: use by area, and the levels of outcomes that are linked to use."""
    K = w.use.shape[1]
    for k in range(K):
        for j in range(len(w.culture)):
            out[len(ROW) + k, j] = w.use[j, k]
    row, levels = len(ROW) + K, (w.first_year_teachers, w.materials, w.achievement)
    for n, link in enumerate((w.teacher_equity_link, w.materials_link, w.achievement_gap_link)):
        if is_linked(link):
            for j in range(len(w.culture)):
                out[row, j] = levels[n][j] if w.level[j] == LEA else np.nan
            row += 1 if n == 1 else 2


@inner
def measure_gaps(w, groups, recorded):
    """Gaps between the poorest and the richest quarter of districts into the means of groups, (groups * columns,);
    nothing where the groups are others than `GROUPS`, as while a world settles.
    """
    if groups != len(GROUPS):
        return
    N, row = len(recorded) // groups, len(ROW) + w.use.shape[1]
    for n, link in enumerate((w.teacher_equity_link, w.materials_link, w.achievement_gap_link)):
        if not is_linked(link):
            continue
        gap = recorded[_POOREST * N + row] - recorded[_RICHEST * N + row]
        if n != 1:
            for group in _DISTRICTS:
                recorded[group * N + row + 1] = gap if n == 0 else -gap
        row += 1 if n == 1 else 2


@inner
def is_linked(link):
    """Whether a scenario links an outcome to use: the weights of areas, (K,), are not all 0."""
    return link.sum() > 0.0


def columns_of_record(layout: Layout) -> tuple[str, ...]:
    """Names of what is recorded of a world, in the order of the rows."""
    return recorded_columns(layout.areas, [name for name in LINKS if getattr(layout, f"{name}_link").any()])


@inner
def undefined_row(measured):
    """Measure that is not finite for an agency though it always should be; -1 for none."""
    for n in range(len(ROW)):
        if _ALWAYS[n]:
            for j in range(measured.shape[1]):
                if not math.isfinite(measured[n, j]):
                    return n
    return -1


@inner
def _organizational_skills(w, j):
    """Mean over areas of the routine times its enactment, the mean over positions of ``u min(1, skill / routine)``."""
    first, person, attention, skill, routine = w.first, w.person, w.attention, w.skill, w.routine
    K, size = routine.shape[1], max(1, first[j + 1] - first[j])
    total = 0.0
    for k in range(K):
        enacted, r = 0.0, routine[j, k]
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                enacted += attention[i, k] * enactable(skill[i, k], r)
        total += r * (enacted / size)
    return total / K


@inner
def _recipient_hours(w, j):
    total = 0.0
    for i in range(w.first[j], w.first[j + 1]):
        total += w.recipient_hours[i]
    return total


@inner
def _bench_depth(w, j, proficient):
    """Mean over areas of the number of people at or above proficiency; the skill of a vacancy is 0."""
    skill, people = w.skill, 0
    for i in range(w.first[j], w.first[j + 1]):
        for k in range(skill.shape[1]):
            people += skill[i, k] >= proficient
    return people / skill.shape[1]


@inner
def _composite(out, j):
    """Geometric mean of the defined capacities, each at least 0.001."""
    aligned, parts = 0.0, 0
    for value in (out[ROW.alignment_internal, j], out[ROW.alignment_parent, j]):
        if not math.isnan(value):
            aligned += value
            parts += 1
    total, count = 0.0, 0
    for value in (
        out[ROW.individual, j],
        out[ROW.organizational_skills, j],
        out[ROW.access_to_expertise, j],
        out[ROW.shared_goals, j],
        out[ROW.culture, j],
        aligned / parts if parts > 0 else np.nan,
        out[ROW.resources, j],
    ):
        if not math.isnan(value):
            total += math.log(max(0.001, value))
            count += 1
    return math.exp(total / count)


@kernel
def _potential_now(w, p):
    return potential(p, capacities(w, p), current_routine(w, p), w.resource_alignment, w.area_people)


@kernel
def _measure_now(w, p):
    held = capacities(w, p)
    out = np.empty((len(ROW), len(w.culture)))
    measure(w, p, held, potential(p, held, current_routine(w, p), w.resource_alignment, w.area_people)[0], out)
    return out


def current_potential(world: World, values: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Potential of every agency and area, (O, K), with and without the factors for goals and alignment."""
    full, plain = _potential_now(world.arrays, constants(values))
    return full, plain


def measure_organizations(world: World, values: Values) -> NDArray[np.float64]:
    """All measures of all organizations, (len(MEASURES), O), rows in the order of `MEASURES`; NaN is undefined."""
    measured: NDArray[np.float64] = _measure_now(world.arrays, constants(values))
    return measured
