"""Records: every measure as a weighted mean over groups of agencies, once a month."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import MEASURES
from capsim.kernels import kernel
from capsim.levels import Level
from capsim.measures.organizations import measure_organizations
from capsim.parameters import Values
from capsim.world import Layout, World

__all__ = ["GROUPS", "Groups", "Recorder"]

GROUPS = ("all", "sea", "esa", "lea", "lea_small", "lea_medium", "lea_large", "lea_sparse", "lea_other", "school")
"""Groups of agencies in the records: all without the TA center; levels; districts below 1,000, to 4,999 and from 5,000
pupils; sparse districts and the others; schools."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Members of each group.

    Attributes
    ----------
    first : (G + 1,) int32
    member : (n,) int32
        Rows of organizations, group by group.
    weight : (n,) float64
        Sampling weight of each member.
    """

    first: NDArray[np.int32]
    member: NDArray[np.int32]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, layout: Layout) -> Groups:
        """Groups of a layout; a group can be empty."""
        lea = layout.level == Level.LEA
        masks = [
            layout.level > Level.CENTER,
            layout.level == Level.SEA,
            layout.level == Level.ESA,
            lea,
            lea & (layout.size_group == 0),
            lea & (layout.size_group == 1),
            lea & (layout.size_group == 2),
            lea & layout.sparse,
            lea & ~layout.sparse,
            layout.level == Level.SCHOOL,
        ]
        members = [np.flatnonzero(mask).astype(np.int32) for mask in masks]
        member = np.concatenate(members)
        first = np.concatenate([[0], np.cumsum([len(m) for m in members])]).astype(np.int32)
        return cls(first, member, layout.weight[member])


@kernel
def _group_means(measured, first, member, weight, out):
    """Weighted means over the members that define a measure, (groups, measures); NaN for none."""
    for g in range(len(first) - 1):
        for n in range(measured.shape[0]):
            total, mass = 0.0, 0.0
            for r in range(first[g], first[g + 1]):
                value = measured[n, member[r]]
                if not math.isnan(value):
                    total += weight[r] * value
                    mass += weight[r]
            out[g, n] = total / mass if mass > 0.0 else np.nan


class Recorder:
    """Keeps the record of one run.

    Parameters
    ----------
    layout : Layout
    months : int
        Months that will be recorded.
    moments : tuple of int
        Months after which the measures of every organization are kept.

    Attributes
    ----------
    monthly : (months, len(GROUPS), len(MEASURES)) float64
        NaN is undefined.
    by_organization : dict of int to (len(MEASURES), O) float64
        The kept moments.
    """

    def __init__(self, layout: Layout, *, months: int, moments: tuple[int, ...] = ()) -> None:
        self._groups = Groups.of(layout)
        self._moments = frozenset(moments)
        self.monthly = np.full((months, len(GROUPS), len(MEASURES)), np.nan)
        self.by_organization: dict[int, NDArray[np.float64]] = {}

    def record(self, world: World, values: Values, month: int) -> None:
        """Record the state at the end of a month (0 is the first)."""
        measured = measure_organizations(world, values)
        groups = self._groups
        _group_means(measured, groups.first, groups.member, groups.weight, self.monthly[month])
        if month + 1 in self._moments:
            self.by_organization[month + 1] = measured
