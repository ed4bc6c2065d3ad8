"""A made-up world in numbers: what the instruments read, and uniform numbers for them."""

import numpy as np

from capsim.instruments.readings import Readings, Round, State
from capsim.parameters import resolve_values

VALUES = resolve_values()
AGENCIES, AREAS = 40, 5
SOME = np.flatnonzero(np.arange(AGENCIES) % 3 != 1)
"""Two of three agencies."""
OTHERS = np.flatnonzero(np.arange(AGENCIES) % 3 == 1)
OF_AREAS = ("people", "routine", "use", "relevance")


def random(seed=1):
    return np.random.Generator(np.random.Philox(seed))


def made_up(shape=(AGENCIES, AREAS), *, seed=1, low=0.0, high=1.0):
    """States between `low` and `high`."""
    return low + (high - low) * random(seed).random(shape)


def state_of(n=AGENCIES, areas=AREAS, **known):
    """A state of n agencies, made up but for what is given (a number stands for all)."""
    shapes = {name: (n, areas) if name in OF_AREAS else (n,) for name in State._fields}
    made = {name: made_up(shape, seed=2 + seed) for seed, (name, shape) in enumerate(shapes.items())}
    return State(**{name: np.full(shapes[name], known[name]) if name in known else made[name] for name in made})


def visit(read, state, *, rows=None, numbers=None, noise=0.0, values=VALUES, month=5, months=60, readings=None):
    """Let an instrument read; the readings."""
    n, areas = state.people.shape
    rows = np.arange(n) if rows is None else rows
    readings = Readings.none(n, areas) if readings is None else readings
    numbers = np.full((len(rows), 2 * areas + 2), 0.3) if numbers is None else numbers
    read(Round(rows, numbers, state, np.broadcast_to(noise, len(rows)), values, month, months, readings))
    return readings


def normals(numbers):
    """Normal deviates of the pairs of numbers (Box and Muller), (n, numbers)."""
    radius = np.sqrt(-2.0 * np.log(1.0 - numbers[:, 0::2]))
    angle = 2.0 * np.pi * numbers[:, 1::2]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2).reshape(numbers.shape)


def written(readings):
    """Names of the columns that hold something."""
    empty = Readings.none(*readings.skill.shape)
    return {
        name
        for name in Readings.__dataclass_fields__
        if not np.array_equal(getattr(readings, name), getattr(empty, name), equal_nan=True)
    }
