"""Orders in which addressed numbers are read: along positions, months, columns, processes, agencies, runs, plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, PROCESS_NAMES
from capsim.kernels import kernel
from capsim.streams.keys import key_from, key_from_name
from capsim.streams.squares import first_counter, squares, stream_key

Words = NDArray[np.uint64]

PARTS = ("run", "process", "identity", "row", "month", "column")
"""Parts of the address of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One way to read the numbers.

    Parameters
    ----------
    name, meaning : str
    along : mapping of str to (n,) uint64
        Values of each part of the address that takes turns, the fastest first.
    onward : str
        The part that counts up, from 0, whenever all others have had their turn.
    fixed : mapping of str to int
        Parts that stay.
    """

    name: str
    meaning: str
    along: Mapping[str, Words]
    onward: str
    fixed: Mapping[str, int]

    def words(self, first: int, count: int) -> Words:
        """Numbers `first` to ``first + count`` in this order, all 64 bits of each."""
        place = np.arange(first, first + count)
        parts = {name: np.full(count, value, np.uint64) for name, value in self.fixed.items()}
        for name, values in self.along.items():
            place, turn = np.divmod(place, len(values))
            parts[name] = values[turn]
        parts[self.onward] = place.astype(np.uint64)
        out = np.empty(count, np.uint64)
        fill_words(out, *(parts[name] for name in PARTS))
        return out


@kernel
def fill_words(
    out: Words, run: Words, process: Words, identity: Words, row: Words, month: Words, column: Words
) -> None:
    """Fill `out` with the words whose upper 53 bits are the numbers that the model reads at these addresses."""
    for n in range(len(out)):
        out[n] = squares(
            first_counter(identity[n], row[n]) + column[n],
            stream_key(run[n], process[n], month[n]),
        )


def _names(names: list[str]) -> Words:
    return np.array([key_from_name(name) for name in names], np.uint64)


def _to(count: int) -> Words:
    return np.arange(count, dtype=np.uint64)


_AGENCIES = _names([f"39{n:05d}" for n in range(2000)])
_PROCESSES = _names(["initial people", *PROCESS_NAMES, *(f"ties:{name}" for name in ACTIVITIES)])
_RUNS = np.array([key_from("world", 1, replicate) for replicate in range(4096)], np.uint64)
_A_RUN, _TURNOVER, _AN_AGENCY = int(_RUNS[0]), key_from_name("turnover"), int(_AGENCIES[0])

ORDERS = (
    Order(
        name="positions",
        meaning="neighbouring positions of an agency, agency after agency, month after month",
        along={"row": _to(12), "identity": _AGENCIES},
        onward="month",
        fixed={"run": _A_RUN, "process": _TURNOVER, "column": 0},
    ),
    Order(
        name="months",
        meaning="20 years of one position, position after position, run after run",
        along={"month": _to(240), "row": _to(12), "identity": _AGENCIES},
        onward="run",
        fixed={"process": _TURNOVER, "column": 0},
    ),
    Order(
        name="columns",
        meaning="the numbers of one position in one month, position after position",
        along={"column": _to(8), "row": _to(12), "identity": _AGENCIES},
        onward="month",
        fixed={"run": _A_RUN, "process": key_from_name("ties")},
    ),
    Order(
        name="processes",
        meaning="every process of one position in one month, position after position",
        along={"process": _PROCESSES, "row": _to(12), "identity": _AGENCIES},
        onward="month",
        fixed={"run": _A_RUN, "column": 0},
    ),
    Order(
        name="agencies",
        meaning="the leaders of 2,000 agencies, month after month",
        along={"identity": _AGENCIES},
        onward="month",
        fixed={"run": _A_RUN, "process": _TURNOVER, "row": 0, "column": 0},
    ),
    Order(
        name="runs",
        meaning="4,096 replicates of one position, position after position, month after month",
        along={"run": _RUNS, "row": _to(12)},
        onward="month",
        fixed={"process": _TURNOVER, "identity": _AN_AGENCY, "column": 0},
    ),
    Order(
        name="plain numbers",
        meaning="small whole numbers for every part of the address, as in the bank of newcomers",
        along={"identity": _to(1024), "column": _to(10), "row": _to(4), "process": _to(4), "month": _to(4)},
        onward="run",
        fixed={},
    ),
)
