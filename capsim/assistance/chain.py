"""The delivery chain as it was lived: delivered, received and used hours on every link, month by month.

A link goes from the level that gives (the TA center, or agencies that pass an activity on) to the level that gets.
Delivered hours are those offered; received hours those that landed, ``hours * attendance * min(1, landing)``; used
hours those received where the practice is in use, ``received * use`` (of the area, or its mean).

Source: S9 (New York's working group asks how implementation is rolled out, received and utilized).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.kernels import kernel
from capsim.levels import Level
from capsim.world import Layout

__all__ = ["DELIVERED", "RECEIVED", "USED", "Chain"]

DELIVERED, RECEIVED, USED = 0, 1, 2


@kernel
def _add(level, giver_level, organization_hours, account, links):
    for j in range(len(level)):
        if organization_hours[j] > 0.0:
            link = links[giver_level[j], level[j]]
            link[0] += organization_hours[j]
            link[1] += account[j, 0]
            link[2] += account[j, 1]


class Chain:
    """Hours on the links of one run.

    Attributes
    ----------
    links : (months, levels, levels, 3) float64
        By month, level that gives, level that gets; delivered, received, used.
    """

    def __init__(self, layout: Layout, months: int) -> None:
        n = len(Level)
        self.links = np.zeros((months, n, n, 3))
        self._level = layout.level
        self._center = np.full(layout.n_organizations, Level.CENTER, np.int8)
        above = np.maximum(layout.parent, 0)
        self._above = np.where(layout.parent >= 0, layout.level[above], Level.CENTER).astype(np.int8)

    def add(self, month: int, hours: NDArray[np.float64], account: NDArray[np.float64], *, from_above: bool) -> None:
        """Enter what organizations got, (O,), and what of it landed and was used, (O, 2)."""
        givers = self._above if from_above else self._center
        _add(self._level, givers, hours, account, self.links[month])
