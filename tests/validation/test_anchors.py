"""Anchors: the declared table is one to one, each trial has a runner, and the numbers are what they say."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from capsim.catalogue import ACTIVITIES
from capsim.parameters import PARAMETERS
from validation.__main__ import main
from validation.anchors import running
from validation.anchors.declared import TRIALS, Target, Trial
from validation.anchors.designs import RUNNERS
from validation.anchors.running import SMALL, Estimate, estimate_of, solve
from validation.anchors.sites import AREA, settled_sites

DOCS = Path(__file__).parents[2] / "docs"
TARGETS = [(trial, target) for trial in TRIALS for target in trial.targets]


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_every_target_solves_one_parameter_of_its_own_or_none() -> None:
    solving = [target for _, target in TARGETS if target.role != "held out"]
    parameters = [target.parameter for target in solving]
    assert len(set(parameters)) == len(parameters)
    assert set(parameters) <= PARAMETERS.keys()
    assert not any(target.parameter for _, target in TARGETS if target.role == "held out")
    assert len({(trial.name, target.name) for trial, target in TARGETS}) == len(TARGETS)
    assert all(target.low < target.high for _, target in TARGETS)


def test_every_trial_has_a_runner_and_known_activities() -> None:
    assert RUNNERS.keys() == {trial.name for trial in TRIALS}
    assert {activity for trial in TRIALS for activity in trial.hours} <= ACTIVITIES.keys()


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_a_runner_gives_every_declared_target(trial: Trial) -> None:
    found = RUNNERS[trial.name](trial, settled_sites(4, trial.positions, {}, 0))
    assert found.keys() == {target.name for target in trial.targets}


def test_arms_differ_by_help_alone() -> None:
    """Sites without help meet the same luck in both runs; hours given are those of the helped sites."""
    sites = settled_sites(4, (5,), {}, 0)
    helped = sites.rows[::2]
    treated, control = (sites.run(hours, helped, months=2)[2] for hours in ({"training": 24.0}, {}))
    other = sites.rows[1::2]
    assert np.array_equal(treated.exits, control.exits)
    assert np.array_equal(treated.routine[other], control.routine[other])
    assert treated.ta_hours[helped] == pytest.approx(2.0)
    gained = [
        treated.skill[i, AREA] - control.skill[i, AREA] for i in range(*sites.world.layout.first[helped[0] :][:2])
    ]
    assert max(gained) > 0.0


def test_an_estimate_is_a_ratio_of_sums_with_a_jackknife_interval() -> None:
    parts = np.array([[1.0, 2.0], [3.0, 4.0], [2.0, 2.0], [math.nan, 1.0]])
    estimate = estimate_of(parts)
    assert estimate.value == pytest.approx(6.0 / 8.0)
    means = estimate_of(np.array([[x, 1.0] for x in (1.0, 2.0, 4.0, 5.0)]))
    half = 3.182446 * np.std([1.0, 2.0, 4.0, 5.0], ddof=1) / 2.0  # that of a mean: t of 3 degrees times standard error
    assert (means.value, means.high - means.value) == pytest.approx((3.0, half), rel=1e-6)
    assert math.isnan(estimate_of(parts[3:]).value)


def made_up(shape: Any) -> Any:
    def trial_run(trial: Trial, parameters: Mapping[str, float], **_: int) -> dict[str, Estimate]:
        return {target.name: Estimate(shape(parameters[target.parameter]), 0.0, 0.0) for target in trial.targets}

    return trial_run


def test_a_solved_parameter_brings_the_statistic_to_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    trial = next(trial for trial in TRIALS if trial.name == "forgetting")
    target: Target = trial.targets[0]
    monkeypatch.setattr(running, "run_trial", made_up(lambda x: 30.0 / x))
    value, reached = solve(trial, target, {}, SMALL)
    assert reached
    assert 30.0 / value == pytest.approx(target.middle, rel=0.01)
    monkeypatch.setattr(running, "run_trial", made_up(lambda x: 1.0 / x))
    assert solve(trial, target, {}, SMALL) == (PARAMETERS["practice_hours"].low, False)  # the nearer end
    monkeypatch.setattr(running, "run_trial", made_up(lambda x: math.nan))
    assert not solve(trial, target, {}, SMALL)[1]


def test_small_anchors_run_and_can_be_told_again(tmp_path: Path) -> None:
    page, again = tmp_path / "anchors.md", tmp_path / "again.md"
    first = run("anchors", "--small", "--quiet", "--write", str(page))
    assert first.exit_code == 0
    assert f"of {len(TARGETS)} targets met." in first.stdout
    rows = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["anchors"]["targets"]
    assert [(row["trial"], row["target"]) for row in rows] == [(trial.name, target.name) for trial, target in TARGETS]
    told = run("anchors", "--from", str(page.with_suffix(".json")), "--quiet", "--write", str(again))
    assert told.stdout == first.stdout
    assert again.read_text(encoding="utf-8") == page.read_text(encoding="utf-8")
    wrong = run("anchors", "--from", "README.md")
    assert (wrong.exit_code, wrong.stderr) == (
        2,
        "README.md: holds no results of `python -m validation anchors --json`\n",
    )


def test_the_page_is_made_from_its_numbers(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert run("anchors", "--from", str(DOCS / "anchors.json"), "--quiet", "--write", str(page)).exit_code == 0
    assert page.read_text(encoding="utf-8") == (DOCS / "anchors.md").read_text(encoding="utf-8")
