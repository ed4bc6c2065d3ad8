"""Parameter values as kernels take them: one structure `p`, read as ``p.experience_rate``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import MappingProxyType
from typing import TypeVar

from numba import float64

from capsim.catalogue.rules import RULES
from capsim.parameters.declaration import Values
from capsim.parameters.table import PARAMETERS
from capsim.structures import Structure, structure

T = TypeVar("T")

_TYPE = structure("Parameters", dict.fromkeys((*PARAMETERS, *(rule.parameter for rule in RULES.values())), float64))


def once_for_values(make: Callable[[Values], T]) -> Callable[[Values], T]:
    """What a function makes of values, made once for those that it was asked about last: all runs of a block share
    theirs. It must be something that nobody changes.
    """
    last: list[tuple[Values, T]] = []

    @functools.wraps(make)
    def made(values: Values) -> T:
        if last and last[0][0] is values:
            return last[0][1]
        found = make(values)
        if isinstance(values, MappingProxyType):  # others may change
            last[:] = [(values, found)]
        return found

    return made


@once_for_values
def constants(values: Values) -> Structure:
    """Structure of all values."""
    return _TYPE.holding(dict(values))
