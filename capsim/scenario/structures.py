"""Structures: what a strategy may do to regional agencies before its first month; one carried out on a population of
agencies, and everything that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Discriminator, Field, Tag, model_validator

from capsim.errors import nearest_name
from capsim.levels import ESA, LEA, SEA
from capsim.scenario.population import Agency, Population, arranged
from capsim.scenario.values import (
    AgencyName,
    AnyText,
    Frozen,
    FrozenMapping,
    Number,
    Once,
    Part,
    PartError,
    Path,
    Some,
    Text,
    Whole,
    YesNo,
)

REGIONAL = "regional"
"""What a structure writes for all regional agencies, whatever their kind."""
MOST_REGIONAL = 100_000

Positions = Annotated[Whole, Field(ge=1, le=MOST_REGIONAL)]


class Times(Part):
    """Positions as a multiple of those of today, rounded, at least 1."""

    times: Annotated[Number, Field(gt=0, le=100)]


Staffing = Annotated[
    Annotated[Positions, Tag("(one)")] | Annotated[Times, Tag("(times)")],
    Discriminator(lambda value: "(times)" if isinstance(value, Mapping | Times) else "(one)"),
]


class Merge(Part):
    """Regional agencies that become one."""

    agencies: Some[AgencyName]  # the first stays, and takes over the staff of the others and the agencies below them
    name: AnyText = ""  # new name of the first; its own when empty
    positions: Annotated[Whole, Field(ge=0, le=MOST_REGIONAL)] = 0  # of the merged agency; 0 keeps those of all
    into_parent: YesNo = False  # instead, each of the agencies becomes part of the regional agency right above it

    @model_validator(mode="after")
    def _one_form(self) -> Merge:
        if self.into_parent and (self.name or self.positions):
            raise PartError([("into_parent", "the agencies above keep their names and get all positions; delete name")])
        return self


class Add(Part):
    """A new regional agency."""

    name: Text
    agencies: Some[AgencyName]  # districts and regional agencies that come below it
    below: AnyText = ""  # the agency above it; the state agency when empty
    # 0 for those of the smallest regional agency, `esa_positions_minimum`. They are vacant at first
    positions: Annotated[Whole, Field(ge=0, le=MOST_REGIONAL)] = 0


class Reassign(Part):
    """Districts or regional agencies that come below another agency."""

    agencies: Some[AgencyName]
    to: AgencyName


class Structure(Part):
    """Changes of regional agencies, in this order: merge, close, add, reassign, staff.

    Agencies go by id or name; `support_teams`, `escs`, `boces` stand for all of a kind, `regional` for all regional
    ones. Staff of merged agencies stay; of an agency that is cut vacant positions go first, then those who came last.
    """

    merge: tuple[Merge, ...] = ()
    # regional agencies that end; those below come to the agency above, their staff leave
    close: Once[AgencyName] = ()
    add: tuple[Add, ...] = ()
    reassign: tuple[Reassign, ...] = ()
    # budgeted positions by agency or kind
    staff: Frozen[AgencyName, Staffing] = FrozenMapping()
    counted: YesNo = False  # whether positions more or fewer than today are paid from the budget of hours (equal money)

    @model_validator(mode="after")
    def _says_something(self) -> Structure:
        if not (self.merge or self.close or self.add or self.reassign or self.staff):
            raise ValueError("names no agencies; it needs one of merge, close, add, reassign, staff")
        return self


_TEAMS, _CITY = "OH-SST-", "NY-NYCDOE"
_MOST = 20
"""Problems of one structure that are told."""


class Restructured(NamedTuple):
    """A population under a structure.

    `members` are the ids today of the agencies that each regional agency is made of, none for a new one; `today` and
    `positions` budgeted positions of all regional agencies, before and after.
    """

    population: Population
    members: Mapping[str, tuple[str, ...]]
    today: float
    positions: float
    problems: tuple[tuple[Path, str], ...]


def kind_of(agency: Agency) -> str:
    """Kind of a regional agency of the packaged table; empty for others."""
    if agency.state == "OH":
        return "support_teams" if agency.id.startswith(_TEAMS) else "escs"
    return "boces" if agency.state == "NY" and agency.id != _CITY else ""


def restructured(
    population: Population,
    positions: NDArray[np.int32],
    structure: Structure,
    *,
    kinds: Sequence[str] = (),
    smallest: int = 1,
) -> Restructured:
    """Carry a structure out where there are `positions` today, (n,).

    `kinds` are those of regional agencies that this world knows; a new agency that is given no positions has the
    `smallest` number. What could not be carried out stands in `problems`.
    """
    work = _Work(population, positions, kinds, smallest)
    for place, merge in enumerate(structure.merge):
        work.merge(merge, ("merge", place))
    work.close(structure.close, ("close",))
    for place, new in enumerate(structure.add):
        work.add(new, ("add", place))
    for place, moved in enumerate(structure.reassign):
        work.reassign(moved, ("reassign", place))
    work.staff(structure)
    here = population.level == ESA
    weight = population.given("weight")[here]
    after = [one for one in work.agencies.values() if one.level == ESA]
    if not here.any():
        work.problems.append(((), "there are no regional agencies in this world; name some under agencies: regional"))
    return Restructured(
        arranged(work.agencies.values(), population.notes),
        {one.id: tuple(work.members.get(one.id, (one.id,))) for one in after},
        float((positions[here] * weight).sum()),
        float(sum(one.positions * one.weight for one in after)),
        tuple(work.problems[:_MOST]),
    )


class _Work:
    """Agencies by id while a structure is carried out."""

    def __init__(
        self, population: Population, positions: NDArray[np.int32], kinds: Sequence[str], smallest: int
    ) -> None:
        self.agencies = {
            agency.id: agency._replace(positions=int(count)) if agency.level == ESA else agency
            for agency, count in zip(population.agencies, positions.tolist(), strict=True)
        }
        self.members: dict[str, tuple[str, ...]] = {}
        self.problems: list[tuple[Path, str]] = []
        self.gone: dict[str, str] = {}
        self.kinds, self.smallest = (*kinds, REGIONAL), smallest

    def refuse(self, path: Path, text: str) -> None:
        self.problems.append((path, text))

    # --- names

    def find(self, name: str, path: Path, levels: tuple[int, ...]) -> list[str]:
        """Ids that a name stands for; a problem, and none, if it stands for nothing of these levels."""
        if name in self.kinds:
            every = (one for one in self.agencies.values() if one.level == ESA)
            return [one.id for one in every if name in {REGIONAL, kind_of(one)}]
        named = [one for one in self.agencies.values() if name in {one.id, one.name}]
        fitting = [one.id for one in named if one.level in levels]
        if len(fitting) == 1:
            return fitting
        if fitting:
            self.refuse(path, f"{name!r} is the name of {len(fitting)} agencies; write an id: {', '.join(fitting[:5])}")
        elif named:
            self.refuse(path, f"{name!r} cannot stand here; allowed: {_in_words(levels)}")
        elif name in self.gone:
            self.refuse(path, f"{name!r} is gone: {self.gone[name]}")
        else:
            known = [text for one in self.agencies.values() if one.level in levels for text in (one.id, one.name)]
            text = f"no agency {name!r}; allowed: ids or names of {_in_words(levels)}, {', '.join(self.kinds)}"
            self.refuse(path, text + nearest_name(name, [*self.kinds, *known]))
        return []

    def find_all(self, names: Sequence[str], path: Path, levels: tuple[int, ...]) -> list[str]:
        found = [one for place, name in enumerate(names) for one in self.find(name, (*path, place), levels)]
        return list(dict.fromkeys(found))

    def of_one_state(self, ids: Sequence[str], path: Path, what: str) -> bool:
        states = dict.fromkeys(self.agencies[one].state for one in ids)
        if len(states) > 1:
            self.refuse(path, f"{what} {' and '.join(states)}; an agency belongs to one state, whose staff it shares")
        return len(states) <= 1

    def end(self, one: str, why: str) -> None:
        agency = self.agencies.pop(one)
        self.gone[agency.id] = self.gone[agency.name] = why

    def above(self, one: str) -> list[str]:
        """Ids of all agencies above, from below."""
        found: list[str] = []
        while self.agencies[one].parent:
            one = self.agencies[one].parent
            found.append(one)
        return found

    def move_children(self, old: str, new: str) -> None:
        for child in [one for one in self.agencies.values() if one.parent == old]:
            self.agencies[child.id] = child._replace(parent=new)

    # --- the five changes

    def merge(self, asked: Merge, path: Path) -> None:
        ids = self.find_all(asked.agencies, (*path, "agencies"), (ESA,))
        if asked.into_parent:
            for one in sorted(ids, key=lambda one: -len(self.above(one))):
                parent = self.agencies[one].parent
                if not parent or self.agencies[parent].level != ESA:
                    self.refuse((*path, "into_parent"), f"{one} has no regional agency above it")
                else:
                    self.absorb(parent, one)
            return
        if len(ids) < 2:
            if ids and len(asked.agencies) == 1:
                self.refuse((*path, "agencies"), f"a merger needs two agencies or more, got {', '.join(ids)}")
            return
        if not self.of_one_state(ids, (*path, "agencies"), "merges across states:"):
            return
        first, *others = ids
        top = min(ids, key=lambda one: len(self.above(one)))
        parent = next((one for one in self.above(top) if one not in ids), "")
        for one in others:
            self.absorb(first, one)
        stays = self.agencies[first]._replace(parent=parent)
        stays = stays._replace(name=asked.name or stays.name, positions=asked.positions or stays.positions)
        self.agencies[first] = stays

    def absorb(self, stays: str, ends: str) -> None:
        """One agency takes over the staff of another, and those below it."""
        old, new = self.agencies[ends], self.agencies[stays]
        given = np.array([old.hours_per_year, new.hours_per_year])
        hours = float(np.nansum(given)) if not np.isnan(given).all() else new.hours_per_year
        self.agencies[stays] = new._replace(positions=new.positions + old.positions, hours_per_year=hours)
        self.members[stays] = (*self.members.get(stays, (stays,)), *self.members.pop(ends, (ends,)))
        self.move_children(ends, stays)
        self.end(ends, f"it was merged into {stays}")

    def close(self, names: Sequence[str], path: Path) -> None:
        for one in self.find_all(names, path, (ESA,)):
            self.move_children(one, self.agencies[one].parent)
            self.members.pop(one, None)
            self.end(one, "it was closed")

    def add(self, asked: Add, path: Path) -> None:
        below = self.find_all(asked.agencies, (*path, "agencies"), (ESA, LEA))
        above = self.find(asked.below, (*path, "below"), (SEA, ESA)) if asked.below else []
        if not below or (asked.below and not above):
            return
        if not self.of_one_state([*below, *above], path, "one agency for"):
            return
        state = self.agencies[below[0]].state
        own = [one.id for one in self.agencies.values() if one.level == SEA and one.state == state]
        parent = (above or own or [""])[0]
        new = f"{state}-{re.sub(r'[^A-Z0-9]+', '-', asked.name.upper()).strip('-')}"
        if any({asked.name, new} & {one.id, one.name} for one in self.agencies.values()):
            self.refuse((*path, "name"), f"there is an agency {asked.name!r} already; give this one another name")
            return
        if parent in below or set(self.above(parent) if parent else ()) & set(below):
            self.refuse((*path, "below"), f"{parent} would stand below itself")
            return
        self.agencies[new] = Agency(
            new, asked.name, state, ESA, parent=parent, positions=asked.positions or self.smallest
        )
        self.members[new] = ()
        for one in below:
            self.agencies[one] = self.agencies[one]._replace(parent=new)

    def reassign(self, asked: Reassign, path: Path) -> None:
        moved = self.find_all(asked.agencies, (*path, "agencies"), (ESA, LEA))
        to = self.find(asked.to, (*path, "to"), (SEA, ESA))
        if not moved or not to:
            return
        if len(to) > 1:
            self.refuse((*path, "to"), f"{asked.to} are {len(to)} agencies; name one")
            return
        for one in moved:
            if not self.of_one_state([one, to[0]], path, f"{one} would come below an agency of another state:"):
                continue
            if one == to[0] or one in self.above(to[0]):
                self.refuse((*path, "to"), f"{one} would stand below itself")
            else:
                self.agencies[one] = self.agencies[one]._replace(parent=to[0])

    def staff(self, structure: Structure) -> None:
        before = {one.id: one.positions for one in self.agencies.values()}
        for name, wanted in structure.staff.items():
            for one in self.find(name, ("staff", name), (ESA,)):
                count = max(1, round(wanted.times * before[one])) if isinstance(wanted, Times) else int(wanted)
                self.agencies[one] = self.agencies[one]._replace(positions=count)


def _in_words(levels: tuple[int, ...]) -> str:
    names = {SEA: "state agencies", ESA: "regional agencies", LEA: "districts"}
    return " and ".join(names[level] for level in levels)
