"""Optimization: fronts, mixes, regret, fresh judgement."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.analyses.mixes import ingredients, mixes
from capsim.analyses.objectives import pareto_front
from capsim.analyses.optimization import optimize
from capsim.catalogue.rules import RULES
from capsim.errors import InputError
from capsim.runs.study import study_from_mapping, study_hash
from capsim.scenario import scenario_from_mapping
from tests.analyses.toys import toy_evaluate

OPEN = ["codification_rate"]


def test_the_front_is_what_no_other_beats():
    values = np.array([[1.0, 5.0], [2.0, 4.0], [2.0, 3.0], [0.5, 0.5], [2.0, 4.0]])
    assert pareto_front(values).tolist() == [True, True, False, False, True]
    rng = np.random.default_rng(1)
    cloud = rng.random((60, 3))
    front = pareto_front(cloud)
    for row in range(60):
        beaten = any((other >= cloud[row]).all() and (other > cloud[row]).any() for other in cloud)
        assert front[row] == (not beaten)


def test_mixes_are_whole_and_belong_in_a_scenario(small):
    found = mixes(30, seed=2)
    assert [one["name"] for one in found] == [f"mix {place}" for place in range(1, 31)]
    for one in found:
        assert sum(one["activities"].values()) == pytest.approx(1.0, abs=1e-12)
        assert all(share > 0 for share in one["activities"].values())
        if one["targeting"] == "need":
            assert one["activities"]["needs_assessment"] >= 0.05
    assert {len(one["activities"]) for one in found} >= {1, 2, 3, 4, 5, 6}
    assert {one["schedule"] for one in found} == {"level", "front_loaded", "taper"}
    assert mixes(30, seed=2) == found
    assert mixes(30, seed=3) != found
    content = small.resolved()
    scenario_from_mapping({**content, "strategies": [*content["strategies"], *found]})
    with pytest.raises(InputError, match="did you mean coaching"):
        ingredients(activities=["coachin"])


def _toy(scenario, names):
    """Use grows with the share of coaching, cost with its square; the draw decides how much."""
    share = {"individual_focused": 0.6, "organization_focused": 0.0}
    for one in scenario.resolved()["strategies"]:
        if isinstance(one, dict):
            share[one["name"]] = one["activities"].get("coaching", 0.0)

    def outcomes(points, rng):
        gain, luck = points["codification_rate"].to_numpy(), rng.standard_normal(len(points))
        found = {}
        for name in names:
            found[f"{name}:use_by_pupils_follow_up_end"] = 10.0 * gain * share[name] + luck
            found[f"{name}:cost"] = np.full(len(points), 100.0 + share[name] ** 2)
        return found

    return toy_evaluate(outcomes, names, replications=2)


def test_a_trade_off_is_found_and_pairs_are_kept(small):
    found = optimize(
        small,
        n=12,
        objectives=["use", "cost"],
        draws=6,
        uncertain=OPEN,
        activities=["coaching", "training"],
        evaluator=_toy,
    )
    front = found.front()
    shares = [found.composition(name)["activities"].get("coaching", 0.0) for name in front["strategy"] if "mix" in name]
    assert shares == sorted(shares, reverse=True), "more coaching, more use, more cost"
    assert found.table["pareto"].all(), "every share is a trade-off of its own"
    best = front.iloc[0]
    assert best["use_regret"] == 0.0
    assert (found.regret >= 0.0).all().all()
    assert found.regret.min(axis=1).eq(0.0).all()
    assert found.regret[best["strategy"]].max() == 0.0
    assert best["low"] > 0.0, "luck in common cancels in the difference from the reference"
    assert len(found.draws) == 6
    assert best["strategy"] in found.sentence()
    assert len(repr(found)) < 200
    assert "<table" in found._repr_html_()


def _drawing_rules(small, **changes):
    return scenario_from_mapping({**small.resolved(), "uncertainty": "structure", "parameters": {}, **changes})


def test_rules_are_drawn_where_the_scenario_draws_them_the_same_for_every_candidate(small):
    """Variants come by their weights; those that the scenario fixes stay, and parameters are drawn as without rules."""

    def make(scenario, names):
        def outcomes(points, rng):
            worth = (points["rules.load"] == "setup").to_numpy(np.float64)
            return {f"{name}:use_by_pupils_follow_up_end": worth + 0.01 * len(name) for name in names}

        return toy_evaluate(outcomes, names, replications=1)

    options = {"n": 4, "objectives": ["use"], "draws": 40, "evaluator": make}
    found = optimize(_drawing_rules(small, rules={"disuse": "none"}), **options)
    drawn = [name for name in found.draws if name.startswith("rules.")]
    assert set(drawn) == {f"rules.{name}" for name in RULES} - {"rules.disuse"}
    forms, load = RULES["load"].forms, found.draws["rules.load"]
    for form in forms:
        expected = 40 * form.weight / sum(one.weight for one in forms)
        assert abs((load == form.name).sum() - expected) <= 1.0, "the draws fill the variants by their weights"
    named = optimize(_drawing_rules(small), uncertain=["rules.load", *OPEN], **options)
    assert list(named.draws) == ["rules.load", *OPEN]
    assert found.table["use_regret"].nunique() == len({len(name) for name in found.table["strategy"]})
    plain = optimize(_drawing_rules(small, uncertainty="assumed"), **{**options, "evaluator": _flat})
    assert not [name for name in plain.draws if name.startswith("rules.")]
    assert plain.draws.equals(found.draws[list(plain.draws)])


def _flat(scenario, names):
    return toy_evaluate(
        lambda points, rng: {f"{name}:use_by_pupils_follow_up_end": np.full(len(points), 0.5) for name in names},
        names,
        replications=1,
    )


def test_a_small_world_under_drawn_rules(small):
    """Points that differ in rules are solved to one baseline, so they begin alike, and every run finishes."""
    found = optimize(
        _drawing_rules(small), n=2, objectives=["use"], draws=4, replications=1, uncertain=["rules.disuse"]
    )
    assert set(found.draws["rules.disuse"]) > {"hours"}
    assert found.table["use_mean"].between(0.0, 1.0).all()


@pytest.mark.parametrize("robust", ["mean", "worst_tenth", "regret"])
def test_one_aim_has_one_best(small, robust):
    options = {"n": 10, "objectives": ["use"], "draws": 6, "uncertain": OPEN, "activities": ["coaching", "training"]}
    found = optimize(small, robust=robust, evaluator=_toy, **options)
    share = {one["name"]: one["activities"].get("coaching", 0.0) for one in found.candidates}
    assert share[found.front()["strategy"][0]] == max(share.values())


def test_bred_candidates_beat_the_first_ones_and_are_the_same_for_the_same_seed(small):
    options = {
        "n": 32,
        "population": 8,
        "search": "nsga2",
        "objectives": ["use", "cost"],
        "draws": 4,
        "uncertain": OPEN,
        "evaluator": _toy,
        "activities": ["coaching", "training", "webinar", "goal_setting"],
        "targetings": ["universal"],
        "schedules": ["level"],
    }
    found, again, other = (optimize(small, seed=seed, **options) for seed in (1, 1, 2))
    assert found.candidates == again.candidates
    assert found.table.equals(again.table)
    assert found.candidates != other.candidates
    assert len({str(sorted(one["activities"].items())) for one in found.candidates}) == len(found.candidates) <= 32
    share = [one["activities"].get("coaching", 0.0) for one in found.candidates]
    assert np.mean(share[-8:]) > np.mean(share[:8])
    assert (found.regret >= 0.0).all().all()


def test_one_aim_and_regret_by_breeding(small):
    options = {"n": 40, "population": 8, "search": "nsga2", "objectives": ["use"], "draws": 4, "uncertain": OPEN}
    found = optimize(small, robust="regret", evaluator=_toy, **options)
    share = {one["name"]: one["activities"].get("coaching", 0.0) for one in found.candidates}
    share |= {"individual_focused": 0.6, "organization_focused": 0.0}
    assert share[found.front()["strategy"][0]] == max(share.values())


def test_every_budget_has_a_front_in_one_table(small):
    def toy(scenario, names):
        whole = _toy(scenario, names)

        def evaluate(points):
            runs = whole(points)
            runs["use_by_pupils_follow_up_end"] += points["budget_hours_per_year"].iloc[0] / 100.0
            return runs

        return evaluate

    found = optimize(
        small,
        budgets=[400.0, 200.0],
        evaluator=toy,
        n=6,
        objectives=["use", "cost"],
        draws=4,
        uncertain=OPEN,
        activities=["coaching", "training"],
    )
    assert found.budgets == (400.0, 200.0)
    assert set(found.table.groupby("budget_hours_per_year")["pareto"].any()) == {True}
    assert found.table["strategy"].duplicated().any(), "a mix is the same candidate under every budget"
    means = found.table.groupby("budget_hours_per_year")["use_mean"].mean()
    assert means[400.0] > means[200.0]
    assert found.sentence().count("TA hours a year") == 2
    axes = found.plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["200 TA hours a year", "400 TA hours a year"]
    assert set(found.regret.groupby("budget_hours_per_year").size()) == {4}


def test_a_small_world_from_end_to_end(small):
    found = optimize(small, n=3, objectives=["use", "cost"], draws=4, replications=1, uncertain=OPEN)
    assert {"individual_focused", "organization_focused"} <= set(found.table["strategy"])
    assert len(found.search) == 3 + 3
    assert len(found.plot().texts) == len(found.table)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objectives": ["uses"]}, "did you mean use"),
        ({"robust": "max"}, "not one of"),
        ({"draws": 1}, "draws: must be from 4"),
        ({"uncertain": ["seed"]}, "is luck"),
        ({"uncertain": ["rules.laod"]}, "uncertain: unknown rule rules.laod; did you mean rules.load"),
        ({"n": 0}, "n: must be from 1 to 1,000"),
        ({"search": "nsga3"}, "not one of design, nsga2"),
        ({"population": 2}, "population: must be from 4"),
        ({"budgets": [200.0, -1.0]}, "budgets: must be"),
        ({"budgets": [9.0, 9.0]}, "is given twice"),
    ],
)
def test_bad_arguments_are_refused(small, options, message):
    with pytest.raises(InputError, match=message):
        optimize(small, **{"uncertain": OPEN, **options})


STRUCTURES = {
    "as they are": {},
    "one region": {"merge": [{"agencies": ["regional"]}]},
    "more staff": {"staff": {"regional": {"times": 2}}},
}


def _with_regions(small):
    content = small.resolved()
    content["agencies"] = {"source": "synthetic", "districts": 12, "regions": 3}
    return content


def test_structures_are_ingredients_and_ranked_with_reasons_and_costs(small):
    """A toy in which use is that of coaching, and one region is worth more than all of it."""

    def make(scenario, names):
        worth = {"individual_focused": 0.5, "organization_focused": 0.0}
        for one in scenario.resolved()["strategies"]:
            if isinstance(one, dict):
                said = one["delivery"].get("structure", {})
                worth[one["name"]] = one["activities"].get("coaching", 0.0) + 2.0 * bool(said.get("merge"))

        def outcomes(points, rng):
            luck = 0.01 * rng.standard_normal(len(points))
            return {f"{name}:use_by_pupils_follow_up_end": worth[name] + luck for name in names}

        return toy_evaluate(outcomes, names, replications=2)

    found = optimize(
        _with_regions(small),
        n=30,
        objectives="use",
        draws=4,
        uncertain=OPEN,
        chains=["direct", "cascade"],
        structures=STRUCTURES,
        evaluator=make,
    )
    ranked = found.recommendations()
    assert ranked["structure"].tolist()[0] == "one region"
    assert ranked["rank"].tolist() == [1, 2, 3]
    assert set(ranked["structure"]) == set(STRUCTURES)
    assert ranked["verdict"].iloc[0] == "ahead"
    assert (ranked["low"] <= ranked["difference"]).all()
    cost = ranked.set_index("structure")
    assert cost.loc["as they are", "positions"] == 0.0 == cost.loc["one region", "positions"]
    assert cost.loc["more staff", "million_dollars"] == pytest.approx(
        cost.loc["more staff", "positions"] * 60 * 150 * 12 / 1e6
    )
    assert "from the best in use" in cost.loc["more staff", "reason"]
    assert found.composition(ranked["strategy"][0])["delivery"]["structure"] == STRUCTURES["one region"]
    assert {one["delivery"].get("chain", "direct") for one in found.candidates} == {"direct", "cascade"}


def test_what_is_wrong_with_structures_of_a_search_is_said_at_once(small):
    wrong = {"A": {"merge": [{"agencies": ["Region 1", "Regoin 2"]}]}, "B": {"staf": {}}, "C": {"close": ["regional"]}}
    with pytest.raises(InputError) as raised:
        optimize(_with_regions(small), n=4, chains=["direkt"], structures=wrong)
    text = str(raised.value)
    assert "structures.A.merge[0].agencies[1]: no agency 'Regoin 2'" in text
    assert "structures.B.staf: unknown key" in text
    assert "chains: " in text
    assert "structures.C" not in text


def test_a_study_of_structures_is_read_back_and_one_without_keeps_its_identity(small):
    content = {"kind": "optimize", "name": "s", "scenario": _with_regions(small), "n": 4, "draws": 4}
    plain = study_from_mapping(content)
    assert not {"structures", "chains"} & set(plain.resolved())
    study = study_from_mapping({**content, "structures": STRUCTURES, "chains": ["cascade"]})
    assert study_from_mapping(study.resolved()) == study
    assert study.arguments()["structures"]["one region"]["merge"][0]["agencies"] == ["regional"]
    assert study_hash(plain) != study_hash(study)
