"""Reviews of regional structures: sound files, a page that says what the numbers say, a small version that stays."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from capsim.parameters import PARAMETERS
from experiments.question import FOLDER
from experiments.review import (
    NUMBERS,
    REFERENCE,
    SMALL_NUMBERS,
    every_review,
    findings,
    page,
    read_review,
    scenario_of,
)

NAMES = every_review()


def read(name: str, file: str) -> Any:
    return json.loads((FOLDER / name / file).read_text(encoding="utf-8"))


def test_ohio_and_new_york_have_a_review_of_four_structures_or_more() -> None:
    assert NAMES == ["new_york_review", "ohio_review"]
    for name in NAMES:
        scenario = scenario_of(name, small=False)
        assert REFERENCE in scenario.strategy_names
        assert sum(1 for one in scenario.strategies if getattr(getattr(one, "delivery", None), "structure", None)) >= 4
        assert set(read_review(name).words) == set(scenario.strategy_names) - {"none"}


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_what_the_numbers_say(name: str) -> None:
    there = NUMBERS if (FOLDER / name / NUMBERS).is_file() else SMALL_NUMBERS
    text = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    assert text == page(name, read_review(name), read(name, there))
    assert "## Recommendations" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_small_version_gives_what_it_gave(name: str) -> None:
    now, before = findings(name, small=True), read(name, SMALL_NUMBERS)
    assert [row["strategy"] for row in now["ranked"]] == [row["strategy"] for row in before["ranked"]]
    for own, then in zip(now["ranked"], before["ranked"], strict=True):
        assert math.isclose(own["difference"], then["difference"], abs_tol=1e-9)
        assert math.isclose(own["low"], then["low"], abs_tol=1e-9)
    assert now["failed"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_at_the_default_weight_structures_stand_as_in_the_recommendations(name: str) -> None:
    default = PARAMETERS["support_weight"].default
    for file in (NUMBERS, SMALL_NUMBERS):
        found = json.loads((FOLDER / name / file).read_text(encoding="utf-8"))
        row = {one["strategy"]: one for one in found["weights"] if one["weight"] == default}
        for one in found["ranked"]:
            assert row[one["strategy"]]["estimate"] == pytest.approx(one["difference"], abs=1e-12)
            assert row[one["strategy"]]["low"] == pytest.approx(one["low"], abs=1e-12)
        assert row[REFERENCE]["estimate"] == pytest.approx(found["reference"]["gain"], abs=1e-12)
