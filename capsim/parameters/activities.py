"""Parameters of the TA activities: hours, seats, prerequisites and effects for one unit of each.

An effect is the share of the remaining gap that one unit closes at receptivity 1. Effects on skill are
knowledge x transfer. All are assumed: the orderings come from S54-S62, the figures do not.
"""

from capsim.parameters.declaration import Parameter, declare

__all__ = ["DECLARED"]

_ORDER = "assumed; ordering from S54-S62"


def _skill(activity: str, knowledge: float, transfer: float) -> tuple[Parameter, ...]:
    return declare("activities", [
        (f"{activity}_knowledge", "share of gap", knowledge, (knowledge / 2, min(1, knowledge * 2)), (0, 1), "triangular", _ORDER, f"Knowledge gained from one unit of {activity.replace('_', ' ')}."),
        (f"{activity}_transfer", "share", transfer, (transfer / 2, min(1, transfer * 1.5)), (0, 1), "triangular", _ORDER, f"Part of the knowledge from {activity.replace('_', ' ')} that becomes applied skill."),
    ])  # fmt: skip


def _unit(activity: str, ta_hours: float, recipient_hours: float, seats: float, prerequisite: float) -> tuple[Parameter, ...]:
    name = activity.replace("_", " ")
    return declare("activities", [
        (f"{activity}_ta_hours", "hours", ta_hours, (ta_hours / 2, ta_hours * 2), (.01, 10000), "triangular", "assumed", f"TA hours of one unit of {name}, preparation included."),
        (f"{activity}_recipient_hours", "hours", recipient_hours, (recipient_hours / 2, recipient_hours * 2), (0, 1000), "triangular", "assumed", f"Hours that each participant spends on one unit of {name}."),
        (f"{activity}_seats", "people", seats, (max(1, seats / 2), seats * 2), (1, 1000), "none", "assumed", f"Participants of one unit of {name}."),
        (f"{activity}_prerequisite", "state", prerequisite, (0, prerequisite * 2), (0, 1), "triangular" if prerequisite else "none", "assumed", f"Skill or routine at which an agency is half ready for {name}."),
    ])  # fmt: skip


def _effect(activity: str, channel: str, effect: float, meaning: str) -> tuple[Parameter, ...]:
    return declare("activities", [
        (f"{activity}_{channel}", "share of gap", effect, (effect / 3, min(1, effect * 2)), (0, 1), "triangular", "assumed", meaning),
    ])  # fmt: skip


DECLARED: tuple[Parameter, ...] = (
    *_unit("coaching", 10, 10, 1, 0.10),
    *_skill("coaching", 0.12, 0.60),
    *_effect("coaching", "engagement", 0.02, "Engagement gained from one unit of coaching."),
    *_unit("training", 24, 6, 20, 0.10),
    *_skill("training", 0.15, 0.15),
    *_unit("routine_redesign", 60, 12, 5, 0.15),
    *_skill("routine_redesign", 0.03, 0.60),
    *_effect("routine_redesign", "routine", 0.06, "Routine gained from a quarter of joint redesign with tools."),
    *_unit("goal_setting", 24, 6, 8, 0.05),
    *_effect("goal_setting", "goals", 0.25, "How far priorities move toward the plan in one strategic-planning cycle."),
    *_unit("leadership_coaching", 10, 10, 1, 0.10),
    *_skill("leadership_coaching", 0.10, 0.60),
    *_effect("leadership_coaching", "culture", 0.02, "Culture gained from one unit of leadership coaching."),
    *_unit("needs_assessment", 12, 4, 5, 0.0),
)
