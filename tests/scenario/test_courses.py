"""A center's staff, phases and a yearly review in a scenario file: what may be said, and every mistake at once."""

# ruff: noqa: E501  (a mistake and its message stand on one line)

from __future__ import annotations

import copy
from typing import Any

import pytest

from capsim.catalogue import CenterStaff, Change, Phase, Review
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping, scenario_hash

MIX = {"coaching": 0.6, "performance_management": 0.2, "readiness_screening": 0.2}
GOOD: dict[str, Any] = {
    "name": "Test",
    "agencies": {"source": "synthetic", "districts": 12, "regions": 2},
    "focal_areas": ["equity", "data_use", "safety"],
    "timeline": {"assistance": 36},
    "question": {"contrast": ["Mine", "none"]},
    "assistance": {"budget_hours_per_year": 3000},
    "center": {"positions": 4, "annual_exit": 0.2},
    "strategies": [
        "none",
        "blended",
        {
            "name": "Mine",
            "activities": MIX,
            "center": {"positions": [2, 3], "months_to_fill": 4},
            "phases": [
                {"from_month": 13, "activities": {"training": 1.0}, "budget_share": 0.5},
                {"from_month": 25, "focal_areas": ["equity", "safety"], "targeting": "need"},
            ],
            "review": [
                {"reads": "readiness", "below": 0.9, "then": {"targeting": {"intensive": "readiness"}}},
                {"drop": "least_used", "keep": 2},
                {"move": 0.1},
            ],
        },
    ],
}


def scenario(**of_mine: Any) -> Scenario:
    content = copy.deepcopy(GOOD)
    content["strategies"][2].update(of_mine)
    return scenario_from_mapping(content)


def problems(**of_mine: Any) -> list[str]:
    with pytest.raises(InputError) as raised:
        scenario(**of_mine)
    return [line.removeprefix("scenario: ") for line in str(raised.value).splitlines()]


def test_what_a_file_says_is_what_a_recipe_holds() -> None:
    mine = scenario().strategies[2].recipe(("equity", "data_use", "safety"))
    assert mine.center == CenterStaff(positions=(2, 3), months_to_fill=4.0)
    assert mine.phases == (
        Phase(month=12, change=Change(activities={"training": 1.0}), budget_share=0.5),
        Phase(month=24, change=Change(focal_areas=("equity", "safety"), targeting="need")),
    )
    assert mine.review == (
        Review(reads="readiness", below=0.9, change=Change(targeting={"intensive": "readiness"})),
        Review(drop_least_used=True, keep=2),
        Review(move=0.1),
    )


def test_it_survives_being_written_and_read() -> None:
    assert scenario_from_mapping(scenario().resolved()) == scenario()


def test_a_file_without_them_keeps_its_identity() -> None:
    content = load_scenario("classroom").resolved()
    assert "center" not in content
    own = content["strategies"][-1]
    assert not {"center", "phases", "review"} & set(own)
    bare = copy.deepcopy(content)
    bare["strategies"][-1] = {**own, "phases": [], "review": []}
    assert scenario_hash(scenario_from_mapping(bare)) == scenario_hash(scenario_from_mapping(content))


def test_every_strategy_but_none_has_the_center_of_the_scenario_unless_it_has_its_own() -> None:
    values = resolve_values({})
    made = {name: resolve_strategy(scenario(), name)[1](values).center for name in ("none", "blended", "Mine")}
    assert made["none"] is None
    assert made["blended"] == CenterStaff(positions=(4,), annual_exit=0.2)
    assert made["Mine"] == CenterStaff(positions=(2, 3), months_to_fill=4.0)


MISTAKES = {
    "phases out of order": (
        {"phases": [{"from_month": 24}, {"from_month": 12}]},
        "strategies[2].phases[1].from_month: month 12 does not come after month 24 of the phase before it; phases stand in order",
    ),
    "a phase beyond the end": (
        {"phases": [{"from_month": 37}]},
        "strategies[2].phases[0].from_month: month 37 is beyond the end of the assistance, which lasts 36 months; allowed: 1 to 36",
    ),
    "more than the budget": (
        {"phases": [{"from_month": 1, "budget_share": 0.7}, {"from_month": 2, "budget_share": 0.6}]},
        "strategies[2].phases: the budget shares sum to 1.3; together they can be at most 1",
    ),
    "less than the budget": (
        {"phases": [{"from_month": 1, "budget_share": 0.7}]},
        "strategies[2].phases: every month has a budget share; they must sum to 1, and sum to 0.7",
    ),
    "an unknown area": (
        {"phases": [{"from_month": 1, "focal_areas": ["equty"]}]},
        "strategies[2].phases[0].focal_areas[0]: 'equty' is not a focal area of this scenario; its areas: equity, data_use, safety; did you mean equity?",
    ),
    "too many areas": (
        {"review": [{"reads": "interest", "above": 3, "then": {"focal_areas": 4}}]},
        "strategies[2].review[0].then.focal_areas: 4 areas are asked for; this scenario has 3, allowed: 1 to 3, or all",
    ),
    "a reading that nobody buys": (
        {"review": [{"reads": "skill", "below": 0.9, "then": {"targeting": "need"}}]},
        "strategies[2].review[0].reads: nothing in this strategy buys a reading of skill: add site_visit or needs_assessment",
    ),
    "an unknown reading": (
        {"review": [{"reads": "readines", "below": 0.9, "then": {"targeting": "need"}}]},
        "strategies[2].review[0].reads: unknown reading 'readines'; allowed: readiness,",
    ),
    "the least used of areas that differ": (
        {"delivery": {"focal_areas": 2}},
        "strategies[2].review[1].drop: needs focal areas by name, or all; with a number of areas each agency has its own",
    ),
    "hours moved between methods": (
        {"methods": {"equity": MIX}},
        "strategies[2].review[2].move: needs one mix of activities for all areas; delete methods",
    ),
    "two kinds of rule": (
        {"review": [{"move": 0.1, "drop": "least_used"}]},
        "strategies[2].review[0]: needs one of reads, drop, move; it has drop and move",
    ),
    "no kind of rule": (
        {"review": [{"then": {"targeting": "need"}}]},
        "strategies[2].review[0]: needs one of reads, drop, move; it has none of them",
    ),
    "a comparison with nothing": (
        {"review": [{"reads": "use", "then": {"targeting": "need"}}]},
        "strategies[2].review[0]: reads use, and needs below or above",
    ),
    "a comparison without a change": (
        {"review": [{"reads": "use", "below": 0.3}]},
        "strategies[2].review[0]: reads use, and needs then, with activities, focal_areas or targeting",
    ),
    "areas kept and none given up": (
        {"review": [{"move": 0.1, "keep": 2}]},
        "strategies[2].review[0]: keep belongs to drop, not to move",
    ),
    "an unknown key of a change": (
        {"review": [{"reads": "use", "below": 0.3, "then": {"targetting": "need"}}]},
        "strategies[2].review[0].then.targetting: unknown key; allowed: activities, focal_areas, targeting; did you mean targeting?",
    ),
    "a key of delivery beside it": (
        {"focal_areas": 2},
        "strategies[2].focal_areas: unknown key; put it below delivery:; allowed: activities, ",
    ),
    "an unknown key of a center": (
        {"center": {"position": 3}},
        "strategies[2].center.position: unknown key; allowed: annual_exit, months_to_fill, positions; did you mean positions?",
    ),
    "a center without anybody": (
        {"center": {"positions": [3, 0]}},
        "strategies[2].center.positions[1]: 0 is out of range; it must be at least 1",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_and_its_remedy(mistake: str) -> None:
    given, message = MISTAKES[mistake]
    found = problems(**given)
    assert [line for line in found if line.startswith(message)], found


def test_all_mistakes_at_once() -> None:
    found = problems(
        activities={"coaching": 1.0},
        center={"positions": 0},
        phases=[{"from_month": 40}, {"from_month": 12, "focal_areas": ["safty"]}],
    )
    places = [line.split(": ")[0].removeprefix("strategies[2].") for line in found]
    assert places == [
        "center.positions[0]",
        "phases[0].from_month",
        "phases[1].from_month",
        "phases[1].focal_areas[0]",
        "review[0].reads",
        "review[1].drop",
    ]
