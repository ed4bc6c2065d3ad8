"""The examples of docs/drivers.md run as they stand, and say what the page says of them."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

import capsim

PAGE = Path(__file__).resolve().parents[2] / "docs" / "drivers.md"
for package in ("ema_workbench", "SALib", "optuna"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(package, reason=f"{package} is not installed")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples leave behind, run in order."""
    examples = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert len(examples) == 5
    found: dict[str, Any] = {"__name__": "page"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for example in examples:
            exec(compile(example, PAGE.name, "exec"), found)
    return found


def test_batch_run(names: dict[str, Any]) -> None:
    rows = names["rows"]
    assert {(row["strategy"], row["lea_annual_exit"]) for row in rows} == {
        (strategy, value) for strategy in ("none", "blended") for value in (0.1, 0.3)
    }
    for row in rows:
        arguments = {name: row[name] for name in ("strategy", "lea_annual_exit", "rng")}
        assert row["use"] == capsim.CapacityModel("classroom", **arguments).run().measure("use")


def test_workbench(names: dict[str, Any]) -> None:
    assert len(names["experiments"]) == 12
    assert not any(math.isnan(value) for value in names["outcomes"]["use"])


def test_salib(names: dict[str, Any]) -> None:
    assert len(names["use"]) == 8 * 4
    assert names["indices"]["ST"].shape == (2,)


def test_optuna(names: dict[str, Any]) -> None:
    assert names["search"].best_value == names["mean_use"](names["mix"](names["search"].best_params))


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", PAGE.read_text(encoding="utf-8")):
        assert (PAGE.parent / link).exists(), link
