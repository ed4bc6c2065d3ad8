"""Which plan: verdicts, the table of all plans, and the words that tell them."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest

from capsim.comparison.answering import answer_of, which_plan
from capsim.comparison.forecast import UPDATED, _updated
from capsim.comparison.verdicts import smallest_that_matters
from capsim.scenario import scenario_from_mapping
from tests.comparison.outcomes import with_outcomes, worlds

A, B = "organization_focused", "individual_focused"


@pytest.mark.parametrize(
    ("first", "second", "verdict", "ahead"),
    [
        (worlds(0.06), worlds(0.03, 0.002), "larger", A),
        (worlds(0.03, 0.002), worlds(0.06), "larger", B),
        (worlds(0.060), worlds(0.061, 0.002), "practically equal", ""),
        (worlds(0.06, 0.08), worlds(0.05, -0.08), "not settled", ""),
        (worlds(0.002), worlds(0.001, 0.002), "neither leaves anything", ""),
        (worlds(0.06, n=12), worlds(0.03, 0.002, n=12), "too few worlds to tell", ""),
    ],
)
def test_a_verdict_is_about_what_matters(full, first, second, verdict, ahead):
    n = len(first)
    result = with_outcomes(full, {"none": np.zeros(n), A: first, B: second})
    judged = result.judge(A, B)
    assert (judged.verdict, judged.ahead) == (verdict, ahead)
    turned = result.judge(B, A)
    assert (turned.verdict, turned.ahead) == (verdict, ahead)
    assert turned.first_ahead + judged.first_ahead == n


def test_what_matters_is_a_tenth_of_the_best_gain_unless_the_question_says(full):
    plans = {"none": np.zeros(20), A: worlds(0.30), B: worlds(0.28)}
    assert smallest_that_matters(with_outcomes(full, plans)) == pytest.approx(0.03)
    assert smallest_that_matters(with_outcomes(full, {"none": np.zeros(20), A: worlds(0.02), B: worlds(0.01)})) == 0.01
    strict = with_outcomes(full, plans, matters=0.001)
    assert smallest_that_matters(strict) == 0.001
    assert (strict.judge(A, B).verdict, with_outcomes(full, plans).judge(A, B).verdict) == (
        "larger",
        "practically equal",
    )


def test_a_smallest_difference_is_checked_and_is_part_of_no_run(full):
    content = full.scenario.resolved()
    assert "matters" not in content["question"]
    with pytest.raises(Exception, match="matters"):
        scenario_from_mapping({**content, "question": {**content["question"], "matters": -0.1}})


def test_plans_are_ranked_by_their_gain(full):
    result = with_outcomes(
        full, {"none": np.zeros(20), B: worlds(0.03, 0.002), A: worlds(0.06), "blended": worlds(0.0595)}
    )
    table = result.ranking()
    assert table["strategy"].tolist() == [A, "blended", B]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["best_in"].sum() == table["worlds"].iloc[0] == 20
    assert table["share_of_best"].tolist() == pytest.approx([1.0, 0.0595 / 0.06, 0.5])
    assert table["against_best"].tolist() == ["practically equal", "practically equal", "larger"]
    assert table["ahead"].tolist() == ["", "", A]
    title, said = which_plan(result)
    assert title == "Practically equal: organization-focused and blended"
    assert said.startswith(
        f"{title}. Organization-focused assistance leaves use of the practices 0.060 higher than no help"
    )


def test_the_title_says_of_each_plan_what_the_table_says(full):
    plans = {"none": np.zeros(20), A: worlds(0.06), "blended": worlds(0.0595), B: worlds(0.055, 0.02)}
    result = with_outcomes(full, plans)
    assert result.ranking()["against_best"].tolist() == ["practically equal", "practically equal", "not settled"]
    title, _ = which_plan(result)
    assert title == "Practically equal: organization-focused and blended; not settled: individual-focused"


def test_of_some_measures_the_least_is_the_best(full):
    content = full.scenario.resolved()
    question = {**content["question"], "outcome": "vacancy"}
    changed = dataclasses.replace(full, scenario=scenario_from_mapping({**content, "question": question}))
    result = with_outcomes(changed, {"none": worlds(0.3), B: worlds(0.2, 0.002), A: worlds(0.1)})
    table = result.ranking()
    assert table["strategy"].tolist() == [A, B]
    assert table["best_in"].tolist() == [20, 0]
    title, said = which_plan(result)
    assert title == "Organization-focused is the best plan"
    assert "leaves vacancy 0.200 lower than no help" in said
    judged = result.judge(B, A)
    assert (judged.verdict, judged.ahead, judged.first_ahead) == ("larger", A, 0)
    assert "larger in 20 of 20 worlds" in answer_of(result)
    assert table["ahead"].tolist() == [A, A]
    assert set(result.by_weight()["ahead"]) <= {A, ""}
    assert result.difference(B, A).probability_better == 0.0
    assert result.recommendations(against=B)["strategy"].tolist() == [A]
    assert result.recommendations(against=B)[["ahead", "verdict"]].iloc[0].tolist() == [1.0, "smaller"]


def test_title_sentence_and_contrast_tell_the_same_way(full):
    result = with_outcomes(full, {"none": np.zeros(20), B: worlds(0.03, 0.002), A: worlds(0.06)})
    title, _ = which_plan(result)
    assert title == "Organization-focused is the best plan"
    assert "individual-focused assistance leaves use of the practices (mean over pupils) 0.0300 lower" in answer_of(
        result
    )
    assert "smaller in 20 of 20 worlds" in answer_of(result)


def test_few_worlds_are_counted_and_fewer_are_not(full):
    plans = {"none": np.zeros(10), A: worlds(0.06, n=10), B: worlds(0.03, 0.002, n=10)}
    assert "ahead in 10 of 10 worlds, too few for a verdict." in answer_of(with_outcomes(full, plans))
    assert which_plan(with_outcomes(full, plans))[0] == "Too few worlds for a verdict"
    few = {name: values[:4] for name, values in plans.items()}
    assert "4 worlds say nothing about certainty." in answer_of(with_outcomes(full, few))


def test_without_a_choice_there_is_no_ranking(full):
    alone = with_outcomes(full, {"none": np.zeros(20), A: worlds(0.06), B: worlds(0.03)})
    alone = dataclasses.replace(alone, strategies=("none", A), runs=alone.runs[alone.runs["strategy"] != B])
    assert which_plan(alone) == ("", "")
    assert len(alone.ranking()) == 1
    assert alone.ranking()["against_best"].tolist() == [""]
    unhelped = dataclasses.replace(alone, strategies=(A, B))
    assert unhelped.ranking().empty
    assert list(unhelped.ranking().columns) == list(alone.ranking().columns)


def test_a_real_comparison_is_ranked(full):
    table = full.ranking()
    assert set(table["strategy"]) == {"individual_focused", "organization_focused", "unreliable"}
    known = table[table["strategy"] != "unreliable"]
    assert (known["low"] < known["gain"]).all()
    spent = full.plan().groupby("strategy")["dollars"].sum()
    assert known["dollars"].tolist() == pytest.approx(spent[known["strategy"]].tolist())
    assert (known["dollars"] > 0).all()
    assert not math.isnan(known["recipient_hours"].iloc[0])


def test_after_readings_the_updated_forecast_comes_first_and_the_old_one_behind_it(full):
    spread = 0.001 * np.resize([1.0, -1.0], 40)
    gains = pd.DataFrame({A: np.repeat([0.06, 0.01], 20) + spread, B: 0.03 + spread[::-1]})
    result = with_outcomes(full, {"none": np.zeros(40), A: gains[A].to_numpy(), B: gains[B].to_numpy()})
    assert which_plan(result)[1].endswith("is the better of 2 plans in 20 of 40 simulated worlds.")
    weights = np.repeat([0.0, 0.05], 20)  # only worlds in which the second is better foretold the readings
    updated = pd.DataFrame(_updated(result, gains, weights, learnt=True), columns=list(UPDATED))
    assert updated["updated_against_best"].tolist() == ["larger", "larger"]
    told = {"learnt": True, "worlds": 40, "effective": 20.0, "tolerance": 1.0}
    provenance = {**result.provenance, "observed": told}
    held = dataclasses.replace(result, observed=pd.DataFrame({"n": [1, 2]}), updated=updated, provenance=provenance)
    title, said = which_plan(held)
    assert title == "Individual-focused is the best plan after 2 readings"
    assert said.startswith(f"{title}. Individual-focused assistance leaves use of the practices 0.030 higher")
    assert "the better of 2 plans in 20 of 20 simulated worlds. Before the readings organization-focused" in said
    assert ", before the readings: " in answer_of(held)
    few = dataclasses.replace(held, provenance={**provenance, "observed": {**told, "learnt": False}})
    assert which_plan(few)[1].startswith(which_plan(result)[1])
    assert "The forecast stays as it was" in which_plan(few)[1]
