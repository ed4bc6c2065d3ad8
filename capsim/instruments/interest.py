"""Interest in assistance: a free survey item on engagement, asked of every agency once a year.

``interest = likert(mean engagement of holders, z)``, 1 where nobody holds a position; z is ``r cos(2 pi v)`` of the
pair (u, v). It is read before the month's assistance is decided, so that agencies can volunteer.

Source: S42 (who asks for help is not who needs it); assumed.
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

__all__ = ["NUMBERS", "PURPOSE", "read_interest"]

PURPOSE = "instrument:interest"
"""What the random numbers are for."""

NUMBERS = 2
"""Uniform numbers per organization: one pair, of which the cosine is used."""


@kernel
def _ask(
    numbers: NDArray[np.float64],
    motivation: NDArray[np.float64],
    leniency: float,
    noise_sd: float,
    interest: NDArray[np.float64],
) -> None:
    """Write the answer of every organization."""
    for j in range(len(motivation)):
        radius, angle = polar(numbers[j, 0], numbers[j, 1])
        interest[j] = likert(motivation[j], noise_sd * radius * math.cos(angle), leniency)


def read_interest(
    numbers: NDArray[np.float64], motivation: NDArray[np.float64], values: Values, readings: Readings
) -> None:
    """Read every agency's interest.

    Parameters
    ----------
    numbers : (O, 2) float64
        Uniform in [0, 1).
    motivation : (O,) float64
        Mean engagement of holders; NaN without any.
    values : mapping of str to float
    readings : Readings
        Written to.
    """
    _ask(numbers, motivation, values["likert_leniency"], values["likert_noise_sd"], readings.interest)
