"""What never changes in a world: positions, agencies, units and the tree of agencies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.levels import CENTER, LEA
from capsim.world.schema import column


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Fixed columns of a world with P positions, O organizations and U units; positions lie contiguous by unit and
    organization.

    The TA center, if there is one, is the last organization.

    Attributes
    ----------
    areas : tuple of str
        Names of the K focal areas.
    ids, names : tuple of str
        Of each organization.
    organization, unit : (P,) int32
        Row of the organization and of the unit of each position.
    role : (P,) int8
        `Role`. The first position of an organization is its leader.
    liaison : (P,) bool
        Positions that look for contacts outside the agency.
    labour_group : (P,) int32
        Labour market, level and role of the position as one number: ``(market * 5 + level) * 3 + role``; -1 for the
        TA center, whose experts come and go with the assistance.
    hazard : (P,) float64
        Baseline exit hazard per month, before season, tenure and climate.
    position_identity, position_row : (P,) uint64
        Address of the position's random numbers: identity of the organization, and row within it.
    first : (O + 1,) int32
        First position of each organization.
    unit_first : (U + 1,) int32
        First position of each unit.
    level : (O,) int8
    parent : (O,) int32
        Row of the parent, -1 for none.
    child_first, child : (O + 1,), (O,) int32
        Children of each organization; roots are in no list.
    market : (O,) int32
        Labour market (state) whose applicant pool the organization shares.
    identity : (O,) uint64
        Stable identity of the organization, from its id.
    enrollment, weight : (O,) float64
        Pupils; sampling weight.
    sparse : (O,) bool
    size_group : (O,) int8
        0 small, 1 medium, 2 large, -1 not a district.
    culture_effect, engagement_effect, data_systems_effect : (O,) float64
        Lasting effect of the agency on the targets of its climate.
    expertise_effect : (O, K) float64
        Lasting effect of the agency on the ceiling of skill by area.
    codification_factor : (O, K) float64
        Lasting factor of the agency on what it writes down, mean 1.
    """

    areas: tuple[str, ...]
    ids: tuple[str, ...]
    names: tuple[str, ...]
    organization: NDArray[np.int32] = column("P", np.int32, high="O")
    unit: NDArray[np.int32] = column("P", np.int32, high="U")
    role: NDArray[np.int8] = column("P", np.int8, high=2)
    liaison: NDArray[np.bool_] = column("P", np.bool_)
    labour_group: NDArray[np.int32] = column("P", np.int32, low=-1)
    hazard: NDArray[np.float64] = column("P")
    position_identity: NDArray[np.uint64] = column("P", np.uint64)
    position_row: NDArray[np.uint64] = column("P", np.uint64)
    first: NDArray[np.int32] = column("O+1", np.int32, high="P+1")
    unit_first: NDArray[np.int32] = column("U+1", np.int32, high="P+1")
    level: NDArray[np.int8] = column("O", np.int8, high=4)
    parent: NDArray[np.int32] = column("O", np.int32, low=-1, high="O")
    child_first: NDArray[np.int32] = column("O+1", np.int32, high="O+1")
    child: NDArray[np.int32] = column("D", np.int32, high="O")
    market: NDArray[np.int32] = column("O", np.int32)
    identity: NDArray[np.uint64] = column("O", np.uint64)
    enrollment: NDArray[np.float64] = column("O")
    weight: NDArray[np.float64] = column("O")
    sparse: NDArray[np.bool_] = column("O", np.bool_)
    size_group: NDArray[np.int8] = column("O", np.int8, low=-1, high=2)
    culture_effect: NDArray[np.float64] = column("O", low=-math.inf)
    engagement_effect: NDArray[np.float64] = column("O", low=-math.inf)
    data_systems_effect: NDArray[np.float64] = column("O", low=-math.inf)
    expertise_effect: NDArray[np.float64] = column("O K", low=-math.inf)
    codification_factor: NDArray[np.float64] = column("O K")

    @property
    def sampled_share(self) -> float:
        """Districts in the world as a share of those it stands for (by weights); 1 without a sample.

        A budget is meant for all of them, so a sampled world gets this share of it.
        """
        districts = self.level == LEA
        return float(districts.sum() / self.weight[districts].sum()) if districts.any() else 1.0

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
