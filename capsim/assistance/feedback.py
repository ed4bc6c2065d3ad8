"""Feedback: what participants say once a year of each activity, the share of its hours that landed with them.

``heard = clip(landed / delivered + rating_noise_sd / 4 z, 0, 1)`` over the hours of the last year that came from the
center, z the deviate of a pair of numbers of the activity in the month; ratings run over 4 points from 1 to 5.

Source: S19 (clients' ratings); the form is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES
from capsim.instruments.noise import deviates
from capsim.streams.squares import uniforms


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was heard, and what will be asked about.

    Attributes
    ----------
    sums : (2, activities) float64
        Hours delivered and landed since participants were last asked; without columns where nobody asks.
    heard : (activities,) float64
        NaN for an activity without hours.
    """

    sums: NDArray[np.float64]
    heard: NDArray[np.float64]
    run_key: int

    @classmethod
    def opened(cls, asked: bool, run_key: int) -> Feedback:
        """Nothing heard yet."""
        n = len(ACTIVITIES)
        return cls(np.zeros((2, n if asked else 0)), np.full(n, np.nan), run_key)

    @property
    def asked(self) -> bool:
        """Whether anybody wants to know."""
        return bool(self.sums.shape[1] > 0)

    def ask(self, month: int, noise_sd: float) -> None:
        """Ask about the hours since the last time, and begin anew."""
        if not self.asked:
            return
        n = len(ACTIVITIES)
        numbers = uniforms(
            run_key=self.run_key, purpose="feedback", identity=np.arange(n, dtype=np.uint64), columns=2, month=month
        )
        radius, direction = deviates(numbers)
        delivered, landed = self.sums
        share = np.divide(landed, delivered, out=np.full(n, np.nan), where=delivered > 0.0)
        self.heard[:] = np.clip(share + noise_sd / 4.0 * (radius * direction)[:, 0], 0.0, 1.0)
        self.sums[:] = 0.0
