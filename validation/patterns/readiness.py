"""Patterns 5 and 9: readiness as a product; who says that help is needed, and who needs it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validation.patterns.jobs import BASELINE
from validation.patterns.judging import Findings, paired, ratio_of_means
from validation.patterns.runs import RowRuns

_ARM = "individual_only"
_TOP = 5.0
"""Of the scale of self-ratings."""


def readiness_product(runs: RowRuns) -> Findings:
    """Gains with one low factor relative to those with median ones, and what screening gains."""
    month, last = runs.row.read_at
    found = Findings()

    def closed(point: str) -> NDArray[np.float64]:
        skilled, plain = (runs.level(point, arm, "focal_skill", month) for arm in (_ARM, BASELINE))
        return np.asarray((skilled - plain) / (1.0 - plain))

    median = closed("median")
    for expected in runs.row.judged:
        low = closed(expected.name)
        found.add(expected.name, ratio_of_means(low, median, runs.row.level))
        found.remarks.append(
            f"{expected.name}: closed share {low.mean():.5f}, with median factors {median.mean():.5f}."
        )
    (screening,) = runs.row.reported
    per_hour = {
        arm: 1000.0 * runs.gain("screening", arm, "use", last) / runs.total("screening", arm, "ta_hours_total")
        for arm in ("readiness_gated", "ungated")
    }
    found.add(screening.name, paired(per_hour["readiness_gated"] - per_hour["ungated"]), "gated minus ungated")
    for arm, gain in per_hour.items():
        found.add(screening.name, paired(gain), arm)
    return found


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Pearson correlation over the districts in which both are defined; NaN if one does not vary."""
    known = ~(np.isnan(first) | np.isnan(second))
    if known.sum() < 2 or not (np.ptp(first[known]) > 0.0 and np.ptp(second[known]) > 0.0):
        return float("nan")
    return float(np.corrcoef(first[known], second[known])[0, 1])


def perceived_need(runs: RowRuns) -> Findings:
    """Correlations with the true gap."""
    (month,) = runs.row.read_at
    interest, rated, rubric = runs.row.judged

    def reading(name: str) -> NDArray[np.float64]:
        return runs.level("defaults", "needs_based", name, month)

    gap, said, read = reading("true_gap"), _TOP - reading("self_rating"), reading("rubric_need")
    asked = _by_replicate(reading("interest"), gap)
    found = Findings()
    found.add(interest.name, paired(asked, runs.row.level))
    found.add(rated.name, paired(_by_replicate(said, gap), runs.row.level))
    among_read = np.where(np.isnan(read), np.nan, said)
    by_rubric, by_self = _by_replicate(read, gap), _by_replicate(among_read, gap)
    found.add(rubric.name, paired(by_rubric - by_self, runs.row.level))
    n = float((~np.isnan(read)).sum(axis=1).mean()) if len(read) else 0.0
    found.remarks.append(
        f"Of {read.shape[1]} districts {n:.0f} were read by month {month}; among them the rubric's need correlates "
        f"{by_rubric.mean():.2f} with the true gap, the self-rated need {by_self.mean():.2f}."
    )
    return found


def _by_replicate(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([correlation(a, b) for a, b in zip(first, second, strict=True)])
