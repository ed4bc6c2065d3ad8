"""What a column of a world is: its type, its shape, what it may hold, declared once, read by all who check or copy; and
the columns that never change: positions, agencies, units and the tree of agencies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from capsim.errors import InputError
from capsim.levels import CENTER

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
    return {f.name: f.metadata["column"] for f in fields(kind) if "column" in f.metadata}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Fixed columns of a world with P positions, O organizations and U units; positions lie contiguous by unit and
    organization.

    The first position of an organization is its leader. The TA center, if there is one, is the last organization. The
    address of a position's random numbers is the stable identity of its organization, and its row within it.
    """

    areas: tuple[str, ...]  # names of the K focal areas
    ids: tuple[str, ...]
    names: tuple[str, ...]
    organization: NDArray[np.int32] = column("P", np.int32, high="O")  # row of it
    unit: NDArray[np.int32] = column("P", np.int32, high="U")
    role: NDArray[np.int8] = column("P", np.int8, high=2)  # `Role`
    liaison: NDArray[np.bool_] = column("P", np.bool_)  # looks for contacts outside the agency
    # (market * 5 + level) * 3 + role; -1 for the TA center, whose experts come and go with the assistance
    labour_group: NDArray[np.int32] = column("P", np.int32, low=-1)
    hazard: NDArray[np.float64] = column("P")  # baseline exits per month, before season, tenure and climate
    position_identity: NDArray[np.uint64] = column("P", np.uint64)
    position_row: NDArray[np.uint64] = column("P", np.uint64)
    first: NDArray[np.int32] = column("O+1", np.int32, high="P+1")  # first position of each organization
    unit_first: NDArray[np.int32] = column("U+1", np.int32, high="P+1")  # and of each unit
    level: NDArray[np.int8] = column("O", np.int8, high=4)  # `Level`
    parent: NDArray[np.int32] = column("O", np.int32, low=-1, high="O")  # row of it, -1 for none
    child_first: NDArray[np.int32] = column("O+1", np.int32, high="O+1")
    child: NDArray[np.int32] = column("D", np.int32, high="O")  # roots are in no list
    market: NDArray[np.int32] = column("O", np.int32)  # the state, whose applicants its agencies share
    identity: NDArray[np.uint64] = column("O", np.uint64)
    enrollment: NDArray[np.float64] = column("O")  # pupils
    weight: NDArray[np.float64] = column("O")  # of sampling: agencies of the population that it stands for
    family_weight: NDArray[np.float64] = column("O")  # the same among those right below its own parent
    allocation: NDArray[np.float64] = column("O")  # what it weighs in the division of hours, beside the targeting
    # before any change of structure: positions that stood for the agencies now below it, and regional layers above it;
    # what help from above is measured by
    usual_positions: NDArray[np.float64] = column("O")
    usual_layers: NDArray[np.int8] = column("O", np.int8)
    sparse: NDArray[np.bool_] = column("O", np.bool_)
    size_group: NDArray[np.int8] = column("O", np.int8, low=-1, high=2)  # small, medium, large; -1 no district
    poverty_share: NDArray[np.float64] = column("O", low=-1.0, high=1.0)  # of children; -1 unknown
    annual_exit: NDArray[np.float64] = column("O", low=-1.0, high=1.0)  # of its staff, where known; -1 as declared
    leader_annual_exit: NDArray[np.float64] = column("O", low=-1.0, high=1.0)  # the same of its leader
    # weight of each area in outcomes that are linked to use, in sum 1, or 0 without a link; and how poor a district is,
    # around 0, 1 from the mean of the richest quarter to that of the poorest
    teacher_equity_link: NDArray[np.float64] = column("K", high=1.0)
    materials_link: NDArray[np.float64] = column("K", high=1.0)
    achievement_gap_link: NDArray[np.float64] = column("K", high=1.0)
    disadvantage: NDArray[np.float64] = column("O", low=-math.inf)
    # records of areas: added to prerequisites, multiples of parameters, weight of people (capsim/scenario/own.py)
    area_prerequisite: NDArray[np.float64] = column("K", low=-1.0, high=1.0)
    area_codifiable: NDArray[np.float64] = column("K")
    area_disuse: NDArray[np.float64] = column("K")
    area_lag: NDArray[np.float64] = column("K")
    area_people: NDArray[np.float64] = column("K", high=1.0)
    # lasting effects of the agency on the targets of its climate
    culture_effect: NDArray[np.float64] = column("O", low=-math.inf)
    engagement_effect: NDArray[np.float64] = column("O", low=-math.inf)
    data_systems_effect: NDArray[np.float64] = column("O", low=-math.inf)
    expertise_effect: NDArray[np.float64] = column("O K", low=-math.inf)  # on the ceiling of skill by area
    codification_factor: NDArray[np.float64] = column("O K")  # on what it writes down, mean 1
    relevance: NDArray[np.float64] = column("O K", high=1.0)  # how much an area matters to the agency; sums to 1

    @property
    def center(self) -> tuple[int, int]:
        """First and last (not included) position of the TA center; (P, P) without one."""
        P = self.n_positions
        if self.agencies == self.n_organizations:
            return P, P
        return int(self.first[-2]), P

    @property
    def agencies(self) -> int:
        """Organizations that can receive assistance: all rows before the TA center."""
        return len(self.level) - int(len(self.level) > 0 and self.level[-1] == CENTER)

    @property
    def n_positions(self) -> int:
        """P, number of positions."""
        return len(self.organization)

    @property
    def n_organizations(self) -> int:
        """O, number of organizations."""
        return len(self.level)

    @property
    def n_areas(self) -> int:
        """K, number of focal areas."""
        return len(self.areas)
