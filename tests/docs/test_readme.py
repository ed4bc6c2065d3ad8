"""The examples of the README run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capsim.comparison.compare import compare
from capsim.scenario import load_scenario

README = Path(__file__).resolve().parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def test_python_examples_run_in_order() -> None:
    namespace: dict[str, object] = {"__name__": "readme"}
    examples = blocks("python")
    assert len(examples) >= 6
    for example in examples:
        exec(compile(example, "README.md", "exec"), namespace)


@pytest.mark.parametrize("example", blocks("yaml"))
def test_scenario_examples_run(example: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    assert compare(load_scenario(path), replications=2).answer()


def test_the_two_commands_are_targets_of_make() -> None:
    targets = re.findall(r"^(\w+):", (README.parent / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
