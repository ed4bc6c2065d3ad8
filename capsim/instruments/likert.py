"""A survey item: what people report of themselves on a scale of 1 to 5.

``likert(x, z) = clip(1 + 4 x + likert_leniency + likert_noise_sd z, 1, 5)`` with x the true state in [0, 1] and z a
standard normal deviate. People are lenient with themselves, and the scale ends at 5.

Source: S19 (self-ratings lie above those of others); the figures are assumed.
"""

from __future__ import annotations

import math

from capsim.kernels import kernel

__all__ = ["likert"]


@kernel
def likert(x: float, noise: float, leniency: float) -> float:
    """Answer of an agency whose true state is `x` (NaN: nobody answers, 1); `noise` is likert_noise_sd z."""
    if math.isnan(x):
        return 1.0
    return min(5.0, max(1.0, 1.0 + 4.0 * x + leniency + noise))
