"""Closed forms of obsolescence: what reforms make outdated, and how fast people alone catch up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.units import annual_to_monthly_survival
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm, largest_deviation

_MONTHS = 60
_RUNS, _AREAS = 100, 5
_NEVER = 1e-12
"""A yearly chance at which obsolescence goes on, but no reform arrives."""


def _laboratory(seed: int, purpose: str, areas: int, **parameters: float) -> Laboratory:
    """Two districts of three in which nobody leaves, learns or attends to anything unless told so."""
    return Laboratory(
        f"obsolescence {purpose}",
        seed=seed,
        agencies=2,
        positions=3,
        processes=("obsolescence",),
        parameters=parameters,
        areas=areas,
    )


def _reform_rows(seed: int) -> list[ClosedForm]:
    """Nobody catches up: the expected outdated share after T months is ``1 - (1 - c psi)^T``, in people and routines."""
    found: dict[str, list[NDArray[np.float64]]] = {"skill": [], "routine": []}
    for run in range(_RUNS):
        laboratory = _laboratory(seed, f"run {run}", _AREAS, reform_chance=0.4, unlearning_rate=0.0, renewal_rate=0.0)
        laboratory.advance(_MONTHS)
        found["skill"].append(laboratory.world.outdated[0].copy())
        found["routine"].append(laboratory.world.outdated_routine[1].copy())
    monthly = 1.0 - annual_to_monthly_survival(1.0 - 0.4)
    expected = 1.0 - (1.0 - monthly * laboratory.values["reform_share"]) ** _MONTHS
    return [
        largest_deviation(
            "obsolescence", f"outdated share of {what} by area", np.array(runs), np.full(_AREAS, expected)
        )
        for what, runs in found.items()
    ]


def _unlearning_rows(seed: int) -> list[ClosedForm]:
    """No reform arrives: people unlearn by ``1 - rate u (1 - o)`` a month, slower where a routine is inert."""
    rows = []
    for inert in (0.0, 0.75):
        laboratory = _laboratory(seed, "unlearning", 2, reform_chance=_NEVER, unlearning_rate=0.05, renewal_rate=0.0)
        world = laboratory.world
        world.outdated.fill(0.8)
        world.outdated_routine.fill(inert)
        world.attention[:] = (0.6, 0.0)
        laboratory.advance(_MONTHS)
        for area, attention in enumerate((0.6, 0.0)):
            rows.append(
                ClosedForm(
                    name="unlearning",
                    statistic=f"outdated share, attention {attention:g}, routine outdated by {inert:g}",
                    expected=0.8 * (1.0 - 0.05 * attention * (1.0 - inert)) ** _MONTHS,
                    observed=float(world.outdated[0, area]),
                    tolerance=EXACT,
                )
            )
    return rows


def _renewal_rows(seed: int) -> list[ClosedForm]:
    """No reform arrives: people of whom a constant share is current renew routines by ``1 - rate (1 - w)`` a month."""
    laboratory = _laboratory(seed, "renewal", 2, reform_chance=_NEVER, unlearning_rate=0.0, renewal_rate=0.1)
    world = laboratory.world
    world.outdated.fill(0.3)
    world.outdated_routine.fill(0.8)
    world.attention.fill(0.5)
    laboratory.advance(_MONTHS)
    return [
        ClosedForm(
            name="renewal",
            statistic="outdated share of a routine that people renew",
            expected=0.8 * (1.0 - 0.1 * 0.7) ** _MONTHS,
            observed=float(world.outdated_routine[0, 0]),
            tolerance=EXACT,
        )
    ]


def reform_forms(seed: int) -> list[ClosedForm]:
    """Rows for reforms, unlearning and renewal."""
    return [*_reform_rows(seed), *_unlearning_rows(seed), *_renewal_rows(seed)]
