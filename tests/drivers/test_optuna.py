"""Optuna by hand, over mixes of activities: the same search twice gives the same, and its numbers are capsim's own."""

from __future__ import annotations

import pytest

import capsim
from capsim.scenario import Composition, scenario_from_mapping

optuna = pytest.importorskip("optuna", reason="Optuna is not installed")
optuna.logging.set_verbosity(optuna.logging.WARNING)

ACTIVITIES = ("training", "coaching", "routine_redesign")
SEEDS, FRESH = (0, 1), (100, 101)


def mix(weights: dict[str, float], targeting: str) -> Composition:
    total = sum(weights.values())
    activities = {name: weight / total for name, weight in weights.items()}
    return Composition(name="mix", activities=activities, targeting=targeting)


def mean_use(strategy: Composition, seeds: tuple[int, ...]) -> float:
    runs = [capsim.CapacityModel("classroom", strategy=strategy, seed=seed).run().measure("use") for seed in seeds]
    return sum(runs) / len(runs)


def search(trials: int):
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=3, n_startup_trials=5))
    for _ in range(trials):
        trial = study.ask()
        weights = {name: trial.suggest_float(name, 0.05, 1.0) for name in ACTIVITIES}
        targeting = trial.suggest_categorical("targeting", ["universal", "need"])
        study.tell(trial, mean_use(mix(weights, targeting), SEEDS))
    return study


def best_mix(study) -> Composition:
    return mix({name: study.best_params[name] for name in ACTIVITIES}, study.best_params["targeting"])


@pytest.fixture(scope="module")
def study():
    return search(12)


def test_the_same_search_twice_is_the_same(study):
    again = search(12)
    assert [trial.params for trial in again.trials] == [trial.params for trial in study.trials]
    assert again.trials_dataframe()["value"].tolist() == study.trials_dataframe()["value"].tolist()
    assert len({trial.value for trial in study.trials}) > 6
    assert study.best_value == max(trial.value for trial in study.trials)


def test_its_numbers_are_those_of_a_comparison_in_which_the_mix_is_a_strategy(study):
    content = capsim.load_scenario("classroom").resolved()
    own = best_mix(study).model_dump(mode="json")
    scenario = scenario_from_mapping({**content, "strategies": [*content["strategies"], own]})
    runs = capsim.compare(scenario, replications=len(SEEDS), uncertainty="none").runs
    use = runs[runs["strategy"] == "mix"]["use_follow_up_end"]
    assert use.mean() == pytest.approx(study.best_value, rel=1e-14)


def test_the_best_of_many_is_judged_on_fresh_luck(study):
    fresh = mean_use(best_mix(study), FRESH)
    assert 0.0 < fresh < 1.0
    assert fresh != study.best_value


def test_a_failing_candidate_is_told_as_failed(study):
    trial = study.ask()
    with pytest.raises(capsim.InputError):
        capsim.CapacityModel("classroom", strategy="organization_focussed", seed=0)
    study.tell(trial, state=optuna.trial.TrialState.FAIL)
    assert study.trials[-1].value is None
    assert study.best_trial.number != trial.number
