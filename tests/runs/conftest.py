"""The undisturbed study, and a runner of studies in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from capsim.runs.sweep import sweep
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def classroom() -> Scenario:
    """The classroom with fewer months."""
    content = load_scenario("classroom").resolved()
    timeline = {"settling": 6, "assistance": 12, "follow_up": 12}
    return scenario_from_mapping({**content, "timeline": timeline, "replications": 6})


@pytest.fixture(scope="session")
def reference(tmp_path_factory) -> pd.DataFrame:
    """Runs of the study that the faults disturb, undisturbed."""
    from faults import STUDY

    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "study.yaml").write_text(STUDY)
    return sweep(folder / "study.yaml", out=folder / "out").runs


@pytest.fixture
def driver() -> Iterator[Callable[..., Any]]:
    """Start drivers that do not outlive the test."""
    from faults import start_driver

    started = []

    def start(*args, **options):
        started.append(start_driver(*args, **options))
        return started[-1]

    yield start
    for one in started:
        one.clean_up()


@pytest.fixture
def command() -> Iterator[Callable[..., Any]]:
    """Start commands that do not outlive the test."""
    from faults import start_command

    started = []

    def start(*args, **options):
        started.append(start_command(*args, **options))
        return started[-1]

    yield start
    for one in started:
        one.clean_up()
