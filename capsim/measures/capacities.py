"""Emergent capacities of every organization: arrays in, numbers out. Never stored in the world.

NaN stands for undefined (agreement below two holders, alignment of units with one unit, alignment without a parent).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue.rules import codes_of
from capsim.kernels import inner, kernel
from capsim.measures.sums import apart

_WORK, _ALIKE = codes_of("participation")
_CES, _MINIMUM, _ADDITIVE = codes_of("potential")


class Capacities(NamedTuple):
    """What potential is made of: mean skill and the skill at work (O, K); agreement, both alignments and access to
    expertise (O,).
    """

    people: NDArray[np.float64]
    working: NDArray[np.float64]
    goals: NDArray[np.float64]
    internal: NDArray[np.float64]
    vertical: NDArray[np.float64]
    access: NDArray[np.float64]


@inner
def capacities(w, p):
    """Capacities of every agency now."""
    first, person, priority = w.first, w.person, w.priority
    means = mean_priorities(first, person, priority)
    people = mean_skill(first, w.skill)
    return Capacities(
        people,
        people if p.participation_rule == _ALIKE and p.reform_chance <= 0.0 else skill_in_potential(w, p),
        shared_goals(first, person, priority, means),
        unit_alignment(first, w.unit, person, priority, means),
        vertical_alignment(w.parent, means),
        access_to_expertise(first, person, priority, w.skill, w.tie_to, p.expert_skill),
    )


@inner
def enactable(skill, routine):
    """Share of a routine that a person of a skill can enact, ``min(1, skill / routine)``; 1 where there is none.

    Divided whether it is looked at or not, without a branch, so that the compiler can do several at a time.
    """
    share = skill / routine
    return share if skill < routine else 1.0


@kernel
def staffing(first, person):
    """Share of positions that have a holder, (O,); 0 for an agency without positions."""
    filled = np.zeros(len(first) - 1)
    for j in range(len(filled)):
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                filled[j] += 1.0
        if first[j + 1] > first[j]:
            filled[j] /= first[j + 1] - first[j]
    return filled


@kernel
def mean_skill(first, skill):
    """Mean skill over positions, (O, K); a vacancy counts as zero (its row is zero)."""
    O, K = len(first) - 1, skill.shape[1]
    mean = np.zeros((O, K))
    for j in range(O):
        for i in range(first[j], first[j + 1]):
            for k in range(K):
                mean[j, k] += skill[i, k]
        size = max(1, first[j + 1] - first[j])
        for k in range(K):
            mean[j, k] /= size
    return mean


@kernel
def skill_in_potential(w, p):
    """Skill that counts in potential, (O, K): the mean over positions, or over those whose work an area is, weighted by
    their attention, times the share of filled positions (rule `participation`). With reforms the outdated share of
    skill does not count.
    """
    first, person, attention, skill = w.first, w.person, w.attention, w.skill
    if p.reform_chance > 0.0:
        skill = skill * (1.0 - w.outdated)
    if p.participation_rule == _ALIKE:
        return mean_skill(first, skill)
    working, filled = np.zeros((len(first) - 1, skill.shape[1])), staffing(first, person)
    for j in range(len(filled)):
        for k in range(skill.shape[1]):
            work = 0.0
            for i in range(first[j], first[j + 1]):
                work += attention[i, k]
                working[j, k] += attention[i, k] * skill[i, k]
            working[j, k] *= filled[j] / work if work > 0.0 else 0.0
    return working


@inner
def current_routine(w, p):
    """Routine that counts in potential, (O, K): with reforms, what is not outdated."""
    return w.routine * (1.0 - w.outdated_routine) if p.reform_chance > 0.0 else w.routine


@kernel
def mean_priorities(first, person, priority):
    """Mean priorities of holders, (O, K); NaN without a holder."""
    O, K = len(first) - 1, priority.shape[1]
    mean = np.zeros((O, K))
    for j in range(O):
        holders = 0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                holders += 1
                for k in range(K):
                    mean[j, k] += priority[i, k]
        for k in range(K):
            mean[j, k] = mean[j, k] / holders if holders > 0 else np.nan
    return mean


@kernel
def shared_goals(first, person, priority, mean):
    """r_wg (James, Demaree and Wolf 1984), (O,): 1 - mean variance of priorities / variance of a uniform draw on the
    simplex.

    Variance over holders with n - 1, averaged over areas; the uniform one is ``(K - 1) / (K^2 (K + 1))``. Not below 0;
    NaN below two holders; 1 with a single area.
    """
    O, K = mean.shape
    agreement = np.full(O, np.nan)
    uniform = (K - 1.0) / (K * K * (K + 1.0))
    for j in range(O):
        holders = 0
        squares = 0.0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                holders += 1
                for k in range(K):
                    squares += (priority[i, k] - mean[j, k]) ** 2
        if holders >= 2:
            agreement[j] = 1.0 if K == 1 else max(0.0, 1.0 - squares / (holders - 1) / K / uniform)
    return agreement


@kernel
def unit_alignment(first, unit, person, priority, mean):
    """Mean over units of 1 - half the L1 distance between the unit's and the agency's mean priorities, (O,).

    NaN with fewer than two units that have holders.
    """
    O, K = mean.shape
    alignment = np.full(O, np.nan)
    total = np.empty(K)
    for j in range(O):
        units = 0
        closeness = 0.0
        i = first[j]
        while i < first[j + 1]:
            here = unit[i]
            total[:], holders = 0.0, 0
            while i < first[j + 1] and unit[i] == here:
                if person[i] >= 0:
                    holders += 1
                    for k in range(K):
                        total[k] += priority[i, k]
                i += 1
            if holders > 0:
                units += 1
                total /= holders
                closeness += 1.0 - 0.5 * apart(total, mean[j])
        if units >= 2:
            alignment[j] = closeness / units
    return alignment


@kernel
def vertical_alignment(parent, mean):
    """1 - half the L1 distance between the mean priorities of an agency and of its parent, (O,); NaN without a parent
    or holders.
    """
    alignment = np.full(len(mean), np.nan)
    for j in range(len(mean)):
        if parent[j] >= 0:
            alignment[j] = 1.0 - 0.5 * apart(mean[j], mean[parent[j]])
    return alignment


@inner
def _expertise(skill, expert_skill):
    """Areas in which each position is an expert, as bits of one small number: cheaper to look up than skills."""
    P, K = skill.shape
    areas = np.zeros(P, np.uint32)
    for i in range(P):
        bits = 0
        for k in range(K):
            bits |= int(skill[i, k] >= expert_skill) << k
        areas[i] = bits
    return areas


@kernel
def access_to_expertise(first, person, priority, skill, tie_to, expert_skill):
    """Share of holders with a tie to a person of at least `expert_skill` in the area of their highest priority, (O,).

    0 for an agency without holders.
    """
    O, K, M = len(first) - 1, skill.shape[1], tie_to.shape[1]
    access = np.zeros(O)
    experts = _expertise(skill, expert_skill)
    for j in range(O):
        holders = 0
        for i in range(first[j], first[j + 1]):
            if person[i] < 0:
                continue
            holders += 1
            top, highest = 0, priority[i, 0]
            for k in range(1, K):
                higher = priority[i, k] > highest
                top = k if higher else top
                highest = priority[i, k] if higher else highest
            reached = 0
            for m in range(M):
                reached |= experts[max(0, tie_to[i, m])] * (tie_to[i, m] >= 0)
            access[j] += (reached >> top) & 1
        if holders > 0:
            access[j] /= holders
    return access


@inner
def _substitute(people, routine, alpha, rho):
    """CES of two inputs; Cobb-Douglas at rho = 0; 0 when a necessary input is 0. The harmonic mean (rho = -1) needs no
    powers.
    """
    if abs(rho) < 1e-9:
        return people**alpha * routine ** (1.0 - alpha)
    if rho < 0.0 and (people <= 0.0 or routine <= 0.0):
        return 0.0
    if rho == -1.0:
        return people * routine / (alpha * routine + (1.0 - alpha) * people)
    return (alpha * people**rho + (1.0 - alpha) * routine**rho) ** (1.0 / rho)


@inner
def people_weight(p, share=0.5):
    """Weight alpha of people in the CES, from the share of people in the marginal products of people and routines at
    the baseline: equal ones unless an area's record says otherwise.
    """
    ratio = (p.baseline_people / p.baseline_routine) ** (1.0 - p.potential_rho) * (share / (1.0 - share))
    return ratio / (1.0 + ratio)


@inner
def _scale(p, alpha, base, rule):
    """Factor by which what an agency at the baseline could put into use does not depend on the weight of people."""
    people, routine = p.baseline_people, p.baseline_routine
    if rule == _ADDITIVE:
        return 0.5 * (people + routine) / (alpha * people + (1.0 - alpha) * routine)
    return base / _substitute(people, routine, alpha, p.potential_rho)


@kernel
def potential(p, held, routine, resources, share):
    """What each agency could put into use, (O, K), and the same without the factors for goals and alignment, (O, K).

    ``q = J(people, routine) * (1 - w_g (1 - goals)) * (1 - w_a (1 - alignment)) * (1 - w_x (1 - access)) * (1 + w_r
    (resource alignment - its base))``, each at most 1, where alignment is the mean of the defined ones of internal and
    vertical; an undefined goals or alignment gives a factor of 1. The last factor counts as one of alignment. People
    are mean skill, or the skill at work (rule `participation`). J (rule `potential`): ces, ``CES(people, routine;
    alpha, rho)``; minimum, ``J0 min(people / people0, routine / routine0)`` with J0 that CES at the baseline people0,
    routine0; additive, the mean of both, which is the CES of rho = 1. In an area whose record gives people another
    share of the marginal products, CES and mean have other weights, and a scale at which the baseline has the same J.

    Parameters
    ----------
    p : Structure
    held : Capacities
    routine : (O, K) float64
    resources : (O,) float64
        Alignment of resources.
    share : (K,) float64
        Of people in the marginal products of people and routines at the baseline.
    """
    people, goals, internal, vertical, access = held.working, held.goals, held.internal, held.vertical, held.access
    rho, rule = p.potential_rho, p.potential_rule
    base = _substitute(p.baseline_people, p.baseline_routine, people_weight(p), rho)
    O, K = people.shape
    alpha, scale = np.empty(K), np.empty(K)
    for k in range(K):
        alpha[k] = share[k] if rule == _ADDITIVE else people_weight(p, share[k])
        scale[k] = _scale(p, alpha[k], base, rule)
    full = np.empty((O, K))
    plain = np.empty((O, K))
    for j in range(O):
        factor = 1.0
        if not math.isnan(goals[j]):
            factor *= 1.0 - p.goal_weight * (1.0 - goals[j])
        defined, total = 0, 0.0
        if not math.isnan(internal[j]):
            defined, total = defined + 1, total + internal[j]
        if not math.isnan(vertical[j]):
            defined, total = defined + 1, total + vertical[j]
        if defined > 0:
            factor *= 1.0 - p.alignment_weight * (1.0 - total / defined)
        factor *= 1.0 + p.resource_weight * (resources[j] - p.resource_alignment_base)
        reach = 1.0 - p.access_weight * (1.0 - access[j])
        for k in range(K):
            if rule == _CES:
                joint = scale[k] * _substitute(people[j, k], routine[j, k], alpha[k], rho)
            elif rule == _MINIMUM:
                joint = base * min(people[j, k] / p.baseline_people, routine[j, k] / p.baseline_routine)
            else:
                joint = scale[k] * (alpha[k] * people[j, k] + (1.0 - alpha[k]) * routine[j, k])
            plain[j, k] = min(1.0, joint * reach)
            full[j, k] = min(1.0, plain[j, k] * factor)
    return full, plain
