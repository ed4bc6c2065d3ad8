"""k-means with a fixed seed: the illustrative regions. Plain sums in a fixed order: every machine agrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cluster", "kilometres"]

_SEED = 20_232_024
_STARTS = 4
_ROUNDS = 200
_KM_PER_DEGREE = 111.32


def kilometres(lat: NDArray[np.float64], lon: NDArray[np.float64], middle_lat: float) -> NDArray[np.float64]:
    """Flat coordinates (n, 2) in km of places in degrees, good enough within one state."""
    return np.column_stack((lon * np.cos(np.radians(middle_lat)), lat)) * _KM_PER_DEGREE


def cluster(points: NDArray[np.float64], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lloyd's k-means from four k-means++ starts; the start with the smallest sum of squares wins.

    Parameters
    ----------
    points : (n, 2) float64
        In an order that does not depend on a file; n >= k.
    k : int
        Number of clusters.

    Returns
    -------
    label : (n,) int64
        Clusters are numbered from west to east; none is empty.
    center : (k, 2) float64
    """
    generator = np.random.Generator(np.random.Philox(_SEED))
    best = min((_lloyd(points, _start(points, k, generator)) for _ in range(_STARTS)), key=lambda found: found[2])
    label, center, _ = best
    order = np.lexsort((center[:, 1], center[:, 0]))
    rank = np.empty(k, dtype=np.int64)
    rank[order] = np.arange(k)
    return rank[label], center[order]


def _squared(points: NDArray[np.float64], center: NDArray[np.float64]) -> NDArray[np.float64]:
    east = points[:, None, 0] - center[None, :, 0]
    north = points[:, None, 1] - center[None, :, 1]
    return np.asarray(east * east + north * north)


def _start(points: NDArray[np.float64], k: int, generator: np.random.Generator) -> NDArray[np.float64]:
    chosen = [int(generator.random() * len(points))]
    distance = _squared(points, points[chosen])[:, 0]
    while len(chosen) < k:
        share = np.cumsum(distance)
        following = int(np.searchsorted(share, generator.random() * share[-1], side="right"))
        if share[-1] == 0.0 or following >= len(points):
            following = next(row for row in range(len(points)) if row not in chosen)
        chosen.append(following)
        distance = np.minimum(distance, _squared(points, points[[following]])[:, 0])
    return points[chosen]


def _lloyd(
    points: NDArray[np.float64], center: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
    k = len(center)
    label = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        distance = _squared(points, center)
        nearest = _without_empty(np.argmin(distance, axis=1), distance, k)
        if np.array_equal(nearest, label):
            break
        label = nearest
        count = np.bincount(label, minlength=k)
        center = np.column_stack([np.bincount(label, weights=points[:, axis], minlength=k) / count for axis in (0, 1)])
    own = distance[np.arange(len(points)), label]
    return label, center, float(own.sum())


def _without_empty(label: NDArray[np.int64], distance: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Give each empty cluster the point farthest from its own center, from a cluster that has others."""
    label = label.copy()
    for empty in np.flatnonzero(np.bincount(label, minlength=k) == 0):
        own = distance[np.arange(len(label)), label]
        own = np.where(np.bincount(label, minlength=k)[label] > 1, own, -1.0)
        label[int(np.argmax(own))] = empty
    return label
