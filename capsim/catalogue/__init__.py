"""The tables: what exists, as names, sentences, traits and numbers; no behaviour."""

from capsim.catalogue.activities import ACTIVITIES, Activity
from capsim.catalogue.measures import FLOWS, MEASURES, OUTCOME_MOMENTS, OUTCOMES, Measure
from capsim.catalogue.parts import RECIPIENT_LEVELS, SCHEDULES, TARGETINGS, Part
from capsim.catalogue.processes import PROCESS_NAMES, PROCESSES
from capsim.catalogue.strategies import STRATEGIES, Composition

__all__ = [
    "ACTIVITIES", "FLOWS", "MEASURES", "OUTCOMES", "OUTCOME_MOMENTS", "PROCESSES", "PROCESS_NAMES", "RECIPIENT_LEVELS",
    "SCHEDULES", "STRATEGIES", "TARGETINGS", "Activity", "Composition", "Measure", "Part",
]  # fmt: skip
