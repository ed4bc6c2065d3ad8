"""A table of wrong arguments: every one is refused by an error of capsim, one clear line a problem, before a run."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import capsim
from capsim.analyses.fitting import Observation
from capsim.analyses.selection import kim_nelson
from capsim.errors import CapsimError, InputError

SEEN = [Observation("vacancy", 12, "lea", 0.05, 0.02)]
EXIT = ["lea_annual_exit"]
POINTS = pd.DataFrame({"a": np.linspace(0.0, 1.0, 40)})


class Unreadable:
    """An object whose text is long and has lines."""

    def __repr__(self) -> str:
        return "line\n" * 500


class Foreign:
    """An object that no argument takes, with a name that is the same in every process."""

    def __repr__(self) -> str:
        return "<foreign>"


SCENARIOS: tuple[Any, ...] = (
    None,
    7,
    3.5,
    True,
    [],
    ["classroom"],
    {},
    {"name": "x"},
    b"classroom",
    "clasroom",
    "",
    "no/such/file.yaml",
    Path("no_such_file.yaml"),
    Path("."),
    Foreign(),
    Unreadable(),
    np.array([1.0]),
    "x" * 5000,
    "nul\0in it",
)
WRONG_NUMBERS: tuple[Any, ...] = (0, -3, 2.5, math.nan, math.inf, "4", None, True, [4], 10**30, Decimal(4), 1j, np.nan)
WRONG_NAMES: tuple[Any, ...] = (
    "nonsense",
    7,
    2.5,
    {"a": 1},
    [[]],
    [7],
    ["blended", "nonsense"],
    [],
    b"blended",
    [None],
)

CALLS: dict[str, tuple[str, dict[str, Any]]] = {}


def add(function: str, **options: Any) -> None:
    CALLS[f"{function} {len(CALLS)} {' '.join(' '.join(f'{k}={v!r}' for k, v in options.items()).split())[:60]}"] = (
        function,
        options,
    )


for value in SCENARIOS:
    add("compare", scenario=value)
for value in SCENARIOS[:8]:
    for name in ("sensitivity", "optimize", "explain", "select_strategy", "calibrate"):
        add(name, scenario=value)
for value in WRONG_NUMBERS:
    if value is not None:
        add("compare", replications=value)
        add("calibrate", n=value)
    if value not in (None, 10**30):  # no more workers are hired than there is work
        add("compare", workers=value)
    if value not in (2.5, 10**30) and value is not None:
        add("compare", precision=value if value != 4 else -4.0)
    add("sensitivity", replications=value)
    add("optimize", draws=value)
for value in (*WRONG_NAMES, None):
    if value is not None:
        add("compare", strategies=value if value else ["none"])
        add("compare", contrast=value)
        add("explain", first=value)
        add("sensitivity", strategies=value)
        add("sensitivity", parameters=value)
        add("select_strategy", strategies=value)
        add("optimize", objectives=value)
        add("optimize", activities=value)
    add("calibrate", parameters=value)
for value in ("sobbol", "", 7, None, ["sobol"], np.array(["sobol"])):
    add("sensitivity", method=value)
    add("calibrate", method=value)
    add("optimize", robust=value)
    add("optimize", search=value)
for value in (-1, 1.5, "1", 2**64, math.nan, [1], True):
    add("compare", seed=value)
    add("explain", seed=value)
for value in ("some", 7, [], b"none"):
    add("compare", uncertainty=value)
for value in ("nonsense", 7, [], "use_folow_up_end", "strategy"):
    add("sensitivity", outcome=value)
    add("select_strategy", outcome=value)
for value in (7, "text", [1], Foreign()):
    add("compare", progress=value)
    add("calibrate", progress=value)
for value in (7, 2.5, [], Foreign()):
    add("sensitivity", store=value)
    add("calibrate", runs=value)
for value in (None, 7, {}, [], [7], "no.csv", Path("."), [Observation("vacansy", 12, "lea", 0.1, 0.1)]):
    add("calibrate", observed=value)
for one in (
    Observation("vacancy", 0, "lea", 0.1, 0.1),
    Observation("vacancy", 12, "lea", math.nan, 0.1),
    Observation("vacancy", 12, "lea", 0.1, 0.0),
    Observation("vacancy", 12, "leas", 0.1, 0.1),
    Observation("vacancy", 12.5, "lea", 0.1, 0.1),  # type: ignore[arg-type]
    Observation(None, 12, "lea", 0.1, 0.1),  # type: ignore[arg-type]
):
    add("calibrate", observed=[one])
for value in (0.0, -0.1, 0.6, math.nan, "0.1", None, True):
    add("calibrate", share=value)
    add("select_strategy", delta=-0.1 if value in (0.6, None) else value if value != "0.1" else "x")
    add("select_strategy", alpha=value if value != 0.6 else 0.5)
for value in ([200.0, 200.0], [-1.0], ["many"], [math.inf], {}, "hours"):
    add("optimize", budgets=value)
for value in (0, -1, "some", [2.5], [], {}):
    add("optimize", focal_areas=value)
for value in (1, 3, "x", 2.5):
    add("optimize", population=value)
for value in ("lea_anual_exit", ["seed"], 7, [None]):
    add("compare", break_even=value)


@pytest.fixture(autouse=True)
def nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(block: Any) -> None:
        raise AssertionError("a run was started")

    monkeypatch.setattr("capsim.runs.crews.run_block", started)
    monkeypatch.setattr("capsim.analyses.explain.explain_block", started)
    monkeypatch.setattr("capsim.runs.chunk.run_block", started)


def lines_are_clear(error: CapsimError) -> None:
    lines = str(error).splitlines()
    assert 1 <= len(lines) <= 25, lines
    assert all(line.strip() and len(line) < 1000 for line in lines), lines
    assert "Traceback" not in str(error)


@pytest.mark.parametrize("name", list(CALLS))
def test_wrong_arguments_are_refused_in_clear_lines(name: str, small: capsim.Scenario, tmp_path: Path) -> None:
    function, options = CALLS[name]
    usual: dict[str, dict[str, Any]] = {
        "compare": {},
        "sensitivity": {"parameters": EXIT, "method": "morris", "n": 4},
        "calibrate": {"observed": SEEN, "parameters": EXIT},
        "optimize": {"uncertain": EXIT},
        "explain": {"first": "blended"},
        "select_strategy": {"delta": 0.1},
    }
    with pytest.raises(CapsimError) as caught:
        getattr(capsim, function)(**{"scenario": small, **usual[function], **options})
    lines_are_clear(caught.value)


@pytest.mark.parametrize(
    ("points", "values", "options"),
    [
        (POINTS, np.full(40, np.nan), {}),
        (POINTS, np.ones(40), {}),
        (POINTS, np.ones(39), {}),
        (POINTS, ["a"] * 40, {}),
        (POINTS, np.ones((40, 2)), {}),
        (POINTS, None, {}),
        (None, np.ones(40), {}),
        ([1, 2, 3], np.ones(3), {}),
        (POINTS.astype(str).assign(a="x"), -np.arange(40.0), {}),
        (POINTS.where(POINTS > 0.1), np.arange(40.0) - 20.0, {}),
        (POINTS, np.arange(40.0) - 20.0, {"density": 1.5}),
        (POINTS, np.arange(40.0) - 20.0, {"density": "x"}),
        (POINTS, np.arange(40.0) - 20.0, {"peel": 0.0}),
        (POINTS, np.arange(40.0) - 20.0, {"peel": 1.0}),
        (POINTS, np.arange(40.0) - 20.0, {"least_mass": -0.1}),
        (POINTS, np.arange(40.0) - 20.0, {"below": math.nan}),
        (pd.DataFrame(), np.ones(0), {}),
    ],
)
def test_discovery_refuses_what_has_no_region(points: Any, values: Any, options: Any) -> None:
    with pytest.raises(InputError) as caught:
        capsim.discover(points, values, **options)
    lines_are_clear(caught.value)


@pytest.mark.parametrize(
    "options", [{"delta": math.nan}, {"alpha": 0.7}, {"first": 3}, {"delta": "x"}, {"first": None}]
)
def test_selection_refuses(options: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        kim_nelson(lambda s, a, n: np.zeros((n, len(s))), ["x", "y"], **{"delta": 0.1, **options})
    lines_are_clear(caught.value)


def test_the_table_is_long() -> None:
    assert len(CALLS) >= 200
