"""Luck: every random number of the twin, addressed by what it is for. Knows nothing of the model."""

from __future__ import annotations

import numpy as np

from capsim.streams.keys import key_from_name

__all__ = ["Luck"]

ROW_OF_ORGANIZATIONS = 2**64 - 1
ROW_OF_WORLD = 2**64 - 2


class Luck:
    """The luck of one run: a number is found by asking what it is for, whose it is, and in which month.

    Asking twice gives the same number, and nobody's number depends on who else asks, or in which order. That
    is why two strategies can be compared under the same luck.

    Parameters
    ----------
    run_key : int
        64-bit key of the run; never contains the strategy.
    """

    def __init__(self, run_key: int) -> None:
        self._run_key = run_key % 2**64

    def numbers(self, purpose: str, count: int, *, identity: int, row: int, month: int) -> list[float]:
        """The first `count` uniform numbers in [0, 1) of one row in one month."""
        philox = np.random.Philox(
            key=np.array([self._run_key, key_from_name(purpose)], np.uint64),
            counter=np.array([0, row, identity, month], np.uint64),
        )
        return np.random.Generator(philox).random(count).tolist()

    def of_world(self, purpose: str, count: int, *, month: int) -> list[float]:
        """Numbers of the world as a whole."""
        return self.numbers(purpose, count, identity=0, row=ROW_OF_WORLD, month=month)

    def of_organization(self, purpose: str, count: int, *, identity: int, month: int) -> list[float]:
        """Numbers of one organization."""
        return self.numbers(purpose, count, identity=identity, row=ROW_OF_ORGANIZATIONS, month=month)

    def of_position(self, purpose: str, count: int, *, identity: int, row: int, month: int) -> list[float]:
        """Numbers of one position: row `row` of the organization `identity`."""
        return self.numbers(purpose, count, identity=identity, row=row, month=month)
