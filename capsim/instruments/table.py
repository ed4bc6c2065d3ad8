"""How each instrument of the catalogue is read, in the order in which they come in a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capsim.instruments.noise import numbers_for
from capsim.instruments.readings import Round
from capsim.instruments.rubric import read_expert, read_rubric
from capsim.instruments.screening import read_screening
from capsim.instruments.stocktake import read_stocktake
from capsim.instruments.sustainability import SECTIONS, read_sustainability
from capsim.instruments.yearly import read_interest, read_self_rating


@dataclass(frozen=True, slots=True)
class Reader:
    """How one instrument is read.

    Parameters
    ----------
    purpose : str
        What its random numbers are for.
    columns : callable
        Normal deviates per organization, from the number of focal areas.
    read : callable
        Reads, and writes to the readings.
    yearly : bool
        Whether everybody is asked once a year; otherwise hours buy it.
    row : int
        Part of the address of its random numbers.
    """

    purpose: str
    columns: Callable[[int], int]
    read: Callable[[Round], None]
    yearly: bool = False
    row: int = 0

    def numbers(self, n_areas: int) -> int:
        """Uniform numbers per organization."""
        return numbers_for(self.columns(n_areas))


READERS: Mapping[str, Reader] = {
    "interest": Reader("instrument:interest", lambda K: 1, read_interest, yearly=True),
    "self_rating": Reader("instrument:self_ratings", lambda K: K, read_self_rating, yearly=True),
    "rubric": Reader("assistance", lambda K: 2 * K, read_rubric, row=2**64 - 1),
    "expert": Reader("instrument:expert", lambda K: 2 * K, read_expert),
    "screening": Reader("instrument:screening", lambda K: 2, read_screening),
    "stocktake": Reader("instrument:stocktake", lambda K: K, read_stocktake),
    "sustainability": Reader("instrument:sustainability", lambda K: len(SECTIONS), read_sustainability),
}
"""Reader of each instrument; an expert's visit comes after the rubric of the same month, and counts."""
