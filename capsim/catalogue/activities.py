"""What technical assistance can do: one row an activity, with its numbers for one unit.

The parameters of an activity, named ``<activity>_<what>``, come from its row (`capsim.parameters.table`). An
effect is the share of the remaining gap that one unit closes at receptivity 1. All sizes are assumed: the orderings
come from S54-S62, the figures do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from capsim.catalogue.parts import table_of
from capsim.levels import AGENCY_LEVELS

CHANNELS_BY_AREA = ("skill", "routine", "handover", "parent_routine")
"""Channels that act on one focal area."""

TIE_CHANNELS = ("peer_ties", "expert_ties", "trainer_ties", "colleague_ties")
"""Channels that make advice ties; an activity has at most one."""

# fmt: off
CHANNELS = (
    "skill", "engagement", "goals",
    "routine", "culture", "data_systems", "resource_alignment", "commitment",
    "handover", "parent_plan", "group_plan", "parent_routine",
    *TIE_CHANNELS,
)
# fmt: on
"""What an activity can change: of each participant (skill, engagement, goals, and the kinds of ties), of the
agency (routine to group_plan), of the agency above it (parent_routine)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one unit changes."""

    channel: str  # one of `CHANNELS`
    size: float  # share of the gap that is closed; of skill the knowledge that is gained, of ties the rate of new ones
    meaning: str = ""  # one sentence; of ties with whom. Skill needs none
    transfer: float = 1.0  # of skill: the part of the knowledge that becomes applied skill
    ceiling: float = 1.0  # of skill: how far it can carry people
    # (float, float) if any: range of a size that may lie anywhere in a factor of ten, log-uniform; else a third to
    # twice `size`, triangular
    span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of technical assistance."""

    # identifier, heading, one sentence, where it comes from
    name: str
    title: str
    # universal activities go to every recipient alike, whatever the targeting
    tier: Literal["universal", "targeted", "intensive"]
    participants: Literal["staff", "leaders"]  # who in an agency takes the seats
    # which state of the agency has to be there for the activity to land
    prerequisite_of: Literal["skill", "routine"]
    # where it mainly puts capacity: in what persons can do, in
    # what the agency keeps, in ties between agencies, or in what is known
    builds: Literal["people", "organization", "network", "information"]
    # of one unit: TA hours with preparation, hours of each participant, participants, state at which an agency is half
    # ready, and travel, venue and printing beside the hours
    ta_hours: float
    recipient_hours: float
    seats: float
    prerequisite: float
    dollars: float
    effects: tuple[Effect, ...] = ()  # nothing else moves
    meaning: str
    source: str
    yields: str = ""  # the reading of the agency that one whole unit buys, a name in `INSTRUMENTS`; "" for none
    every_months: float = 12  # of an activity that yields a reading: least months between two units of an agency
    # what it has to do with tools (assistance/tools.py): a group that makes one, a
    # meeting where those who use one show it, or a channel of the center
    tool: Literal["", "makes", "shows", "publishes"] = ""
    # levels of agencies in which there is something for it to change; recipes spend its hours nowhere else
    levels: tuple[str, ...] = tuple(AGENCY_LEVELS)

    @property
    def channels(self) -> tuple[str, ...]:
        """What it changes."""
        return tuple(effect.channel for effect in self.effects)

    @property
    def by_area(self) -> bool:
        """Whether it works on one focal area; otherwise on the agency as a whole (area -1)."""
        return any(channel in CHANNELS_BY_AREA for channel in self.channels)


# fmt: off
ACTIVITIES = table_of(
    Activity(name="publication", title="Publication or resource hub", tier="universal", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=80, recipient_hours=1, seats=500, prerequisite=0, dollars=500, tool="publishes",
        effects=(Effect("skill", 0.02, transfer=0.15, ceiling=0.45),),
        meaning="Tools, briefs and guides that anybody can read; cheap per reader, and little of it becomes practice.",
        source="S5, S13 (states found web materials less helpful than people)"),
    Activity(name="webinar", title="Webinar", tier="universal", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=20, recipient_hours=1.5, seats=100, prerequisite=0.05, dollars=200, tool="publishes",
        effects=(Effect("skill", 0.05, transfer=0.15, ceiling=0.55),),
        meaning="An online session open to every recipient; reaches many, changes little.",
        source="S5, S33"),
    Activity(name="training", title="Training event", tier="targeted", participants="staff", prerequisite_of="skill", builds="people",
        ta_hours=24, recipient_hours=6, seats=20, prerequisite=0.1, dollars=1500,
        effects=(Effect("skill", 0.13, transfer=0.36, ceiling=0.7),),
        meaning="A group event; seats are shared between agencies and priced by the seat.",
        source="S54, S61"),
    Activity(name="training_institute", title="Training institute", tier="targeted", participants="staff", prerequisite_of="skill", builds="people",
        ta_hours=120, recipient_hours=24, seats=60, prerequisite=0.1, dollars=9000, tool="shows",
        effects=(Effect("skill", 0.25, transfer=0.45, ceiling=0.75),),
        meaning="A training over several days for teams of many agencies, who are to pass it on at home.",
        source="S14 (institutes for network teams)"),
    Activity(name="coaching", title="Coaching", tier="intensive", participants="staff", prerequisite_of="skill", builds="people",
        ta_hours=10, recipient_hours=10, seats=1, prerequisite=0.1, dollars=100,
        effects=(Effect("skill", 0.13, transfer=0.75, ceiling=0.9), Effect("engagement", 0.02, "Engagement gained from one unit of coaching."),),
        meaning="A consultant works with one person on applied skill in a focal area (one unit: 10 hours).",
        source="S56-S60"),
    Activity(name="peer_collaborative", title="Peer collaborative", tier="targeted", participants="staff", prerequisite_of="skill", builds="network",
        ta_hours=60, recipient_hours=10, seats=24, prerequisite=0.1, dollars=600,
        effects=(Effect("skill", 0.12, transfer=0.8, ceiling=0.75), Effect("peer_ties", 0.3, "staff of another agency in the group"),),
        meaning="Teams from about six agencies work on one focal area for a quarter and learn whom to call in other agencies.",
        source="S6, S50"),
    Activity(name="working_group", title="Working group of agencies", tier="targeted", participants="leaders", prerequisite_of="skill", builds="network",
        ta_hours=40, recipient_hours=8, seats=12, prerequisite=0.05, dollars=2000, tool="makes",
        effects=(Effect("skill", 0.06, transfer=0.6, ceiling=0.6), Effect("peer_ties", 0.4, "a leader of another agency in the group"), Effect("group_plan", 0.1, "How far an agency's plan moves toward the mean plan of its group in one quarter."),),
        meaning="Leaders of several agencies draft metrics, rubrics and plans together for a quarter; their goals come closer and they know each other.",
        source="S9 (New York and Ohio groups)"),
    Activity(name="joint_call", title="Joint call", tier="targeted", participants="leaders", prerequisite_of="skill", builds="network",
        ta_hours=3, recipient_hours=1, seats=10, prerequisite=0.05, dollars=0,
        effects=(Effect("peer_ties", 0.1, "a leader of another agency on the call"),),
        meaning="An hour's call of leaders of about six agencies, to share what works.",
        source="S9"),
    Activity(name="expert_consultation", title="Expert consultation and referral", tier="targeted", participants="staff", prerequisite_of="skill", builds="network",
        ta_hours=12, recipient_hours=4, seats=3, prerequisite=0.1, dollars=0,
        effects=(Effect("skill", 0.05, transfer=0.6, ceiling=0.7), Effect("expert_ties", 0.4, "an expert of the center"),),
        meaning="A subject expert of the center answers an agency's question and can be called again, until the center closes.",
        source="S4, S5"),
    Activity(name="referral", title="Referral to a colleague elsewhere", tier="targeted", participants="staff", prerequisite_of="skill", builds="network",
        ta_hours=4, recipient_hours=3, seats=2, prerequisite=0, dollars=0,
        effects=(Effect("colleague_ties", 0.8, "the most skilled colleague of an agency that uses the practice"),),
        meaning="Somebody who asks for help is put in touch with a colleague elsewhere who uses the practice, and who spends hours on it.",
        source="S4 (a clearinghouse matches what is known to those who ask), S50; assumed"),
    Activity(name="routine_redesign", title="Routine redesign with tools", tier="intensive", participants="staff", prerequisite_of="routine", builds="organization",
        ta_hours=60, recipient_hours=12, seats=5, prerequisite=0.15, dollars=300,
        effects=(Effect("skill", 0.03, transfer=0.75, ceiling=0.75), Effect("routine", 0.2, "Routine gained from a quarter of joint redesign with tools.", span=(0.06, 0.6)),),
        meaning="Joint work over a quarter on the procedures, tools and roles of an agency in one focal area.",
        source="S17, S106"),
    Activity(name="goal_setting", title="Strategic planning and goal setting", tier="targeted", participants="staff", prerequisite_of="skill", builds="organization",
        ta_hours=24, recipient_hours=6, seats=8, prerequisite=0.05, dollars=200,
        effects=(Effect("goals", 0.25, "How far priorities move toward the plan in one strategic-planning cycle."),),
        meaning="Staff work on the agency's plan; their priorities move toward it.",
        source="S27, S61"),
    Activity(name="leadership_coaching", title="Leadership coaching", tier="intensive", participants="leaders", prerequisite_of="skill", builds="organization",
        ta_hours=10, recipient_hours=10, seats=1, prerequisite=0.1, dollars=100,
        effects=(Effect("skill", 0.1, transfer=0.75, ceiling=0.9), Effect("culture", 0.02, "Culture gained from one unit of leadership coaching."),),
        meaning="Coaching of the agency's leaders; raises their skill and the culture.",
        source="S31c, S62"),
    Activity(name="delivery_chain_review", title="Delivery-chain review", tier="targeted", participants="leaders", prerequisite_of="routine", builds="organization",
        ta_hours=24, recipient_hours=6, seats=6, prerequisite=0.05, dollars=200, levels=("esa", "lea", "school"),
        effects=(Effect("parent_plan", 0.2, "How far an agency's plan moves toward its parent's plan in one review."), Effect("parent_routine", 0.17, "Routine that the parent gains when all agencies below it go through one review.", span=(0.05, 0.5)),),
        meaning="Leaders trace how guidance and resources reach them from the agency above; its plan becomes theirs and its own procedures improve.",
        source="S27, S29"),
    Activity(name="data_system_support", title="Data-system support", tier="intensive", participants="staff", prerequisite_of="routine", builds="organization",
        ta_hours=40, recipient_hours=8, seats=4, prerequisite=0.05, dollars=500,
        effects=(Effect("data_systems", 0.1, "Data systems gained from one unit of support."),),
        meaning="Helps an agency to know itself: better data, thus readings with less error.",
        source="S9, S28"),
    Activity(name="resource_alignment", title="Resource alignment", tier="intensive", participants="leaders", prerequisite_of="routine", builds="organization",
        ta_hours=30, recipient_hours=8, seats=4, prerequisite=0.05, dollars=200,
        effects=(Effect("resource_alignment", 0.1, "Alignment of finances, data systems and personnel with the plan gained from one unit."),),
        meaning="Leaders bring finances, data systems and personnel in line with the plan.",
        source="S9"),
    Activity(name="role_redesign", title="Role redesign", tier="intensive", participants="leaders", prerequisite_of="routine", builds="organization",
        ta_hours=40, recipient_hours=10, seats=6, prerequisite=0.05, dollars=300, levels=("sea",),
        effects=(Effect("commitment", 0.1, "Share of the time committed to compliance that one unit frees."),),
        meaning="Moves staff time of state agencies from compliance work to support.",
        source="S9, S30, S38"),
    Activity(name="performance_management", title="Performance management", tier="intensive", participants="leaders", prerequisite_of="routine", builds="organization",
        ta_hours=8, recipient_hours=10, seats=3, prerequisite=0.1, dollars=0, yields="stocktake", every_months=3,
        effects=(Effect("routine", 0.07, "Routine gained from one stocktake.", span=(0.02, 0.2)),),
        meaning="A stocktake routine: leaders review every quarter how far the practices are in use; yields a reading of use, costs staff hours.",
        source="S27-S29"),
    Activity(name="sustainability_planning", title="Sustainability planning", tier="targeted", participants="leaders", prerequisite_of="skill", builds="organization",
        ta_hours=24, recipient_hours=8, seats=6, prerequisite=0.05, dollars=200,
        effects=(Effect("handover", 0.15, "Share of codifiable skill not yet in routines that one unit puts there."),),
        meaning="Before the exit, what skilled staff know is put into procedures that stay when they leave.",
        source="S10, S12"),
    Activity(name="train_the_trainer", title="Training of trainers", tier="targeted", participants="staff", prerequisite_of="skill", builds="people",
        ta_hours=24, recipient_hours=8, seats=12, prerequisite=0.1, dollars=500,
        effects=(Effect("skill", 0.1, transfer=0.5, ceiling=0.75), Effect("trainer_ties", 0.4, "the most skilled colleague of the agency"), Effect("handover", 0.05, "The same share for one unit of train the trainer."),),
        meaning="Prepares staff to teach their colleagues, who learn to turn to them.",
        source="S14"),
    Activity(name="site_visit", title="Site visit", tier="intensive", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=16, recipient_hours=3, seats=6, prerequisite=0, dollars=1200, yields="expert", every_months=3,
        effects=(Effect("engagement", 0.02, "Engagement gained from one site visit."),),
        meaning="Consultants spend a day in the agency: contact that keeps people going, and an expert's rating of skills and routines.",
        source="S49"),
    Activity(name="needs_assessment", title="Needs assessment", tier="targeted", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=12, recipient_hours=4, seats=5, prerequisite=0, dollars=100, yields="rubric", every_months=12,
        meaning="A facilitated rubric of skills and routines in every focal area; yields readings, changes nothing.",
        source="S1, S42, S119"),
    Activity(name="readiness_screening", title="Readiness screening", tier="targeted", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=4, recipient_hours=1, seats=8, prerequisite=0, dollars=0, yields="screening", every_months=12,
        meaning="A short survey and interview on motivation and general capacity; yields a reading of readiness, changes nothing.",
        source="S31, S42"),
    Activity(name="sustainability_review", title="Sustainability review", tier="targeted", participants="leaders", prerequisite_of="skill", builds="information",
        ta_hours=12, recipient_hours=6, seats=5, prerequisite=0, dollars=100, yields="sustainability", every_months=12,
        meaning="Leaders and the provider go through a rubric of what would make reform last: context, system capacity, performance management; yields four levels, changes nothing.",
        source="S10, S12 (Reform Support Network's rubric)"),
    Activity(name="own_instrument", title="Reading with an instrument of one's own", tier="targeted", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=6, recipient_hours=2, seats=4, prerequisite=0, dollars=0,
        meaning="An instrument that a scenario declares (instruments:) is read in an agency; changes nothing. Bought by strategies that aim by it.",
        source="S9 (rubrics and survey instruments of New York's working group)"),
    Activity(name="codesign", title="Co-design", tier="targeted", participants="staff", prerequisite_of="skill", builds="information",
        ta_hours=16, recipient_hours=6, seats=6, prerequisite=0, dollars=200,
        effects=(Effect("engagement", 0.04, "Engagement gained from one unit of co-design."),),
        meaning="Recipients shape the support with the provider: more engagement and better assessments, but less clarity if it goes on after the planning phase.",
        source="S1"),
)
# fmt: on
"""Every activity by name."""
