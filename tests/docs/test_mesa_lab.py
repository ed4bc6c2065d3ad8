"""The lab for classes on agent-based models runs in order, and shows what its text says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import capsim

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "mesa"
LAB = (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples leave behind."""
    found: dict[str, Any] = {"__name__": "lab"}
    for example in re.findall(r"^```python\n(.*?)^```", LAB, flags=re.DOTALL | re.MULTILINE):
        exec(compile(example, "docs/mesa/README.md", "exec"), found)
    return found


def test_every_month_is_collected(names: dict[str, Any]) -> None:
    assert names["months"].index.tolist() == list(range(49))
    assert {"use", "individual", "newcomers"} <= set(names["months"].columns)
    assert 0 < names["stayed"] < names["people"]["AgentID"].nunique()


def test_luck_is_larger_than_the_effect_and_does_not_hide_it(names: dict[str, Any]) -> None:
    table, gain = names["table"], names["gain"]
    assert table["individual_focused"].std() > gain.mean()
    assert (gain > 0.0).all()


def test_rows_are_single_runs(names: dict[str, Any]) -> None:
    row = names["rows"][3]
    model = capsim.CapacityModel("classroom", strategy=row["strategy"], seed=row["rng"]).run()
    assert row["use"] == model.measure("use")


def test_the_rule_makes_a_difference(names: dict[str, Any]) -> None:
    assert names["with_buddies"] != names["without"]


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", LAB):
        assert (FOLDER / link).exists(), link


def test_the_page_is_ten_lines_and_its_names_exist() -> None:
    tree = ast.parse((FOLDER / "solara_page.py").read_text(encoding="utf-8"))
    assert sum(not isinstance(line, ast.Import | ast.ImportFrom) for line in tree.body) + 2 <= 12
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {"use", "individual", "organizational_skills"} <= words & set(capsim.MEASURES)
    assert {"individual_focused", "organization_focused", "blended"} <= words & set(capsim.STRATEGIES)
    model = capsim.CapacityModel(scenario="classroom", strategy="blended", seed=1, lea_annual_exit=0.16)
    assert model.values["lea_annual_exit"] == 0.16
