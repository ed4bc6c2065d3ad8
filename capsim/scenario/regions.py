"""Illustrative regions: the table does not say which regional agency serves a district, so k-means does.

With a fixed seed and plain sums in a fixed order: every machine agrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.scenario.population import Agency

_SEED = 20_232_024
_STARTS = 4
_ROUNDS = 200
_KM_PER_DEGREE = 111.32


class Places(NamedTuple):
    """Places of districts in km, (n, 2), and the latitude at which degrees of longitude were measured."""

    points: NDArray[np.float64]
    middle_lat: float


def places_of(districts: Sequence[Agency]) -> Places:
    """Coordinates of districts, which must be in the order of their ids.

    A district without coordinates takes those of the one whose id is nearest (LEAIDs often follow counties).
    """
    located = np.array([row for row, district in enumerate(districts) if district.lat == district.lat])
    digits = ("".join(letter for letter in district.id if letter.isdigit()) for district in districts)
    numbers = np.array([int(number or 0) for number in digits])
    nearest = [int(located[np.argmin(np.abs(numbers[located] - number))]) for number in numbers]
    lat = np.array([districts[row].lat for row in nearest])
    lon = np.array([districts[row].lon for row in nearest])
    middle = float(lat[located].sum() / len(located))
    return Places(kilometres(lat, lon, middle), middle)


def split(
    points: NDArray[np.float64], group: NDArray[np.int64], parts: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Divide each group of districts into its number of parts, between 1 and its number of districts.

    Given back: the part of each district, numbered through all groups; the center of each part, (p, 2), km; its group.
    """
    label = np.empty(len(points), dtype=np.int64)
    centers: list[NDArray[np.float64]] = []
    for number, k in enumerate(parts):
        members = np.flatnonzero(group == number)
        own, center = cluster(points[members], k)
        label[members] = own + sum(map(len, centers))
        centers.append(center)
    return label, np.concatenate(centers), np.repeat(np.arange(len(parts)), parts)


def in_proportion(total: int, counts: Sequence[int]) -> list[int]:
    """Share out `total`, at most the sum of the counts, in proportion to them by the largest remainder.

    Every non-empty count gets at least one as far as the total allows, and none gets more than its count.
    """
    whole = sum(counts)
    share = [total * count // whole for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda h: (-(total * counts[h] % whole), h))
    for h in by_remainder[: total - sum(share)]:
        share[h] += 1
    for h in [h for h, count in enumerate(counts) if count and not share[h]]:
        largest = max(range(len(counts)), key=lambda other: (share[other], -other))
        if share[largest] > 1:
            share[largest] -= 1
            share[h] += 1
    return share


def named_by_place(
    agencies: Sequence[Agency],
    known: Mapping[str, tuple[float, float]],
    places: Places,
    center: NDArray[np.float64],
) -> list[Agency]:
    """Give each region one service agency, so that agencies lie near the county they are named after.

    There are as many as regions; `known` are their latitudes and longitudes by id. Two agencies swap their regions as
    long as this lowers the sum of squared distances.
    """
    squared = []
    for agency in agencies:
        lat, lon = known[agency.id]
        here = kilometres(np.array([lat]), np.array([lon]), places.middle_lat)[0]
        squared.append([float(((here - c) ** 2).sum()) for c in center])
    region = list(range(len(agencies)))
    while _swapped(region, squared):
        pass
    return [agency for _, agency in sorted(zip(region, agencies, strict=True))]


def _swapped(region: list[int], squared: list[list[float]]) -> bool:
    """Swap every pair that gains by it, in place; say whether there was one."""
    any_swap = False
    for one in range(len(region)):
        for other in range(one):
            mine, theirs = region[one], region[other]
            now = squared[one][mine] + squared[other][theirs]
            if squared[one][theirs] + squared[other][mine] < now - 1e-6:
                region[one], region[other] = theirs, mine
                any_swap = True
    return any_swap


def kilometres(lat: NDArray[np.float64], lon: NDArray[np.float64], middle_lat: float) -> NDArray[np.float64]:
    """Flat coordinates (n, 2) in km of places in degrees, good enough within one state."""
    return np.column_stack((lon * np.cos(np.radians(middle_lat)), lat)) * _KM_PER_DEGREE


def cluster(points: NDArray[np.float64], k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Lloyd's k-means from four k-means++ starts; the start with the smallest sum of squares wins.

    Points stand in an order that does not depend on a file, and are at least k. Clusters are numbered from west to
    east; none is empty.
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
