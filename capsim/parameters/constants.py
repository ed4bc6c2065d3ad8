"""Parameter values as kernels take them: one structure `p`, read as ``p.experience_rate``."""

from __future__ import annotations

from numba import float64

from capsim.catalogue.rules import RULES
from capsim.parameters.declaration import Values
from capsim.parameters.table import PARAMETERS
from capsim.structures import Structure, structure

_TYPE = structure("Parameters", dict.fromkeys((*PARAMETERS, *(rule.parameter for rule in RULES.values())), float64))


def constants(values: Values) -> Structure:
    """Structure of all values; made once a run."""
    return _TYPE.holding(dict(values))
