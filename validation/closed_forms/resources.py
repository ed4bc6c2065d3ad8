"""Closed forms of money and positions that follow plans, and of what they do; exact to rounding."""

from __future__ import annotations

import numpy as np

from capsim.units import annual_to_monthly_survival
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_MONTHS = 40
_PLAN = np.array([0.6, 0.3, 0.1])
_FORMS = {"codification": "gap", "enactment": "positions", "participation": "alike"}


def _laboratory(seed: int, *processes: str, **parameters: float) -> Laboratory:
    """Three districts of six with one plan; the leaders' priorities are that plan."""
    laboratory = Laboratory(
        " ".join(processes),
        seed=seed,
        agencies=3,
        positions=6,
        processes=processes,
        parameters={"finance_rate": 0.08, "personnel_rate": 0.02, **parameters},
        areas=3,
        rules=_FORMS,
    )
    laboratory.without_ties().plan[:] = _PLAN
    return laboratory


def _row(name: str, statistic: str, expected: float, observed: float) -> ClosedForm:
    return ClosedForm(name=name, statistic=statistic, expected=expected, observed=observed, tolerance=EXACT)


def _following(seed: int) -> list[ClosedForm]:
    """``plan + (1/K - plan) (1 - rate a)^t`` with resources aligned a times as well as usual."""
    rows = []
    for aligned in (0.5, 1.5):
        laboratory = _laboratory(seed, "climate", resource_alignment_rate=0.0)
        world, values = laboratory.world, laboratory.values
        world.resource_alignment[:] = aligned * values["resource_alignment_base"]
        laboratory.advance(_MONTHS)
        for name, rate in (("finances", "finance_rate"), ("personnel", "personnel_rate")):
            left = (1.0 - values[rate] * aligned) ** _MONTHS
            for k, plan in enumerate(_PLAN.tolist()):
                expected = plan + (1.0 / 3.0 - plan) * left
                what = f"{name} of a planned {plan:.1f}, aligned {aligned:g} times as usual, after {_MONTHS} months"
                rows.append(_row("resources follow plans", what, expected, float(getattr(world, name)[0, k])))
    return rows


def _working(seed: int) -> list[ClosedForm]:
    """Attention as with priorities that are weighted by positions; the flow into routines as weighted by money."""
    laboratory = _laboratory(seed, "attention", "codification")
    world, values = laboratory.world, laboratory.values
    world.priority[:] = (0.6, 0.4, 0.0)
    world.culture.fill(0.5)
    world.skill.fill(0.9)
    world.routine.fill(0.1)
    world.personnel[:] = world.finances[:] = _PLAN
    laboratory.advance(1)
    rows = []
    for k, (priority, share) in enumerate(zip((0.6, 0.4), _PLAN.tolist(), strict=False)):
        time = 1.0 + values["personnel_weight"] * (3 * share - 1.0)
        attention = float(1.0 - np.exp(-values["attention_sharpness"] * 3 * priority * time))
        rows.append(
            _row("positions give time", f"attention at {share:g} of positions", attention, float(world.attention[0, k]))
        )
        money = 1.0 + values["finance_weight"] * (3 * share - 1.0)
        flow = values["codification_rate"] * attention * (values["codifiable_share"] * 0.9 - 0.1)
        lasting, unenacted = (
            1.0 - annual_to_monthly_survival(values[name])
            for name in ("routine_annual_retention", "unenacted_annual_retention")
        )
        expected = 0.1 + money * flow - (lasting + unenacted * (1.0 - attention)) * 0.1
        rows.append(
            _row("money builds routines", f"routine at {share:g} of money", expected, float(world.routine[0, k]))
        )
    return rows


def resource_forms(seed: int) -> list[ClosedForm]:
    """Rows for resources that follow plans, for time and for routines."""
    return [*_following(seed), *_working(seed)]
