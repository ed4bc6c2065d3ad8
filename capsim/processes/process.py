"""What a process of the month is, and the block of random numbers it receives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError, nearest_name
from capsim.kernels import kernel
from capsim.numbers import listed, shown, whole_number
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.streams.keys import key_from_name
from capsim.streams.squares import fill_row, fill_rows, first_counter, stream_key
from capsim.world import World
from capsim.world.state import LAYOUT_COLUMNS, WORLD_COLUMNS

WORD = 2**64
MOST_NUMBERS = 10_000
"""Uniform numbers that a process may ask for in each row."""
_NAMED = {*WORLD_COLUMNS, *LAYOUT_COLUMNS, "pool", "bank", "month"}
"""What a process may say that it reads or writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """How many uniform numbers a process needs each month; the count never depends on the state.

    Parameters
    ----------
    position, organization : int
        Numbers per position, per organization.
    area : int
        Further numbers per organization for each focal area.
    world : int
        Numbers for the world as a whole.
    vacancies_only : bool
        Rows of filled positions are not made, because the process looks at vacancies alone. No number changes by it:
        each has an address of its own.
    """

    position: int = 0
    organization: int = 0
    area: int = 0
    world: int = 0
    vacancies_only: bool = False

    def __post_init__(self) -> None:
        for name in ("position", "organization", "area", "world"):
            number = whole_number(f"draws: {name}", getattr(self, name), most=MOST_NUMBERS)
            object.__setattr__(self, name, number)


class Numbers(NamedTuple):
    """Uniform numbers in [0, 1) of one process in one month.

    Attributes
    ----------
    position : (P, position) float64
    organization : (O, organization + K * area) float64
        First the numbers per organization, then those per area.
    world : (1, world) float64
    """

    position: NDArray[np.float64]
    organization: NDArray[np.float64]
    world: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Process:
    """One step of the month.

    Parameters
    ----------
    name : str
        Also the name of its random stream.
    reads, writes : tuple of str
        Columns of `World` that it reads and changes.
    draws : Draws
        The random numbers it needs.
    apply : callable
        ``apply(world, numbers, values)`` changes the world in place.
    kernel : callable, optional
        Of a process of the package: the same, compiled, as ``kernel(w, p, numbers)``.
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    draws: Draws
    apply: Callable[[World, Numbers, Values], None]
    kernel: Callable[..., None] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise InputError(f"process: name must be text, got {shown(self.name)}")
        if not isinstance(self.draws, Draws) or not callable(self.apply):
            what, got = ("apply", self.apply) if isinstance(self.draws, Draws) else ("draws", self.draws)
            wanted = "a function apply(world, numbers, values)" if what == "apply" else "a capsim.Draws"
            raise InputError(f"process {self.name!r}: {what} must be {wanted}, got {shown(got)}")
        for what in ("reads", "writes"):
            names = listed(f"process {self.name!r}: {what}", getattr(self, what))
            for name in names:
                if name not in _NAMED:
                    raise InputError(
                        f"process {self.name!r}: {what}: no column {shown(name)}{nearest_name(name, _NAMED)}"
                    )
            object.__setattr__(self, what, names)


def built_in(name: str, kernel: Callable[..., None], *, reads: str, writes: str, draws: Draws) -> Process:
    """A process of the package: a kernel that takes ``(w, p, numbers)``, and its columns as words."""

    def apply(world: World, numbers: Numbers, values: Values) -> None:
        kernel(world.arrays, constants(values), numbers)

    return Process(name, tuple(reads.split()), tuple(writes.split()), draws, apply, kernel)


_LAST, _SECOND_LAST = np.uint64(WORD - 1), np.uint64(WORD - 2)


@kernel
def fill_numbers(w, numbers, vacancies_only, run_key, purpose, month):
    """Fill the numbers of a process for a month: a pure function of run, process, row and month."""
    identity, row, person = w.position_identity, w.position_row, w.person
    position, organization = numbers.position, numbers.organization
    key = np.uint64(stream_key(run_key, purpose, month))  # to plain Python a kernel gives back an int
    for i in range(len(position) if vacancies_only else 0):
        if person[i] < 0:
            fill_row(position[i], key, np.uint64(first_counter(identity[i], row[i])))
    if not vacancies_only:
        fill_rows(position, key, identity, row)
    if organization.size > 0:
        fill_rows(organization, key, w.identity, np.full(len(organization), _LAST))
    fill_row(numbers.world[0], key, np.uint64(first_counter(np.uint64(0), _SECOND_LAST)))


class Stream:
    """The random numbers of one process in one run; opened once, refilled every month.

    Parameters
    ----------
    process : Process
    world : World
        For the number of rows and their identities.
    run_key : int
        64-bit key of the run; never contains the strategy.
    """

    def __init__(self, process: Process, world: World, run_key: int) -> None:
        layout, draws = world.layout, process.draws
        self.numbers = Numbers(
            position=np.zeros((layout.n_positions if draws.position else 0, draws.position)),
            organization=np.empty((layout.n_organizations, draws.organization + draws.area * layout.n_areas)),
            world=np.empty((1, draws.world)),
        )
        self._key, self._purpose = np.uint64(run_key % WORD), np.uint64(key_from_name(process.name))
        self._vacancies_only, self._world = draws.vacancies_only, world
        self._none = not any(column.size for column in self.numbers)

    def fill(self, month: int) -> Numbers:
        """Numbers of the given month."""
        if self._none:
            return self.numbers
        fill_numbers(self._world.arrays, self.numbers, self._vacancies_only, self._key, self._purpose, np.uint64(month))
        return self.numbers
