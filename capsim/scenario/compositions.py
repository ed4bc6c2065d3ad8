"""Strategies as a scenario names them: shipped ones, compositions of parts, classes of the user's own; and structures,
what a strategy may do to regional agencies before its first month.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    model_validator,
)

from capsim.catalogue import CHAINS, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, Recipe
from capsim.levels import AGENCY_LEVELS
from capsim.scenario.courses import (
    Center,
    FocalAreas,
    PhaseOfStrategy,
    ReviewRule,
    Shares,
    SharesOrNone,
    Targets,
    either,
    focus_of,
    sum_to_one,
)
from capsim.scenario.values import (
    AgencyName,
    AnyText,
    Frozen,
    FrozenMapping,
    Number,
    Part,
    PartError,
    Share,
    Text,
    Whole,
    YesNo,
    each_once,
    good_name,
    one_of,
)

ALTERNATIVES = frozenset(
    {"(named)", "(composition)", "(plugin)", "(one)", "(several)", "(by name)", "(times)", "(area)"}
)
"""Marks of the forms that a value can have, in the places that validation names; they are not in the file."""


Level = Annotated[AnyText, one_of("", AGENCY_LEVELS)]
Levels = Annotated[tuple[Level, ...], Field(min_length=1), AfterValidator(each_once)]
LevelShares = Annotated[Mapping[Level, Share], AfterValidator(sum_to_one)]
Recipients = Annotated[
    Annotated[Levels, Tag("(several)")] | Annotated[LevelShares, Tag("(by name)")],
    either("(by name)", Mapping, "(several)"),
]


def _not_shipped(name: str) -> str:
    if name in STRATEGIES:
        raise ValueError(f"{name!r} is a shipped strategy; give this one another name")
    return name


REGIONAL = "regional"
"""What a structure writes for all regional agencies, whatever their kind."""
MOST_REGIONAL = 100_000

Positions = Annotated[Whole, Field(ge=1, le=MOST_REGIONAL)]
Names = Annotated[tuple[AgencyName, ...], Field(min_length=1), AfterValidator(each_once)]


class Times(Part):
    """Positions as a multiple of those of today, rounded, at least 1."""

    times: Annotated[Number, Field(gt=0, le=100)]


Staffing = Annotated[
    Annotated[Positions, Tag("(one)")] | Annotated[Times, Tag("(times)")],
    Discriminator(lambda value: "(times)" if isinstance(value, Mapping | Times) else "(one)"),
]


class Merge(Part):
    """Regional agencies that become one."""

    agencies: Names  # the first stays, and takes over the staff of the others and the agencies below them
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
    agencies: Names  # districts and regional agencies that come below it
    below: AnyText = ""  # the agency above it; the state agency when empty
    # 0 for those of the smallest regional agency, `esa_positions_minimum`. They are vacant at first
    positions: Annotated[Whole, Field(ge=0, le=MOST_REGIONAL)] = 0


class Reassign(Part):
    """Districts or regional agencies that come below another agency."""

    agencies: Names
    to: AgencyName


class Structure(Part):
    """Changes of regional agencies, in this order: merge, close, add, reassign, staff.

    Agencies go by id or name; `support_teams`, `escs`, `boces` stand for all of a kind, `regional` for all regional
    ones. Staff of merged agencies stay; of an agency that is cut vacant positions go first, then those who came last.
    """

    merge: tuple[Merge, ...] = ()
    # regional agencies that end; those below come to the agency above, their staff leave
    close: Annotated[tuple[AgencyName, ...], AfterValidator(each_once)] = ()
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


class Manner(Part):
    """How a composition is delivered."""

    _said_if_other: ClassVar[tuple[str, ...]] = ("structure",)

    # when recipients share in the design: none, planning, implementation or both
    codesign: Annotated[AnyText, one_of("codesign phase", CODESIGN_PHASES)] = "none"
    focal_areas: FocalAreas = "all"  # number of areas each agency works on at once, or which ones
    # whether recipients pass on what they get to the agencies below them
    chain: Annotated[AnyText, one_of("chain", CHAINS)] = "direct"
    grouping: Annotated[AnyText, one_of("grouping", GROUPINGS)] = "mixed"  # whether groups of agencies mix states
    # levels that receive it; a mapping gives each its share of the hours. Districts when not given, regional agencies
    # with a cascade
    recipients: Recipients = ("lea",)
    # what becomes of regional agencies before the first month; they stay as they are without it
    structure: Structure | None = None

    @model_validator(mode="before")
    @classmethod
    def _cascade_begins_in_regions(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("chain") == "cascade" and "recipients" not in value:
            return {**value, "recipients": ["esa"]}
        return value


class Composition(Part):
    """A strategy put together in a scenario file."""

    _said_if_other: ClassVar[tuple[str, ...]] = ("center", "phases", "review")

    name: Annotated[Text, AfterValidator(_not_shipped)]  # not the name of a shipped strategy
    activities: Shares  # shares of hours by activity; they sum to 1
    targeting: Targets = "universal"  # for all tiers but universal, or for the tiers named (the others: universal)
    methods: Frozen[Text, Shares] = FrozenMapping()  # shares by activity in that focal area, instead of `activities`
    # whether readings of an agency move its hours to what it lacks: people or organization
    target_capacities: YesNo = False
    # shares by activity in the last third of the months, instead of `activities`; empty for none
    exit_activities: SharesOrNone = FrozenMapping()
    delivery: Manner = Manner()
    schedule: Annotated[AnyText, one_of("schedule", SCHEDULES)] = "level"
    center: Center | None = None  # staff of the center that carries it out; that of the scenario when not given
    phases: tuple[PhaseOfStrategy, ...] = ()  # in the order of their months
    review: tuple[ReviewRule, ...] = ()  # gone through once a year, in this order

    def recipe(self, areas: tuple[str, ...]) -> Recipe:
        """The same as the catalogue holds its own strategies, for a scenario with these focal areas."""
        recipients = self.delivery.recipients
        return Recipe(
            name=self.name,
            title=self.name,
            meaning="Composed in the scenario.",
            source="scenario",
            activities=dict(self.activities),
            targeting=self.targeting if isinstance(self.targeting, str) else dict(self.targeting),
            methods=tuple(dict(self.methods.get(area, self.activities)) for area in areas) if self.methods else (),
            target_capacities=self.target_capacities,
            exit_activities=dict(self.exit_activities),
            schedule=self.schedule,
            codesign=self.delivery.codesign,
            chain=self.delivery.chain,
            grouping=self.delivery.grouping,
            focal_areas=focus_of(self.delivery.focal_areas),
            recipients=dict(recipients) if isinstance(recipients, Mapping) else tuple(recipients),
            center=None if self.center is None else self.center.staff(),
            phases=tuple(phase.phase() for phase in self.phases),
            review=tuple(rule.rule() for rule in self.review),
        )


class PluginStrategy(Part):
    """A class of the user's own, importable as ``module:Class``; the scenario file never holds code."""

    plugin: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")]
    name: Annotated[AnyText, AfterValidator(good_name), AfterValidator(_not_shipped)] = ""
    options: Frozen[Text, JsonValue] = FrozenMapping()

    @model_validator(mode="before")
    @classmethod
    def _name_from_the_class(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and not value.get("name", "") and isinstance(value.get("plugin"), str):
            return {**value, "name": value["plugin"].rpartition(":")[2]}
        return value


def _kind_of_strategy(value: Any) -> str:
    if isinstance(value, PluginStrategy) or (isinstance(value, Mapping) and "plugin" in value):
        return "(plugin)"
    if isinstance(value, Composition | Mapping):
        return "(composition)"
    return "(named)"


Strategy = Annotated[
    Annotated[AnyText, one_of("strategy", STRATEGIES), Tag("(named)")]
    | Annotated[Composition, Tag("(composition)")]
    | Annotated[PluginStrategy, Tag("(plugin)")],
    Discriminator(_kind_of_strategy),
]
