"""Readiness screening: a short self-report before hours are spent.

``readiness = m g / (motivation_center * general_capacity_center)`` with motivation ``m = (likert(mean engagement of
holders, z) - 1) / 4`` and general capacity ``g = clip(true general capacity + sd_j z', 0, 1)``, ``sd_j =
rubric_noise_sd * (2 - data_systems_j)`` times the factor of co-design. z is ``r cos(2 pi v)`` and z' ``r sin(2 pi
v)`` of one pair (u, v). A median agency reads about 1, more as it is lenient with itself. Without holders nobody
answers: m = 0. The third factor of readiness, what an agency already knows of the thing itself, is not screened: a
needs assessment reads it.

Source: S31 (R = MC2: motivation times general capacity), S42; the figures are assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.likert import likert
from capsim.instruments.normals import polar
from capsim.instruments.readings import Readings
from capsim.kernels import kernel
from capsim.parameters import Values

__all__ = ["NUMBERS", "PURPOSE", "read_screening"]

PURPOSE = "instrument:screening"
"""What the random numbers are for."""

NUMBERS = 2
"""Uniform numbers per organization: one pair."""


@kernel
def _screen(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    motivation: NDArray[np.float64],
    general: NDArray[np.float64],
    noise: NDArray[np.float64],
    leniency: float,
    likert_sd: float,
    center: float,
    readiness: NDArray[np.float64],
) -> None:
    """Write readiness of the organizations marked in `assessed`; `center` is the product of a median agency."""
    for j in range(len(assessed)):
        if not assessed[j]:
            continue
        radius, angle = polar(numbers[j, 0], numbers[j, 1])
        m = (likert(motivation[j], likert_sd * radius * math.cos(angle), leniency) - 1.0) / 4.0
        g = min(1.0, max(0.0, general[j] + noise[j] * radius * math.sin(angle)))
        readiness[j] = m * g / center


def read_screening(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    motivation: NDArray[np.float64],
    general: NDArray[np.float64],
    noise: NDArray[np.float64],
    values: Values,
    readings: Readings,
) -> None:
    """Read the readiness of the agencies screened this month.

    Parameters
    ----------
    assessed : (O,) bool
    numbers : (O, 2) float64
        Uniform in [0, 1).
    motivation : (O,) float64
        Mean engagement of holders; NaN without any.
    general : (O,) float64
        General capacity: geometric mean of culture, filled share and data systems.
    noise : (O,) float64
        Standard deviation of the reading of general capacity.
    values : mapping of str to float
    readings : Readings
        Written to.
    """
    center = values["motivation_center"] * values["general_capacity_center"]
    _screen(
        assessed,
        numbers,
        motivation,
        general,
        noise,
        values["likert_leniency"],
        values["likert_noise_sd"],
        center,
        readings.readiness,
    )
