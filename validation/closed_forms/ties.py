"""Closed forms of ties that neither form nor change strength: survival is geometric.

A tie of strength x lapses each month with chance ``q (1 + slope (1/2 - x))``, ``q = 1 - survival^(1/12)``; a
returned one with that times the factor for returned ties, while the other direction lasts.
"""

from __future__ import annotations

import math

import numpy as np

from capsim.units import annual_to_monthly_survival
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import STANDARD_ERRORS, ClosedForm

_AGENCIES, _POSITIONS = 500, 10
_STILL = {"tie_use_gain": 0.0, "tie_fade": 0.0, "proposal_chance": 0.0, "liaison_chance": 0.0}


def _laboratory(purpose: str, seed: int) -> Laboratory:
    laboratory = Laboratory(
        purpose, seed=seed, agencies=_AGENCIES, positions=_POSITIONS, processes=("ties",), parameters=_STILL
    )
    laboratory.without_ties()
    return laboratory


def _neighbour(step: int) -> np.ndarray:
    """Position `step` further around the agency of each position."""
    row = np.arange(_AGENCIES * _POSITIONS)
    return np.asarray(row - row % _POSITIONS + (row + step) % _POSITIONS)


def _monthly_lapse(laboratory: Laboratory, strength: float) -> float:
    values = laboratory.values
    lapse = 1.0 - annual_to_monthly_survival(values["tie_annual_survival"])
    return lapse * max(0.0, 1.0 + values["strength_lapse_slope"] * (0.5 - strength))


def _survivors(statistic: str, expected: float, left: np.ndarray) -> ClosedForm:
    return ClosedForm(
        name="tie survival is geometric",
        statistic=statistic,
        expected=expected,
        observed=float(left.mean()),
        tolerance=STANDARD_ERRORS * math.sqrt(expected * (1.0 - expected) / left.size),
    )


def _one_way(seed: int, strength: float) -> list[ClosedForm]:
    """Three ties from everybody, none returned, so that the ties of a person also share their number."""
    laboratory = _laboratory(f"ties of strength {strength}", seed)
    world = laboratory.world
    for slot in range(3):
        world.tie_to[:, slot] = _neighbour(slot + 1)
        world.tie_strength[:, slot] = strength
    monthly = 1.0 - _monthly_lapse(laboratory, strength)
    rows = []
    for months in (12, 36):
        laboratory.advance(months - world.month)
        left = world.tie_to[:, :3] >= 0
        rows.append(_survivors(f"share left after {months} months, strength {strength}", monthly**months, left))
    return rows


def _returned(seed: int) -> ClosedForm:
    """Pairs of returned ties after 12 months: both directions are left while neither has lapsed."""
    laboratory = _laboratory("returned ties", seed)
    world = laboratory.world
    row = np.arange(_AGENCIES * _POSITIONS)
    world.tie_to[:, 0] = row ^ 1
    world.tie_strength[:, 0] = 0.5
    stays = 1.0 - _monthly_lapse(laboratory, 0.5) * laboratory.values["returned_lapse_factor"]
    laboratory.advance(12)
    both = (world.tie_to[::2, 0] >= 0) & (world.tie_to[1::2, 0] >= 0)
    return _survivors("share of pairs still returned after 12 months", stays**24, both)


def tie_forms(seed: int) -> list[ClosedForm]:
    """Rows for the survival of ties."""
    return [*_one_way(seed, 0.5), *_one_way(seed, 0.9), _returned(seed)]
