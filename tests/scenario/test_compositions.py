"""Compositions in a scenario file: every key, every form of a value, every mistake with its line and its remedy."""

# ruff: noqa: E501  (a mistake and its message stand on one line)

from __future__ import annotations

import json
import pickle
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from capsim.catalogue import STRATEGIES, CenterStaff, Change, Phase, Recipe, Review
from capsim.errors import InputError
from capsim.scenario import Composition, Scenario, load_scenario, scenario_from_mapping, scenario_hash

FULL = """\
name: Test
focal_areas: [equity, data use, "2"]
agencies: {source: us_2023_24, states: [OH]}
question: {contrast: [organization_focused, none]}
assistance: {budget_hours_per_year: 100}
strategies:
  - none
  - organization_focused
  - name: Mine
    activities: {coaching: 0.5, routine_redesign: 0.5}
    targeting: {targeted: volunteers, intensive: need}
    methods: {equity: {coaching: 1}, "2": {training: 0.5, webinar: 0.5}}
    target_capacities: true
    exit_activities: {sustainability_planning: 1}
    schedule: taper
    delivery: {codesign: both, focal_areas: [equity, data use], chain: cascade, grouping: by_state, recipients: {sea: 0.2, esa: 0.8}}
    center: {positions: 3}
    phases: [{from_month: 13, targeting: need}]
    review: [{reads: interest, below: 2, then: {targeting: need}}]
"""
LINES = {line.split(":")[0].strip(): number for number, line in enumerate(FULL.splitlines(), 1)}
PLACE = {
    "targeting": "{targeted: volunteers, intensive: need}",
    "methods": '{equity: {coaching: 1}, "2": {training: 0.5, webinar: 0.5}}',
    "target_capacities": "true",
    "exit_activities": "{sustainability_planning: 1}",
    "codesign": "both",
    "focal_areas": "[equity, data use]",
    "chain": "cascade",
    "grouping": "by_state",
    "recipients": "{sea: 0.2, esa: 0.8}",
}


def scenario_of(tmp_path: Path, text: str) -> Scenario:
    (tmp_path / "s.yaml").write_text(text)
    return load_scenario(tmp_path / "s.yaml")


def with_value(key: str, value: str) -> str:
    old = f"{key}: {PLACE[key]}"
    assert FULL.count(old) == 1
    return FULL.replace(old, f"{key}: {value}")


def mine(scenario: Scenario) -> Composition:
    own = scenario.strategies[2]
    assert isinstance(own, Composition)
    return own


def test_every_key_of_the_catalogue_can_be_set(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, FULL)
    assert mine(scenario).recipe(scenario.focal_areas) == Recipe(
        name="Mine",
        title="Mine",
        meaning="Composed in the scenario.",
        source="scenario",
        activities={"coaching": 0.5, "routine_redesign": 0.5},
        targeting={"targeted": "volunteers", "intensive": "need"},
        methods=({"coaching": 1.0}, {"coaching": 0.5, "routine_redesign": 0.5}, {"training": 0.5, "webinar": 0.5}),
        target_capacities=True,
        exit_activities={"sustainability_planning": 1.0},
        schedule="taper",
        codesign="both",
        focal_areas=("equity", "data use"),
        chain="cascade",
        grouping="by_state",
        recipients={"sea": 0.2, "esa": 0.8},
        center=CenterStaff(positions=(3,)),
        phases=(Phase(month=12, change=Change(targeting="need")),),
        review=(Review(reads="interest", below=2.0, change=Change(targeting="need")),),
    )
    plain = Recipe(name="x", activities={})
    unchanged = [
        field.name
        for field in fields(Recipe)
        if getattr(mine(scenario).recipe(scenario.focal_areas), field.name) == getattr(plain, field.name)
    ]
    assert not unchanged


def test_defaults_are_those_of_the_catalogue(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, FULL[: FULL.index("    targeting")])
    found, plain = mine(scenario).recipe(scenario.focal_areas), Recipe(name="x", activities={})
    named = {"name", "title", "meaning", "source", "activities"}
    assert all(getattr(found, f.name) == getattr(plain, f.name) for f in fields(Recipe) if f.name not in named)


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name != "none"])
def test_every_shipped_strategy_can_be_written_in_a_scenario(tmp_path: Path, name: str) -> None:
    shipped = STRATEGIES[name]
    areas = ["equity", "data use", "2"]
    own = {
        "name": "Mine",
        "activities": dict(shipped.activities),
        "targeting": shipped.targeting if isinstance(shipped.targeting, str) else dict(shipped.targeting),
        "methods": {
            area: dict(shipped.methods[k % len(shipped.methods)]) for k, area in enumerate(areas) if shipped.methods
        },
        "target_capacities": shipped.target_capacities,
        "exit_activities": dict(shipped.exit_activities),
        "schedule": shipped.schedule,
        "delivery": {
            "codesign": shipped.codesign,
            "chain": shipped.chain,
            "focal_areas": shipped.focal_areas or "all",
            "grouping": shipped.grouping,
            "recipients": dict(shipped.recipients)
            if isinstance(shipped.recipients, dict)
            else list(shipped.recipients),
        },
    }
    content = {**yaml.safe_load(FULL), "strategies": ["none", "organization_focused", own]}
    scenario = scenario_of(tmp_path, yaml.safe_dump(content))
    found = mine(scenario).recipe(scenario.focal_areas)
    described = {"name", "title", "meaning", "source", "methods"}
    for field in fields(Recipe):
        if field.name not in described:
            assert getattr(found, field.name) == getattr(shipped, field.name)
    assert found.methods[: len(shipped.methods)] == shipped.methods


def test_a_cascade_begins_in_regional_agencies(tmp_path: Path) -> None:
    assert mine(scenario_of(tmp_path, FULL.replace(", recipients: {sea: 0.2, esa: 0.8}", ""))).delivery.recipients == (
        "esa",
    )
    assert mine(scenario_of(tmp_path, with_value("recipients", "[sea, school]"))).delivery.recipients == (
        "sea",
        "school",
    )


@pytest.mark.parametrize(("value", "found"), [("2", 2), ("all", 0), ('["2"]', ("2",))])
def test_focal_areas_by_number_or_by_name(tmp_path: Path, value: str, found: object) -> None:
    scenario = scenario_of(tmp_path, with_value("focal_areas", value))
    assert mine(scenario).recipe(scenario.focal_areas).focal_areas == found


@pytest.mark.parametrize("key", ["methods", "exit_activities"])
@pytest.mark.parametrize("value", ["{}", ""])
def test_nothing_means_none(tmp_path: Path, key: str, value: str) -> None:
    scenario = scenario_of(tmp_path, with_value(key, value))
    assert not getattr(mine(scenario).recipe(scenario.focal_areas), key)


def test_it_comes_back_from_plain_values_and_from_a_pickle(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, FULL)
    again = scenario_from_mapping(json.loads(json.dumps(scenario.resolved())))
    assert again == scenario == pickle.loads(pickle.dumps(scenario))
    assert hash(again) == hash(scenario)
    assert scenario_hash(again) == scenario_hash(scenario)


def test_the_order_of_names_does_not_matter(tmp_path: Path) -> None:
    first = scenario_of(tmp_path, FULL)
    other = scenario_of(tmp_path, with_value("methods", '{"2": {webinar: 0.5, training: 0.5}, equity: {coaching: 1}}'))
    assert (other, hash(other), scenario_hash(other)) == (first, hash(first), scenario_hash(first))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("targeting", "need"),
        ("methods", "{equity: {training: 1}}"),
        ("target_capacities", "false"),
        ("exit_activities", "{}"),
        ("codesign", "none"),
        ("focal_areas", "2"),
        ("chain", "direct"),
        ("recipients", "[esa]"),
    ],
)
def test_every_key_is_in_the_hash(tmp_path: Path, key: str, value: str) -> None:
    first = scenario_hash(scenario_of(tmp_path, FULL))
    assert scenario_hash(scenario_of(tmp_path, with_value(key, value))) != first


MISTAKES = [
    (
        "targeting",
        "{universal: need}",
        "targeting.universal: activities of this tier go to every recipient alike; allowed: targeted, intensive",
    ),
    (
        "targeting",
        "{intensiv: need}",
        "targeting.intensiv: unknown tier 'intensiv'; allowed: targeted, intensive; did you mean intensive?",
    ),
    (
        "targeting",
        "{targeted: volunteer}",
        "targeting.targeted: unknown targeting 'volunteer'; allowed: universal, need, self_rated_need, relevance, self_rated_relevance, need_and_relevance, self_rated_need_and_relevance, volunteers, readiness, need_and_readiness, equity, lowest_first, least_sustainable, weakest_link; did you mean volunteers?",
    ),
    ("targeting", "3", "targeting: must be text, got 3"),
    (
        "methods",
        "{equty: {coaching: 1}}",
        "methods.equty: 'equty' is not a focal area of this scenario; its areas: equity, data use, 2; did you mean equity?",
    ),
    ("methods", "{equity: {coaching: 0.9}}", "methods.equity: the shares of hours must sum to 1; they sum to 0.9"),
    ("methods", "{equity: {coachin: 1}}", "methods.equity.coachin: unknown activity 'coachin'; allowed: "),
    ("methods", "{equity: {coaching: 2}}", "methods.equity.coaching: 2 is out of range; it must be at most 1"),
    ("methods", "{equity: {}}", "methods.equity: needs at least one activity; allowed: "),
    ("methods", "[equity]", "methods: must be a mapping of keys and values, got ['equity']"),
    ("target_capacities", "1", "target_capacities: must be true or false, got 1"),
    ("exit_activities", "{coaching: 0.5}", "exit_activities: the shares of hours must sum to 1; they sum to 0.5"),
    (
        "exit_activities",
        "{sustainability: 1}",
        "exit_activities.sustainability: unknown activity 'sustainability'; allowed: ",
    ),
    (
        "codesign",
        "plan",
        "delivery.codesign: unknown codesign phase 'plan'; allowed: none, planning, implementation, both; did you mean planning?",
    ),
    (
        "focal_areas",
        "[equity, dat use]",
        "delivery.focal_areas[1]: 'dat use' is not a focal area of this scenario; its areas: equity, data use, 2; did you mean data use?",
    ),
    ("focal_areas", "[equity, equity]", "delivery.focal_areas: each may be named once; repeated: equity"),
    ("focal_areas", "[]", "delivery.focal_areas: needs at least 1 entry, got 0"),
    ("focal_areas", "4", "delivery.focal_areas: 4 areas are asked for; this scenario has 3, allowed: 1 to 3, or all"),
    (
        "focal_areas",
        "equity",
        "delivery.focal_areas: 'equity' is not allowed; allowed: a whole number from 1 to 12, or all, or a list of areas",
    ),
    ("chain", "cascad", "delivery.chain: unknown chain 'cascad'; allowed: direct, cascade; did you mean cascade?"),
    ("recipients", "{sea: 0.2, esa: 0.7}", "delivery.recipients: the shares of hours must sum to 1; they sum to 0.9"),
    (
        "recipients",
        "{se: 0.2, esa: 0.8}",
        "delivery.recipients.se: 'se' is not allowed; allowed: sea, esa, lea, school; did you mean sea?",
    ),
    (
        "recipients",
        "[schol]",
        "delivery.recipients[0]: 'schol' is not allowed; allowed: sea, esa, lea, school; did you mean school?",
    ),
    ("recipients", "[]", "delivery.recipients: needs at least 1 entry, got 0"),
    ("recipients", "lea", "delivery.recipients: must be a list such as [a, b], got 'lea'"),
]


@pytest.mark.parametrize(("key", "value", "message"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(
    tmp_path: Path, key: str, value: str, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        scenario_of(tmp_path, with_value(key, value))
    line = LINES.get(key if key in {"targeting", "methods", "target_capacities", "exit_activities"} else "delivery")
    (problem,) = caught.value.problems
    assert problem.removeprefix(f"{tmp_path}/").startswith(f"s.yaml:{line}: strategies[2].{message}")


def test_all_mistakes_of_a_composition_at_once(tmp_path: Path) -> None:
    text = with_value("codesign", "plan").replace("equity: {coaching: 1}", "equty: {coaching: 1}")
    with pytest.raises(InputError) as caught:
        scenario_of(tmp_path, text.replace("{sustainability_planning: 1}", "{sustainability_planning: 2}"))
    places = [problem.split(": ")[1] for problem in caught.value.problems]
    assert places == [
        "strategies[2].methods.equty",
        "strategies[2].exit_activities.sustainability_planning",
        "strategies[2].delivery.codesign",
    ]
