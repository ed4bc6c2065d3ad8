"""Self-ratings: what staff say, once a year and at no cost, of their own agency in every focal area.

``self rating = likert(x, z)`` with x the mean of routine and of the skill of those who are there, area by area. Pair n
of numbers (u, v) gives z of area 2n, ``r cos(2 pi v)``, and of area 2n + 1, ``r sin(2 pi v)``. Nobody speaks for an
agency without staff: its ratings stay as they were.

Source: S42 (self-perceived need is a poor guide to rated need), S19 (self-ratings are lenient); figures are assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.instruments.likert import likert
from capsim.instruments.normals import deviate, numbers_for
from capsim.instruments.readings import Readings
from capsim.kernels import kernel
from capsim.parameters import Values

__all__ = ["NUMBERS", "PURPOSE", "read_self_rating"]

PURPOSE = "instrument:self_ratings"
"""What the random numbers are for."""


def NUMBERS(n_areas: int) -> int:  # noqa: N802
    """Uniform numbers per organization: a pair for every two areas."""
    return numbers_for(n_areas)


@kernel
def _rate_themselves(
    numbers: NDArray[np.float64],
    state: NDArray[np.float64],
    leniency: float,
    noise_sd: float,
    rating: NDArray[np.float64],
) -> None:
    """Write what every organization says of its `state`, (O, K); NaN says nothing."""
    for j in range(state.shape[0]):
        for k in range(state.shape[1]):
            if not math.isnan(state[j, k]):
                radius, z = deviate(numbers[j], k)
                rating[j, k] = likert(state[j, k], noise_sd * radius * z, leniency)


def read_self_rating(
    numbers: NDArray[np.float64], state: NDArray[np.float64], values: Values, readings: Readings
) -> None:
    """Read every agency's rating of itself.

    Parameters
    ----------
    numbers : (O, `NUMBERS`) float64
        Uniform in [0, 1).
    state : (O, K) float64
        Mean of routine and of the skill of holders, in [0, 1]; NaN without holders.
    values : mapping of str to float
    readings : Readings
        Written to: self_rating.
    """
    _rate_themselves(numbers, state, values["likert_leniency"], values["likert_noise_sd"], readings.self_rating)
