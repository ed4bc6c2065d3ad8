"""CapacityModel against the engine, its arguments, time and outcomes."""

from __future__ import annotations

from inspect import signature

import numpy as np
import pandas as pd
import pytest

from capsim import CapacityModel, InputError, Strategy, load_scenario
from capsim.building import run_key, settled_world
from capsim.catalogue import MEASURES, recorded_columns
from capsim.engine.month import MONTH
from capsim.engine.run import column_processes, simulate
from capsim.engine.strategies import resolve_strategy
from capsim.measures.groups import GROUPS
from capsim.parameters import PARAMETERS, resolve_values

OWN_ARGUMENTS = set(signature(CapacityModel).parameters)


def engine_monthly(strategy: str, seed: int) -> np.ndarray:
    scenario = load_scenario("classroom")
    values, processes = resolve_values(scenario.parameters), column_processes(MONTH)
    key = run_key(scenario.seed, seed)
    settled = settled_world(scenario, values, processes, run_key=key)
    record = simulate(
        settled.world,
        values,
        resolve_strategy(scenario, strategy)[1](values),
        processes=processes,
        run_key=key,
        assistance_months=24,
        follow_up_months=24,
        yearly_hours=scenario.assistance.budget_hours_per_year,
    )
    return record.monthly


@pytest.mark.parametrize("strategy", ["none", "organization_focused", "Half and half"])
def test_the_model_is_the_engine(strategy: str) -> None:
    model = CapacityModel("classroom", strategy=strategy, seed=5).run()
    columns = recorded_columns(model.specification.focal_areas)
    engine = pd.DataFrame(engine_monthly(strategy, 5).reshape(-1, len(columns)), columns=list(columns))
    pd.testing.assert_frame_equal(model.history.drop(columns=["month", "level"]), engine, check_exact=True)


def test_same_seed_same_history() -> None:
    one, same, other = (CapacityModel(seed=seed).run().history for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one["use"].equals(other["use"])


def test_rng_is_another_word_for_seed() -> None:
    pd.testing.assert_frame_equal(CapacityModel(rng=7).run().history, CapacityModel(seed=7).run().history)
    first, second = (CapacityModel(rng=np.random.default_rng(3)).seed for _ in range(2))
    assert first == second
    shared = np.random.default_rng(3)
    assert CapacityModel(rng=shared).seed != CapacityModel(rng=shared).seed


def test_without_a_seed_every_model_is_fresh_and_can_be_repeated() -> None:
    first, second = CapacityModel(), CapacityModel()
    assert first.seed != second.seed
    pd.testing.assert_frame_equal(CapacityModel(seed=first.seed).run().history, first.run().history)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": 1, "rng": 1}, "give seed or rng, not both"),
        ({"seed": -1}, "a seed must not be negative, got -1"),
        ({"seed": True}, "seed must be a whole number, got True"),
        ({"seed": 1.5}, "seed must be a whole number, got 1.5"),
        ({"rng": "one"}, "rng must be a whole number or a numpy Generator, got 'one'"),
        ({"lea_anual_exit": 0.2}, "lea_anual_exit: no such argument or parameter; did you mean lea_annual"),
        ({"stratgy": "none"}, "stratgy: no such argument or parameter; did you mean strategy?"),
        ({"lea_annual_exit": 3.0}, "parameters.lea_annual_exit: 3 is out of range"),
        ({"lea_annual_exit": float("nan")}, "parameters.lea_annual_exit: nan is out of range"),
        ({"parameters": {"lea_annual_exit": 0.1}, "lea_annual_exit": 0.2}, "lea_annual_exit: given twice"),
        ({"strategy": "organisation_focused"}, "did you mean organization_focused?"),
        ({"scenario": "clasroom"}, "did you mean classroom?"),
    ],
)
def test_wrong_arguments_are_explained(arguments: dict, message: str) -> None:
    with pytest.raises(InputError) as error:
        CapacityModel(**arguments)
    assert message in str(error.value)


def test_parameters_are_keyword_arguments() -> None:
    by_name = CapacityModel(seed=1, lea_annual_exit=np.float64(0.4), initial_ties=np.int64(2))
    assert by_name.values["lea_annual_exit"] == 0.4
    by_mapping = CapacityModel(seed=1, parameters={"lea_annual_exit": 0.4, "initial_ties": 2})
    pd.testing.assert_frame_equal(by_name.run().history, by_mapping.run().history)
    assert not set(PARAMETERS) & OWN_ARGUMENTS


def test_scenario_objects_names_and_switched_off_processes() -> None:
    scenario = load_scenario("classroom")
    assert CapacityModel(scenario, seed=1).specification is scenario
    assert CapacityModel("classroom").specification == scenario
    off = scenario.model_copy(update={"month": scenario.month.model_copy(update={"off": ("turnover",)})})
    history = CapacityModel(off, seed=1).run().history
    assert (history["exits"].dropna() == 0).all()


def test_time_ends_at_the_horizon() -> None:
    model = CapacityModel(seed=1)
    assert (model.month, model.months, model.running) == (0, 48, True)
    model.step()
    assert (model.month, model.running) == (1, True)
    assert model.run() is model
    assert (model.month, model.running) == (48, False)
    with pytest.raises(InputError, match="the run ended with month 48"):
        model.step()
    again = CapacityModel(seed=1)
    again.run_model()
    pd.testing.assert_frame_equal(again.history, model.history)


def test_a_user_may_stop_a_run_early() -> None:
    model = CapacityModel(seed=1)
    model.running = False
    assert model.run().month == 0
    model.step()
    assert not model.running


def test_history_and_measures() -> None:
    model = CapacityModel(seed=1, strategy="blended")
    assert model.history.empty
    assert np.isnan(model.measure("use"))
    model.step()
    model.step()
    by_area = recorded_columns(model.specification.focal_areas)[len(MEASURES) :]
    assert len(by_area) == len(model.specification.focal_areas) > 1
    assert list(model.history.columns) == ["month", "level", *MEASURES, *by_area]
    assert model.history["month"].tolist() == [1] * len(GROUPS) + [2] * len(GROUPS)
    latest = model.history.query("month == 2").set_index("level")
    assert model.measure("use") == latest.loc["lea", "use"]
    assert model.measure("vacancy", "sea") == latest.loc["sea", "vacancy"]
    assert model.ledger.spent > 0
    with pytest.raises(InputError, match="no month 3 yet; there are 1 to 2"):
        model.measure("use", month=3)
    with pytest.raises(InputError, match=r"no measure 'uses'.*did you mean use"):
        model.measure("uses")
    with pytest.raises(InputError, match="no group 'leas'"):
        model.measure("use", "leas")


def test_a_strategy_of_ones_own_as_class_or_object() -> None:
    class Idle(Strategy):
        """Saves all hours."""

        name = "idle"

        def decide(self, view, month, budget, draws):
            return []

    for strategy in (Idle, Idle()):
        model = CapacityModel(seed=1, strategy=strategy).run()
        assert model.strategy_name == "idle"
        pd.testing.assert_frame_equal(model.history, CapacityModel(seed=1).run().history)


def test_many_strategies_from_one_settled_world() -> None:
    first = CapacityModel(seed=4)
    second = CapacityModel(seed=4, strategy="blended", settled=first.settled)
    assert second.world is not first.world
    first.run()
    pd.testing.assert_frame_equal(second.run().history, CapacityModel(seed=4, strategy="blended").run().history)


def test_a_model_says_what_it_is() -> None:
    model = CapacityModel(seed=1, strategy="blended")
    assert repr(model) == "<CapacityModel 'Classroom', blended, seed 1, month 0 of 48>"
    assert model._repr_html_().startswith("<p>CapacityModel")
    model.step()
    assert "month 1 of 48" in repr(model)
    assert "<table" in model._repr_html_()
    assert "organizational_skills" in model._repr_html_()


def test_numbers_of_numpy_and_mappings_are_taken() -> None:
    wanted = CapacityModel(seed=3).run().measure("use")
    for arguments in ({"seed": np.int64(3)}, {"seed": 3.0}, {"rng": np.uint8(3)}):
        assert CapacityModel(load_scenario("classroom").resolved(), **arguments).run().measure("use") == wanted
    model = CapacityModel(seed=1)
    model.step()
    assert model.measure("use", month=np.int64(1)) == model.measure("use", month=1.0) == model.measure("use")
    assert model.staff_at(np.int32(0)) is model.staff_in_order()[0]
