"""Small scenarios and a runner for the commands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from capsim.cli import main

AGENCIES = """\
id,name,state,level,enrollment,parent
STATE,State agency,Example,sea,,
BIRCH,Birch Hill,Example,lea,900,STATE
MAPLE,Maple City,Example,lea,6500,STATE
"""
SCENARIO = """\
name: Small
agencies: {source: agencies.csv}
focal_areas: [equity, data_use]
question: {contrast: [organization_focused, individual_focused]}
timeline: {settling: 6, assistance: 12, follow_up: 12}
uncertainty: none
assistance: {budget_hours_per_year: 400}
strategies: [none, individual_focused, organization_focused]
replications: 3
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test works in a folder of its own, with a small scenario in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "agencies.csv").write_text(AGENCIES)
    (tmp_path / "small.yaml").write_text(SCENARIO)
    return tmp_path


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress says nothing, whatever has to be compiled."""
    monkeypatch.setattr("capsim.cli.group._listen", lambda heard: contextlib.ExitStack())


@pytest.fixture(autouse=True)
def answer_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked into after an answer may cost no more than so few runs did, except where a test asks for it."""
    if "real_extras" not in request.fixturenames:
        monkeypatch.setattr("capsim.comparison.extras._LEAST", 0.0)


@pytest.fixture
def real_extras() -> None:
    """Ask for what is looked into after the answer."""


@pytest.fixture(autouse=True)
def short_report(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without pictures, except where a test asks for the real one."""
    if "real_report" not in request.fixturenames:
        monkeypatch.setattr("capsim.report.write_report", _write_short)


@pytest.fixture
def real_report() -> None:
    """Ask for the real report."""


def _write_short(comparison: object, path: Path) -> None:
    path.write_text(f"<p>{comparison.answer()}</p>", encoding="utf-8")  # type: ignore[attr-defined]


@pytest.fixture
def capsim() -> Callable[..., Result]:
    """Run a command in this process; output and errors apart."""

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def change(folder: Path) -> Callable[..., str]:
    """Write a scenario like the small one with lines replaced or added; return its name."""

    def write(*lines: str, name: str = "changed.yaml") -> str:
        keys = {line.split(":", 1)[0] for line in lines}
        kept = [line for line in SCENARIO.splitlines() if line.split(":", 1)[0] not in keys]
        (folder / name).write_text("\n".join([*kept, *lines]) + "\n")
        return name

    return write


@pytest.fixture
def plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a module with a strategy whose `decide` has the given body; return its reference."""
    monkeypatch.syspath_prepend(str(folder))

    def write(body: str) -> str:
        module = f"own_{os.getpid()}_{abs(hash((body, str(folder))))}"
        text = "import numpy as np\nimport capsim\n\n\nclass Own(capsim.Strategy):\n    name = 'own'\n\n"
        text += f"    def decide(self, view, month, budget, draws):\n        {body}\n"
        (folder / f"{module}.py").write_text(text)
        return f"{module}:Own"

    return write
