"""Synthetic districts: sizes from the national distribution, places and areas at random by own draws."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from capsim.levels import ESA, LEA, SEA
from capsim.scenario.packaged import size_bins
from capsim.scenario.population import Agency, Population, arranged
from capsim.scenario.regions import places_of, split
from capsim.streams.keys import key_from, uniform_for_name

__all__ = ["synthetic_population"]

PARETO_EXPONENT = 1.3
"""Tail of districts above the largest bin; assumed."""
LARGEST_DISTRICT = 1_000_000
_AREA_KM2 = (30.0, 3000.0)
_CORNER = (39.0, -84.0)
_SIDE_DEGREES = 4.0

_NOTE = (
    "Districts are synthetic: sizes follow NCES Digest table 214.20 (2021-22), with an assumed Pareto tail "
    "above 25,000 pupils; places and land areas are random."
)
_NOTE_REGIONS = "Regional agencies are illustrative: clusters of the random places."


def synthetic_population(*, districts: int, regions: int, state: str, seed: int) -> Population:
    """One state with an SEA, its districts, and regional agencies if asked for.

    Parameters
    ----------
    districts : int
        At least 1. Adding districts changes no earlier one; with regions it may change which one serves it.
    regions : int
        0 for none.
    state : str
        Name of the state, and the beginning of every id.
    seed : int
        Another seed gives other districts.
    """
    key = key_from("synthetic districts", seed)
    leas = [_district(key, number, state) for number in range(1, districts + 1)]
    sea = Agency(f"{state}-SEA", f"{state} state education agency", state, SEA)
    if not regions:
        return arranged([sea, *(lea._replace(parent=sea.id) for lea in leas)], [_NOTE])
    group, _, _ = split(places_of(leas).points, np.zeros(districts, dtype=np.int64), [regions])
    esas = [Agency(f"{state}-ESA-{n:03d}", f"Region {n}", state, ESA, sea.id) for n in range(1, regions + 1)]
    below = [lea._replace(parent=esas[part].id) for lea, part in zip(leas, group, strict=True)]
    return arranged([sea, *esas, *below], [_NOTE, _NOTE_REGIONS])


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
