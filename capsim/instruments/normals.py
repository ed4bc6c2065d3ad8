"""Normal deviates from pairs of uniform numbers (Box and Muller 1958), and readings with normal noise.

For (u, v) uniform in [0, 1): ``r = sqrt(-2 ln(1 - u))``, ``a = 2 pi v``; ``r cos(a)`` and ``r sin(a)`` are independent
standard normal deviates. Noise of standard deviation sd is written ``sd * r * cos(a)``, in this order.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel

__all__ = ["deviate", "numbers_for", "polar", "read_noisily"]


@kernel
def polar(u: float, v: float) -> tuple[float, float]:
    """Radius and angle of the pair (u, v)."""
    return math.sqrt(-2.0 * math.log(1.0 - u)), 2.0 * math.pi * v


def numbers_for(columns: int) -> int:
    """Uniform numbers that so many deviates take: a pair for every two."""
    return 2 * ((columns + 1) // 2)


@kernel
def deviate(numbers: NDArray[np.float64], n: int) -> tuple[float, float]:
    """Radius and direction of deviate n, which is their product: numbers 2m and 2m + 1 give deviates 2m, ``r cos(a)``,
    and 2m + 1, ``r sin(a)``.
    """
    radius, angle = polar(numbers[n - n % 2], numbers[n - n % 2 + 1])
    return radius, math.cos(angle) if n % 2 == 0 else math.sin(angle)


@kernel
def read_noisily(
    assessed: NDArray[np.bool_],
    numbers: NDArray[np.float64],
    true: NDArray[np.float64],
    noise: NDArray[np.float64],
    reading: NDArray[np.float64],
) -> None:
    """Write ``clip(true + sd z, 0, 1)`` of the organizations marked in `assessed`; true and reading are (O, n), noise
    (O,) is the standard deviation, and z of column n the deviate n of the organization's numbers.
    """
    for j in range(len(assessed)):
        if not assessed[j]:
            continue
        for n in range(true.shape[1]):
            radius, z = deviate(numbers[j], n)
            reading[j, n] = min(1.0, max(0.0, true[j, n] + noise[j] * radius * z))
