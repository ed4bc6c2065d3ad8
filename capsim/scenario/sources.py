"""Agencies of the built-in sources as trees: those of 2023-24, with the regional agencies asked for; synthetic ones.

The table does not say which regional agency serves a district, so k-means does: regions are illustrative. With a fixed
seed and plain sums in a fixed order every machine agrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.levels import ESA, LEA, SEA
from capsim.scenario.packaged import NATION, STATE_NAMES, of_state, service_places, size_bins
from capsim.scenario.population import Agency, Population, arranged
from capsim.streams.keys import key_from, uniform_for_name

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


SUPPORT_TEAMS = 16
"""Support-team regions of Ohio."""
NEW_YORK_CITY = "NY-NYCDOE"
"""The one department over New York City's 32 geographic districts."""
OUTSIDE_BOCES = frozenset({"3605850", "3624750", "3628590", "3631920"})
"""Buffalo, Rochester, Syracuse and Yonkers: city districts that belong to no BOCES."""

_NOTE_SIZE = "Names, enrolment and places of districts are real (school year 2023-24); their inner state is simulated."
_NOTE_TEAMS = (
    f"Ohio's {SUPPORT_TEAMS} support-team regions are illustrative: clusters of district coordinates, "
    "not the real borders."
)
_NOTE_ESCS = (
    "Ohio's educational service centers are real by name; which district each one serves is illustrative: "
    "clusters of district coordinates."
)
_NOTE_BOCES = (
    "New York's BOCES are real by name; which district each one serves is illustrative: clusters of district "
    "coordinates. Buffalo, Rochester, Syracuse and Yonkers belong to none."
)
_NOTE_CITY = (
    "New York City's 32 geographic districts stand under one department, whose positions follow the formula "
    "of a regional agency and are far fewer than the real central offices."
)

PARETO_EXPONENT = 1.3
"""Tail of districts above the largest bin; assumed."""
LARGEST_DISTRICT = 1_000_000
_AREA_KM2 = (30.0, 3000.0)
_CORNER = (39.0, -84.0)
_SIDE_DEGREES = 4.0

_NOTE_SYNTHETIC = (
    "Districts are synthetic: sizes follow NCES Digest table 214.20 (2021-22), with an assumed Pareto tail "
    "above 25,000 pupils; places and land areas are random."
)
_NOTE_REGIONS = "Regional agencies are illustrative: clusters of the random places."


@lru_cache(maxsize=4)
def real_population(states: tuple[str, ...], regional: tuple[str, ...]) -> Population:
    """Every agency of some states, with the kinds of regional agency asked for."""
    codes = tuple(STATE_NAMES) if NATION in states else states
    agencies: list[Agency] = []
    notes = [_NOTE_SIZE]
    for code in codes:
        sea = Agency(f"{code}-SEA", f"{STATE_NAMES[code]} state education agency", code, SEA)
        build = {"OH": _ohio, "NY": _new_york}.get(code, _plain)
        below, said = build(of_state(code).districts, sea.id, regional)
        agencies += [sea, *below]
        notes += said
    return arranged(agencies, notes)


def _plain(districts: Sequence[Agency], sea: str, regional: tuple[str, ...]) -> tuple[list[Agency], list[str]]:
    return [district._replace(parent=sea) for district in districts], []


def _ohio(districts: Sequence[Agency], sea: str, regional: tuple[str, ...]) -> tuple[list[Agency], list[str]]:
    places = places_of(districts)
    group, parents = np.zeros(len(districts), dtype=np.int64), [sea]
    above: list[Agency] = []
    notes: list[str] = []
    if "support_teams" in regional:
        group, _, _ = split(places.points, group, [SUPPORT_TEAMS])
        parents = [f"OH-SST-{number:02d}" for number in range(1, SUPPORT_TEAMS + 1)]
        above += [Agency(own, f"State support team, illustrative region {own[-2:]}", "OH", ESA, sea) for own in parents]
        notes.append(_NOTE_TEAMS)
    if "escs" in regional:
        escs = of_state("OH").service
        shares = in_proportion(len(escs), np.bincount(group, minlength=len(parents)).tolist())
        group, center, owner = split(places.points, group, shares)
        named = named_by_place(escs, service_places(), places, center)
        above += [esc._replace(parent=parents[region]) for esc, region in zip(named, owner, strict=True)]
        parents = [esc.id for esc in named]
        notes.append(_NOTE_ESCS)
    below = [district._replace(parent=parents[part]) for district, part in zip(districts, group, strict=True)]
    return above + below, notes


def _new_york(districts: Sequence[Agency], sea: str, regional: tuple[str, ...]) -> tuple[list[Agency], list[str]]:
    city = [district for district in districts if district.name.startswith("NEW YORK CITY GEOGRAPHIC DISTRICT")]
    apart = [district for district in districts if district.id in OUTSIDE_BOCES]
    rest = [district for district in districts if district not in city and district not in apart]
    agencies = [Agency(NEW_YORK_CITY, "New York City Department of Education", "NY", ESA, sea)]
    agencies += [district._replace(parent=NEW_YORK_CITY) for district in city]
    if "boces" not in regional:
        return agencies + _plain(apart + rest, sea, ())[0], [_NOTE_CITY]
    boces = of_state("NY").service
    places = places_of(rest)
    group, center, _ = split(places.points, np.zeros(len(rest), dtype=np.int64), [len(boces)])
    named = named_by_place(boces, service_places(), places, center)
    agencies += [one._replace(parent=sea) for one in named]
    agencies += [district._replace(parent=named[part].id) for district, part in zip(rest, group, strict=True)]
    return agencies + _plain(apart, sea, ())[0], [_NOTE_BOCES, _NOTE_CITY]


def synthetic_population(*, districts: int, regions: int, state: str, seed: int) -> Population:
    """One invented state with an SEA, its districts, and regional agencies if asked for.

    `state` is its name and the beginning of every id. Adding districts changes no earlier one; with regions it may
    change which one serves it.
    """
    key = key_from("synthetic districts", seed)
    leas = [_district(key, number, state) for number in range(1, districts + 1)]
    sea = Agency(f"{state}-SEA", f"{state} state education agency", state, SEA)
    if not regions:
        return arranged([sea, *(lea._replace(parent=sea.id) for lea in leas)], [_NOTE_SYNTHETIC])
    group, _, _ = split(places_of(leas).points, np.zeros(districts, dtype=np.int64), [regions])
    esas = [Agency(f"{state}-ESA-{n:03d}", f"Region {n}", state, ESA, sea.id) for n in range(1, regions + 1)]
    below = [lea._replace(parent=esas[part].id) for lea, part in zip(leas, group, strict=True)]
    return arranged([sea, *esas, *below], [_NOTE_SYNTHETIC, _NOTE_REGIONS])


def _district(key: int, number: int, state: str) -> Agency:
    u = {what: uniform_for_name(key, f"{number}:{what}") for what in ("bin", "size", "lat", "lon", "area")}
    low, high = _AREA_KM2
    return Agency(
        id=f"{state}-{number:05d}",
        name=f"District {number}",
        state=state,
        level=LEA,
        enrollment=float(_size(u["bin"], u["size"])),
        lat=_CORNER[0] + _SIDE_DEGREES * u["lat"],
        lon=_CORNER[1] + _SIDE_DEGREES * u["lon"],
        land_km2=low * (high / low) ** u["area"],
    )


def _size(u_bin: float, u_size: float) -> int:
    """Pupils: a bin by its share of districts, log-uniform within it; the top bin is a capped Pareto tail."""
    bins = size_bins()
    mark = u_bin * sum(count for _, _, count in bins)
    upper = accumulate(count for _, _, count in bins)
    low, high, _ = next((one for one, end in zip(bins, upper, strict=True) if mark < end), bins[-1])
    if high == 0:
        return int(min(low * (1.0 - u_size) ** (-1.0 / PARETO_EXPONENT), LARGEST_DISTRICT))
    return min(int(low * ((high + 1) / low) ** u_size), high)
