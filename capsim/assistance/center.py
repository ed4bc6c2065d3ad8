"""The TA center: its experts come when assistance opens, and go when it closes, with every tie to them (sunset).

While the center is open its experts know `center_expert_skill` in their own area (expert e in area ``e mod K``) and
`center_other_skill` elsewhere, have equal priorities and seek no advice; they do not learn or leave. They exist in
every strategy, `none` included, but nobody has a tie to them unless assistance makes one.

The center's book says month by month who worked there, how well, for whom, and in how many pieces it came. It is kept
where a center's staff is declared or pieces count. Clients are the agencies served this month, by those they stand
for. A client is completely served with a client rating of `SERVED` or more; of the others, those want more time whose
latest answer in the survey of interest is `INTERESTED` or more (points from 1 to 5).

Source: S3 and S4 (a center of five years and a hard end), S5 (subject-matter experts); S150 (clients completely served,
and of the others those who want more of a center's time); figures and thresholds assumed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.living import EXPERIENCE, HOURS, QUALITY, LivingCenter
from capsim.assistance.offerings import Offered
from capsim.catalogue import CENTER_SERIES
from capsim.instruments.readings import Readings
from capsim.kernels import kernel
from capsim.world import Layout, World
from capsim.world.slots import vacate


def open_center(world: World) -> None:
    """Experts take their positions."""
    start, end = world.layout.center
    world.person[start:end] = world.next_person[0] + np.arange(end - start)
    world.next_person[0] += end - start
    world.tenure[start:end] = 0
    world.vacant_months[start:end] = 0


def close_center(world: World) -> None:
    """The hard end of the center."""
    vacate(world, *world.layout.center)


@kernel
def begin_month(w, p, start, end):
    """Clear the month's hours; experts, at the positions from start to end, are as in every open month."""
    w.recipient_hours[:] = 0.0
    w.ta_hours[:] = 0.0
    w.areas_served[:] = 0
    w.load[:] = 0.0
    w.practice[:] = 0.0
    w.supported[:] = False
    K = w.skill.shape[1]
    for i in range(start, end):
        w.engagement[i] = p.newcomer_engagement
        w.consulted[i] = -1
        for k in range(K):
            w.skill[i, k] = p.center_expert_skill if (i - start) % K == k else p.center_other_skill
            w.disposition[i, k] = 1.0 / K
            w.priority[i, k] = 1.0 / K
        for m in range(w.tie_to.shape[1]):
            w.tie_to[i, m] = -1
            w.tie_strength[i, m] = 0.0


SERVED, INTERESTED = 4.0, 4.0
_CLIENT = 1
"""Row of the client rating among the ratings of a month."""
_COLUMN = {name: place for place, name in enumerate(CENTER_SERIES)}


class CenterBook:
    """One run's book of the center; NaN for what is not declared, or what nobody can say."""

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
