"""Agencies of the built-in sources as trees: those of 2023-24, with the regional agencies asked for; synthetic ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from capsim.levels import ESA, LEA, SEA
from capsim.scenario.packaged import NATION, STATE_NAMES, districts_of, service_agencies_of, service_places, size_bins
from capsim.scenario.population import Agency, Population, arranged
from capsim.scenario.regions import in_proportion, named_by_place, places_of, split
from capsim.streams.keys import key_from, uniform_for_name

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
        below, said = build(districts_of(code), sea.id, regional)
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
        escs = service_agencies_of("OH")
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
    boces = service_agencies_of("NY")
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
