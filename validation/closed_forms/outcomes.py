"""Closed forms of outcomes that are linked to use, and of areas whose records multiply a rate or a lag."""

from __future__ import annotations

import math

import numpy as np

from capsim.scenario.own import Area
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_MONTHS = 60
_USE = (0.5, 0.7)
_HOURS = 0.5


def _linked(seed: int, **parameters: float) -> Laboratory:
    """Two districts of three in which use stands still, the poorer one at a disadvantage of 1/2."""
    laboratory = Laboratory(
        "linked outcomes",
        seed=seed,
        agencies=2,
        positions=3,
        processes=("outcomes",),
        parameters=parameters,
        links={"teacher_equity": ("area 0",), "materials": ("area 1",), "achievement_gap": ()},
    )
    laboratory.world.use[:] = _USE
    laboratory.world.layout.disadvantage[:] = (0.5, -0.5)
    return laboratory


def _approach(start: float, goal: float, kept: float) -> float:
    """Where something ends that keeps a share of its distance every month."""
    return goal + (start - goal) * kept**_MONTHS


def _lagging_rows(seed: int) -> list[ClosedForm]:
    """At constant use teachers and achievement approach their level geometrically."""
    laboratory = _linked(seed)
    world, values = laboratory.world, laboratory.values
    world.first_year_teachers[:], world.achievement[:] = 0.1, 0.3
    laboratory.advance(_MONTHS)
    above = [(use - values["usual_use"]) / (1.0 - values["usual_use"]) for use in (_USE[0], sum(_USE) / 2)]
    rows = []
    for j, tilt in enumerate((0.5, -0.5)):
        teachers = values["first_year_teachers"] + values["teacher_gap_start"] * tilt * (
            1.0 - values["teacher_link"] * above[0]
        )
        achievement = values["achievement_link"] * above[1] - values["achievement_gap_start"] * tilt
        for what, start, goal, lag, found in (
            ("first-year teachers", 0.1, teachers, values["teacher_lag_months"], world.first_year_teachers[j]),
            ("achievement", 0.3, achievement, values["achievement_lag_months"], world.achievement[j]),
        ):
            rows.append(
                _row("linked outcomes", f"{what}, disadvantage {tilt:g}", _approach(start, goal, 1 - 1 / lag), found)
            )
    return rows


def _materials_rows(seed: int) -> list[ClosedForm]:
    """With so many hours of help every month materials approach a level between start and top, without help the start."""
    rows = []
    for hours in (_HOURS, 0.0):
        laboratory = _linked(seed)
        world, values = laboratory.world, laboratory.values
        world.practice[:] = hours
        world.backing[:], world.materials[:] = 3.0 * hours, 0.5
        laboratory.advance(_MONTHS)
        support = 1.0 - math.exp(-3.0 * hours / values["materials_hours"])
        rise = values["materials_rate"] * support * _USE[1]
        fall = (1.0 - (1.0 - values["materials_annual_loss"]) ** (1.0 / 12.0)) * (1.0 - support)
        goal = (rise * values["materials_top"] + fall * values["materials_start"]) / (rise + fall)
        expected = _approach(0.5, goal, 1.0 - rise - fall)
        rows.append(_row("linked outcomes", f"materials, {hours:g} hours a month", expected, world.materials[0]))
    return rows


def _record_rows(seed: int) -> list[ClosedForm]:
    """Skill that nobody practises is lost at the rate of its area, and use of what nobody can do at its lag."""
    areas = (Area(name="forgotten", disuse_rate=0.03), Area(name="slow", months_to_use=36.0))
    laboratory = Laboratory(
        "records of areas",
        seed=seed,
        agencies=1,
        positions=3,
        processes=("experience", "implementation"),
        parameters={"experience_rate": 0.0, "disuse_rate": 0.08, "implementation_lag_months": 18.0},
        rules={"disuse": "attention", "ending": "none"},
        areas=areas,
    )
    world = laboratory.without_ties()
    world.attention[:], world.skill[:], world.use[:], world.routine[:] = 0.0, 0.6, 0.5, 0.0
    laboratory.advance(_MONTHS)
    rows = []
    for k, (disuse, lag) in enumerate(((0.03 / 0.06 * 0.08, 18.0), (0.08, 36.0 / 12.0 * 18.0))):
        skill, use = 0.6 * (1.0 - disuse) ** _MONTHS, 0.5 * math.exp(-_MONTHS / lag)
        rows.append(_row("records of areas", f"skill without practice, area {k}", skill, world.skill[0, k]))
        rows.append(_row("records of areas", f"use of what nobody can do, area {k}", use, world.use[0, k]))
    return rows


def _row(name: str, statistic: str, expected: float, observed: float | np.floating) -> ClosedForm:
    return ClosedForm(name=name, statistic=statistic, expected=expected, observed=float(observed), tolerance=EXACT)


def outcome_forms(seed: int) -> list[ClosedForm]:
    """Rows for linked outcomes and for records of areas."""
    return [*_lagging_rows(seed), *_materials_rows(seed), *_record_rows(seed)]
