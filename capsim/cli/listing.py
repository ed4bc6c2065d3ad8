"""`capsim list`: what there is, with units, ranges and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from capsim.cli.options import examples, json_option, quiet_option
from capsim.cli.tables import text_table

__all__ = ["show"]

Row = dict[str, Any]


@click.group(
    "list",
    short_help="List what there is.",
    epilog=examples(
        "capsim list strategies",
        "capsim list parameters --json",
    ),
)
def show() -> None:
    """List what there is: strategies, their parts and activities, instruments, parameters, measures, and more."""


def _listing(
    name: str, columns: Sequence[str] | Callable[[], str], describe: str
) -> Callable[[Callable[[], list[Row]]], click.Command]:
    """Turn a function that gives rows into a command that prints them; `columns` are those of the table, or give the
    text that people read.
    """

    def decorate(rows: Callable[[], list[Row]]) -> click.Command:
        def command(*, as_json: bool, quiet: bool) -> None:
            if callable(columns) and not as_json and not quiet:
                click.echo(columns())
            else:
                _print(rows(), () if callable(columns) else columns, as_json=as_json, quiet=quiet)

        command.__doc__ = f"{describe}\n\nWith --quiet only the names."
        return show.command(name, epilog=examples(f"capsim list {name}"))(json_option(quiet_option(command)))

    return decorate


def _print(rows: list[Row], columns: Sequence[str], *, as_json: bool, quiet: bool) -> None:
    if as_json:
        from capsim.runs.values import strict_json

        click.echo(strict_json([row["name"] for row in rows] if quiet else rows))
    elif quiet:
        click.echo("\n".join(row["name"] for row in rows))
    else:
        cells = [[_cell(row[column]) for column in columns] for row in rows]
        click.echo(text_table(columns, cells, align="l" * len(columns)))


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {share:g}" for name, share in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    return f"{value:g}" if isinstance(value, float) else str(value)


@show.command(
    "parameters",
    epilog=examples(
        "capsim list parameters",
        "capsim list parameters --markdown > docs/parameters.md",
    ),
)
@click.option("--markdown", is_flag=True, help="As the page docs/parameters.md.")
@json_option
@quiet_option
def _parameters(*, markdown: bool, as_json: bool, quiet: bool) -> None:
    """Every parameter of the model: unit, default, ranges, prior, source, meaning.

    With --quiet only the names.
    """
    from capsim.cli.parameters_text import parameter_rows, parameters_markdown, parameters_text

    if markdown:
        click.echo(parameters_markdown(), nl=False)
    elif as_json or quiet:
        _print(parameter_rows(), (), as_json=as_json, quiet=quiet)
    else:
        click.echo(parameters_text())


def _strategies_text() -> str:
    from capsim.cli.strategies_text import strategies_text

    return strategies_text()


def _activities_text() -> str:
    from capsim.cli.activities_text import activities_text

    return activities_text()


def _parts_text() -> str:
    from capsim.cli.parts_text import parts_text

    return parts_text()


def _instruments_text() -> str:
    from capsim.cli.instruments_text import instruments_text

    return instruments_text()


@_listing("strategies", _strategies_text, "Shipped strategies: what they deliver, to whom, how and when.")
def _strategies() -> list[Row]:
    from capsim.cli.strategies_text import strategy_rows

    return strategy_rows()


@_listing("parts", _parts_text, "Parts of a strategy: targetings, schedules, co-design, chains, groupings, recipients.")
def _parts() -> list[Row]:
    from capsim.cli.parts_text import part_rows

    return part_rows()


@_listing("instruments", _instruments_text, "What can be read of agencies, who buys it, on which scale, how exactly.")
def _instruments() -> list[Row]:
    from capsim.cli.instruments_text import instrument_rows

    return instrument_rows()


@_listing("activities", _activities_text, "Kinds of assistance: what one unit of each takes, costs and does.")
def _activities() -> list[Row]:
    from capsim.cli.activities_text import activity_rows

    return activity_rows()


@_listing("measures", ("name", "unit", "range", "meaning"), "What is recorded of agencies every month.")
def _measures() -> list[Row]:
    from dataclasses import asdict

    from capsim.catalogue import MEASURES

    return [
        {**asdict(one), "range": f"{one.low:g} to {one.high:g}" if one.high < float("inf") else f"{one.low:g} or more"}
        for one in MEASURES.values()
    ]


@_listing("processes", ("place", "name", "meaning"), "What happens in a month, in its order.")
def _processes() -> list[Row]:
    from capsim.catalogue import PROCESSES

    return [
        {"place": place, "name": name, "meaning": meaning}
        for place, (name, meaning) in enumerate(PROCESSES.items(), start=1)
    ]


@_listing("scenarios", ("name", "title", "strategies", "months", "replications", "coverage"), "Shipped scenarios.")
def _scenarios() -> list[Row]:
    from capsim.scenario import load_scenario, shipped_file, shipped_scenarios, total_coverage

    rows = []
    for name in shipped_scenarios():
        scenario = load_scenario(shipped_file(name))
        real = scenario.agencies.source == "us_2023_24"
        held = total_coverage(scenario.agencies.states if real else ())
        months = f"{scenario.timeline.assistance} + {scenario.timeline.follow_up}"
        rows.append(
            {
                "name": name,
                "title": scenario.name,
                "strategies": list(scenario.strategy_names),
                "months": months,
                "replications": scenario.replications,
                "coverage": f"{held.districts:,} districts, {held.percent} of pupils" if real else "",
                "file": str(shipped_file(name)),
            }
        )
    return rows
