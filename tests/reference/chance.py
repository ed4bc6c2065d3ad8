"""Chance with a shape: numbers drawn for consultants and by those who are asked."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["lognormal"]


def lognormal(twin: Twin, purpose: str, *, identity: int, month: int) -> float:
    """Quality of a consultant relative to the mean, which is 1."""
    (draw,) = twin.luck.numbers(purpose, 1, identity=identity, row=0, month=month)
    z = NormalDist().inv_cdf(min(1 - 1e-12, max(1e-12, draw)))
    sd = twin.values["provider_quality_sd"]
    return math.exp(sd * z - sd * sd / 2)
