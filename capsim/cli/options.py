"""Options and arguments that several commands share, and numbers as people may write them there."""

from __future__ import annotations

import itertools
import os
import re
from typing import Any

import click


class _AsInFiles:
    """A number as files write it: digits 0 to 9, finite, no underscores but between thousands."""

    read, what, counted = "number_in", "not a number", False

    def _describe_range(self) -> str:
        """The range as the help shows it; nothing where there is none."""
        return super()._describe_range() if self.min is not None or self.max is not None else ""  # type: ignore[misc,attr-defined]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the text of the option."""
        from capsim import numbers

        if isinstance(value, str):
            number = getattr(numbers, self.read)(value)
            if number is None:
                hint = numbers.how_to_write(value, counted=self.counted)
                self.fail(f"{value!r} is {self.what}{hint}", param, ctx)  # type: ignore[attr-defined]
            value = number
        return super().convert(value, param, ctx)  # type: ignore[misc]


class Whole(_AsInFiles, click.IntRange):
    """A whole number."""

    read, what, counted = "whole_in", "not a whole number", True


class Real(_AsInFiles, click.FloatRange):
    """A finite number."""


class Replications(Whole):
    """A whole number from 2, or the word auto."""

    what = "neither a whole number nor auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the text of the option."""
        number = value if value == "auto" else super().convert(value, param, ctx)
        if number != "auto" and number < 2:
            self.fail(f"{number} is too few; at least 2, because an interval needs two", param, ctx)
        return number


class Part(click.ParamType):
    """Part i of n, written i/n."""

    name = "part"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Convert the text of the option."""
        from capsim.numbers import whole_in

        if isinstance(value, tuple):
            return value
        first, _, last = str(value).partition("/")
        part, parts = whole_in(first), whole_in(last)
        if part is None or parts is None or not 1 <= part <= parts:
            self.fail(f"{value!r} is no part; write i/n with i from 1 to n, such as 3/16", param, ctx)
        return part, parts


def varied_values(ctx: click.Context, param: click.Parameter, vary: tuple[str, ...]) -> dict[str, list[str]]:
    """Values by name, of options written NAME=V1,V2."""
    found: dict[str, list[str]] = {}
    for one in vary:
        name, equals, values = one.partition("=")
        if not equals or name in found:
            why = "is given twice" if name in found else "needs values: write --vary lea_annual_exit=.1,.2,.3"
            raise click.UsageError(f"--vary {one!r} {why}", ctx)
        found[name] = [value.strip() for value in values.split(",") if value.strip()]
        if number := _with_thousands_comma(name, found[name]):
            why = f"{number} looks like a number with a thousands comma; commas part values, so write 250000 or 250_000"
            raise click.UsageError(f"--vary {one!r}: {why}", ctx)
    return found


def _with_thousands_comma(name: str, values: list[str]) -> str:
    """Two values that were probably meant as one number; empty for none. 400,800 can be two budgets in hours."""
    for before, value in itertools.pairwise(values):
        surely = value.startswith("0") or before.startswith("$") or name == "budget_dollars_per_year"
        if surely and re.fullmatch(r"\$?[0-9]{1,3}", before) and re.fullmatch(r"[0-9]{3}", value):
            return f"{before},{value}"
    return ""


def examples(*commands: str) -> str:
    """Last part of a help text: example commands, one a line."""
    title = "Examples:" if len(commands) > 1 else "Example:"
    return "\n".join(["\b", title, *(f"  {command}" for command in commands)])


def own_cpus() -> int:
    """Processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


scenario_argument = click.argument("scenario", metavar="SCENARIO")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines instead of tables.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress and only the essential output.")


def output_options(command: Any) -> Any:
    """The two options that say what is printed."""
    return json_option(quiet_option(command))


weight_option = click.option(
    "--weight",
    type=click.Choice(["pupils", "districts", "positions"]),
    help="How districts count in the mean, instead of what the scenario's question says.",
)
seed_option = click.option(
    "--seed", type=Whole(min=0), metavar="N", help="Seed of all random numbers, instead of the scenario's."
)
workers_option = click.option(
    "--workers",
    type=Whole(min=1, max=1024),
    default=own_cpus,
    show_default="one for each processor",
    metavar="N",
    help="Number of processes; results do not depend on it.",
)
time_limit_option = click.option(
    "--time-limit",
    "time_limit_seconds",
    type=Real(),
    default=0.0,
    metavar="SECONDS",
    help="Time limit of one run; a run that takes longer counts as failed. No limit without this option.",
)
uncertainty_option = click.option(
    "--uncertainty",
    type=click.Choice(["assumed", "structure", "none"]),
    help="What is drawn besides luck, instead of what the scenario says: assumed parameters, parameters and rules, or "
    "nothing.",
)
