"""Closed forms of the center: what many pieces leave of clarity, and what consultants learn on the job."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

import capsim
from capsim.catalogue import CenterStaff
from capsim.parameters import resolve_values
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_START, _HOURS, _AGENCIES = 0.3, 2.0, 2
_LANDS = {
    "motivation_center": 0.1,
    "provider_quality_sd": 0.0,
    "provider_scale": 0.0,
    "caseload_limit": 1e4,
    "participation_limit": 1.0,
    "work_hours_per_month": 744.0,
    "readiness_cap": 0.1,
    "coherence_gamma": 0.0,
}
"""Parameters under which the same small part of all help lands, whoever gives it."""


class _Training(capsim.Strategy):
    """Two hours of training in each of some areas for both agencies, every month."""

    name = "training"

    def __init__(self, areas: int) -> None:
        self.areas = areas

    def decide(
        self, view: capsim.View, month: int, budget: float, draws: NDArray[np.float64]
    ) -> Sequence[capsim.Delivery]:
        return [
            capsim.Delivery(activity="training", hours=_HOURS, areas=area, organizations=[0, 1])
            for area in range(self.areas)
        ]


def _exponents(
    seed: int, months: int, parameters: Mapping[str, float], *, areas: int = 1, living: bool = False
) -> list[float]:
    """What each month of training taught in the first area: the exponent of the share of the gap that is left."""
    strategy = _Training(areas)
    if living:
        strategy.center = CenterStaff(positions=(1,), annual_exit=0.0)
    laboratory = Laboratory(
        "center",
        seed=seed,
        agencies=_AGENCIES,
        positions=4,
        processes=("attention",),
        parameters={**_LANDS, **parameters},
        rules={"participation": "alike", "teaching": "one_ceiling"},
        strategy=strategy,
    )
    world = laboratory.without_ties()
    for column in (world.engagement, world.culture, world.data_systems):
        column.fill(1.0)
    world.outside_initiatives.fill(0)
    world.skill.fill(_START)
    found = []
    for _ in range(months):
        before = float(world.skill[0, 0])
        laboratory.advance(1)
        found.append(math.log((1.0 - before) / (1.0 - float(world.skill[0, 0]))))
    return found


def _row(name: str, statistic: str, expected: float, observed: float) -> ClosedForm:
    return ClosedForm(name=name, statistic=statistic, expected=expected, observed=observed, tolerance=EXACT)


def center_forms(seed: int) -> list[ClosedForm]:
    """Clarity is pieces to the minus weight; quality follows experience, which follows the hours that were given."""
    rows = []
    (alone,) = _exponents(seed, 1, {})
    for weight in (0.1, 0.4):
        given = {"offering_weight": weight, "offering_hours": 0.01}
        one, two = (_exponents(seed, 1, given, areas=areas)[0] / alone for areas in (1, 2))
        rows += [
            _row("offerings", f"clarity of one piece at weight {weight}", 1.0, one),
            _row("offerings", f"clarity of two pieces at weight {weight}", 2.0**-weight, two),
        ]
    given = {"center_learning_hours": 20.0, "onboarding_rate": 0.3, "center_experience_weight": 0.4}
    fixed, living = _exponents(seed, 6, {}), _exponents(seed, 6, given, living=True)
    usual = 1.0 - 0.4 * (1.0 - resolve_values({})["center_usual_experience"])
    for month in range(6):
        craft = 1.0 - math.exp(-_AGENCIES * _HOURS * month / 20.0)
        experience = (1.0 - 0.7**month) * (1.0 + craft) / 2.0  # consultant 0 knows the first area
        able = (1.0 - 0.4 * (1.0 - experience)) / usual
        rows.append(_row("living center", f"quality in month {month}", able, living[month] / fixed[month]))
    still = {"center_experience_weight": 0.0}
    rows.append(
        _row(
            "living center",
            "quality where experience does not count",
            1.0,
            _exponents(seed, 3, still, living=True)[2] / fixed[2],
        )
    )
    return rows
