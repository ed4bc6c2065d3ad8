"""A user's CSV of agencies: every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan

from capsim.errors import InputError, nearest_name
from capsim.levels import ESA, LEA, SCHOOL, SEA
from capsim.numbers import how_to_write, number_in
from capsim.scenario.csv_rows import read_rows, shown_path
from capsim.scenario.population import Agency, Population, arranged

__all__ = ["own_population"]

REQUIRED = ("id", "name", "state", "level", "enrollment")
OPTIONAL = ("parent", "positions", "lat", "lon", "land_km2", "weight")
_LEVELS = {"sea": SEA, "esa": ESA, "lea": LEA, "school": SCHOOL}
_BOUNDS = {
    "enrollment": (0.0, 1e9),
    "positions": (1.0, 1e6),
    "lat": (-90.0, 90.0),
    "lon": (-180.0, 180.0),
    "land_km2": (0.0, 1e8),
    "weight": (0.0, 1e9),
}
_WITH_PUPILS = {"lea": "district", "school": "school"}
_ABOVE_ZERO = frozenset({"weight", "land_km2"})
_NOTE = "Agencies, their sizes and their parents come from a file of the user's; their inner state is simulated."


def own_population(path: str) -> Population:
    """Agencies of a user's CSV.

    An agency without a parent in the file belongs to the one SEA of its state if there is exactly one, and
    otherwise to none; a school needs the id of its district. SEAs and ESAs may leave enrollment blank: it is the
    sum of their districts.

    Parameters
    ----------
    path : str
        Columns id, name, state, level (sea, esa, lea, school), enrollment; optionally parent (an id), positions,
        lat, lon, land_km2, weight (a school has that of its district).

    Raises
    ------
    InputError
        With one line for every problem, as ``path:line: column: message``.
    """
    rows, problems = read_rows(path, REQUIRED, OPTIONAL)
    path = shown_path(path)
    agencies: dict[str, Agency] = {}
    line_of: dict[str, int] = {}
    for line, row in rows:
        problems += [f"{path}:{line}: {problem}" for problem in _problems_of_row(row)]
        identity = row["id"]
        if identity in line_of:
            problems.append(f"{path}:{line}: id: {identity!r} is used twice, first on line {line_of[identity]}")
        elif identity:
            line_of[identity] = line
            agencies[identity] = _agency(row)
    agencies = _joined_to_seas(agencies)
    tree = ((line_of[one], text) for one, text in _problems_of_tree(agencies))
    problems += [f"{path}:{line}: {text}" for line, text in tree]
    if problems:
        raise InputError(sorted(problems, key=lambda problem: int(problem[len(path) + 1 :].split(":", 1)[0])))
    return arranged(agencies.values(), [_NOTE])


def _problems_of_row(row: Mapping[str, str]) -> Iterator[str]:
    for column in ("id", "state"):
        if not row[column]:
            yield f"{column}: is empty"
    if row["level"].lower() not in _LEVELS:
        nearest = nearest_name(row["level"].lower(), _LEVELS)
        yield f"level: {row['level']!r} is not allowed; allowed: {', '.join(_LEVELS)}{nearest}"
    if row["level"].lower() == "school" and not row.get("parent", ""):
        yield "parent: is empty; a school needs the id of its district"
    for column, (low, high) in _BOUNDS.items():
        text = row.get(column, "")
        if not text:
            if column == "enrollment" and row["level"].lower() in _WITH_PUPILS:
                what = _WITH_PUPILS[row["level"].lower()]
                yield f"enrollment: is empty; a {what} needs its number of pupils (0 is allowed)"
            continue
        value = number_in(text)
        if value is None:
            yield f"{column}: {text!r} is not a number{how_to_write(text)}"
        elif not low <= value <= high or (column in _ABOVE_ZERO and value == 0.0):
            lowest = "more than 0" if column in _ABOVE_ZERO else f"{low:g}"
            yield f"{column}: {text} is out of range; allowed: {lowest} to {high:g}"
        elif column == "positions" and value != int(value):
            yield f"positions: {text} is not a whole number of posts; write {round(value)}"


def _agency(row: Mapping[str, str]) -> Agency:
    def number(column: str, otherwise: float) -> float:
        value = number_in(row.get(column, ""))
        return otherwise if value is None else value

    return Agency(
        id=row["id"],
        name=row["name"] or row["id"],
        state=row["state"],
        level=_LEVELS.get(row["level"].lower(), 0),
        parent=row.get("parent", ""),
        enrollment=number("enrollment", 0.0),
        lat=number("lat", nan),
        lon=number("lon", nan),
        land_km2=number("land_km2", nan),
        positions=int(number("positions", 0.0)),
        weight=number("weight", 1.0),
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
    named = {number: f"a {name}" if number == SCHOOL else f"an {name}" for name, number in _LEVELS.items()}
    for agency in agencies.values():
        if not agency.parent:
            continue
        parent = agencies.get(agency.parent)
        if parent is None:
            yield (
                agency.id,
                f"parent: no agency has the id {agency.parent!r}{nearest_name(agency.parent, agencies)}",
            )
        elif agency.level == SEA:
            yield agency.id, f"parent: an sea has no parent, got {agency.parent!r}"
        elif 0 in {parent.level, agency.level}:
            continue
        elif agency.level == SCHOOL:
            yield from _problems_of_school(agency, parent, named)
        elif parent.level == LEA or parent.level > agency.level:
            yield (
                agency.id,
                f"parent: {parent.id!r} is {named[parent.level]}, which cannot stand above {named[agency.level]}",
            )
        elif _in_cycle(agency, agencies):
            yield agency.id, f"parent: {agency.id!r} is above itself, through {agency.parent!r}"


def _problems_of_school(school: Agency, parent: Agency, named: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    if parent.level != LEA:
        yield (
            school.id,
            f"parent: {parent.id!r} is {named[parent.level]}; a school stands below a district (lea)",
        )
    elif parent.state != school.state:
        yield school.id, f"state: {school.state!r} is not that of its district {parent.id!r}, {parent.state!r}"


def _in_cycle(agency: Agency, agencies: Mapping[str, Agency]) -> bool:
    seen: set[str] = set()
    above = agency.parent
    while above in agencies and above not in seen:
        if above == agency.id:
            return True
        seen.add(above)
        above = agencies[above].parent
    return False
