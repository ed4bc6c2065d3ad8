"""The 64 arms of an explanation: use, if some pathways were a strategy's and the others its paired baseline's.

A pathway is *off* when what it feeds into implementation is, month by month, that of the paired run without assistance
(same settled world, same luck), and *on* when it is the strategy's. Agency j, area k, month t; S is the set of pathways
that are on, and x[p] is the strategy's x if p is in S and else the baseline's::

    people   = staffing[culture] * skill of holders[skill]
    access   = share of holders[goals] who reach through their ties[ties] somebody
               whose skill[skill] is at least expert_skill in the area that the holder puts first[goals]
    q        = CES(people, routine[routines]; alpha, rho)
               * (1 - w_g (1 - agreement[goals])) * (1 - w_a (1 - alignment[alignment])) * (1 - w_x (1 - access))
               * (1 + w_r (resource alignment[alignment] - its base))
    use_S   += iota (q - use_S)
    use_S   *= 1 - abandon_drop
               where u_jk(t) is below the chance of ending, by routine[routines] (what is enacted of it, and support
               from above), and by
               leader_left[culture], leader_exit_age[culture] and engagement[culture]

Every arm starts from the settled world's use and meets the draws u of the runs themselves. So with every pathway on,
``use_S`` is the strategy's, with none the baseline's, exactly; two recorded runs give all 64 arms.

- ``staffing`` is the filled share of positions, ``skill of holders`` the mean skill over positions divided by it (0
  when nobody is there). Exits differ between strategies through culture and engagement only, so staffing and the months
  in which leaders leave belong to culture.
- An undefined agreement or alignment is undefined in the arms that take it, and its factor is 1, as in the model.

This takes apart what implementation reads, the last link of each chain: skill that grew because routines grew counts as
skill, and culture's help to learning counts as skill or routines.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.measures.capacities import (
    Capacities,
    access_to_expertise,
    mean_priorities,
    potential,
    shared_goals,
    skill_in_potential,
    staffing,
    unit_alignment,
    vertical_alignment,
)
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.implementation import chance_of_ending, with_support
from capsim.structures import Structure
from capsim.units import rate_from_lag
from capsim.world import World

PATHWAYS = {
    "skill": "person-held skill",
    "routines": "routines",
    "ties": "ties",
    "goals": "shared goals",
    "culture": "culture and engagement",
    "alignment": "alignment",
}
"""Pathways in the order of their bits in the number of an arm, with their names in running text."""

ARMS = 2 ** len(PATHWAYS)

EXPLAINED_OUTCOMES = ("use", "use_unmultiplied", "potential")
"""Outcomes that the inputs of implementation determine."""


@kernel
def _commitment(first: NDArray, person: NDArray, engagement: NDArray) -> NDArray:
    """Mean engagement of holders, (O,); 0 without holders."""
    mean = np.zeros(len(first) - 1)
    for j in range(len(mean)):
        holders = 0
        for i in range(first[j], first[j + 1]):
            if person[i] >= 0:
                holders += 1
                mean[j] += engagement[i]
        if holders > 0:
            mean[j] /= holders
    return mean


class Inputs(NamedTuple):
    """What implementation read of one run in one month; columns of `World` are the world's own, not copies.

    Of agencies: people, routine and what of it is current by area, staffing, agreement, both alignments, alignment of
    resources, mean engagement of holders, what is enacted of the routine, whether the leader left and since when. NaN
    is undefined.
    """

    person: NDArray
    priority: NDArray
    skill: NDArray
    tie_to: NDArray
    people: NDArray
    routine: NDArray
    current: NDArray
    filled: NDArray
    goals: NDArray
    internal: NDArray
    vertical: NDArray
    resources: NDArray
    commitment: NDArray
    enacted: NDArray
    leader_left: NDArray
    leader_exit_age: NDArray
    support: NDArray

    @classmethod
    def of(cls, world: World, p: Structure) -> Inputs:
        """Inputs of the month that has just ended: implementation is its last process and changes none of them."""
        layout = world.layout
        first, person, priority = layout.first, world.person, world.priority
        means = mean_priorities(first, person, priority)
        return cls(
            person=person,
            priority=priority,
            skill=world.skill,
            tie_to=world.tie_to,
            people=skill_in_potential(world.arrays, p),
            routine=world.routine,
            current=world.routine * (1.0 - world.outdated_routine),
            filled=staffing(first, person),
            goals=shared_goals(first, person, priority, means),
            internal=unit_alignment(first, layout.unit, person, priority, means),
            vertical=vertical_alignment(layout.parent, means),
            resources=world.resource_alignment,
            commitment=_commitment(first, person, world.engagement),
            enacted=world.enacted,
            leader_left=world.leader_left,
            leader_exit_age=world.leader_exit_age,
            support=world.support,
        )


class _Read(NamedTuple):
    """What implementation read, by whose it is: on every axis of length 2 the baseline's, then the strategy's."""

    people: NDArray
    """(2, 2, O, K), by skill and staffing."""
    access: NDArray
    """(2, 2, 2, O), by skill, ties and goals."""
    routine: NDArray
    current: NDArray
    goals: NDArray
    enacted: NDArray
    commitment: NDArray
    leader_left: NDArray
    leader_exit_age: NDArray
    internal: NDArray
    vertical: NDArray
    resources: NDArray
    support: NDArray


@kernel
def _restaffed(people: NDArray, filled: NDArray, other: NDArray) -> NDArray:
    """People of agencies whose holders have the skill of `people` and whose staffing is that of `other`, (O, K)."""
    mixed = np.zeros_like(people)
    for j in range(people.shape[0]):
        if filled[j] > 0.0:
            for k in range(people.shape[1]):
                mixed[j, k] = people[j, k] if filled[j] == other[j] else people[j, k] / filled[j] * other[j]
    return mixed


@kernel
def _advance(use: NDArray, read: _Read, numbers: NDArray, p: Any, share: NDArray, iota: NDArray, ending: bool) -> None:
    """One month of every arm."""
    arms, O, K = use.shape
    for s in range(arms):
        skill, own_routine, ties = s & 1, s >> 1 & 1, s >> 2 & 1
        agreed, culture, aligned = s >> 3 & 1, s >> 4 & 1, s >> 5 & 1
        held = Capacities(
            read.people[skill, culture],
            read.people[skill, culture],
            read.goals[agreed],
            read.internal[aligned],
            read.vertical[aligned],
            read.access[skill, ties, agreed],
        )
        q, _ = potential(p, held, read.current[own_routine], read.resources[aligned], share)
        for j in range(O):
            for k in range(K):
                use[s, j, k] += iota[k] * (q[j, k] - use[s, j, k])
                chance = chance_of_ending(
                    p,
                    read.routine[own_routine, j, k],
                    read.enacted[own_routine, j, k],
                    read.leader_left[culture, j],
                    read.leader_exit_age[culture, j],
                    read.commitment[culture, j],
                )
                if p.support_weight > 0.0:
                    chance = with_support(p, chance, read.support[own_routine, j, k])
                if ending and numbers[j, k] < chance:
                    use[s, j, k] *= 1.0 - p.abandon_drop


class Arms:
    """Every agency's outcome in the 64 arms of one strategy from a settled world on, (64, O, K) in `state`; bit p of an
    arm's number is pathway p of `PATHWAYS`.

    Use without multipliers follows potential without the two factors; potential itself is followed at once and never
    abandoned. Where the month has no implementation use stays as it is.
    """

    def __init__(self, world: World, values: Values, *, outcome: str = "use", implementing: bool = True) -> None:
        start = world.use_unmultiplied if outcome == "use_unmultiplied" else world.use
        self.state: NDArray[np.float64] = np.repeat(start[np.newaxis], ARMS, axis=0)
        self._first, self._expert_skill = world.layout.first, values["expert_skill"]
        lags = values["implementation_lag_months"] * world.layout.area_lag
        rate, ending = np.array([rate_from_lag(lag) for lag in lags]), True
        if outcome == "potential":
            rate, ending = np.ones(len(lags)), False
        elif not implementing:
            rate, ending = np.zeros(len(lags)), False
        multiplied = float(outcome != "use_unmultiplied")
        factors = {name: multiplied * values[name] for name in ("goal_weight", "alignment_weight", "resource_weight")}
        self._terms = (constants({**values, **factors}), world.layout.area_people, rate, ending)

    def advance(self, baseline: Inputs, own: Inputs, numbers: NDArray[np.float64]) -> None:
        """One month, from what was read in both runs and the draws of implementation, (O, K)."""
        runs = (baseline, own)
        people = np.array([[_restaffed(a.people, a.filled, b.filled) for b in runs] for a in runs])
        shared = {name: np.array([getattr(run, name) for run in runs]) for name in _Read._fields[2:]}
        _advance(self.state, _Read(people, self._access(runs), **shared), numbers, *self._terms)

    def _access(self, runs: tuple[Inputs, Inputs]) -> NDArray[np.float64]:
        """Access to expertise by whose skill, ties and priorities, (2, 2, 2, O)."""
        rows = [
            access_to_expertise(self._first, c.person, c.priority, a.skill, b.tie_to, self._expert_skill)
            for a in runs
            for b in runs
            for c in runs
        ]
        return np.array(rows).reshape(2, 2, 2, -1)


def shapley_values(arms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean change of the outcome as each pathway is switched on, over all orders of switching them on.

    ``value of p = sum over S without p of |S|! (n - 1 - |S|)! / n! (v(S + p) - v(S))``, (..., n) from arms (..., 2^n);
    the values sum to the outcome with all pathways on minus that with none. Shapley (1953), A value for n-person games.
    """
    n = arms.shape[-1].bit_length() - 1
    values = np.empty((*arms.shape[:-1], n))
    for p in range(n):
        without = np.array([arm for arm in range(2**n) if not arm >> p & 1])
        sizes = [int(arm).bit_count() for arm in without]
        weights = [math.factorial(size) * math.factorial(n - 1 - size) / math.factorial(n) for size in sizes]
        values[..., p] = (np.array(weights) * (arms[..., without | 1 << p] - arms[..., without])).sum(axis=-1)
    return values
