"""Closed forms of the variants of rules: routines as a stock, the bench, and what help teaches up to a ceiling."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import capsim
from capsim.catalogue import MEASURES
from capsim.measures.organizations import measure_organizations
from capsim.units import annual_to_monthly_survival
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import EXACT, ClosedForm

_MONTHS = 36
_PRIORITY = (0.6, 0.4, 0.0)
_LANDS = {
    "motivation_center": 0.1,
    "provider_quality_sd": 0.0,
    "provider_scale": 0.0,
    "caseload_limit": 1e4,
    "participation_limit": 1.0,
    "work_hours_per_month": 744.0,
    "readiness_cap": 1.0,
}
"""Parameters under which all of a little help lands."""


class _Training(capsim.Strategy):
    """Two hours of training in the first area, for both of two agencies, every month."""

    name = "training"

    def decide(
        self, view: capsim.View, month: int, budget: float, draws: NDArray[np.float64]
    ) -> Sequence[capsim.Delivery]:
        return [capsim.Delivery(activity="training", hours=[2.0, 2.0], areas=[0, 0], organizations=[0, 1])]


def _stock(seed: int, positions: int, months: int = _MONTHS, **parameters: float) -> Laboratory:
    """Two districts with the same people, who know more than their routines of .5 and .3 hold."""
    laboratory = Laboratory(
        "routine as a stock",
        seed=seed,
        agencies=2,
        positions=positions,
        processes=("attention", "codification"),
        parameters=parameters,
        areas=len(_PRIORITY),
        rules={"codification": "stock", "enactment": "workers"},
    )
    world = laboratory.without_ties()
    world.priority[:] = _PRIORITY
    world.skill.fill(0.9)
    world.culture.fill(0.6)
    world.routine[:] = np.array([[0.5], [0.3]])
    laboratory.advance(months)
    return laboratory


def _loss(laboratory: Laboratory, positions: int, area: int) -> float:
    """Monthly loss of a routine that so many enact: d0 + d1 exp(-enactors / n0)."""
    values = laboratory.values
    lasting, unenacted = (
        1.0 - annual_to_monthly_survival(values[name])
        for name in ("routine_annual_retention", "unenacted_annual_retention")
    )
    attention = 1.0 - math.exp(-values["attention_sharpness"] * len(_PRIORITY) * _PRIORITY[area])
    return lasting + unenacted * math.exp(-positions * attention / values["bench_people"])


def _stock_rows(seed: int) -> list[ClosedForm]:
    """A difference between agencies with the same people depreciates; nothing else closes it."""
    rows = []
    for positions in (1, 6):
        laboratory = _stock(seed, positions)
        for k in range(len(_PRIORITY)):
            gap = laboratory.world.routine[0, k] - laboratory.world.routine[1, k]
            expected = 0.2 * (1.0 - _loss(laboratory, positions, k)) ** _MONTHS
            rows.append(_row("routine as a stock", f"difference, {positions} positions, area {k}", expected, gap))
    laboratory = _stock(seed, 6, bench_people=1e-6)
    gap = laboratory.world.routine[0, 0] - laboratory.world.routine[1, 0]
    expected = 0.2 * laboratory.values["routine_annual_retention"] ** (_MONTHS / 12)
    rows.append(_row("routine as a stock", "difference where any number is enough: declared retention", expected, gap))
    for positions in (3, 12):
        laboratory = _stock(seed, positions, months=120)
        left = (laboratory.world.routine[0, 0] - laboratory.world.routine[1, 0]) / 0.2
        declared = laboratory.values["routine_annual_retention"] ** 10
        named = f"what is left of a difference at the default bench, {positions} positions: declared retention"
        rows.append(_row("routine as a stock", named, declared, left, 120, tolerance=0.02))
    return rows


def _bench_rows(seed: int) -> list[ClosedForm]:
    """Nothing is written down: n equal enactors keep up all but exp(-n / n0)."""
    rows = []
    for positions in (1, 2, 5):
        laboratory = _stock(seed, positions, codification_flow=0.0, bench_people=1.5)
        expected = 0.5 * (1.0 - _loss(laboratory, positions, 0)) ** _MONTHS
        rows.append(_row("bench", f"routine with {positions} enactors", expected, laboratory.world.routine[0, 0]))
    return rows


def _taught(seed: int, rules: dict[str, str], **parameters: float) -> Laboratory:
    """Two districts of four, who are trained and do nothing else; skills of .3 and .8, and all help lands."""
    laboratory = Laboratory(
        "training",
        seed=seed,
        agencies=2,
        positions=4,
        processes=("attention",),
        parameters={**_LANDS, **parameters},
        rules={"participation": "alike", **rules},
        strategy=_Training(),
    )
    world = laboratory.without_ties()
    for column in (world.engagement, world.culture, world.data_systems):
        column.fill(1.0)
    world.outside_initiatives.fill(0)
    world.skill[:4], world.skill[4:] = 0.3, 0.8
    return laboratory


def _units(laboratory: Laboratory) -> float:
    """Units of training for each of four participants a month."""
    return 2.0 / laboratory.values["training_ta_hours"] * laboratory.values["training_seats"] / 4.0


def _exponent(laboratory: Laboratory) -> float:
    return _units(laboratory) * laboratory.values["training_knowledge"] * laboratory.values["training_transfer"]


def _teaching_rows(seed: int) -> list[ClosedForm]:
    """To a ceiling, and no farther; repeats teach less, in a known proportion."""
    laboratory = _taught(seed, {"teaching": "by_activity"})
    laboratory.advance(12)
    ceiling, skill = laboratory.values["training_ceiling"], laboratory.world.skill
    expected = ceiling - (ceiling - 0.3) * math.exp(-12 * _exponent(laboratory))
    rows = [
        _row("training to a ceiling", "skill that was below it", expected, skill[0, 0], months=12),
        _row("training to a ceiling", "skill that was above it", 0.8, skill[4, 0], months=12),
    ]
    laboratory = _taught(seed, {"teaching": "repeats"})
    gains, left = [], 0.7
    for month in range(12):
        before = float(laboratory.world.skill[0, 0])
        laboratory.advance(1)
        gains.append(float(laboratory.world.skill[0, 0]) - before)
        had = month * _units(laboratory)
        left *= math.exp(-_exponent(laboratory) / (1.0 + had / laboratory.values["repeat_units"]))
    rows.append(_row("repeats", "skill", 1.0 - left, laboratory.world.skill[0, 0], months=12))
    more = sum(later > gains[0] for later in gains[1:])
    return [*rows, _row("repeats", "months that teach more than the first", 0.0, more, months=12)]


def _readiness_rows(seed: int) -> list[ClosedForm]:
    """More of any factor never makes an agency less ready, so that help teaches less."""
    rows = []
    for form in ("product", "minimum", "geometric_mean"):
        for factor in ("engagement", "culture", "data_systems"):
            gains = []
            for level in np.linspace(0.05, 1.0, 8):
                laboratory = _taught(seed, {"readiness": form}, motivation_center=0.6, readiness_cap=10.0)
                for name in ("engagement", "culture", "data_systems"):
                    getattr(laboratory.world, name).fill(level if name == factor else 0.6)
                laboratory.advance(1)
                gains.append(float(laboratory.world.skill[0, 0]) - 0.3)
            less = sum(more < one - EXACT for one, more in itertools.pairwise(gains))
            rows.append(_row("readiness", f"{form}: falls with {factor}", 0.0, less, months=1))
    return rows


def _prerequisite_rows(seed: int) -> list[ClosedForm]:
    """Help counts by the logistic around its prerequisite, over one reference that stays: never more for a harder one."""
    x, needs, logs = 0.3, np.linspace(0.0, 1.0, 9), []
    for level in needs.tolist():
        laboratory = _taught(
            seed, {"teaching": "one_ceiling"}, training_prerequisite=level, readiness_cap=10.0, motivation_center=0.9
        )
        laboratory.advance(1)
        logs.append(math.log((1.0 - x) / (1.0 - float(laboratory.world.skill[0, 0]))))
    slope = laboratory.values["prerequisite_slope"]
    logistic = 1.0 / (1.0 + np.exp(-slope * (x - needs)))
    off = np.asarray(logs) / logs[0] - logistic / logistic[0]
    rises = sum(harder > easier + EXACT for easier, harder in itertools.pairwise(logs))
    return [
        _row("prerequisite", "largest distance from the logistic", 0.0, float(np.abs(off).max()), months=1),
        _row("prerequisite", "times that a harder one taught more", 0.0, rises, months=1),
    ]


def _empty_rows(seed: int) -> list[ClosedForm]:
    """Hours without an effect, in an area on which people also practise, leave potential as it was."""
    laboratory = _taught(
        seed, {"participation": "work", "disuse": "hours", "enactment": "workers"}, training_knowledge=0.0
    )
    laboratory.world.priority[:] = (0.5, 0.5)
    laboratory.world.attention[:] = 0.9
    row = list(MEASURES).index("potential")
    before = measure_organizations(laboratory.world, laboratory.values)[row]
    laboratory.advance(1)
    after = measure_organizations(laboratory.world, laboratory.values)[row]
    return [_row("help without effect", "change of potential", 0.0, float(np.abs(after - before).max()), months=1)]


def _row(
    name: str, statistic: str, expected: float, observed: float, months: int = _MONTHS, tolerance: float = EXACT
) -> ClosedForm:
    return ClosedForm(
        name=name,
        statistic=f"{statistic} after {months} months",
        expected=expected,
        observed=float(observed),
        tolerance=tolerance,
    )


def rule_forms(seed: int) -> list[ClosedForm]:
    """Rows for routines as a stock, the bench, teaching, readiness, prerequisites and help without effect."""
    return [
        *_stock_rows(seed),
        *_bench_rows(seed),
        *_teaching_rows(seed),
        *_readiness_rows(seed),
        *_prerequisite_rows(seed),
        *_empty_rows(seed),
    ]
