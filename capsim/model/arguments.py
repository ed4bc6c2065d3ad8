"""Arguments of CapacityModel: what Mesa users and tools that vary keyword arguments pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from capsim.errors import InputError, nearest_name
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario

__all__ = ["overrides_from", "seed_from"]


def seed_from(seed: int | None, rng: Any) -> int:
    """Seed of a run; fresh without anything.

    Raises
    ------
    InputError
        If both are given, or one that is no seed.
    """
    if seed is not None and rng is not None:
        raise InputError("give seed or rng, not both")
    given = seed if seed is not None else rng
    if isinstance(given, bool) or (seed is not None and not isinstance(seed, int | np.integer)):
        raise InputError(f"seed must be a whole number, got {given!r}")
    if isinstance(given, int | np.integer):
        if given < 0:
            raise InputError(f"a seed must not be negative, got {given}")
        return int(given)
    try:
        return int(np.random.default_rng(given).integers(2**63 - 1))
    except (TypeError, ValueError) as error:
        raise InputError(f"rng must be a whole number or a numpy Generator, got {given!r}") from error


def overrides_from(
    specification: Scenario, *given: Mapping[str, Any] | None, arguments: tuple[str, ...]
) -> dict[str, Any]:
    """Parameters of the scenario with those that were given over them.

    Parameters
    ----------
    specification : Scenario
    *given : mapping of str to float, or None
    arguments : tuple of str
        Other keyword arguments of the model, in case one was misspelt.

    Raises
    ------
    InputError
        For names that do not exist, and those that are given twice.
    """
    overrides: dict[str, Any] = {}
    problems = []
    for name, value in [item for mapping in given for item in (mapping or {}).items()]:
        if name not in PARAMETERS:
            nearest = nearest_name(name, (*arguments, *PARAMETERS))
            problems.append(f"{name}: no such argument or parameter{nearest}")
        elif name in overrides:
            problems.append(f"{name}: given twice, in parameters and as an argument")
        overrides[name] = value.item() if isinstance(value, np.generic) else value
    if problems:
        raise InputError(problems)
    return {**specification.parameters, **overrides}
