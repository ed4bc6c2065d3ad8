"""Results by region and by state: means over the districts below each agency above districts, and the hours they got.

Regions are those of today, whatever structure a run has, so that strategies are compared over the same districts. Each
district counts in its region and state as the question says (by pupils, like every other, by positions), times the
districts that it stands for in a sample. Hours of a district are its own and a share of those of every agency above it
under the structure of the run, in proportion to what districts weigh in the division of hours; so the hours of all
regions of a kind that holds every district, and those of states, sum to the hours of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import OUTCOME_MOMENTS, WEIGHTS, weighted
from capsim.catalogue.measures import COUNTED, DISTRICTS, PLAIN
from capsim.levels import CENTER, ESA, LEA, LEVEL_NAMES, SCHOOL, SEA
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, Scenario
from capsim.scenario.agencies import population_of

if TYPE_CHECKING:
    from capsim.engine.run import Record

_GAPS = {"equity_gap_size": ("lea_large", "lea_small"), "equity_gap_sparse": ("lea_other", "lea_sparse")}
LEVELS_ASKED = {"districts": LEA, "schools": SCHOOL, "regions": ESA, "state": SEA}


class Places(NamedTuple):
    """Agencies above districts today, (R,): id, name, level, districts and pupils of the whole population below;
    `inside` (R, districts of the world) says who is below, `district` their ids.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    level: tuple[str, ...]
    districts: NDArray[np.float64]
    pupils: NDArray[np.float64]
    inside: NDArray[np.bool_]
    district: NDArray[np.str_]


class Regional(NamedTuple):
    """One run by place: measures (measures, R) at each moment; TA hours, (R,)."""

    by_moment: Mapping[int, NDArray[np.float64]]
    hours: NDArray[np.float64]


def places_of(scenario: Scenario, table: AgencyTable, parameters: Mapping[str, float]) -> Places:
    """Agencies above districts in a world without a structure of its own."""
    districts = np.flatnonzero(table.level == LEA)
    below = [_below(table, row) for row in range(len(table))]
    rows = [row for row in range(len(table)) if table.level[row] in (SEA, ESA) and below[row][districts].any()]
    count = _districts_below(scenario, tuple(parameters.items()))
    return Places(
        tuple(str(table.id[row]) for row in rows),
        tuple(str(table.name[row]) for row in rows),
        tuple(LEVEL_NAMES[table.level[row]] for row in rows),
        np.array([count[str(table.id[row])] for row in rows]),
        table.enrollment[rows].astype(np.float64),
        np.array([below[row][districts] for row in rows]).reshape(len(rows), len(districts)),
        table.id[districts],
    )


@lru_cache(maxsize=4)
def _districts_below(scenario: Scenario, parameters: tuple[tuple[str, float], ...]) -> dict[str, float]:
    population, _ = population_of(scenario.agencies, resolve_values({**scenario.parameters, **dict(parameters)}))
    each = np.array([agency.weight for agency in population.agencies])
    below = population.sum_served(each)
    return {agency.id: float(number) for agency, number in zip(population.agencies, below, strict=True)}


def _below(table: AgencyTable, top: int) -> NDArray[np.bool_]:
    """Who stands at or below an agency, (n,); parents stand before children."""
    inside = np.zeros(len(table), np.bool_)
    inside[top] = True
    for row in range(top + 1, len(table)):
        inside[row] = table.parent[row] >= 0 and inside[table.parent[row]]
    return inside


def regional_results(places: Places, record: Record, table: AgencyTable, weight: str) -> Regional:
    """A run by place; `table` are the agencies of the run, `weight` is that of a question."""
    where = {str(identity): row for row, identity in enumerate(table.id)}
    rows = np.array([where[str(one)] for one in places.district], np.int64)
    size = np.ones(len(table))
    if weight != "districts":
        size = (table.enrollment if weight == "pupils" else table.positions).astype(np.float64)
    counts = places.inside * (table.weight * size)[rows]
    by_moment = {}
    for month, measured in record.by_organization.items():
        values = measured[:, rows]
        known = ~np.isnan(values)
        mass = known.astype(np.float64) @ counts.T
        total = np.where(known, values, 0.0) @ counts.T
        by_moment[month] = np.divide(total, mass, out=np.full_like(total, np.nan), where=mass > 0.0)
    hours = hours_of_districts(record.ledger.by_organization, table)[rows]
    return Regional(by_moment, places.inside @ hours)


def counted_groups(record: Record, table: AgencyTable) -> dict[int, NDArray[np.float64]]:
    """Means over each of `COUNTED` at the moments that are kept, (groups, columns); undefined (NaN) over nobody."""
    from capsim.measures.groups import parts_of  # not above: folders are read without kernels

    inside = parts_of(table)
    sizes = (table.enrollment, table.positions)
    counts = [np.where(inside[part], table.weight * size, 0.0) for size in sizes for part in DISTRICTS]
    found = {}
    for month, measured in record.by_organization.items():
        values = measured[:, : len(table)]
        unknown, filled = np.isnan(values), np.nan_to_num(values)
        masses = [np.where(unknown, 0.0, count) for count in counts]
        with np.errstate(invalid="ignore"):
            found[month] = np.array([(mass * filled).sum(axis=1) / mass.sum(axis=1) for mass in masses])
    return found


def counted_gaps(groups: Mapping[int, NDArray[np.float64]], use: int, months: tuple[int, int]) -> dict[str, float]:
    """Gaps in use, column `use`, between groups of districts counted by pupils and by positions, by column of the runs.

    Undefined (NaN) at a moment before the first month, and where one of the groups is empty.
    """
    found: dict[str, float] = {}
    for weight in (name for name in WEIGHTS if name != PLAIN):
        for moment, month in zip(OUTCOME_MOMENTS, months, strict=True):
            for gap, ends in _GAPS.items():
                first, second = (COUNTED.index(weighted(end, weight)) for end in ends)
                means = groups[month][:, use] if month in groups else np.full(len(COUNTED), np.nan)
                found[f"{weighted(gap, weight)}_{moment}"] = float(means[first] - means[second])
    return found


def hours_of_districts(hours: NDArray[np.float64], table: AgencyTable) -> NDArray[np.float64]:
    """TA hours that count for each district, (n,): its own, those of its schools, its share of those above it.

    Hours given and found are of all agencies that a row stands for; 0 for others than districts.
    """
    found = np.where(table.level == LEA, hours[: len(table)], 0.0)
    for row in np.flatnonzero((table.level != LEA) & (hours[: len(table)] > 0.0)).tolist():
        if table.level[row] == SCHOOL:
            found[table.parent[row]] += hours[row] if table.parent[row] >= 0 else 0.0
        elif table.level[row] != CENTER:
            mass = np.where(_below(table, row) & (table.level == LEA), table.weight * table.allocation, 0.0)
            found += hours[row] * mass / mass.sum() if mass.sum() > 0.0 else 0.0
    return found


def asked_about(scenario: Scenario, today: AgencyTable, table: AgencyTable, center: bool) -> NDArray[np.bool_] | None:
    """Organizations of a run that the question is about, (O,), the TA center last; None where it is all districts."""
    question = scenario.question
    if not question.whom:
        return None
    asked = table.level == LEVELS_ASKED[question.level]
    if question.state:
        asked &= table.state == question.state
    if question.region:
        named = np.flatnonzero((today.level == ESA) & ((today.id == question.region) | (today.name == question.region)))
        inside = np.zeros(len(today), np.bool_)
        for row in named.tolist():
            inside |= _below(today, row)
        asked &= np.isin(table.id, today.id[inside])
    return np.append(asked, False) if center else np.asarray(asked)


def asked_in_words(scenario: Scenario) -> str:
    """Of whom a mean is taken: " of regional agencies in OH"; empty where it is all districts."""
    question = scenario.question
    if not question.whom:
        return ""
    who = {"districts": "districts", "schools": "schools", "regions": "regional agencies", "state": "state agencies"}
    where = f" in {question.region}" if question.region else ""
    where += f" in {question.state}" if question.state else ""
    return f" of {who[question.level]}{where}"
