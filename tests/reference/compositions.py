"""Compositions for the comparison. With the named strategies they choose every part of the catalogue at least once."""

from __future__ import annotations

from capsim.catalogue import CenterStaff, Change, Phase, Recipe, Review

__all__ = ["OWN"]

OWN = {
    one.name: one
    for one in (
        Recipe(
            name="narrow",
            activities={"needs_assessment": 0.3, "routine_redesign": 0.5, "goal_setting": 0.2},
            targeting="need",
            schedule="front_loaded",
            focal_areas=2,
            recipients=("esa", "lea"),
        ),
        Recipe(
            name="wide",
            activities={"leadership_coaching": 0.4, "training": 0.4, "resource_alignment": 0.2},
            schedule="taper",
            recipients=("sea", "esa", "lea", "school"),
        ),
        Recipe(
            name="fair",
            activities={"joint_call": 0.2, "coaching": 0.5, "codesign": 0.1, "publication": 0.2},
            targeting="equity",
            codesign="both",
            focal_areas=("integration", "literacy"),
            recipients={"lea": 0.5, "school": 0.3, "sea": 0.2},
        ),
        Recipe(
            name="patient",
            activities={"needs_assessment": 0.3, "readiness_screening": 0.1, "training": 0.3, "routine_redesign": 0.3},
            targeting={"targeted": "lowest_first", "intensive": "need_and_readiness"},
            target_capacities=True,
            codesign="implementation",
            focal_areas=1,
            recipients=("lea", "school"),
        ),
        Recipe(
            name="lost",
            activities={"delivery_chain_review": 0.4, "train_the_trainer": 0.3, "site_visit": 0.3},
            targeting="lowest_first",
            target_capacities=True,
            codesign="planning",
            chain="cascade",
            recipients=("sea", "lea"),
        ),
        Recipe(
            name="asked",
            activities={"coaching": 0.5, "routine_redesign": 0.5},
            targeting="self_rated_need",
            focal_areas=1,
            recipients=("sea", "esa", "lea"),
        ),
        Recipe(
            name="gathered",
            activities={"working_group": 1.0},
            recipients=("sea", "esa", "lea"),
        ),
        Recipe(
            name="referred",
            activities={"referral": 0.5, "coaching": 0.3, "own_instrument": 0.2},
            targeting="volunteers",
            recipients=("sea", "esa", "lea"),
        ),
        Recipe(
            name="relevant",
            activities={"needs_assessment": 0.2, "site_visit": 0.1, "coaching": 0.4, "routine_redesign": 0.3},
            targeting={"targeted": "relevance", "intensive": "need_and_relevance"},
            focal_areas=2,
            recipients=("esa", "lea"),
        ),
        Recipe(
            name="said",
            activities={"training": 0.5, "routine_redesign": 0.5},
            targeting={"targeted": "self_rated_relevance", "intensive": "self_rated_need_and_relevance"},
            focal_areas=1,
        ),
        Recipe(
            name="hollow",
            activities={"coaching": 1.0},
            chain="cascade",
            recipients={"sea": 0.0, "esa": 1.0},
            targeting="need",
            focal_areas=3,
        ),
        Recipe(
            name="mixed",
            activities={"coaching": 1.0},
            methods=(
                {"publication": 0.4, "performance_management": 0.6},
                {"coaching": 0.5, "peer_collaborative": 0.3, "needs_assessment": 0.2},
                {"routine_redesign": 0.5, "performance_management": 0.3, "role_redesign": 0.2},
            ),
            targeting={"intensive": "weakest_link", "targeted": "volunteers"},
            exit_activities={"sustainability_planning": 0.5, "webinar": 0.5},
            focal_areas=3,
            recipients=("sea", "esa", "lea"),
        ),
        Recipe(
            name="alive",
            activities={"coaching": 0.5, "routine_redesign": 0.2, "expert_consultation": 0.3},
            focal_areas=2,
            recipients=("sea", "lea"),
            center=CenterStaff(positions=(3, 6, 4), annual_exit=0.6, months_to_fill=2.0),
        ),
        Recipe(
            name="as_many_as_needed",
            activities={"webinar": 0.2, "coaching": 0.4, "expert_consultation": 0.4},
            center=CenterStaff(),
            chain="cascade",
            recipients=("esa",),
        ),
        Recipe(
            name="adaptive",
            activities={"coaching": 0.4, "training": 0.3, "performance_management": 0.2, "readiness_screening": 0.1},
            schedule="front_loaded",
            phases=(
                Phase(month=5, change=Change(activities={"webinar": 0.1, "joint_call": 0.9}), budget_share=0.3),
                Phase(
                    month=8,
                    change=Change(
                        activities={"coaching": 0.5, "training": 0.3, "performance_management": 0.2},
                        focal_areas=("literacy", "integration"),
                        targeting={"targeted": "readiness"},
                    ),
                ),
            ),
            review=(
                Review(reads="readiness", below=9.0, change=Change(targeting={"intensive": "volunteers"})),
                Review(reads="interest", above=9.0, change=Change(targeting="need")),
                Review(drop_least_used=True),
                Review(move=0.25),
            ),
        ),
        Recipe(
            name="co_designed_by_area",
            activities={"coaching": 1.0},
            methods=({"publication": 1.0}, {"coaching": 0.7, "goal_setting": 0.3}),
            codesign="planning",
            focal_areas=1,
        ),
    )
}
"""By name."""
