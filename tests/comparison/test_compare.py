"""Comparisons of the classroom: pairing, identities, failures, the precision rule, what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from capsim.assistance.strategy import Strategy
from capsim.comparison.assumptions import unread_parameters
from capsim.comparison.compare import compare
from capsim.comparison.folder import read_comparison, write_folder
from capsim.comparison.statistics import mean_interval
from capsim.errors import InputError
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Block, run_block
from capsim.scenario import scenario_from_mapping


class Small(Strategy):
    """Does nothing."""

    name = "small"

    def decide(self, view, month, budget, draws):
        return []


def test_pairing_lowers_the_variance(classroom):
    table = compare(classroom, replications=12).differences().set_index(["first", "second"])
    assert (table["variance_ratio"] > 1.0).all()
    assert (table["correlation"] > 0.0).all()
    assert (table["pairs"] == 12).all()


def test_differences_are_those_of_the_runs(full):
    runs = full.runs[(full.runs["assumptions"] == "default")].set_index(["strategy", "replicate"])
    use = runs["use_by_pupils_follow_up_end"]
    expected = (use["organization_focused"] - use["individual_focused"]).mean()
    assert full.differences().iloc[0]["difference"] == pytest.approx(expected, abs=1e-15)
    gain = use["organization_focused"] - use["none"]
    np.testing.assert_allclose(
        runs["gain_use_by_pupils_follow_up_end"]["organization_focused"], gain, rtol=0.0, atol=1e-15, equal_nan=False
    )


def test_runs_are_named_by_their_content(classroom, full):
    assert full.runs["run_id"].is_unique
    assert full.runs["run_id"].str.fullmatch("[0-9a-f]{16}").all()
    again = compare(classroom, ["individual_focused", "organization_focused"], replications=2, uncertainty="none")
    mine = again.runs.set_index(["strategy", "replicate"])["run_id"]
    theirs = full.runs[full.runs["assumptions"] == "default"].set_index(["strategy", "replicate"])["run_id"]
    assert mine.to_dict() == theirs[mine.index].to_dict()
    other = compare(classroom, ["individual_focused", "organization_focused"], replications=2, seed=2)
    assert not set(other.runs["run_id"]) & set(full.runs["run_id"])


def test_more_replications_leave_the_first_ones_as_they_are(classroom):
    few, many = compare(classroom, replications=2), compare(classroom, replications=4)
    left = many.runs[many.runs["replicate"] < 2].reset_index(drop=True)
    assert few.runs["use_follow_up_end"].tolist() == left["use_follow_up_end"].tolist()


def test_a_failed_strategy_is_recorded_and_the_others_finish(full):
    failed = full.runs[full.runs["status"] == "failed"]
    assert 0 < len(failed) < 12
    assert set(failed["strategy"]) == {"unreliable"}
    assert failed["use_follow_up_end"].isna().all()
    assert [failure["run_id"] for failure in full.failures] == failed["run_id"].tolist()
    assert all("RuntimeError: somebody is missing" in failure["reason"] for failure in full.failures)
    others = full.runs[full.runs["strategy"] != "unreliable"]
    assert (others["status"] == "done").all()
    table = full.differences()
    pairs = table[table["second"] == "none"].set_index(["first", "assumptions"])["pairs"]
    for assumptions in ("default", "drawn"):
        lost = ((full.runs["status"] == "failed") & (full.runs["assumptions"] == assumptions)).sum()
        assert pairs["unreliable", assumptions] == 6 - lost
        assert pairs["organization_focused", assumptions] == 6


def test_drawn_assumptions_are_the_same_for_all_strategies_and_differ_between_replicates(full):
    assert full.draws["replicate"].tolist() == list(range(6))
    assert full.draws["months_to_fill"].nunique() == 6
    assert "lea_annual_exit" in full.draws
    assert full.draws["lea_annual_exit"].nunique() == 1, "the scenario fixes it"


def test_the_answer_quotes_the_wider_interval(full):
    figures = full.headline()
    both = figures["luck_and_assumptions"].spread
    assert figures["wider"] == "luck and assumptions"
    assert (figures["low"], figures["high"]) == (both.low, both.high)
    assert f"{both.low:+.3f} to {both.high:+.3f}" in full.answer()


def test_auto_stops_at_the_first_batch_that_reaches_the_precision(classroom, monkeypatch):
    monkeypatch.setattr("capsim.comparison.request.PILOT", 4)
    monkeypatch.setattr("capsim.comparison.request.BATCH", 2)
    contrast = ("organization_focused", "individual_focused")
    pilot = compare(classroom, replications=4).difference(*contrast).mean.half_width
    precision = pilot / 1.6
    pairs = compare(classroom, precision=precision).paired(*contrast)
    differences = pairs[:, 0] - pairs[:, 1]
    widths = {n: mean_interval(differences[:n]).half_width for n in range(4, len(differences) + 1, 2)}
    assert len(widths) > 1
    assert [n for n, width in widths.items() if width <= precision] == [len(differences)]


def test_auto_gives_up_at_its_limit(classroom, monkeypatch):
    monkeypatch.setattr("capsim.comparison.request.PILOT", 2)
    monkeypatch.setattr("capsim.comparison.request.BATCH", 2)
    monkeypatch.setattr("capsim.comparison.request.MOST_REPLICATIONS", 5)
    assert compare(classroom, precision=1e-9).difference("organization_focused", "none").pairs == 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": 0}, "workers: must be 1 or more, got 0"),
        ({"replications": 1}, "replications: 1 gives no interval"),
        ({"precision": 0.0}, "precision: must be above 0, got 0.0"),
        ({"strategies": "none"}, "strategies: name one beside none"),
        (
            {"contrast": ["organization_focused", "blendet"]},
            "blendet is not among the strategies compared",
        ),
        ({"contrast": ["none", "none"]}, "contrast: must be two different strategies"),
        ({"strategies": ["individual_focused"] * 2 + ["organization_focused"]}, "two have the same name"),
        ({"strategies": ["individal_focused", "organization_focused"]}, "did you mean individual_focused?"),
        ({"break_even": ["lea_anual_exit"]}, "break-even: unknown parameter lea_anual_exit; did you mean"),
        ({"uncertainty": "some"}, "scenario: uncertainty: "),
    ],
)
def test_wrong_arguments_are_refused_before_any_run(classroom, monkeypatch, options, message):
    monkeypatch.setattr("capsim.runs.crews.run_block", lambda block: pytest.fail("a run was started"))
    with pytest.raises(InputError) as caught:
        compare(classroom, **options)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("strategies", "contrast", "asked"),
    [
        (["individual_focused", "blended"], None, ("individual_focused", "blended")),
        (["blended", "individual_focused"], ("individual_focused", "none"), ("individual_focused", "none")),
        ("blended", None, ("blended", "none")),
        (["individual_focused", "organization_focused"], None, ("organization_focused", "individual_focused")),
        ([Small, "blended"], (Small, "blended"), ("small", "blended")),
    ],
)
def test_the_contrast_is_the_files_or_the_first_two_or_what_is_asked(classroom, tmp_path, strategies, contrast, asked):
    result = compare(classroom, strategies, contrast=contrast, replications=2, uncertainty="none")
    assert result.scenario.question.contrast == asked
    row = result.differences().iloc[0]
    assert asked in {
        (first, second) for first, second in result.differences()[["first", "second"]].to_numpy().tolist()
    } | {(row["first"], row["second"])}
    write_folder(result, tmp_path / "out")
    back = read_comparison(tmp_path / "out")
    assert back.answer() == result.answer()
    assert back.scenario.question.contrast == asked


def test_break_even_shares_luck_along_the_grid(full):
    found = full.break_even[0]
    assert (found.parameter, len(found.values), len(found.differences)) == ("lea_annual_exit", 9, 9)
    assert found.sentence().startswith("lea_annual_exit: ")
    assert 0.0 <= found.share_same <= 1.0


def test_an_outcome_is_named_by_the_words_of_the_question(full):
    at_the_end = full.differences(outcome="use_by_pupils_follow_up_end")
    pd.testing.assert_frame_equal(full.differences(outcome="use"), at_the_end)
    pd.testing.assert_frame_equal(full.differences(), at_the_end)
    assert not full.differences(outcome="ta_hours")["difference"].isna().any()
    pair = ("organization_focused", "none")
    early = full.difference(*pair, outcome="use_assistance_end").mean.estimate
    assert early != full.difference(*pair, outcome="use").mean.estimate


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        ("nonsense", "unknown outcome 'nonsense'"),
        ("use_folow_up_end", "did you mean use_follow_up_end?"),
        ("cultur", "did you mean culture?"),
        ("strategy", "unknown outcome 'strategy'"),
        (7, "unknown outcome 7"),
        (["use"], "unknown outcome ['use']"),
        (float("nan"), "unknown outcome nan"),
    ],
)
def test_an_outcome_that_is_none_is_refused(full, outcome, message):
    for ask in (full.differences, lambda outcome: full.difference("organization_focused", "none", outcome=outcome)):
        with pytest.raises(InputError, match=re.escape(message)):
            ask(outcome=outcome)


@pytest.mark.parametrize("pair", [("blended", "none"), ("organisation_focused", "none"), (7, "none"), (None, "none")])
def test_a_strategy_that_was_not_compared_is_refused(full, pair):
    with pytest.raises(InputError, match="in this comparison; there are none, individual_focused"):
        full.difference(*pair)
    with pytest.raises(InputError, match="assumptions"):
        full.difference("organization_focused", "none", assumptions="draw")


def test_an_outcome_that_is_undefined_in_the_world_is_said(classroom, tmp_path):
    (tmp_path / "alone.csv").write_text("id,name,state,level,enrollment,parent\nB,Birch Hill,Example,lea,900,\n")
    content = classroom.resolved()
    question = {**content["question"], "outcome": "alignment_parent"}
    alone = {"source": str(tmp_path / "alone.csv")}
    scenario = scenario_from_mapping({**content, "agencies": alone, "question": question})
    result = compare(scenario, replications=2, uncertainty="none")
    assert not result.failures
    answer = result.answer()
    assert "is undefined in these worlds" in answer
    assert "no pair of runs" not in answer
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("capsim.comparison.request.PILOT", 2)
        assert compare(scenario, precision=0.01, uncertainty="none").runs["replicate"].nunique() == 2


def test_a_comparison_shows_itself_in_a_line_and_in_a_notebook(full):
    assert len(repr(full)) < 300
    assert repr(full).startswith("<Comparison: Classroom, 4 strategies (none, individual_focused")
    shown = full._repr_html_()
    assert full.answer().split(";")[0][:40] in shown
    assert "<table" in shown


def test_what_nothing_reads_changes_no_bit_and_is_not_ranked(full):
    scenario, names = full.scenario, ("none", *full.scenario.question.contrast)
    unread = unread_parameters(scenario, names)
    assert {"webinar_knowledge", "training_institute_ta_hours", "stocktake_target"} <= unread
    assert not {"training_knowledge", "coaching_ta_hours", "lea_annual_exit", "provider_quality_sd"} & unread
    moved = {name: PARAMETERS[name].high for name in unread if PARAMETERS[name].low < PARAMETERS[name].high}
    outcomes = [
        [run.outcomes for run in run_block(Block(scenario.resolved(), names, 0, point=point)).runs]
        for point in ({}, moved)
    ]
    np.testing.assert_equal(*outcomes)
    ranked, _ = full.assumptions_that_matter()
    assert not unread & set(ranked["parameter"])
    anything = unread_parameters(scenario, (*names, Small))
    assert not any(name.startswith("codesign_") for name in anything), "a class of one's own may do anything"
    assert anything == unread_parameters(scenario, (Small,)), "but no rule that does not apply is read"
    assert "coaching_ta_hours" in unread_parameters(scenario, ("none", Small), delivered={})


def test_what_only_a_phase_or_a_review_uses_is_read(classroom):
    phase = {"from_month": 7, "activities": {"webinar": 1.0}}
    rule = {"reads": "self_rating", "below": 3, "then": {"activities": {"publication": 1.0}}}
    plain = {"name": "Plan", "activities": {"coaching": 1.0}}
    content = classroom.resolved()

    def unread(**course):
        strategies = ["none", {**plain, **course}]
        question = {**content["question"], "contrast": ["Plan", "none"]}
        scenario = scenario_from_mapping({**content, "strategies": strategies, "question": question})
        return unread_parameters(scenario, ("none", "Plan"))

    assert {"webinar_knowledge", "publication_knowledge"} <= unread()
    assert unread() - unread(phases=[phase]) >= {"webinar_knowledge"}
    assert unread() - unread(review=[rule]) >= {"publication_knowledge"}


@pytest.mark.parametrize("keyword", ["worker", "store"])
def test_a_keyword_it_does_not_have_is_a_type_error(classroom, keyword):
    with pytest.raises(TypeError, match=rf"compare\(\) got an unexpected keyword argument '{keyword}'"):
        compare(classroom, **{keyword: 1})
