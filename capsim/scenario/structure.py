"""Structures: what a strategy may do to regional agencies before its first month, as a scenario file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, PlainSerializer, Tag, model_validator

from capsim.scenario.values import (
    AgencyName,
    AnyText,
    FrozenMapping,
    Number,
    Part,
    PartError,
    Text,
    Whole,
    YesNo,
    each_once,
    empty_if_nothing,
)

REGIONAL = "regional"
"""What a structure writes for all regional agencies, whatever their kind."""
MOST_POSITIONS = 100_000

Positions = Annotated[Whole, Field(ge=1, le=MOST_POSITIONS)]
Names = Annotated[tuple[AgencyName, ...], Field(min_length=1), AfterValidator(each_once)]


class Times(Part):
    """Positions as a multiple of those of today, rounded, at least 1."""

    times: Annotated[Number, Field(gt=0, le=100)]


Staffing = Annotated[
    Annotated[Positions, Tag("(one)")] | Annotated[Times, Tag("(times)")],
    Discriminator(lambda value: "(times)" if isinstance(value, Mapping | Times) else "(one)"),
]


class Merge(Part):
    """Regional agencies that become one.

    Parameters
    ----------
    agencies : tuple of str
        The first stays, and takes over the staff of the others and the agencies below them.
    name : str
        New name of the first; its own when empty.
    positions : int
        Of the merged agency; 0 keeps those of all.
    into_parent : bool
        Instead, each of the agencies becomes part of the regional agency right above it.
    """

    agencies: Names
    name: AnyText = ""
    positions: Annotated[Whole, Field(ge=0, le=MOST_POSITIONS)] = 0
    into_parent: YesNo = False

    @model_validator(mode="after")
    def _one_form(self) -> Merge:
        if self.into_parent and (self.name or self.positions):
            raise PartError([("into_parent", "the agencies above keep their names and get all positions; delete name")])
        return self


class Add(Part):
    """A new regional agency.

    Parameters
    ----------
    name : str
    agencies : tuple of str
        Districts and regional agencies that come below it.
    below : str
        The agency above it; the state agency when empty.
    positions : int
        0 for those of the smallest regional agency, `esa_positions_minimum`. They are vacant at first.
    """

    name: Text
    agencies: Names
    below: AnyText = ""
    positions: Annotated[Whole, Field(ge=0, le=MOST_POSITIONS)] = 0


class Reassign(Part):
    """Districts or regional agencies that come below another agency."""

    agencies: Names
    to: AgencyName


class Structure(Part):
    """Changes of regional agencies, in this order: merge, close, add, reassign, staff.

    Agencies go by id or name; `support_teams`, `escs`, `boces` stand for all of a kind, `regional` for all regional
    ones. Staff of merged agencies stay; of an agency that is cut vacant positions go first, then those who came last.

    Parameters
    ----------
    merge : tuple of Merge
    close : tuple of str
        Regional agencies that end; those below come to the agency above, their staff leave.
    add : tuple of Add
    reassign : tuple of Reassign
    staff : mapping of str to int or Times
        Budgeted positions by agency or kind.
    counted : bool
        Whether positions more or fewer than today are paid from the budget of hours (equal money).
    """

    merge: tuple[Merge, ...] = ()
    close: Annotated[tuple[AgencyName, ...], AfterValidator(each_once)] = ()
    add: tuple[Add, ...] = ()
    reassign: tuple[Reassign, ...] = ()
    staff: Annotated[
        Mapping[AgencyName, Staffing],
        BeforeValidator(empty_if_nothing),
        AfterValidator(FrozenMapping),
        PlainSerializer(
            lambda staff: {
                name: one.model_dump(mode="json") if isinstance(one, Times) else one for name, one in staff.items()
            }
        ),
    ] = FrozenMapping()
    counted: YesNo = False

    @model_validator(mode="after")
    def _says_something(self) -> Structure:
        if not (self.merge or self.close or self.add or self.reassign or self.staff):
            raise ValueError("names no agencies; it needs one of merge, close, add, reassign, staff")
        return self
