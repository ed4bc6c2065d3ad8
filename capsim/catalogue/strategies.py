"""The named strategies: ready compositions of parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["STRATEGIES", "Composition"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A strategy as a composition of parts.

    Parameters
    ----------
    name, title, meaning, source : str
    activities : mapping of str to float
        Share of TA hours by activity; shares sum to 1, or there are none.
    targeting, schedule : str
        Names in `TARGETINGS` and `SCHEDULES`.
    focal_areas : int
        How many focal areas each agency works on: those of highest weight in its targeting, the first in the
        order of the scenario when equal; 0 is all of them.
    recipients : tuple of str
        Levels of agencies served, names in `RECIPIENT_LEVELS`.
    """

    name: str
    title: str = ""
    meaning: str = ""
    source: str = ""
    activities: Mapping[str, float]
    targeting: str = "universal"
    schedule: str = "level"
    focal_areas: int = 0
    recipients: tuple[str, ...] = ("lea",)


STRATEGIES: Mapping[str, Composition] = MappingProxyType({row.name: row for row in (
    Composition(name="none", title="No technical assistance", meaning="Nothing is delivered; the baseline of every comparison.", source="by definition", activities={}),
    Composition(name="individual_focused", title="Individual-focused", meaning="Builds the skills of people: coaching and training.", source="S1 (individual skills), S56-S61", activities={"coaching": .6, "training": .4}, focal_areas=2),
    Composition(name="organization_focused", title="Organization-focused", meaning="Builds what outlives people: routines with tools, shared goals, leadership.", source="S1 (organizational skills), S17", activities={"routine_redesign": .7, "goal_setting": .2, "leadership_coaching": .1}, focal_areas=2),
    Composition(name="blended", title="Blended", meaning="Half of each, aimed by assessed need.", source="S33 (nearly half of TA is multi-mode), S40", activities={"coaching": .28, "training": .18, "routine_redesign": .33, "goal_setting": .10, "leadership_coaching": .05, "needs_assessment": .06}, targeting="need", focal_areas=2),
)})
"""Every named strategy by name."""
