"""What a good scenario is about, and warnings of what it probably does not mean."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from capsim import CapacityModel, compare
from capsim.catalogue import STRATEGIES
from capsim.comparison.comparison import _not_varied
from capsim.errors import InputError
from capsim.parameters import resolve_values
from capsim.scenario import (
    Checked,
    build_agencies,
    check_scenario,
    load_scenario,
    scenario_from_mapping,
    shipped_scenarios,
)
from capsim.scenario.warnings import saturated_and_starved

ROOT = Path(__file__).resolve().parents[2]
AGENCIES = [
    "id,name,state,level,enrollment,parent",
    "S,State,OH,sea,,",
    "R1,Region one,OH,esa,,S",
    "R2,Region two,OH,esa,,S",
    "A,Ash,OH,lea,400,R1",
    "B,Beech,OH,lea,900,R1",
]
AREAS = ["equity", "integration", "data_use"]


def checked(
    folder: Path, own: dict | None = None, *, rows: list[str] | None = None, survey: str = "", settling: int = 24
) -> Checked:
    """A scenario with one composition of its own, in a small world."""
    (folder / "mine.csv").write_text("\n".join(rows or AGENCIES) + "\n")
    agencies = {"source": "mine.csv"}
    if survey:
        (folder / "seen.csv").write_text(survey)
        agencies["survey"] = "seen.csv"
    one = {"name": "Ours", "activities": {"coaching": 1.0}, **(own or {})}
    return check_scenario(
        scenario_from_mapping(
            {
                "name": "x",
                "agencies": agencies,
                "focal_areas": AREAS,
                "assistance": {"budget_hours_per_year": 1200},
                "question": {"contrast": ["Ours", "none"]},
                "strategies": ["none", one],
                "timeline": {"settling": settling, "assistance": 24, "follow_up": 12},
            },
            folder=folder,
        )
    )


def only(found: Checked) -> str:
    (warning,) = found.warnings
    return warning


def test_what_a_scenario_is_about(tmp_path: Path) -> None:
    found = checked(tmp_path)
    assert found.about[0].startswith("Agencies from mine.csv: 1 state agency, 2 regional agencies, 2 districts; ")
    assert f"; {found.positions:,} positions." in found.about[0]
    assert found.about[1:] == (
        "Months: settling 24, assistance 24, follow-up 12; 1,200 TA hours a year, 2,400 in all.",
        "Strategies: none, Ours.",
    )
    assert not found.warnings


def test_hours_of_a_sample_are_those_of_all(tmp_path: Path) -> None:
    about = check_scenario(load_scenario("ohio")).about
    assert about[0].startswith("Agencies from the table of real agencies, 2023-24 (OH): 1 state agency, ")
    assert "120 districts" in about[0]
    assert about[1] == (
        "The table of real agencies holds 609 regular districts with 97.8% of the pupils outside charter agencies "
        "(704 agencies in all)."
    )
    assert about[2].endswith("600,000 in all, for the 609 districts that the sample stands for.")


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_strategies_in_shipped_scenarios_give_no_warning(name: str) -> None:
    scenario = load_scenario(name)
    assert not check_scenario(scenario).warnings
    content = scenario.resolved()
    content |= {"strategies": list(STRATEGIES), "question": {"contrast": ["blended", "none"]}}
    assert not check_scenario(scenario_from_mapping(content)).warnings


def test_agencies_with_an_exit_of_their_own_keep_it() -> None:
    content = load_scenario("fourteen").resolved() | {"parameters": {"lea_annual_exit": 0.3, "mover_share": 0.2}}
    scenario = scenario_from_mapping(content)
    said = "5 of 14 districts keep the annual_exit of their own row"
    assert check_scenario(scenario).warnings == (f"parameters.lea_annual_exit: {said} in the table of agencies",)
    told = _not_varied([SimpleNamespace(scenario=scenario)])
    assert told == [f"Beware: {said}, whatever lea_annual_exit is."]


@pytest.mark.parametrize("page", ["docs/own_situation.md", "docs/for_designers.md", "docs/assumptions.md"])
def test_scenarios_of_the_pages_give_no_warning(page: str) -> None:
    examples = re.findall(r"^```yaml\n(.*?)^```", (ROOT / page).read_text(), flags=re.DOTALL | re.MULTILINE)
    assert examples
    scenarios = [content for content in map(yaml.safe_load, examples) if "name" in content]  # others are mapping files
    assert scenarios
    for content in scenarios:
        assert not check_scenario(scenario_from_mapping(content)).warnings


def test_recipients_that_do_not_exist(tmp_path: Path) -> None:
    assert only(checked(tmp_path, {"delivery": {"recipients": ["school"]}})) == (
        "strategy Ours: there are no schools in this world, and it names them as recipients (school); nobody is served"
    )
    half = {"delivery": {"recipients": {"lea": 0.5, "school": 0.5}}}
    assert only(checked(tmp_path, half)).endswith("(school); their part goes to the other recipients")
    without = [line for line in AGENCIES if "esa" not in line]
    without[-2:] = ["A,Ash,OH,lea,400,S", "B,Beech,OH,lea,900,S"]
    cascade = {"delivery": {"chain": "cascade"}}
    assert "its cascade begins at the agencies above districts" in only(checked(tmp_path, cascade, rows=without))


def test_an_activity_that_changes_nothing_in_its_recipients(tmp_path: Path) -> None:
    mix = {"activities": {"coaching": 0.5, "role_redesign": 0.5}}
    assert only(checked(tmp_path, mix)) == (
        "strategy Ours: role_redesign changes nothing in lea, so its hours stay unspent; "
        "serve state agencies as well (sea)"
    )
    assert not checked(tmp_path, {**mix, "delivery": {"recipients": ["sea", "lea"]}}).warnings


def test_a_chain_with_nobody_below(tmp_path: Path) -> None:
    assert only(checked(tmp_path, {"delivery": {"chain": "cascade"}})) == (
        "strategy Ours: its cascade begins at 2 agencies, 1 of them with nobody below (R2); what such an agency gets "
        "stays there (the column parent says who stands below whom)"
    )
    whole = [*AGENCIES, "C,Cedar,OH,lea,5,R2"]
    assert not checked(tmp_path, {"delivery": {"chain": "cascade"}}, rows=whole).warnings
    both = {"delivery": {"chain": "cascade", "recipients": ["esa", "lea"]}}
    assert not checked(tmp_path, both, rows=whole).warnings, "districts end a chain that begins above them"


def test_a_world_without_districts(tmp_path: Path) -> None:
    found = checked(tmp_path, {"delivery": {"recipients": ["esa"]}}, rows=AGENCIES[:4])
    assert only(found).endswith("outcomes are means over districts, so the question cannot be answered")


def test_methods_of_areas_on_which_nobody_works(tmp_path: Path) -> None:
    methods = {"data_use": {"training": 1.0}}
    assert only(checked(tmp_path, {"methods": methods, "delivery": {"focal_areas": 2}})) == (
        "strategy Ours: methods for data_use are never used, because every agency works on equity, integration (the "
        "first of focal_areas, when the targeting does not differ by area); name the areas in delivery: focal_areas"
    )
    named = {"methods": methods, "delivery": {"focal_areas": ["equity"]}}
    assert "methods for data_use are never used" in only(checked(tmp_path, named))
    for delivery in ({"focal_areas": "all"}, {"focal_areas": 3}, {"focal_areas": ["data_use"]}):
        assert not checked(tmp_path, {"methods": methods, "delivery": delivery}).warnings
    everybody = {"methods": {"data_use": {"webinar": 1.0}}, "delivery": {"focal_areas": 2}}
    assert not checked(tmp_path, everybody).warnings
    by_need = {
        "activities": {"coaching": 0.9, "needs_assessment": 0.1},
        "methods": methods,
        "targeting": "need",
        "delivery": {"focal_areas": 2},
    }
    assert not checked(tmp_path, by_need).warnings


@pytest.mark.parametrize(
    ("targeting", "sellers"),
    [
        ("need", ["site_visit", "needs_assessment"]),
        ("lowest_first", ["site_visit", "needs_assessment"]),
        ("readiness", ["readiness_screening"]),
        ("weakest_link", ["performance_management"]),
        ("least_sustainable", ["sustainability_review"]),
    ],
)
def test_a_targeting_that_cannot_be_read(targeting: str, sellers: list[str], tmp_path: Path) -> None:
    text = only(checked(tmp_path, {"targeting": targeting}))
    assert text.startswith(f"strategy Ours: targeting {targeting} goes by readings that none of its activities buys")
    assert text.endswith(f"give a share of the hours to {' or '.join(sellers)}")
    for seller in sellers:
        mix = {"activities": {"coaching": 0.9, seller: 0.1}, "targeting": targeting}
        assert not checked(tmp_path, mix).warnings
    late = {"exit_activities": {sellers[0]: 0.5, "coaching": 0.5}, "targeting": {"intensive": targeting}}
    assert not checked(tmp_path, late).warnings
    other_tier = {"targeting": {"targeted": targeting}}
    assert not checked(tmp_path, other_tier).warnings, "coaching is intensive"


def test_other_readings_that_are_needed(tmp_path: Path) -> None:
    both = checked(tmp_path, {"targeting": "need_and_readiness"}).warnings
    assert [text.rpartition("hours to ")[2] for text in both] == [
        "site_visit or needs_assessment",
        "readiness_screening",
    ]
    assert only(checked(tmp_path, {"target_capacities": True})).startswith("strategy Ours: target_capacities goes by")
    assert not checked(tmp_path, {"targeting": "volunteers"}).warnings, "the survey of interest is free"


def test_a_rubric_in_levels(tmp_path: Path) -> None:
    text = only(checked(tmp_path, survey="agency,skill_rubric,culture_likert\nA,3,3\nB,4,2\n"))
    assert text.startswith("skill_rubric is at most 4 everywhere, which looks like the levels of a rubric; ")
    assert not checked(tmp_path, survey="agency,skill_rubric\nA,3\nB,40\n").warnings
    assert not checked(tmp_path, survey="agency,skill_rubric\nA,0\n").warnings


def test_an_agency_below_one_of_another_state(tmp_path: Path) -> None:
    rows = [*AGENCIES, "C,Cedar,NY,lea,5,R2"]
    assert only(checked(tmp_path, rows=rows)).startswith(
        "an agency stands below one of another state: C (NY, below R2: OH); staff move"
    )


def test_columns_of_a_table_are_said_where_some_are_passed_over(tmp_path: Path) -> None:
    rows = [f"{line},{word}" for line, word in zip(AGENCIES, ("contact", "a", "b", "c", "d", "e"), strict=True)]
    assert checked(tmp_path, rows=rows).about[1] == (
        "Columns read of mine.csv: id, name, state, level, enrollment, parent; passed over: contact."
    )


@pytest.mark.parametrize(
    ("outcome", "rows", "why"),
    [
        (
            "alignment_parent",
            ["id,name,state,level,enrollment", "A,Ash,OH,lea,400", "B,Beech,OH,lea,900"],
            "none of them has an agency above it",
        ),
        (
            "shared_goals",
            ["id,name,state,level,enrollment,positions", "A,Ash,OH,lea,400,1", "B,Beech,OH,lea,900,1"],
            "all of them have one position",
        ),
    ],
)
def test_an_outcome_that_no_district_has(outcome: str, rows: list[str], why: str, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("\n".join(rows) + "\n")
    content = {**load_scenario("classroom").resolved(), "agencies": {"source": "mine.csv"}}
    for asked, warns in ((outcome, True), ("use", False)):
        content["question"] = {"outcome": asked, "contrast": ["blended", "none"]}
        content["strategies"] = ["none", "blended"]
        found = check_scenario(scenario_from_mapping(content, folder=tmp_path)).warnings
        said = f"question.outcome: {outcome} is undefined for every district, because {why}"
        assert any(one.startswith(said) for one in found) == warns


def test_a_survey_needs_months_to_come_to_rest(tmp_path: Path) -> None:
    survey = "agency,culture_likert\nA,3.2\n"
    warning = only(checked(tmp_path, survey=survey, settling=0))
    assert warning.startswith(
        "timeline.settling is 0 months; what the survey does not say has not come to rest by then"
    )
    assert warning.endswith("use auto, or at least 24")
    assert not checked(tmp_path, survey=survey).warnings


def test_one_replication_is_for_a_single_run(tmp_path: Path) -> None:
    content = {**load_scenario("classroom").resolved(), "replications": 1}
    scenario = scenario_from_mapping(content)
    assert check_scenario(scenario).warnings == (
        "replications: 1 gives no interval; it does for capsim run, capsim compare needs at least 2",
    )
    assert CapacityModel(scenario, strategy="none", seed=1).running
    with pytest.raises(InputError, match=r"^replications: 1 gives no interval; a comparison needs at least 2$"):
        compare(scenario)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"parameters": {"setup_hours": 5.0}}, "parameters.setup_hours: no rule in force reads it; load: setup would"),
        ({"parameters": {"setup_hours": 5.0}, "rules": {"load": "setup"}}, ""),
        ({"parameters": {"setup_hours": 5.0}, "uncertainty": "structure"}, ""),
        ({"parameters": {"setup_hours": 5.0}, "uncertainty": "structure", "rules": {"load": "areas"}}, "setup would"),
        ({"parameters": {"coaching_ceiling": 0.8}, "rules": {"teaching": "one_ceiling"}}, "teaching: by_activity"),
        ({"parameters": {"lea_annual_exit": 0.2}}, ""),
    ],
)
def test_a_parameter_that_no_variant_in_force_reads(changes, told):
    content = {**load_scenario("classroom").resolved(), **changes}
    content["rules"] = (
        {"load": "areas", **changes.get("rules", {})}
        if "structure" not in changes.values()
        else (changes.get("rules", {}))
    )
    found = check_scenario(scenario_from_mapping(content)).warnings
    assert [told in text for text in found] == ([True] if told else [])


OFFICES = "\n".join(
    [
        "id,name,state,level,enrollment,positions,hours_per_year",
        "A,Alder,XX,lea,500,2,600",
        "B,Birch,XX,lea,900,10,400",
        "C,Cedar,XX,lea,9000,40,",
    ]
)


@pytest.mark.parametrize(
    ("hours", "allocation", "said"),
    [
        (52 * 100, "position", ""),
        (
            52 * 321,
            "position",
            "with 16,692 hours a year divided by position, 3 of 3 districts get more than 320 hours for each position "
            "and year, more than people can use: Alder 321, Birch 321, Cedar 321",
        ),
        (
            52 * 3.5,
            "position",
            "with 182 hours a year divided by position, 3 of 3 districts get less than 4 hours for each position and "
            "year, of which hardly anything is left: Alder 3.5, Birch 3.5, Cedar 3.5",
        ),
        (
            3000,
            "agency",
            "with 3,000 hours a year divided by agency, 1 of 3 districts get more than 320 hours for each position and "
            "year, more than people can use: Alder 500",
        ),
        (
            1500,
            "hand",
            "with 1,500 hours a year divided by hand, 1 of 3 districts get more than 320 hours for each position and "
            "year, more than people can use: Alder 450",
        ),
        (0, "position", ""),
    ],
    ids=["enough", "too many", "too few", "small offices", "by hand, none is meant", "no budget"],
)
def test_saturated_and_starved_offices(hours: float, allocation: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(OFFICES)
    given = scenario_from_mapping(
        {
            "name": "doses",
            "agencies": {"source": str(tmp_path / "own.csv")},
            "question": {"contrast": ["individual_focused", "none"]},
            "parameters": {"allocation_floor": 1},
            "assistance": {"budget_hours_per_year": hours, "allocation": allocation},
            "strategies": ["none", "individual_focused"],
        }
    )
    table = build_agencies(given, resolve_values(given.parameters))
    assert list(saturated_and_starved(given, table)) == ([f"assistance: {said}"] if said else [])
