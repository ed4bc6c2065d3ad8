"""How many positions an agency has: by pupils for districts and states, by districts served for regions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.levels import ESA, LEA, SCHOOL, SEA
from capsim.scenario.packaged import MEDIAN_STATE_ENROLLMENT
from capsim.scenario.population import Population

__all__ = ["SMALLEST_SEA", "positions_of"]

SMALLEST_SEA = 20
"""Positions; assumed, below it an SEA could not hold its units."""


def positions_of(population: Population, values: Mapping[str, float]) -> NDArray[np.int32]:
    """Budgeted positions of every agency, (n,), at least 1.

    Where a user's file gives positions they stand; otherwise, with e pupils,

    - LEA: ``max(lea_positions_minimum, round(lea_positions_scale * (e / 1000) ** lea_positions_exponent))``
    - ESA: ``max(esa_positions_minimum, round(esa_positions_share * positions of all LEAs served))``
    - school: ``round(school_positions)``
    - SEA: ``max(20, round(sea_positions_median * sea_program_share * (e / m) ** sea_positions_exponent))``

    where m is the enrolment of the median state, `MEDIAN_STATE_ENROLLMENT`.

    Parameters
    ----------
    population : Population
        Before sampling.
    values : mapping
        Parameter values by name.
    """
    level = population.level
    given = np.array([agency.positions for agency in population.agencies], dtype=np.float64)
    thousands = population.enrollment / 1000.0
    lea = np.round(values["lea_positions_scale"] * thousands ** values["lea_positions_exponent"])
    lea = np.maximum(lea, np.round(values["lea_positions_minimum"]))
    lea = np.where(given > 0, given, lea)
    esa = np.round(values["esa_positions_share"] * population.sum_served(lea))
    esa = np.maximum(esa, np.round(values["esa_positions_minimum"]))
    relative = population.enrollment / MEDIAN_STATE_ENROLLMENT
    sea = values["sea_positions_median"] * values["sea_program_share"] * relative ** values["sea_positions_exponent"]
    sea = np.maximum(np.round(sea), SMALLEST_SEA)
    school = np.full(len(level), np.round(values["school_positions"]))
    by_formula = np.select([level == LEA, level == ESA, level == SEA, level == SCHOOL], [lea, esa, sea, school])
    return np.maximum(np.where(given > 0, given, by_formula), 1.0).astype(np.int32)
