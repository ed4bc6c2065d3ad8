"""A user's CSV of agencies, and an edge list of ties between them: every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError, NearestNames, nearest_name, printable
from capsim.levels import AGENCY_LEVELS, ESA, LEA, LEVEL_NAMES, LEVELS, SCHOOL, SEA
from capsim.numbers import how_to_write, number_in_cell
from capsim.parameters import PARAMETERS
from capsim.scenario.csv_rows import Rows, problem_with_id, read_rows
from capsim.scenario.population import Agency, AgencyTable, Population, arranged
from capsim.scenario.values import problem_with_name


class _Numbers(NamedTuple):
    """What may stand in a column of numbers: bounds, words of columns that probably mean it."""

    low: float
    high: float
    alike: tuple[str, ...] = ()
    above_zero: bool = False
    counted: bool = False


_STAFF = ("fte", "ftes", "staff", "staffing", "employees", "headcount", "seats", "posts", "jobs", "positions")
_NUMBERS = {
    "enrollment": _Numbers(0.0, 1e9, ("pupils", "students", "enrolled", "membership"), counted=True),
    "positions": _Numbers(1.0, 1e6, _STAFF, counted=True),
    "lat": _Numbers(-90.0, 90.0, ("latitude",)),
    "lon": _Numbers(-180.0, 180.0, ("longitude", "long", "lng")),
    "land_km2": _Numbers(0.0, 1e8, ("acres", "sqmi", "sqkm", "km2", "miles"), above_zero=True),
    "weight": _Numbers(0.0, 1e9, ("weights", "weighting"), above_zero=True),
    "hours_per_year": _Numbers(0.0, 1e9),
    "poverty_share": _Numbers(0.0, 1.0, ("poverty", "poor")),
    "annual_exit": _Numbers(0.0, 0.95, ("turnover", "exit", "exits", "attrition")),
    "leader_annual_exit": _Numbers(0.0, 0.95),
}
_REQUIRED = ("id", "name", "state", "level", "enrollment")
_OPTIONAL = ("parent", *(name for name in _NUMBERS if name != "enrollment"))
_ALIKE = {name: column.alike for name, column in _NUMBERS.items()} | {"parent": ("reports",)}
_ELSEWHERE = {"hours": "hours of assistance are a key of the scenario (assistance: budget_hours_per_year)"}
_NAMED = {code: f"a {name}" if code == SCHOOL else f"an {name}" for code, name in enumerate(LEVEL_NAMES)}
_NOTE = "Agencies, their sizes and their parents come from a table of agencies; what is inside them is simulated."


def agency_rows(path: str) -> Rows:
    """Rows of a CSV of agencies; parameters and errors as in `own_population`."""
    return read_rows(path, _REQUIRED, _OPTIONAL, sheet="agencies", alike=_ALIKE, elsewhere=_ELSEWHERE)


def own_population(path: str) -> Population:
    """Agencies of a user's CSV.

    Columns: id, name, state, level (sea, esa, lea, school), enrollment; optionally parent (an id), positions, lat, lon,
    land_km2, weight (a school has that of its district), hours_per_year (what an agency weighs where hours are divided
    by hand), poverty_share (of children), annual_exit (chance that a member of its staff, the leader apart, leaves in a
    year), leader_annual_exit (the same of its leader). An agency without a parent in the file belongs to the one SEA of
    its state if there is exactly one, and otherwise to none; a school needs the id of its district. SEAs and ESAs may
    leave enrollment blank: it is the sum of their districts.
    """
    found = agency_rows(path)
    _refuse_parameters(found)
    _refuse_second_headings(found)
    agencies: dict[str, Agency] = {}
    line_of: dict[str, int] = {}
    for line, row in found.rows:
        found.problems += [(line, problem) for problem in _problems_of_row(row)]
        identity = row["id"]
        if identity in line_of:
            found.problems.append((line, f"id: {identity!r} is used twice, first on line {line_of[identity]}"))
        elif identity:
            line_of[identity] = line
            agencies[identity] = _agency(row)
    agencies = _joined_to_seas(agencies)
    found.problems += [(line_of[one], text) for one, text in _problems_of_tree(agencies)]
    found.refuse_problems()
    return arranged(agencies.values(), [_NOTE])


def _refuse_parameters(found: Rows) -> None:
    """A column that is named as a parameter would be passed over, and whoever wrote it would believe it counts."""
    of_all = [name for name in found.passed_over if name.strip().lower() in PARAMETERS]
    if of_all:
        facts = "hours_per_year, poverty_share, annual_exit and leader_annual_exit"
        raise InputError(
            f"{found.file}:1: column {name} is a parameter of all agencies; give it in the scenario (parameters: "
            f"{name}: ...), or name the column note_{name[:40]} to have it passed over; by agency there are {facts}"
            for name in map(printable, of_all)
        )


def _refuse_second_headings(found: Rows) -> None:
    """A row of units or explanations below the names of the columns."""
    if not found.rows:
        return
    line, first = found.rows[0]
    if (
        first["level"].lower() not in AGENCY_LEVELS
        and first["enrollment"]
        and number_in_cell(first["enrollment"]) is None
    ):
        text = f"{first['level'][:40]!r} and {first['enrollment'][:40]!r}"
        raise InputError(f"{found.file}:{line}: looks like a second row of headings ({text}); delete it")


def _problems_of_row(row: Mapping[str, str]) -> Iterator[str]:
    level = row["level"].lower()
    for column in ("id", "state"):
        if not row[column]:
            yield f"{column}: is empty"
    for column in ("id", "name", "state"):
        if problem := problem_with_name(row[column]):
            yield f"{column}: {problem}"
    for column in ("id", "parent"):
        if problem := problem_with_id(row.get(column, "")):
            yield f"{column}: {problem}"
    if level not in AGENCY_LEVELS:
        allowed = f"allowed: {', '.join(AGENCY_LEVELS)}{nearest_name(level, AGENCY_LEVELS)}"
        yield f"level: {row['level'][:60]!r} is not allowed; {allowed}"
    if level == "school" and not row.get("parent", ""):
        yield "parent: is empty; a school needs the id of its district"
    if level in {"lea", "school"} and not row["enrollment"]:
        yield f"enrollment: is empty; a {LEVELS[level].singular} needs its number of pupils (0 is allowed)"
    for column in _NUMBERS:
        if text := row.get(column, ""):
            yield from _problems_of_number(column, text)


def _problems_of_number(column: str, text: str) -> Iterator[str]:
    value, (low, high, _, above_zero, counted) = _number_in(column, text), _NUMBERS[column]
    if value is None:
        yield f"{column}: {text[:60]!r} is not a number{how_to_write(text, counted=counted)}"
    elif not low <= value <= high or (above_zero and value == 0.0):
        lowest = "more than 0" if above_zero else f"{low:g}"
        yield f"{column}: {text[:60]} is out of range; allowed: {lowest} to {high:g}"
    elif column == "positions" and value != int(value):
        yield f"positions: {text[:60]} is not a whole number of posts; write {max(1, round(value))}"


def _number_in(column: str, text: str) -> int | float | None:
    return number_in_cell(text, share=_NUMBERS[column].high <= 1.0, counted=_NUMBERS[column].counted)


def _agency(row: Mapping[str, str]) -> Agency:
    def number(column: str, otherwise: float) -> float:
        value = _number_in(column, row.get(column, ""))
        return otherwise if value is None else float(value)

    return Agency(
        id=row["id"],
        name=row["name"] or row["id"],
        state=row["state"],
        level=AGENCY_LEVELS.get(row["level"].lower(), 0),
        parent=row.get("parent", ""),
        positions=int(number("positions", 0.0)),
        **{name: number(name, Agency._field_defaults[name]) for name in _NUMBERS if name != "positions"},
    )


def _joined_to_seas(agencies: dict[str, Agency]) -> dict[str, Agency]:
    seas: dict[str, list[str]] = {}
    for agency in agencies.values():
        if agency.level == SEA:
            seas.setdefault(agency.state, []).append(agency.id)
    only = {state: found[0] for state, found in seas.items() if len(found) == 1}
    return {
        identity: agency
        if agency.parent or agency.level in {SEA, SCHOOL}
        else agency._replace(parent=only.get(agency.state, ""))
        for identity, agency in agencies.items()
    }


def _problems_of_tree(agencies: Mapping[str, Agency]) -> Iterator[tuple[str, str]]:
    nearest, circular = NearestNames(agencies), _in_cycles(agencies)
    for agency in agencies.values():
        if not agency.parent:
            continue
        parent = agencies.get(agency.parent)
        if parent is None:
            yield agency.id, f"parent: no agency has the id {agency.parent[:60]!r}{nearest(agency.parent)}"
        elif agency.level == SEA:
            yield agency.id, f"parent: an sea has no parent, got {agency.parent!r}"
        elif 0 in {parent.level, agency.level}:
            continue
        elif agency.level == SCHOOL and parent.level != LEA:
            yield agency.id, f"parent: {parent.id!r} is {_NAMED[parent.level]}; a school stands below a district (lea)"
        elif agency.level == SCHOOL and parent.state != agency.state:
            text = f"state: {agency.state!r} is not that of its district {parent.id!r}, {parent.state!r}"
            yield agency.id, text
        elif agency.level != SCHOOL and (parent.level == LEA or parent.level > agency.level):
            wrong = f"{parent.id!r} is {_NAMED[parent.level]}, which cannot stand above {_NAMED[agency.level]}"
            yield agency.id, f"parent: {wrong}"
        elif agency.id in circular:
            yield agency.id, f"parent: {agency.id!r} is above itself, through {agency.parent!r}"


def _in_cycles(agencies: Mapping[str, Agency]) -> set[str]:
    """Agencies that stand above themselves; only regional agencies can."""
    import networkx as nx

    regional = {one.id: one for one in agencies.values() if one.level == ESA}
    ties = nx.DiGraph((one.id, one.parent) for one in regional.values() if one.parent in regional)
    circles = (circle for circle in nx.strongly_connected_components(ties))
    return {one for circle in circles for one in circle if len(circle) > 1 or ties.has_edge(one, one)}


def read_edges(path: str, table: AgencyTable) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Directed ties between agencies, ordered by their rows whatever the order of the file.

    The CSV has the columns from, to (agency ids) and optionally strength, in (0, 1]; without it, 1. Given back are rows
    of the table, (e,) int32 each, of which the first asks the second for advice, and strengths.
    """
    found = edge_rows(path)
    row_of = {str(identity): number for number, identity in enumerate(table.id)}
    nearest = NearestNames(row_of)
    ties: dict[tuple[int, int], float] = {}
    first: dict[tuple[str, str], int] = {}
    for line, row in found.rows:
        ends = (row["from"], row["to"])
        text = row.get("strength", "")
        strength = number_in_cell(text, share=True) if text else 1.0
        faults = [
            f"{column}: {problem_with_id(one) or f'no agency has the id {one[:60]!r}{nearest(one)}'}"
            for column, one in zip(("from", "to"), ends, strict=True)
            if one not in row_of
        ]
        if ends[0] == ends[1]:
            faults.append(f"to: {ends[1][:60]!r} has a tie to itself")
        if ends in first:
            faults.append(f"the tie from {ends[0]!r} to {ends[1]!r} is given twice, first on line {first[ends]}")
        if strength is None or not 0.0 < strength <= 1.0:
            hint = how_to_write(text)
            faults.append(f"strength: {text[:60]!r} is not allowed; allowed: a number above 0, at most 1{hint}")
        elif not faults:
            ties[row_of[ends[0]], row_of[ends[1]]] = float(strength)
        first.setdefault(ends, line)
        found.problems += [(line, fault) for fault in faults]
    found.refuse_problems()
    ordered = sorted(ties.items())
    pairs = np.array([ends for ends, _ in ordered], dtype=np.int32).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy(), np.array([strength for _, strength in ordered])


def edge_rows(path: str) -> Rows:
    """Rows of an edge list; parameters and errors as in `read_edges`."""
    alike = {"strength": ("weight", "weights", "value")}
    return read_rows(path, ("from", "to"), ("strength",), sheet="edges", alike=alike)
