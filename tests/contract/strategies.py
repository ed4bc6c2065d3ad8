"""The strategies that every contract is tried on: those of the catalogue, one for each part, and some odd ones."""

from capsim.assistance.composed import ComposedStrategy
from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    GROUPINGS,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
    TIERS,
    Recipe,
)
from capsim.levels import AGENCY_LEVELS

__all__ = ["ALL", "ODD", "PARTS", "fresh"]

_MIX = {
    "coaching": 0.35,
    "routine_redesign": 0.2,
    "webinar": 0.15,
    "goal_setting": 0.1,
    "performance_management": 0.08,
    "needs_assessment": 0.06,
    "readiness_screening": 0.06,
}
_EVERYTHING = {name: 1.0 / len(ACTIVITIES) for name in ACTIVITIES}

PARTS = {
    composition.name: composition
    for composition in (
        *(
            Recipe(
                name=f"one activity: {name}",
                activities={name: 1.0},
                recipients=("lea",) if "lea" in row.levels else row.levels,
            )
            for name, row in ACTIVITIES.items()
        ),
        *(Recipe(name=f"targeting: {name}", activities=_MIX, targeting=name) for name in TARGETINGS),
        *(
            Recipe(name=f"a tier by {name}", activities=_MIX, targeting=dict.fromkeys(TIERS[1:], name), focal_areas=1)
            for name in TARGETINGS
        ),
        *(Recipe(name=f"schedule: {name}", activities=_MIX, schedule=name) for name in SCHEDULES),
        *(
            Recipe(name=f"codesign: {name}", activities=_MIX, codesign=name, targeting="need")
            for name in CODESIGN_PHASES
        ),
        *(
            Recipe(name=f"chain: {name}", activities=_MIX, chain=name, recipients=("esa",), focal_areas=2)
            for name in CHAINS
        ),
        *(
            Recipe(name=f"grouping: {name}", activities={"joint_call": 0.4, "peer_collaborative": 0.6}, grouping=name)
            for name in GROUPINGS
        ),
        *(Recipe(name=f"recipients: {name}", activities=_MIX, recipients=(name,)) for name in AGENCY_LEVELS),
    )
}
"""A composition for each row of each table of parts."""

ODD = {
    composition.name: composition
    for composition in (
        Recipe(
            name="everything everywhere",
            activities=_EVERYTHING,
            targeting="need_and_readiness",
            codesign="both",
            schedule="front_loaded",
            recipients=tuple(AGENCY_LEVELS),
            target_capacities=True,
        ),
        Recipe(
            name="everything from above",
            activities=_EVERYTHING,
            targeting="weakest_link",
            chain="cascade",
            recipients={"sea": 0.5, "esa": 0.5},
            target_capacities=True,
            codesign="implementation",
            focal_areas=1,
        ),
        Recipe(
            name="methods with an exit",
            activities={"coaching": 1.0},
            schedule="taper",
            codesign="planning",
            methods=({"webinar": 0.5, "coaching": 0.5}, {"routine_redesign": 0.7, "site_visit": 0.3}),
            targeting={"intensive": "equity"},
            exit_activities={"sustainability_planning": 0.4, "codesign": 0.6},
            focal_areas=2,
            recipients={"lea": 0.9, "school": 0.1},
        ),
        Recipe(
            name="areas by name",
            activities={"training": 0.5, "publication": 0.5},
            targeting="lowest_first",
            focal_areas=("integration",),
            recipients=("school", "lea"),
        ),
        Recipe(
            name="only an exit",
            activities={"coaching": 0.0},
            exit_activities={"train_the_trainer": 1.0},
            targeting="volunteers",
        ),
        Recipe(
            name="more areas than there are",
            activities={"peer_collaborative": 0.5, "expert_consultation": 0.5},
            focal_areas=50,
            targeting={"targeted": "readiness"},
            chain="cascade",
            recipients=("sea",),
        ),
        Recipe(name="shares of nothing", activities={"coaching": 1.0}, recipients={"lea": 0.0, "sea": 0.0}),
    )
}
"""Unusual combinations."""

ALL = {**STRATEGIES, **PARTS, **ODD}


def fresh(name, values):
    """A strategy of this name for one run."""
    return ComposedStrategy(ALL[name], values)
