"""The tables: what exists, as names, sentences, traits and numbers; no behaviour."""

from capsim.catalogue.activities import ACTIVITIES, CHANNELS, Activity
from capsim.catalogue.instruments import INSTRUMENTS, LOGGED, Instrument
from capsim.catalogue.measures import FLOWS, MEASURES, OUTCOME_MOMENTS, OUTCOMES, Measure
from capsim.catalogue.parts import (
    CHAINS,
    CODESIGN_PHASES,
    CONTENTS,
    GROUPINGS,
    RECIPIENT_LEVELS,
    RECIPIENTS,
    SCHEDULES,
    TARGETINGS,
    TIERS,
    Part,
)
from capsim.catalogue.processes import PROCESS_NAMES, PROCESSES
from capsim.catalogue.strategies import STRATEGIES, Composition

__all__ = [
    "ACTIVITIES", "CHAINS", "CHANNELS", "CODESIGN_PHASES", "CONTENTS", "FLOWS", "GROUPINGS", "INSTRUMENTS", "LOGGED",
    "MEASURES", "OUTCOMES", "OUTCOME_MOMENTS", "PROCESSES", "PROCESS_NAMES", "RECIPIENTS", "RECIPIENT_LEVELS",
    "SCHEDULES", "STRATEGIES", "TARGETINGS", "TIERS", "Activity", "Composition", "Instrument", "Measure", "Part",
]  # fmt: skip
