"""Levels of organizations and roles of their staff, once: code, short name, words. Knows nothing else of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """Level of an organization in the delivery chain."""

    CENTER = 0
    SEA = 1
    ESA = 2
    LEA = 3
    SCHOOL = 4


class Role(IntEnum):
    """Role of a position."""

    LEADER = 0
    MANAGER = 1
    SPECIALIST = 2


# Plain numbers, because comparing an array's element with a member of an enumeration takes microseconds.
CENTER, SEA, ESA, LEA, SCHOOL = map(int, Level)
LEADER, MANAGER, SPECIALIST = map(int, Role)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level: its code in columns, its name in files and tables, its words.

    Parameters
    ----------
    code : int
        As in `Level`.
    name : str
        As in files, tables and records: "lea".
    singular, plural : str
        "district", "districts".
    group : str
        All of them in one state: "state agency", "districts".
    running : str
        The same within a sentence: "the state agency", "districts".
    """

    code: int
    name: str
    singular: str
    plural: str
    group: str
    running: str


LEVELS: Mapping[str, LevelRow] = MappingProxyType(
    {
        row.name: row
        for row in (
            LevelRow(CENTER, "center", "consultant", "consultants", "consultants", "consultants"),
            LevelRow(SEA, "sea", "state agency", "state agencies", "state agency", "the state agency"),
            LevelRow(ESA, "esa", "regional agency", "regional agencies", "regional agencies", "regional agencies"),
            LevelRow(LEA, "lea", "district", "districts", "districts", "districts"),
            LevelRow(SCHOOL, "school", "school", "schools", "schools", "schools"),
        )
    }
)
"""Every level by name, from the top; the first is the TA center, the others are agencies."""

LEVEL_NAMES: tuple[str, ...] = tuple(LEVELS)
"""Names by code."""

AGENCY_LEVELS: Mapping[str, int] = MappingProxyType(
    {row.name: row.code for row in LEVELS.values() if row.code > CENTER}
)
"""Codes of the levels of agencies, by name: all but the center. These can receive assistance."""

ROLE_NAMES: tuple[str, ...] = tuple(role.name.lower() for role in Role)
"""Names by code."""


def levels_below(name: str) -> tuple[str, ...]:
    """Names of the levels below one, from the top."""
    return LEVEL_NAMES[LEVELS[name].code + 1 :]
