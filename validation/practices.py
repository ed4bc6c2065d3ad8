"""What each dial of a practice does to use in districts: a small paired run at 0, usual and high; and how clients of a
living center fare from year to year beside what a survey of such centers found. Tables of docs/sources_to_model.md;
``python -m validation.practices`` runs them (minutes) and writes them again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from capsim.catalogue import CENTER_SERIES
from capsim.comparison.statistics import mean_interval
from capsim.runs.blocks import Block, run_block
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping

PAGE = Path(__file__).parents[1] / "docs" / "sources_to_model.md"
CENTER = Path(__file__).parents[1] / "experiments" / "adaptive_center" / "scenario.yaml"
WORLDS = 48
SURVEYED = {"completely_served": "36, 47, 56", "want_more": "17, 27, 43"}
"""What managers in states said of the federal centers, in percent, 2006 to 2009 (S150)."""
_STATE = {"name": "all to the state", "activities": {"leadership_coaching": 0.5, "routine_redesign": 0.5}}
_MIX = {"coaching": 0.5, "routine_redesign": 0.5}


class Dial(NamedTuple):
    """A parameter, its values (off, usual, high), the strategy under which it acts and the one it is compared with."""

    name: str
    values: tuple[float, float, float]
    first: str
    second: str


DIALS = (
    Dial("support_weight", (0.0, 1.0, 2.0), "all to the state", "none"),
    Dial("tool_rate", (0.0, 0.005, 0.02), "working_groups", "none"),
    Dial("codesign_wish", (0.0, 0.5, 1.0), "designed together", "none"),
    Dial("offering_weight", (0.0, 0.1, 0.4), "five areas", "none"),
    Dial("stocktake_response", (0.0, 0.3, 0.6), "performance_management", "none"),
    Dial("finance_rate", (0.0, 0.08, 0.15), "none", ""),
    Dial("finance_rate", (0.0, 0.08, 0.15), "organization_focused", "none"),
    Dial("personnel_rate", (0.0, 0.015, 0.05), "none", ""),
    Dial("personnel_rate", (0.0, 0.015, 0.05), "organization_focused", "none"),
    Dial("role_redesign_floor", (0.0, 0.6, 0.9), "roles redesigned", "none"),
    Dial("event_strength", (0.0, 1.0, 2.0), "organization_focused", ""),
)


def small() -> Scenario:
    """Ohio, 24 of its districts, three years of help and two after, with the pandemic year of the shipped scenario."""
    keys = load_scenario("pandemic").resolved()
    keys["agencies"]["sample"] = 24
    keys["timeline"] |= {"settling": 48, "assistance": 36, "follow_up": 24}
    keys["events"] = [event for event in keys["events"] if event["kind"] == "pandemic"]
    keys["question"]["contrast"] = ["organization_focused", "none"]
    keys["strategies"] = [
        "none",
        "organization_focused",
        "working_groups",
        "performance_management",
        {**_STATE, "delivery": {"recipients": ["sea"]}},
        {"name": "roles redesigned", "activities": {"role_redesign": 1.0}, "delivery": {"recipients": ["sea"]}},
        {"name": "designed together", "activities": _MIX, "delivery": {"codesign": "planning", "focal_areas": 2}},
        {"name": "five areas", "activities": {**_MIX, "coaching": 0.3, "training": 0.2}},
    ]
    return scenario_from_mapping(keys)


def measured(dial: Dial, value: float, scenario: Scenario) -> list[float]:
    """Use in districts at the end, first minus second strategy (or the first alone), one number a world."""
    numbers = {"event_strength": 0.0, dial.name: value}
    names = (dial.first, dial.second) if dial.second else (dial.first,)
    ends = []
    for world in range(WORLDS):
        result = run_block(Block(scenario, names, world, point=numbers))
        use = [run.outcomes["use_follow_up_end"] for run in result.runs]
        ends.append(use[0] - sum(use[1:]))
    return ends


def rows() -> list[str]:
    """The table as lines of Markdown."""
    scenario, lines = small(), []
    for dial in DIALS:
        found = [np.array(measured(dial, value, scenario)) for value in dial.values]
        base = found[0].mean()
        cells = []
        for value, own in zip(dial.values[1:], found[1:], strict=True):
            change = mean_interval(own - found[0])
            cells.append(f"{change.estimate:+.4f} ({change.low:+.4f} to {change.high:+.4f}) at {value:g}")
        alone = f"use under {dial.first}" if dial.first != "none" else "use without help"
        what = f"{dial.first} over {dial.second}" if dial.second else alone
        lines.append(f"| `{dial.name}` | {what} | {base:+.4f} | {' | '.join(cells)} |")
    return lines


def client_rows(replicates: int = 6) -> list[str]:
    """Clients of a center whose staff come and go, by year of help, as lines of Markdown."""
    scenario = load_scenario(CENTER)
    series: dict[str, list[Any]] = {name: [] for name in ("completely_served", "want_more")}
    for replicate in range(replicates):
        block = Block(scenario, ("none", "adaptive"), replicate, keep_provision=True)
        provision = run_block(block).runs[1].provision
        assert provision is not None
        assert provision.center is not None
        for name, years in series.items():
            monthly = provision.center[:, list(CENTER_SERIES).index(name)].reshape(-1, 12)
            years.append(np.nanmean(monthly, axis=1))
    lines = []
    for name, years in series.items():
        means = " | ".join(f"{100 * mean:.1f}" for mean in np.mean(years, axis=0))
        lines.append(f"| {CENTER_SERIES[name].title} | {SURVEYED[name]} | {means} |")
    return lines


def write(name: str, head: str, lines: list[str]) -> None:
    """Put a table into the page, between its marks."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    columns = "|---" * (head.count("|") - 1) + "|"
    table = "\n".join([begin, head, columns, *lines, end])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: table, page, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    write("dials", "| dial | what is measured | at 0 | change at its usual value | change at the high end |", rows())
    write("clients", "| percent of clients | surveyed (S150), three years | 1 | 2 | 3 | 4 | 5 |", client_rows())
