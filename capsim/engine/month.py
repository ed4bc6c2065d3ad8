"""The ordered table of the month. The order of events is part of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from capsim.catalogue import PROCESS_NAMES
from capsim.errors import InputError, nearest_name
from capsim.processes.process import Process
from capsim.processes.steps import ASSISTANCE, BUILT_IN


@dataclass(frozen=True, slots=True)
class PersonRule:
    """A rule written for one person, ``rule(staff)``, run over ``model.agents`` by `CapacityModel`.

    Slow (about 5 microseconds per person and month) and readable; meant for teaching and for trying ideas.
    """

    name: str
    rule: Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Month:
    """An ordered table of processes; every method returns a new one.

    Parameters
    ----------
    steps : tuple of Process or PersonRule
    """

    steps: tuple[Process | PersonRule, ...]

    def __iter__(self) -> Iterator[Process | PersonRule]:
        return iter(self.steps)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the steps in order."""
        return tuple(step.name for step in self.steps)

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise InputError(
                f"month: no process {name!r}; there are {', '.join(self.names)}{nearest_name(name, self.names)}"
            )
        return self.names.index(name)

    def _with(self, steps: tuple[Process | PersonRule, ...]) -> Month:
        names = [step.name for step in steps]
        for name in names:
            if names.count(name) > 1:
                raise InputError(
                    f"month: two processes are named {name!r}; the name is also the name of the random stream"
                )
        if any(step.name == ASSISTANCE.name and step is not ASSISTANCE for step in steps):
            raise InputError(
                "month: assistance is the place of the strategy; write a capsim.Strategy instead of a process"
            )
        return Month(steps)

    def replace(self, name: str, process: Process | Callable[[Any], None]) -> Month:
        """Put another process in the place of `name`; a plain function of one person becomes a `PersonRule`."""
        at = self._index(name)
        return self._with((*self.steps[:at], _as_step(name, process), *self.steps[at + 1 :]))

    def without(self, *names: str) -> Month:
        """Leave processes out."""
        for name in names:
            self._index(name)
        return Month(tuple(step for step in self.steps if step.name not in names))

    def after(self, name: str, process: Process | Callable[[Any], None]) -> Month:
        """Insert a process after `name`."""
        at = self._index(name) + 1
        return self._with((*self.steps[:at], _as_step(None, process), *self.steps[at:]))

    def before(self, name: str, process: Process | Callable[[Any], None]) -> Month:
        """Insert a process before `name`."""
        at = self._index(name)
        return self._with((*self.steps[:at], _as_step(None, process), *self.steps[at:]))


def _as_step(name: str | None, process: Process | PersonRule | Callable[[Any], None]) -> Process | PersonRule:
    if isinstance(process, Process | PersonRule):
        return process
    if not callable(process):
        raise InputError(f"month: a process must be a capsim.Process or a function of one person, got {process!r}")
    return PersonRule(name or process.__name__, process)


MONTH = Month(BUILT_IN)
"""One month, in this order; records are taken at its end."""

assert MONTH.names == PROCESS_NAMES
