"""What never changes in a world: positions, agencies, units and the tree of agencies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.levels import CENTER
from capsim.world.schema import column


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
    # records of areas: added to prerequisites, multiples of parameters, weight of people (capsim/scenario/areas.py)
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
