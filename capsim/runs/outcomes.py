"""What a run comes to: the names of its outcomes in the order of their columns, their values from its record, whom they
are about, and the same by region and by state: means over the districts below each agency above districts, and the
hours they got. Kernels come with `capsim.measures` when a run is there; folders are read without them.

Regions are those of today, whatever structure a run has, so that strategies are compared over the same districts. Each
district counts in its region and state as the question says (by pupils, like every other, by positions), times the
districts that it stands for in a sample. Hours of a district are its own and a share of those of every agency above it
under the structure of the run, in proportion to what districts weigh in the division of hours; so the hours of all
regions of a kind that holds every district, and those of states, sum to the hours of the run.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import (
    FLOWS,
    LINKED,
    MEASURES,
    OUTCOME_MOMENTS,
    OUTCOMES,
    WEIGHTS,
    weighted,
    weighted_column,
)
from capsim.catalogue.measures import COUNTED, DISTRICTS, EQUITY_GAPS, PLAIN
from capsim.levels import CENTER, ESA, LEA, LEVEL_NAMES, SCHOOL, SEA
from capsim.parameters import resolve_values
from capsim.scenario import AgencyTable, Scenario
from capsim.scenario.agencies import population_of
from capsim.scenario.budgets import agencies_today, of_agencies

if TYPE_CHECKING:
    from capsim.engine.run import Record
    from capsim.parameters import Values

OUTCOME_GROUP = "lea"
"""Outcomes are means over districts, and over their pupils and positions."""

_LEDGER = (
    *("capacity_years", "ta_hours", "unspent_hours", "recipient_hours", "turnkey_hours"),
    *("received_hours", "used_hours", "cost"),
)
_WISHES = ("wishes_asked", "wishes_answered", "wishes_months", "wishes_said", "wishes_given")
"""How responsive the help was; undefined where wishes do not move it."""
_ENDS = {"equity_gap_size": ("lea_large", "lea_small"), "equity_gap_sparse": ("lea_other", "lea_sparse")}
"""The two groups of districts of each gap, the first minus the second."""


def outcome_names(*, gains: bool, recorded: Collection[str] = tuple(MEASURES)) -> tuple[str, ...]:
    """Outcomes of a run in the order of their columns, with or without gains over the paired run without assistance.

    `recorded` are the columns of a record, see `Scenario.recorded`.
    """
    states = [name for name in recorded if name not in FLOWS]
    moments = [f"{name}_{moment}" for moment in OUTCOME_MOMENTS for name in (*states, *EQUITY_GAPS)]
    gaps = [
        f"{weighted(gap, weight)}_{moment}"
        for weight in WEIGHTS
        if weight != PLAIN
        for moment in OUTCOME_MOMENTS
        for gap in EQUITY_GAPS
    ]
    own = (*moments, *_LEDGER)
    plain = tuple(dict.fromkeys((*own, *(weighted_column(name, weight) for weight in WEIGHTS for name in own))))
    gained = [f"gain_{name}" for name in plain if name.startswith(tuple(states))]
    per_hours = dict.fromkeys(weighted_column("gain_per_1000_hours", weight) for weight in (PLAIN, *WEIGHTS))
    return (*plain, *gaps, *_WISHES, *gained, *per_hours) if gains else (*plain, *gaps, *_WISHES)


def usually_kept(scenario: Scenario) -> tuple[str, ...]:
    """What a sweep keeps of a record unless it names its outcomes: of use by area only that of the question."""
    by_area = {row.name for row in scenario.use_by_area.values()} - {scenario.asked.name}
    return tuple(name for name in scenario.recorded if name not in by_area)


def run_outcomes(
    record: Record, values: Values, *, assistance_months: int, group: str = OUTCOME_GROUP
) -> dict[str, float]:
    """Outcomes of one run: whatever is recorded, at both moments, under every way of counting districts, or whoever
    else the `group` holds that is asked about; equity gaps in use, hours, cost.

    With no month of assistance the first moment is undefined (NaN).
    """
    from capsim.measures.groups import ASKED, GROUPS

    groups, ledger = (*GROUPS, *ASKED), record.ledger
    recorded = [name for name in record.columns if name not in FLOWS]
    moments = dict(zip(OUTCOME_MOMENTS, (assistance_months - 1, len(record.monthly) - 1), strict=True))

    def at(month: int, of: str, name: str) -> float:
        if month < 0:
            return float("nan")
        return float(record.monthly[month, groups.index(of), record.columns.index(name)])

    def capacity_years(of: str) -> float:
        return float(np.sum(record.monthly[:, groups.index(of), record.columns.index("capacity")]) / 12.0)

    outcomes: dict[str, float] = {}
    for moment, month in moments.items():
        outcomes |= {f"{name}_{moment}": at(month, group, name) for name in recorded}
        for gap, (first, second) in _ENDS.items():
            outcomes[f"{gap}_{moment}"] = at(month, first, "use") - at(month, second, "use")
    outcomes["capacity_years"] = capacity_years(group)
    outcomes |= {"ta_hours": ledger.spent, "unspent_hours": ledger.left, "recipient_hours": ledger.recipient_hours}
    outcomes |= {"turnkey_hours": ledger.turnkey_hours, "received_hours": ledger.received, "used_hours": ledger.used}
    outcomes["cost"] = ledger.cost(values)
    for weight in (name for name in WEIGHTS if name != PLAIN):
        counted = weighted(group, weight)
        for moment, month in moments.items():
            for name in recorded:
                outcomes[weighted_column(f"{name}_{moment}", weight)] = at(month, counted, name)
        outcomes[weighted_column("capacity_years", weight)] = capacity_years(counted)
    return outcomes


def gains_over(outcomes: Mapping[str, float], baseline: Mapping[str, float]) -> dict[str, float]:
    """Gains of a run over the paired run without assistance, and use gained per 1,000 TA hours."""
    states = (*OUTCOMES, *LINKED)
    gains = {f"gain_{name}": outcomes[name] - baseline[name] for name in outcomes if name.startswith(states)}
    hours = outcomes["ta_hours"]
    for weight in dict.fromkeys((PLAIN, *WEIGHTS)):
        gained = gains[weighted_column("gain_use_follow_up_end", weight)]
        per_hours = 1000.0 * gained / hours if hours > 0.0 else float("nan")
        gains[weighted_column("gain_per_1000_hours", weight)] = per_hours
    return gains


def counted_groups(record: Record, table: AgencyTable) -> dict[int, NDArray[np.float64]]:
    """Means over each of `COUNTED` at the moments that are kept, (groups, columns); undefined (NaN) over nobody."""
    from capsim.measures.groups import parts_of

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
            for gap, ends in _ENDS.items():
                first, second = (COUNTED.index(weighted(end, weight)) for end in ends)
                means = groups[month][:, use] if month in groups else np.full(len(COUNTED), np.nan)
                found[f"{weighted(gap, weight)}_{moment}"] = float(means[first] - means[second])
    return found


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


def places_of(scenario: Scenario, parameters: Mapping[str, float] = MappingProxyType({})) -> Places:
    """Agencies above districts in a world without a structure of its own, `parameters` on top of the scenario's."""
    return _places(scenario, of_agencies(parameters))


@lru_cache(maxsize=4)
def _places(scenario: Scenario, parameters: tuple[tuple[str, float], ...]) -> Places:
    table = agencies_today(scenario, dict(parameters))
    districts = np.flatnonzero(table.level == LEA)
    below = [_below(table, row) for row in range(len(table))]
    rows = [row for row in range(len(table)) if table.level[row] in (SEA, ESA) and below[row][districts].any()]
    population, _ = population_of(scenario.agencies, resolve_values({**scenario.parameters, **dict(parameters)}))
    served = population.sum_served(np.array([agency.weight for agency in population.agencies]))
    count = {agency.id: float(number) for agency, number in zip(population.agencies, served, strict=True)}
    return Places(
        tuple(str(table.id[row]) for row in rows),
        tuple(str(table.name[row]) for row in rows),
        tuple(LEVEL_NAMES[table.level[row]] for row in rows),
        np.array([count[str(table.id[row])] for row in rows]),
        table.enrollment[rows].astype(np.float64),
        np.array([below[row][districts] for row in rows]).reshape(len(rows), len(districts)),
        table.id[districts],
    )


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
