"""What technical assistance can do: one row an activity. Its numbers are parameters named `<activity>_<what>`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

__all__ = ["ACTIVITIES", "CHANNELS", "Activity"]

CHANNELS = ("skill", "engagement", "goals", "routine", "culture")
"""What an activity can change: per participant (skill, engagement, goals) or per agency (routine, culture)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One kind of technical assistance.

    Parameters
    ----------
    name, title, meaning, source : str
        Identifier, heading, one sentence, where it comes from.
    tier : {"universal", "targeted", "intensive"}
    participants : {"staff", "leaders"}
        Who in an agency takes the seats.
    prerequisite_of : {"skill", "routine"}
        Which state of the agency has to be there for the activity to land.
    channels : tuple of str
        Subset of `CHANNELS`; nothing else moves.
    """

    name: str
    title: str
    tier: Literal["universal", "targeted", "intensive"]
    participants: Literal["staff", "leaders"]
    prerequisite_of: Literal["skill", "routine"]
    channels: tuple[str, ...]
    meaning: str
    source: str


ACTIVITIES: Mapping[str, Activity] = MappingProxyType(
    {
        row.name: row
        for row in (
            Activity(
                name="coaching",
                title="Coaching",
                tier="intensive",
                participants="staff",
                prerequisite_of="skill",
                channels=("skill", "engagement"),
                meaning="A consultant works with one person on applied skill in a focal area (one unit: 10 hours).",
                source="S56-S60",
            ),
            Activity(
                name="training",
                title="Training event",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                channels=("skill",),
                meaning="A group event; seats are shared between agencies and priced by the seat.",
                source="S54, S61",
            ),
            Activity(
                name="routine_redesign",
                title="Routine redesign with tools",
                tier="intensive",
                participants="staff",
                prerequisite_of="routine",
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
                channels=("skill", "culture"),
                meaning="Coaching of the agency's leaders; raises their skill and the culture.",
                source="S31c, S62",
            ),
            Activity(
                name="needs_assessment",
                title="Needs assessment",
                tier="targeted",
                participants="staff",
                prerequisite_of="skill",
                channels=(),
                meaning="A facilitated rubric of skills and routines in every focal area; yields readings, changes nothing.",
                source="S1, S42, S119",
            ),
        )
    }
)
"""Every activity by name."""
