"""Focal areas as names and as records, what is linked to them, and what a question asks of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capsim import InputError
from capsim.catalogue import unweighted, use_in
from capsim.scenario import load_scenario, scenario_from_mapping, scenario_hash
from capsim.scenario.own import Area, area_columns, link_columns

RECORD = {"name": "materials", "title": "Instructional materials", "codifiable_share": 0.9, "months_to_use": 24}


def scenario(**changes: Any) -> Any:
    return scenario_from_mapping({**load_scenario("classroom").resolved(), **changes})


def problems(tmp_path: Path, **lines: str) -> list[str]:
    text = "\n".join(f"{key}: {value}" for key, value in lines.items())
    (tmp_path / "s.yaml").write_text(
        "name: x\nagencies: {source: synthetic, districts: 4}\nstrategies: [none, blended]\n"
        f"assistance: {{budget_hours_per_year: 100}}\n{text}\n"
    )
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "s.yaml")
    return [line.split("s.yaml:")[1] for line in caught.value.problems]


def test_names_and_records_stand_beside_each_other() -> None:
    found = scenario(focal_areas=["equity", RECORD])
    assert found.area_names == ("equity", "materials")
    assert found.area_titles == ("equity", "Instructional materials")
    assert found.focal_areas == ("equity", Area(**RECORD))
    assert scenario_from_mapping(found.resolved()) == found
    assert found.resolved()["focal_areas"] == ["equity", RECORD]


def test_a_record_that_says_nothing_is_a_name() -> None:
    assert scenario(focal_areas=[{"name": "a"}, "b"]) == scenario(focal_areas=["a", "b"])
    assert scenario_hash(scenario(focal_areas=[{"name": "a"}, "b"])) == scenario_hash(scenario(focal_areas=["a", "b"]))
    assert scenario_hash(scenario(focal_areas=["a", RECORD])) != scenario_hash(scenario(focal_areas=["a", "materials"]))


def test_records_are_multiples_of_parameters() -> None:
    columns = area_columns(
        ["a", Area(name="b", disuse_rate=0.03, months_to_use=6, prerequisite=-0.1, people_weight=0.7)]
    )
    assert {name: column.tolist() for name, column in columns.items()} == {
        "area_prerequisite": [0.0, -0.1],
        "area_codifiable": [1.0, 1.0],
        "area_disuse": [1.0, 0.5],
        "area_lag": [1.0, 0.5],
        "area_people": [0.5, 0.7],
    }


def test_every_problem_of_records_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        question="{contrast: [blended, none]}",
        focal_areas="[{name: a, codifiabel_share: .9, people_weight: 1}, {title: b}, "
        "{name: c, months_to_use: soon}, 5]",
    )
    allowed = "codifiable_share, disuse_rate, months_to_use, name, people_weight, prerequisite, title"
    assert found == [
        "6: focal_areas[0].people_weight: 1 is out of range; it must be at most 0.95",
        f"6: focal_areas[0].codifiabel_share: unknown key; allowed: {allowed}; did you mean codifiable_share?",
        "6: focal_areas[1].name: is missing; for example name: equity",
        "6: focal_areas[2].months_to_use: must be a number, got 'soon'",
        "6: focal_areas[3]: must be text, got 5",
    ]


def test_areas_whose_columns_would_be_one_are_refused(tmp_path: Path) -> None:
    found = problems(
        tmp_path, question="{contrast: [blended, none]}", focal_areas='[data use, Data-Use, "x by pupils"]'
    )
    assert found == [
        "6: focal_areas[1]: 'Data-Use' and 'data use' differ in no letter or digit; both would have the column "
        "use_in_data_use; rename one",
        "6: focal_areas[2]: its column, use_in_x_by_pupils, reads like a mean or a moment of another; rename it",
    ]
    assert unweighted(use_in("any area")) == ("use_in_any_area", "districts")


def test_a_question_asks_of_one_area() -> None:
    found = scenario(question={**scenario().question.model_dump(), "area": "data_use"})
    assert (found.asked.name, found.asked.title) == ("use_in_data_use", "Use in data_use")
    assert scenario().asked.name == "use"
    assert "area" not in scenario().resolved()["question"]


def test_what_is_linked_to_what() -> None:
    found = scenario(outcomes={"materials": "equity", "achievement_gap": "all", "teacher_equity": None})
    assert found.outcomes.on == {"materials": ("equity",), "achievement_gap": ()}
    assert scenario(outcomes=["materials"]).outcomes.on == {"materials": ()}
    assert scenario_from_mapping(found.resolved()) == found
    assert "outcomes" not in scenario().resolved()
    weights = link_columns(found.outcomes.on, ("equity", "data_use"))
    assert {name: column.tolist() for name, column in weights.items()} == {
        "teacher_equity_link": [0.0, 0.0],
        "materials_link": [1.0, 0.0],
        "achievement_gap_link": [0.5, 0.5],
    }


def test_every_problem_of_links_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        focal_areas="[equity, {name: data_use, months_touse: 3}]",
        question="{contrast: [blended, none], outcome: materials, area: datause}",
        outcomes="{teacher_equity: equality, material: all, achievement_gap: [equity, equity]}",
    )
    named = "is not a focal area of this scenario; its areas: equity, data_use"
    assert found == [
        "5: focal_areas[1].months_touse: unknown key; allowed: codifiable_share, disuse_rate, months_to_use, name, "
        "people_weight, prerequisite, title; did you mean months_to_use?",
        f"6: question.area: 'datause' {named}; did you mean data_use?",
        "6: question.area: only use is known by area; the outcome is materials, so delete this key",
        "6: question.outcome: materials is linked to nothing in this scenario; say to what: "
        "outcomes: {materials: equity}",
        "7: outcomes.achievement_gap: each may be named once; repeated: equity",
        "7: outcomes.material: unknown key; allowed: achievement_gap, materials, teacher_equity; "
        "did you mean materials?",
        f"7: outcomes.teacher_equity: 'equality' {named}; did you mean equity?",
    ]


def test_only_named_areas_of_a_strategy_are_known_by_record(tmp_path: Path) -> None:
    own = {"name": "mine", "activities": {"coaching": 1.0}, "delivery": {"focal_areas": ["materials"]}}
    found = scenario(
        focal_areas=["equity", RECORD],
        strategies=["none", own],
        question={"outcome": "use", "at": "follow_up_end", "contrast": ["mine", "none"]},
    )
    assert found.strategies[1].recipe(found.area_names).focal_areas == ("materials",)
