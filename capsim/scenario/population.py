"""Agencies before staffing and sampling: plain records, in an order that does not depend on the file's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.levels import LEA

__all__ = ["Agency", "Population", "arranged"]


class Agency(NamedTuple):
    """One agency as a source gives it.

    `positions` is 0 where the staffing formula decides; unknown places and areas are nan; `parent` is an id
    or "".
    """

    id: str
    name: str
    state: str
    level: int
    parent: str = ""
    enrollment: float = 0.0
    lat: float = nan
    lon: float = nan
    land_km2: float = nan
    positions: int = 0
    weight: float = 1.0
    poverty_share: float = nan
    wage_index: float = nan


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Every agency of a source, parents before children.

    Parameters
    ----------
    agencies : tuple of Agency
        Ordered by level, depth within the level, state and id, whatever the order of the file.
    parent : (n,) int32
        Row of the parent, -1 for none.
    enrollment : (n,) float64
        Pupils; of an agency with districts below it, their sum.
    notes : tuple of str
        What is illustrative or assumed.
    """

    agencies: tuple[Agency, ...]
    parent: NDArray[np.int32]
    enrollment: NDArray[np.float64]
    notes: tuple[str, ...]

    @property
    def level(self) -> NDArray[np.int8]:
        """Level of each agency, (n,)."""
        return np.array([agency.level for agency in self.agencies], dtype=np.int8)

    def sum_served(self, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over all LEAs below each agency, and over itself where it is one; (n,)."""
        total = np.where(self.level == LEA, amount, 0.0)
        for row in range(len(total) - 1, -1, -1):
            if self.parent[row] >= 0:
                total[self.parent[row]] += total[row]
        return total


def arranged(agencies: Iterable[Agency], notes: Sequence[str] = ()) -> Population:
    """Order agencies and sum enrolment upwards.

    Parameters
    ----------
    agencies : iterable of Agency
        With unique ids and parents that exist, without cycles.
    notes : sequence of str
        What is illustrative or assumed.
    """
    by_id = {agency.id: agency for agency in agencies}

    def depth(agency: Agency) -> int:
        inside_level = bool(agency.parent) and by_id[agency.parent].level == agency.level
        return 1 + depth(by_id[agency.parent]) if inside_level else 0

    ordered = sorted(by_id.values(), key=lambda agency: (agency.level, depth(agency), agency.state, agency.id))
    row = {agency.id: position for position, agency in enumerate(ordered)}
    parent = np.array([row.get(agency.parent, -1) for agency in ordered], dtype=np.int32)
    given = np.array([agency.enrollment for agency in ordered], dtype=np.float64)
    bare = Population(tuple(ordered), parent, given, tuple(notes))
    has_lea = bare.sum_served(np.ones(len(ordered))) > 0
    return Population(bare.agencies, parent, np.where(has_lea, bare.sum_served(given), given), bare.notes)
