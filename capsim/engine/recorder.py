"""Records: every measure as a weighted mean over groups of agencies, once a month; agencies one by one at moments."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.processes.steps import Steps


class Recorder:
    """The record of one run, which its steps fill month by month.

    Attributes
    ----------
    columns : tuple of str
        What is recorded: every measure first.
    monthly : (months, groups, len(columns)) float64
        NaN is undefined.
    by_organization : dict of int to (len(columns), O) float64
        After the months of `moments`.
    """

    def __init__(self, steps: Steps, moments: tuple[int, ...]) -> None:
        self._steps, self._moments = steps, frozenset(moments)
        self.columns = steps.columns
        months, width = steps.monthly.shape
        groups = width // len(self.columns)
        self.monthly: NDArray[np.float64] = steps.monthly.reshape(months, groups, len(self.columns))
        self.by_organization: dict[int, NDArray[np.float64]] = {}

    def keep(self, month: int) -> None:
        """Keep the measures of every organization, if `month` (counted from 1) is such a moment."""
        if month in self._moments:
            self.by_organization[month] = self._steps.measured.copy()
