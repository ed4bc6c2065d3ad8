"""Noise of readings: normal deviates from pairs of uniform numbers (Box and Muller 1958), and survey items.

For (u, v) uniform in [0, 1): ``r = sqrt(-2 ln(1 - u))``, ``a = 2 pi v``; ``r cos(a)`` and ``r sin(a)`` are independent
standard normal deviates: numbers 2m and 2m + 1 give deviates 2m and 2m + 1.

A survey item on a scale of 1 to 5 is ``likert(x, z) = clip(1 + 4 x + likert_leniency + likert_noise_sd z, 1, 5)`` with
x the true state in [0, 1]. People are lenient with themselves, and the scale ends at 5. Source: S19 (self-ratings lie
above those of others); the figures are assumed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel

Column = NDArray[np.float64]


def numbers_for(columns: int) -> int:
    """Uniform numbers that so many deviates take: a pair for every two."""
    return 2 * ((columns + 1) // 2)


@kernel
def deviates(numbers):
    """Radius and direction of the deviates of each row, whose product they are, (2, n, columns)."""
    out = np.empty((2, *numbers.shape))
    for j in range(numbers.shape[0]):
        for m in range(0, numbers.shape[1] - 1, 2):
            radius, angle = math.sqrt(-2.0 * math.log(1.0 - numbers[j, m])), 2.0 * math.pi * numbers[j, m + 1]
            out[0, j, m] = out[0, j, m + 1] = radius
            out[1, j, m], out[1, j, m + 1] = math.cos(angle), math.sin(angle)
    return out


def noisy(true: Column, sd: Column, numbers: Column) -> Column:
    """``clip(true + sd z, 0, 1)`` of states (n, columns) with standard deviations (n,)."""
    radius, direction = deviates(numbers)[:, :, : true.shape[1]]
    return np.asarray(np.clip(true + sd[:, None] * radius * direction, 0.0, 1.0))


def likert(state: Column, noise: Column | float, leniency: float) -> Column:
    """Answers of agencies in this state (NaN: nobody answers, 1); `noise` is likert_noise_sd z."""
    answer = np.clip(1.0 + 4.0 * state + leniency + noise, 1.0, 5.0)
    return np.where(np.isnan(state), 1.0, answer)
