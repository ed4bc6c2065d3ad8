"""The scenario: everything a file may ask for, validated, resolved and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from capsim.catalogue import LINKED, LINKS, MEASURES, OUTCOMES, PROCESS_NAMES, recorded_columns, use_in_area
from capsim.catalogue import Measure as MeasureRow
from capsim.numbers import how_to_write
from capsim.parameters import PARAMETERS
from capsim.parameters.table import problems_of_parameters, problems_of_rules
from capsim.scenario.checks import (
    BUILT_IN_SOURCES,
    MOST_DISTRICTS,
    cross_problems,
    name_of_strategy,
    problems_of_agencies,
)
from capsim.scenario.compositions import Center, Strategy
from capsim.scenario.events import Event, Timeline
from capsim.scenario.own import Area, FocalAreas, Outcomes, OwnInstrument, names_of
from capsim.scenario.packaged import NATION
from capsim.scenario.values import (
    AnyText,
    Frozen,
    FrozenMapping,
    Number,
    OfDigits,
    Once,
    Part,
    PartError,
    Seed,
    Share,
    Some,
    Text,
    Whole,
    YesNo,
    one_of,
)

DEFAULT_FOCAL_AREAS = ("equity", "integration", "alignment_and_coherence", "data_use", "school_safety")
"""The first three are named in the source documents; the last two are assumed."""
MOST_HOURS_A_YEAR = 1e9
"""Half a million full-time consultants: more than all who work in the offices that are simulated."""

_WHOM = ("level", "region", "state")


class Agencies(Part):
    """Which agencies a world holds."""

    # ``us_2023_24`` (the packaged table), ``synthetic``, or the path of a CSV of one's own
    source: Annotated[AnyText, Field(min_length=1)] = "us_2023_24"
    # postal codes; ``("US",)`` is every state of the source
    states: Some[Text] = (NATION,)
    # kinds of regional agency between state and districts: support_teams and escs (Ohio), boces (New York)
    regional: Once[Literal["support_teams", "escs", "boces"]] = ()
    # LEAs drawn, stratified by size and state; 0 or omitted takes all
    sample: Annotated[Whole, Field(ge=0), BeforeValidator(lambda value: 0 if value is None else value)] = 0
    sample_seed: Seed = 1  # fixes the sample and the draws of a synthetic world
    schools: YesNo = False  # whether districts have schools below them; how many follows from their pupils
    edges: AnyText = ""  # path of an edge list of advice ties between agencies, or ""
    survey: AnyText = ""  # path of a CSV of what was observed of these agencies, or ""
    # of a synthetic world, 0 otherwise; 0 regions gives none
    districts: Annotated[Whole, Field(ge=0, le=MOST_DISTRICTS)] = 0
    regions: Annotated[Whole, Field(ge=0, le=1000)] = 0
    state: Text = "SYN"  # name of the state of a synthetic world

    @property
    def own_file(self) -> bool:
        """Whether the agencies come from a CSV of the user's."""
        return self.source not in BUILT_IN_SOURCES

    @model_validator(mode="after")
    def _fits_the_source(self) -> Agencies:
        if problems := list(problems_of_agencies(dict(self))):
            raise PartError(problems)
        return self


class Question(Part):
    """The comparison that is answered in one sentence."""

    _said_if_other: ClassVar[tuple[str, ...]] = ("area", "matters", "line", *_WHOM)

    # a measure that is a state, or an outcome that the scenario links to use
    outcome: Annotated[AnyText, one_of("outcome", (*OUTCOMES, *LINKS))] = "use"
    area: AnyText = ""  # the focal area that is asked about, by name; "" asks about all. Of use only
    at: Literal["assistance_end", "follow_up_end"] = "follow_up_end"  # the month at whose end it is read
    # two strategies of the file: first minus second
    contrast: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]
    # by what a district counts in the mean: by its pupils, like every other, or by its positions
    weight: Literal["pupils", "districts", "positions"] = "pupils"
    # smallest difference of two plans that matters, in units of the outcome. Without it a tenth of the best plan's gain
    # over no help, and at least .01
    matters: Annotated[Number, Field(ge=0)] | None = None
    line: Share | None = None  # use above which a district counts as using the practices; .6 without it
    # agencies over which the mean is taken; regions are the regional agencies
    level: Literal["districts", "schools", "regions", "state"] = "districts"
    # id or name of a regional agency: only it and agencies below it, as the regions are today; "" for all
    region: Annotated[AnyText, OfDigits] = ""
    state: AnyText = ""  # postal code: only agencies of this state; "" for all

    @property
    def whom(self) -> dict[str, str]:
        """What it says of whom it is about, where these are not all districts."""
        usual = {name: type(self).model_fields[name].default for name in _WHOM}
        return {name: getattr(self, name) for name, default in usual.items() if getattr(self, name) != default}


class Month(Part):
    """Processes of the month that are switched off."""

    off: Once[Annotated[AnyText, one_of("process", PROCESS_NAMES)]] = ()


def _payable(hours: float) -> float:
    if hours > MOST_HOURS_A_YEAR:
        raise ValueError(
            f"{hours:g} is out of range; it must be at most {MOST_HOURS_A_YEAR:,.0f}, the hours of half a million "
            "full-time consultants"
        )
    return hours


_HOURS, _DOLLARS = "budget_hours_per_year", "budget_dollars_per_year"


def _by_year(given: Any) -> Any:
    """Caps by year, the years as text, as a file of results holds them."""
    if not isinstance(given, Mapping):
        return given
    if wrong := [year for year in given if not str(year).isascii() or not str(year).isdigit()]:
        raise ValueError(f"{wrong[0]!r} is no year; write years such as 1: 200000 or 2026: 200000")
    return {str(int(year)): cap for year, cap in given.items()}


Caps = Annotated[Frozen[str, Annotated[Number, Field(ge=0)]], BeforeValidator(_by_year)]
"""Most of a budget that may be spent in a year, by year."""


class Assistance(Part):
    """What every strategy may spend, and what an agency's share of it goes by."""

    _said_if_other: ClassVar[tuple[str, ...]] = ("yearly_cap", "allocation")

    # TA hours per year of all agencies together (not hours per agency). Of a budget in dollars, what they would buy of
    # consultants alone at the default rate
    budget_hours_per_year: Annotated[Number, Field(ge=0), AfterValidator(_payable)]
    # instead of hours: dollars of the center per year, for consultants, travel, venues and printing, the same for every
    # strategy, which buys hours at the price of its own mix (`capsim.scenario.budgets`)
    budget_dollars_per_year: Annotated[Number, Field(ge=0)] | None = None
    # what an agency weighs in the division of hours, beside the targeting: its positions, 1, its pupils, or its column
    # `hours_per_year` in a table of one's own
    allocation: Literal["position", "agency", "pupil", "hand"] = "position"
    # most that may be spent in a year, in what the budget is in: by year of assistance, from 1, or by the calendar year
    # in which it begins, where `timeline.begins` says when that is. The months of a year that would spend more are
    # lowered alike; what a cap keeps back is not spent later
    yearly_cap: Caps = FrozenMapping()

    @property
    def unit(self) -> Literal["hours", "dollars"]:
        """What the budget is in."""
        return "hours" if self.budget_dollars_per_year is None else "dollars"

    @property
    def per_year(self) -> float:
        """The budget of a year, in its unit."""
        return self.budget_hours_per_year if self.budget_dollars_per_year is None else self.budget_dollars_per_year

    @model_validator(mode="before")
    @classmethod
    def _hours_of_dollars(cls, given: Any) -> Any:
        """Hours that a budget in dollars stands for; a file gives one of the two."""
        if not isinstance(given, Mapping) or given.get(_DOLLARS) is None:
            return given
        if given.get(_HOURS) is not None:
            raise PartError([(_DOLLARS, f"is given beside {_HOURS}; give one of the two")])
        dollars = given[_DOLLARS]
        if isinstance(dollars, bool) or not isinstance(dollars, int | float) or not dollars >= 0.0:
            return {_HOURS: 0, **given}  # the field itself says what is wrong with it
        return {**given, _HOURS: dollars / PARAMETERS["consultant_rate"].default}


def _known_parameters(value: Mapping[str, Any]) -> FrozenMapping[float]:
    numbers: dict[str, Any] = {
        name: PARAMETERS[name].number(given) if name in PARAMETERS else given for name, given in value.items()
    }
    if problems := list(problems_of_parameters(numbers)):
        hints = {name: how_to_write(given) for name, given in numbers.items() if isinstance(given, str)}
        raise PartError([(name, problem + hints.get(name, "")) for name, problem in problems])
    return FrozenMapping({name: float(number) for name, number in numbers.items()})


def _known_rules(value: Mapping[str, Any]) -> Mapping[str, Any]:
    if problems := list(problems_of_rules(value)):
        raise PartError(problems)
    return value


class Scenario(Part):
    """A situation and the strategies compared in it.

    Made from a file by `load_scenario`, from a mapping by `scenario_from_mapping`.

    Parameters
    ----------
    name : str
    focal_areas : tuple of str or Area
        The K areas of capacity, 1 to 12, each named once: names, or records of what makes an area different.
    agencies : Agencies
    question : Question
    timeline : Timeline
        Months.
    parameters : mapping of str to float
        Only what differs from the defaults.
    rules : mapping of str to str
        Variants of rules, only what differs from the defaults.
    uncertainty : {"assumed", "structure", "none"}
        What is drawn besides luck: assumed parameters from their priors, these and variants of rules (what a file
        that says nothing gets), or nothing.
    month : Month
    outcomes : Outcomes
        What is linked to use beyond it, none by default.
    assistance : Assistance
        TA hours per year, and what an agency's share of them goes by.
    events : tuple of Event
        What happens to some agencies in some months, whatever the strategy.
    center : Center, optional
        Staff of the TA center, of every strategy that does not say otherwise; none: consultants who stay as they are.
    strategies : tuple of (str, Composition or PluginStrategy)
        A str is the name of a shipped strategy.
    instruments : tuple of OwnInstrument
        Rubrics and surveys of one's own, which strategies can aim by.
    replications : int
        A single run needs 1, a comparison at least 2.
    seed : int
    """

    _said_if_other: ClassVar[tuple[str, ...]] = ("rules", "events", "outcomes", "center", "instruments")

    name: Text
    focal_areas: FocalAreas = DEFAULT_FOCAL_AREAS
    agencies: Agencies
    question: Question
    timeline: Timeline = Timeline()
    parameters: Annotated[Frozen[str, Any], AfterValidator(_known_parameters)] = FrozenMapping()
    rules: Annotated[Frozen[str, Any], AfterValidator(_known_rules)] = FrozenMapping()
    uncertainty: Literal["assumed", "structure", "none"] = "structure"
    month: Month = Month()
    outcomes: Outcomes = Outcomes()
    assistance: Assistance
    events: tuple[Event, ...] = ()
    center: Center | None = None
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=2)]
    instruments: tuple[OwnInstrument, ...] = ()
    replications: Annotated[Whole, Field(ge=1, le=1_000_000)] = 32
    seed: Seed = 1

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Scenario:
        if problems := list(cross_problems(dict(self))):
            raise PartError([(".".join(map(str, path)), message) for path, message in problems])
        return self

    @property
    def strategy_names(self) -> tuple[str, ...]:
        """Names of the strategies, in the order of the file."""
        return tuple(name_of_strategy(strategy) for strategy in self.strategies)

    @property
    def area_names(self) -> tuple[str, ...]:
        """Names of the focal areas."""
        return names_of(self.focal_areas)

    @property
    def area_titles(self) -> tuple[str, ...]:
        """What reports call the focal areas: their titles, else their names."""
        return tuple((area.title or area.name) if isinstance(area, Area) else area for area in self.focal_areas)

    @property
    def recorded(self) -> tuple[str, ...]:
        """Columns of a record of this scenario: every measure, use by area, outcomes that are linked."""
        return recorded_columns(self.area_names, tuple(self.outcomes.on))

    @property
    def asked(self) -> MeasureRow:
        """The measure that the question asks about; its name is the column of the record."""
        area, outcome = self.question.area, self.question.outcome
        if area:
            return self.use_by_area[area]
        return MEASURES[outcome] if outcome in MEASURES else LINKED[outcome]

    @property
    def use_by_area(self) -> dict[str, MeasureRow]:
        """The measure of use in each focal area, by the name of the area."""
        named = zip(self.area_names, self.area_titles, strict=True)
        return {name: use_in_area(name, title) for name, title in named}

    def resolved(self) -> dict[str, Any]:
        """Every value, given or default, as plain lists, mappings, numbers and strings.

        `scenario_from_mapping` makes an equal scenario of it.
        """
        content = self.model_dump(mode="json")
        del content["assistance"][_DOLLARS if self.assistance.unit == "hours" else _HOURS]
        return content
