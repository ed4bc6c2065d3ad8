"""Mesa's DataCollector and batch_run."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

from capsim import CapacityModel, Staff
from capsim.catalogue import MEASURES


def test_measures_are_collected_when_asked_for() -> None:
    model = CapacityModel(seed=1, strategy="blended").run()
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == list(MEASURES)
    lea = model.history.query("level == 'lea'").set_index("month")[list(MEASURES)]
    pd.testing.assert_frame_equal(table.loc[1:], lea, check_dtype=False, check_names=False)
    assert table.loc[0].isna().all()
    assert len(model.datacollector.get_model_vars_dataframe()) == 49


def test_asking_in_between_changes_nothing() -> None:
    model = CapacityModel(seed=1)
    while model.running:
        model.step()
        _ = model.datacollector
    at_once = CapacityModel(seed=1).run()
    pd.testing.assert_frame_equal(
        model.datacollector.get_model_vars_dataframe(), at_once.datacollector.get_model_vars_dataframe()
    )


def test_reporters_of_the_users_own() -> None:
    model = CapacityModel(
        seed=1,
        model_reporters={"heads": lambda m: len(m.agents_by_type[Staff]), "month": "month"},
        agent_reporters={"engagement": "engagement"},
        agenttype_reporters={Staff: {"skill": lambda person: person.skill}},
    )
    heads = [int((model.staff["person"] >= 0).sum())]
    for _ in range(6):
        model.step()
        heads.append(int((model.staff["person"] >= 0).sum()))
    table = model.datacollector.get_model_vars_dataframe()
    assert table["heads"].tolist() == heads
    assert table["month"].tolist() == table.index.tolist() == [0, 1, 2, 3, 4, 5, 6]
    lea = model.history.query("level == 'lea'")["use"].tolist()
    assert table["use"].tolist()[1:] == lea
    people = model.datacollector.get_agent_vars_dataframe()["engagement"].dropna()
    assert len(people) == sum(heads)
    skills = model.datacollector.get_agenttype_vars_dataframe(Staff)["skill"]
    latest = np.array(skills.tolist())[-heads[-1] :]
    np.testing.assert_array_equal(latest, model.staff["skill"][model.staff["person"] >= 0])


def test_batch_run_drives_the_model() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows = batch_run(
            CapacityModel,
            {
                "scenario": "classroom",
                "strategy": ["none", "blended"],
                "lea_annual_exit": [0.1, 0.3],
                "seed": 1,
            }
            | ({} if old_mesa() else {"seed": None}),
            **({"iterations": 2} if old_mesa() else {"rng": [1, 2]}),
            display_progress=False,
        )
    table = pd.DataFrame(rows)
    assert len(table) == 8
    assert set(table["strategy"]) == {"none", "blended"}
    wanted = CapacityModel("classroom", strategy="blended", lea_annual_exit=0.3, seed=1).run().measure("use")
    found = table.query("strategy == 'blended' and lea_annual_exit == 0.3 and seed == 1")["use"]
    assert found.tolist() == pytest.approx([wanted] * len(found))
    assert len(found) == (2 if old_mesa() else 1)


def old_mesa() -> bool:
    """Whether batch_run has no `rng` yet."""
    from inspect import signature

    return "rng" not in signature(batch_run).parameters
