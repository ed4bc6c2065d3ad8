"""Rules drawn beside assumptions: the same for every strategy, kept, shown by variant."""

import pandas as pd
import pytest

from capsim.catalogue.rules import RULES
from capsim.comparison.assumptions import unread_parameters
from capsim.comparison.compare import compare
from capsim.comparison.folder import read_comparison, write_folder
from capsim.comparison.variants import alone_in_words, other_variants, replications_alone, rules_in_words
from capsim.report import write_report
from capsim.runs.blocks import Block, block_values
from capsim.scenario import load_scenario, scenario_from_mapping

SHORT = {"timeline": {"settling": 12, "assistance": 6, "follow_up": 6}, "uncertainty": "structure", "replications": 24}
PAIR = ("individual_focused", "organization_focused")


@pytest.fixture(scope="module")
def structural():
    content = load_scenario("classroom").resolved()
    scenario = scenario_from_mapping({**content, **SHORT, "strategies": ["none", *PAIR]})
    return compare(scenario)


def test_every_rule_varies_and_is_kept(structural):
    assert set(structural.variants.columns) == {"replicate", *RULES}
    assert (structural.variants[list(RULES)].nunique() > 1).all()
    assert structural.assumption_sets == ("default", "drawn")
    assert structural.headline()["wider"] == "luck, assumptions and rules"
    assert "over luck, assumptions and rules" in structural.answer()


def test_the_contrast_by_variant_adds_up(structural):
    table = structural.by_variant()
    whole = structural.paired(*structural.scenario.question.contrast, assumptions="drawn")
    mean = float((whole[:, 0] - whole[:, 1]).mean())
    for _, own in table.groupby("rule"):
        assert own["pairs"].sum() == len(whole) == 24
        assert (own["pairs"] * own["difference"]).sum() / 24 == pytest.approx(mean)
        assert (own["explained"] <= 1.0).all()


def test_each_variant_alone_is_run_under_the_luck_of_the_main_runs(structural):
    assert set(zip(structural.alone["rule"], structural.alone["variant"], strict=True)) == set(
        other_variants(structural.scenario)
    )
    alone = structural.alone.set_index(["rule", "variant", "replicate"])["contrast"]
    content = {**structural.scenario.resolved(), "uncertainty": "none", "replications": 2}
    other = compare(scenario_from_mapping({**content, "rules": {"readiness": "minimum"}}))
    pairs = other.paired(*other.scenario.question.contrast)
    assert other.alone.empty
    assert alone["readiness", "minimum", 1] == pairs[1, 0] - pairs[1, 1]


def test_the_answer_under_each_variant_alone(structural):
    table = structural.by_variant_alone().set_index(["rule", "variant"])
    assert len(table) == sum(len(rule.forms) for rule in RULES.values())
    whole = structural.paired(*structural.scenario.question.contrast)
    mean = float((whole[:, 0] - whole[:, 1]).mean())
    assert table["own"].groupby("rule").sum().eq(1).all()
    assert table.loc[table["own"], "difference"].to_numpy() == pytest.approx(mean)
    assert (table["difference"] - table["change"]).to_numpy() == pytest.approx(mean)
    assert ((table["low"] <= table["difference"]) & (table["difference"] <= table["high"])).all()
    (said,) = alone_in_words(structural.by_variant_alone())
    assert "the answer" in said


def test_what_turns_is_said():
    columns = {"rule": "load", "own": False, "change": 0.0, "turns": False}
    rows = [
        {**columns, "variant": "areas", "own": True, "difference": -0.02},
        {**columns, "variant": "setup", "difference": 0.01, "change": 0.03, "turns": True},
        {**columns, "variant": "hours", "difference": 0.001, "change": 0.021},
    ]
    (said,) = alone_in_words(pd.DataFrame(rows))
    assert "load: setup turns the answer, 1 more may" in said
    assert "from -0.0200 (load: areas) to +0.0100 (load: setup)" in said


def test_variants_alone_cost_about_the_main_runs_at_most():
    scenario = load_scenario("ohio")
    few = replications_alone(scenario, blocks=64, strategies=5, replications=32)
    assert few * len(list(other_variants(scenario))) * 4 <= 64 * 7
    assert replications_alone(scenario, blocks=4, strategies=2, replications=2) == 2


def test_they_can_be_left_out_and_asked_for():
    content = {**load_scenario("classroom").resolved(), **SHORT, "strategies": ["none", *PAIR], "replications": 2}
    assert compare(scenario_from_mapping(content), variants=False).by_variant_alone().empty
    asked = compare(scenario_from_mapping({**content, "uncertainty": "none"}), variants=True)
    assert not asked.by_variant_alone().empty


def test_a_rule_that_a_scenario_fixes_is_not_drawn():
    content = load_scenario("classroom").resolved()
    scenario = scenario_from_mapping({**content, **SHORT, "rules": {"load": "hours"}})
    for replicate in range(6):
        values = block_values(scenario, Block(scenario, (), replicate, "drawn"))
        assert values["load_rule"] == RULES["load"].code("hours")


def test_parameters_of_rules_that_do_not_apply_are_not_ranked(structural):
    content = load_scenario("classroom").resolved()
    rules = {"ending": "hazard", "disuse": "attention", "teaching": "one_ceiling"}
    fixed = scenario_from_mapping({**content, "rules": rules})
    unread = unread_parameters(fixed, PAIR)
    assert {"abandon_chance", "practice_hours", "coaching_ceiling"} <= unread
    assert "ending_annual" not in unread
    assert not {"abandon_chance", "practice_hours"} & unread_parameters(structural.scenario, PAIR)


def test_folder_and_report(structural, tmp_path):
    write_folder(structural, tmp_path / "out")
    again = read_comparison(tmp_path / "out")
    pd.testing.assert_frame_equal(again.variants, structural.variants)
    pd.testing.assert_frame_equal(again.by_variant_alone(), structural.by_variant_alone())
    assert again.answer() == structural.answer()
    page = tmp_path / "page.html"
    write_report(again, page)
    text = page.read_text()
    assert "The answer under each variant of a rule" in text
    assert "The answer under each variant of a rule alone" in text
    assert alone_in_words(again.by_variant_alone())[0] in text
    assert RULES["codification"].variants["stock"].sentence in text


def test_runs_with_drawn_rules_are_other_runs_than_with_drawn_parameters(structural):
    content = {**structural.scenario.resolved(), "uncertainty": "assumed", "replications": 2}
    other = compare(scenario_from_mapping(content))
    own, others = (set(one.runs.loc[one.runs["assumptions"] == "drawn", "run_id"]) for one in (structural, other))
    assert not own & others
    assert other.variants.empty
    assert other.by_variant().empty
    assert rules_in_words(other.by_variant()) == []
