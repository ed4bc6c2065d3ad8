"""Allocation: what each agency weighs in the division of hours, beside the targeting.

The share of agency j in area k is ``targeting weight_jk * allocation_j`` over the sum of all recipients, with
allocation_j by the scenario's key ``assistance: allocation``:

- position: ``max(positions_j, allocation_floor)``, so that everybody is helped alike and the smallest offices still get
  something worth while: from the floor up, hours per position are equal across sizes;
- agency: 1, so that a person in a small office gets many times the hours of one in a large office;
- pupil: pupils;
- hand: the column `hours_per_year` of a table of one's own; blank is 0.

Hours; a policy choice, no finding. What agencies get in whole units and in turn (readings) does not depend on it.

And what help from above is measured by under a changed structure: the staff and layers that stood there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.levels import ESA, LEA
from capsim.scenario.csv_rows import shown_path
from capsim.scenario.population import Population, regional_layers, rows_above
from capsim.scenario.schema import Scenario


def allocation_of(
    scenario: Scenario, population: Population, positions: NDArray[np.int32], values: Mapping[str, float]
) -> NDArray[np.float64]:
    """What each agency of a whole population weighs, (n,)."""
    allocation = scenario.assistance.allocation
    if allocation == "position":
        return np.maximum(positions.astype(np.float64), values["allocation_floor"])
    if allocation == "pupil":
        return population.enrollment.astype(np.float64)
    if allocation == "hand":
        return _by_hand(scenario, population)
    return np.ones(len(positions))


def _by_hand(scenario: Scenario, population: Population) -> NDArray[np.float64]:
    hours = np.nan_to_num([agency.hours_per_year for agency in population.agencies])
    if not hours.any():
        choice = scenario.agencies
        source = shown_path(choice.source) if choice.own_file else choice.source
        raise InputError(
            "assistance.allocation: hand needs the column hours_per_year in a table of agencies of your own, with more "
            f"than 0 for some; {source} has none. Add it, or choose position, agency or pupil"
        )
    return hours


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
    return [above for above in rows_above(population.parent, row) if population.level[above] == ESA]
