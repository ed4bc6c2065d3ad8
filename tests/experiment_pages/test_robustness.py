"""The headline under draws of assumptions and rules: settings, a store that goes on, the page."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from capsim.catalogue.rules import RULES
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import block_values
from experiments import robustness, robustness_draws
from experiments.robustness_draws import SETTINGS, carry_out, retention_at, scenario_of
from experiments.robustness_page import CAUTION, explained, robustness_page


@pytest.fixture(scope="module")
def carried(tmp_path_factory):
    folder = tmp_path_factory.mktemp("robustness")
    scenario = scenario_of(small=True)
    return scenario, folder, carry_out(scenario, folder, draws=2)


def test_every_setting_is_drawn_and_told(carried):
    scenario, _, found = carried
    assert set(found) == set(SETTINGS)
    assert all(len(table) == 2 and (table["reason"] == "").all() for table in found.values())
    page = robustness_page(scenario, found)
    assert CAUTION in page
    assert all(setting.title in page for setting in SETTINGS.values())


def test_what_is_stored_is_not_run_again(carried, monkeypatch):
    scenario, folder, found = carried
    (place,) = folder.iterdir()
    path = place / "redesign_20.jsonl"
    path.write_text("\n".join(path.read_text().splitlines()[:1]) + '\n{"draw": 1, "rea')
    asked = []
    usual = robustness_draws.run_blocks
    monkeypatch.setattr(
        robustness_draws, "run_blocks", lambda blocks, **how: asked.extend(blocks) or usual(blocks, **how)
    )
    again = carry_out(scenario, folder, draws=2)
    assert [block.replicate for block in asked] == [1]
    for name, table in found.items():
        pd.testing.assert_frame_equal(again[name], table)
    assert [json.loads(line)["draw"] for line in path.read_text().splitlines()] == [0, 1]


def test_settings_fix_what_they_say_and_draw_the_rest():
    scenario = scenario_of(small=True)
    values = {name: block_values(scenario, one.block(scenario, 3)) for name, one in SETTINGS.items()}
    redesign = "routine_redesign_routine"
    assert [values[f"redesign_{size}"][redesign] for size in ("06", "20", "60")] == [0.06, 0.2, 0.6]
    teaching = RULES["teaching"]
    assert values["ceilings_on"]["teaching_rule"] == teaching.code("by_activity")
    assert values["ceilings_off"]["teaching_rule"] == teaching.code("one_ceiling")
    others = [rule.parameter for rule in RULES.values() if rule.name != "teaching"]
    assert {tuple(one[name] for name in others) for one in values.values()} == {
        tuple(values["all"][name] for name in others)
    }


def test_two_priors_of_retention():
    declared = PARAMETERS["routine_annual_retention"]
    for prior in ("triangular", "log-uniform"):
        drawn = [retention_at(u, prior) for u in (0.0, 0.3, 0.6, 1.0)]
        assert drawn == sorted(drawn)
        assert drawn[0] == pytest.approx(declared.low)
        assert drawn[-1] == pytest.approx(declared.high)
    assert (1.0 - retention_at(0.5, "log-uniform")) ** 2 == pytest.approx((1 - declared.low) * (1 - declared.high))


def test_what_decides_is_found():
    rng = np.random.default_rng(1)
    n = 400
    inputs = pd.DataFrame(
        {
            "slope": rng.random(n),
            "idle": rng.random(n),
            "rules.load": rng.choice(["hours", "areas", "setup"], n),
        }
    )
    outcome = inputs["slope"] + 2.0 * (inputs["rules.load"] == "areas") + 0.1 * rng.standard_normal(n)
    table = explained(outcome.to_numpy(), inputs).set_index("input")
    assert list(table.index) == ["rules.load", "slope", "idle"]
    assert table.loc["rules.load", "alone"] > 0.8
    assert table.loc["slope", "together"] > 0.97
    assert table.loc["idle", "alone"] < 0.02


def test_the_small_version_prints_and_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(robustness, "SMALL_DRAWS", 2)
    result = CliRunner().invoke(robustness.main, ["--small", "--workers", "1"])
    assert result.exit_code == 0
    assert CAUTION in result.output
    assert not list(tmp_path.iterdir())
