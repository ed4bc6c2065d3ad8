"""What technical assistance can do: one row an activity. Its numbers are parameters named `<activity>_<what>`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["ACTIVITIES", "CHANNELS", "CHANNELS_BY_AREA", "Activity"]

CHANNELS = (
    "skill", "engagement", "goals",
    "routine", "culture", "data_systems", "resource_alignment", "commitment",
    "handover", "parent_plan", "group_plan", "parent_routine",
    "peer_ties", "expert_ties", "trainer_ties",
)  # fmt: skip
"""What an activity can change: of each participant (skill, engagement, goals, and the three kinds of ties), of the
agency (routine to group_plan), of the agency above it (parent_routine)."""

CHANNELS_BY_AREA = ("skill", "routine", "handover", "parent_routine")
"""Channels that act on one focal area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of technical assistance.

    Parameters
    ----------
    name, title, meaning, source : str
        Identifier, heading, one sentence, where it comes from.
    tier : {"universal", "targeted", "intensive"}
        Universal activities go to every recipient alike, whatever the targeting.
    participants : {"staff", "leaders"}
        Who in an agency takes the seats.
    prerequisite_of : {"skill", "routine"}
        Which state of the agency has to be there for the activity to land.
    builds : {"people", "organization", "network", "information"}
        Where it mainly puts capacity: in what persons can do, in what the agency keeps, in ties between agencies, or
        in what is known.
    channels : tuple of str
        Subset of `CHANNELS`; nothing else moves.
    yields : {"", "rubric", "screening", "stocktake", "expert", "sustainability"}
        The reading of the agency that one whole unit buys; "" for none.
    levels : tuple of {"sea", "esa", "lea", "school"}
        Levels of agencies in which there is something for it to change; compositions spend its hours nowhere else.
    """

    name: str
    title: str
    tier: Literal["universal", "targeted", "intensive"]
    participants: Literal["staff", "leaders"]
    prerequisite_of: Literal["skill", "routine"]
    builds: Literal["people", "organization", "network", "information"]
    channels: tuple[str, ...]
    meaning: str
    source: str
    yields: Literal["", "rubric", "screening", "stocktake", "expert", "sustainability"] = ""
    levels: tuple[str, ...] = ("sea", "esa", "lea", "school")

    @property
    def by_area(self) -> bool:
        """Whether it works on one focal area; otherwise on the agency as a whole (area -1)."""
        return any(channel in CHANNELS_BY_AREA for channel in self.channels)


ACTIVITIES: Mapping[str, Activity] = MappingProxyType(
    {
        row.name: row
        for row in (
            Activity(
                name="publication",
                title="Publication or resource hub",
                tier="universal",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=("skill",),
                meaning="Tools, briefs and guides that anybody can read; cheap per reader, and little of it becomes practice.",
                source="S5, S13 (states found web materials less helpful than people)",
            ),
            Activity(
                name="webinar",
                title="Webinar",
                tier="universal",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=("skill",),
                meaning="An online session open to every recipient; reaches many, changes little.",
                source="S5, S33",
            ),
            Activity(
                name="training",
                title="Training event",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="people",
                channels=("skill",),
                meaning="A group event; seats are shared between agencies and priced by the seat.",
                source="S54, S61",
            ),
            Activity(
                name="training_institute",
                title="Training institute",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="people",
                channels=("skill",),
                meaning="A training over several days for teams of many agencies, who are to pass it on at home.",
                source="S14 (institutes for network teams)",
            ),
            Activity(
                name="coaching",
                title="Coaching",
                tier="intensive",
                participants="staff",
                prerequisite_of="skill",
                builds="people",
                channels=("skill", "engagement"),
                meaning="A consultant works with one person on applied skill in a focal area (one unit: 10 hours).",
                source="S56-S60",
            ),
            Activity(
                name="peer_collaborative",
                title="Peer collaborative",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="network",
                channels=("skill", "peer_ties"),
                meaning="Teams from about six agencies work on one focal area for a quarter and learn whom to call in other agencies.",
                source="S6, S50",
            ),
            Activity(
                name="working_group",
                title="Working group of agencies",
                tier="targeted",
                participants="leaders",
                prerequisite_of="skill",
                builds="network",
                channels=("skill", "peer_ties", "group_plan"),
                meaning="Leaders of several agencies draft metrics, rubrics and plans together for a quarter; their goals come closer and they know each other.",
                source="S9 (New York and Ohio groups)",
            ),
            Activity(
                name="joint_call",
                title="Joint call",
                tier="targeted",
                participants="leaders",
                prerequisite_of="skill",
                builds="network",
                channels=("peer_ties",),
                meaning="An hour's call of leaders of about six agencies, to share what works.",
                source="S9",
            ),
            Activity(
                name="expert_consultation",
                title="Expert consultation and referral",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="network",
                channels=("skill", "expert_ties"),
                meaning="A subject expert of the center answers an agency's question and can be called again, until the center closes.",
                source="S4, S5",
            ),
            Activity(
                name="routine_redesign",
                title="Routine redesign with tools",
                tier="intensive",
                participants="staff",
                prerequisite_of="routine",
                builds="organization",
                channels=("skill", "routine"),
                meaning="Joint work over a quarter on the procedures, tools and roles of an agency in one focal area.",
                source="S17, S106",
            ),
            Activity(
                name="goal_setting",
                title="Strategic planning and goal setting",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="organization",
                channels=("goals",),
                meaning="Staff work on the agency's plan; their priorities move toward it.",
                source="S27, S61",
            ),
            Activity(
                name="leadership_coaching",
                title="Leadership coaching",
                tier="intensive",
                participants="leaders",
                prerequisite_of="skill",
                builds="organization",
                channels=("skill", "culture"),
                meaning="Coaching of the agency's leaders; raises their skill and the culture.",
                source="S31c, S62",
            ),
            Activity(
                name="delivery_chain_review",
                title="Delivery-chain review",
                tier="targeted",
                participants="leaders",
                prerequisite_of="routine",
                builds="organization",
                channels=("parent_plan", "parent_routine"),
                levels=("esa", "lea", "school"),
                meaning="Leaders trace how guidance and resources reach them from the agency above; its plan becomes theirs and its own procedures improve.",
                source="S27, S29",
            ),
            Activity(
                name="data_system_support",
                title="Data-system support",
                tier="intensive",
                participants="staff",
                prerequisite_of="routine",
                builds="organization",
                channels=("data_systems",),
                meaning="Helps an agency to know itself: better data, thus readings with less error.",
                source="S9, S28",
            ),
            Activity(
                name="resource_alignment",
                title="Resource alignment",
                tier="intensive",
                participants="leaders",
                prerequisite_of="routine",
                builds="organization",
                channels=("resource_alignment",),
                meaning="Leaders bring finances, data systems and personnel in line with the plan.",
                source="S9",
            ),
            Activity(
                name="role_redesign",
                title="Role redesign",
                tier="intensive",
                participants="leaders",
                prerequisite_of="routine",
                builds="organization",
                channels=("commitment",),
                levels=("sea",),
                meaning="Moves staff time of state agencies from compliance work to support.",
                source="S9, S30, S38",
            ),
            Activity(
                name="performance_management",
                title="Performance management",
                tier="intensive",
                participants="leaders",
                prerequisite_of="routine",
                builds="organization",
                channels=("routine",),
                yields="stocktake",
                meaning="A stocktake routine: leaders review every quarter how far the practices are in use; yields a reading of use, costs staff hours.",
                source="S27-S29",
            ),
            Activity(
                name="sustainability_planning",
                title="Sustainability planning",
                tier="targeted",
                participants="leaders",
                prerequisite_of="skill",
                builds="organization",
                channels=("handover",),
                meaning="Before the exit, what skilled staff know is put into procedures that stay when they leave.",
                source="S10, S12",
            ),
            Activity(
                name="train_the_trainer",
                title="Training of trainers",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="people",
                channels=("skill", "trainer_ties", "handover"),
                meaning="Prepares staff to teach their colleagues, who learn to turn to them.",
                source="S14",
            ),
            Activity(
                name="site_visit",
                title="Site visit",
                tier="intensive",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=("engagement",),
                yields="expert",
                meaning="Consultants spend a day in the agency: contact that keeps people going, and an expert's rating of skills and routines.",
                source="S49",
            ),
            Activity(
                name="needs_assessment",
                title="Needs assessment",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=(),
                yields="rubric",
                meaning="A facilitated rubric of skills and routines in every focal area; yields readings, changes nothing.",
                source="S1, S42, S119",
            ),
            Activity(
                name="readiness_screening",
                title="Readiness screening",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=(),
                yields="screening",
                meaning="A short survey and interview on motivation and general capacity; yields a reading of readiness, changes nothing.",
                source="S31, S42",
            ),
            Activity(
                name="sustainability_review",
                title="Sustainability review",
                tier="targeted",
                participants="leaders",
                prerequisite_of="skill",
                builds="information",
                channels=(),
                yields="sustainability",
                meaning="Leaders and the provider go through a rubric of what would make reform last: context, system capacity, performance management; yields four levels, changes nothing.",
                source="S10, S12 (Reform Support Network's rubric)",
            ),
            Activity(
                name="codesign",
                title="Co-design",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                builds="information",
                channels=("engagement",),
                meaning="Recipients shape the support with the provider: more engagement and better assessments, but less clarity if it goes on after the planning phase.",
                source="S1",
            ),
        )
    }
)
"""Every activity by name."""
