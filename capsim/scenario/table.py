"""The table of agencies of a world: a row per organization, parents before children. Knows no source."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

__all__ = ["AgencyTable"]


def _unknown() -> NDArray[np.float64]:
    return np.empty(0)  # as long as the table, and nan, once that is known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgencyTable:
    """Agencies of one world, as read-only columns of length n.

    Parameters
    ----------
    id : (n,) str
        LEAID where the agency has one.
    name, state : (n,) str
    level : (n,) int8
        1 SEA, 2 ESA, 3 LEA, 4 school.
    parent : (n,) int32
        Row of the parent, always smaller than the own row; -1 for none.
    enrollment : (n,) float64
        Pupils; of an SEA or ESA with districts, the sum over all districts served, sampled or not.
    density : (n,) float64
        Pupils per km2 of land; nan where unknown.
    sparse : (n,) bool
        LEAs in the lowest third of density among their state's LEAs.
    size_group : (n,) int8
        0 below 1,000 pupils, 1 below 5,000, 2 from 5,000; -1 for others than LEAs.
    positions : (n,) int32
        Budgeted positions, at least 1.
    weight : (n,) float64
        How many agencies of the population the row stands for; a school has the weight of its district.
    poverty_share, wage_index : (n,) float64
        Share of children in poverty; what it costs to hire educated workers, 1 the national average. Of districts of
        the packaged table, nan elsewhere; no rule reads them yet.
    notes : tuple of str
        What is illustrative or assumed about these agencies, one sentence each, for reports.
    """

    id: NDArray[np.str_]
    name: NDArray[np.str_]
    state: NDArray[np.str_]
    level: NDArray[np.int8]
    parent: NDArray[np.int32]
    enrollment: NDArray[np.float64]
    density: NDArray[np.float64]
    sparse: NDArray[np.bool_]
    size_group: NDArray[np.int8]
    positions: NDArray[np.int32]
    weight: NDArray[np.float64]
    poverty_share: NDArray[np.float64] = field(default_factory=_unknown)
    wage_index: NDArray[np.float64] = field(default_factory=_unknown)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("poverty_share", "wage_index"):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.full(len(self.id), np.nan))
        for column in fields(self):
            value = getattr(self, column.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.id)

    def row_of(self, identity: str) -> int:
        """Row of an agency.

        Raises
        ------
        KeyError
            If no agency has this id.
        """
        found = np.flatnonzero(self.id == identity)
        if not len(found):
            raise KeyError(identity)
        return int(found[0])
