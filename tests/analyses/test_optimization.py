"""Optimization: fronts, mixes, regret, fresh judgement."""

from __future__ import annotations

import numpy as np
import pytest

from capsim.errors import InputError
from capsim.scenario import scenario_from_mapping
from capsim.studies.optimization.mixes import mixes, pareto_front
from capsim.studies.optimization.optimization import optimize
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
        mixes(5, activities=["coachin"])


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
            found[f"{name}:use_follow_up_end"] = 10.0 * gain * share[name] + luck
            found[f"{name}:cost"] = np.full(len(points), 100.0 + share[name] ** 2)
        return found

    return toy_evaluate(outcomes, names, replications=2)


def test_a_trade_off_is_found_and_pairs_are_kept(small):
    found = optimize(
        small, n=12, objectives=["use", "cost"], draws=6, uncertain=OPEN, activities=["coaching", "training"],
        evaluator=_toy,
    )  # fmt: skip
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


@pytest.mark.parametrize("robust", ["mean", "worst_tenth", "regret"])
def test_one_aim_has_one_best(small, robust):
    options = {"n": 10, "objectives": ["use"], "draws": 6, "uncertain": OPEN, "activities": ["coaching", "training"]}
    found = optimize(small, robust=robust, evaluator=_toy, **options)
    share = {one["name"]: one["activities"].get("coaching", 0.0) for one in found.candidates}
    assert share[found.front()["strategy"][0]] == max(share.values())


def test_a_small_world_from_end_to_end(small):
    found = optimize(small, n=3, objectives=["use", "cost"], draws=4, replications=1, uncertain=OPEN)
    assert {"individual_focused", "organization_focused"} <= set(found.table["strategy"])
    assert len(found.search) == 3 + 3
    assert len(found.plot().texts) == len(found.table)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objectives": ["uses"]}, "did you mean use"), ({"robust": "max"}, "not one of"),
        ({"draws": 1}, "at least 4"), ({"uncertain": ["seed"]}, "is luck"), ({"n": 0}, "from 1 to 1000"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused(small, options, message):
    with pytest.raises(InputError, match=message):
        optimize(small, **{"uncertain": OPEN, **options})
