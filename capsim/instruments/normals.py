"""Normal deviates from pairs of uniform numbers (Box and Muller 1958).

For (u, v) uniform in [0, 1): ``r = sqrt(-2 ln(1 - u))``, ``a = 2 pi v``; ``r cos(a)`` and ``r sin(a)`` are independent
standard normal deviates. Noise of standard deviation sd is written ``sd * r * cos(a)``, in this order.
"""

from __future__ import annotations

import math

from numba import njit

__all__ = ["polar"]


@njit(cache=True)
def polar(u: float, v: float) -> tuple[float, float]:
    """Radius and angle of the pair (u, v)."""
    return math.sqrt(-2.0 * math.log(1.0 - u)), 2.0 * math.pi * v
