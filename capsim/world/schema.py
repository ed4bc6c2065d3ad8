"""What a column of a world is: its type, its shape, what it may hold. Declared once, read by all who check or copy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from capsim.errors import InputError

MAX_TIES = 8
"""Slots for directed advice ties of one person (M)."""


@dataclass(frozen=True, slots=True)
class Column:
    """Declaration of one column.

    The shape is in keys of `World.sizes`: P positions, O organizations, K areas, M ties, "O+1", "1", ... `high` of an
    index is its letter and not included; `empty` is what stands in a world without people.
    """

    dtype: np.dtype[Any]
    shape: tuple[str, ...]
    low: float
    high: float | str
    empty: float

    def of(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Shape in a world with these sizes."""
        return tuple([sizes[side] for side in self.shape])

    def problem(self, array: Any, sizes: Mapping[str, int]) -> str:
        """What is wrong with an array as this column, shape and type first; empty if nothing is."""
        shape = self.of(sizes)
        if not isinstance(array, np.ndarray) or array.dtype != self.dtype or array.shape != shape:
            got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            return f"must be {self.dtype} {shape}, got {got}"
        if self.dtype.kind in "bu" or not array.size:
            return ""
        if isinstance(self.high, str):
            bad = (array < self.low) | (array >= sizes[self.high])
            what = f"not from {self.low:g} to {sizes[self.high] - 1}"
        else:
            bad = ~((array >= self.low - SLACK) & (array <= self.high + SLACK))
            if self.dtype.kind == "f":
                bad |= ~np.isfinite(array)
            if math.isfinite(self.high):
                what = f"not in [{self.low:g}, {self.high:g}]"
            else:
                what = ("negative" if self.low == 0.0 else f"below {self.low:g}") if self.low > -math.inf else ""
                what += (" or not finite" if what else "not finite") if self.dtype.kind == "f" else ""
        return f"{what} ({rows_of(bad)})" if bad.any() else ""


SLACK = 1e-9
"""Rounding that is no fault."""


def column(
    shape: str,
    dtype: DTypeLike = np.float64,
    *,
    low: float = 0.0,
    high: float | str = math.inf,
    empty: float = 0.0,
) -> Any:
    """Field of a dataclass that is a column; `shape` as in ``"P K"``."""
    return field(metadata={"column": Column(np.dtype(dtype), tuple(shape.split()), low, high, empty)})


def columns_of(kind: Any) -> dict[str, Column]:
    """Declared columns of a dataclass, by name."""
    return {f.name: f.metadata["column"] for f in fields(kind) if _is_column(f)}


def _is_column(declared: Field[Any]) -> bool:
    return "column" in declared.metadata


def rows_of(bad: NDArray[np.bool_]) -> str:
    """Where something is broken, in words."""
    rows = np.unique(np.nonzero(bad)[0])
    return f"row {rows[0]}" if len(rows) == 1 else f"{len(rows)} rows, first {rows[0]}"


def as_column(name: str, declared: Column, array: Any, sizes: Mapping[str, int]) -> NDArray[Any]:
    """An array as kernels can take it: of the declared type and shape, in one piece; a copy only where it must be."""
    given, shape = np.asarray(array), declared.of(sizes)
    if given.shape == shape and given.dtype == declared.dtype and given.flags.carray:
        return given
    if given.shape != shape or not np.can_cast(given.dtype, declared.dtype, "same_kind"):
        raise InputError(f"world: {name} must be {declared.dtype} {shape}, got {given.dtype} {given.shape}")
    return np.require(given, declared.dtype, ["C", "A", "W"])
