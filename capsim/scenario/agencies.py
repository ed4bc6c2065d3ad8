"""Scenario to table: a source gives the agencies, formulas their positions, a sample which are kept.

And what each agency weighs in the division of hours, beside the targeting. The share of agency j in area k is
``targeting weight_jk * allocation_j`` over the sum of all recipients, with allocation_j by the scenario's key
``assistance: allocation``:

- position: ``max(positions_j, allocation_floor)``, so that everybody is helped alike and the smallest offices still get
  something worth while: from the floor up, hours per position are equal across sizes;
- agency: 1, so that a person in a small office gets many times the hours of one in a large office;
- pupil: pupils;
- hand: the column `hours_per_year` of a table of one's own; blank is 0.

Hours; a policy choice, no finding. What agencies get in whole units and in turn (readings) does not depend on it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError, nearest_name
from capsim.levels import ESA, LEA, SCHOOL
from capsim.scenario.csv_rows import shown_path
from capsim.scenario.documents import dotted
from capsim.scenario.events import Names, agencies_of
from capsim.scenario.own_tables import own_population
from capsim.scenario.packaged import NATION, STATE_NAMES, lowest_third, sparse_limit
from capsim.scenario.population import (
    AgencyTable,
    Population,
    arranged,
    positions_of,
    regional_layers,
    rows_above,
    with_schools,
)
from capsim.scenario.sampling import family_weights, sample_rows, weights_above
from capsim.scenario.schema import Agencies, Scenario
from capsim.scenario.sources import real_population, synthetic_population
from capsim.scenario.structures import Restructured, Structure, restructured
from capsim.scenario.values import Path


def allocation_of(
    scenario: Scenario, population: Population, positions: NDArray[np.int32], values: Mapping[str, float]
) -> NDArray[np.float64]:
    """What each agency of a whole population weighs, (n,)."""
    allocation = scenario.assistance.allocation
    if allocation == "position":
        return np.maximum(positions.astype(np.float64), values["allocation_floor"])
    if allocation == "pupil":
        return population.enrollment.astype(np.float64)
    if allocation == "agency":
        return np.ones(len(positions))
    hours: NDArray[np.float64] = np.nan_to_num(population.given("hours_per_year"))
    if not hours.any():
        choice = scenario.agencies
        source = shown_path(choice.source) if choice.own_file else choice.source
        raise InputError(
            "assistance.allocation: hand needs the column hours_per_year in a table of agencies of your own, with more "
            f"than 0 for some; {source} has none. Add it, or choose position, agency or pupil"
        )
    return hours


def usual_help(before: Population, positions: NDArray[np.int32], after: Population) -> dict[str, NDArray[Any]]:
    """Columns of an agency table, (n,), for a population after a change of structure.

    The positions of a regional agency count in equal parts for the districts below it, which take their part with them
    wherever they are moved. Where districts had nobody in a layer, the agency that is new there is measured by itself.
    """
    was = {one.id: row for row, one in enumerate(before.agencies)}
    layers_before = regional_layers(before.level, before.parent)
    served = before.sum_served(np.ones(len(before.agencies)))
    part: dict[tuple[str, int], float] = {}
    for row in np.flatnonzero(before.level == LEA).tolist():
        for layer, above in enumerate(_regional_above(before, row)):
            part[before.agencies[row].id, layer] = positions[above] / served[above]
    usual = np.zeros(len(after.agencies))
    for row in np.flatnonzero(after.level == LEA).tolist():
        for layer, above in enumerate(_regional_above(after, row)):
            usual[above] += part.get((after.agencies[row].id, layer), 0.0)
    known = np.array([was.get(one.id, -1) for one in after.agencies])
    own = np.where(known >= 0, positions[known], after.given("positions")).astype(np.float64)
    layers = np.where(known >= 0, layers_before[known], regional_layers(after.level, after.parent))
    regional = (after.level == ESA) & (usual > 0.0)
    return {"usual_positions": np.where(regional, np.round(usual, 9), own), "usual_layers": layers}


def _regional_above(population: Population, row: int) -> list[int]:
    return [above for above in rows_above(population.parent, row) if population.level[above] == ESA]


SMALL_BELOW, LARGE_FROM = 1000.0, 5000.0
"""Pupils at which the size groups change; below the first, equity counts an agency as small."""


def build_agencies(scenario: Scenario, values: Mapping[str, float]) -> AgencyTable:
    """Make the table of agencies that a scenario asks for, under the parameters `values`.

    Regions, sums of enrolment and positions are those of the whole population, also when a sample is drawn; regional
    agencies and SEAs without a sampled district are left out, and so are schools of other districts. The order of a
    file's rows changes nothing, and an agency's enrolment changes no other agency except the sums above it and the
    schools below it (and, in a sample, which districts are drawn).

    Events about an agency that is not among them are refused.
    """
    population, positions = population_of(scenario.agencies, values)
    table = _table(scenario, population, positions, values)
    agencies_of(scenario.events, table)
    return table


def states_without_regions(scenario: Scenario, values: Mapping[str, float], table: AgencyTable) -> tuple[str, ...]:
    """States that have regional agencies, none of which is in the table, because a sample left them out."""
    population, _ = population_of(scenario.agencies, values)
    there = {state for state, level in zip(table.state, table.level, strict=True) if level == ESA}
    return tuple(sorted({one.state for one in population.agencies if one.level == ESA} - there))


class Arranged(NamedTuple):
    """Agencies under a structure: the table, what each regional agency is made of (see `Restructured`), and budgeted
    positions of all regional agencies of the population before and after.
    """

    table: AgencyTable
    members: Mapping[str, tuple[str, ...]]
    today: float
    positions: float


def build_arranged(scenario: Scenario, values: Mapping[str, float], structure: Structure) -> Arranged:
    """The same under a structure that can be carried out: districts and their weights are those of `build_agencies`."""
    before = population_of(scenario.agencies, values)
    found = _carried_out(before, scenario.agencies, values, structure)
    if found.problems:
        raise InputError(f"structure{'.' if path else ''}{dotted(path)}: {text}" for path, text in found.problems)
    usual = usual_help(*before, found.population)
    table = _table(scenario, found.population, positions_of(found.population, values), values, usual)
    return Arranged(table, found.members, found.today, found.positions)


def problems_of_structure(
    choice: Agencies, values: Mapping[str, float], structure: Structure
) -> tuple[tuple[Path, str], ...]:
    """What of a structure cannot be carried out among these agencies, and where in it that stands."""
    return _carried_out(population_of(choice, values), choice, values, structure).problems


def _carried_out(
    before: tuple[Population, NDArray[np.int32]], choice: Agencies, values: Mapping[str, float], structure: Structure
) -> Restructured:
    smallest = max(1, round(values["esa_positions_minimum"]))
    return restructured(*before, structure, kinds=choice.regional, smallest=smallest)


def population_of(choice: Agencies, values: Mapping[str, float]) -> tuple[Population, NDArray[np.int32]]:
    """All agencies of a source with their schools, and budgeted positions, (n,)."""
    population = _population(choice)
    if choice.schools:
        population = with_schools(population, values["pupils_per_school"])
    return population, positions_of(population, values)


def those_there(choice: Agencies, population: Population) -> Names:
    """The agencies of a population that a world holds, by name."""
    kept, _ = _kept(population, choice)
    return Names(*(population.given(name, kept) for name in Names._fields))


_AS_GIVEN = ("id", "name", "state", "wage_index", "annual_exit", "leader_annual_exit")


def _table(
    scenario: Scenario,
    population: Population,
    positions: NDArray[np.int32],
    values: Mapping[str, float],
    usual: Mapping[str, NDArray[Any]] = MappingProxyType({}),
) -> AgencyTable:
    """The agencies of a population that a world holds; what help is measured by is `usual`, if given."""
    choice = scenario.agencies
    sparse, density = _sparse(population)
    allocation = allocation_of(scenario, population, positions, values)
    kept, weight = _kept(population, choice)
    weight = weights_above(population, kept, weight, allocation)
    level = population.level[kept]
    row = np.full(len(population.agencies) + 1, -1, dtype=np.int32)
    row[kept] = np.arange(len(kept), dtype=np.int32)
    enrollment = population.enrollment[kept]
    size = np.searchsorted([SMALL_BELOW, LARGE_FROM], enrollment, side="right")
    parent = row[population.parent[kept]]
    poverty = population.given("poverty_share", kept)
    like_its_district = (level == SCHOOL) & np.isnan(poverty)
    poverty[like_its_district] = poverty[parent[like_its_district]]
    return AgencyTable(
        **{name: population.given(name, kept) for name in _AS_GIVEN},
        level=level,
        parent=parent,
        enrollment=enrollment,
        density=density[kept],
        sparse=sparse[kept],
        size_group=np.where(level == LEA, size, -1).astype(np.int8),
        positions=positions[kept],
        weight=weight,
        allocation=allocation[kept],
        family_weight=family_weights(population, kept, weight, allocation),
        poverty_share=poverty,
        notes=population.notes,
        **{name: column[kept] for name, column in usual.items()},
    )


def _population(choice: Agencies) -> Population:
    if choice.source == "us_2023_24":
        return real_population(choice.states, choice.regional)
    if choice.source == "synthetic":
        return synthetic_population(
            districts=choice.districts, regions=choice.regions, state=choice.state, seed=choice.sample_seed
        )
    try:
        stamp = os.stat(choice.source)
    except OSError as error:
        raise InputError(f"{choice.source}: cannot be read: {error.strerror}") from error
    return _of_states(_own(choice.source, stamp.st_mtime_ns, stamp.st_size), choice.states)


@lru_cache(maxsize=4)
def _own(path: str, modified_ns: int, size: int) -> Population:
    """Read a user's CSV once for each state of the file."""
    return own_population(path)


def _of_states(population: Population, states: tuple[str, ...]) -> Population:
    """Keep the agencies of some states of a user's file."""
    if states == (NATION,):
        return population
    known = sorted({agency.state for agency in population.agencies})
    problems = [
        f"agencies.states: no agencies of {code!r}; the states available are "
        f"{', '.join(known)}{nearest_name(code, known)}"
        for code in states
        if code not in known
    ]
    if problems:
        raise InputError(problems)
    kept = [agency for agency in population.agencies if agency.state in states]
    inside = {agency.id for agency in kept}
    rooted = [agency if agency.parent in inside else agency._replace(parent="") for agency in kept]
    return arranged(rooted, population.notes)


def _sparse(population: Population) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which LEAs are sparse, and pupils per km2; (n,) each.

    The limit is the lowest third of all districts of the state in the packaged table. Only a state not in
    that table has its limit from the population itself.
    """
    land, state = population.given("land_km2"), population.given("state")
    is_lea = population.level == LEA
    density = np.where(is_lea, population.enrollment / land, np.nan)
    limit = np.full(len(land), np.nan)
    for code in np.unique(state[~np.isnan(density)]).tolist():
        own = is_lea & (state == code)
        limit[own] = sparse_limit(code) if code in STATE_NAMES else lowest_third(density[own].tolist())
    return density < limit, density


def _kept(population: Population, choice: Agencies) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows of the population that the world holds, ascending, and how many agencies each stands for."""
    weight, level, parent = population.given("weight"), population.level, population.parent
    if choice.sample:
        given, leas = weight, np.flatnonzero(level == LEA)
        above = np.where(parent[leas] >= 0, level[parent[leas]], -1)
        ids, states = (population.given(name, leas).tolist() for name in ("id", "state"))
        drawn, stands_for = sample_rows(
            ids, states, population.enrollment[leas], choice.sample, choice.sample_seed, above == ESA
        )
        weight = np.full(len(given), np.nan)
        weight[leas[drawn]] = stands_for * given[leas[drawn]]
        tops = [top for row in leas[drawn].tolist() for top in rows_above(parent, row)]
        weight[tops] = given[tops]
    schools = np.flatnonzero(level == SCHOOL)
    weight[schools] = weight[parent[schools]]
    kept = np.flatnonzero(~np.isnan(weight))
    return kept, weight[kept]
