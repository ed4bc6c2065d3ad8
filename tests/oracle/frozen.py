"""What must not change while the house is rebuilt, frozen before the first move.

    python -m tests.oracle.frozen            # compares, and prints the largest difference of each part
    python -m tests.oracle.frozen --save     # freezes again; only in a commit that raises RESULTS_VERSION and says why

Besides these parts, the small versions of all experiments are compared in `tests/experiment_pages`, and the saved run
in `tests/validation`. Whole numbers and names are compared exactly. Reals are bit-equal on one machine; the test
allows 1e-10, because exp and pow differ in the last digit between machines.
"""

from __future__ import annotations

import hashlib
import html
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import capsim
from capsim.analyses.fitting import Observation
from capsim.catalogue import MEASURES, STRATEGIES, SUPPORT_MEASURES, unweighted
from capsim.report import write_report
from capsim.runs.blocks import Block, run_block
from capsim.runs.study import load_study
from capsim.runs.study_plan import make_plan
from capsim.scenario import load_scenario, scenario_from_mapping

PLACE = Path(__file__).with_name("frozen.npz")
ROOT = Path(__file__).parents[2]
STUDIES = ("studies/turnover.yaml", "experiments/focal_areas/study.yaml", "experiments/regional_delivery/study.yaml")
GROUPS_THEN = 10
"""Groups of agencies that were recorded then; those that came later count districts otherwise."""
MEASURES_THEN = len(MEASURES) - len(SUPPORT_MEASURES)
"""Measures that were recorded then, which stand first."""
QUICK = {"timeline": {"settling": 12, "assistance": 12, "follow_up": 12}}
STATE = (
    "person",
    "tenure",
    "vacant_months",
    "skill",
    "priority",
    "attention",
    "engagement",
    "tie_to",
    "tie_strength",
    "consulted",
    "routine",
    "plan",
    "use",
    "culture",
    "data_systems",
    "resource_alignment",
    "committed",
    "exits",
    "outside_initiatives",
)

Part = dict[str, np.ndarray]


def _ohio() -> dict[str, Any]:
    content = load_scenario("ohio").resolved()
    content["agencies"] = {**content["agencies"], "sample": 12}
    content["timeline"] = {"settling": 24, "assistance": 18, "follow_up": 12}
    content["assistance"] = {"budget_hours_per_year": 60000.0}
    return content


def _records(content: dict[str, Any], replicate: int) -> Part:
    """Records of every shipped strategy: each third month, agencies at both moments, hours, outcomes, the chain, where
    hours are lost and who was served.
    """
    block = Block(
        scenario_from_mapping(content).resolved(), tuple(STRATEGIES), replicate, keep_agencies=True, keep_provision=True
    )
    result = run_block(block)
    found: Part = {"settling": np.array([result.settling_months, result.drift])}
    for run in result.runs:
        assert not run.failure, run.failure
        found[f"{run.strategy}/monthly"] = run.monthly[2::3, :GROUPS_THEN, :MEASURES_THEN]
        own = [name for name in sorted(run.outcomes) if unweighted(name)[0] == name and "use_in_" not in name]
        found[f"{run.strategy}/outcomes"] = np.array([run.outcomes[name] for name in own])
        found[f"{run.strategy}/hours"] = np.array([run.by_activity[name] for name in sorted(run.by_activity)])
        for moment, measured in run.by_organization.items():
            found[f"{run.strategy}/agencies after {moment}"] = measured[:MEASURES_THEN]
        if run.provision is not None:
            found[f"{run.strategy}/chain"] = run.provision.chain.sum(axis=0)
            found[f"{run.strategy}/logbook"] = run.provision.logbook[2::3]
            found[f"{run.strategy}/flow"] = run.provision.flow.by_level.sum(axis=(0, 2, 3))
            found[f"{run.strategy}/reach"] = run.provision.flow.reach
    return found


def classroom() -> Part:
    return _records(load_scenario("classroom").resolved(), 2)


def ohio() -> Part:
    return _records(_ohio(), 3)


def state() -> Part:
    """Every column at the end of a run."""
    found: Part = {}
    small = scenario_from_mapping(_ohio())
    for scenario, strategy in (
        ("classroom", "organization_focused"),
        ("classroom", "tiered"),
        (small, "network_teams"),
        (small, "working_groups"),
    ):
        model = capsim.CapacityModel(scenario, strategy=strategy, seed=5)
        model.run()
        where = scenario if isinstance(scenario, str) else "ohio"
        for name in STATE:
            found[f"{where}/{strategy}/{name}"] = np.array(getattr(model.world, name))
    return found


def run_ids() -> Part:
    found: Part = {}
    for file in STUDIES:
        ids = [name for task in make_plan(load_study(ROOT / file)).tasks() for name in task.ids]
        found[file] = np.array([*ids[:5], str(len(ids)), hashlib.sha256("".join(ids).encode()).hexdigest()])
    return found


def _table(table: pd.DataFrame) -> Part:
    return {
        name: (values := table[name].to_numpy()).astype(float if values.dtype.kind in "fiub" else str)
        for name in sorted(map(str, table.columns))
    }


def report() -> Part:
    """The tables of a comparison and the cells of its report, sorted."""
    scenario = scenario_from_mapping({**load_scenario("classroom").resolved(), **QUICK})
    result = capsim.compare(
        scenario, replications=5, uncertainty="assumed", break_even=("lea_annual_exit",), keep_agencies=True
    )
    found = {f"differences/{name}": values for name, values in _table(result.differences()).items()}
    found |= {f"runs/{name}": values for name, values in _table(result.runs).items()}
    with tempfile.TemporaryDirectory() as folder:
        text = write_report(result, Path(folder) / "report.html").read_text(encoding="utf-8")
    cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", text, re.S)]
    numbers = sorted(" ".join(html.unescape(cell).split()) for cell in cells if re.search(r"\d", cell))
    found["cells"] = np.array([cell for cell in numbers if len(cell) < 60])
    return found


def calibration() -> Part:
    scenario = scenario_from_mapping({**load_scenario("classroom").resolved(), **QUICK})
    data = [Observation("vacancy", 12, "lea", 0.06, 0.01), Observation("use", 12, "lea", 0.3, 0.02)]
    fitted = capsim.calibrate(scenario, data, parameters=["lea_annual_exit", "codification_rate"], n=60, seed=3)
    found = _table(fitted.sample) | {f"quantiles/{k}": v for k, v in _table(fitted.quantiles).items()}
    return found | {"best": np.array([fitted.best[name] for name in sorted(fitted.best)])}


def optimization() -> Part:
    scenario = scenario_from_mapping({**load_scenario("classroom").resolved(), **QUICK})
    found = capsim.optimize(scenario, n=5, draws=4, replications=1, seed=2)
    return _table(found.table) | {f"regret/{name}": values for name, values in _table(found.regret).items()}


PARTS: dict[str, Callable[[], Part]] = {
    "classroom": classroom,
    "ohio": ohio,
    "state": state,
    "run_ids": run_ids,
    "report": report,
    "calibration": calibration,
    "optimization": optimization,
}


def difference(name: str, now: Part, frozen: dict[str, np.ndarray]) -> dict[str, float]:
    """Largest difference of each array of a part that is not bit-equal; infinite for another shape, name or whole
    number.
    """
    before = {key.removeprefix(f"{name}:"): value for key, value in frozen.items() if key.startswith(f"{name}:")}
    found = {}
    for key, old in before.items():
        new = now.get(key)
        if key == "cells" and new is not None:
            # a report may say more than before, never something else
            left, missing = new.tolist(), 0
            for cell in old.tolist():
                if cell in left:
                    left.remove(cell)
                else:
                    missing += 1
            gap = float("inf") if missing else 0.0
        elif new is None or new.shape != old.shape:
            gap = float("inf")
        elif old.dtype.kind != "f":
            gap = 0.0 if np.array_equal(new, old) else float("inf")
        elif np.array_equal(np.isnan(new), np.isnan(old)):
            scale = np.maximum(1.0, np.abs(old))
            gap = float(np.nanmax(np.abs(new - old) / scale, initial=0.0))
        else:
            gap = float("inf")
        if gap > 0.0:
            found[key] = gap
    return found


def load() -> dict[str, np.ndarray]:
    with np.load(PLACE, allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def main() -> int:
    if sys.argv[1:] == ["--save"]:
        np.savez_compressed(
            PLACE, **{f"{name}:{key}": value for name, part in PARTS.items() for key, value in part().items()}
        )  # type: ignore[arg-type]
        return 0
    frozen, worst = load(), {}
    for name in sys.argv[1:] or PARTS:
        worst[name] = difference(name, PARTS[name](), frozen)
        largest = max(worst[name].values(), default=0.0)
        print(f"{name}: {'bit-equal' if not worst[name] else f'largest difference {largest:.3g}'}", flush=True)
        for key, gap in sorted(worst[name].items(), key=lambda item: -item[1])[:5]:
            print(f"    {key}: {gap:.3g}")
    return int(any(worst.values()))


if __name__ == "__main__":
    sys.exit(main())
