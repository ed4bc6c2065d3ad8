"""The packaged tables: agencies of 2023-24, places of service agencies, sizes of districts."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from math import isnan, nan
from types import MappingProxyType

import numpy as np

from capsim.levels import ESA, LEA
from capsim.scenario.population import Agency
from capsim.scenario.states import STATE_NAMES

__all__ = [
    "DISTRICT_TYPES",
    "districts_of",
    "lowest_third",
    "median_state_enrollment",
    "service_agencies_of",
    "service_places",
    "size_bins",
    "sparse_limits",
]

DISTRICT_TYPES = frozenset({"regular", "regular_component"})
"""Regular districts and New York City's 32 geographic districts."""


def _text(name: str) -> str:
    raw = resources.files("capsim.scenario").joinpath("data", name).read_bytes()
    return (lzma.decompress(raw) if name.endswith(".xz") else raw).decode("utf-8")


def _rows(name: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(_text(name)))
    next(rows)
    return rows


@lru_cache(maxsize=1)
def _by_state() -> Mapping[str, tuple[tuple[Agency, ...], tuple[Agency, ...]]]:
    """Districts and service agencies of each of the 51 states, by leaid."""
    districts: dict[str, list[Agency]] = {code: [] for code in STATE_NAMES}
    service: dict[str, list[Agency]] = {code: [] for code in STATE_NAMES}
    for leaid, name, state, kind, enrollment, lat, lon, land in _rows("us_agencies_2023_24.csv.xz"):
        if state not in districts:
            continue
        if kind in DISTRICT_TYPES:
            place = (float(lat), float(lon), float(land)) if lat else (nan, nan, nan)
            districts[state].append(Agency(leaid, name, state, LEA, "", float(enrollment), *place))
        elif kind == "service_agency":
            service[state].append(Agency(leaid, name, state, ESA))
    return MappingProxyType(
        {code: (tuple(sorted(districts[code])), tuple(sorted(service[code]))) for code in STATE_NAMES}
    )


def districts_of(state: str) -> tuple[Agency, ...]:
    """Districts of a state in the order of their LEAIDs."""
    return _by_state()[state][0]


def service_agencies_of(state: str) -> tuple[Agency, ...]:
    """Service agencies of a state (BOCES, ESC and their like); the table gives no place or enrolment."""
    return _by_state()[state][1]


@lru_cache(maxsize=1)
def median_state_enrollment() -> float:
    """Median over the 51 states of the pupils in their districts."""
    return float(np.median([sum(a.enrollment for a in districts_of(code)) for code in STATE_NAMES]))


@lru_cache(maxsize=1)
def sparse_limits() -> Mapping[str, float]:
    """Pupils per km2 at the lowest third of each state's districts; nan where no area is known."""
    return MappingProxyType(
        {code: lowest_third([a.enrollment / a.land_km2 for a in districts_of(code)]) for code in STATE_NAMES}
    )


def lowest_third(densities: list[float]) -> float:
    """Density below which a third of the known ones lie; nan if none is known."""
    known = [density for density in densities if not isnan(density)]
    return float(np.quantile(known, 1.0 / 3.0)) if known else nan


@lru_cache(maxsize=1)
def service_places() -> Mapping[str, tuple[float, float]]:
    """Rough place (latitude, longitude) of the counties in a service agency's name, by leaid."""
    return MappingProxyType({leaid: (float(lat), float(lon)) for leaid, lat, lon in _rows("service_agency_places.csv")})


@lru_cache(maxsize=1)
def size_bins() -> tuple[tuple[int, int, int], ...]:
    """Bins of district enrolment, smallest first: (from, to, districts); the open last bin has to = 0."""
    bins = [(int(low), int(high or 0), int(count)) for low, high, count in _rows("district_sizes_2021_22.csv")]
    return tuple(sorted(bins))
