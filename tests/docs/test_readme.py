"""The examples of the front page, and of the pages that go on from it, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capsim.comparison.compare import compare
from capsim.scenario import load_scenario

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/own_situation.md", "docs/python.md")


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("page", "least"), [("README.md", 2), ("docs/python.md", 5)], ids=["front", "python"])
def test_python_examples_run_in_order(page: str, least: int) -> None:
    namespace: dict[str, object] = {"__name__": "readme"}
    examples = blocks(page, "python")
    assert len(examples) >= least
    for example in examples:
        exec(compile(example, page, "exec"), namespace)


def test_scenario_examples_run(tmp_path: Path) -> None:
    examples = [one for page in PAGES for one in blocks(page, "yaml")]
    assert examples
    for example in examples:
        path = tmp_path / "example.yaml"
        path.write_text(example, encoding="utf-8")
        assert compare(load_scenario(path), replications=2).answer()


def test_the_two_commands_are_targets_of_make() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
