"""All runs of a row as arrays over replicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from validation.pattern_table import PatternRow
from validation.patterns.jobs import BASELINE, JobResult
from validation.patterns.matching import Match
from validation.patterns.watching import Arm


class RowRuns:
    """The runs of one row, and how doses were matched by point; a replicate with a failed run is left out of the row, in all
    arms and points. `failures` are replicate, point, arm and reason.
    """

    def __init__(
        self, row: PatternRow, results: Sequence[JobResult], matches: Mapping[str, Match] | None = None
    ) -> None:
        self.row, self.matches = row, dict(matches or {})
        self.failures = tuple((one.replicate, *failure) for one in results for failure in one.failures)
        failed = {replicate for replicate, *_ in self.failures}
        self._arms: dict[tuple[str, str], list[Arm]] = {}
        for one in sorted(results, key=lambda one: one.replicate):
            if one.replicate not in failed:
                for place, arm in one.arms.items():
                    self._arms.setdefault(place, []).append(arm)

    def pairs(self, point: str) -> int:
        """Replicates at a point."""
        return max((len(arms) for (at, _), arms in self._arms.items() if at == point), default=0)

    def monthly(self, point: str, arm: str, measure: str) -> NDArray[np.float64]:
        """A measure at the end of every month, (n, months)."""
        return np.array([one.monthly[measure] for one in self._arms[point, arm]])

    def level(self, point: str, arm: str, measure: str, month: int) -> NDArray[np.float64]:
        """Y(arm, month) by replicate, (n,): a measure, or a reading taken in that month."""
        runs = self._arms[point, arm]
        if measure in runs[0].at:
            return np.array([one.at[measure][month] for one in runs])
        return np.array([one.monthly[measure][month - 1] for one in runs])

    def gain(self, point: str, arm: str, measure: str, month: int) -> NDArray[np.float64]:
        """g(arm, month) by replicate, (n,)."""
        return self.level(point, arm, measure, month) - self.level(point, BASELINE, measure, month)

    def gains(self, point: str, arm: str, measure: str) -> NDArray[np.float64]:
        """g(arm, t) by replicate and month, (n, months)."""
        return self.monthly(point, arm, measure) - self.monthly(point, BASELINE, measure)

    def total(self, point: str, arm: str, name: str) -> NDArray[np.float64]:
        """A total of the whole run by replicate, (n,)."""
        return np.array([one.total[name] for one in self._arms[point, arm]])
