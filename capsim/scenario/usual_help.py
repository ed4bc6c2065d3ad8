"""What help from above is measured by under a changed structure: the staff and layers that stood there before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.levels import ESA, LEA
from capsim.scenario.population import Population, regional_layers


class UsualHelp(NamedTuple):
    """Columns of an agency table, (n,)."""

    usual_positions: NDArray[np.float64]
    usual_layers: NDArray[np.int8]


def usual_help(before: Population, positions: NDArray[np.int32], after: Population) -> UsualHelp:
    """For a population after a change of structure.

    The positions of a regional agency count in equal parts for the districts below it, which take their part with them
    wherever they are moved. Where districts had nobody in a layer, the agency that is new there is measured by itself.
    """
    was = {one.id: row for row, one in enumerate(before.agencies)}
    layers_before = regional_layers(before.level, before.parent)
    served = before.sum_served(np.ones(len(before.agencies)))
    part: dict[tuple[str, int], float] = {}
    for row in np.flatnonzero(before.level == LEA).tolist():
        for layer, above in enumerate(_regional_above(before, row)):
            part[before.agencies[row].id, layer] = positions[above] / served[above]
    usual = np.zeros(len(after.agencies))
    for row in np.flatnonzero(after.level == LEA).tolist():
        for layer, above in enumerate(_regional_above(after, row)):
            usual[above] += part.get((after.agencies[row].id, layer), 0.0)
    own = np.array([one.positions for one in after.agencies], np.float64)
    known = np.array([was.get(one.id, -1) for one in after.agencies])
    own = np.where(known >= 0, np.asarray(positions, np.float64)[known], own)
    layers = regional_layers(after.level, after.parent)
    layers = np.where(known >= 0, layers_before[known], layers).astype(np.int8)
    regional = (after.level == ESA) & (usual > 0.0)
    return UsualHelp(np.where(regional, np.round(usual, 9), own), layers)


def _regional_above(population: Population, row: int) -> list[int]:
    """Regional agencies above an agency, the nearest first."""
    found, above = [], int(population.parent[row])
    while above >= 0:
        if population.level[above] == ESA:
            found.append(above)
        above = int(population.parent[above])
    return found
