"""What changes in a world: one column per state, one row per position or organization.

Every column stands in two places that are the same memory: as a numpy array of `World` (and of its layout, pool and
bank), for Python; and as a field of ``world.arrays``, one numba structure, for kernels. A kernel takes it as `w` and
names what it uses, ``skill = w.skill``; columns of the pool and the bank are ``w.pool_person``, ``w.bank_skill``. A
column may be written in place or replaced by assignment. Kernels return nothing that shares memory with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import from_dtype, types
from numpy.typing import NDArray

from capsim.structures import Structure, structure
from capsim.world.schema import MAX_TIES, Column, Layout, as_column, column, columns_of

LONG_AGO = 1_000_000
"""Months since a leader's exit when there was none."""
SPARE_APPLICANTS = 16
"""Rows of the pool of applicants beyond one for every position."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Profiles of newcomers of one replicate, picked by one keyed uniform number."""

    skill: NDArray[np.float64] = column("B K", high=1.0)
    disposition: NDArray[np.float64] = column("B K", high=1.0)


@dataclass(frozen=True, slots=True)
class Pool:
    """Leavers who look for another position in their state; the first `count[0]` rows are filled."""

    count: NDArray[np.int64] = column("1", np.int64, high="C+1")
    person: NDArray[np.int64] = column("C", np.int64, low=-1)
    group: NDArray[np.int32] = column("C", np.int32, low=-1)  # labour group; -1 once hired
    origin: NDArray[np.int32] = column("C", np.int32, low=-1, high="O")  # organization that was left
    months_left: NDArray[np.int32] = column("C", np.int32)
    key: NDArray[np.float64] = column("C", high=1.0)  # place in [0, 1) by which a vacancy finds its candidate
    skill: NDArray[np.float64] = column("C K", high=1.0)
    disposition: NDArray[np.float64] = column("C K", high=1.0)
    tie_to: NDArray[np.int32] = column("C M", np.int32, low=-1, high="P")
    tie_person: NDArray[np.int64] = column("C M", np.int64, low=-1)  # who held that position at the exit
    tie_strength: NDArray[np.float64] = column("C M", high=1.0)

    @classmethod
    def empty(cls, capacity: int, n_areas: int) -> Pool:
        """Pool without applicants; what nobody has filled takes no memory."""
        sizes = {"C": capacity, "K": n_areas, "M": MAX_TIES, "1": 1}
        return cls(**{name: np.zeros(declared.of(sizes), declared.dtype) for name, declared in columns_of(cls).items()})

    def copy(self) -> Pool:
        """Independent copy of the applicants."""
        pool, filled = Pool.empty(len(self.person), self.skill.shape[1]), int(self.count[0])
        pool.count[0] = filled
        for name in POOL_COLUMNS:
            getattr(pool, name)[:filled] = getattr(self, name)[:filled]
        return pool


@dataclass(eq=False)
class World:
    """State of P positions and O organizations at the start of a month. Rows of vacant positions are zero, ties -1.

    Attributes
    ----------
    layout : Layout
    bank : Bank
    pool : Pool
    clock : (1,) int64
        `month`: months since assistance began; settling runs before, on a clock of its own.
    next_person : (1,) int64
    shock_months : (1,) int32
        Months left of a turnover shock.
    person : (P,) int64
        Holder, -1 while vacant.
    tenure, vacant_months : (P,) int32
        Months of the holder in the position; months without a holder.
    skill, disposition, priority, attention : (P, K) float64
    engagement : (P,) float64
    tie_to : (P, M) int32
        Position of each contact, -1 for a free slot.
    tie_strength : (P, M) float64
    consulted : (P,) int8
        Slot of the tie consulted this month, -1 for none.
    recipient_hours : (P,) float64
        Hours spent on assistance this month.
    practice, lessons : (P, K) float64
        Hours of help in each area this month, by other than universal activities; units of activities that taught
        something there, since in the position.
    outdated : (P, K) float64
        Share of skill that reforms have made outdated.
    routine, plan, use, use_unmultiplied : (O, K) float64
    enacted, provisional : (O, K) float64
        Routine times its enactment; part of the routine that is not institutional yet.
    outdated_routine : (O, K) float64
        Share of the routine that reforms have made outdated.
    supported : (O, K) bool
        Whether help built the routine this month.
    helped : (O, K) float64
        Hours of help asked per person so far.
    culture, data_systems, funding : (O,) float64
    resource_alignment : (O,) float64
        How far finances, data systems and personnel follow the agency's plan.
    finances, personnel : (O, K) float64
        Shares of the agency's money and of its positions that serve each area; evenly where they do not follow plans.
    committed : (O,) float64
        Share of staff time that is committed to compliance.
    leader_left : (O,) bool
        This month.
    leader_exit_age : (O,) int32
        Months since the leader left.
    exits, areas_served : (O,) int32
        Leavers this month; focal areas on which assistance was given this month.
    outside_initiatives : (O,) int32
        Initiatives of others on which the agency works.
    load : (O,) float64
        Initiatives that the help of this month amounts to.
    ta_hours : (O,) float64
        Hours of assistance received this month.
    support : (O, K) float64
        Help from the agencies above this month, 1 as usual.
    support_time, support_plan, support_alignment, support_quality : (O,) float64
        Its factors: free time of those above, how far their plans go where they are able, alignment with them, and how
        able they are, 1 as usual.
    first_year_teachers, materials, achievement, backing : (O,) float64
        Of districts, where outcomes are linked to use: share of teachers in their first year, share who use aligned
        materials, pupils' achievement in standard deviations; hours of help per position that still stand behind the
        materials.
    """

    layout: Layout
    bank: Bank
    pool: Pool
    clock: NDArray[np.int64] = column("1", np.int64, low=-1)
    next_person: NDArray[np.int64] = column("1", np.int64)
    shock_months: NDArray[np.int32] = column("1", np.int32)
    person: NDArray[np.int64] = column("P", np.int64, low=-1, empty=-1)
    tenure: NDArray[np.int32] = column("P", np.int32)
    vacant_months: NDArray[np.int32] = column("P", np.int32)
    skill: NDArray[np.float64] = column("P K", high=1.0)
    disposition: NDArray[np.float64] = column("P K", high=1.0)
    priority: NDArray[np.float64] = column("P K", high=1.0)
    attention: NDArray[np.float64] = column("P K", high=1.0)
    engagement: NDArray[np.float64] = column("P", high=1.0)
    tie_to: NDArray[np.int32] = column("P M", np.int32, low=-1, high="P", empty=-1)
    tie_strength: NDArray[np.float64] = column("P M", high=1.0)
    consulted: NDArray[np.int8] = column("P", np.int8, low=-1, high="M", empty=-1)
    recipient_hours: NDArray[np.float64] = column("P")
    practice: NDArray[np.float64] = column("P K")
    lessons: NDArray[np.float64] = column("P K")
    outdated: NDArray[np.float64] = column("P K", high=1.0)
    routine: NDArray[np.float64] = column("O K", high=1.0)
    enacted: NDArray[np.float64] = column("O K", high=1.0)
    provisional: NDArray[np.float64] = column("O K", high=1.0)
    outdated_routine: NDArray[np.float64] = column("O K", high=1.0)
    supported: NDArray[np.bool_] = column("O K", np.bool_)
    helped: NDArray[np.float64] = column("O K")
    plan: NDArray[np.float64] = column("O K", high=1.0)
    use: NDArray[np.float64] = column("O K", high=1.0)
    use_unmultiplied: NDArray[np.float64] = column("O K", high=1.0)
    culture: NDArray[np.float64] = column("O", high=1.0)
    data_systems: NDArray[np.float64] = column("O", high=1.0)
    funding: NDArray[np.float64] = column("O", high=1.0, empty=1.0)
    resource_alignment: NDArray[np.float64] = column("O", high=1.0)
    finances: NDArray[np.float64] = column("O K", high=1.0)
    personnel: NDArray[np.float64] = column("O K", high=1.0)
    committed: NDArray[np.float64] = column("O", high=1.0)
    leader_left: NDArray[np.bool_] = column("O", np.bool_)
    leader_exit_age: NDArray[np.int32] = column("O", np.int32, empty=LONG_AGO)
    exits: NDArray[np.int32] = column("O", np.int32)
    areas_served: NDArray[np.int32] = column("O", np.int32)
    outside_initiatives: NDArray[np.int32] = column("O", np.int32)
    load: NDArray[np.float64] = column("O")
    ta_hours: NDArray[np.float64] = column("O")
    support: NDArray[np.float64] = column("O K", empty=1.0)
    support_time: NDArray[np.float64] = column("O", empty=1.0)
    support_plan: NDArray[np.float64] = column("O", empty=1.0)
    support_alignment: NDArray[np.float64] = column("O", empty=1.0)
    support_quality: NDArray[np.float64] = column("O", empty=1.0)
    first_year_teachers: NDArray[np.float64] = column("O", high=1.0)
    materials: NDArray[np.float64] = column("O", high=1.0)
    achievement: NDArray[np.float64] = column("O", low=-math.inf)
    backing: NDArray[np.float64] = column("O")
    _arrays: Structure | None = field(default=None, init=False, repr=False)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name in _REPLACED:
            object.__setattr__(self, "_arrays", None)

    @property
    def month(self) -> int:
        """Months since assistance began."""
        return int(self.clock[0])

    @month.setter
    def month(self, month: int) -> None:
        self.clock[0] = month

    @property
    def sizes(self) -> dict[str, int]:
        """Lengths of the sides of columns by letter."""
        layout = self.layout
        P, O, U = len(layout.organization), len(layout.level), len(layout.unit_first) - 1
        C, B = len(self.pool.person), len(self.bank.skill)
        more = {"P+1": P + 1, "O+1": O + 1, "U+1": U + 1, "C+1": C + 1, "D": len(layout.child), "1": 1}
        return {"P": P, "O": O, "U": U, "K": len(layout.areas), "M": MAX_TIES, "B": B, "C": C, **more}

    @property
    def arrays(self) -> Structure:
        """All columns as one argument of kernels; the same memory.

        Raises
        ------
        InputError
            If a column that was put in has the wrong shape or type.
        """
        if self._arrays is None:
            self._arrays = _compiled(self)
        return self._arrays

    @classmethod
    def vacant(cls, layout: Layout, bank: Bank) -> World:
        """World in which nobody holds a position and no agency has anything yet."""
        P, O, K = layout.n_positions, layout.n_organizations, layout.n_areas
        pool = Pool.empty(P + SPARE_APPLICANTS, K)
        world = cls(layout=layout, bank=bank, pool=pool, **_empty(cls, {"P": P, "O": O, "K": K, "M": MAX_TIES, "1": 1}))
        for shares in (world.plan, world.finances, world.personnel):
            shares[:] = 1.0 / K
        return world

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Every changing array but the clock with its name; those of the pool are named ``pool.<column>``."""
        for name in WORLD_COLUMNS:
            if name != "clock":
                yield name, getattr(self, name)
        for name in POOL_COLUMNS:
            yield f"pool.{name}", getattr(self.pool, name)

    def copy(self) -> World:
        """Independent copy of the state; what never changes is shared."""
        own = {name: getattr(self, name).copy() for name in WORLD_COLUMNS}
        return World(layout=self.layout, bank=self.bank, pool=self.pool.copy(), **own)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_arrays": None}


def _empty(kind: Any, sizes: Mapping[str, int]) -> dict[str, NDArray[Any]]:
    """Columns of a world without people."""
    return {
        name: np.full(declared.of(sizes), declared.empty, declared.dtype) for name, declared in columns_of(kind).items()
    }


LAYOUT_COLUMNS, BANK_COLUMNS, POOL_COLUMNS, WORLD_COLUMNS = map(columns_of, (Layout, Bank, Pool, World))
COLUMNS: Mapping[str, Column] = {
    **WORLD_COLUMNS,
    **LAYOUT_COLUMNS,
    **{f"pool_{name}": declared for name, declared in POOL_COLUMNS.items()},
    **{f"bank_{name}": declared for name, declared in BANK_COLUMNS.items()},
    "before": Column(np.dtype(np.float64), ("P", "K"), -np.inf, np.inf, 0.0),
}
"""Every column by the name that kernels know it by; `before` is room for one column as it was, and no state."""

_REPLACED = {*WORLD_COLUMNS, "layout", "pool", "bank"}


_TYPE = structure("World", {name: types.Array(from_dtype(c.dtype), len(c.shape), "C") for name, c in COLUMNS.items()})


def _compiled(world: World) -> Structure:
    """The structure of a world; columns that kernels cannot take as they are become such that they can."""
    sizes, columns = world.sizes, {}
    for part, prefix, declared in (
        (world, "", WORLD_COLUMNS),
        (world.layout, "", LAYOUT_COLUMNS),
        (world.pool, "pool_", POOL_COLUMNS),
        (world.bank, "bank_", BANK_COLUMNS),
    ):
        for name, kind in declared.items():
            array = getattr(part, name)
            fitting = as_column(prefix + name, kind, array, sizes)
            if fitting is not array:
                object.__setattr__(part, name, fitting)
            columns[prefix + name] = fitting
    columns["before"] = np.empty(COLUMNS["before"].of(sizes))
    return _TYPE.holding(columns)
