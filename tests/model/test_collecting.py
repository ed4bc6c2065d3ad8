"""Mesa's DataCollector and batch_run."""

from __future__ import annotations

import sys
import warnings
from inspect import signature
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

from capsim import CapacityModel, InputError, PluginError, Staff
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


class Passing(CapacityModel):
    """A subclass that passes its arguments on, as most do."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("classroom", **arguments)


class Choosing(CapacityModel):
    """One that names some itself."""

    def __init__(self, exits: float = 0.2, *, seed: int | None = None, **arguments: Any) -> None:
        super().__init__("classroom", lea_annual_exit=exits, seed=seed, **arguments)


class OwnCollector(CapacityModel):
    """The line of every tutorial of Mesa's."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("classroom", **arguments)
        self.datacollector = mesa.DataCollector(model_reporters={"use": lambda model: model.measure("use")})
        self.datacollector.collect(self)

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def rows_of(model: type[CapacityModel], arguments: dict[str, Any], **options: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return pd.DataFrame(batch_run(model, arguments, display_progress=False, **options))


@pytest.mark.parametrize("model", [CapacityModel, Passing, Choosing])
def test_batch_run_gives_the_luck_that_rng_asks_for(model: type[CapacityModel]) -> None:
    """Mesa 3.5 puts None over `rng` where it sees no argument `seed`."""
    first, again = (rows_of(model, {"rng": [1, 2], "strategy": "blended"}) for _ in range(2))
    wanted = [model(seed=seed, strategy="blended").run().measure("use") for seed in (1, 2)]
    assert first["use"].tolist() == again["use"].tolist() == wanted
    if not old_mesa():
        assert rows_of(model, {"strategy": "blended"}, rng=[1, 2])["use"].tolist() == wanted


def test_the_arguments_of_a_subclass_can_be_seen() -> None:
    assert set(signature(CapacityModel).parameters) - {"kwargs"} < set(signature(Passing).parameters)
    assert list(signature(Choosing).parameters)[:2] == ["exits", "seed"]

    class Closed(Choosing):
        def __init__(self, size: int) -> None:
            super().__init__()

    assert list(signature(Closed).parameters) == ["size"]


@pytest.mark.parametrize("period", [1, 12])
@pytest.mark.parametrize("given", [{}, {"agent_reporters": {"skill": "tenure"}}])
def test_a_step_of_batch_run_is_the_month_of_that_number(period: int, given: dict[str, Any]) -> None:
    rows = rows_of(Reporting if given else CapacityModel, {"rng": [1]}, data_collection_period=period)
    use = CapacityModel(seed=1).run().history.query("level == 'lea'").set_index("month")["use"]
    by_step = rows.groupby("Step")["use"].first()
    assert {0, 12, 24, 36} <= set(by_step.index)
    assert np.isnan(by_step.loc[0])
    expected = use.reindex(by_step.index)
    np.testing.assert_array_equal(by_step.to_numpy(), expected.to_numpy())


class Reporting(CapacityModel):
    """Reports on its agents."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__("classroom", agent_reporters={"tenure": "tenure"}, **arguments)


def test_a_collector_of_the_users_own_in_a_subclass() -> None:
    model = OwnCollector(seed=1).run()
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table.columns) == ["use"]
    assert table["use"].tolist()[1:] == model.history.query("level == 'lea'")["use"].tolist()
    assert len(table) == 49


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"model_reporters": {"x": "monht"}},
            "model_reporters: 'x': the model has no attribute 'monht'; did you mean mon",
        ),
        ({"agent_reporters": {"x": "engagment"}}, "any agent has no attribute 'engagment'; did you mean engagement"),
        ({"agenttype_reporters": {Staff: {"x": "skil"}}}, "Staff has no attribute 'skil'; did you mean skill"),
        ({"agenttype_reporters": {Staff: {"x": 3}}}, "must be the name of an attribute, a function"),
        ({"agenttype_reporters": {"Staff": {}}}, "keys are classes of agents"),
        ({"agenttype_reporters": {Staff: "skill"}}, "must be a mapping"),
        ({"model_reporters": "month"}, "model_reporters must be a mapping"),
        ({"model_reporters": {"x": None}}, "'x': must be the name of an attribute"),
        ({"model_reporters": {3: "month"}}, "must be the name of an attribute"),
    ],
)
def test_reporters_that_ask_for_nothing_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        CapacityModel(seed=1, **arguments)


def test_a_subclass_may_report_what_it_sets_itself_later() -> None:
    class Late(CapacityModel):
        def __init__(self, **arguments: Any) -> None:
            super().__init__(model_reporters={"mine": "mine", "typo": "mien"}, **arguments)
            self.mine = 3

    with pytest.raises(InputError, match=r"the model has no attribute 'mien'; did you mean mine\?"):
        Late(seed=1).step()


def leave(model: CapacityModel) -> None:
    sys.exit(0)


@pytest.mark.parametrize("where", ["model_reporters", "agent_reporters"])
def test_a_reporter_that_fails_names_itself_and_the_month(where: str) -> None:
    model = CapacityModel(seed=1, **{where: {"gone": leave}})
    with pytest.raises(PluginError, match="reporter 'gone' failed in month 0: SystemExit: 0"):
        model.step()


def test_what_a_reporter_prints_is_not_on_standard_output(capsys) -> None:
    CapacityModel(seed=1, model_reporters={"loud": lambda model: print("loud")}).step()
    assert capsys.readouterr().out == ""


def old_mesa() -> bool:
    """Whether batch_run has no `rng` yet."""
    return "rng" not in signature(batch_run).parameters
