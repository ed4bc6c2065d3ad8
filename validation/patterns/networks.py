"""Shapes of the advice networks of districts, from a world: frequent ties, those to the TA center left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.levels import Level
from capsim.parameters import Values
from capsim.world import MAX_TIES, World
from validation.advice_networks import external_internal_index, inside_ties
from validation.patterns.starting import districts_of

SHAPES = ("cross_agency_share", "frequent_ties", "indegree_centralisation", "unit_ei_index", "priority_homophily")
_FEWEST_HOLDERS = 5
"""Of a district whose centralisation counts."""


def network_shapes(world: World, values: Values) -> dict[str, float]:
    """Every reading of `SHAPES`; NaN where it is undefined."""
    layout = world.layout
    districts = districts_of(world)
    strength = values["frequent_strength"]
    ties = inside_ties(world, districts, least_strength=strength)
    source, target = _frequent(world, strength)
    between = layout.organization[source] != layout.organization[target]
    holders = int((world.person[layout.level[layout.organization] == Level.LEA] >= 0).sum())
    n_units = layout.unit[layout.first[1:] - 1] - layout.unit[layout.first[:-1]] + 1
    parted = inside_ties(world, districts[n_units[districts] >= 2], least_strength=strength)
    return {
        "cross_agency_share": float(between.mean()) if len(between) else np.nan,
        "frequent_ties": len(source) / holders if holders else np.nan,
        "indegree_centralisation": indegree_centralisation(world, ties.target, districts),
        "unit_ei_index": external_internal_index(parted, layout.unit),
        "priority_homophily": _similarity(world, ties.source, ties.target) - mean_similarity_of_pairs(world, districts),
    }


def _frequent(world: World, strength: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frequent ties of district staff, not to the center."""
    layout = world.layout
    source = np.repeat(np.arange(layout.n_positions), MAX_TIES)
    target = world.tie_to.ravel().astype(np.int64)
    real = (target >= 0) & (world.tie_strength.ravel() >= strength)
    source, target = source[real], target[real]
    level = layout.level[layout.organization]
    kept = (level[source] == Level.LEA) & (level[target] != Level.CENTER)
    return source[kept], target[kept]


def indegree_centralisation(world: World, target: NDArray[np.int64], districts: NDArray[np.int64]) -> float:
    """Freeman: sum of (largest in-degree - own) / (n - 1)^2, mean over districts with at least five holders; `target` says
    who is named by each tie inside a district.
    """
    named = np.bincount(target, minlength=world.layout.n_positions)
    first, found = world.layout.first, []
    for j in districts.tolist():
        own = named[first[j] : first[j + 1]][world.person[first[j] : first[j + 1]] >= 0]
        if len(own) >= _FEWEST_HOLDERS:
            found.append(float((own.max() - own).sum()) / (len(own) - 1) ** 2)
    return float(np.mean(found)) if found else np.nan


def _similarity(world: World, source: NDArray[np.int64], target: NDArray[np.int64]) -> float:
    """Mean of 1 - half the L1 distance of priorities over ties."""
    if not len(source):
        return np.nan
    return float(1.0 - 0.5 * np.abs(world.priority[source] - world.priority[target]).sum(axis=1).mean())


def mean_similarity_of_pairs(world: World, districts: NDArray[np.int64]) -> float:
    """The same mean over all ordered pairs of holders of one district; NaN without a pair."""
    first, distance, pairs = world.layout.first, 0.0, 0
    for j in districts.tolist():
        here = slice(first[j], first[j + 1])
        own = np.sort(world.priority[here][world.person[here] >= 0], axis=0)
        n = len(own)
        # of n sorted numbers number r is the larger of r pairs and the smaller of n - 1 - r
        distance += 2.0 * float(((2.0 * np.arange(n) - (n - 1.0))[:, None] * own).sum())
        pairs += n * (n - 1)
    return 1.0 - 0.5 * distance / pairs if pairs else np.nan
