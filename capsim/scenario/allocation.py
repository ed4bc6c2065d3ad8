"""Allocation: what each agency weighs in the division of hours, beside the targeting.

The share of agency j in area k is ``targeting weight_jk * allocation_j`` over the sum of all recipients, with
allocation_j by the scenario's key ``assistance: allocation``:

- position: ``max(positions_j, allocation_floor)``, so that everybody is helped alike and the smallest offices still get
  something worth while: from the floor up, hours per position are equal across sizes;
- agency: 1, so that a person in a small office gets many times the hours of one in a large office;
- pupil: pupils;
- hand: the column `hours_per_year` of a table of one's own; blank is 0.

Hours; a policy choice, no finding. What agencies get in whole units and in turn (readings) does not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.scenario.csv_rows import shown_path
from capsim.scenario.population import Population
from capsim.scenario.schema import Scenario


def allocation_of(
    scenario: Scenario, population: Population, positions: NDArray[np.int32], values: Mapping[str, float]
) -> NDArray[np.float64]:
    """What each agency of a whole population weighs, (n,).

    Raises
    ------
    InputError
        If hours are divided by hand and the table does not say how.
    """
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
