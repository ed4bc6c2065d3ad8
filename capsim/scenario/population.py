"""Agencies of a source as plain records, their schools and positions; and the table of those that a world holds.

Neither knows which source they come from, nor depends on the order of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.levels import ESA, LEA, SCHOOL, SEA

MOST_SCHOOLS = 200_000
"""Twice those of the United States."""
SMALLEST_SEA = 20
"""Positions; assumed, below it an SEA could not hold its units."""
MEDIAN_STATE_ENROLLMENT = 645_162.0
"""Pupils of the median of the 51 states: Oklahoma's in 2023-24, without its districts formed since 2019. This is the
state of which `sea_positions_median` speaks; constant, so that a better table of one state moves no other's staff."""


class Agency(NamedTuple):
    """One agency as a source gives it.

    `positions` is 0 where the staffing formula decides; unknown places, areas, poverty, wages and exits are nan;
    `parent` is an id or "".
    """

    id: str
    name: str
    state: str
    level: int
    parent: str = ""
    enrollment: float = 0.0
    lat: float = nan
    lon: float = nan
    land_km2: float = nan
    positions: int = 0
    weight: float = 1.0
    hours_per_year: float = nan
    poverty_share: float = nan
    wage_index: float = nan
    annual_exit: float = nan
    leader_annual_exit: float = nan


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Every agency of a source, ordered by level, depth within the level, state and id: parents before children.

    `parent` are rows, -1 for none; the enrolment of an agency with districts below it is their sum; `notes` say what is
    illustrative or assumed.
    """

    agencies: tuple[Agency, ...]
    parent: NDArray[np.int32]
    enrollment: NDArray[np.float64]
    notes: tuple[str, ...]

    @property
    def level(self) -> NDArray[np.int8]:
        """Level of each agency, (n,)."""
        return self.given("level").astype(np.int8)

    def given(self, name: str, rows: NDArray[np.int64] | None = None) -> NDArray[Any]:
        """What the source gives of each agency, or of those in some rows."""
        chosen = self.agencies if rows is None else [self.agencies[row] for row in rows.tolist()]
        return np.array([getattr(agency, name) for agency in chosen])

    def sum_served(self, amount: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over all LEAs below each agency, and over itself where it is one; (n,)."""
        total = np.where(self.level == LEA, amount, 0.0)
        for row in range(len(total) - 1, -1, -1):
            if self.parent[row] >= 0:
                total[self.parent[row]] += total[row]
        return total


def rows_above(parent: NDArray[np.int32], row: int) -> Iterator[int]:
    """Rows of the agencies above one, the nearest first."""
    while (row := int(parent[row])) >= 0:
        yield row


def arranged(agencies: Iterable[Agency], notes: Sequence[str] = ()) -> Population:
    """Order agencies, whose parents exist and make no cycle, and sum enrolment upwards."""
    by_id = {agency.id: agency for agency in agencies}
    depth = _depths(by_id)
    ordered = sorted(by_id.values(), key=lambda agency: (agency.level, depth[agency.id], agency.state, agency.id))
    row = {agency.id: position for position, agency in enumerate(ordered)}
    parent = np.array([row.get(agency.parent, -1) for agency in ordered], dtype=np.int32)
    given = np.array([agency.enrollment for agency in ordered], dtype=np.float64)
    bare = Population(tuple(ordered), parent, given, tuple(notes))
    has_lea = bare.sum_served(np.ones(len(ordered))) > 0
    return Population(bare.agencies, parent, np.where(has_lea, bare.sum_served(given), given), bare.notes)


def _depths(agencies: Mapping[str, Agency]) -> dict[str, int]:
    """How many agencies of its own level stand above each, however deep, by id."""
    depth: dict[str, int] = {}
    for start in agencies:
        path = [start]
        while path[-1] not in depth:
            above = agencies[path[-1]].parent
            if above and agencies[above].level == agencies[path[-1]].level:
                path.append(above)
            else:
                depth[path[-1]] = 0
        for one in reversed(path[:-1]):
            depth[one] = depth[agencies[one].parent] + 1
    return depth


def with_schools(population: Population, pupils_per_school: float) -> Population:
    """Add the schools of every district: with e pupils ``max(1, round(e / pupils_per_school))``, all of one size.

    A district that has schools of its own in a table of the user's keeps these.
    """
    known = {agency.parent for agency in population.agencies if agency.level == SCHOOL}
    whose = "each district without schools in the table" if known else "each district"
    note = (
        f"Schools are illustrative: {whose} has one for every {pupils_per_school:g} of its pupils, "
        "all of the same size; their number and their names are not data."
    )
    districts = [agency for agency in population.agencies if agency.level == LEA and agency.id not in known]
    numbers = [max(1, round(district.enrollment / pupils_per_school)) for district in districts]
    if sum(numbers) > MOST_SCHOOLS:
        raise InputError(
            f"agencies.schools: pupils_per_school {pupils_per_school:g} makes {sum(numbers):,} schools; at most "
            f"{MOST_SCHOOLS:,} can be simulated, so take larger ones or fewer states"
        )
    schools = [school for pair in zip(districts, numbers, strict=True) for school in _schools_of(*pair)]
    taken = {agency.id for agency in population.agencies}
    if twice := next((school for school in schools if school.id in taken), None):
        raise InputError(
            f"agencies.schools: a school made for {twice.parent} would have the id {twice.id!r}, which the table has "
            "already; give that agency another id"
        )
    return arranged([*population.agencies, *schools], [*population.notes, note])


def _schools_of(district: Agency, number: int) -> Iterator[Agency]:
    for place in range(1, number + 1):
        yield Agency(
            id=f"{district.id}-S{place:02d}",
            name=f"School {place} of {district.name}",
            state=district.state,
            level=SCHOOL,
            parent=district.id,
            enrollment=district.enrollment / number,
        )


def positions_of(population: Population, values: Mapping[str, float]) -> NDArray[np.int32]:
    """Budgeted positions of every agency of a whole population, (n,), at least 1.

    Where a user's file gives positions they stand; otherwise, with e pupils,

    - LEA: ``max(lea_positions_minimum, round(lea_positions_scale * (e / 1000) ** lea_positions_exponent))``
    - ESA: ``max(esa_positions_minimum, round(esa_positions_share * positions of all LEAs served))``
    - school: ``round(school_positions)``
    - SEA: ``max(20, round(sea_positions_median * sea_program_share * (e / m) ** sea_positions_exponent))``

    where m is the enrolment of the median state, `MEDIAN_STATE_ENROLLMENT`.
    """
    level = population.level
    given = population.given("positions").astype(np.float64)
    thousands = population.enrollment / 1000.0
    lea = np.round(values["lea_positions_scale"] * thousands ** values["lea_positions_exponent"])
    lea = np.maximum(lea, np.round(values["lea_positions_minimum"]))
    lea = np.where(given > 0, given, lea)
    esa = np.round(values["esa_positions_share"] * population.sum_served(lea))
    esa = np.maximum(esa, np.round(values["esa_positions_minimum"]))
    relative = population.enrollment / MEDIAN_STATE_ENROLLMENT
    sea = values["sea_positions_median"] * values["sea_program_share"] * relative ** values["sea_positions_exponent"]
    sea = np.maximum(np.round(sea), SMALLEST_SEA)
    school = np.full(len(level), np.round(values["school_positions"]))
    by_formula = np.select([level == LEA, level == ESA, level == SEA, level == SCHOOL], [lea, esa, sea, school])
    return np.maximum(np.where(given > 0, given, by_formula), 1.0).astype(np.int32)


def regional_layers(level: NDArray[np.int8], parent: NDArray[np.int32]) -> NDArray[np.int8]:
    """Agencies above each that are neither a state agency nor the district of a school, (n,)."""
    layers, above = np.zeros(len(level), np.int8), np.asarray(parent).copy()
    while (here := np.flatnonzero(above >= 0)).size:
        of_school = (level[here] == SCHOOL) & (level[above[here]] == LEA)
        layers[here] += (level[above[here]] != SEA) & ~of_school
        above[here] = parent[above[here]]
    return layers


def _unknown() -> Any:
    return np.empty(0)  # as long as the table, once that is known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgencyTable:
    """Agencies of one world, as read-only columns of length n.

    A parent is a row, always smaller than the own one, -1 for none. The enrolment of an SEA or ESA with districts is
    the sum over all districts served, sampled or not. `weight` says how many agencies of the population a row stands
    for; a school has that of its district. `allocation` is what it weighs in the division of hours,
    `family_weight` how many agencies right below its own parent it stands for. `usual_positions` are those that stood
    for the agencies below it before any change of structure, `usual_layers` the regional agencies above it then; its
    own if there was none. `notes` are sentences for reports on what is illustrative or assumed.
    """

    id: NDArray[np.str_]  # LEAID where the agency has one
    name: NDArray[np.str_]
    state: NDArray[np.str_]
    level: NDArray[np.int8]  # capsim.levels
    parent: NDArray[np.int32]
    enrollment: NDArray[np.float64]  # pupils
    density: NDArray[np.float64]  # pupils per km2 of land; nan where unknown
    sparse: NDArray[np.bool_]  # LEAs in the lowest third of density among their state's LEAs
    size_group: NDArray[np.int8]  # 0 below 1,000 pupils, 1 below 5,000, 2 from 5,000; -1 for others than LEAs
    positions: NDArray[np.int32]  # budgeted, at least 1
    weight: NDArray[np.float64]
    allocation: NDArray[np.float64] = field(default_factory=_unknown)  # 1 unless the scenario says otherwise
    family_weight: NDArray[np.float64] = field(default_factory=_unknown)  # `weight` unless a sample was drawn
    usual_positions: NDArray[np.float64] = field(default_factory=_unknown)
    usual_layers: NDArray[np.int8] = field(default_factory=_unknown)
    # nan where unknown; no rule reads wages yet
    poverty_share: NDArray[np.float64] = field(default_factory=_unknown)  # of children
    wage_index: NDArray[np.float64] = field(default_factory=_unknown)  # of educated workers, 1 the national average
    annual_exit: NDArray[np.float64] = field(default_factory=_unknown)  # chance that a member of its staff leaves
    leader_annual_exit: NDArray[np.float64] = field(default_factory=_unknown)  # the same of its leader
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        usual = {
            "allocation": np.ones(len(self.id)),
            "family_weight": np.asarray(self.weight, np.float64),
            "usual_positions": np.asarray(self.positions, np.float64),
            "usual_layers": regional_layers(self.level, self.parent),
            **dict.fromkeys(
                ("poverty_share", "wage_index", "annual_exit", "leader_annual_exit"), np.full(len(self.id), np.nan)
            ),
        }
        for name, otherwise in usual.items():
            if not len(getattr(self, name)):
                object.__setattr__(self, name, otherwise)
        for column in fields(self):
            value = getattr(self, column.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def __len__(self) -> int:
        return len(self.id)

    def row_of(self, identity: str) -> int:
        """Row of an agency."""
        found = np.flatnonzero(self.id == identity)
        if not len(found):
            raise KeyError(identity)
        return int(found[0])
