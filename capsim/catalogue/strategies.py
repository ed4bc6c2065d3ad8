"""The named strategies: ready compositions of parts. And how a strategy lives on: the staff of its center, the phases it
goes through, and what it changes when it looks back.

Plain data; a composition holds them, the program and the composed strategy carry them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from capsim.catalogue.activities import ACTIVITIES
from capsim.catalogue.parts import (
    CHAINS,
    CODESIGN_PHASES,
    GROUPINGS,
    RECIPIENTS,
    SCHEDULES,
    TARGETINGS,
    is_own,
    table_of,
)
from capsim.errors import InputError, nearest_name

READ_BY = {
    "readiness": ("screening",),
    "use": ("stocktake",),
    "skill": ("rubric", "expert"),
    "routine": ("rubric", "expert"),
    "relevance": ("rubric", "expert"),
    "sustainability": ("sustainability",),
    "interest": (),
    "self_rating": (),
    "self_rated_relevance": (),
}
"""Readings that a review can look at, and instruments of which one must be bought for it; none: asked of everybody once
a year, at no cost."""
REVIEW_EVERY = 12
"""Months between two reviews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterStaff:
    """The staff of a TA center whose people come, learn and leave."""

    # positions in each year of the assistance, the last one in all further years; none: as many as its hours need
    positions: tuple[int, ...] = ()
    # instead of the parameters center_annual_exit and center_months_to_fill
    annual_exit: float | None = None
    months_to_fill: float | None = None

    def positions_in(self, month: int, needed: int) -> int:
        """Positions in a month of the assistance."""
        return self.positions[min(month // 12, len(self.positions) - 1)] if self.positions else needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes different; what it does not name stays."""

    activities: Mapping[str, float] = field(default_factory=dict)  # shares of the hours, in all areas; none: as before
    focal_areas: int | tuple[str, ...] | None = None  # as in `Recipe`
    targeting: str | Mapping[str, str] = ""  # as in `Recipe`; empty: as before


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """From a month on, a change, and a share of the whole budget for the months until the next phase."""

    month: int  # 0 is the first month of assistance
    change: Change
    budget_share: float | None = None  # None: its part of what is not spoken for, by the schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One rule of a yearly review; one of three kinds."""

    # a reading of `READ_BY`, of which the mean over the recipients that have one is compared; empty for the others
    reads: str = ""
    # the change is made when the reading is below, or above
    below: float | None = None
    above: float | None = None
    change: Change = Change()
    drop_least_used: bool = False  # give up the focal area that stocktakes find least in use
    keep: int = 1  # focal areas that are kept at least
    # share of all hours that goes from the activity of which least landed since the last review, as participants say,
    # to the one of which most did; 0 for none
    move: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a composed strategy is made of: activities and parts, in the form in which it is carried out."""

    name: str
    title: str = ""
    meaning: str = ""
    source: str = ""
    activities: Mapping[str, float]  # share of TA hours by activity; shares sum to 1, or there are none
    # name in `TARGETINGS`, or ``<instrument>.<aim>`` by an instrument of a scenario's own, for all tiers but universal;
    # or such a name by tier, universal for tiers that are not named
    targeting: str | Mapping[str, str] = "universal"
    # shares by activity, dealt round the focal areas: area k uses ``methods[k % len(methods)]`` instead of
    # `activities`; none: `activities` in all areas
    methods: tuple[Mapping[str, float], ...] = ()
    # whether readings choose between activities: the lower an agency's skill in an area, the more of the hours goes to
    # activities that build people, the lower its routine, to those that build the organization
    target_capacities: bool = False
    # shares by activity in the last third of the months, instead of `activities`; none: no exit plan
    exit_activities: Mapping[str, float] = field(default_factory=dict)
    schedule: str = "level"  # name in `SCHEDULES`
    codesign: str = "none"  # name in `CODESIGN_PHASES`
    # how many focal areas each agency works on: those of highest weight in its targetings, the first in the order of
    # the scenario when equal; 0 is all of them. Agencies of a cascade work on those of the agency at its top. Or the
    # names of the areas, the same for all agencies
    focal_areas: int | tuple[str, ...] = 0
    chain: str = "direct"  # name in `CHAINS`
    grouping: str = "mixed"  # name in `GROUPINGS`
    # levels of agencies served, names in `RECIPIENTS`; a mapping gives each level its share of the hours
    recipients: tuple[str, ...] | Mapping[str, float] = ("lea",)
    center: CenterStaff | None = None  # staff of the center that carries it out; none: consultants who stay as they are
    phases: tuple[Phase, ...] = ()  # what changes at set months, in their order
    review: tuple[Review, ...] = ()  # what is looked at once a year, and what changes then

    def __post_init__(self) -> None:
        problems = [
            f"strategy {self.name}: {what} {name!r} is unknown{nearest_name(str(name), table)}"
            for what, name, table in self._names()
            if not isinstance(name, str) or not (name in table or (what == "targeting" and is_own(name)))
        ]
        if problems:
            raise InputError(problems)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that may become different."""
        return (*(phase.change for phase in self.phases), *(rule.change for rule in self.review))

    @property
    def mixes(self) -> tuple[Mapping[str, float], ...]:
        """Every mix of activities that it may have at some time."""
        return (self.activities, self.exit_activities, *self.methods, *(change.activities for change in self.changes))

    def _names(self) -> Iterator[tuple[str, Any, Mapping[str, Any]]]:
        """Every name of another table that it holds: what it is, the name, the table."""
        for mix in self.mixes:
            yield from (("activity", name, ACTIVITIES) for name in mix)
        aims = [self.targeting, *(change.targeting for change in self.changes if change.targeting)]
        for aim in aims:
            yield from (("targeting", name, TARGETINGS) for name in ([aim] if isinstance(aim, str) else aim.values()))
        yield from (("level", name, RECIPIENTS) for name in self.recipients)
        yield "schedule", self.schedule, SCHEDULES
        yield "codesign", self.codesign, CODESIGN_PHASES
        yield "chain", self.chain, CHAINS
        yield "grouping", self.grouping, GROUPINGS


# fmt: off
_BLENDED = {"coaching": 0.28, "training": 0.18, "routine_redesign": 0.33, "goal_setting": 0.10, "leadership_coaching": 0.05, "needs_assessment": 0.06}

BASELINE = "none"
"""The strategy without any assistance, over which gains are."""

STRATEGIES = table_of(
    Recipe(name="none", title="No technical assistance",
        activities={},
        meaning="Nothing is delivered; the baseline of every comparison.",
        source="by definition"),
    Recipe(name="individual_focused", title="Individual-focused",
        activities={"coaching": 0.6, "training": 0.4},
        focal_areas=2,
        meaning="Builds the skills of people: coaching and training.",
        source="S1 (individual skills), S56-S61"),
    Recipe(name="organization_focused", title="Organization-focused",
        activities={"routine_redesign": 0.7, "goal_setting": 0.2, "leadership_coaching": 0.1},
        focal_areas=2,
        meaning="Builds what outlives people: routines with tools, shared goals, leadership.",
        source="S1 (organizational skills), S17"),
    Recipe(name="blended", title="Blended",
        activities=_BLENDED,
        targeting="need", focal_areas=2,
        meaning="Half of each, aimed by assessed need.",
        source="S33 (nearly half of TA is multi-mode), S40"),
    Recipe(name="needs_based", title="Needs-based",
        activities={"needs_assessment": 0.08, "coaching": 0.26, "training": 0.16, "routine_redesign": 0.32, "goal_setting": 0.1, "leadership_coaching": 0.08},
        targeting="need", target_capacities=True, focal_areas=2,
        meaning="Assesses every agency in turn, sends the hours where needs are greatest, and builds in each agency the capacity it lacks: people or organization.",
        source="S1 (pre-identified target capacities), S40, S42"),
    Recipe(name="readiness_gated", title="Readiness-gated",
        activities={"readiness_screening": 0.04, "coaching": 0.28, "training": 0.18, "routine_redesign": 0.35, "goal_setting": 0.1, "leadership_coaching": 0.05},
        targeting="readiness", focal_areas=2,
        meaning="Screens agencies for motivation and general capacity and works only with the readier half.",
        source="S1 (readiness and prerequisites), S31, S42"),
    Recipe(name="co_designed", title="Co-designed",
        activities=_BLENDED,
        targeting="need", codesign="planning", focal_areas=2,
        meaning="The blended support, designed together with recipients in the planning months and only then.",
        source="S1 (co-design is best kept to the planning phase)"),
    Recipe(name="focal_areas", title="Focal areas with methods of their own",
        activities={"coaching": 0.3, "training": 0.19, "routine_redesign": 0.35, "goal_setting": 0.11, "leadership_coaching": 0.05},
        methods=({"coaching": 0.6, "training": 0.4}, {"routine_redesign": 0.8, "goal_setting": 0.2}), focal_areas=2,
        meaning="Two focal areas, each with the method that suits it: coaching and training in one, routines and goals in the other.",
        source="S1 (clear focal areas, methods differentiated by area)"),
    Recipe(name="universal_only", title="Universal only",
        activities={"publication": 0.4, "webinar": 0.6},
        meaning="Publications and webinars for everybody in all areas; nobody is visited.",
        source="S5 (general tier), S13"),
    Recipe(name="tiered", title="Tiered",
        activities={"publication": 0.05, "webinar": 0.1, "training": 0.2, "peer_collaborative": 0.15, "coaching": 0.2, "routine_redesign": 0.25, "needs_assessment": 0.05},
        targeting={"targeted": "volunteers", "intensive": "need"}, focal_areas=2,
        meaning="Universal materials for all, training and peer collaboratives for those who volunteer, intensive work where assessed need is greatest.",
        source="S5 (general, tailored, intensive)"),
    Recipe(name="network_teams", title="Network teams",
        activities={"training_institute": 0.6, "train_the_trainer": 0.3, "publication": 0.1},
        chain="cascade", recipients=("esa",), focal_areas=2,
        meaning="As in New York: regional teams attend training institutes and turn-key what they learned to their districts.",
        source="S9, S14"),
    Recipe(name="support_teams", title="State support teams",
        activities={"coaching": 0.3, "routine_redesign": 0.4, "data_system_support": 0.2, "needs_assessment": 0.1},
        targeting="need", chain="cascade", recipients=("esa",), focal_areas=2,
        meaning="As in Ohio: regional support teams are coached in an improvement process with data and routines, and carry it to the districts in greatest need.",
        source="S9, S21, S22"),
    Recipe(name="performance_management", title="Performance management",
        activities={"performance_management": 0.35, "delivery_chain_review": 0.15, "routine_redesign": 0.3, "coaching": 0.2},
        targeting="weakest_link", recipients={"esa": 0.2, "lea": 0.8}, focal_areas=2,
        meaning="Stocktakes show where along the chain the practices are least in use, and the hours follow to the weakest link.",
        source="S9 (performance management), S27-S29"),
    Recipe(name="system_capacity", title="System capacity",
        activities={"role_redesign": 0.15, "resource_alignment": 0.2, "delivery_chain_review": 0.2, "data_system_support": 0.2, "leadership_coaching": 0.25},
        recipients={"sea": 0.2, "esa": 0.3, "lea": 0.5}, focal_areas=2,
        meaning="Aligns the system from the state down: time from compliance to support, resources and data that follow the plan, a chain of delivery that holds.",
        source="S9 (expanded system capacity), S30"),
    Recipe(name="sustainability", title="Sustainability",
        activities={"coaching": 0.45, "routine_redesign": 0.55},
        exit_activities={"sustainability_review": 0.08, "sustainability_planning": 0.4, "train_the_trainer": 0.52}, targeting={"targeted": "least_sustainable"}, schedule="taper", focal_areas=2,
        meaning="Coaching and routines first; in the last third, with fading hours, a sustainability rubric shows what would not last, and everything goes into handing over, most where least would last.",
        source="S9 (sustainability), S10, S12"),
    Recipe(name="working_groups", title="Working groups",
        activities={"working_group": 0.5, "joint_call": 0.1, "webinar": 0.1, "publication": 0.1, "site_visit": 0.2},
        recipients={"sea": 0.3, "esa": 0.7}, focal_areas=2,
        meaning="As in the Race to the Top work stream: state and regional leaders meet in working groups and calls, with webinars, publications and site visits.",
        source="S9"),
    Recipe(name="clearinghouse", title="Clearinghouse",
        activities={"publication": 0.3, "webinar": 0.2, "expert_consultation": 0.5},
        targeting="volunteers", focal_areas=2,
        meaning="The provider as a clearinghouse: matches what is known to those who ask, through publications, webinars and consultations of experts.",
        source="S4"),
    Recipe(name="trusted_advisor", title="Trusted advisor",
        activities={"site_visit": 0.15, "leadership_coaching": 0.35, "expert_consultation": 0.25, "coaching": 0.25},
        targeting="volunteers", focal_areas=2,
        meaning="The provider as a trusted advisor: visits, coaching of leaders and staff, and experts at hand, for agencies that want it.",
        source="S4, S49"),
)
# fmt: on
"""Every named strategy by name."""
