"""Stratified samples of LEAs: which ones, and how many each stands for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.scenario.packaged import size_bins
from capsim.scenario.regions import in_proportion
from capsim.streams.keys import key_from

__all__ = ["sample_rows", "strata"]


def strata(enrollment: NDArray[np.float64]) -> NDArray[np.int64]:
    """Size bin of each district by NCES table 214.20, 0 the smallest; (n,)."""
    lower = np.array([low for low, _, _ in size_bins()][1:], dtype=np.float64)
    return np.searchsorted(lower, enrollment, side="right").astype(np.int64)


def sample_rows(
    identities: Sequence[str], enrollment: NDArray[np.float64], size: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw districts, stratified by size.

    Allocation is proportional by the largest remainder, with at least one for each stratum. Each district has
    a draw of its own, keyed by `seed` and its id, and the lowest of a stratum are taken: the order of a table
    does not matter, and a larger sample holds the smaller one as far as the allocation allows.

    Parameters
    ----------
    identities : sequence of str
        Ids of the n districts.
    enrollment : (n,) float64
        Pupils.
    size : int
        Districts to draw.
    seed : int
        Another seed draws other districts.

    Returns
    -------
    chosen : (size,) int64
        Positions in `identities`, ascending.
    weight : (size,) float64
        Districts of the stratum for each one drawn.

    Raises
    ------
    InputError
        If there are fewer districts than asked for.
    """
    if size > len(identities):
        raise InputError(f"agencies.sample: {size} LEAs asked for, but there are {len(identities)}")
    bins = strata(enrollment)
    counts = np.bincount(bins, minlength=len(size_bins())).tolist()
    chosen: list[int] = []
    weight: dict[int, float] = {}
    for stratum, wanted in enumerate(in_proportion(size, counts)):
        members = sorted(
            np.flatnonzero(bins == stratum).tolist(),
            key=lambda row: key_from("sample", seed, identities[row]),
        )
        chosen += members[:wanted]
        weight |= dict.fromkeys(members[:wanted], counts[stratum] / wanted if wanted else 0.0)
    chosen.sort()
    return np.array(chosen, dtype=np.int64), np.array([weight[row] for row in chosen])
