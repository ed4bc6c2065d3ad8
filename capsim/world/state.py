"""What changes in a world: one column per state, one row per position or organization."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from capsim.world.layout import MAX_TIES, Layout

__all__ = ["Bank", "Pool", "World"]

LONG_AGO = 1_000_000
"""Months since a leader's exit when there was none."""


@dataclass(frozen=True, slots=True)
class Bank:
    """Profiles of newcomers of one replicate, picked by one keyed uniform number.

    Attributes
    ----------
    skill, disposition : (B, K) float64
    """

    skill: NDArray[np.float64]
    disposition: NDArray[np.float64]


@dataclass(slots=True)
class Pool:
    """Leavers who look for another position in their state; the first `count[0]` rows are filled.

    Attributes
    ----------
    count : (1,) int64
    person : (C,) int64
    group : (C,) int32
        Labour market, level and role as one number; -1 once hired.
    origin : (C,) int32
        Organization that the person left.
    months_left : (C,) int32
    key : (C,) float64
        Place in [0, 1) by which a vacancy finds its candidate.
    skill, disposition : (C, K) float64
    tie_to : (C, M) int32
    tie_person : (C, M) int64
        Who held the contact's position at the exit.
    tie_strength : (C, M) float64
    """

    count: NDArray[np.int64]
    person: NDArray[np.int64]
    group: NDArray[np.int32]
    origin: NDArray[np.int32]
    months_left: NDArray[np.int32]
    key: NDArray[np.float64]
    skill: NDArray[np.float64]
    disposition: NDArray[np.float64]
    tie_to: NDArray[np.int32]
    tie_person: NDArray[np.int64]
    tie_strength: NDArray[np.float64]

    @classmethod
    def empty(cls, capacity: int, n_areas: int) -> Pool:
        """Pool without applicants."""
        return cls(
            count=np.zeros(1, np.int64),
            person=np.full(capacity, -1, np.int64),
            group=np.full(capacity, -1, np.int32),
            origin=np.full(capacity, -1, np.int32),
            months_left=np.zeros(capacity, np.int32),
            key=np.zeros(capacity),
            skill=np.zeros((capacity, n_areas)),
            disposition=np.zeros((capacity, n_areas)),
            tie_to=np.full((capacity, MAX_TIES), -1, np.int32),
            tie_person=np.full((capacity, MAX_TIES), -1, np.int64),
            tie_strength=np.zeros((capacity, MAX_TIES)),
        )


@dataclass(slots=True)
class World:
    """State of P positions and O organizations at the start of a month. Rows of vacant positions are zero, ties -1.

    Attributes
    ----------
    layout : Layout
    bank : Bank
    pool : Pool
    month : int
        Months since assistance began; settling runs before, on a clock of its own.
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
    routine, plan, use, use_unmultiplied : (O, K) float64
    culture, data_systems, funding : (O,) float64
    resource_alignment : (O,) float64
        How far finances, data systems and personnel follow the agency's plan.
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
    ta_hours : (O,) float64
        Hours of assistance received this month.
    """

    layout: Layout
    bank: Bank
    pool: Pool
    month: int
    next_person: NDArray[np.int64]
    shock_months: NDArray[np.int32]
    person: NDArray[np.int64]
    tenure: NDArray[np.int32]
    vacant_months: NDArray[np.int32]
    skill: NDArray[np.float64]
    disposition: NDArray[np.float64]
    priority: NDArray[np.float64]
    attention: NDArray[np.float64]
    engagement: NDArray[np.float64]
    tie_to: NDArray[np.int32]
    tie_strength: NDArray[np.float64]
    consulted: NDArray[np.int8]
    recipient_hours: NDArray[np.float64]
    routine: NDArray[np.float64]
    plan: NDArray[np.float64]
    use: NDArray[np.float64]
    use_unmultiplied: NDArray[np.float64]
    culture: NDArray[np.float64]
    data_systems: NDArray[np.float64]
    funding: NDArray[np.float64]
    resource_alignment: NDArray[np.float64]
    committed: NDArray[np.float64]
    leader_left: NDArray[np.bool_]
    leader_exit_age: NDArray[np.int32]
    exits: NDArray[np.int32]
    areas_served: NDArray[np.int32]
    outside_initiatives: NDArray[np.int32]
    ta_hours: NDArray[np.float64]

    @classmethod
    def vacant(cls, layout: Layout, bank: Bank) -> World:
        """World in which nobody holds a position and no agency has anything yet."""
        P, O, K = layout.n_positions, layout.n_organizations, layout.n_areas
        return cls(
            layout=layout,
            bank=bank,
            pool=Pool.empty(P + 16, K),
            month=0,
            next_person=np.zeros(1, np.int64),
            shock_months=np.zeros(1, np.int32),
            person=np.full(P, -1, np.int64),
            tenure=np.zeros(P, np.int32),
            vacant_months=np.zeros(P, np.int32),
            skill=np.zeros((P, K)),
            disposition=np.zeros((P, K)),
            priority=np.zeros((P, K)),
            attention=np.zeros((P, K)),
            engagement=np.zeros(P),
            tie_to=np.full((P, MAX_TIES), -1, np.int32),
            tie_strength=np.zeros((P, MAX_TIES)),
            consulted=np.full(P, -1, np.int8),
            recipient_hours=np.zeros(P),
            routine=np.zeros((O, K)),
            plan=np.full((O, K), 1.0 / K),
            use=np.zeros((O, K)),
            use_unmultiplied=np.zeros((O, K)),
            culture=np.zeros(O),
            data_systems=np.zeros(O),
            funding=np.ones(O),
            resource_alignment=np.zeros(O),
            committed=np.zeros(O),
            leader_left=np.zeros(O, np.bool_),
            leader_exit_age=np.full(O, LONG_AGO, np.int32),
            exits=np.zeros(O, np.int32),
            areas_served=np.zeros(O, np.int32),
            outside_initiatives=np.zeros(O, np.int32),
            ta_hours=np.zeros(O),
        )

    def columns(self) -> Iterator[tuple[str, NDArray]]:
        """Every changing array with its name; those of the pool are named ``pool.<column>``."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                yield field.name, value
        for field in fields(self.pool):
            yield f"pool.{field.name}", getattr(self.pool, field.name)

    def copy(self) -> World:
        """Independent copy of the state; what never changes is shared."""
        twin = copy.copy(self)
        twin.pool = copy.copy(self.pool)
        for name, value in self.columns():
            owner, column = (twin.pool, name[5:]) if name.startswith("pool.") else (twin, name)
            setattr(owner, column, value.copy())
        return twin
