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


def _unit(
    activity: str, ta_hours: float, recipient_hours: float, seats: float, prerequisite: float, dollars: float
) -> tuple[Parameter, ...]:
    name = activity.replace("_", " ")
    return declare("activities", [
        (f"{activity}_ta_hours", "hours", ta_hours, (ta_hours / 2, ta_hours * 2), (.01, 10000), "triangular", "assumed", f"TA hours of one unit of {name}, preparation included."),
        (f"{activity}_recipient_hours", "hours", recipient_hours, (recipient_hours / 2, recipient_hours * 2), (0, 1000), "triangular", "assumed", f"Hours that each participant spends on one unit of {name}."),
        (f"{activity}_seats", "people", seats, (max(1, seats / 2), seats * 2), (1, 1000), "none", "assumed", f"Participants of one unit of {name}."),
        (f"{activity}_prerequisite", "state", prerequisite, (0, prerequisite * 2), (0, 1), "triangular" if prerequisite else "none", "assumed", f"Skill or routine at which an agency is half ready for {name}."),
        (f"{activity}_dollars", "dollars", dollars, (dollars / 2, dollars * 2 or 200), (0, 1_000_000), "none", "assumed", f"Travel, venue and printing of one unit of {name}, beside the hours."),
    ])  # fmt: skip


def _effect(activity: str, channel: str, effect: float, meaning: str) -> tuple[Parameter, ...]:
    return declare("activities", [
        (f"{activity}_{channel}", "share of gap", effect, (effect / 3, min(1, effect * 2)), (0, 1), "triangular", "assumed", meaning),
    ])  # fmt: skip


def _every(activity: str, months: float) -> tuple[Parameter, ...]:
    return declare("activities", [
        (f"{activity}_every_months", "months", months, (max(1, months / 2), months * 2), (1, 600), "none", "assumed", f"Least months between two units of {activity.replace('_', ' ')} for an agency, when a composed strategy buys them."),
    ])  # fmt: skip


def _ties(activity: str, channel: str, hazard: float, who: str) -> tuple[Parameter, ...]:
    return declare("activities", [
        (f"{activity}_{channel}", "per unit", hazard, (hazard / 3, hazard * 2), (0, 10), "triangular", "assumed", f"Chance rate, in one unit of {activity.replace('_', ' ')}, that a participant wins a tie to {who}."),
    ])  # fmt: skip


DECLARED: tuple[Parameter, ...] = (
    *_unit("publication", 80, 1, 500, 0.0, 500),
    *_skill("publication", 0.02, 0.05),
    *_unit("webinar", 20, 1.5, 100, 0.05, 200),
    *_skill("webinar", 0.05, 0.05),
    *_unit("training", 24, 6, 20, 0.10, 1500),
    *_skill("training", 0.15, 0.15),
    *_unit("training_institute", 120, 24, 60, 0.10, 9000),
    *_skill("training_institute", 0.25, 0.20),
    *_unit("coaching", 10, 10, 1, 0.10, 100),
    *_skill("coaching", 0.12, 0.60),
    *_effect("coaching", "engagement", 0.02, "Engagement gained from one unit of coaching."),
    *_unit("peer_collaborative", 60, 10, 24, 0.10, 600),
    *_skill("peer_collaborative", 0.08, 0.30),
    *_ties("peer_collaborative", "peer_ties", 0.30, "staff of another agency in the group"),
    *_unit("working_group", 40, 8, 12, 0.05, 2000),
    *_skill("working_group", 0.04, 0.30),
    *_ties("working_group", "peer_ties", 0.40, "a leader of another agency in the group"),
    *_effect(
        "working_group",
        "group_plan",
        0.10,
        "How far an agency's plan moves toward the mean plan of its group in one quarter.",
    ),
    *_unit("joint_call", 3, 1, 10, 0.05, 0),
    *_ties("joint_call", "peer_ties", 0.10, "a leader of another agency on the call"),
    *_unit("expert_consultation", 12, 4, 3, 0.10, 0),
    *_skill("expert_consultation", 0.05, 0.40),
    *_ties("expert_consultation", "expert_ties", 0.40, "an expert of the center"),
    *_unit("routine_redesign", 60, 12, 5, 0.15, 300),
    *_skill("routine_redesign", 0.03, 0.60),
    *_effect("routine_redesign", "routine", 0.06, "Routine gained from a quarter of joint redesign with tools."),
    *_unit("goal_setting", 24, 6, 8, 0.05, 200),
    *_effect("goal_setting", "goals", 0.25, "How far priorities move toward the plan in one strategic-planning cycle."),
    *_unit("leadership_coaching", 10, 10, 1, 0.10, 100),
    *_skill("leadership_coaching", 0.10, 0.60),
    *_effect("leadership_coaching", "culture", 0.02, "Culture gained from one unit of leadership coaching."),
    *_unit("delivery_chain_review", 24, 6, 6, 0.05, 200),
    *_effect(
        "delivery_chain_review",
        "parent_plan",
        0.20,
        "How far an agency's plan moves toward its parent's plan in one review.",
    ),
    *_effect(
        "delivery_chain_review",
        "parent_routine",
        0.05,
        "Routine that the parent gains when all agencies below it go through one review.",
    ),
    *_unit("data_system_support", 40, 8, 4, 0.05, 500),
    *_effect("data_system_support", "data_systems", 0.10, "Data systems gained from one unit of support."),
    *_unit("resource_alignment", 30, 8, 4, 0.05, 200),
    *_effect(
        "resource_alignment",
        "resource_alignment",
        0.10,
        "Alignment of finances, data systems and personnel with the plan gained from one unit.",
    ),
    *_unit("role_redesign", 40, 10, 6, 0.05, 300),
    *_effect("role_redesign", "commitment", 0.10, "Share of the time committed to compliance that one unit frees."),
    *_unit("performance_management", 8, 10, 3, 0.10, 0),
    *_every("performance_management", 3),
    *_effect("performance_management", "routine", 0.02, "Routine gained from one stocktake."),
    *_unit("sustainability_planning", 24, 8, 6, 0.05, 200),
    *_effect(
        "sustainability_planning",
        "handover",
        0.15,
        "Share of codifiable skill not yet in routines that one unit puts there.",
    ),
    *_unit("train_the_trainer", 24, 8, 12, 0.10, 500),
    *_skill("train_the_trainer", 0.10, 0.30),
    *_ties("train_the_trainer", "trainer_ties", 0.40, "the most skilled colleague of the agency"),
    *_effect("train_the_trainer", "handover", 0.05, "The same share for one unit of train the trainer."),
    *_unit("site_visit", 16, 3, 6, 0.0, 1200),
    *_every("site_visit", 3),
    *_effect("site_visit", "engagement", 0.02, "Engagement gained from one site visit."),
    *_unit("needs_assessment", 12, 4, 5, 0.0, 100),
    *_every("needs_assessment", 12),
    *_unit("readiness_screening", 4, 1, 8, 0.0, 0),
    *_every("readiness_screening", 12),
    *_unit("sustainability_review", 12, 6, 5, 0.0, 100),
    *_every("sustainability_review", 12),
    *_unit("codesign", 16, 6, 6, 0.0, 200),
    *_effect("codesign", "engagement", 0.04, "Engagement gained from one unit of co-design."),
)
