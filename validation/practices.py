"""What each dial of a practice does to use in districts: a small paired run at 0, usual and high; and how clients of a
living center fare from year to year beside what a survey of such centers found. Tables of docs/sources_to_model.md;
``python -m validation.practices`` runs them (minutes) and writes them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
_MIX = {"coaching": 0.5, "routine_redesign": 0.5}
_STATE = {"recipients": ["sea"]}


class Dial(NamedTuple):
    """A parameter, its values (off, usual, high), the strategy under which it acts, the one it is compared with, and the
    outcome that is read.
    """

    name: str
    values: tuple[float, float, float]
    first: str
    second: str = "none"
    outcome: str = "use"


DIALS = (
    Dial("support_weight", (0.0, 1.0, 2.0), "all to the state"),
    Dial("reporting_hours", (0.0, 4.0, 16.0), "none", ""),
    Dial("compliance_share", (0.0, 0.4, 0.5), "none", ""),
    Dial("role_redesign_floor", (0.0, 0.6, 0.9), "roles redesigned"),
    Dial("delivery_chain_review_parent_plan", (0.0, 0.2, 0.4), "chain reviewed"),
    Dial("finance_rate", (0.0, 0.08, 0.15), "none", ""),
    Dial("finance_rate", (0.0, 0.08, 0.15), "organization_focused"),
    Dial("personnel_rate", (0.0, 0.015, 0.05), "none", ""),
    Dial("personnel_rate", (0.0, 0.015, 0.05), "organization_focused"),
    Dial("resource_alignment_resource_alignment", (0.0, 0.1, 0.2), "resources aligned"),
    Dial("data_system_support_data_systems", (0.0, 0.1, 0.2), "data systems first"),
    Dial("teacher_link", (0.0, 0.5, 1.0), "organization_focused", outcome="teacher_equity"),
    Dial("materials_rate", (0.0, 0.1, 0.2), "organization_focused", outcome="materials"),
    Dial("achievement_link", (0.0, 0.1, 0.18), "organization_focused", outcome="achievement_gap"),
    Dial("stocktake_response", (0.0, 0.3, 0.6), "performance_management"),
    Dial("turnkey_fidelity", (0.0, 0.8, 1.0), "support_teams"),
    Dial("tool_rate", (0.0, 0.005, 0.02), "working_groups"),
    Dial("joint_call_peer_ties", (0.0, 0.1, 0.2), "joint calls"),
    Dial("referral_colleague_ties", (0.0, 0.8, 1.6), "referral"),
    Dial("expert_consultation_expert_ties", (0.0, 0.4, 0.8), "experts consulted"),
    Dial("goal_setting_goals", (0.0, 0.25, 0.5), "goals set"),
    Dial("leadership_coaching_culture", (0.0, 0.02, 0.04), "leaders coached"),
    Dial("codesign_wish", (0.0, 0.5, 1.0), "designed together"),
    Dial("wish_familiarity", (0.0, 0.5, 1.0), "designed together"),
    Dial("codesign_clarity_loss", (0.0, 0.15, 0.4), "together to the end"),
    Dial("offering_weight", (0.0, 0.1, 0.4), "five areas"),
    Dial("coherence_gamma", (0.0, 0.15, 0.3), "organization_focused"),
    Dial("center_annual_exit", (0.0, 0.18, 0.3), "a living center"),
    Dial("event_strength", (0.0, 1.0, 2.0), "organization_focused", ""),
)
_ALONE = {
    "chain reviewed": "delivery_chain_review",
    "resources aligned": "resource_alignment",
    "joint calls": "joint_call",
    "referral": "referral",
    "experts consulted": "expert_consultation",
    "goals set": "goal_setting",
    "leaders coached": "leadership_coaching",
}
"""Strategies that are one activity."""


def small(districts: int = 24) -> Scenario:
    """Some districts of Ohio, three years of help and two after, with the pandemic year of the shipped scenario."""
    keys = load_scenario("pandemic").resolved()
    keys["agencies"]["sample"] = districts
    keys["timeline"] |= {"settling": 48, "assistance": 36, "follow_up": 24}
    keys["events"] = [event for event in keys["events"] if event["kind"] == "pandemic"]
    keys["question"]["contrast"] = ["organization_focused", "none"]
    keys["outcomes"] = {"teacher_equity": "all", "materials": "instructional_materials", "achievement_gap": "all"}
    half = {"leadership_coaching": 0.5, "routine_redesign": 0.5}
    keys["strategies"] = [
        "none",
        "organization_focused",
        "working_groups",
        "performance_management",
        "support_teams",
        {"name": "all to the state", "activities": half, "delivery": _STATE},
        {"name": "roles redesigned", "activities": {"role_redesign": 1.0}, "delivery": _STATE},
        {"name": "designed together", "activities": _MIX, "delivery": {"codesign": "planning", "focal_areas": 2}},
        {"name": "together to the end", "activities": _MIX, "delivery": {"codesign": "both", "focal_areas": 2}},
        {"name": "data systems first", "activities": {**_MIX, "coaching": 0.3, "data_system_support": 0.2}},
        {"name": "five areas", "activities": {**_MIX, "coaching": 0.3, "training": 0.2}},
        {"name": "a living center", "activities": _MIX, "center": {}},
        *({"name": name, "activities": {activity: 1.0}} for name, activity in _ALONE.items()),
    ]
    return scenario_from_mapping(keys)


def measured(
    dial: Dial, value: float, scenario: Scenario, worlds: int = WORLDS, others: Mapping[str, float] | None = None
) -> list[float]:
    """The outcome in districts at the end, first minus second strategy (or the first alone), one number a world."""
    numbers = {"event_strength": 0.0, **(others or {}), dial.name: value}
    names = (dial.first, dial.second) if dial.second else (dial.first,)
    ends = []
    for world in range(worlds):
        result = run_block(Block(scenario, names, world, point=numbers))
        found = [run.outcomes[f"{dial.outcome}_follow_up_end"] for run in result.runs]
        ends.append(found[0] - sum(found[1:]))
    return ends


def rows() -> Iterator[str]:
    """The table as lines of Markdown."""
    scenario = small()
    for dial in DIALS:
        found = [np.array(measured(dial, value, scenario)) for value in dial.values]
        changes = [mean_interval(own - found[0]) for own in found[1:]]
        digits = 4 if max(abs(change.estimate) for change in changes) >= 0.001 else 5
        cells = [
            f"{change.estimate:+.{digits}f} ({change.low:+.{digits}f} to {change.high:+.{digits}f}) at {value:g}"
            for value, change in zip(dial.values[1:], changes, strict=True)
        ]
        alone = f"{dial.outcome} under {dial.first}" if dial.first != "none" else f"{dial.outcome} without help"
        what = f"{dial.first} over {dial.second}" if dial.second else alone
        what += f", {dial.outcome}" if dial.second and dial.outcome != "use" else ""
        yield f"| `{dial.name}` | {what} | {found[0].mean():+.4f} | {' | '.join(cells)} |"


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


def write(name: str, head: str, lines: Iterable[str]) -> None:
    """Put a table into the page, between its marks."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    columns = "|---" * (head.count("|") - 1) + "|"
    table = "\n".join([begin, head, columns, *lines, end])
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: table, page, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    write("dials", "| dial | what is measured | at 0 | change at its usual value | change at the high end |", rows())
    write("clients", "| percent of clients | surveyed (S150), three years | 1 | 2 | 3 | 4 | 5 |", client_rows())
