"""Coherence across offerings: help that comes in many pieces is less clear to those who meet them.

A piece is an activity in a focal area (or in none), as a person meets it. With h_jkd the hours of activity d in area k
asked of each member of staff of agency j this month, at most of everybody once, whoever gives them::

    h_jkd     = hours / ta_hours x recipient_hours x min(seats, staff) / staff
    met_jkd  <- (1 - 1 / offering_memory) met_jkd + h_jkd
    pieces_j  = sum over k, d of 1 - exp(-met_jkd / offering_hours)
    clarity_j *= max(1, pieces_j)^-offering_weight

Hours; offering_memory in months. With the weight 0 nothing is remembered. Areas with a method each are fewer pieces
than the same hours in every method; what nobody meets is none. An agency's initiatives cost it time (coherence), its
pieces clarity: two losses, that of the load and this.

Source: S1, finding a (clear focal areas, with methods of their own, make offerings coherent); form and figures assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.kernels import inner
from capsim.parameters import Values
from capsim.world import Layout


@dataclass(frozen=True, slots=True)
class Offered:
    """What the agencies of a run remember of it."""

    # (O, (K + 1) * activities) hours of each piece, those of no area last; without rows where the weight is 0
    met: NDArray[np.float64]
    # (O,) pieces of this month, and the clarity they leave
    pieces: NDArray[np.float64]
    clear: NDArray[np.float64]

    @property
    def counted(self) -> bool:
        """Whether pieces count in this run."""
        return len(self.met) > 0

    @property
    def means(self) -> dict[str, NDArray[np.float64]]:
        """What is reported of it, each (O,)."""
        return {"pieces": self.pieces, "clarity": self.clear}

    @classmethod
    def nothing(cls, layout: Layout, values: Values) -> Offered:
        """Before the first month."""
        O = layout.n_organizations
        rows = O if values["offering_weight"] > 0.0 else 0
        return cls(np.zeros((rows, (layout.n_areas + 1) * len(ACTIVITIES))), np.zeros(O), np.ones(O))

    def fade(self, values: Values) -> None:
        """A month in which nobody is helped; in any other, `blur` does the same and adds what is met."""
        self.met[:] *= 1.0 - 1.0 / values["offering_memory"]
        self.pieces[:] = -np.expm1(-self.met / values["offering_hours"]).sum(axis=1)
        self.clear[:] = np.maximum(1.0, self.pieces) ** -values["offering_weight"]


@inner
def blur(w, p, h, rows, staff, most):
    """Remember the pieces of this month, and multiply coherence times clarity, `most` (O,), by the clarity they leave.

    `staff` (O,) are holders.
    """
    met, pieces, clear = h.met, h.pieces, h.clear
    ta_hours, seats, hours_each = h.ta_hours, h.seats, h.hours_each
    A, K, kept = len(ta_hours), w.plan.shape[1], 1.0 - 1.0 / p.offering_memory
    for j in range(len(met)):
        for n in range(met.shape[1]):
            met[j, n] *= kept
    for r in range(len(rows.hours)):
        a, j, k = rows.activity[r], rows.agency[r], rows.area[r]
        if rows.hours[r] > 0.0 and staff[j] > 0:
            taken = 1.0 if rows.person[r] >= 0 else min(seats[a], staff[j])
            met[j, (k if k >= 0 else K) * A + a] += rows.hours[r] / ta_hours[a] * hours_each[a] * taken / staff[j]
    for j in range(len(met)):
        count = 0.0
        for n in range(met.shape[1]):
            if met[j, n] > 0.0:
                count += 1.0 - math.exp(-met[j, n] / p.offering_hours)
        pieces[j] = count
        clear[j] = max(1.0, count) ** -p.offering_weight
        most[j] *= clear[j]
