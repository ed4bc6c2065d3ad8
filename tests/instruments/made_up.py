"""A made-up world in numbers: what the instruments read, and uniform numbers for them."""

import numpy as np

from capsim.parameters import resolve_values

VALUES = resolve_values()
AGENCIES, AREAS = 40, 5


def random(seed=1):
    return np.random.Generator(np.random.Philox(seed))


def made_up(shape=(AGENCIES, AREAS), *, seed=1, low=0.0, high=1.0):
    """States between `low` and `high`."""
    return low + (high - low) * random(seed).random(shape)


def some(agencies=AGENCIES):
    """Two of three agencies."""
    return np.arange(agencies) % 3 != 1


def normals(numbers):
    """Two normal deviates for each pair of columns (Box and Muller), (n, pairs) each."""
    radius = np.sqrt(-2.0 * np.log(1.0 - numbers[:, 0::2]))
    angle = 2.0 * np.pi * numbers[:, 1::2]
    return radius * np.cos(angle), radius * np.sin(angle)
