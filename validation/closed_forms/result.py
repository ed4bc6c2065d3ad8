"""One row of the verification: what was expected, what the engine did, and how far apart they may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

STANDARD_ERRORS = 4.0
"""Standard errors that luck may explain: once in 16,000 rows."""
EXACT = 1e-12
"""Tolerance of rows in which no luck takes part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedForm:
    """Expected and observed value of one statistic (what was measured, with its unit), and how far apart they may be."""

    name: str
    statistic: str
    expected: float
    observed: float
    tolerance: float

    @property
    def met(self) -> bool:
        """Whether the difference is within the tolerance; never when anything is not a number."""
        return bool(abs(self.observed - self.expected) <= self.tolerance)


def largest_deviation(
    name: str, statistic: str, runs: NDArray[np.float64], expected: NDArray[np.float64]
) -> ClosedForm:
    """Row for many means at once: their largest distance from expectation, in standard errors.

    The tolerance keeps the chance of a false alarm over all means at that of `STANDARD_ERRORS` for one
    (Bonferroni).
    Independent runs lie along the first axis.
    """
    error = runs.std(axis=0, ddof=1) / math.sqrt(len(runs))
    distance = np.abs(runs.mean(axis=0) - expected)
    deviation = distance / np.maximum(error, EXACT)
    tail = (1.0 - 0.5 * math.erfc(-STANDARD_ERRORS / math.sqrt(2.0))) / expected.size
    return ClosedForm(
        name=name,
        statistic=f"{statistic}: largest of {expected.size} deviations, {len(runs)} runs, standard errors",
        expected=0.0,
        observed=float(deviation.max()),
        tolerance=float(-ndtri(tail)),
    )
