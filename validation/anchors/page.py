"""The anchors as the page docs/anchors.md: what was declared, and published beside simulated."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from capsim.parameters import PARAMETERS
from validation.anchors.declared import TRIALS, Target, Trial
from validation.anchors.running import Estimate, Result
from validation.pattern_text import markdown_table

_OPENING = """# Anchors

Trials that were published, run again in the model as far as they are described: so many sites, so many hours, so many
months, the instruments of the model in the place of theirs. Made by `python -m validation anchors --write
docs/anchors.md`; do not edit this page. What was declared before the first run is in `validation/anchors/declared.py`.

A target solves the one parameter that it names, or marks the upper end of its range, or is held out: nothing is fitted
to held-out targets, and what is missed is a finding. Published trials are of teachers, clubs, coalitions and counties;
that they say anything of education agencies is an assumption. Helped and control arms are the same sites in two runs
with the same luck. A simulated number is a ratio of sums over replicates, with its 95% interval (jackknife over
replicates); a published interval is that of the trial. A target is met where the simulated mean lies in the published
interval.
"""
_MISSED = """## What is missed

{lines}
"""


def anchors_markdown(results: Sequence[Result], provenance: Mapping[str, Any]) -> str:
    """The page."""
    said = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in provenance.items())
    solved = [result for result in results if result.declared.role != "held out"]
    held_out = [result for result in results if result.declared.role == "held out"]
    parts = [
        _OPENING,
        f"Made with {said}.\n",
        "## Targets and the parameters that they solve\n",
        "\n".join([*markdown_table(*_solved_table(solved)), ""]),
        "At defaults: the same statistic with every parameter at its stated default.\n",
        "## Held out\n",
        "\n".join([*markdown_table(*_held_out_table(held_out)), ""]),
        _MISSED.format(lines="\n".join(missed(results)) or "Nothing."),
        "## How the trials are run\n",
        "\n".join(map(_trial_text, TRIALS)) + "\n",
    ]
    return "\n".join(parts)


def _solved_table(results: Sequence[Result]) -> tuple[list[str], list[list[str]]]:
    header = [
        "target",
        "sources",
        "published",
        "interval",
        "parameter",
        "value",
        "default",
        "simulated",
        "at defaults",
        "",
    ]
    return header, [
        [
            f"{result.trial}: {result.target}",
            trial_of(result).sources,
            result.declared.published,
            span(result.declared),
            f"`{result.parameter}` ({result.declared.role})",
            _number(result.solved) + ("" if result.reached else " (end of its range)"),
            _number(PARAMETERS[result.parameter].default),
            with_interval(result.estimate),
            with_interval(result.default),
            word(result),
        ]
        for result in results
    ]


def _held_out_table(results: Sequence[Result]) -> tuple[list[str], list[list[str]]]:
    return ["target", "sources", "published", "interval", "simulated", ""], [
        [
            f"{result.trial}: {result.target}",
            trial_of(result).sources,
            result.declared.published,
            span(result.declared),
            with_interval(result.estimate),
            word(result),
        ]
        for result in results
    ]


def missed(results: Sequence[Result]) -> list[str]:
    """A line for each target that is not met."""
    return [
        f"- {result.trial}, {result.target}: {with_interval(result.estimate)}, published {span(result.declared)} "
        f"({result.declared.published})."
        for result in results
        if not result.met
    ]


def _trial_text(trial: Trial) -> str:
    hours = ", ".join(f"{activity} {hours:g}" for activity, hours in trial.hours.items()) or "none"
    sizes = ", ".join(map(str, trial.positions))
    lines = [
        f"- **{trial.name}**: {trial.title} ({trial.sources}). {trial.sites} sites of {sizes} positions; TA hours a "
        f"site and year in one area: {hours}; {trial.months} months, watched for {trial.after} more. {trial.dose}.",
        *(f"  - {target.name}: {target.says}. Interval: {target.interval}." for target in trial.targets),
    ]
    return "\n".join(lines)


def trial_of(result: Result) -> Trial:
    """The trial of a result."""
    return next(trial for trial in TRIALS if trial.name == result.trial)


def span(target: Target) -> str:
    """The published interval."""
    return f"{target.low:.3g} to {target.high:.3g}"


def with_interval(estimate: Estimate) -> str:
    """A mean and its interval; "undefined" without one."""
    if math.isnan(estimate.value):
        return "undefined"
    value = f"{estimate.value:.3f}"
    return value if math.isnan(estimate.low) else f"{value} ({estimate.low:.3f} to {estimate.high:.3f})"


def word(result: Result) -> str:
    """Met, missed, or undefined."""
    if math.isnan(result.estimate.value):
        return "undefined"
    return "met" if result.met else "missed"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3g}"
