"""Reviews of regional structures, `python -m experiments.review NAME`: every structure under the same luck, ranked.

A folder holds `scenario.yaml` (strategies that differ in their structure), `review.yaml` (prose of the page), and what
the command writes: `numbers.json`, `small.json`, the page.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from capsim.comparison.asking import outcome_column
from capsim.comparison.compare import compare
from capsim.comparison.statistics import mean_interval
from capsim.report.plain import with_minus_signs
from capsim.runs.blocks import Block
from capsim.runs.crews import run_blocks
from capsim.runs.identity import RESULTS_VERSION
from capsim.runs.output import plain
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping, scenario_hash
from experiments.question import FOLDER, Small

REFERENCE, NUMBERS, SMALL_NUMBERS = "today", "numbers.json", "small.json"
_MOST_REGIONS = 20


class Review(BaseModel):
    """Contents of `review.yaml`: prose of the page, names of strategies as they are read, and weights of support from
    above under which the structures are compared too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    question: str
    why: str
    assumed: str
    words: Mapping[str, str] = {}
    weights: tuple[float, ...] = ()
    small: Small = Small()

    def word(self, name: str) -> str:
        """A strategy as it is read."""
        return self.words.get(name, name.replace("_", " "))


def every_review() -> list[str]:
    """Names of all reviews."""
    return sorted(path.parent.name for path in FOLDER.glob("*/review.yaml"))


def read_review(name: str) -> Review:
    """What a folder says of itself."""
    return Review.model_validate(yaml.safe_load((FOLDER / name / "review.yaml").read_text(encoding="utf-8")))


def scenario_of(name: str, *, small: bool) -> Scenario:
    """The scenario of a review, or the same in a small world over a short time."""
    scenario = load_scenario(FOLDER / name / "scenario.yaml")
    if not small:
        return scenario
    size, content = read_review(name).small, scenario.resolved()
    content["agencies"]["sample"] = size.sample
    content["timeline"] = dict.fromkeys(("settling", "assistance", "follow_up"), size.months)
    content["replications"] = size.replications
    return scenario_from_mapping(content)


def findings(name: str, *, small: bool, workers: int = 1) -> dict[str, Any]:
    """Everything that the page shows, as plain data."""
    scenario = scenario_of(name, small=small)
    compared = compare(scenario, workers=workers, variants=False)
    ranked = compared.recommendations(against=REFERENCE)
    regions = compared.by_region()
    weights = read_review(name).weights
    return {
        "scenario": scenario_hash(scenario),
        "results_version": RESULTS_VERSION,
        "small": small,
        "replications": scenario.replications,
        "districts": scenario.agencies.sample,
        "months": [scenario.timeline.assistance, scenario.timeline.follow_up],
        "ranked": plain(ranked.to_dict("records")),
        "reference": plain(_reference(compared)),
        "regions": plain(regions[["strategy", "region", "name", "districts", "gain"]].to_dict("records")),
        "failed": len(compared.failures),
        **({"weights": plain(_by_weight(scenario, weights, workers))} if weights else {}),
    }


def _by_weight(scenario: Scenario, weights: Sequence[float], workers: int) -> list[dict[str, Any]]:
    """Each structure less today's under each weight of support from above, and today's over none, over luck alone."""
    names, pairs = scenario.strategy_names, range(scenario.replications)
    blocks = [Block(scenario, names, n, point={"support_weight": weight}) for weight in weights for n in pairs]
    column = outcome_column(scenario, None)
    ends = [[run.outcomes[column] for run in result.runs] for result in run_blocks(blocks, workers=workers)]
    use = np.array(ends).reshape(len(weights), len(pairs), len(names))
    rows = []
    for place, weight in enumerate(weights):
        own = dict(zip(names, use[place].T, strict=True))
        for one in (each for each in names if each != "none"):
            mean = mean_interval(own[one] - own["none" if one == REFERENCE else REFERENCE])
            rows.append({"weight": weight, "strategy": one, **dataclasses.asdict(mean)})
    return rows


def _reference(compared: Any) -> dict[str, float]:
    """Gain over none of the structure of today, and its hours and cost."""
    gain = compared.difference(REFERENCE, "none").mean
    runs = compared.runs[(compared.runs["assumptions"] == "default") & (compared.runs["strategy"] == REFERENCE)]
    means = {name: float(runs[name].mean()) for name in ("ta_hours", "turnkey_hours", "cost")}
    return {"gain": gain.estimate, "low": gain.low, "high": gain.high, **means}


def page(name: str, review: Review, found: Mapping[str, Any]) -> str:
    """The README of a review."""
    lines = [f"# {review.title}", "", "<!-- Written by the command below. -->", "", f"**{review.question}**", ""]
    lines += [review.why.strip(), "", f"```\npython -m experiments.review {name}\n```", ""]
    if found["small"]:
        lines += ["*These figures are those of the small version, too few worlds for a recommendation.*", ""]
    lines += ["## Recommendations", "", *_ranked(review, found), ""]
    lines += ["## Figures", "", *_table(review, found), ""]
    if "weights" in found:
        lines += ["## Under other weights of support from above", "", *_weights(review, found), ""]
    lines += ["## Region by region", "", *_regions(review, found), ""]
    lines += ["## What this rests on", "", review.assumed.strip(), "", _made(found), ""]
    return "\n".join(lines)


def _ranked(review: Review, found: Mapping[str, Any]) -> list[str]:
    today = found["reference"]
    lines = [
        f"Under today's structure, use at the end of follow-up is {_signed(today['gain'])} above no assistance "
        f"({_signed(today['low'])} to {_signed(today['high'])}). Compared with that, in the order of {_order(found)}:",
        "",
    ]
    for row in found["ranked"]:
        wide = (
            f"; 95% of {row['worlds']} drawn worlds lie between {_signed(row['range_low'])} and "
            f"{_signed(row['range_high'])}, ahead in {row['ahead']:.0%}"
            if row["worlds"]
            else ""
        )
        dollars = row["structure_dollars"] / 1e6
        sign = "\u2212" if dollars <= -0.05 else "+" if dollars >= 0.05 else ""
        money = f"{sign}${abs(dollars):,.1f} million a year for positions"
        lines.append(
            f"{row['rank']}. **{review.word(row['strategy'])}**: {_signed(row['difference'])} "
            f"({_signed(row['low'])} to {_signed(row['high'])}, luck alone{wide}); {row['verdict']}; {money}. "
            f"What goes with it: {_reason(row['reason'])}."
        )
    return [_advice(review, found), "", *lines]


def _advice(review: Review, found: Mapping[str, Any]) -> str:
    """What follows from the verdicts, over luck, assumptions and rules together."""
    judged: dict[str, list[str]] = {}
    for row in found["ranked"]:
        judged.setdefault(row["verdict"], []).append(review.word(row["strategy"]))
    said = {
        "larger": "Recommended: {}. It is settled that this leaves more than today's structure.",
        "smaller": "Not recommended: {}. It is settled that this leaves less.",
        "practically equal": "Practically as good as today's: {}. What it costs decides.",
    }
    lines = [text.format("; ".join(judged.pop(verdict))) for verdict, text in said.items() if verdict in judged]
    if not any(line.startswith("Recommended") for line in lines):
        lines.insert(0, "Keep today's structure: none that was tried is settled to leave more.")
    if judged:
        open_ones = [row for row in found["ranked"] if row["verdict"] in judged]
        left = "; ".join(review.word(row["strategy"]) for row in open_ones)
        first = max(open_ones, key=lambda row: row["ahead"])
        most = f"{review.word(first['strategy'])}, in {first['ahead']:.0%} of worlds"
        lines.append(f"Not settled, so that their order is a guess: {left}. Most often ahead of today's: {most}.")
    return "\n".join(f"- {line}" for line in lines)


def _order(found: Mapping[str, Any]) -> str:
    """By what the structures are ranked."""
    drawn = any(row["worlds"] for row in found["ranked"])
    return "their means over the drawn worlds, which luck alone may order otherwise" if drawn else "these differences"


def _reason(text: str) -> str:
    """A stored reason with true minus signs, before the dollars where there are some."""
    return with_minus_signs(re.sub(r"\$([+-])", r"\1$", text))


def _table(review: Review, found: Mapping[str, Any]) -> list[str]:
    lines = ["| structure | difference | interval (luck) | positions | $ million a year | TA hours | passed on |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in found["ranked"]:
        lines.append(
            f"| {review.word(row['strategy'])} | {_signed(row['difference'])} | {_signed(row['low'])} to "
            f"{_signed(row['high'])} | {row['positions']:+,.0f} | {row['structure_dollars'] / 1e6:+,.1f} | "
            f"{row['ta_hours']:+,.0f} | {row['turnkey_hours']:+,.0f} |".replace("-", "\u2212")
        )
    return [
        *lines,
        "",
        "All figures are differences from today's structure; hours are of the whole run, for all agencies that the "
        "sample stands for.",
    ]


def _weights(review: Review, found: Mapping[str, Any]) -> list[str]:
    """Structures by weight of support, with what is settled in a sentence."""
    weights = list(dict.fromkeys(row["weight"] for row in found["weights"]))
    cell = {(row["strategy"], row["weight"]): row for row in found["weights"]}
    names = [REFERENCE, *(row["strategy"] for row in found["ranked"])]
    lines = [
        "How much agencies help those below them in the time they have is one declared number, `support_weight`: 0 is "
        "nothing, 1 the default, 2 the high end. At each weight the levels of the baseline are solved again. First "
        "row: today's structure over no assistance; then each structure less today's, under the same luck.",
        "",
        f"| structure | {' | '.join(f'weight {weight:g}' for weight in weights)} |",
        "|---|" + "---|" * len(weights),
    ]
    for name in names:
        cells = [
            f"{_signed(row['estimate'])} ({_signed(row['low'])} to {_signed(row['high'])})"
            for row in (cell[name, weight] for weight in weights)
        ]
        lines.append(f"| {review.word(name)} | {' | '.join(cells)} |")
    few = f"{found['replications']} pairs in each cell, 95% intervals over luck alone, assumptions at their defaults"
    few += "; so few settle little." if found["replications"] < 16 else "."
    if any(row["worlds"] for row in found["ranked"]):
        few += " The drawn worlds of the recommendations draw this weight, too, with every other assumption and rule."
    said = [f"{review.word(name)} ({words})" for name in names[1:] if (words := _settled(cell, name, weights))]
    return [*lines, "", f"{few} Settled: {'; '.join(said) if said else 'nothing'}."]


def _settled(cell: Mapping[tuple[str, float], Mapping[str, Any]], name: str, weights: Sequence[float]) -> str:
    """At which weights a structure is ahead of today's or behind it, its interval on one side of 0."""
    sides = {
        "ahead": [f"{one:g}" for one in weights if cell[name, one]["low"] > 0.0],
        "behind": [f"{one:g}" for one in weights if cell[name, one]["high"] < 0.0],
    }
    return ", ".join(
        f"{side} at {', '.join(at[:-1])}{' and ' * (len(at) > 1)}{at[-1]}" for side, at in sides.items() if at
    )


def _regions(review: Review, found: Mapping[str, Any]) -> list[str]:
    """Gain over none in each region with districts in the sample, those of most districts first."""
    names = [row["strategy"] for row in found["ranked"]]
    regions: dict[str, dict[str, Any]] = {}
    for row in found["regions"]:
        about = regions.setdefault(row["region"], {"name": row["name"], "districts": row["districts"]})
        about[row["strategy"]] = row["gain"]
    most = sorted(regions.values(), key=lambda one: -one["districts"])[:_MOST_REGIONS]
    columns = [REFERENCE, *names]
    lines = ["Gain in use over no assistance, over the districts of each region or state as it is today.", ""]
    lines.append(f"| region or state | districts | {' | '.join(review.word(name) for name in columns)} |")
    lines.append("|---|" + "---|" * (1 + len(columns)))
    for one in most:
        cells = [_signed(one[name]) if one.get(name) is not None else "" for name in columns]
        lines.append(f"| {one['name']} | {one['districts']:,.0f} | {' | '.join(cells)} |")
    left = len(regions) - len(most)
    return [*lines, "", f"{left} smaller regions are in the numbers."] if left > 0 else lines


def _signed(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "undefined"
    return f"{value:+.4f}".replace("-", "\u2212")


def _made(found: Mapping[str, Any]) -> str:
    assistance, follow_up = found["months"]
    return (
        f"{found['replications']} paired replications over luck, as many with assumptions and rules drawn; "
        f"{found['districts']} districts stand for the state; {assistance} months of assistance, {follow_up} after it; "
        f"scenario `{found['scenario'][:12]}`, results version {found['results_version']}. Size and place of districts "
        "are real, their inner state is simulated."
    )


def _text(found: Mapping[str, Any]) -> str:
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def write_page(name: str) -> None:
    """The page from the numbers that are there, the small ones where there are no others; nothing is run."""
    file = FOLDER / name / NUMBERS
    file = file if file.is_file() else FOLDER / name / SMALL_NUMBERS
    found = json.loads(file.read_text(encoding="utf-8"))
    _write(FOLDER / name / "README.md", page(name, read_review(name), found))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--small", is_flag=True, help="Only the small version that the tests compare with small.json.")
@click.option("--pages", is_flag=True, help="Write the pages again from the numbers that are there.")
@click.option("--workers", default=2, show_default=True)
def main(names: tuple[str, ...], small: bool, pages: bool, workers: int) -> None:
    """Run reviews, for example: python -m experiments.review ohio_review"""
    known = every_review()
    if unknown := [name for name in names if name not in known]:
        raise click.BadParameter(f"no review {', '.join(unknown)}; there are {', '.join(known)}")
    for name in () if pages else names or known:
        if not small:
            _write(FOLDER / name / NUMBERS, _text(findings(name, small=False, workers=workers)))
        _write(FOLDER / name / SMALL_NUMBERS, _text(findings(name, small=True)))
    for name in names or known:
        write_page(name)


if __name__ == "__main__":
    main(prog_name="python -m experiments.review")
