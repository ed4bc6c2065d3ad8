"""Months, years, monthly and annual chances: the only conversions in the project."""

from __future__ import annotations

import math

__all__ = ["MONTHS_PER_YEAR", "annual_to_hazard", "annual_to_monthly_survival", "half_life_months", "rate_from_lag"]

MONTHS_PER_YEAR = 12


def annual_to_hazard(annual_chance: float) -> float:
    """Monthly hazard (per month) of an event with the given annual chance: ``-ln(1 - p) / 12``.

    Raises
    ------
    ValueError
        If the chance is not in [0, 1).
    """
    if not 0.0 <= annual_chance < 1.0:
        raise ValueError(f"an annual chance must be in [0, 1), got {annual_chance}")
    return -math.log1p(-annual_chance) / MONTHS_PER_YEAR


def annual_to_monthly_survival(annual_survival: float) -> float:
    """Monthly survival chance whose twelfth power is the annual one."""
    if not 0.0 <= annual_survival <= 1.0:
        raise ValueError(f"an annual survival must be in [0, 1], got {annual_survival}")
    return float(annual_survival ** (1.0 / MONTHS_PER_YEAR))


def half_life_months(annual_chance: float) -> float:
    """Months after which half is left of something lost with the given annual chance."""
    return math.log(2.0) / annual_to_hazard(annual_chance)


def rate_from_lag(lag_months: float) -> float:
    """Monthly rate of a first-order lag: after `lag_months` the gap has closed by ``1 - 1/e``."""
    return -math.expm1(-1.0 / lag_months)
