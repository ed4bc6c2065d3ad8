"""EMA Workbench around capsim: its outcomes are capsim's own, and a run that fails has none."""

from __future__ import annotations

import logging
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import capsim
from tests.drivers.own_numbers import sweep_at

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about backends that are not installed
    ema = pytest.importorskip("ema_workbench", reason="EMA Workbench is not installed")

logging.getLogger("EMA").setLevel(logging.CRITICAL)
CLASSROOM = capsim.load_scenario("classroom")
STRATEGIES = ["none", "individual_focused", "organization_focused"]
OUTCOMES = ("use", "vacancy", "hours")


class Failing(capsim.Strategy):
    """Fails in its sixth month."""

    name = "failing"

    def decide(self, view, month, budget, draws):
        if month == 5:
            raise ZeroDivisionError("no more ideas")
        return []


def measured(strategy: Any, seed: int, **parameters: float) -> dict[str, float]:
    """What the workbench calls; lets every error through."""
    chosen = Failing if strategy == "failing" else strategy
    model = capsim.CapacityModel(CLASSROOM, strategy=chosen, seed=seed, **parameters).run()
    return {"use": model.measure("use"), "vacancy": model.measure("vacancy"), "hours": model.ledger.spent}


def guarded(**arguments: Any) -> dict[str, float]:
    """The same; NaN for a run that fails."""
    try:
        return measured(**arguments)
    except capsim.CapsimError:
        return dict.fromkeys(OUTCOMES, math.nan)


def experiment(function: Any, *, strategies: list[str], highest_exit: float = 0.25, scenarios: int = 4) -> pd.DataFrame:
    """Experiments in sequence, every strategy at every sampled point; outcomes beside what they belong to."""
    model = ema.Model("capsim", function=function)
    exits, filling = (
        ema.RealParameter("lea_annual_exit", 0.1, highest_exit),
        ema.RealParameter("months_to_fill", 2.0, 5.0),
    )
    model.uncertainties = [exits, filling]
    model.levers = [ema.CategoricalParameter("strategy", strategies)]
    model.constants = [ema.Constant("seed", 0)]
    model.outcomes = [ema.ScalarOutcome(name) for name in OUTCOMES]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        experiments, outcomes = ema.perform_experiments(
            model, scenarios=scenarios, policies=len(strategies), lever_sampling=ema.Samplers.FF
        )
    return experiments.assign(strategy=experiments["strategy"].astype(str), **outcomes)


def own(row: Any) -> dict[str, float]:
    return measured(row.strategy, 0, lea_annual_exit=row.lea_annual_exit, months_to_fill=row.months_to_fill)


def test_outcomes_are_those_of_a_sweep_over_the_same_points(tmp_path: Path) -> None:
    table = experiment(measured, strategies=STRATEGIES)
    assert len(table) == 4 * len(STRATEGIES)
    assert set(table["strategy"]) == set(STRATEGIES)
    points = table[["lea_annual_exit", "months_to_fill"]].to_dict("records")
    runs = sweep_at(points, STRATEGIES, tmp_path / "out")
    keys = ["lea_annual_exit", "months_to_fill", "strategy"]
    both = table.merge(runs, on=keys, suffixes=("", "_own"), validate="one_to_one")
    assert len(both) == len(table)
    np.testing.assert_array_equal(both["use"], both["use_follow_up_end"])
    np.testing.assert_array_equal(both["vacancy"], both["vacancy_follow_up_end"])
    np.testing.assert_array_equal(both["hours"], both["ta_hours"])
    assert both["use"].nunique() == len(both)


def test_a_failing_run_gives_no_old_value() -> None:
    table = experiment(guarded, strategies=["none", "failing", "organization_focused"], highest_exit=1.6, scenarios=5)
    fails = (table["lea_annual_exit"] > capsim.PARAMETERS["lea_annual_exit"].maximum) | (table["strategy"] == "failing")
    assert 0 < (fails & (table["strategy"] != "failing")).sum() < 10
    for name in OUTCOMES:
        np.testing.assert_array_equal(table[name].isna(), fails)
    for row in table[~fails].itertuples():
        assert {name: getattr(row, name) for name in OUTCOMES} == own(row)


@pytest.mark.parametrize(
    ("strategies", "highest", "reason"),
    [
        (["none", "failing"], 0.25, "ZeroDivisionError: no more ideas"),
        (["none", "blended"], 1.6, "parameters.lea_annual_exit: .* is out of range"),
    ],
)
def test_without_a_guard_the_workbench_stops_and_says_why(strategies: list[str], highest: float, reason: str) -> None:
    with pytest.raises(ema.util.EMAError, match=reason):  # no subclass of Exception
        experiment(measured, strategies=strategies, highest_exit=highest)


def test_the_workbenchs_own_failure_repeats_the_experiment_before() -> None:
    """Why docs/drivers.md says to give NaN; when this fails, the workbench is mended and the page can say so."""
    own_error = getattr(ema.util, "CaseError", None) or ema.util.ExperimentError  # renamed in 3.0

    def refuse(strategy: str, **arguments: Any) -> dict[str, float]:
        if strategy == "blended":
            raise own_error("no", arguments)
        return guarded(strategy=strategy, **arguments)

    table = experiment(refuse, strategies=["none", "blended"], scenarios=2)
    assert table["use"].notna().all()
    assert table["use"].nunique() == 2
