"""Closed form of tools: agencies that are ready, attend and see a better tool adopt it at a constant hazard."""

from __future__ import annotations

import math

from capsim.assistance.tools import Tools
from capsim.streams.keys import key_from
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, STANDARD_ERRORS, ClosedForm

_AGENCIES, _MONTHS = 4000, (6, 24)
_RATE, _LEVEL, _ROUTINE, _FIT = 0.05, 0.8, 0.3, 0.5


def tool_forms(seed: int) -> list[ClosedForm]:
    """The share of adopters after t months is ``1 - exp(-rate x t)``, x their exposure; each gains what fits."""
    rows = []
    for exposure in (1.0, 0.4):
        lab = Laboratory(
            "tools",
            seed=seed,
            agencies=_AGENCIES + 1,
            positions=2,
            processes=(),
            parameters={"tool_rate": _RATE, "tool_fit": _FIT, "readiness_reference": 1.0},
            areas=1,
        )
        world = lab.world
        for column, value in (("engagement", 1.0), ("culture", 1.0), ("data_systems", 1.0), ("attention", 1.0)):
            getattr(world, column).fill(value)
        world.routine.fill(_ROUTINE)
        tools = Tools(world, lab.values, key_from("closed forms", "tools", seed))
        tools.arrays["level"][0] = tools.arrays["maker"][0] = 0
        tools.arrays["level"][0] = _LEVEL
        for month in range(_MONTHS[-1]):
            tools.arrays["met"][:], tools.arrays["met_with"][:] = exposure, 0
            world.month = month
            tools.travel(world)
            if month + 1 in _MONTHS:
                expected = -math.expm1(-_RATE * exposure * (month + 1))
                error = math.sqrt(expected * (1.0 - expected) / _AGENCIES)
                rows.append(
                    ClosedForm(
                        name="adoption of tools",
                        statistic=f"share of {_AGENCIES} agencies after {month + 1} months, exposure {exposure:g}",
                        expected=expected,
                        observed=float((tools.arrays["level"][1:] > 0.0).mean()),
                        tolerance=STANDARD_ERRORS * error,
                    )
                )
        adopters = tools.arrays["level"][1:, 0] > 0.0
        gain = float(abs(world.routine[1:][adopters] - _ROUTINE - _FIT * (_LEVEL - _ROUTINE)).max())
        statistic = f"largest distance of an adopter's gain from fit (L - r), exposure {exposure:g}"
        rows.append(
            ClosedForm(name="adoption of tools", statistic=statistic, expected=0.0, observed=gain, tolerance=EXACT)
        )
    return rows
