"""Every recorded measure of every organization at one moment, from a world."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import MEASURES
from capsim.kernels import kernel
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


@kernel
def _capacities(first, unit, parent, person, priority, skill):
    """People (O, K), shared goals, alignment of units, alignment with the parent, each (O,)."""
    means = mean_priorities(first, person, priority)
    return (
        mean_skill(first, skill),
        shared_goals(first, person, priority, means),
        unit_alignment(first, unit, person, priority, means),
        vertical_alignment(parent, means),
    )


@kernel
def _potential(
    first,
    unit,
    parent,
    person,
    priority,
    skill,
    access,
    routine,
    resources,
    alpha,
    rho,
    goals_w,
    alignment_w,
    access_w,
    resource_w,
    resource_base,
):
    people, goals, internal, vertical = _capacities(first, unit, parent, person, priority, skill)
    return potential(
        people,
        routine,
        goals,
        internal,
        vertical,
        access,
        resources,
        alpha,
        rho,
        goals_w,
        alignment_w,
        access_w,
        resource_w,
        resource_base,
    )


def _weights(values: Values) -> tuple[float, ...]:
    """Numbers of potential in the order in which the kernels take them."""
    return (
        people_weight(values),
        values["potential_rho"],
        values["goal_weight"],
        values["alignment_weight"],
        values["access_weight"],
        values["resource_weight"],
        values["resource_alignment_base"],
    )


def _access(world: World, values: Values) -> NDArray[np.float64]:
    """Access to expertise, (O,). A call of its own: inlined into the kernels below it takes nearly twice as long."""
    access: NDArray[np.float64] = access_to_expertise(
        world.layout.first, world.person, world.priority, world.skill, world.tie_to, values["expert_skill"]
    )
    return access


def current_potential(world: World, values: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Potential of every agency and area, (O, K), with and without the factors for goals and alignment."""
    layout = world.layout
    full, plain = _potential(
        layout.first,
        layout.unit,
        layout.parent,
        world.person,
        world.priority,
        world.skill,
        _access(world, values),
        world.routine,
        world.resource_alignment,
        *_weights(values),
    )
    return full, plain


@kernel
def _row_means(table, out):
    for j in range(table.shape[0]):
        total = 0.0
        for k in range(table.shape[1]):
            total += table[j, k]
        out[j] = total / table.shape[1]


@kernel
def _organizational_skills(routine, enacted, out):
    for j in range(routine.shape[0]):
        total = 0.0
        for k in range(routine.shape[1]):
            total += routine[j, k] * enacted[j, k]
        out[j] = total / routine.shape[1]


@kernel
def _flows(first, exits, recipient_hours, exit_share, hours):
    for j in range(len(exits)):
        hours[j] = 0.0
        for i in range(first[j], first[j + 1]):
            hours[j] += recipient_hours[i]
        exit_share[j] = exits[j] / max(1, first[j + 1] - first[j])


@kernel
def _bench_depth(first, skill, proficient, out):
    """Mean over areas of the number of people at or above proficiency; the skill of a vacancy is 0."""
    K = skill.shape[1]
    for j in range(len(first) - 1):
        people = 0
        for i in range(first[j], first[j + 1]):
            for k in range(K):
                people += skill[i, k] >= proficient
        out[j] = people / K


@kernel
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


@kernel
def _measure(
    first,
    unit,
    parent,
    person,
    priority,
    attention,
    skill,
    access,
    recipient_hours,
    routine,
    use,
    use_unmultiplied,
    culture,
    data_systems,
    funding,
    resource_alignment,
    exits,
    ta_hours,
    proficient,
    alpha,
    rho,
    goals_w,
    alignment_w,
    access_w,
    resource_w,
    resource_base,
):
    """The rows of `measure_organizations`, in the order of the catalogue."""
    out = np.empty((17, len(culture)))
    people, goals, internal, vertical = _capacities(first, unit, parent, person, priority, skill)
    full, _ = potential(
        people,
        routine,
        goals,
        internal,
        vertical,
        access,
        resource_alignment,
        alpha,
        rho,
        goals_w,
        alignment_w,
        access_w,
        resource_w,
        resource_base,
    )
    filled = staffing(first, person)
    _row_means(people, out[0])
    _organizational_skills(routine, enactment(first, person, attention, skill, routine), out[1])
    for j in range(len(culture)):
        out[2, j] = access[j]
        out[3, j] = goals[j]
        out[4, j] = culture[j]
        out[5, j] = internal[j]
        out[6, j] = vertical[j]
        out[7, j] = (filled[j] + data_systems[j] + funding[j] + resource_alignment[j]) / 4.0
        out[12, j] = 1.0 - filled[j]
        out[14, j] = ta_hours[j]
    _row_means(full, out[8])
    _composite(out[0], out[1], access, goals, culture, internal, vertical, out[7], out[9])
    _row_means(use, out[10])
    _row_means(use_unmultiplied, out[11])
    _flows(first, exits, recipient_hours, out[13], out[15])
    _bench_depth(first, skill, proficient, out[16])
    return out


_ROWS = (
    "individual",
    "organizational_skills",
    "access_to_expertise",
    "shared_goals",
    "culture",
    "alignment_internal",
    "alignment_parent",
    "resources",
    "potential",
    "capacity",
    "use",
    "use_unmultiplied",
    "vacancy",
    "exits",
    "ta_hours",
    "recipient_hours",
    "bench_depth",
)
assert tuple(MEASURES) == _ROWS, "the kernel writes the rows of the catalogue"


def measure_organizations(world: World, values: Values) -> NDArray[np.float64]:
    """All measures of all organizations, (len(MEASURES), O), rows in the order of `MEASURES`; NaN is undefined.

    Parameters
    ----------
    world : World
    values : mapping of str to float
        Resolved parameters.
    """
    layout = world.layout
    measured: NDArray[np.float64] = _measure(
        layout.first,
        layout.unit,
        layout.parent,
        world.person,
        world.priority,
        world.attention,
        world.skill,
        _access(world, values),
        world.recipient_hours,
        world.routine,
        world.use,
        world.use_unmultiplied,
        world.culture,
        world.data_systems,
        world.funding,
        world.resource_alignment,
        world.exits,
        world.ta_hours,
        values["expert_skill"],
        *_weights(values),
    )
    return measured
