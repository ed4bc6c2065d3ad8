"""What a scenario chooses among, besides activities: whom to serve, how and when; what an instrument of its own can read
of an agency, and the targetings that such an instrument makes; kinds of dated events, and the usual size of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeVar


class Row(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str:
        """Identifier."""


R = TypeVar("R", bound=Row)


def table_of(*rows: R) -> Mapping[str, R]:
    """The rows by name."""
    return MappingProxyType({row.name: row for row in rows})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice."""

    # identifier, heading, what it does
    name: str
    title: str
    meaning: str
    # of a targeting: the instruments that it goes by; before there are readings it treats all alike
    reads: tuple[str, ...] = ()
    by_area: bool = False  # of a targeting: whether an agency can weigh more in one focal area than in another


TIERS: tuple[str, ...] = ("universal", "targeted", "intensive")
"""Tiers of activities; a targeting can be chosen for the last two."""

# fmt: off
TARGETINGS = table_of(
    Choice("universal", "Universal", "Every recipient agency gets the same hours."),
    Choice("need", "By assessed need", "Hours in proportion to 1 - the latest rubric reading, by agency and area; agencies without a reading count as average.", reads=("rubric",), by_area=True),
    Choice("self_rated_need", "By self-rated need", "Hours in proportion to 5 - the rating, 1 to 5, that an agency gave itself in the yearly survey, by area.", reads=("self_rating",), by_area=True),
    Choice("relevance", "By relevance", "Every agency as many hours as without a targeting, divided among areas by how much they matter to it as last assessed; evenly without a reading.", reads=("rubric", "relevance"), by_area=True),
    Choice("self_rated_relevance", "By self-rated relevance", "The same by what staff say in the yearly survey (their answer, 1 to 5, less 1).", reads=("self_rated_relevance",), by_area=True),
    Choice("need_and_relevance", "By need and relevance", "Hours in proportion to assessed need times relevance as last assessed, by agency and area.", reads=("rubric", "relevance"), by_area=True),
    Choice("self_rated_need_and_relevance", "By self-rated need and relevance", "Hours in proportion to self-rated need times self-rated relevance, by agency and area.", reads=("self_rating", "self_rated_relevance"), by_area=True),
    Choice("volunteers", "Volunteers", "Agencies that say they are interested come first: none for those below the median of the yearly survey, more the more interested.", reads=("interest",)),
    Choice("readiness", "By readiness", "The readier half: agencies whose latest screening is at or above the median get equal hours, the others none.", reads=("screening",)),
    Choice("need_and_readiness", "By need and readiness", "Hours in proportion to assessed need times screened readiness.", reads=("rubric", "screening"), by_area=True),
    Choice("equity", "Equity", "Sparse agencies and those with fewer than 1,000 pupils get more (equity_weight times as much)."),
    Choice("lowest_first", "Lowest first", "All hours to the third of agencies with the lowest rubric readings.", reads=("rubric",)),
    Choice("least_sustainable", "Least sustainable first", "Hours in proportion to 5 - the mean level, 1 to 4, of the latest sustainability rubric; agencies without one count as average.", reads=("sustainability",)),
    Choice("weakest_link", "Weakest link of the chain", "Below each regional or state agency, all hours to the quarter in which the practices are least in use by the latest stocktake.", reads=("stocktake",)),
)
"""Whom the hours go to."""

CONTENTS = table_of(
    Choice("focal_areas", "Focal areas", "On how many areas an agency works at a time (those that its targeting weighs most), on which by name, or on all."),
    Choice("methods", "Methods by area", "Activities of its own for a focal area; areas that are not named take those of the strategy."),
    Choice("target_capacities", "Target capacities", "Builds people or organization in each agency and area, in proportion to what the latest rubric says is lacking of skill and of routines.", reads=("rubric",)),
    Choice("exit_activities", "Exit plan", "Other activities in the last third of the months."),
)
"""What is worked on, beside the mix of activities."""

SCHEDULES = table_of(
    Choice("level", "Level", "The same hours every month."),
    Choice("front_loaded", "Front-loaded", "Hours fall linearly from twice the mean to zero."),
    Choice("taper", "Tapered", "Level hours, falling linearly to zero over the last third."),
)
"""How the hours are spread over the months."""

CODESIGN_PHASES = table_of(
    Choice("none", "No co-design", "The provider designs the support."),
    Choice("planning", "Co-design while planning", "Recipients take part in the design during the first planning_months."),
    Choice("implementation", "Co-design after planning", "Recipients take part only from planning_months on, at a loss of clarity."),
    Choice("both", "Co-design throughout", "Recipients take part all the time; from planning_months on at a loss of clarity."),
)
"""When recipients share in the design of the support."""

CHAINS = table_of(
    Choice("direct", "Direct", "Consultants work with the recipients, and that is all."),
    Choice("cascade", "Cascade", "Recipients (regional agencies as a rule) pass on what they get to the agencies below them, in hours of their own staff."),
)
"""How assistance reaches districts."""

GROUPINGS = table_of(
    Choice("mixed", "Groups across states", "Peer collaboratives, working groups and joint calls mix agencies of all states and regions that take part."),
    Choice("by_state", "Groups within states", "The same, but agencies meet only those of their own state."),
)
"""Who meets whom in activities for groups of agencies."""

RECIPIENTS = table_of(
    Choice("sea", "State agencies", "State education agencies."),
    Choice("esa", "Regional agencies", "Regional and service agencies; where a cascade begins unless another level is named."),
    Choice("lea", "Districts", "Districts; they receive it when no level is named."),
    Choice("school", "Schools", "Schools, in worlds that have them."),
)
"""Levels of agencies that can receive assistance."""


@dataclass(frozen=True, slots=True)
class Readable:
    """One state in [0, 1]; `by_area` where it differs between focal areas, `flow` where it is of hours so far."""

    name: str
    title: str
    meaning: str
    by_area: bool = False
    flow: bool = False


# fmt: off
READABLE = table_of(
    Readable("skill", "Skill", "Mean skill of those who answer, or of all staff, in each focal area.", by_area=True),
    Readable("routine", "Routines", "Routines in each focal area.", by_area=True),
    Readable("use", "Use", "How far the practices are in use, in each focal area.", by_area=True),
    Readable("relevance", "Relevance", "How much a focal area matters to the agency, as a share.", by_area=True),
    Readable("culture", "Culture", "Trust, learning norms, psychological safety."),
    Readable("engagement", "Engagement", "Mean engagement of those who answer, or of all staff."),
    Readable("staffing", "Staffing", "Share of positions with a holder."),
    Readable("data_systems", "Data systems", "Quality of the agency's data about itself."),
    Readable("resource_alignment", "Resource alignment", "How far finances, data systems and personnel follow the plan."),
    Readable("general_capacity", "General capacity", "Geometric mean of culture, staffing and data systems."),
    Readable("received", "Received", "Hours that landed, of those that the agency was offered so far; nothing to read before the first.", flow=True),
    Readable("used", "Used", "Hours that landed where the practice is in use, of those offered so far.", flow=True),
)
# fmt: on
"""Every state that an item can read, by name."""

PERCENT, LIKERT = (0.0, 100.0), (1.0, 5.0)
"""Lowest and highest answer of each unit."""


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One column of a survey; points are those of a scale from 1 to 5.

    An answer may belong to one focal area if it is `by_area`; otherwise it belongs to the whole agency.
    """

    name: str
    unit: Literal["percent", "points"]
    by_area: bool
    meaning: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest answer."""
        return PERCENT if self.unit == "percent" else LIKERT


# fmt: off
SURVEY_ITEMS = table_of(
    SurveyItem("skill_rubric", "percent", True, "Skills of staff, as a team of raters agreed on with a rubric."),
    SurveyItem("routine_rubric", "percent", True, "Routines of the agency, as a team of raters agreed on."),
    SurveyItem("skill_likert", "points", True, "Skills of staff, as they rate themselves."),
    SurveyItem("culture_likert", "points", False, "Culture, as staff rate it: trust, learning, safety to speak up."),
    SurveyItem("engagement_likert", "points", False, "How much staff want to take part in improvement work."),
    SurveyItem("priority_percent", "percent", True, "Share of the staff's attention that an area gets."),
    SurveyItem("data_systems_rubric", "percent", False, "Quality of the agency's data about itself, as rated."),
)
# fmt: on
"""Every item of a survey by the name of its column."""

AIMS = {
    "low": "Hours in proportion to 1 - the latest reading of {name}, by agency and area; agencies without one count as average.",
    "high": "Hours in proportion to the latest reading of {name}, by agency and area; agencies without one count as average.",
    "gate": "Agencies whose latest reading of {name}, mean over areas, is at or above its first threshold get equal hours, the others none.",
}
"""How a strategy can aim by an instrument of a scenario's own: targeting ``<instrument>.<aim>``."""


def is_own(targeting: str) -> bool:
    """Whether a targeting goes by an instrument of a scenario's own."""
    name, dot, aim = targeting.partition(".")
    return bool(name and dot) and aim in AIMS


def targeting_row(targeting: str) -> Choice:
    """Row of a targeting, shipped or by an instrument of one's own."""
    if not is_own(targeting):
        return TARGETINGS[targeting]
    name, _, aim = targeting.partition(".")
    return Choice(targeting, f"By {name} ({aim})", AIMS[aim].format(name=name), reads=(name,), by_area=aim != "gate")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKind:
    """One kind of event."""

    # identifier, heading, one sentence, where the sizes come from
    name: str
    title: str
    meaning: str
    source: str
    # keys of the kind beside those of every event, with what they are when nothing is said; None must be said
    defaults: Mapping[str, Any] = field(default_factory=dict)


# fmt: off
EVENT_KINDS = table_of(
    EventKind(name="leader_leaves", title="Leader leaves",
        meaning="The holder of the first position leaves in this month, as in any other exit: ties end, the plan may be redrawn, the position is filled like others.",
        source="S68, S80"),
    EventKind(name="pandemic", title="Pandemic",
        defaults={"months": 12, "exits": 1.45, "committed": 0.15, "disuse": 0.2, "help": "online"},
        meaning="For some months more people leave, staff time goes to the emergency, a part of the routines is not carried out and wears out like those that nobody enacts, and help comes online or not at all.",
        source="S71, S72 (exits 1.3 to 1.6 times as many); the rest assumed"),
    EventKind(name="new_policy", title="New state policy",
        defaults={"months": 24, "area": None, "shift": 0.4, "committed": 0.05},
        meaning="Plans move toward one focal area at once, resources still follow the old plan, and complying takes staff time for some months.",
        source="S80 (policy churn), S38 (compliance); sizes assumed"),
    EventKind(name="budget_cut", title="Budget cut",
        defaults={"months": 12, "cut": 0.1},
        meaning="For some months a share of the positions cannot be filled; afterwards funding recovers as after any shock.",
        source="S39; size assumed"),
)
# fmt: on
"""Every kind of event by name."""

HELP_DURING = ("usual", "online", "stopped")
"""What becomes of assistance while an event lasts."""
