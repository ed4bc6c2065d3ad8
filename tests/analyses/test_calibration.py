"""Calibration: known truths recovered, coverage, data files, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from capsim.analyses.calibration import calibrate
from capsim.analyses.fitting import Observation, adjust, read_observations, weighted_quantiles
from capsim.errors import InputError
from capsim.parameters import PARAMETERS
from capsim.runs.points import LUCK, Evaluator, Watch
from tests.analyses.toys import toy_evaluate

EXIT, RATE = "lea_annual_exit", "codification_rate"
VACANCY, SKILL = Observation("vacancy", 12, "lea", 0.0, 0.01), Observation("individual", 12, "lea", 0.0, 0.01)


def _toy(points, rng):
    """Vacancy and skill that know both parameters, with a little luck."""
    exits, rate = points[EXIT].to_numpy(), points[RATE].to_numpy()
    return {
        f"none:{VACANCY.watch.column}": exits + 0.005 * rng.standard_normal(len(points)),
        f"none:{SKILL.watch.column}": 2.0 * rate + exits + 0.005 * rng.standard_normal(len(points)),
    }


def _data(exits, rate, rng=None):
    values = np.array([exits, 2.0 * rate + exits])
    if rng is not None:
        values += 0.005 * rng.standard_normal(2) + 0.01 * rng.standard_normal(2)
    measures = (VACANCY.measure, SKILL.measure)
    return [Observation(name, 12, "lea", float(value), 0.01) for name, value in zip(measures, values, strict=True)]


def _fit(small, data, **options):
    evaluate = toy_evaluate(_toy, ("none",), replications=options.get("replications", 1), common=False)
    return calibrate(small, data, parameters=[EXIT, RATE], evaluate=evaluate, **options)


@pytest.mark.parametrize("method", ["abc", "optuna"])
def test_a_known_truth_is_recovered(small, method):
    exits, rate = 0.2, 0.06
    options = {"n": 4000, "share": 0.02} if method == "abc" else {"n": 80, "replications": 4}
    found = _fit(small, _data(exits, rate), method=method, **options)
    assert found.best[EXIT] == pytest.approx(exits, abs=0.01)
    assert found.best[RATE] == pytest.approx(rate, abs=0.01)
    assert found.check["inside"].all()
    assert "2 of 2 observed means" in found.sentence()
    if method == "abc":
        assert (found.quantiles["width_left"] < 0.6).all()
        assert "numpy" in found.sampler
        assert len(found.sample) == 80
    else:
        assert "TPESampler" in found.sampler
        assert "optuna 5" in found.sampler
        assert len(found.sample) == 10
        assert found.sample["fresh_score"].is_monotonic_increasing
        assert not found.sample["fresh_score"].equals(found.sample["score"])
        assert found.tolerance == found.sample["fresh_score"][0]


def test_the_posterior_covers_the_truth(small):
    rng = np.random.default_rng(3)
    covered, studies = 0, 40
    declared = PARAMETERS[EXIT]
    for study in range(studies):
        exits = declared.quantile(float(rng.random())) if declared.assumed else float(rng.uniform(0.1, 0.3))
        found = _fit(small, _data(exits, 0.05, rng), n=1500, share=0.03, seed=study)
        row = found.quantiles.set_index("parameter").loc[EXIT]
        covered += row["q2.5"] <= exits <= row["q97.5"]
    assert covered / studies >= 0.85


def test_regression_takes_back_what_distance_adds():
    """Uniform prior, normal data: the posterior is the normal one; rejection alone is far too wide, and off center."""
    rng = np.random.default_rng(11)
    theta = rng.random((20_000, 2))
    error, seen = 0.04, np.array([0.62, 1.0])
    shown = np.column_stack([theta[:, 0], theta[:, 0] + theta[:, 1] ** 2]) + error * rng.standard_normal((20_000, 2))
    offset = (shown - seen) / error
    distance = np.sqrt(np.mean(offset**2, axis=1))
    kept = np.argsort(distance)[:1500]
    adjusted, weights = adjust(theta[kept], offset[kept], distance[kept], low=np.zeros(2), high=np.ones(2))
    shares = (0.025, 0.25, 0.5, 0.75, 0.975)
    normal = seen[0] + error * np.array([-1.96, -0.6745, 0.0, 0.6745, 1.96])
    by_regression = weighted_quantiles(adjusted[:, 0], weights, shares)
    by_distance = weighted_quantiles(theta[kept, 0], np.ones(1500), shares)
    np.testing.assert_allclose(by_regression, normal, atol=0.12 * 2 * 1.96 * error)
    assert np.ptp(by_distance[[0, -1]]) > 1.25 * np.ptp(normal[[0, -1]])
    assert np.ptp(by_regression[[0, -1]]) == pytest.approx(np.ptp(normal[[0, -1]]), rel=0.1)
    assert ((adjusted > 0.0) & (adjusted < 1.0)).all()
    assert (weights >= 0.0).all()
    assert weights.min() == 0.0


def test_weighted_quantiles():
    values, shares = np.random.default_rng(2).random(50), (0.1, 0.5, 0.9)
    np.testing.assert_allclose(weighted_quantiles(values, np.full(50, 0.3), shares), np.quantile(values, shares))
    assert weighted_quantiles(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 0.0]), (1.0,)) == [2.0]
    heavy = weighted_quantiles(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 8.0]), (0.5,))
    assert heavy[0] > 2.4
    assert weighted_quantiles(np.array([4.0]), np.ones(1), shares).tolist() == [4.0] * 3


def test_too_few_runs_for_a_regression_are_left_alone():
    offset = np.random.default_rng(3).standard_normal((20, 12))
    assert adjust(np.full((20, 1), 0.5), offset, np.arange(20.0), low=np.zeros(1), high=np.ones(1)) is None


def test_the_adjusted_posterior_stands_beside_the_plain_one(small):
    found = _fit(small, _data(0.2, 0.06), n=2000, share=0.1)
    plain, adjusted = (table.set_index("parameter") for table in (found.quantiles, found.adjusted))
    assert (adjusted["width_left"] < plain["width_left"]).all()
    assert adjusted["q50"][EXIT] == pytest.approx(0.2, abs=0.01)
    assert "adjusted by regression" in found.sentence()
    assert {f"{EXIT}_adjusted", "weight"} <= set(found.sample)


def test_the_model_is_recovered_from_its_own_data(small):
    """Synthetic data of the model at another exit rate: the fit moves there, from luck that it has not seen."""
    truth = 0.30
    watches = tuple(Watch("vacancy", month, "all") for month in (6, 12, 18, 24))
    evaluate = Evaluator(scenario=small, strategies=("none",), replications=64, first_replicate=900, watch=watches)
    means = evaluate(pd.DataFrame({EXIT: [truth]}))[[one.column for one in watches]].mean()
    data = [Observation(one.measure, one.month, one.level, float(means[one.column]), 0.004) for one in watches]
    found = calibrate(small, data, parameters=[EXIT], method="optuna", n=40, replications=12, top=3)
    assert watches[-1].column == "vacancy_all_month_24"
    default = small.parameters.get(EXIT, PARAMETERS[EXIT].default)
    assert abs(found.best[EXIT] - truth) < abs(default - truth) / 2
    assert len(found.plot().get_yticklabels()) == 4


@pytest.mark.parametrize("method", ["abc", "optuna"])
def test_numbers_do_not_depend_on_the_call(small, method):
    first, second = (_fit(small, _data(0.2, 0.06), n=60, seed=5, method=method) for _ in range(2))
    assert first.sample.equals(second.sample)
    assert first.check.equals(second.check)


def test_the_search_sees_one_set_of_luck_and_the_best_are_judged_by_another(small):
    seen: list[tuple[int, set[int]]] = []
    whole = toy_evaluate(_toy, ("none",), replications=3)

    def evaluate(points):
        seen.append((len(points), set(points[LUCK])))
        return whole(points)

    data = _data(0.2, 0.06)
    calibrate(small, data, parameters=[EXIT, RATE], method="optuna", n=44, top=7, replications=3, evaluate=evaluate)
    assert seen == [(8, {0})] * 5 + [(4, {0}), (7, {1})]


def test_the_seed_is_never_a_parameter(small):
    with pytest.raises(InputError, match="seed is luck, not a parameter"):
        calibrate(small, [VACANCY], parameters=["seed"])


def test_a_data_file_is_read(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text("month,measure,level,value,standard_error\n1,culture,lea,0.55,0.02\n24,culture,lea,0.61,0.02\n")
    assert read_observations(file, months=24) == (
        Observation("culture", 1, "lea", 0.55, 0.02),
        Observation("culture", 24, "lea", 0.61, 0.02),
    )


def test_every_problem_of_a_data_file_is_named_with_its_line(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_text(
        "measure,month,level,value,standard_error\n"
        "vacansy,1,lea,0.1,0.01\nvacancy,99,lea,0.1,0.01\nvacancy,1,leas,7,0\n"
        "culture,1,lea,0.5,0.1\nculture,1,lea,0.6,0.1\n"
    )
    with pytest.raises(InputError) as caught:
        read_observations(file, months=24)
    text = str(caught.value)
    assert "survey.csv:2: measure: unknown measure 'vacansy'; did you mean vacancy?" in text
    assert "survey.csv:3: month: '99' is not allowed; a whole number from 1 to 24" in text
    assert "survey.csv:4: level: unknown level 'leas'" in text
    assert "survey.csv:4: value: 7 is out of range" in text
    assert "survey.csv:4: standard_error: '0' is not allowed" in text
    assert "survey.csv:6: culture of lea in month 1 was given on line 5" in text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "mcmc"}, "not one of abc, optuna"),
        ({"n": 3}, "n: must be from 40"),
        ({"share": 0.9}, "to 0.5, got 0.9"),
        ({"strategy": "blendet"}, "did you mean blended"),
    ],
)
def test_bad_arguments_are_refused(small, options, message):
    with pytest.raises(InputError, match=message):
        calibrate(small, [VACANCY], parameters=[EXIT], **options)


@pytest.mark.parametrize("method", ["abc", "optuna"])
@pytest.mark.parametrize(("exits", "side"), [(PARAMETERS[EXIT].high + 0.03, "upper"), (0.2, None)])
def test_a_best_value_at_the_edge_of_its_range_is_said(small, method, exits, side):
    options = {"n": 1000, "share": 0.03} if method == "abc" else {"n": 80, "replications": 4}
    found = _fit(small, _data(exits, 0.06), method=method, **options)
    assert found.at_edge == ({} if side is None else {EXIT: side})
    warned = f"the truth may lie outside ({EXIT} at the upper edge of its range, {PARAMETERS[EXIT].high:g})"
    assert (warned in found.sentence()) == (side is not None)
    assert repr(found).startswith(f"<Calibration: Classroom, {method} of {EXIT}, {RATE} on 2 observed means")
    assert "<table" in found._repr_html_()
