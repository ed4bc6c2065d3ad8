"""Small comparisons of the classroom scenario, made once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from capsim.comparison.compare import compare
from capsim.comparison.comparison import Comparison
from capsim.comparison.ladder import RUNGS
from capsim.report import write_report
from capsim.scenario import load_scenario, scenario_from_mapping

QUICK = {"timeline": {"settling": 12, "assistance": 12, "follow_up": 12}}


def make(*, replications: int = 2, break_even: tuple[str, ...] = (), **changes: Any) -> Comparison:
    """Compare in the classroom, with some of the scenario replaced."""
    content = load_scenario("classroom").resolved()
    scenario = scenario_from_mapping({**content, **QUICK, **changes})
    return compare(scenario, replications=replications, break_even=break_even)


@pytest.fixture(scope="session")
def classroom() -> Callable[..., Comparison]:
    """Makes a comparison of the classroom."""
    return make


@pytest.fixture(scope="session")
def hostile() -> str:
    """A name that would break a page or a figure that trusts it."""
    return '<script>alert("x")</script> $\\frac{a}{b}$ & Ünïcødé 学校 <img src=http://example.org/a.png>'


@pytest.fixture(scope="session")
def usual(hostile: str) -> Comparison:
    """Nine replications with drawn assumptions, hostile names and a break-even."""
    own = {"name": hostile, "activities": {"coaching": 0.5, "goal_setting": 0.5}}
    strategies = ["none", "individual_focused", "organization_focused", own]
    return make(
        replications=9, uncertainty="assumed", name=hostile, strategies=strategies, break_even=("lea_annual_exit",)
    )


@pytest.fixture(scope="session")
def written(usual: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual report as a file."""
    return write_report(usual, tmp_path_factory.mktemp("report") / "report.html")


@pytest.fixture(scope="session")
def looked(usual: Comparison) -> Comparison:
    """The usual comparison after it has also looked at other budgets and at what would change the answer."""
    plans = [name for name in usual.strategies if name != "none"]
    rows = [
        (rung, name, replicate, 0.1 * rung**0.5 + 0.001 * replicate + 0.01 * place, 100.0 * rung)
        for place, name in enumerate(plans)
        for rung in RUNGS
        for replicate in range(3)
    ]
    ladder = pd.DataFrame(rows, columns=["budget", "strategy", "replicate", "gain", "ta_hours"])
    moved = [("coaching_ta_hours", -0.02), ("routine_redesign_routine", 0.05), ("spread_rate", 0.0)]
    effects = pd.DataFrame(
        [("assumption", name, "any", n, effect) for name, effect in moved for n in (0, 1)],
        columns=["step", "name", "group", "replicate", "effect"],
    )
    return dataclasses.replace(usual, ladder=ladder, effects=effects)


@pytest.fixture(scope="session")
def without(usual: Comparison) -> Callable[..., Comparison]:
    """Makes the usual comparison with failed strategies."""

    def fail(*names: str) -> Comparison:
        runs = usual.runs.copy()
        failed = runs["strategy"].isin(names)
        labels = ["run_id", "strategy", "replicate", "assumptions", "scenario", "status"]
        runs.loc[failed, [column for column in runs if column not in labels]] = float("nan")
        runs.loc[failed, "status"] = "failed"
        reason = 'Traceback (most recent call last):\n  File "/somewhere/secret.py"\nValueError: <b>hours</b>'
        failures = [{**row, "reason": reason} for row in runs.loc[failed, labels].to_dict("records")]
        monthly = usual.monthly[~usual.monthly["strategy"].isin(names)]
        return dataclasses.replace(usual, runs=runs, monthly=monthly, failures=failures)

    return fail
