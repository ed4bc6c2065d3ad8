"""Strategies as a scenario names them: shipped ones, compositions of parts, classes of the user's own. What one
does and how it goes on: its mix of activities, its aim, the staff of its center, phases and the yearly review.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    JsonValue,
    PlainValidator,
    Tag,
    model_validator,
)

from capsim.catalogue import ACTIVITIES, CHAINS, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, TARGETINGS, Recipe
from capsim.catalogue.parts import TIERS, is_own
from capsim.catalogue.strategies import READ_BY, CenterStaff, Change, Phase, Review
from capsim.levels import AGENCY_LEVELS
from capsim.scenario.own import MOST_FOCAL_AREAS
from capsim.scenario.structures import Structure
from capsim.scenario.values import (
    AnyText,
    Frozen,
    FrozenMapping,
    Number,
    Part,
    Share,
    Some,
    Text,
    Whole,
    YesNo,
    good_name,
    one_of,
    refuse_unknown,
    whole_or_word,
)

MOST_POSITIONS = 10_000
SUM_TOLERANCE = 1e-9


def _count_or_all(value: object) -> int | str:
    try:
        return whole_or_word(value, word="all", low=1, high=MOST_FOCAL_AREAS)
    except ValueError as error:
        raise ValueError(str(error).replace(", or all", ", or all, or a list of areas")) from error


def sum_to_one(value: Mapping[str, float]) -> FrozenMapping[float]:
    """Return shares of hours that sum to 1."""
    total = fsum(value.values())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise ValueError(f"the shares of hours must sum to 1; they sum to {total:.10g}")
    return FrozenMapping(value)


def _shares(value: Mapping[str, float]) -> FrozenMapping[float]:
    if not value:
        raise ValueError(f"needs at least one activity; allowed: {', '.join(ACTIVITIES)}")
    return sum_to_one(value)


def _tier(name: str) -> str:
    if name == "universal":
        raise ValueError("activities of this tier go to every recipient alike; allowed: targeted, intensive")
    return refuse_unknown("tier", name, TIERS[1:])


def either(form: str, kind: type | tuple[type, ...], other: str) -> Discriminator:
    """Which of two forms a value has: the first if it is of a kind."""
    return Discriminator(lambda value: form if isinstance(value, kind) else other)


Activity = Annotated[AnyText, one_of("activity", ACTIVITIES)]
Targeting = Annotated[
    AnyText, AfterValidator(lambda name: name if is_own(name) else refuse_unknown("targeting", name, TARGETINGS))
]
Shares = Annotated[Mapping[Activity, Share], AfterValidator(_shares)]
SharesOrNone = Annotated[Frozen[Activity, Share], AfterValidator(lambda value: sum_to_one(value) if value else value)]
TargetingByTier = Frozen[Annotated[AnyText, AfterValidator(_tier)], Targeting]
Targets = Annotated[
    Annotated[Targeting, Tag("(one)")] | Annotated[TargetingByTier, Tag("(by name)")],
    either("(by name)", Mapping, "(one)"),
]
CountOrAll = Annotated[int | Literal["all"], PlainValidator(_count_or_all)]
FocalAreas = Annotated[
    Annotated[CountOrAll, Tag("(one)")] | Annotated[Some[Text], Tag("(several)")],
    either("(several)", (list, tuple), "(one)"),
]


def focus_of(chosen: int | str | tuple[str, ...]) -> int | tuple[str, ...]:
    """Focal areas as a recipe has them."""
    if isinstance(chosen, str):
        return 0
    return chosen if isinstance(chosen, tuple) else int(chosen)


class Center(Part):
    """The staff of the TA center, who come, learn and leave."""

    # consultants' positions, or those of each year (the last one in all further years); as many as the hours need when
    # not given
    positions: Annotated[
        tuple[Annotated[Whole, Field(ge=1, le=MOST_POSITIONS)], ...],
        BeforeValidator(lambda value: [value] if isinstance(value, int | float | str) else value),
    ] = ()
    # instead of the parameters center_annual_exit and center_months_to_fill
    annual_exit: Annotated[Number, Field(ge=0, le=0.95)] | None = None
    months_to_fill: Annotated[Number, Field(ge=1, le=60)] | None = None

    def staff(self) -> CenterStaff:
        """The same as the catalogue holds it."""
        return CenterStaff(**dict(self))


class Then(Part):
    """What becomes different in a strategy; what is not named stays."""

    activities: SharesOrNone = FrozenMapping()  # shares of hours by activity, in all areas; they sum to 1
    # as in a composition
    focal_areas: FocalAreas | None = None
    targeting: Targets | None = None

    def change(self) -> Change:
        """The same as the catalogue holds it."""
        focal_areas = None if self.focal_areas is None else focus_of(self.focal_areas)
        return Change(activities=self.activities, focal_areas=focal_areas, targeting=self.targeting or "")


class PhaseOfStrategy(Then):
    """A phase: a change from a month of the assistance on, and its share of the whole budget."""

    from_month: Annotated[Whole, Field(ge=1)]  # 1 is the first month of assistance
    budget_share: Share | None = None

    def phase(self) -> Phase:
        """The same as the catalogue holds it."""
        return Phase(month=self.from_month - 1, change=self.change(), budget_share=self.budget_share)


class ReviewRule(Part):
    """A rule of the yearly review: a reading and what then follows, an area to give up, or hours to move."""

    # a reading of which the mean over the recipients is compared
    reads: Annotated[AnyText, one_of("reading", READ_BY)] | None = None
    # when the change is made
    below: Number | None = None
    above: Number | None = None
    then: Then = Then()  # the change
    drop: Literal["least_used"] | None = None  # give up the focal area that stocktakes find least in use
    keep: Annotated[Whole, Field(ge=1, le=MOST_FOCAL_AREAS)] = 1  # focal areas that are kept at least, with drop
    move: Share = 0.0  # share of all hours that goes from the activity that landed least to the one that landed most

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> ReviewRule:
        kinds = [name for name in ("reads", "drop", "move") if getattr(self, name)]
        if len(kinds) != 1:
            got = f"has {' and '.join(kinds)}" if kinds else "has none of them"
            raise ValueError(f"needs one of reads, drop, move; it {got}")
        compares = self.below is not None or self.above is not None
        changes = self.then != Then()
        if self.reads and not (compares and changes):
            missing = "below or above" if not compares else "then, with activities, focal_areas or targeting"
            raise ValueError(f"reads {self.reads}, and needs {missing}")
        if not self.reads and (compares or changes):
            raise ValueError(f"below, above and then belong to reads, not to {kinds[0]}")
        if self.keep > 1 and not self.drop:
            raise ValueError(f"keep belongs to drop, not to {kinds[0]}")
        return self

    def rule(self) -> Review:
        """The same as the catalogue holds it."""
        return Review(
            reads=self.reads or "",
            below=self.below,
            above=self.above,
            change=self.then.change(),
            drop_least_used=self.drop is not None,
            keep=self.keep,
            move=self.move,
        )


Level = Annotated[AnyText, one_of("", AGENCY_LEVELS)]
LevelShares = Annotated[Mapping[Level, Share], AfterValidator(sum_to_one)]
Recipients = Annotated[
    Annotated[Some[Level], Tag("(several)")] | Annotated[LevelShares, Tag("(by name)")],
    either("(by name)", Mapping, "(several)"),
]


def _not_shipped(name: str) -> str:
    if name in STRATEGIES:
        raise ValueError(f"{name!r} is a shipped strategy; give this one another name")
    return name


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
        return Recipe(
            name=self.name,
            title=self.name,
            meaning="Composed in the scenario.",
            source="scenario",
            activities=self.activities,
            targeting=self.targeting,
            methods=tuple(self.methods.get(area, self.activities) for area in areas) if self.methods else (),
            target_capacities=self.target_capacities,
            exit_activities=self.exit_activities,
            schedule=self.schedule,
            codesign=self.delivery.codesign,
            chain=self.delivery.chain,
            grouping=self.delivery.grouping,
            focal_areas=focus_of(self.delivery.focal_areas),
            recipients=self.delivery.recipients,
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
