"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from typing import Any

import click

__all__ = [
    "Replications",
    "examples",
    "json_option",
    "own_cpus",
    "quiet_option",
    "scenario_argument",
    "seed_option",
    "workers_option",
]

scenario_argument = click.argument("scenario", metavar="SCENARIO")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of tables.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress, and only the essential output.")
seed_option = click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Instead of the scenario's seed.")


def examples(*commands: str) -> str:
    """Last part of a help text: example commands, one a line."""
    title = "Examples:" if len(commands) > 1 else "Example:"
    return "\n".join(["\b", title, *(f"  {command}" for command in commands)])


def own_cpus() -> int:
    """Processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; the numbers do not depend on it. Default: one for each processor.",
)


class Replications(click.ParamType):
    """A whole number from 2, or the word auto."""

    name = "replications"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """Convert the text of the option."""
        if value == "auto":
            return "auto"
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is neither a whole number nor auto", param, ctx)
        if number < 2:
            self.fail(f"{number} is too few; at least 2, because an interval needs two", param, ctx)
        return number
