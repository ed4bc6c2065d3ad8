"""What each instrument reads, and with which noise; the rows of the instruments are in table.py.

Normal deviates come from pairs of uniform numbers (Box and Muller 1958). For (u, v) uniform in [0, 1): ``r = sqrt(-2
ln(1 - u))``, ``a = 2 pi v``; ``r cos(a)`` and ``r sin(a)`` are independent standard normal deviates: numbers 2m and
2m + 1 give deviates 2m and 2m + 1.

A survey item on a scale of 1 to 5 is ``likert(x, z) = clip(1 + 4 x + likert_leniency + likert_noise_sd z, 1, 5)`` with
x the true state in [0, 1]. People are lenient with themselves, and the scale ends at 5. Source: S19 (self-ratings lie
above those of others); the figures are assumed.

The rubric of a needs assessment, what a facilitated team consensus reads of an agency, and an expert's visit.

``reading = clip(true + sd_j z, 0, 1)`` for mean skill and for routine in each area. Of the rubric ``sd_j =
rubric_noise_sd * (2 - data_systems_j)`` as it was when this month's assistance began, times codesign_noise_factor for
an agency that helped to design its assistance: an agency with poor data about itself is read twice as badly. An expert
reads with expert_noise_sd, whatever the data systems, and replaces a rubric of the same month. Area k uses deviate 2k
for skill and 2k + 1 for routine.

Source: S119 (District Capacity Assessment: consensus scores), S42 (self-perceived need is a poor guide), S49 (regular
contact goes with success); the expert's precision is assumed.

How much each focal area matters to an agency: what a needs assessment reads of it, and what staff say themselves.

What is true is a lasting share of each agency and area (building/layout.py), in sum 1 over areas. A needs assessment,
or an expert's visit, reads ``clip(share + sd_j z, 0, 1)`` with ``sd_j = relevance_noise_sd * (2 - data_systems_j)``,
times the factor of co-design. In the yearly survey, at no cost, staff say how much an area matters: ``likert(share /
(share + 1 / K), z)``, the mark in the middle for what matters as much as the others; nobody speaks for an agency
without staff.

Source: S42 (self-perceived need is a poor guide), S19 on leniency; form and figures are assumed.

Readiness screening: a short self-report before hours are spent.

``readiness = m g / (motivation_center * general_capacity_center)`` with motivation ``m = (likert(mean engagement of
holders, z) - 1) / 4`` and general capacity ``g = clip(true general capacity + sd_j z', 0, 1)``, ``sd_j =
rubric_noise_sd * (2 - data_systems_j)`` times the factor of co-design; z and z' are the deviates of one pair. A median
agency reads about 1, more as it is lenient with itself. Without holders nobody answers: m = 0. The third factor of
readiness, what an agency already knows of the thing itself, is not screened: a needs assessment reads it.

Source: S31 (R = MC2: motivation times general capacity), S42; the figures are assumed.

The yearly survey of everybody, at no cost: who would like assistance, and how good staff say their own agency is.

``interest = likert(mean engagement of holders, z)``, 1 where nobody holds a position. ``self rating = likert(x, z)``
with x the mean of routine and of the skill of those who are there, area by area; nobody speaks for an agency without
staff, its ratings stay as they were. The survey is read before the month's assistance is decided, so that agencies can
volunteer.

Source: S42 (who asks for help is not who needs it; self-perceived need is a poor guide to rated need), S19
(self-ratings are lenient); figures are assumed.

The stocktake of performance management: is use where the plan wants it by now?

``use reading = clip(use + sd_j z, 0, 1)`` in each area, ``sd_j = stocktake_noise_sd * (2 - data_systems_j)`` times
the factor of co-design. With f the mean over areas of the agency's first stocktake, in month t_f, the expected mean
in month t of an assistance of T months is ``f + stocktake_target (1 - f) (t - t_f) / max(1, T - t_f)``; green is at
or above it, amber up to 0.05 below, red the rest. Each area has a target of its own, by the same formula from the
area's first reading; `behind` is how far the reading is below it.

Source: S27-S29 (delivery units: stocktakes of leaders, assessed against trajectories); the figures are assumed.

The sustainability rubric: what a review with the agency's leaders reads of how well reform would last.

Three sections, each the mean of what the model knows of it, in [0, 1]::

    context      mean of culture, filled share and alignment of resources
    system       mean over areas of routine
    performance  data systems

``score = clip(true + sd_j z, 0, 1)`` with sd_j of the needs-assessment rubric; the level is ``1 + floor(4 score)``, at
most 4: inadequate, emerging, strong, exemplary.

Source: S10 and S12 (Reform Support Network 2015: context for sustaining reform, system capacity, performance
management, in four levels; leaders, stakeholders and resources are what threatens it). What stands for each section,
and the equal width of levels, are assumed.

Ratings of assistance, per agency served this month: by an expert, by the client, and how satisfied the client is.

With x = quality of the provider times coherence times clarity, as it reached the agency:

- ``expert = 1 + 4 x / (x + rating_half)``: quality as an outsider sees it;
- ``client = clip(expert + client_leniency + rating_noise_sd z, 1, 5)``: clients rate higher, and hit the ceiling;
- ``satisfaction = clip(1 + 4 m + likert_leniency - min(1, h / participation_limit) + rating_noise_sd z', 1, 5)`` with m
  the mean engagement of holders and h the share of their work hours that assistance took this month; NaN where nobody
  holds a position.

z and z' are the deviates of one pair. Nothing in the model depends on ratings.

Source: S19 (clients rate above expert panels; measured); the form is assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.readings import AMBER, GREEN, RED, Readings, Round, State
from capsim.kernels import kernel
from capsim.parameters import Values

Column = NDArray[np.float64]


def numbers_for(columns: int) -> int:
    """Uniform numbers that so many deviates take: a pair for every two."""
    return 2 * ((columns + 1) // 2)


@kernel
def deviates(numbers):
    """Radius and direction of the deviates of each row, whose product they are, (2, n, columns)."""
    out = np.empty((2, *numbers.shape))
    for j in range(numbers.shape[0]):
        for m in range(0, numbers.shape[1] - 1, 2):
            radius, angle = math.sqrt(-2.0 * math.log(1.0 - numbers[j, m])), 2.0 * math.pi * numbers[j, m + 1]
            out[0, j, m] = out[0, j, m + 1] = radius
            out[1, j, m], out[1, j, m + 1] = math.cos(angle), math.sin(angle)
    return out


def noisy(true: Column, sd: Column, numbers: Column) -> Column:
    """``clip(true + sd z, 0, 1)`` of states (n, columns) with standard deviations (n,)."""
    radius, direction = deviates(numbers)[:, :, : true.shape[1]]
    return np.asarray(np.clip(true + sd[:, None] * radius * direction, 0.0, 1.0))


def likert(state: Column, noise: Column | float, leniency: float) -> Column:
    """Answers of agencies in this state (NaN: nobody answers, 1); `noise` is likert_noise_sd z."""
    answer = np.minimum(np.maximum(1.0 + 4.0 * state + leniency + noise, 1.0), 5.0)  # np.clip takes twice as long
    return np.where(np.isnan(state), 1.0, answer)


def read_rubric(visit: Round) -> None:
    """Writes skill, routine and month."""
    _read(visit, visit.values["rubric_noise_sd"] * visit.noise)


def read_expert(visit: Round) -> None:
    """Writes the same."""
    _read(visit, np.full(len(visit.rows), visit.values["expert_noise_sd"]))


def _read(visit: Round, sd: Column) -> None:
    rows, readings = visit.rows, visit.readings
    true = np.stack([visit.state.people[rows], visit.state.routine[rows]], axis=2)
    read = noisy(true.reshape(len(rows), -1), sd, visit.numbers).reshape(true.shape)
    readings.skill[rows], readings.routine[rows], readings.month[rows] = read[..., 0], read[..., 1], visit.month


def read_relevance(visit: Round) -> None:
    """Writes relevance."""
    rows, sd = visit.rows, visit.values["relevance_noise_sd"] * visit.noise
    visit.readings.relevance[rows] = noisy(visit.state.relevance[rows], sd, visit.numbers)


def _said(visit: Round, state: Column) -> Column:
    """What staff say of states (n, columns) of their own agency, each with a deviate of its own."""
    radius, direction = deviates(visit.numbers)[:, :, : state.shape[1]]
    return likert(state, visit.values["likert_noise_sd"] * radius * direction, visit.values["likert_leniency"])


def read_self_rated_relevance(visit: Round) -> None:
    """Writes self_rated_relevance."""
    rows, readings = visit.rows, visit.readings
    share = visit.state.relevance[rows]
    answers = _said(visit, share / (share + 1.0 / share.shape[1]))
    staffed = visit.state.filled[rows, None] > 0.0
    readings.self_rated_relevance[rows] = np.where(staffed, answers, readings.self_rated_relevance[rows])


def read_screening(visit: Round) -> None:
    """Writes readiness."""
    rows, values, state = visit.rows, visit.values, visit.state
    radius, direction = deviates(visit.numbers)
    said = values["likert_noise_sd"] * radius[:, 0] * direction[:, 0]
    motivation = (likert(state.motivation[rows], said, values["likert_leniency"]) - 1.0) / 4.0
    sd = values["rubric_noise_sd"] * visit.noise
    general = np.clip(state.general[rows] + sd * radius[:, 1] * direction[:, 1], 0.0, 1.0)
    center = values["motivation_center"] * values["general_capacity_center"]
    visit.readings.readiness[rows] = motivation * general / center


def read_interest(visit: Round) -> None:
    """Writes interest."""
    visit.readings.interest[visit.rows] = _said(visit, visit.state.motivation[visit.rows, None])[:, 0]


def read_self_rating(visit: Round) -> None:
    """Writes self_rating."""
    rows, state, readings = visit.rows, visit.state, visit.readings
    filled, people = state.filled[rows, None], state.people[rows]
    skill = np.divide(people, filled, out=np.full_like(people, np.nan), where=filled > 0.0)
    x = 0.5 * (skill + state.routine[rows])
    readings.self_rating[rows] = np.where(np.isnan(x), readings.self_rating[rows], _said(visit, x))


AMBER_MARGIN = 0.05
"""How far below what is expected an agency is amber."""


def lateness(readings: Readings, rows: NDArray[np.int64]) -> Column:
    """How far areas are behind by more than what counts as amber, (n, K)."""
    return np.asarray(np.maximum(0.0, readings.behind[rows] - AMBER_MARGIN))


def read_stocktake(visit: Round) -> None:
    """Writes use, target, behind, status and, the first time, first_use, first_use_by_area and first_stocktake."""
    rows, readings, values = visit.rows, visit.readings, visit.values
    use = noisy(visit.state.use[rows], values["stocktake_noise_sd"] * visit.noise, visit.numbers)
    mean = np.zeros(len(rows))
    for of_area in use.T:
        mean += of_area
    mean /= use.shape[1]
    new = readings.first_stocktake[rows] < 0
    readings.use[rows] = use
    readings.first_use[rows[new]], readings.first_stocktake[rows[new]] = mean[new], visit.month
    readings.first_use_by_area[rows[new]] = use[new]
    first, since = readings.first_use[rows], readings.first_stocktake[rows]
    aimed = values["stocktake_target"] * (1.0 - first) * (visit.month - since)
    expected = first + aimed / np.maximum(1, visit.months - since)
    late = np.where(mean >= expected - AMBER_MARGIN, AMBER, RED)
    readings.status[rows] = np.where(mean >= expected, GREEN, late)
    start = readings.first_use_by_area[rows]
    passed = (visit.month - since) / np.maximum(1, visit.months - since)
    target = start + values["stocktake_target"] * (1.0 - start) * passed[:, None]
    readings.target[rows], readings.behind[rows] = target, np.maximum(0.0, target - use)


SECTIONS = ("context", "system", "performance")
"""Sections of the rubric, in order."""
_LEVELS = 4


def true_sections(state: State) -> Column:
    """What the sections are about, (O, 3), in [0, 1]."""
    context = (state.culture + state.filled + state.resource_alignment) / 3.0
    return np.column_stack([context, state.routine.mean(axis=1), state.data_systems])


def levels_of(scores: Column) -> Column:
    """Levels 1 to 4 of scores in [0, 1]; NaN stays."""
    return np.minimum(_LEVELS, 1.0 + np.floor(_LEVELS * scores))


def read_sustainability(visit: Round) -> None:
    """Writes sustainability."""
    true, sd = true_sections(visit.state)[visit.rows], visit.values["rubric_noise_sd"] * visit.noise
    visit.readings.sustainability[visit.rows] = noisy(true, sd, visit.numbers)


def rate(numbers: Column, motivation: Column, quality: Column, hours_share: Column, values: Values) -> Column:
    """Ratings by an expert, by the client, and satisfaction, (3, n), on a scale of 1 to 5.

    `numbers`, (n, 2), are uniform in [0, 1); the others, (n,), are m, x and h above of the agencies that are served.
    """
    radius, direction = deviates(numbers)
    (to_client, to_satisfaction), limit = (
        (values["rating_noise_sd"] * radius * direction).T,
        values["participation_limit"],
    )
    seen = np.divide(4.0 * quality, quality + values["rating_half"], out=np.zeros(len(quality)), where=quality > 0.0)
    expert = 1.0 + seen
    client = np.clip(expert + values["client_leniency"] + to_client, 1.0, 5.0)
    # no hours are no burden, whatever the limit
    within = (hours_share > 0.0) & (hours_share < limit)
    burden = np.divide(hours_share, limit, out=(hours_share > 0.0).astype(np.float64), where=within)
    said = 1.0 + 4.0 * motivation + values["likert_leniency"] - burden + to_satisfaction
    return np.array([expert, client, np.clip(said, 1.0, 5.0)])
