"""What a comparison looks into by itself after its answer: budgets, assumptions, where the answer turns."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from capsim.comparison import assumptions, extras
from capsim.comparison.compare import compare, rerun
from capsim.comparison.extras import (
    MOST_DISTRICTS,
    Portions,
    Size,
    districts_of,
    left_out_in_words,
    look_further,
    of_forty,
    portions,
)
from capsim.comparison.folder import read_comparison, write_folder
from capsim.comparison.ladder import RUNGS, at_budget, budget_of, enough, ladder_in_words, ladder_table, same_gain
from capsim.comparison.moving import (
    LARGEST_GROUP,
    assumptions_that_move,
    candidates,
    in_groups,
    largest_groups,
    run_effects,
    trajectories,
    turning_points,
)
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Block, run_block
from capsim.scenario import load_scenario, scenario_from_mapping

PAIR = ("organization_focused", "individual_focused")


@pytest.fixture(scope="module")
def looked(classroom):
    return compare(classroom, extras=True)


@pytest.fixture(scope="module")
def ohio():
    return load_scenario("ohio")


def test_the_portions_cost_at_most_what_there_is():
    for runs in (10.0, 60.0, 343.0, 857.0, 5000.0, 60_000.0):
        for variants in (0, 24):
            size = Size(worlds=40, plans=4, groups=23, parameters=150, variants=variants)
            found = portions(runs, size)
            cost = 4 * found.alone * (variants + 1) + found.ladder * (4 * 6 + 1)
            cost += 4 * (found.groups * 24 + found.break_even * extras.TOP * extras.POINTS)
            cost += 4 * found.singles * (found.most_singles + 1)
            assert cost <= runs, (runs, variants, found)
    assert portions(10.0, size) == Portions(rules=True)
    assert "other budgets" in portions(10.0, size).left_out()
    assert portions(60_000.0, size).left_out() == []
    assert portions(60_000.0, size).most_singles == 150


def test_more_time_buys_more_worlds(looked, classroom):
    small, groups = of_forty(classroom), in_groups(candidates(classroom, PAIR, looked.unread()))
    usual, more = (extras._plan(looked, small, groups, variants=0, times=times) for times in (1.0, extras.THOROUGH))
    assert more.ladder >= usual.ladder
    assert more.most_singles * more.singles > usual.most_singles * usual.singles


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"left_out": [], "times": 1.0}, ""),
        ({"left_out": ["other budgets"], "times": 1.0}, "other budgets. With --thorough"),
        ({"left_out": ["other budgets"], "times": extras.THOROUGH}, "other budgets."),
    ],
    ids=["nothing", "usual", "thorough"],
)
def test_what_is_left_out_is_said_with_how_to_have_it(looked, told, said):
    words = left_out_in_words(dataclasses.replace(looked, provenance={"extras": told}))
    assert words.endswith(said) if said.endswith(".") else said in words
    assert bool(words) == bool(said)


def test_a_large_world_is_sampled_and_a_small_one_stays(classroom, ohio):
    assert of_forty(classroom) is classroom
    fewer = of_forty(ohio)
    assert districts_of(fewer) == MOST_DISTRICTS
    assert fewer.strategy_names == ohio.strategy_names
    asked = ohio.resolved()
    asked["question"] = {**asked["question"], "state": "OH"}
    assert of_forty(scenario_from_mapping(asked)).agencies.sample == ohio.agencies.sample


def test_nothing_that_no_run_reads_is_a_candidate(classroom):
    names = candidates(classroom, PAIR)
    assert not any(name.startswith(("webinar", "peer_collaborative")) for name in names)
    assert "lea_annual_exit" in names  # although the scenario gives it a value
    assert "coaching_ta_hours" in names
    assert all(PARAMETERS[name].assumed for name in names)
    groups = in_groups(names)
    assert sorted(name for members in groups.values() for name in members) == sorted(names)
    assert max(map(len, groups.values())) <= LARGEST_GROUP
    assert len({PARAMETERS[name].group for name in groups["coaching"]}) == 1


def test_a_trajectory_moves_every_group_once_by_half_of_the_prior():
    sizes = [3, 1, 2]
    design = trajectories(sizes, 5, seed=7)
    ends = np.cumsum([0, *sizes])
    assert design.places.shape == (5, 4, 6)
    for one in range(5):
        assert sorted(design.moved[one]) == [0, 1, 2]
        for step, group in enumerate(design.moved[one]):
            change = design.places[one, step + 1] - design.places[one, step]
            own = slice(ends[group], ends[group + 1])
            assert np.allclose(np.abs(change[own]), 0.5)
            assert not change[: own.start].any()
            assert not change[own.stop :].any()
            assert design.up[one, step] == (change[own][0] > 0.0)


def test_effects_are_those_that_salib_finds_at_the_same_points(classroom):
    morris = pytest.importorskip("SALib.analyze.morris")
    from capsim.comparison.asking import difference_in, outcome_column
    from capsim.runs.blocks import Block, run_block

    names = ("routine_redesign_routine", "coaching_ta_hours", "lea_annual_exit")
    strategies = dict(zip(PAIR, PAIR, strict=True))
    found = run_effects(
        classroom, strategies, PAIR, {name: (name,) for name in names}, step="assumption", n=2, workers=1
    )
    design = trajectories([1, 1, 1], 2, seed=classroom.seed)
    column, outcomes = outcome_column(classroom, None), []
    for replicate, points in enumerate(design.places):
        for places in points:
            point = {name: PARAMETERS[name].quantile(float(u)) for name, u in zip(names, places, strict=True)}
            outcomes.append(difference_in(run_block(Block(classroom, PAIR, replicate, point=point)), PAIR, column))
    levels = (design.places.reshape(-1, 3) - 0.125) / 0.75
    problem = {"num_vars": 3, "names": list(names), "bounds": [[0.0, 1.0]] * 3}
    theirs = morris.analyze(problem, levels, np.array(outcomes), num_levels=4)
    mine = found["effect"].abs().groupby(found["name"]).mean()
    for name, size in zip(names, theirs["mu_star"], strict=True):
        assert mine[name] == pytest.approx(float(size) * 2.0 / 3.0, abs=1e-12)


def test_groups_that_move_most_are_taken_whole(looked):
    import pandas as pd

    groups = {"a": ("a1", "a2"), "b": ("b1", "b2", "b3"), "c": ("c1",), "d": ("d1",)}
    effects = pd.DataFrame({"name": [*"abcd"], "effect": [-0.3, 0.2, 0.1, 0.0]})
    assert largest_groups(effects, groups, most=3) == ["a1", "a2", "c1"]
    assert largest_groups(effects, groups, most=1) == ["a1", "a2"]
    assert largest_groups(effects, groups, most=99) == ["a1", "a2", "b1", "b2", "b3", "c1"]


def test_everything_is_looked_into_and_named(looked):
    table = assumptions_that_move(looked)
    assert len(table) > extras.TOP
    assert (table["moves"] > 0.0).all()
    assert table["moves"].is_monotonic_decreasing
    assert not set(table["parameter"]) & looked.unread()
    assert [one.parameter for one in looked.break_even] == list(table["parameter"][: extras.TOP])
    assert all(one.by_itself and len(one.values) == extras.POINTS for one in looked.break_even)
    assert turning_points(looked, looked.break_even[0].parameter)
    assert turning_points(looked, "spread_rate") == ""


def test_what_no_run_reads_stands_in_no_list(classroom, full):
    outcomes = full.outcomes(assumptions="drawn")
    ranked, _ = assumptions.ranked_assumptions(full, (outcomes[PAIR[0]] - outcomes[PAIR[1]]).dropna(), PAIR)
    drawn = {name for name in full.draws if name in PARAMETERS and full.draws[name].nunique() > 1}
    idle = drawn - set(ranked["parameter"])
    assert {"tool_rate", "stocktake_response", "center_annual_exit", "codesign_wish", "rating_half"} <= idle
    assert {"consultation_rate", "resource_alignment_rate", "onboarding_rate"} <= set(ranked["parameter"])
    other = {name: PARAMETERS[name].low + 0.3 * (PARAMETERS[name].high - PARAMETERS[name].low) for name in idle}
    before, after = (run_block(Block(classroom, (*PAIR, "none"), 1, point=point)) for point in ({}, other))
    for first, second in zip(before.runs, after.runs, strict=True):
        assert first.outcomes[full.outcome] == second.outcomes[full.outcome]


def test_parts_that_a_plan_has_are_read(classroom):
    def listed(**parts):
        content = classroom.resolved()
        plan = {"name": "plan", "activities": {"coaching": 1.0}, **parts}
        content["strategies"], content["question"]["contrast"] = ["none", plan], ["plan", "none"]
        scenario = scenario_from_mapping(content)
        return {name for name in PARAMETERS if name not in assumptions._of_other_plans(scenario, ("plan", "none"))}

    assert not listed() & {"wish_rate", "tool_rate", "center_vacancy_loss", "turnkey_ratio", "rating_noise_sd"}
    assert "wish_rate" in listed(delivery={"codesign": "planning"})
    assert "turnkey_ratio" in listed(delivery={"chain": "cascade", "recipients": ["esa"]})
    assert "center_vacancy_loss" in listed(center={})
    assert "tool_rate" in listed(activities={"working_group": 1.0})
    assert "stocktake_response" in listed(activities={"performance_management": 1.0})
    assert "rating_noise_sd" in listed(review=[{"move": 0.1}])
    assert "likert_noise_sd" in listed(targeting="volunteers")


def test_the_ladder_is_the_scenario_at_other_budgets(looked, classroom):
    table = ladder_table(looked)
    assert set(table["budget"]) == set(RUNGS)
    own = looked.ladder[(looked.ladder["budget"] == 1.0) & (looked.ladder["strategy"] == "organization_focused")]
    outcomes = looked.outcomes()
    for row in own.to_dict("records"):
        there = outcomes.loc[row["replicate"]]
        assert row["gain"] == there["organization_focused"] - there["none"]
    half = compare(at_budget(classroom, 0.5), replications=2)
    there = half.outcomes().loc[1]
    mine = looked.ladder.set_index(["budget", "strategy", "replicate"])["gain"]
    assert mine[0.5, "individual_focused", 1] == pytest.approx(there["individual_focused"] - there["none"], abs=1e-15)
    assert budget_of(classroom) == ("budget_hours_per_year", 1600.0, "hours")
    assert table[table["budget"] == 2.0]["amount"].eq(3200.0).all()
    assert table[table["budget"] == 2.0]["next"].isna().all()
    assert "An extra hour" in ladder_in_words(looked)


def invented(looked, gains):
    """The comparison with a ladder on which every plan gains this much at each rung."""
    import pandas as pd

    rows = [
        (rung, name, replicate, gain + 0.001 * replicate, 100.0 * rung)
        for name in ("individual_focused", "organization_focused", "Half and half")
        for rung, gain in zip(RUNGS, gains, strict=True)
        for replicate in range(3)
    ]
    columns = ["budget", "strategy", "replicate", "gain", "ta_hours"]
    return dataclasses.replace(looked, ladder=pd.DataFrame(rows, columns=columns))


@pytest.mark.parametrize(
    ("gains", "rung", "words"),
    [
        ((0.1, 0.2, 0.4, 0.8), None, "still matters up to twice the budget"),
        ((0.3, 0.4, 0.401, 0.402), 0.5, "stops mattering at half the budget (800 hours a year)"),
        ((0.1, 0.3, 0.4, 0.402), 1.0, "stops mattering at the budget as it is"),
        ((0.0, 0.001, 0.002, 0.001), 0.25, "Even twice the budget leaves nothing that matters"),
    ],
    ids=["never", "at half", "here", "nothing"],
)
def test_where_another_hour_stops_mattering(looked, gains, rung, words):
    made = invented(looked, gains)
    best = made.ranking()["strategy"].iloc[0]
    assert enough(made, best).rung == rung
    assert words in ladder_in_words(made)


def test_the_budget_that_buys_the_same(looked):
    made = invented(looked, (0.1, 0.2, 0.4, 0.5))
    assert same_gain(made, 0.051, "Half and half") == pytest.approx(0.25 * 0.051 / 0.101)
    assert same_gain(made, 0.301, "Half and half") == pytest.approx(0.75)
    assert np.isnan(same_gain(made, 0.9, "Half and half"))
    assert np.isnan(same_gain(made, -0.1, "Half and half"))


def test_who_stops_asking_keeps_what_there_is(classroom):
    plain = compare(classroom)
    steps = look_further(plain)
    told, first = next(steps), next(steps)
    steps.close()
    assert told.provenance["extras"] == first.provenance["extras"]  # even where nothing fits
    assert len(first.ladder)
    assert not len(first.effects)
    assert not first.break_even
    assert first.outcomes().equals(plain.outcomes())
    assert plain.ladder.empty


def test_extras_are_stored_read_and_run_again(looked, tmp_path):
    assert write_folder(looked, tmp_path / "out") == []
    again = read_comparison(tmp_path / "out")
    assert again.assumptions_that_move().equals(looked.assumptions_that_move())
    assert again.by_budget().equals(looked.by_budget())
    assert again.provenance["extras"] == looked.provenance["extras"]
    assert [one.by_itself for one in again.break_even] == [True] * len(looked.break_even)
    words = (tmp_path / "out" / "data_dictionary.md").read_text()
    assert "## ladder.csv" in words
    assert "## effects.parquet" in words
    found = rerun(tmp_path / "out", tmp_path / "second")
    assert found.same == found.runs
    second = read_comparison(tmp_path / "second")
    assert second.effects.equals(again.effects)
    assert second.ladder.equals(again.ladder)


def test_rules_alone_in_other_worlds_are_compared_with_the_own_rules_there(classroom, monkeypatch):
    monkeypatch.setattr(extras, "_LEAST", 2_000_000.0)
    monkeypatch.setattr(extras, "_MOST_WORLDS", 2)
    steps = look_further(compare(classroom, variants=False), variants=True)
    found = next(one for one in steps if len(one.alone))
    steps.close()
    assert set(found.alone[found.alone["rule"] == ""]["replicate"]) == {0, 1}
    table = found.by_variant_alone()
    assert "" not in set(table["rule"])
    whole = found.difference(*found.scenario.question.contrast).mean
    own = table[table["own"]].iloc[0]
    assert own["difference"] == whole.estimate
    assert own["change"] == 0.0
    alone = found.alone.set_index(["rule", "variant", "replicate"])["contrast"]
    other = table[~table["own"]].iloc[0]
    change = [alone[other["rule"], other["variant"], n] - alone["", "", n] for n in (0, 1)]
    assert other["change"] == pytest.approx(np.mean(change))
