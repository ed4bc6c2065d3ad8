"""What a strategy does and how it goes on: its mix of activities, its aim, the staff of its center, phases and the
yearly review; and what phases and reviews cannot mean: out of order, beyond the end, or a reading that nobody buys.

The checks run on validated strategies and on what is written in a file with other faults, which is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import fsum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    model_validator,
)

from capsim.catalogue import ACTIVITIES, TARGETINGS
from capsim.catalogue.parts import is_own
from capsim.catalogue.strategies import READ_BY, CenterStaff, Change, Phase, Review
from capsim.errors import nearest_name
from capsim.scenario.own import MOST_FOCAL_AREAS, problems_of_focus
from capsim.scenario.values import (
    AnyText,
    Frozen,
    FrozenMapping,
    Number,
    Part,
    Path,
    Problem,
    Share,
    Text,
    Whole,
    each_once,
    field_of,
    items_of,
    one_of,
    refuse_unknown,
    whole_or_word,
)

MOST_POSITIONS = 10_000
_TOLERANCE = 1e-9


def _count_or_all(value: object) -> int | str:
    try:
        return whole_or_word(value, word="all", low=1, high=MOST_FOCAL_AREAS)
    except ValueError as error:
        raise ValueError(str(error).replace(", or all", ", or all, or a list of areas")) from error


def sum_to_one(value: Mapping[str, float]) -> FrozenMapping[float]:
    """Return shares of hours that sum to 1."""
    total = fsum(value.values())
    if abs(total - 1.0) > _TOLERANCE:
        raise ValueError(f"the shares of hours must sum to 1; they sum to {total:.10g}")
    return FrozenMapping(value)


def _shares(value: Mapping[str, float]) -> FrozenMapping[float]:
    if not value:
        raise ValueError(f"needs at least one activity; allowed: {', '.join(ACTIVITIES)}")
    return sum_to_one(value)


def _tier(name: str) -> str:
    if name == "universal":
        raise ValueError("activities of this tier go to every recipient alike; allowed: targeted, intensive")
    return refuse_unknown("tier", name, ("targeted", "intensive"))


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
AreaNames = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(each_once)]
FocalAreas = Annotated[
    Annotated[CountOrAll, Tag("(one)")] | Annotated[AreaNames, Tag("(several)")],
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
        aim = self.targeting or ""
        return Change(
            activities=dict(self.activities),
            focal_areas=None if self.focal_areas is None else focus_of(self.focal_areas),
            targeting=aim if isinstance(aim, str) else dict(aim),
        )


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


_USUAL_MONTHS = 60


def problems_of_courses(
    strategies: Sequence[Any], timeline: Any, areas: Sequence[str], failed: Collection[Path] = ()
) -> Iterator[Problem]:
    """Yield (path, message) for each; what depends on a place that has `failed` is not looked at."""
    months = field_of(timeline, "assistance", _USUAL_MONTHS)
    for position, strategy in enumerate(strategies):
        path = ("strategies", position)
        if isinstance(strategy, str):
            continue
        faulty = [place[2:] for place in failed if place[:2] == path]
        phases, rules = items_of(field_of(strategy, "phases")), items_of(field_of(strategy, "review"))
        found = [*_of_months(phases, months), *_of_shares(phases), *_of_areas(phases, rules, areas)]
        if not any("activities" in place for place in faulty):
            found += _of_rules(strategy, phases, rules)
        yield from ((path + below, text) for below, text in found if below not in faulty)


def _of_months(phases: Sequence[Any], months: Any) -> Iterator[Problem]:
    before = 0
    for n, phase in enumerate(phases):
        month, path = field_of(phase, "from_month"), ("phases", n, "from_month")
        if not isinstance(month, int):
            continue
        if month <= before:
            text = f"month {month} does not come after month {before} of the phase before it; phases stand in order"
            yield path, text
        if isinstance(months, int) and month > months:
            allowed = f"allowed: 1 to {months}" if months > 0 else "there is none"
            yield path, f"month {month} is beyond the end of the assistance, which lasts {months} months; {allowed}"
        before = max(before, month)


def _of_shares(phases: Sequence[Any]) -> Iterator[Problem]:
    given = [share for phase in phases if isinstance(share := field_of(phase, "budget_share"), int | float)]
    total = fsum(given)
    whole = len(given) == len(phases) and bool(phases) and field_of(phases[0], "from_month") == 1
    if total > 1.0 + _TOLERANCE:
        yield ("phases",), f"the budget shares sum to {total:.10g}; together they can be at most 1"
    elif given and whole and total < 1.0 - _TOLERANCE:
        yield ("phases",), f"every month has a budget share; they must sum to 1, and sum to {total:.10g}"


def _of_rules(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[Problem]:
    bought = _bought(strategy, phases, rules)
    known = [name for name, by in READ_BY.items() if not by or bought & set(by)]
    for n, rule in enumerate(rules):
        reads = field_of(rule, "reads")
        if isinstance(reads, str) and reads in READ_BY and reads not in known:
            yield ("review", n, "reads"), _not_bought(reads, known)
        if field_of(rule, "drop"):
            if "use" not in known:
                yield ("review", n, "drop"), _not_bought("use", known)
            if any(type(focus) is int for focus in _focuses(strategy, phases, rules)):
                text = "needs focal areas by name, or all; with a number of areas each agency has its own"
                yield ("review", n, "drop"), text
        if field_of(rule, "move") and field_of(strategy, "methods"):
            yield ("review", n, "move"), "needs one mix of activities for all areas; delete methods"


def _bought(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> set[str]:
    """Instruments that some mix of the strategy buys."""
    methods = field_of(strategy, "methods", {})
    parts = [strategy, *phases, *(field_of(rule, "then", {}) for rule in rules)]
    mixes = [field_of(part, "activities", {}) for part in parts] + [field_of(strategy, "exit_activities", {})]
    mixes += list(methods.values()) if isinstance(methods, Mapping) else []
    names = [name for mix in mixes if isinstance(mix, Mapping) for name, share in mix.items() if share]
    return {ACTIVITIES[name].yields for name in names if name in ACTIVITIES}


def _not_bought(reading: str, known: Sequence[str]) -> str:
    sells = [row.name for row in ACTIVITIES.values() if row.yields in READ_BY[reading]]
    there = f"; what can be read: {', '.join(known)}" if known else ""
    near = nearest_name(reading, known)
    return f"nothing in this strategy buys a reading of {reading}: add {' or '.join(sells)}{there}{near}"


def _focuses(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[Any]:
    yield field_of(field_of(strategy, "delivery", {}), "focal_areas")
    for part in (*phases, *(field_of(rule, "then", {}) for rule in rules)):
        yield field_of(part, "focal_areas")


def _of_areas(phases: Sequence[Any], rules: Sequence[Any], areas: Sequence[str]) -> Iterator[Problem]:
    """Areas that the scenario does not have."""
    places: list[tuple[Path, Any]] = [(("phases", n, "focal_areas"), phase) for n, phase in enumerate(phases)]
    places += [(("review", n, "then", "focal_areas"), field_of(rule, "then", {})) for n, rule in enumerate(rules)]
    for path, part in places if areas else ():
        yield from problems_of_focus(path, field_of(part, "focal_areas"), areas)
