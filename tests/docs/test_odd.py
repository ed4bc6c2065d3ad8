"""The ODD page follows the code: every process in its place, every parameter of a rule, every measure and state."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CHANNELS,
    CODESIGN_PHASES,
    GROUPINGS,
    MEASURES,
    PROCESS_NAMES,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
)
from capsim.parameters import PARAMETERS
from capsim.world import World
from validation.baseline import BANDS

PAGE = Path(__file__).parents[2] / "docs" / "odd.md"
ELEMENTS = (
    "1. Purpose and patterns",
    "2. Entities, state variables and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialization",
    "6. Input data",
    "7. Submodels",
)
PER_ACTIVITY = (
    "_ta_hours",
    "_recipient_hours",
    "_seats",
    "_prerequisite",
    "_dollars",
    "_knowledge",
    "_transfer",
    "_ceiling",
    "_every_months",
)
NOT_DESCRIBED = {"layout", "bank", "pool", "clock", "next_person", "_arrays"}


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def words(text):
    """Identifiers in a text."""
    return set(re.findall(r"[a-z][a-z_0-9]*", text))


def test_seven_elements_in_order(page):
    headings = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert tuple(headings[:7]) == ELEMENTS
    assert headings[7] == "Where this differs from the first plan"


def test_processes_in_the_order_of_the_month(page):
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", page, flags=re.MULTILINE)
    assert [name for _, name in rows] == list(PROCESS_NAMES)
    assert [int(number) for number, _ in rows] == list(range(1, len(PROCESS_NAMES) + 1))


def test_every_parameter_of_a_rule_is_named(page):
    known = words(page)
    missing = {name for name in PARAMETERS if name not in known}
    by_pattern = tuple(ending for ending in PER_ACTIVITY if f"<activity>{ending}" in page)
    assert not {name for name in missing if not name.endswith(by_pattern)}


def test_every_measure_state_activity_and_part_is_named(page):
    known = words(page)
    states = {field.name for field in fields(World)} - NOT_DESCRIBED
    parts = (TARGETINGS, SCHEDULES, CODESIGN_PHASES, CHAINS, GROUPINGS, CHANNELS)
    for names in (MEASURES, states, ACTIVITIES, *parts, set(STRATEGIES) - {"none"}):
        assert not set(names) - known


def test_what_looks_like_a_parameter_is_one(page):
    """A renamed parameter leaves no old name behind in an equation."""
    known = set(PARAMETERS).union(
        (field.name for field in fields(World)), MEASURES, ACTIVITIES, CHANNELS, PROCESS_NAMES
    )
    equations = "\n".join(re.findall(r"```text\n(.*?)```", page, flags=re.DOTALL))
    long_names = {word for word in words(equations) if word.count("_") >= 1 and len(word) > 12}
    local = {"culture_target", "engagement_target", "consultation"}
    lasting = {"culture_effect", "engagement_effect", "data_systems_effect", "expertise_effect", "codification_factor"}
    indexed = {re.sub(r"_(ik|jk|j|i)$", "", word) for word in long_names}
    assert not indexed - known - local - lasting


def test_bands_are_those_that_are_tested(page):
    section = page[page.index("Patterns** by which") : page.index("## 2.")]
    for name, (low, high) in BANDS.items():
        shown = " to ".join(f"{bound:.2f}".replace("0.", ".") for bound in (low, high))
        if name == "external_internal_index":
            shown = f"at most {high:.2f}".replace("0.", ".")
        if name == "drift_per_year":
            shown = f"at most {high:g} either way".replace("0.", ".")
        if name == "realised_exit_ratio":
            shown = f"{low:g} to {high:g}".replace("0.", ".")
        assert f"| {shown} |" in section
