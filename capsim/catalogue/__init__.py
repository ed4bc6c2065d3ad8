"""The tables: what exists, as names, sentences, traits and numbers; no behaviour."""

from capsim.catalogue.activities import ACTIVITIES, CHANNELS, TIE_CHANNELS, Activity, Effect
from capsim.catalogue.courses import CenterStaff, Change, Phase, Review
from capsim.catalogue.events import EVENT_KINDS, HELP_DURING, EventKind
from capsim.catalogue.measures import (
    CENTER_SERIES,
    FLOWS,
    LOGGED,
    MEASURES,
    OUTCOME_MOMENTS,
    OUTCOMES,
    SUPPORT_FACTORS,
    SUPPORT_MEASURES,
    Measure,
)
from capsim.catalogue.parts import (
    CHAINS,
    CODESIGN_PHASES,
    CONTENTS,
    GROUPINGS,
    RECIPIENTS,
    SCHEDULES,
    TARGETINGS,
    TIERS,
    Choice,
)
from capsim.catalogue.processes import PROCESS_NAMES, PROCESSES
from capsim.catalogue.strategies import STRATEGIES, Recipe
from capsim.catalogue.weights import WEIGHTS, Weight, unweighted, weighted, weighted_column

__all__ = [
    "ACTIVITIES",
    "CENTER_SERIES",
    "CHAINS",
    "CHANNELS",
    "CODESIGN_PHASES",
    "CONTENTS",
    "EVENT_KINDS",
    "FLOWS",
    "GROUPINGS",
    "HELP_DURING",
    "LOGGED",
    "MEASURES",
    "OUTCOMES",
    "OUTCOME_MOMENTS",
    "PROCESSES",
    "PROCESS_NAMES",
    "RECIPIENTS",
    "SCHEDULES",
    "STRATEGIES",
    "SUPPORT_FACTORS",
    "SUPPORT_MEASURES",
    "TARGETINGS",
    "TIERS",
    "TIE_CHANNELS",
    "WEIGHTS",
    "Activity",
    "CenterStaff",
    "Change",
    "Choice",
    "Effect",
    "EventKind",
    "Measure",
    "Phase",
    "Recipe",
    "Review",
    "Weight",
    "unweighted",
    "weighted",
    "weighted_column",
]
