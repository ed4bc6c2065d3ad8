"""The page of the two source documents: every key that it names exists, every page to which it points is there."""

from __future__ import annotations

import re
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    EVENT_KINDS,
    GROUPINGS,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
)
from capsim.catalogue.rules import RULES
from capsim.parameters import PARAMETERS
from capsim.scenario import Composition, Scenario
from validation.practices import DIALS

PAGE = Path(__file__).parents[2] / "docs" / "sources_to_model.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in TEXT.splitlines() if line.count("|") == 6 and "---" not in line]
PRACTICES = [row for row in ROWS if row[0].strip() not in {"where", "dial"} and not row[0].strip().startswith("`")]
NAMES = {
    *PARAMETERS,
    *RULES,
    *ACTIVITIES,
    *STRATEGIES,
    *TARGETINGS,
    *SCHEDULES,
    *CHAINS,
    *CODESIGN_PHASES,
    *GROUPINGS,
    *EVENT_KINDS,
}


def parts_of(kind: Any) -> list[type[BaseModel]]:
    """Models inside an annotation."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [part for one in get_args(kind) for part in parts_of(one)] if get_origin(kind) or get_args(kind) else []


def keys_of(kind: type[BaseModel], name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """`part.key` of a model and of all models below it."""
    found = set()
    for key, field in kind.model_fields.items():
        found.add(f"{name}.{key}")
        for part in parts_of(field.annotation):
            if part.__name__ not in seen and part is not Composition:
                found |= keys_of(part, key, seen | {part.__name__})
    return found


KEYS = keys_of(Scenario, "scenario") | keys_of(Composition, "strategies")
assert Union or UnionType


@pytest.mark.parametrize("row", PRACTICES, ids=lambda row: row[1].strip()[:40])
def test_every_key_of_a_practice_exists(row: list[str]) -> None:
    named = re.findall(r"`([^`]+)`", row[3])
    assert named, "a practice says how to switch it on"
    assert [key for key in named if key not in NAMES and key not in KEYS] == []


def test_both_documents_are_there() -> None:
    assert len(PRACTICES) >= 30
    for where in ("Finding 1", "Finding 2", "Finding 3", "Finding 4", "Purpose", "Topic 1", "Topic 2", "Topic 3"):
        assert any(row[0].strip().startswith(where) for row in PRACTICES), where


def test_what_it_points_to_exists() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (PAGE.parent / link).exists(), link


def test_every_dial_has_a_row() -> None:
    for dial in DIALS:
        assert f"| `{dial.name}` |" in TEXT, dial.name
