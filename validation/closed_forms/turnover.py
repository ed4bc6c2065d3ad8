"""Closed forms of turnover and hiring: skill leaves at the exit rate; vacancies and tenure in equilibrium.

With constant hazard lambda a holder leaves each month with chance ``h = 1 - exp(-lambda)``, which is
``1 - (1 - tau)^(1/12)``, whatever else happens. A position is never filled in the month it became vacant, and
in every later one with chance 1/T; so at the ends of months it is a two-state chain,
``v' = v (1 - 1/T) + (1 - v) h``, with equilibrium ``v = hT / (1 + hT)``. (Could it be filled at once, the
equilibrium would be ``h (T - 1) / (1 + h (T - 1))``.) Tenure at the ends of months is geometric,
``h (1 - h)^n``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import PARAMETERS
from validation.closed_forms.laboratory import Laboratory
from validation.closed_forms.result import STANDARD_ERRORS, ClosedForm

_AGENCIES, _POSITIONS = 100, 200
_CONSTANT_HAZARD = {
    "season_amplitude": 0.0,
    "tenure_gradient": 0.0,
    "exit_culture_slope": 0.0,
    "exit_engagement_slope": 0.0,
    "exit_normalisation": 1.0,
    "mover_share": 0.0,
}
_EQUILIBRIUM_MONTHS = 240


def _laboratory(purpose: str, seed: int, annual_exit: float, **parameters: float) -> Laboratory:
    rates = {"lea_annual_exit": annual_exit, "superintendent_annual_exit": annual_exit}
    return Laboratory(
        purpose,
        seed=seed,
        agencies=_AGENCIES,
        positions=_POSITIONS,
        processes=("turnover", "hiring"),
        parameters={**_CONSTANT_HAZARD, **rates, **parameters},
    )


def _monthly_exit(annual_exit: float) -> float:
    return -math.expm1(math.log1p(-annual_exit) / 12.0)


def _skill_decay(seed: int, annual_exit: float) -> list[ClosedForm]:
    """Everybody starts with skill 1 in vacancy equilibrium; newcomers have the bank's skill."""
    laboratory = _laboratory(f"skill decay {annual_exit}", seed, annual_exit)
    world = laboratory.world
    laboratory.advance(60)
    world.skill[world.person >= 0] = 1.0
    newcomers = world.bank.skill[:, 0]
    mean, spread = float(newcomers.mean()), float(newcomers.var())
    rows = []
    for year in (1, 3):
        laboratory.advance(12 * year - world.month + 60)
        holders = world.person >= 0
        stayed = (1.0 - annual_exit) ** year
        variance = stayed * (1.0 - stayed) * (1.0 - mean) ** 2 + (1.0 - stayed) * spread
        error = math.sqrt(variance / holders.sum())
        observed = float(world.skill[holders, 0].mean())
        rows.append(
            ClosedForm(
                name="mean skill under turnover",
                statistic=f"of holders after {year} years, annual exit {annual_exit}",
                expected=mean + (1.0 - mean) * stayed,
                observed=observed,
                tolerance=STANDARD_ERRORS * error,
            )
        )
        decay = math.log((1.0 - mean) / (observed - mean))
        half_life = year * math.log(2.0) / decay
        rows.append(
            ClosedForm(
                name="half-life of skill under turnover",
                statistic=f"years, from {year} years, annual exit {annual_exit}",
                expected=math.log(2.0) / -math.log1p(-annual_exit),
                observed=half_life,
                tolerance=STANDARD_ERRORS * half_life * error / (decay * (observed - mean)),
            )
        )
    return rows


def _vacancy(seed: int, annual_exit: float, months_to_fill: float) -> ClosedForm:
    """Mean vacancy share over 60 months of equilibrium; the error is that of a two-state chain."""
    laboratory = _laboratory(
        f"vacancy {annual_exit} {months_to_fill}", seed, annual_exit, months_to_fill=months_to_fill
    )
    laboratory.advance(_EQUILIBRIUM_MONTHS)
    months = 60
    total = 0.0
    for _ in range(months):
        laboratory.advance(1)
        total += float((laboratory.world.person < 0).mean())
    h = _monthly_exit(annual_exit)
    expected = h * months_to_fill / (1.0 + h * months_to_fill)
    memory = 1.0 - h - 1.0 / months_to_fill
    draws = _AGENCIES * _POSITIONS * months * (1.0 - memory) / (1.0 + memory)
    return ClosedForm(
        name="vacancy share hT/(1 + hT)",
        statistic=f"share, annual exit {annual_exit}, {months_to_fill:g} months to fill",
        expected=expected,
        observed=total / months,
        tolerance=STANDARD_ERRORS * math.sqrt(expected * (1.0 - expected) / draws),
    )


def _tenure(seed: int, annual_exit: float) -> ClosedForm:
    """Chi-square of tenure against the geometric distribution, in cells of at least 50 expected holders."""
    laboratory = _laboratory(f"tenure {annual_exit}", seed, annual_exit)
    laboratory.world.tenure.fill(0)
    laboratory.advance(2 * _EQUILIBRIUM_MONTHS)
    tenure = laboratory.world.tenure[laboratory.world.person >= 0]
    h = _monthly_exit(annual_exit)
    edges = _cells(h, len(tenure), smallest=50.0)
    survival = np.append((1.0 - h) ** edges, 0.0)
    expected = len(tenure) * -np.diff(survival)
    observed, _ = np.histogram(tenure, np.append(edges, np.inf))
    degrees = len(edges) - 1
    return ClosedForm(
        name="tenure is geometric",
        statistic=f"chi-square, {degrees} degrees of freedom, annual exit {annual_exit}",
        expected=float(degrees),
        observed=float(((observed - expected) ** 2 / expected).sum()),
        tolerance=STANDARD_ERRORS * math.sqrt(2.0 * degrees),
    )


def _cells(h: float, holders: int, *, smallest: float) -> NDArray[np.float64]:
    """Lower edges, in months, of cells with at least `smallest` expected holders each."""
    edges = [0.0]
    while holders * (1.0 - h) ** edges[-1] >= 2.0 * smallest:
        share = (1.0 - h) ** edges[-1] - smallest / holders
        edges.append(max(edges[-1] + 1.0, math.ceil(math.log(share) / math.log1p(-h))))
    return np.array(edges[:-1])


def _declared_exit(seed: int, annual_exit: float, **parameters: float) -> ClosedForm:
    """Exits per holder in stationary tenure; within 1% of the declared rate (plan), for which the draws
    suffice.

    The annual chance is that of meeting, in turn, the mean exit chance of every calendar month.
    """
    laboratory = _laboratory(f"declared exit {annual_exit} {parameters}", seed, annual_exit, **parameters)
    world = laboratory.world
    laboratory.advance(120)
    exits, holders = np.zeros(12), np.zeros(12)
    for month in range(480):
        holders[month % 12] += (world.person >= 0).sum()
        before = world.exits.sum()
        laboratory.advance(1)
        exits[month % 12] += world.exits.sum() - before
    gradient, season = laboratory.values["tenure_gradient"], laboratory.values["season_amplitude"]
    return ClosedForm(
        name="declared annual exit is realised",
        statistic=f"annual exit {annual_exit}, per holder, tenure gradient {gradient:g}, season {season:g}",
        expected=annual_exit,
        observed=float(1.0 - np.prod(1.0 - exits / holders)),
        tolerance=0.01 * annual_exit,
    )


def turnover_forms(seed: int) -> list[ClosedForm]:
    """Rows for turnover and hiring."""
    gradient, season = (PARAMETERS[name].default for name in ("tenure_gradient", "season_amplitude"))
    return [
        *_skill_decay(seed, 0.16),
        *_skill_decay(seed, 0.40),
        _vacancy(seed, 0.16, 3.0),
        _vacancy(seed, 0.40, 5.0),
        _vacancy(seed, 0.25, 1.0),
        _tenure(seed, 0.16),
        _tenure(seed, 0.40),
        _declared_exit(seed, 0.16, tenure_gradient=gradient),
        _declared_exit(seed, 0.16, tenure_gradient=gradient, season_amplitude=season),
        _declared_exit(seed, 0.40, tenure_gradient=gradient, season_amplitude=season),
    ]
