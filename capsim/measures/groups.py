"""Groups of agencies, and the means of measures over them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import weighted
from capsim.catalogue.measures import DISTRICTS
from capsim.kernels import inner
from capsim.levels import CENTER, ESA, LEA, SCHOOL, SEA
from capsim.world import Layout

if TYPE_CHECKING:
    from capsim.scenario import AgencyTable

GROUPS = (
    *("all", "sea", "esa", "lea", "lea_small", "lea_medium", "lea_large", "lea_sparse", "lea_other", "school"),
    *("lea_by_pupils", "lea_by_positions", "lea_poorest", "lea_richest"),
)
"""Groups of agencies in the records: all without the TA center; levels; districts below 1,000, to 4,999 and from 5,000
pupils; sparse districts and the others; schools. Every agency of these counts the same. Then the districts once more,
counted by their pupils and by their positions; and the quarters of them with the most and the fewest children in
poverty, where that is known.
"""

ASKED = ("asked", "asked_by_pupils", "asked_by_positions")
"""Groups that come after them where a question is about other agencies than all districts: those asked about, counted
in the same three ways.
"""


class Groups(NamedTuple):
    """Members of each group."""

    first: NDArray[np.int32]  # (G + 1,)
    member: NDArray[np.int32]  # (n,) rows of organizations, group by group
    # (n,) what each member counts: the agencies that it stands for in a sample, by pupils or positions times these
    weight: NDArray[np.float64]


def groups_of(layout: Layout, asked: NDArray[np.bool_] | None = None) -> Groups:
    """`GROUPS` of a layout; a group can be empty. With `asked`, (O,), who a question is about, `ASKED` as well."""
    lea = layout.level == LEA
    levels = {"all": layout.level > CENTER, "sea": layout.level == SEA, "esa": layout.level == ESA}
    levels |= {"school": layout.level == SCHOOL, "lea_by_pupils": lea, "lea_by_positions": lea, "lea": lea}
    inside = levels | parts_of(layout)
    masks = [inside[name] for name in GROUPS]
    names: tuple[str, ...] = GROUPS
    if asked is not None:
        masks += [asked] * len(ASKED)
        names = (*GROUPS, *ASKED)
    members = [np.flatnonzero(mask).astype(np.int32) for mask in masks]
    member = np.concatenate(members)
    first = np.concatenate([[0], np.cumsum([len(m) for m in members])]).astype(np.int32)
    weight = layout.weight[member]
    for name, size in (("pupils", layout.enrollment), ("positions", np.diff(layout.first))):
        for group in ("lea", "asked") if asked is not None else ("lea",):
            g = names.index(weighted(group, name))
            own = slice(first[g], first[g + 1])
            weight[own] *= size[member[own]]
    return Groups(first, member, weight)


def parts_of(agencies: Layout | AgencyTable) -> dict[str, NDArray[np.bool_]]:
    """Who is in each of `DISTRICTS`, (n,)."""
    lea = agencies.level == LEA
    size = [lea & (agencies.size_group == group) for group in range(3)]
    quarters = poverty_quarters(agencies.level, agencies.poverty_share, agencies.weight)
    return dict(zip(DISTRICTS, (*size, lea & agencies.sparse, lea & ~agencies.sparse, *quarters), strict=True))


def poverty_quarters(
    level: NDArray[np.int8], poverty_share: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The poorest and the richest quarter of districts, by the share of children in poverty; districts of which it is
    unknown (below 0) are in neither. In a sample each counts for those that it stands for.
    """
    known = np.flatnonzero((level == LEA) & (poverty_share >= 0.0))
    order = known[np.argsort(poverty_share[known], kind="stable")]
    place = (np.cumsum(weight[order]) - 0.5 * weight[order]) / max(weight[order].sum(), 1e-300)
    poorest, richest = np.zeros(len(level), np.bool_), np.zeros(len(level), np.bool_)
    poorest[order[place >= 0.75]] = True
    richest[order[place <= 0.25]] = True
    return poorest, richest


def disadvantage(
    level: NDArray[np.int8], poverty_share: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How poor each district is: 0 at the mean of districts, 1 from the mean of the richest quarter to that of the
    poorest. 0 where poverty is unknown, and for other agencies.
    """
    poorest, richest = poverty_quarters(level, poverty_share, weight)
    tilt, known = np.zeros(len(level)), (level == LEA) & (poverty_share >= 0.0)
    if not poorest.any() or not richest.any():
        return tilt
    mean, high, low = (np.average(poverty_share[who], weights=weight[who]) for who in (known, poorest, richest))
    if high > low:
        tilt[known] = (poverty_share[known] - mean) / (high - low)
    return tilt


@inner
def group_means(measured, first, member, weight, out):
    """Weighted means over the members that define a measure, (groups * measures,); NaN for none."""
    N, O = measured.shape
    of_agency, total, mass = np.empty((O, N)), np.empty(N), np.empty(N)
    for j in range(O):
        for n in range(N):
            of_agency[j, n] = measured[n, j]
    for g in range(len(first) - 1):
        total[:], mass[:] = 0.0, 0.0
        for r in range(first[g], first[g + 1]):
            row, counts = of_agency[member[r]], weight[r]
            for n in range(N):  # all measures at once, which the compiler does several at a time
                known = not math.isnan(row[n])
                total[n] += counts * row[n] if known else 0.0
                mass[n] += counts if known else 0.0
        for n in range(N):
            out[g * N + n] = total[n] / mass[n] if mass[n] > 0.0 else np.nan
