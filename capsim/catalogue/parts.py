"""The parts a strategy is composed of, besides activities: whom to serve and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["RECIPIENT_LEVELS", "SCHEDULES", "TARGETINGS", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """One choice: identifier, heading, what it does."""

    name: str
    title: str
    meaning: str


TARGETINGS: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("universal", "Universal", "Every recipient agency gets the same hours."),
    Part("need", "By assessed need", "Hours in proportion to 1 - the latest rubric reading, by agency and area; agencies without a reading count as average."),
)})

SCHEDULES: Mapping[str, Part] = MappingProxyType({row.name: row for row in (
    Part("level", "Level", "The same hours every month."),
    Part("front_loaded", "Front-loaded", "Hours fall linearly from twice the mean to zero."),
    Part("taper", "Tapered", "Level hours, falling linearly to zero over the last third."),
)})

RECIPIENT_LEVELS: Mapping[str, int] = MappingProxyType({"sea": 1, "esa": 2, "lea": 3})
"""Levels of agencies that can receive assistance, with their codes."""
