"""What a process of the month is, and the block of random numbers it receives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import Values
from capsim.streams.keys import key_from_name
from capsim.streams.philox import fill_uniform, fill_uniform_where
from capsim.world import World

__all__ = ["Draws", "Numbers", "Process", "Steps", "Stream"]

_WORD = 2**64
_WORLD_IDENTITY = np.zeros(1, np.uint64)


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


@dataclass(slots=True)
class Numbers:
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
    """

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    draws: Draws
    apply: Callable[[World, Numbers, Values], None]


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
        self._position = (layout.position_identity, layout.position_row)
        self._organization = (layout.identity, np.full(layout.n_organizations, _WORD - 1, np.uint64))
        self._world = (_WORLD_IDENTITY, np.full(1, _WORD - 2, np.uint64))
        self._key = np.uint64(run_key % _WORD)
        self._purpose = np.uint64(key_from_name(process.name))
        self._vacancies_only = draws.vacancies_only
        self._of = world

    def fill(self, month: int) -> Numbers:
        """Numbers of the given month."""
        when, numbers = np.uint64(month), self.numbers
        if self._vacancies_only:
            fill_uniform_where(self._of.person < 0, numbers.position, self._key, self._purpose, *self._position, when)
        elif numbers.position.size:
            fill_uniform(numbers.position, self._key, self._purpose, *self._position, when)
        if numbers.organization.size:
            fill_uniform(numbers.organization, self._key, self._purpose, *self._organization, when)
        if numbers.world.size:
            fill_uniform(numbers.world, self._key, self._purpose, *self._world, when)
        return numbers


class Steps:
    """The processes of a month bound to one world and run key: what `advance` needs, opened once.

    Parameters
    ----------
    processes : sequence of Process
        In the order of the month.
    world : World
    run_key : int
        64-bit key of the run; never contains the strategy.
    """

    def __init__(self, processes: Sequence[Process], world: World, run_key: int) -> None:
        self._steps = [(process.apply, Stream(process, world, run_key)) for process in processes]

    def advance(self, world: World, values: Values) -> None:
        """Let one month pass; `world` changes in place."""
        for apply, stream in self._steps:
            apply(world, stream.fill(world.month), values)
        world.month += 1
