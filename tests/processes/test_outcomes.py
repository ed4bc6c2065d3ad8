"""Outcomes linked to use: none without a link, declared gaps at the start, each moved by what it is linked to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import capsim
from capsim import CapacityModel
from capsim.catalogue import LINKED, NOT_A_FINDING
from capsim.comparison.folder import write_folder
from capsim.report import write_report
from capsim.scenario import as_scenario

OHIO = {"source": "us_2023_24", "states": ["OH"], "regional": ["support_teams"], "sample": 16}
SHORT = {"settling": 0, "assistance": 36, "follow_up": 24}
EVERY = {"teacher_equity": "all", "materials": "all", "achievement_gap": "all"}


def run_with(outcomes: Any, strategy: str = "organization_focused", **changes: Any) -> CapacityModel:
    timeline = changes.pop("timeline", SHORT)
    scenario = as_scenario("ohio", agencies=OHIO, timeline=timeline, outcomes=outcomes, **changes)
    return CapacityModel(scenario, strategy=strategy, seed=1).run()


@pytest.fixture(scope="module")
def linked() -> CapacityModel:
    return run_with(EVERY)


def test_nothing_is_recorded_without_a_link_and_nothing_else_moves_with_one(linked: CapacityModel) -> None:
    plain = run_with({})
    assert not set(LINKED) & set(plain.history)
    assert not plain.world.materials.any()
    shared = list(plain.history)
    assert np.array_equal(plain.history[shared[2:]].to_numpy(), linked.history[shared[2:]].to_numpy(), equal_nan=True)
    assert set(run_with(["materials"]).history) - set(shared) == {"materials"}


def test_gaps_begin_as_declared_and_are_differences_of_quarters(linked: CapacityModel) -> None:
    values, history = linked.values, linked.history.set_index(["month", "level"])
    first = run_with(EVERY, "none", timeline={"settling": 0, "assistance": 1, "follow_up": 0}).history.set_index(
        "level"
    )
    assert first["teacher_equity"]["lea"] == pytest.approx(values["teacher_gap_start"], rel=0.05)
    assert first["achievement_gap"]["lea"] == pytest.approx(values["achievement_gap_start"], rel=0.05)
    assert first["materials"]["lea"] == pytest.approx(values["materials_start"], rel=0.05)
    for name, level, sign in (("teacher_equity", "first_year_teachers", 1), ("achievement_gap", "achievement", -1)):
        poor, rich = (history[level][(60, group)] for group in ("lea_poorest", "lea_richest"))
        for group in ("lea", "lea_by_pupils", "lea_by_positions"):
            assert history[name][(60, group)] == pytest.approx(sign * (poor - rich), abs=1e-12)
    assert np.isnan(history["teacher_equity"][(60, "esa")])
    assert np.isnan(history["materials"][(60, "sea")])


def test_a_world_settles_with_links() -> None:
    settled = run_with(EVERY, "none", timeline={"settling": 24, "assistance": 1, "follow_up": 0})
    assert settled.measure("materials") == pytest.approx(settled.values["materials_start"])
    assert 0.5 < settled.measure("achievement_gap") / settled.values["achievement_gap_start"] < 1.5


def test_each_answers_to_its_link(linked: CapacityModel) -> None:
    without = run_with(EVERY, "none")

    def gained(name: str, month: int) -> float:
        return linked.measure(name, month=month) - without.measure(name, month=month)

    assert gained("use", 36) > 0.0
    assert gained("teacher_equity", 60) < 0.0
    assert gained("materials", 36) > 0.02
    assert linked.measure("materials", month=60) < linked.measure("materials", month=36)
    assert without.measure("materials") == pytest.approx(without.values["materials_start"])
    off = run_with(EVERY, parameters={"teacher_link": 0.0, "achievement_link": 0.0, "materials_rate": 0.0})
    assert off.measure("teacher_equity") == pytest.approx(off.values["teacher_gap_start"])
    assert off.measure("achievement_gap") == pytest.approx(off.values["achievement_gap_start"])
    assert off.measure("materials") == pytest.approx(off.values["materials_start"])


def test_what_is_linked_to_one_area_answers_to_that_area() -> None:
    areas = ["a", {"name": "b", "months_to_use": 240}]
    fast, slow = (
        run_with({"achievement_gap": area}, focal_areas=areas, parameters={"achievement_link": 1.0}) for area in "ab"
    )
    assert fast.measure("use_in_a") > fast.measure("use_in_b")
    assert (
        fast.history.query("level == 'lea'")["achievement"].iloc[-1]
        > slow.history.query("level == 'lea'")["achievement"].iloc[-1]
    )


def test_it_is_said_that_they_are_declared(tmp_path) -> None:
    question = {"outcome": "materials", "at": "assistance_end", "contrast": ["blended", "none"]}
    scenario = as_scenario(
        "ohio",
        agencies=OHIO,
        timeline={"settling": 0, "assistance": 6, "follow_up": 3},
        outcomes=EVERY,
        question=question,
        strategies=["none", "blended"],
    )
    result = capsim.compare(scenario, replications=2, uncertainty="none", workers=1)
    assert NOT_A_FINDING in result.answer()
    write_folder(result, tmp_path / "out")
    text = (tmp_path / "out" / "data_dictionary.md").read_text().casefold()
    for line in (line for line in text.splitlines() if line.startswith(tuple(f"| {name}" for name in LINKED))):
        assert NOT_A_FINDING in line
    page = write_report(result, tmp_path / "report.html").read_text()
    assert "What the reform was for" in page
    assert NOT_A_FINDING in page


def test_an_unlinked_gap_without_poverty_is_warned_of() -> None:
    from capsim.scenario import check_scenario

    found = check_scenario(as_scenario("classroom", outcomes=["teacher_equity", "materials"])).warnings
    assert [line for line in found if line.startswith("outcomes.")] == [
        "outcomes.teacher_equity: a gap between poor and rich districts, but of no two districts a different share of "
        "children in poverty is known (column poverty_share); nothing is to be seen of it"
    ]
