"""The packaged tables: agencies of 2023-24, places of service agencies, sizes of districts; and the 50 states and the
District of Columbia by postal code and name. Territories are left out.
"""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import isnan, nan
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from capsim.errors import nearest_name
from capsim.levels import ESA, LEA
from capsim.scenario.population import Agency

NATION = "US"
"""What a scenario writes for all 51."""

_CODES_AND_NAMES = """
AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,
DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,
KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,
MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,
NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,
SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,
WV West Virginia,WI Wisconsin,WY Wyoming
"""

STATE_NAMES: Mapping[str, str] = MappingProxyType(
    dict(sorted((part[:2], part[3:]) for part in _CODES_AND_NAMES.replace("\n", "").split(",")))
)
"""Name of each state by its postal code, in the order of the codes."""
REGIONAL_STATES: Mapping[str, str] = MappingProxyType({"support_teams": "OH", "escs": "OH", "boces": "NY"})
"""Kinds of regional agency in the packaged table, and the state each belongs to."""


def unknown_state(code: str) -> str:
    """Say that a state code is unknown, which ones there are, and which is nearest."""
    by_name = {name.lower(): known for known, name in STATE_NAMES.items()}
    if code.lower() in by_name:
        nearest = f"; did you mean {by_name[code.lower()]}?"
    elif code.upper() in STATE_NAMES:
        nearest = f"; did you mean {code.upper()}?"
    else:
        nearest = nearest_name(code.upper(), STATE_NAMES)
    known = ", ".join(STATE_NAMES)
    return f"no agencies of {code!r}; the states available are {NATION} (all) or {known}{nearest}"


DISTRICT_TYPES = frozenset({"regular", "regular_component"})
"""Regular districts and New York City's 32 geographic districts."""
_FULL = 0.95
"""Share of pupils from which a state is not named as one of which much is missing."""
_LEAST_SHOWN = 6


def _text(name: str) -> str:
    raw = resources.files("capsim.scenario").joinpath("data", name).read_bytes()
    return (lzma.decompress(raw) if name.endswith(".xz") else raw).decode("utf-8")


def _rows(name: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(_text(name)))
    next(rows)
    return rows


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a state the packaged table holds: regular districts and their pupils.

    Compared with every agency that is no charter school or independent one: districts, regional agencies, vocational
    and special ones, and those without a boundary.
    """

    state: str
    districts: int
    pupils: int
    all_agencies: int
    all_pupils: int

    @property
    def share(self) -> float:
        """Share of the pupils outside charter agencies."""
        return self.pupils / self.all_pupils

    @property
    def percent(self) -> str:
        """The same in words; never rounded up to all of them."""
        return "over 99.9%" if 0.9995 <= self.share < 1.0 else f"{self.share:.1%}"


class StateAgencies(NamedTuple):
    """Districts of a state and its service agencies (BOCES, ESC and their like), of which the table gives no place or
    enrolment, in the order of their LEAIDs; and how much of the state they are.
    """

    districts: tuple[Agency, ...]
    service: tuple[Agency, ...]
    coverage: Coverage


@lru_cache(maxsize=1)
def _lines_by_state() -> Mapping[str, list[str]]:
    """Lines of the table for each state, headers first; no cell of it is quoted."""
    header, *lines = _text("us_agencies_2023_24.csv.xz").splitlines()
    place = header.split(",").index("state")
    found = {code: [header] for code in STATE_NAMES}
    for line in lines:
        if (own := found.get(line.split(",", place + 1)[place])) is not None:
            own.append(line)
    return MappingProxyType(found)


@cache
def of_state(code: str) -> StateAgencies:
    """Agencies of one of the 51 states but charter agencies, by leaid; other states are not read for it."""
    rows = [row for row in csv.DictReader(_lines_by_state()[code]) if row["agency_type"] != "charter_or_independent"]
    districts = sorted(_district(row) for row in rows if row["agency_type"] in DISTRICT_TYPES)
    service = sorted(
        Agency(row["leaid"], row["name"], code, ESA) for row in rows if row["agency_type"] == "service_agency"
    )
    held = int(sum(district.enrollment for district in districts))
    return StateAgencies(
        tuple(districts),
        tuple(service),
        Coverage(code, len(districts), held, len(rows), sum(int(row["enrollment"]) for row in rows)),
    )


def _district(row: Mapping[str, str]) -> Agency:
    known: dict[str, Any] = {
        name: float(row[name] or nan) for name in ("lat", "lon", "land_km2", "poverty_share", "wage_index")
    }
    return Agency(row["leaid"], row["name"], row["state"], LEA, enrollment=float(row["enrollment"]), **known)


def coverage(states: Sequence[str] = (NATION,)) -> tuple[Coverage, ...]:
    """How much of some states the packaged table holds, one entry a state; "US" is all 51."""
    codes = tuple(STATE_NAMES) if NATION in states else tuple(states)
    return tuple(of_state(code).coverage for code in codes)


def total_coverage(states: Sequence[str] = (NATION,)) -> Coverage:
    """How much the packaged table holds of some states taken together."""
    found = coverage(states)
    sums = (sum(getattr(one, name) for one in found) for name in ("districts", "pupils", "all_agencies", "all_pupils"))
    return Coverage(", ".join(one.state for one in found), *sums)


def coverage_in_words(states: Sequence[str] = (NATION,)) -> str:
    """The same in half a sentence, with the states of which least is held."""
    total = total_coverage(states)
    districts = "1 regular district" if total.districts == 1 else f"{total.districts:,} regular districts"
    text = (
        f"{districts} with {total.percent} of the pupils outside charter agencies "
        f"({total.all_agencies:,} agencies in all)"
    )
    least = sorted((one for one in coverage(states) if one.share < _FULL), key=lambda one: one.share)
    if (len(states) == 1 and NATION not in states) or not least:
        return text
    return f"{text}; least in {', '.join(f'{one.state} ({one.percent})' for one in least[:_LEAST_SHOWN])}"


@cache
def sparse_limit(state: str) -> float:
    """Pupils per km2 at the lowest third of a state's districts; nan where no area is known."""
    return lowest_third([a.enrollment / a.land_km2 for a in of_state(state).districts])


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
