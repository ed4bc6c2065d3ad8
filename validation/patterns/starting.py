"""The state in which the arms of a point start: parameters changed and states set once, after settling."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.receptivity import inverse_logistic
from capsim.building.initial import position_hazards
from capsim.building.lasting import shifted_to_mean
from capsim.levels import Level
from capsim.measures.capacities import mean_skill, staffing
from capsim.parameters import Values
from capsim.world import World
from validation.pattern_table import Start

_ACTIVITY = "coaching"
"""Whose prerequisite specific capacity is about."""


def districts_of(world: World) -> NDArray[np.int64]:
    """Rows of the districts."""
    return np.flatnonzero(world.layout.level == Level.LEA)


def start_from(world: World, values: Values, states: tuple[Start, ...]) -> World:
    """Copy of a settled world in which districts have the given states, and positions the exit hazards of `values`.

    Levels of all states are measured before the first is set.
    """
    twin = world.copy()
    layout = twin.layout
    twin.layout = replace(layout, hazard=position_hazards(layout, values))
    wanted = [(state, _wanted(state, world, values)) for state in states]
    for state, levels in wanted:
        _SETTERS[state.state](twin, values, levels)
    return twin


def factor_levels(name: str, world: World, values: Values) -> NDArray[np.float64]:
    """Level of a state in every district: (districts,), or (districts, K) for states of an area."""
    rows = districts_of(world)
    first = world.layout.first
    if name == "routine":
        return world.routine[rows]
    filled = staffing(first, world.person)[rows]
    if name == "motivation":
        engagement = np.bincount(world.layout.organization, world.engagement, world.layout.n_organizations)[rows]
        holders = filled * np.diff(first)[rows]
        return np.where(holders > 0.0, engagement / np.maximum(1.0, holders), np.nan)
    if name == "general":
        return np.asarray((world.culture[rows] * filled * world.data_systems[rows]) ** (1.0 / 3.0))
    people = mean_skill(first, world.skill)[rows]
    terms = (values[f"{_ACTIVITY}_prerequisite"], values["prerequisite_slope"])
    at_baseline = inverse_logistic(values["baseline_people"], *terms)
    return np.array([[at_baseline / inverse_logistic(x, *terms) for x in row] for row in people])


def _wanted(state: Start, world: World, values: Values) -> NDArray[np.float64]:
    """What every district shall have, one number or one an area."""
    levels = factor_levels(state.state, world, values)
    if state.rule == "mean":
        return np.full(levels.shape[1:], state.value)
    q, factor = (0.5, state.value) if state.rule == "times median" else (state.value, 1.0)
    return np.asarray(factor * np.nanquantile(levels, q, axis=0))


def _set_routine(world: World, values: Values, levels: NDArray[np.float64]) -> None:
    """The mean over districts, area by area."""
    rows = districts_of(world)
    for k, level in enumerate(levels.tolist()):
        world.routine[rows, k] = shifted_to_mean(world.routine[rows, k], level)


def _set_motivation(world: World, values: Values, levels: NDArray[np.float64]) -> None:
    for here in _holders(world):
        world.engagement[here] = shifted_to_mean(world.engagement[here], float(levels))


def _set_general(world: World, values: Values, levels: NDArray[np.float64]) -> None:
    """Culture and data systems get one value, at most 1."""
    rows = districts_of(world)
    filled = staffing(world.layout.first, world.person)[rows]
    value = np.sqrt(float(levels) ** 3 / np.maximum(filled, 1e-9))
    world.culture[rows] = world.data_systems[rows] = np.minimum(1.0, value)


def _set_specific(world: World, values: Values, levels: NDArray[np.float64]) -> None:
    """Skill of holders, area by area, so that the mean over positions has the wanted logistic."""
    prerequisite, slope = values[f"{_ACTIVITY}_prerequisite"], values["prerequisite_slope"]
    top = 1.0 + math.exp(-slope * (values["baseline_people"] - prerequisite))
    wanted = prerequisite - np.log(np.maximum(top / levels - 1.0, 1e-12)) / slope
    first = world.layout.first
    for j, here in zip(districts_of(world).tolist(), _holders(world), strict=True):
        filled = len(here) / (first[j + 1] - first[j])
        for k, x in enumerate(wanted.tolist()):
            if len(here):
                world.skill[here, k] = shifted_to_mean(world.skill[here, k], x / filled)


def _holders(world: World) -> list[NDArray[np.int64]]:
    """Filled positions of every district."""
    first = world.layout.first
    return [first[j] + np.flatnonzero(world.person[first[j] : first[j + 1]] >= 0) for j in districts_of(world).tolist()]


_SETTERS: dict[str, Callable[[World, Values, NDArray[np.float64]], None]] = {
    "routine": _set_routine,
    "motivation": _set_motivation,
    "general": _set_general,
    "specific": _set_specific,
}
