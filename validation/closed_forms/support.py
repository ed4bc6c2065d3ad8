"""Closed forms of support from above: what held support does to routines and skill, and the index of a still state."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.units import annual_to_monthly_survival
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_HELD = (0.0, 0.5, 1.0, 2.0, 4.0)
_MONTHS = 60
_RULES = {"expertise": "fixed", "disuse": "none"}


def _laboratory(seed: int, process: str, **parameters: float) -> Laboratory:
    """A district for each value of support that is held; everybody attends to one area of two."""
    laboratory = Laboratory(
        f"support {process}",
        seed=seed,
        agencies=len(_HELD),
        positions=4,
        processes=(process,),
        parameters={"support_weight": 1.0, "bench_people": 0.0, **parameters},
        rules=_RULES,
    )
    world = laboratory.world
    world.support[:] = np.array(_HELD)[:, np.newaxis]
    world.attention[:] = (1.0, 0.0)
    world.priority[:] = (1.0, 0.0)
    world.culture.fill(0.5)
    return laboratory


def _effect(kappa: float, support: float) -> float:
    return (1.0 + kappa) * support / (kappa + support)


def _row(name: str, statistic: str, expected: float, observed: float) -> ClosedForm:
    return ClosedForm(name=name, statistic=statistic, expected=expected, observed=observed, tolerance=EXACT)


def _routine_rows(seed: int) -> list[ClosedForm]:
    """What is written down under held support, over what is at the usual one, is ``1 - g + g f(S)`` at any time."""
    laboratory = _laboratory(seed, "codification", unenacted_annual_retention=1.0)
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.6)
    world.routine.fill(0.2)
    laboratory.advance(_MONTHS)
    left = 0.2 * annual_to_monthly_survival(values["routine_annual_retention"]) ** _MONTHS
    gained = world.routine[:, 0] - left
    share, kappa = values["support_routine"], values["support_saturation"]
    return [
        _row(
            "support of routines",
            f"written down at support {held:g} over that at 1, after {_MONTHS} months",
            1.0 - share + share * _effect(kappa, held),
            float(gained[j] / gained[_HELD.index(1.0)]),
        )
        for j, held in enumerate(_HELD)
    ]


def _skill_rows(seed: int) -> list[ClosedForm]:
    """Skill approaches a ceiling that held support moves by ``c (f(S) - 1)``."""
    laboratory = _laboratory(seed, "experience", reporting_hours=0.0)
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.2)
    laboratory.advance(_MONTHS)
    usual = values["expertise_floor"] + values["expertise_gain"] / 1.25
    kept = (1.0 - values["experience_rate"]) ** _MONTHS
    rows = []
    for j, held in enumerate(_HELD):
        ceiling = usual + values["support_ceiling"] * (_effect(values["support_saturation"], held) - 1.0)
        expected = ceiling + (0.2 - ceiling) * kept
        statistic = f"skill at support {held:g} after {_MONTHS} months"
        rows.append(_row("support of skill", statistic, expected, float(world.skill[4 * j, 0])))
    return rows


_STATE = {"plan": (0.7, 0.3), "skill": (0.6, 0.5), "enacted": (0.4, 0.2)}
_OF_STATE, _OF_DISTRICTS = (0.8, 0.2), (0.5, 0.5)


def _state(seed: int, weight: float) -> Laboratory:
    """A still state agency of five, of whom one position is vacant and one spends 30 hours on assistance, above three
    districts.
    """
    laboratory = Laboratory(
        "support of a state",
        seed=seed,
        agencies=3,
        positions=4,
        processes=("support",),
        parameters={"support_weight": weight},
        state_positions=5,
    )
    world = laboratory.world
    world.attention.fill(0.5)
    for name, values in _STATE.items():
        getattr(world, name)[: 5 if name == "skill" else 1] = values
    world.priority[:5], world.priority[5:] = _OF_STATE, _OF_DISTRICTS
    world.plan[1:], world.data_systems[:] = (0.5, 0.5), (0.9, 0.4, 0.4, 0.4)
    world.person[4], world.committed[0], world.recipient_hours[0] = -1, 0.5, 30.0
    for column in (world.priority, world.attention, world.skill):
        column[4] = 0.0
    return laboratory


def _index(laboratory: Laboratory) -> tuple[float, float, NDArray[np.float64]]:
    """Free time relative to the usual, alignment, and the index by area."""
    values = laboratory.values
    hours = values["work_hours_per_month"]
    time = (4 * 0.5 * hours - 30.0) / (5 * hours * 0.96 * 0.6)
    alignment = 1.0 - 0.5 * sum(abs(a - b) for a, b in zip(_OF_STATE, _OF_DISTRICTS, strict=True))
    quality = np.array(_STATE["skill"]) * np.array(_STATE["enacted"]) / values["support_quality_reference"]
    index = time * alignment / values["support_alignment_reference"] * 2.0 * np.array(_STATE["plan"]) * quality
    return time, alignment, index


def _index_rows(seed: int) -> list[ClosedForm]:
    """The index, the pull of the plan and better data systems, of a state agency that stands still."""
    laboratory = _state(seed, 1.0)
    world, values = laboratory.world, laboratory.values
    time, alignment, index = _index(laboratory)
    laboratory.advance(_MONTHS)
    factors = (world.support_time, world.support_plan, world.support_alignment, world.support_quality)
    followed = math.exp(-values["support_plan_rate"] * time * _MONTHS)
    risen = math.exp(-values["support_data_rate"] * time * alignment * _MONTHS)
    return [
        *(_row("support", f"index in area {k}", float(index[k]), float(world.support[1, k])) for k in range(2)),
        _row("support", "product of the four factors", float(index.mean()), math.prod(float(f[2]) for f in factors)),
        _row("support", f"plan after {_MONTHS} months", 0.7 - 0.2 * followed, float(world.plan[3, 0])),
        _row("support", f"data systems after {_MONTHS} months", 0.9 - 0.5 * risen, float(world.data_systems[1])),
    ]


def _nothing_rows(seed: int) -> list[ClosedForm]:
    """At weight 0 nothing moves."""
    laboratory = _state(seed, 0.0)
    before = laboratory.world.copy()
    laboratory.advance(_MONTHS)
    moved = max(
        float(np.abs(column.astype(float) - getattr(before, name)).max())
        for name, column in laboratory.world.columns()
        if not name.startswith("pool.")
    )
    return [_row("support", "largest change of any state at weight 0", 0.0, moved)]


def support_forms(seed: int) -> list[ClosedForm]:
    """Rows for what support does and what it is."""
    return [*_routine_rows(seed), *_skill_rows(seed), *_index_rows(seed), *_nothing_rows(seed)]
