"""Sensitivity indices against known values and scipy; noise; what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from capsim.analyses.indices import METHODS, indices, sample
from capsim.analyses.sensitivity import DUMMY, noise_share, sensitivity
from capsim.errors import CapsimError, InputError
from tests.analyses.toys import toy_evaluate

USE = "use_by_pupils_follow_up_end"
PI = [(-np.pi, np.pi)] * 3
FIRST, TOTAL = [0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]
"""Ishigami function, a = 7, b = 0.1: closed forms (Ishigami and Homma 1990)."""


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_are_the_exact_ones_and_scipys():
    from scipy.stats import sobol_indices, uniform

    points = sample("sobol", PI, 1024, seed=1)
    found = indices("sobol", PI, points, ishigami(points), seed=1)
    np.testing.assert_allclose(found["first"], FIRST, atol=0.03)
    np.testing.assert_allclose(found["total"], TOTAL, atol=0.03)
    assert (found["first_low"] <= FIRST).all()
    assert (found["first_high"] >= FIRST).all()
    theirs = sobol_indices(func=lambda x: ishigami(x.T), n=1024, dists=[uniform(-np.pi, 2 * np.pi)] * 3, rng=2)
    np.testing.assert_allclose(found["first"], theirs.first_order, atol=0.05)
    np.testing.assert_allclose(found["total"], theirs.total_order, atol=0.05)


@pytest.mark.parametrize(
    ("method", "n", "count"), [("sobol", 256, 256 * 5), ("morris", 30, 30 * 4), ("pawn", 300, 300), ("delta", 60, 60)]
)
def test_every_method_orders_a_linear_model(method, n, count):
    bounds = [(0.0, 1.0)] * 3
    points = sample(method, bounds, n, seed=3)
    assert len(points) == count
    found = indices(method, bounds, points, points @ [1.0, 4.0, 0.05], seed=3)
    by = METHODS[method].ranked_by
    assert found[by].argmax() == 1
    if method != "delta":  # its bias at few points is as large as the smaller indices
        assert found[by].argsort().tolist() == [2, 0, 1]
    assert (found[f"{by}_low"] <= found[by]).all()
    assert (found[by] <= found[f"{by}_high"]).all()


def test_morris_effects_of_a_linear_model_are_its_slopes():
    bounds = [(0.0, 2.0), (-1.0, 1.0)]
    points = sample("morris", bounds, 10, seed=1)
    found = indices("morris", bounds, points, points @ [3.0, -1.0], seed=1)
    np.testing.assert_allclose(found["mu"], [6.0, -2.0], atol=1e-9)
    np.testing.assert_allclose(found["mu_star"], [6.0, 2.0], atol=1e-9)
    np.testing.assert_allclose(found["sigma"], 0.0, atol=1e-9)


def test_the_guard_refuses_nan_and_constant_outcomes():
    points = sample("sobol", PI, 16, seed=1)
    outcome = ishigami(points)
    outcome[[3, 8]] = np.nan
    with pytest.raises(CapsimError, match="undefined at 2 of 80 points: 3, 8"):
        indices("sobol", PI, points, outcome, seed=1)
    with pytest.raises(CapsimError, match="the same at every point"):
        indices("sobol", PI, points, np.full(80, 0.3), seed=1)


def test_nothing_global_is_left_changed(monkeypatch):
    def shown(*_):
        return "mine"

    monkeypatch.setattr(warnings, "formatwarning", shown)
    np.random.seed(5)
    before = np.random.get_state()[1].tolist()
    points = sample("delta", PI, 40, seed=1)
    indices("delta", PI, points, ishigami(points), seed=1)
    assert np.random.get_state()[1].tolist() == before
    assert warnings.formatwarning is shown


@pytest.mark.parametrize(
    ("method", "n", "message"),
    [("sobol", 20, "power of two"), ("sobol", 4, "too few"), ("pawn", 10, "at least 40"), ("fast", 64, "not one of")],
)
def test_bad_designs_are_refused(method, n, message):
    with pytest.raises(InputError, match=message):
        sample(method, PI, n, seed=1)


def test_noise_share_is_the_one_put_in():
    rng = np.random.default_rng(1)
    values = rng.standard_normal((4000, 1)) + 2.0 * rng.standard_normal((4000, 8))
    assert noise_share(values) == pytest.approx(0.5 / 1.5, rel=0.08)
    assert noise_share(np.zeros((4, 3))) == 1.0


def test_luck_that_all_points_share_is_no_noise():
    rng = np.random.default_rng(4)
    point, replicate, own = (rng.standard_normal(shape) for shape in ((400, 1), (1, 8), (400, 8)))
    alone = noise_share(point + 0.4 * own)
    assert alone == pytest.approx(0.16 / 8 / (1.0 + 0.16 / 8), rel=0.15)
    assert noise_share(point + 30.0 * replicate + 0.4 * own) == pytest.approx(alone, rel=1e-9)
    sets = np.arange(400) % 2
    two = point + 30.0 * np.concatenate([replicate, 2.0 * replicate])[sets] + 0.4 * own
    assert noise_share(two - two.mean(axis=1, keepdims=True) + point, sets) <= 1.0
    assert all(0.0 <= noise_share(rng.standard_normal((6, 3))) <= 1.0 for _ in range(50))


def _two(points, rng):
    a = points["lea_annual_exit"].to_numpy() * 10.0
    b = points["routine_annual_retention"].to_numpy() * 50.0
    luck = rng.standard_normal()
    return {f"individual_focused:{USE}": a + luck, f"organization_focused:{USE}": a + b + luck}


def _analysed(small, noise=0.0, **options):
    def outcomes(points, rng):
        found = _two(points, rng)
        own = rng.standard_normal(len(points))
        return {name: values + noise * own * (name[0] == "o") for name, values in found.items()}

    evaluate = toy_evaluate(outcomes, ("individual_focused", "organization_focused"), replications=4)
    return sensitivity(
        small,
        parameters=["lea_annual_exit", "routine_annual_retention"],
        n=64,
        replications=4,
        evaluate=evaluate,
        **options,
    )


def test_what_decides_the_level_need_not_decide_who_wins(small):
    found = _analysed(small)
    assert found.targets[0] == "organization_focused - individual_focused"
    difference = found.ranking().set_index("parameter")
    assert difference.index[0] == "routine_annual_retention"
    assert difference["total"]["routine_annual_retention"] == pytest.approx(1.0, abs=0.1)
    assert difference["total"]["lea_annual_exit"] == pytest.approx(0.0, abs=1e-9)
    assert found.noise[found.targets[0]] == pytest.approx(0.0, abs=1e-12), "luck in common cancels"
    level = found.table("individual_focused").set_index("parameter")
    assert level["total"]["routine_annual_retention"] == pytest.approx(0.0, abs=1e-9)
    assert level["total"][DUMMY] > 0.05, "the dummy changes the luck of the level"
    assert "routine_annual_retention" in found.sentence()


@pytest.mark.parametrize(("luck", "first"), [(100.0, "Which worlds were drawn decides who"), (0.0, "What decides who")])
def test_a_parameter_below_the_dummy_is_not_said_to_decide(small, luck, first):
    def outcomes(points, rng):
        found = _two(points, rng)
        return found | {f"organization_focused:{USE}": found[f"organization_focused:{USE}"] + luck * rng.random()}

    options = {"parameters": ["lea_annual_exit", "routine_annual_retention"], "n": 32, "replications": 4}
    evaluate = toy_evaluate(outcomes, ("individual_focused", "organization_focused"), replications=4)
    said = sensitivity(small, evaluate=evaluate, **options).sentence()
    assert said.startswith(first)
    assert "routine_annual_retention (total" in said


def test_ranking_is_refused_when_luck_makes_too_much_of_it(small):
    found = _analysed(small, noise=10.0)
    assert found.noise[found.targets[0]] > 0.2
    with pytest.raises(CapsimError, match=r"not ranked, because luck makes \d+% of the variance"):
        found.ranking()
    assert len(found.table()) == 3


def test_failed_runs_are_refused_with_their_points(small):
    whole = toy_evaluate(_two, ("individual_focused", "organization_focused"), replications=2)

    def broken(points):
        runs = whole(points)
        runs.loc[runs["point"] == 4, ["status", "reason", USE]] = ["failed", "it broke", np.nan]
        return runs

    with pytest.raises(CapsimError, match=r"point 4 .*it broke"):
        sensitivity(small, parameters=["lea_annual_exit", "routine_annual_retention"], n=8, evaluate=broken)


def test_a_small_world_from_end_to_end(small):
    options = {
        "parameters": ["lea_annual_exit", "routine_annual_retention"],
        "method": "morris",
        "n": 4,
        "replications": 2,
    }
    found = sensitivity(small, **options)
    again = sensitivity(small, **options)
    assert len(found.points) == 4 * 4
    assert found.runs["point"].nunique() == 16
    assert set(found.indices["target"]) == set(found.targets)
    assert found.indices.equals(again.indices)
    assert found.bounds["lea_annual_exit"][0] < found.bounds["lea_annual_exit"][1]
    assert len(found.plot().get_yticklabels()) == 2


def test_what_nothing_reads_is_left_out_or_not_ranked(small, monkeypatch):
    options = {"method": "morris", "n": 4, "replications": 2, "dummy": False}
    found = sensitivity(small, parameters=["routine_annual_retention", "webinar_knowledge"], **options)
    assert found.unread == ("webinar_knowledge",)
    assert found.ranking()["parameter"].tolist() == ["routine_annual_retention"]
    assert len(found.table()) == 2
    assert found.sentence().endswith("Nothing in these runs reads webinar_knowledge.")
    asked = []
    monkeypatch.setattr("capsim.runs.points.Evaluator.__call__", lambda self, points: asked.append(points) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sensitivity(small, **options)
    assert "coaching_transfer" in asked[0]
    assert not [name for name in asked[0] if name.startswith(("webinar_", "working_group_"))]


def test_a_sensitivity_shows_itself(small):
    found = _analysed(small)
    assert repr(found) == (
        "<Sensitivity: Classroom, sobol of use_by_pupils_follow_up_end by 2 parameters, 320 points x 4 replications>"
    )
    assert "<table" in found._repr_html_()


def test_points_share_luck_so_a_strategy_that_no_parameter_touches_has_no_indices(small):
    options = {"parameters": ["coaching_transfer"], "method": "morris", "n": 4, "replications": 2, "dummy": False}
    found = sensitivity(small, **options)
    assert found.targets == ("organization_focused - individual_focused", "individual_focused")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "use_folow_up_end"}, "did you mean use_follow_up_end"),
        ({"replications": 1}, "must be 2 or more"),
        ({"strategies": ["organisation_focused"]}, "did you mean organization_focused"),
        ({"parameters": ["seed"]}, "is luck"),
    ],
)
def test_bad_arguments_are_refused(small, options, message):
    with pytest.raises(InputError, match=message):
        sensitivity(small, **{"parameters": ["lea_annual_exit"], **options})
