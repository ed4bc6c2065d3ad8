"""The processes of a month, by name, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["PROCESSES", "PROCESS_NAMES"]

PROCESSES: Mapping[str, str] = MappingProxyType(
    {
        "environment": "budget shocks, turnover shocks and policy churn arrive",
        "turnover": "people leave, and what they hold leaves with them",
        "hiring": "vacancies are filled by movers or newcomers",
        "attention": "priorities decide what each person attends to this month",
        "support": "agencies help those below them in their free time, where support_weight is above 0",
        "experience": "learning by doing and forgetting by disuse",
        "socialization": "staff learn the routines of their agency",
        "codification": "staff write down what they know; routines wear out, faster when nobody enacts them",
        "consultation": "staff learn along advice ties; routines travel along those of leaders and liaisons",
        "priorities": "social influence on priorities; plans follow leaders and the parent agency",
        "ties": "advice ties strengthen, fade, lapse and form",
        "climate": "culture, engagement and data systems respond",
        "obsolescence": "reforms, where there are any, make part of skill and routines outdated",
        "outcomes": "what use is for follows it, where a scenario links it: teachers, materials, achievement",
        "assistance": "the strategy observes, decides and delivers",
        "implementation": "use follows potential with a lag; practices end",
    }
)
"""What each process of the month does, in the order in which they happen."""

PROCESS_NAMES: tuple[str, ...] = tuple(PROCESSES)
