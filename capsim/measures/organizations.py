"""Every recorded measure of every organization at one moment, from a world."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from capsim.catalogue import MEASURES
from capsim.measures.capacities import (
    access_to_expertise,
    enactment,
    mean_priorities,
    mean_skill,
    potential,
    shared_goals,
    staffing,
    unit_alignment,
    vertical_alignment,
)
from capsim.parameters import Values
from capsim.world import World

__all__ = ["COLUMN", "current_potential", "measure_organizations", "people_weight"]

COLUMN = {name: column for column, name in enumerate(MEASURES)}
"""Column of each measure in what `measure_organizations` returns."""


def people_weight(values: Values) -> float:
    """Weight alpha of people in the CES, from equal marginal products of people and routines at the baseline."""
    ratio = (values["baseline_people"] / values["baseline_routine"]) ** (1.0 - values["potential_rho"])
    return float(ratio / (1.0 + ratio))


@dataclass(frozen=True, slots=True)
class _Capacities:
    people: NDArray[np.float64]
    goals: NDArray[np.float64]
    internal: NDArray[np.float64]
    vertical: NDArray[np.float64]
    access: NDArray[np.float64]


def _capacities(world: World, values: Values) -> _Capacities:
    layout = world.layout
    means = mean_priorities(layout.first, world.person, world.priority)
    return _Capacities(
        people=mean_skill(layout.first, world.skill),
        goals=shared_goals(layout.first, world.person, world.priority, means),
        internal=unit_alignment(layout.first, layout.unit, world.person, world.priority, means),
        vertical=vertical_alignment(layout.parent, means),
        access=access_to_expertise(
            layout.first, world.person, world.priority, world.skill, world.tie_to, values["expert_skill"]
        ),
    )


def _potential(world: World, values: Values, now: _Capacities) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    full, plain = potential(
        now.people, world.routine, now.goals, now.internal, now.vertical, now.access, people_weight(values),
        values["potential_rho"], values["goal_weight"], values["alignment_weight"], values["access_weight"],
    )  # fmt: skip
    return full, plain


def current_potential(world: World, values: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Potential of every agency and area, (O, K), with and without the factors for goals and alignment."""
    return _potential(world, values, _capacities(world, values))


@njit(cache=True)
def _row_means(table, out):
    for j in range(table.shape[0]):
        total = 0.0
        for k in range(table.shape[1]):
            total += table[j, k]
        out[j] = total / table.shape[1]


@njit(cache=True)
def _organizational_skills(routine, enacted, out):
    for j in range(routine.shape[0]):
        total = 0.0
        for k in range(routine.shape[1]):
            total += routine[j, k] * enacted[j, k]
        out[j] = total / routine.shape[1]


@njit(cache=True)
def _flows(first, exits, recipient_hours, exit_share, hours):
    for j in range(len(exits)):
        hours[j] = 0.0
        for i in range(first[j], first[j + 1]):
            hours[j] += recipient_hours[i]
        exit_share[j] = exits[j] / max(1, first[j + 1] - first[j])


@njit(cache=True)
def _composite(individual, skills, access, goals, culture, internal, vertical, resources, out):
    """Geometric mean of the defined capacities, each at least 0.001."""
    for j in range(len(out)):
        aligned, parts = 0.0, 0
        for value in (internal[j], vertical[j]):
            if not math.isnan(value):
                aligned += value
                parts += 1
        alignment = aligned / parts if parts > 0 else np.nan
        total, count = 0.0, 0
        for value in (individual[j], skills[j], access[j], goals[j], culture[j], alignment, resources[j]):
            if not math.isnan(value):
                total += math.log(max(0.001, value))
                count += 1
        out[j] = math.exp(total / count)


def measure_organizations(world: World, values: Values) -> NDArray[np.float64]:
    """All measures of all organizations, (len(MEASURES), O), rows in the order of `MEASURES`; NaN is undefined.

    Parameters
    ----------
    world : World
    values : mapping of str to float
        Resolved parameters.
    """
    layout, now = world.layout, _capacities(world, values)
    out = np.empty((len(MEASURES), layout.n_organizations))
    filled = staffing(layout.first, world.person)
    full, _ = _potential(world, values, now)
    _row_means(now.people, out[COLUMN["individual"]])
    _organizational_skills(
        world.routine,
        enactment(layout.first, world.person, world.attention, world.skill, world.routine),
        out[COLUMN["organizational_skills"]],
    )
    out[COLUMN["access_to_expertise"]] = now.access
    out[COLUMN["shared_goals"]] = now.goals
    out[COLUMN["culture"]] = world.culture
    out[COLUMN["alignment_internal"]] = now.internal
    out[COLUMN["alignment_parent"]] = now.vertical
    out[COLUMN["resources"]] = (filled + world.data_systems + world.funding) / 3.0
    _row_means(full, out[COLUMN["potential"]])
    _row_means(world.use, out[COLUMN["use"]])
    _row_means(world.use_unmultiplied, out[COLUMN["use_unmultiplied"]])
    out[COLUMN["vacancy"]] = 1.0 - filled
    out[COLUMN["ta_hours"]] = world.ta_hours
    _flows(layout.first, world.exits, world.recipient_hours, out[COLUMN["exits"]], out[COLUMN["recipient_hours"]])
    _composite(
        out[COLUMN["individual"]], out[COLUMN["organizational_skills"]], now.access, now.goals, world.culture, now.internal,
        now.vertical, out[COLUMN["resources"]], out[COLUMN["capacity"]],
    )  # fmt: skip
    return out
