"""Recipients: which agencies a composition serves, and how hours are divided among their levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.view import View
from capsim.catalogue import Recipe
from capsim.levels import AGENCY_LEVELS

__all__ = ["Recipients", "agencies_below", "find_recipients"]

_BELOW = ("esa", "lea", "school")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Agencies that are served.

    Attributes
    ----------
    rows : (R,) int64
        Ascending.
    groups : tuple of ((R,) bool, float)
        Who is in each group, and the share of the hours that the group gets, more than 0.
    cascades : bool
        Whether they pass on what they get.
    reached : (n,) int64
        The recipients, and with a cascade all agencies below them; ascending.
    head : (n,) int64
        For each of these the place in `rows` of the recipient at whose top the chain begins; without a cascade
        everybody is their own head.
    """

    rows: NDArray[np.int64]
    groups: tuple[tuple[NDArray[np.bool_], float], ...]
    cascades: bool
    reached: NDArray[np.int64]
    head: NDArray[np.int64]

    def divide(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Shares of the hours by agency and area, (R, K), and by agency, (R,).

        A group without any weight gives its share to the others. The shares sum to 1, or to 0 when nobody has a weight.
        """
        totals = [float(weights[members].sum()) for members, _ in self.groups]
        whole = sum(share for (_, share), total in zip(self.groups, totals, strict=True) if total > 0.0)
        by_area, by_agency = np.zeros_like(weights), np.zeros(len(weights))
        for (members, share), total in zip(self.groups, totals, strict=True):
            if total > 0.0:
                by_area[members] = weights[members] / total * (share / whole)
                by_agency[members] = weights[members].sum(axis=1) / total * (share / whole)
        return by_area, by_agency


def find_recipients(composition: Recipe, view: View) -> Recipients:
    """Agencies that the composition serves in this world: of its levels, with positions.

    A cascade without agencies of its levels goes through the parents of districts; without parents, districts are
    served directly.
    """
    levels = composition.recipients
    shares = levels if isinstance(levels, Mapping) else dict.fromkeys(levels, 1.0)
    codes = {AGENCY_LEVELS[level]: float(share) for level, share in shares.items() if share > 0.0}
    rows = _of_levels(view, codes)
    cascades = composition.chain == "cascade"
    if cascades and not len(rows):
        rows = _of_levels(view, (AGENCY_LEVELS["lea"],))
        parents = np.unique(view.parent[rows]).astype(np.int64)
        parents = parents[(parents >= 0) & (view.positions[parents] > 0)]
        cascades = bool(len(parents))
        rows = parents if cascades else rows
    elif isinstance(levels, Mapping):
        groups = tuple((view.level[rows] == code, share) for code, share in codes.items())
        return Recipients(rows, groups, cascades, *_reach(view, rows, cascades))
    everybody = ((np.ones(len(rows), np.bool_), 1.0),)
    return Recipients(rows, everybody, cascades, *_reach(view, rows, cascades))


def _reach(view: View, rows: NDArray[np.int64], cascades: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`reached` and `head` of `Recipients`; parents stand before children."""
    if not cascades:
        return rows, np.arange(len(rows))
    head = np.full(len(view.level), -1)
    head[rows] = np.arange(len(rows))
    passes = np.isin(view.level, [AGENCY_LEVELS[level] for level in _BELOW]) & (view.positions > 0)
    for j, parent in enumerate(view.parent.tolist()):
        if parent >= 0 and head[parent] >= 0 and passes[j]:
            head[j] = head[parent]
    reached = np.flatnonzero(head >= 0)
    return reached, head[reached]


def agencies_below(view: View) -> NDArray[np.int64]:
    """Rows of the agencies to which others can pass something on."""
    return _of_levels(view, [AGENCY_LEVELS[level] for level in _BELOW])


def _of_levels(view: View, codes: Iterable[int]) -> NDArray[np.int64]:
    return np.flatnonzero(np.isin(view.level, list(codes)) & (view.positions > 0))
