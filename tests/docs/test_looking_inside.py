"""The examples of docs/looking_inside.md run in order, and show what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "looking_inside.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples leave behind."""
    found: dict[str, Any] = {"__name__": "page"}
    for example in re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE):
        exec(compile(example, "looking_inside.md", "exec"), found)
    return found


def test_events_have_the_columns_that_the_page_names(names: dict[str, Any]) -> None:
    columns = set(names["table"].columns)
    assert columns == {"month", "kind", "agency", "name", "position", "person", "role", "origin"}
    for column in columns:
        assert f"`{column}`" in PAGE


def test_frames_are_a_year_apart(names: dict[str, Any]) -> None:
    assert names["frames"].months.tolist() == [0, 12, 24, 36, 48]


def test_one_exit_makes_a_difference(names: dict[str, Any]) -> None:
    assert names["use"][0] != names["use"][1]


def test_the_stream_stopped_where_it_was_told(names: dict[str, Any]) -> None:
    assert (names["worlds"].done, names["worlds"].cancelled) == (4, True)
