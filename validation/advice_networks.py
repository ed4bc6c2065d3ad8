"""Measures of advice networks inside agencies, from a world; for verification and reports, not for the monthly loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.world import MAX_TIES, World

__all__ = ["InsideTies", "density", "external_internal_index", "inside_ties", "reciprocity"]


@dataclass(frozen=True, slots=True)
class InsideTies:
    """Directed ties inside chosen organizations.

    Attributes
    ----------
    source, target : (n,) int64
        Positions.
    possible : int
        Ordered pairs of holders inside an organization.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    possible: int


def inside_ties(world: World, organizations: NDArray[np.int64], *, least_strength: float = 0.0) -> InsideTies:
    """Ties between holders of the same organization, of at least the given strength."""
    layout = world.layout
    source = np.repeat(np.arange(layout.n_positions), MAX_TIES)
    target = world.tie_to.ravel().astype(np.int64)
    real = (target >= 0) & (world.tie_strength.ravel() >= least_strength)
    source, target = source[real], target[real]
    home = layout.organization[source]
    chosen = np.isin(home, organizations) & (home == layout.organization[target])
    holders = np.bincount(layout.organization[world.person >= 0], minlength=layout.n_organizations)[organizations]
    return InsideTies(source[chosen], target[chosen], int((holders * (holders - 1)).sum()))


def density(ties: InsideTies) -> float:
    """Ties as a share of the possible ones; NaN when none is possible."""
    return len(ties.source) / ties.possible if ties.possible else float("nan")


def reciprocity(ties: InsideTies) -> float:
    """Share of ties that are returned; NaN without ties."""
    if not len(ties.source):
        return float("nan")
    pairs = set(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
    return sum((target, source) in pairs for source, target in pairs) / len(pairs)


def external_internal_index(ties: InsideTies, unit: NDArray[np.int32]) -> float:
    """E-I index by unit (Krackhardt and Stern 1988): (external - internal) / all; NaN without ties."""
    if not len(ties.source):
        return float("nan")
    external = unit[ties.source] != unit[ties.target]
    return float(2.0 * external.mean() - 1.0)
