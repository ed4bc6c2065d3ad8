"""Options and arguments that several commands share."""

from __future__ import annotations

import os
from typing import Any

import click

from capsim.numbers import how_to_write, number_in, whole_in

scenario_argument = click.argument("scenario", metavar="SCENARIO")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of tables.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress, and only the essential output.")


class Whole(click.IntRange):
    """A whole number as files write it: no other digits, no underscores but between thousands."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the text of the option."""
        if isinstance(value, str):
            number = whole_in(value)
            if number is None:
                self.fail(f"{value!r} is not a whole number{how_to_write(value)}", param, ctx)
            value = number
        return super().convert(value, param, ctx)


class Real(click.FloatRange):
    """A finite number as files write it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the text of the option."""
        if isinstance(value, str):
            number = number_in(value)
            if number is None:
                self.fail(f"{value!r} is not a number{how_to_write(value)}", param, ctx)
            value = number
        return super().convert(value, param, ctx)


seed_option = click.option("--seed", type=Whole(min=0), metavar="N", help="Instead of the scenario's seed.")


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
    type=Whole(min=1),
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
        number = whole_in(str(value))
        if number is None:
            self.fail(f"{value!r} is neither a whole number nor auto{how_to_write(str(value))}", param, ctx)
        if number < 2:
            self.fail(f"{number} is too few; at least 2, because an interval needs two", param, ctx)
        return number
