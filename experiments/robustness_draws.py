"""Draws of assumptions and rules under which the headline is looked at, stored as they end.

Each draw runs paired strategies in one sample of Ohio's districts; settings change a prior or fix a number.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from capsim.catalogue.rules import RULES
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Block
from capsim.runs.crews import run_blocks
from capsim.runs.identity import RESULTS_VERSION
from capsim.scenario import Scenario, scenario_from_mapping, scenario_hash
from capsim.streams.keys import key_from, uniform_for_name

HEADLINE = ("organization_focused", "individual_focused")
TIERS = ("tiered", "universal_only")
MOMENTS = ("assistance_end", "follow_up_end")
WEIGHTS: Mapping[str, str] = {"districts": "use", "pupils": "use_by_pupils"}
_RETENTION, _REDESIGN = "routine_annual_retention", "routine_redesign_routine"


def retention_at(u: float, prior: str) -> float:
    """Retention of an enacted routine at a place from 0 to 1 of a prior: triangular, or log-uniform in the loss."""
    declared = dataclasses.replace(PARAMETERS[_RETENTION], prior="triangular")
    if prior == "triangular":
        return declared.quantile(u)
    least, most = 1.0 - declared.high, 1.0 - declared.low
    return float(1.0 - most * (least / most) ** u)


@dataclass(frozen=True)
class Setting:
    """What is not drawn as usual: rules and numbers that are fixed, the prior of retention; and who is compared."""

    name: str
    title: str
    pairs: tuple[tuple[str, str], ...] = (HEADLINE,)
    retention: str = "triangular"
    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)
    fixed: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def block(self, scenario: Scenario, draw: int) -> Block:
        """One draw."""
        u = uniform_for_name(key_from("assumptions", scenario.seed, draw), _RETENTION)
        point = {_RETENTION: retention_at(u, self.retention), **self.fixed}
        strategies = tuple(name for pair in self.pairs for name in pair)
        return Block(scenario, strategies, draw, "drawn", point, rules=self.rules)


SETTINGS: Mapping[str, Setting] = {
    one.name: one
    for one in (
        Setting("all", "everything drawn, retention triangular", (HEADLINE, TIERS)),
        Setting("log_retention", "everything drawn, retention log-uniform in the yearly loss", retention="log-uniform"),
        Setting("redesign_06", "redesign fixed at .06 of the gap a unit", fixed={_REDESIGN: 0.06}),
        Setting("redesign_20", "redesign fixed at .20", fixed={_REDESIGN: 0.20}),
        Setting("redesign_60", "redesign fixed at .60", fixed={_REDESIGN: 0.60}),
        Setting("ceilings_on", "each activity has a ceiling of its own", (TIERS,), rules={"teaching": "by_activity"}),
        Setting("ceilings_off", "one ceiling for all activities", (TIERS,), rules={"teaching": "one_ceiling"}),
    )
}


def scenario_of(*, small: bool = False) -> Scenario:
    """Ohio in small: 60 districts; of the small version 8, and a year each."""
    months = 12 if small else 60
    content: dict[str, Any] = {
        "name": "Robustness",
        "agencies": {
            "source": "us_2023_24",
            "states": ["OH"],
            "regional": ["support_teams", "escs"],
            "sample": 8 if small else 60,
            "sample_seed": 2,
        },
        "question": {"outcome": "use", "at": "follow_up_end", "contrast": list(HEADLINE)},
        "timeline": {"settling": 24 if small else "auto", "assistance": months, "follow_up": months},
        "uncertainty": "structure",
        "assistance": {"budget_hours_per_year": 120000},
        "strategies": ["none", *HEADLINE, *TIERS],
        "seed": 1,
    }
    return scenario_from_mapping(content)


def carry_out(
    scenario: Scenario,
    folder: Path,
    *,
    draws: int,
    workers: int = 1,
    progress: Callable[[int, int, int], None] | None = None,
) -> dict[str, pd.DataFrame]:
    """Draws of every setting; what the folder has is not run again. One row a draw: draw, reason, outcomes by strategy.

    Another scenario, version of the results, parameter, rule or setting has a folder of its own.
    """
    parameters = sorted((p.name, p.default, p.low, p.high, p.prior) for p in PARAMETERS.values())
    forms = {name: [(form.name, form.weight) for form in rule.forms] for name, rule in RULES.items()}
    settings = [dataclasses.asdict(one) for one in SETTINGS.values()]
    identity = json.dumps([scenario_hash(scenario), RESULTS_VERSION, parameters, forms, settings])
    place = folder / hashlib.sha256(identity.encode()).hexdigest()[:12]
    place.mkdir(parents=True, exist_ok=True)
    stored = {name: _stored(place / f"{name}.jsonl") for name in SETTINGS}
    left = [(name, draw) for draw in range(draws) for name in SETTINGS if draw not in stored[name]]
    blocks = [SETTINGS[name].block(scenario, draw) for name, draw in left]
    for (name, draw), result in zip(left, run_blocks(blocks, workers=workers, progress=progress), strict=True):
        row: dict[str, Any] = {"draw": draw, "reason": next((run.failure for run in result.runs if run.failure), "")}
        for run in result.runs:
            for moment in MOMENTS:
                for measure in WEIGHTS.values():
                    column = f"{measure}_{moment}"
                    row[f"{run.strategy}.{column}"] = run.outcomes.get(column)
        stored[name][draw] = row
        with (place / f"{name}.jsonl").open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(row) + "\n")
    return {name: pd.DataFrame([rows[draw] for draw in range(draws)]) for name, rows in stored.items()}


def difference(table: pd.DataFrame, pair: tuple[str, str], weight: str, moment: str) -> pd.Series:
    """First minus second by draw; without failed draws."""
    column = f"{WEIGHTS[weight]}_{moment}"
    first, second = (table[f"{name}.{column}"].astype("float64") for name in pair)
    return (first - second).set_axis(table["draw"]).dropna()


def _stored(path: Path) -> dict[int, dict[str, Any]]:
    """Rows of a file by draw; a line that was cut off when the process ended is left out."""
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    if text and not text.endswith("\n"):
        path.write_text(text[: text.rfind("\n") + 1], encoding="utf-8", newline="\n")
    return {row["draw"]: row for row in _rows(text)}


def _rows(text: str) -> Iterator[dict[str, Any]]:
    for line in text[: text.rfind("\n") + 1].splitlines():
        yield json.loads(line)
