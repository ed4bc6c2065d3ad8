"""Closed forms of learning, routines and use: geometric approach, exact to rounding.

A rule ``x += a (b - x)`` with constant a and b gives ``x_t = b + (x_0 - b) (1 - a)^t``. Each row holds a and
b still by removing what moves them, in the form of each rule in which they can be held still.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import Values
from capsim.processes.terms import free_time
from capsim.units import annual_to_monthly_survival, rate_from_lag
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_MONTHS = 40
_CULTURE = 0.7
_CLIMATE = 0.5 + _CULTURE
_FORMS = {
    "codification": "gap",
    "enactment": "positions",
    "participation": "alike",
    "disuse": "attention",
    "expertise": "fixed",
    "ending": "leader_exit",
}


def _laboratory(seed: int, *processes: str, **parameters: float) -> Laboratory:
    """Three districts of six; priorities .6, .4 and 0, so that one area gets no attention."""
    laboratory = Laboratory(
        " ".join(processes),
        seed=seed,
        agencies=3,
        positions=6,
        processes=processes,
        parameters=parameters,
        areas=3,
        rules=_FORMS,
    )
    world = laboratory.without_ties()
    world.culture.fill(_CULTURE)
    world.priority[:] = (0.6, 0.4, 0.0)
    return laboratory


def _attention(values: Values) -> NDArray[np.float64]:
    return np.asarray(1.0 - np.exp(-values["attention_sharpness"] * 3 * np.array([0.6, 0.4, 0.0])))


def _approach(start: float, goal: float, rate: float) -> float:
    return goal + (start - goal) * (1.0 - rate) ** _MONTHS


def _row(name: str, statistic: str, expected: float, observed: NDArray[np.float64]) -> ClosedForm:
    """Row on the value that is farthest from its expectation."""
    worst = float(observed.flat[int(np.abs(observed - expected).argmax())])
    return ClosedForm(
        name=name,
        statistic=f"{statistic} after {_MONTHS} months",
        expected=expected,
        observed=worst,
        tolerance=EXACT,
    )


def _socialization(seed: int) -> list[ClosedForm]:
    """Newcomers and staff of long standing approach routines of .8 from a skill of .2, at their own rates."""
    rows = []
    for tenure, parameter in ((0, "onboarding_rate"), (100, "socialization_rate")):
        laboratory = _laboratory(seed, "attention", "socialization")
        world, values = laboratory.world, laboratory.values
        world.tenure.fill(tenure)
        world.skill.fill(0.2)
        world.routine.fill(0.8)
        laboratory.advance(_MONTHS)
        for k, attention in enumerate(_attention(values).tolist()):
            expected = _approach(0.2, 0.8, values[parameter] * _CLIMATE * attention)
            rows.append(
                _row(
                    "socialization",
                    f"skill at {parameter}, attention {attention:.2f},",
                    expected,
                    world.skill[:, k],
                )
            )
    return rows


def _experience(seed: int) -> list[ClosedForm]:
    """Disuse alone where there is no attention; else the balance of learning and forgetting."""
    parameters: Mapping[str, float] = {"expertise_floor": 0.4, "expertise_gain": 0.5}
    laboratory = _laboratory(seed, "attention", "experience", **parameters)
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.1)
    world.skill[:, 2] = 0.9
    laboratory.advance(_MONTHS)
    forgotten = _approach(0.9, 0.0, values["disuse_rate"])
    rows = [_row("disuse", "skill without attention", forgotten, world.skill[:, 2])]
    for k, priority in enumerate((0.6, 0.4)):
        attention = float(_attention(values)[k])
        learning = values["experience_rate"] * attention
        rate = learning + values["disuse_rate"] * (1.0 - attention)
        ceiling = values["expertise_floor"] + values["expertise_gain"] * priority / (priority + 0.25)
        expected = _approach(0.1, learning * ceiling / rate, rate)
        rows.append(_row("experience and disuse", f"skill at attention {attention:.2f}", expected, world.skill[:, k]))
    return rows


def _codification(seed: int) -> list[ClosedForm]:
    """Routines fade by what is not enacted, and take up the codifiable part of skill."""
    laboratory = _laboratory(seed, "attention", "codification", codification_rate=0.0)
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.9)
    world.routine.fill(0.5)
    laboratory.advance(_MONTHS)
    lasting, unenacted = (
        1.0 - annual_to_monthly_survival(values[name])
        for name in ("routine_annual_retention", "unenacted_annual_retention")
    )
    rows = [
        _row(
            "forgetting of routines",
            f"routine enacted by {a:.2f}",
            _approach(0.5, 0.0, lasting + unenacted * (1.0 - a)),
            world.routine[:, k],
        )
        for k, a in enumerate(_attention(values).tolist())
    ]
    laboratory = _laboratory(
        seed, "attention", "codification", routine_annual_retention=1.0, unenacted_annual_retention=1.0
    )
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.9)
    world.routine.fill(0.1)
    laboratory.advance(_MONTHS)
    rate = values["codification_rate"] * _CLIMATE * float(_attention(values)[0])
    expected = _approach(0.1, values["codifiable_share"] * 0.9, rate)
    return [*rows, _row("codification", "routine without forgetting", expected, world.routine[:, 0])]


def _consultation(seed: int) -> list[ClosedForm]:
    """Staff consult a leader whose skill stays, their own or, at the discount, another's."""
    laboratory = _laboratory(seed, "attention", "consultation")
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.2)
    world.skill[::6] = 0.9
    world.tie_to[1::6, 2] = np.arange(0, 18, 6)
    world.tie_to[2::6, 2] = np.array([6, 12, 0])
    world.tie_strength[1::6, 2] = 0.5
    world.tie_strength[2::6, 2] = 0.5
    laboratory.advance(_MONTHS)
    free = free_time(0.0, 0.0, values["work_hours_per_month"])
    rate = values["consultation_rate"] * 0.5 * _CLIMATE * free * float(_attention(values)[0])
    inside, across = _approach(0.2, 0.9, rate), _approach(0.2, 0.9, rate * values["boundary_discount"])
    return [
        _row("consultation", "skill of who asks a colleague", inside, world.skill[1::6, 0]),
        _row("consultation", "skill of who asks in another agency", across, world.skill[2::6, 0]),
    ]


def _use(seed: int) -> ClosedForm:
    """Potential stands still where everything else is removed; use follows it with its lag."""
    laboratory = _laboratory(seed, "implementation", goal_weight=0.0, alignment_weight=0.0, access_weight=0.0)
    world, values = laboratory.world, laboratory.values
    world.skill.fill(0.6)
    world.routine.fill(0.6)
    world.use.fill(0.1)
    laboratory.advance(_MONTHS)
    expected = _approach(0.1, 0.6, rate_from_lag(values["implementation_lag_months"]))
    return _row("lag of use", "use at equal people and routines of .6", expected, world.use)


def learning_forms(seed: int) -> list[ClosedForm]:
    """Rows for socialization, experience, codification, consultation and use."""
    return [
        *_socialization(seed),
        *_experience(seed),
        *_codification(seed),
        *_consultation(seed),
        _use(seed),
    ]
