"""Support: agencies spend their free time on those below them.

Once a month, everything from the state before. An agency p that has others below it is able by its free time and by
what it can do itself, each relative to a declared usual value, never to the run's own::

    T_p  = sum over holders i of [W (1 - committed_p) - recipient_hours_i]+
    T0_p = usual_positions_p W (1 - v) (1 - usual committed time of its level)
    q_pk = (mean skill in k of holders, weighted by attention) enacted_pk

with W = work_hours_per_month and v, and the usual committed time, of the declared defaults. Recipient hours are those
of the month before: help that an agency receives, or passes on, takes the time for its own. What is left of somebody's
time below a billionth of W is rounding, and counts as nothing. The index of agency c in area k, 1 as usual, sums over
all agencies p above c::

    S_ck = sum omega_cp (T_p / T0_p) (A_cp / A0) (K plan_pk) (q_pk / q0) allocation_cpk
    A_cp = 1 - 1/2 sum_k |mean priority_ck - mean priority_pk|        0 where nobody is there

with q0, A0 = support_quality_reference, support_alignment_reference. omega: support_district_part for the district of a
school; of the rest support_state_part for the state agency and the remainder evenly for the regional layers between,
all of it for the one kind where there is only one. T0 and omega are of the structure before any change of it: a layer
that is closed is missed, staff that is added counts. allocation (support_allocation): 1 (even), or in proportion to
``[1 + s (1 - use_ck / mean)]+`` (need) or ``[1 + s (engagement_c / mean - 1)]+`` (request), s = support_selectivity, of
mean 1 over all agencies of a level below p. Where no agency stands above, S = 1.

What it changes is the agency's own, so that one above its parent is still helped. With w = support_weight and
``f(S) = (1 + kappa) S / (kappa + S)``, which is 0, 1 and at most 1 + kappa::

    inflow of routine    x 1 - g + g f(S),  g = min(1, support_routine w)             codification.py
    ceiling of skill     + c (f(S) - 1),    c = support_ceiling w                     experience.py
    hazard of an ending  x exp(theta (1 - min(S, 2))),  theta = support_hold w        implementation.py

and here, with the agencies above weighted by h_cp = omega_cp T_p / T0_p::

    plan_c  += (1 - exp(-b sum h)) (mean plan above - plan_c)
    data_c  += (1 - exp(-d sum h A)) [mean data systems above, weighted by h A, - data_c]+

What reports to the state agency ask of those below is in climate.py. Plans do not wait for alignment: else whoever is
apart would stay apart. They replace plan_parent_rate, and ties to
agencies above carry no routine (consultation.py): nothing moves twice. With support_weight 0 nothing happens here.

Source: S9, S13, S30, S38, S134, S135; S147, S148 for how much use rests on a state's attention; forms assumed.
"""

from __future__ import annotations

import math

import numpy as np

from capsim.kernels import inner, kernel
from capsim.levels import LEA, SCHOOL, SEA
from capsim.measures.capacities import mean_priorities
from capsim.measures.sums import apart, engaged
from capsim.parameters import PARAMETERS
from capsim.processes.process import Draws, built_in
from capsim.world.slots import state_above

_EVEN, _NEED, _REQUEST = range(len(PARAMETERS["support_allocation"].words))
_COMPLIANCE = PARAMETERS["compliance_share"].default
_STAFFED = 1.0 - PARAMETERS["vacancy_reference"].default
_REPORTING = PARAMETERS["reporting_hours"].default / PARAMETERS["work_hours_per_month"].default
_LEVELS = SCHOOL + 1
_ROUNDING = 1e-9
"""Part of a month's work hours below which free time is an error of rounding, not time."""


@inner
def saturated(p, support):
    """Effect of support relative to the usual, f(S)."""
    return (1.0 + p.support_saturation) * support / (p.support_saturation + support)


@inner
def inflow_factor(p, support):
    """Factor on what an agency writes down."""
    share = min(1.0, p.support_routine * p.support_weight)
    return 1.0 - share + share * saturated(p, support)


@inner
def rise_of_ceiling(p, support):
    """What support adds to the ceiling of skill."""
    return p.support_ceiling * p.support_weight * (saturated(p, support) - 1.0)


@inner
def hazard_factor(p, support):
    """Factor on the hazard that a practice ends."""
    return math.exp(p.support_hold * p.support_weight * (1.0 - min(support, 2.0)))


@kernel
def help_below(w, p, numbers):
    if p.support_weight <= 0.0:
        return
    free, given = _strength(w, p)
    means = mean_priorities(w.first, w.person, w.priority)
    asked, below = _asked(w, p), np.zeros((2, 0, _LEVELS, 0))
    if p.support_allocation != _EVEN:
        below = _means_below(w, p, asked)
    plan, data_systems, wished = w.plan.copy(), w.data_systems.copy(), np.empty(w.plan.shape[1])
    for c in range(len(w.parent)):
        if w.parent[c] >= 0:
            time, near, better = _help(w, p, c, free, given, means, asked, below, plan, data_systems, wished)
            _lead(w, p, c, time, near, better, wished)


@inner
def reports_owed(p, committed):
    """Share of time that the reports of an agency below a state agency take, by the committed time of the latter."""
    return min(1.0, p.reporting_hours / p.work_hours_per_month * committed / _COMPLIANCE)


@inner
def usual_hours(w, p, j):
    """Free hours of an agency at its usual positions and vacancy, and at what it usually owes to compliance."""
    owed = 0.0
    if w.level[j] == SEA:
        owed = _COMPLIANCE
    elif state_above(w, j) >= 0:
        owed = _REPORTING
    return w.usual_positions[j] * p.work_hours_per_month * _STAFFED * (1.0 - owed)


@inner
def _strength(w, p):
    """Of every agency with others below it, relative to the usual: free time, (O,); and ``K plan q`` by area with the
    mean of q over areas in the last column, (O, K + 1).
    """
    O, K = w.routine.shape
    free, given, work = np.zeros(O), np.zeros((O, K + 1)), np.zeros(K)
    person, recipient_hours, attention, skill = w.person, w.recipient_hours, w.attention, w.skill
    for j in range(O):
        if w.child_first[j] == w.child_first[j + 1]:
            continue
        work[:] = 0.0
        at_most, least = p.work_hours_per_month * (1.0 - w.committed[j]), _ROUNDING * p.work_hours_per_month
        for i in range(w.first[j], w.first[j + 1]):
            if person[i] >= 0:
                hours = at_most - recipient_hours[i]
                free[j] += hours if hours > least else 0.0
                for k in range(K):
                    work[k] += attention[i, k]
                    given[j, k] += attention[i, k] * skill[i, k]
        free[j] /= max(1e-12, usual_hours(w, p, j))
        for k in range(K):
            known = given[j, k] / work[k] if work[k] > 0.0 else 0.0
            able = known * w.enacted[j, k] / p.support_quality_reference
            given[j, k] = K * w.plan[j, k] * able
            given[j, K] += able / K
    return free, given


@inner
def _asked(w, p):
    """By what help is given, (O, K): use, or the mean engagement of holders; nothing where it is given evenly."""
    O, K = w.use.shape
    if p.support_allocation == _NEED:
        return w.use.copy()
    asked = np.zeros((O if p.support_allocation == _REQUEST else 0, K))
    for j in range(len(asked)):
        asked[j] = engaged(w, j)[1]
    return asked


@inner
def _tilt(p, asked, mean):
    """What an agency gets of help that goes by need or request, before the mean of all is made 1."""
    slope = -p.support_selectivity if p.support_allocation == _NEED else p.support_selectivity
    return max(0.0, 1.0 + slope * (asked / mean - 1.0)) if mean > 0.0 else 1.0


@inner
def _means_below(w, p, asked):
    """Means over the agencies of each level below each agency: of what they ask, and of what they would get of it."""
    O, K = asked.shape
    below, weight = np.zeros((2, O, _LEVELS, K)), np.zeros((O, _LEVELS))
    for which in range(2):
        weight[:] = 0.0
        for c in range(O):
            level, above = w.level[c], w.parent[c]
            while above >= 0:
                weight[above, level] += w.weight[c]
                for k in range(K):
                    gets = asked[c, k] if which == 0 else _tilt(p, asked[c, k], below[0, above, level, k])
                    below[which, above, level, k] += w.weight[c] * gets
                above = w.parent[above]
        for j in range(O):
            for level in range(_LEVELS):
                if weight[j, level] > 0.0:
                    for k in range(K):
                        below[which, j, level, k] /= weight[j, level]
    return below


@inner
def _kinds_above(w, c):
    """Number of states, and of districts that a school stands below, above an agency."""
    parent, level = w.parent, w.level
    states, districts = 0, 0
    above = parent[c]
    while above >= 0:
        states += level[above] == SEA
        districts += level[above] == LEA and level[c] == SCHOOL
        above = parent[above]
    return states, districts


@inner
def _part_of(p, level, above, layers, states, districts):
    """Part of an agency of level `above` in what all those above one of `level` give, omega; in the usual structure the
    parts sum to 1.
    """
    of_districts = 0.0
    if districts > 0:
        of_districts = p.support_district_part if states > 0 or layers > 0 else 1.0
    if above == SEA:
        return (1.0 - of_districts) * (p.support_state_part if layers > 0 else 1.0) / states
    if above == LEA and level == SCHOOL:
        return of_districts / districts
    return (1.0 - of_districts) * (1.0 - p.support_state_part if states > 0 else 1.0) / max(1, layers)


@inner
def _aligned(means, c, above):
    """Alignment of two agencies; 0 where nobody is there."""
    distance = apart(means[c], means[above])
    return 0.0 if math.isnan(distance) else 1.0 - 0.5 * distance


@inner
def _help(w, p, c, free, given, means, asked, below, plan, data_systems, wished):
    """Support of agency c and its factors, each weighted by those before it: their product is the mean over areas of a
    support that is given evenly. Returned are the sums of h, h A and h A times the data systems above; `wished` becomes
    the sum of h times the plans above.
    """
    K, even, levels, parent, support = means.shape[1], len(asked) == 0, w.level, w.parent, w.support[c]
    level, layers = levels[c], w.usual_layers[c]
    time, aligned, able, planned, near, better = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    support[:] = 0.0
    wished[:] = 0.0
    states, districts = _kinds_above(w, c)
    above = parent[c]
    while above >= 0:
        hours = _part_of(p, level, levels[above], layers, states, districts) * free[above]
        heard = hours * _aligned(means, c, above)
        good = heard / p.support_alignment_reference
        time += hours
        near += heard
        better += heard * data_systems[above]
        aligned += good
        able += good * given[above, K]
        for k in range(K):
            wished[k] += hours * plan[above, k]
            helped = good * given[above, k]
            planned += helped / K
            if not even and helped > 0.0:
                gets = below[1, above, level, k]
                helped *= _tilt(p, asked[c, k], below[0, above, level, k]) / gets if gets > 0.0 else 1.0
            support[k] += helped
        above = parent[above]
    w.support_time[c] = time
    w.support_alignment[c] = aligned / time if time > 0.0 else 0.0
    w.support_quality[c] = able / aligned if aligned > 0.0 else 0.0
    w.support_plan[c] = planned / able if able > 0.0 else 0.0
    return time, near, better


@inner
def _lead(w, p, c, time, near, better, wished):
    """Plan and data systems of agency c move toward those above, by the sums that `_help` found."""
    if time > 0.0:
        moved = -math.expm1(-p.support_plan_rate * time)
        plan = w.plan[c]
        for k in range(len(wished)):
            plan[k] += moved * (wished[k] / time - plan[k])
    if near > 0.0:
        moved = -math.expm1(-p.support_data_rate * near)
        w.data_systems[c] += moved * max(0.0, better / near - w.data_systems[c])


SUPPORT = built_in(
    "support",
    help_below,
    reads="person priority attention skill enacted use engagement recipient_hours plan data_systems committed",
    writes="support support_time support_plan support_alignment support_quality plan data_systems",
    draws=Draws(),
)
