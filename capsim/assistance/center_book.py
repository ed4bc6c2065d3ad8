"""The center's book: month by month, who worked there, how well, for whom, and in how many pieces it came.

Kept where a center's staff is declared or pieces count. Clients are the agencies served this month, by those they stand
for. A client is completely served with a client rating of `SERVED` or more; of the others, those want more time whose
latest answer in the survey of interest is `INTERESTED` or more (points from 1 to 5).

Source: S150 (clients completely served, and of the others those who want more of a center's time); thresholds assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.living import EXPERIENCE, HOURS, QUALITY, LivingCenter
from capsim.assistance.offerings import Offered
from capsim.catalogue import CENTER_SERIES
from capsim.instruments.readings import Readings
from capsim.world import Layout

SERVED, INTERESTED = 4.0, 4.0
_CLIENT = 1
"""Row of the client rating among the ratings of a month."""
_COLUMN = {name: place for place, name in enumerate(CENTER_SERIES)}


class CenterBook:
    """One run's book of the center.

    Attributes
    ----------
    monthly : (months, len(CENTER_SERIES)) float64
        NaN for what is not declared, or what nobody can say.
    """

    def __init__(self, layout: Layout, months: int) -> None:
        self.monthly = np.full((months, len(CENTER_SERIES)), np.nan)
        self._weight = layout.weight

    def enter_staff(self, month: int, living: LivingCenter) -> None:
        """Who is there, and how well the hours of this month were given."""
        filled, hours = living.filled, float(living.worked[HOURS])
        found = {
            "positions": float(living.posts[0]),
            "filled": float(filled.sum()),
            "hired": float(living.moved[0]),
            "left": float(living.moved[1]),
            "tenure": float(living.tenure[filled].mean()) if filled.any() else np.nan,
            "experience": float(living.worked[EXPERIENCE]) / hours if hours > 0.0 else np.nan,
            "quality": float(living.worked[QUALITY]) / hours if hours > 0.0 else np.nan,
        }
        self._enter(month, found)

    def enter_clients(self, month: int, ratings: NDArray[np.float64] | None, readings: Readings) -> None:
        """How many were completely served, and how many of the others want more; `ratings` (3, O)."""
        if ratings is None or not (rated := ~np.isnan(ratings[_CLIENT])).any():
            return
        served = rated & (ratings[_CLIENT] >= SERVED)
        others = rated & ~served
        wanting = others & (readings.interest >= INTERESTED)
        self._enter(month, {"completely_served": self._share(served, rated), "want_more": self._share(wanting, others)})

    def enter_pieces(self, month: int, offered: Offered, clients: NDArray[np.bool_]) -> None:
        """Pieces that clients meet, and the clarity they leave."""
        if clients.any():
            weight = self._weight[clients]
            self._enter(
                month, {name: float(np.average(of[clients], weights=weight)) for name, of in offered.means.items()}
            )

    def _share(self, some: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
        whole = float(self._weight[of].sum())
        return float(self._weight[some].sum()) / whole if whole > 0.0 else np.nan

    def _enter(self, month: int, found: dict[str, float]) -> None:
        for name, value in found.items():
            self.monthly[month, _COLUMN[name]] = value
