"""`capsim list`: what there is, with units, ranges and sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from capsim.cli.group import say
from capsim.cli.options import examples, json_option, quiet_option
from capsim.cli.tables import say_json, text_table

Row = dict[str, Any]


@click.group(
    "list",
    short_help="List what there is.",
    epilog=examples("capsim list strategies", "capsim list parameters --json"),
)
def show() -> None:
    """List what there is: strategies, their parts and activities, instruments, parameters, measures, and more."""


def _listing(name: str, describe: str, *columns: str) -> Callable[[Callable[[], Any]], click.Command]:
    """Turn a function into a command that prints a list. It gives the rows, and with no columns also the text."""

    def decorate(content: Callable[[], Any]) -> click.Command:
        def command(*, as_json: bool, quiet: bool) -> None:
            rows, text = (content(), None) if columns else content()
            if as_json:
                say_json([row["name"] for row in rows] if quiet else rows)
            elif quiet:
                say("\n".join(row["name"] for row in rows))
            else:
                cells = [[_cell(row[column]) for column in columns] for row in rows]
                say(text() if text else text_table(columns, cells, align="l" * len(columns)))

        command.__doc__ = f"{describe}\n\nWith --quiet only the names."
        return show.command(name, epilog=examples(f"capsim list {name}"))(json_option(quiet_option(command)))

    return decorate


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) or "-" if isinstance(value, list | tuple) else str(value)


@_listing("strategies", "Shipped strategies: what they deliver, to whom, how and when.")
def _strategies() -> Any:
    from capsim.cli.catalogue_text import strategies_text, strategy_rows

    return strategy_rows(), strategies_text


@_listing("parts", "Parts of a strategy: targetings, schedules, co-design, chains, groupings, recipients.")
def _parts() -> Any:
    from capsim.cli.catalogue_text import part_rows, parts_text

    return part_rows(), parts_text


@_listing("instruments", "What can be read of agencies, who buys it, on which scale, how exactly.")
def _instruments() -> Any:
    from capsim.cli.catalogue_text import instrument_rows, instruments_text

    return instrument_rows(), instruments_text


@_listing("activities", "Kinds of assistance: what one unit of each takes, costs and does.")
def _activities() -> Any:
    from capsim.cli.catalogue_text import activities_text, activity_rows

    return activity_rows(), activities_text


@_listing("measures", "What is recorded of agencies every month.", "name", "unit", "range", "meaning")
def _measures() -> list[Row]:
    from dataclasses import asdict

    from capsim.catalogue import MEASURES

    return [
        {**asdict(one), "range": f"{one.low:g} to {one.high:g}" if one.high < float("inf") else f"{one.low:g} or more"}
        for one in MEASURES.values()
    ]


@_listing("processes", "What happens in a month, in its order.", "place", "name", "meaning")
def _processes() -> list[Row]:
    from capsim.catalogue import PROCESSES

    return [
        {"place": place, "name": name, "meaning": meaning}
        for place, (name, meaning) in enumerate(PROCESSES.items(), start=1)
    ]


@_listing("scenarios", "Shipped scenarios.", "name", "title", "strategies", "months", "replications", "coverage")
def _scenarios() -> list[Row]:
    from capsim.scenario import load_scenario, shipped_file, shipped_scenarios, total_coverage

    rows = []
    for name in shipped_scenarios():
        scenario = load_scenario(shipped_file(name))
        real = scenario.agencies.source == "us_2023_24"
        held = total_coverage(scenario.agencies.states if real else ())
        rows.append(
            {
                "name": name,
                "title": scenario.name,
                "strategies": list(scenario.strategy_names),
                "months": f"{scenario.timeline.assistance} + {scenario.timeline.follow_up}",
                "replications": scenario.replications,
                "coverage": f"{held.districts:,} districts, {held.percent} of pupils" if real else "",
                "file": str(shipped_file(name)),
            }
        )
    return rows


# Parameters

_GROUPS = {
    "turnover": "Turnover, hiring and shocks",
    "learning": "Learning and routines",
    "networks": "Advice and priorities",
    "climate": "Culture, engagement and data systems",
    "implementation": "Implementation",
    "assistance": "Assistance and money",
    "instruments": "Instruments",
    "activities": "Activities",
    "agencies": "Agencies and initial worlds",
}
_HEADER = ("parameter", "unit", "default", "plausible", "allowed", "prior", "source", "meaning")
_PAGE = """# Parameters

Every parameter of the model, made by `capsim list parameters --markdown` from `capsim/parameters/`; do not edit
this page.

A scenario changes a value under `parameters:`. *Plausible* is the range of the prior and of break-even searches;
*allowed* is what a scenario may ask for. A parameter with a prior is an assumption and is drawn from it when
`uncertainty: assumed`; one without is measured, calibrated or a choice of the user. Sources S1, S2 and so on are keys
of the list of sources.
"""


@show.command(
    "parameters", epilog=examples("capsim list parameters", "capsim list parameters --markdown > docs/parameters.md")
)
@click.option("--markdown", is_flag=True, help="As the page docs/parameters.md.")
@json_option
@quiet_option
def _parameters(*, markdown: bool, as_json: bool, quiet: bool) -> None:
    """Every parameter of the model: unit, default, ranges, prior, source, meaning.

    With --quiet only the names.
    """
    rows = _parameter_rows()
    if markdown:
        say("\n".join([_PAGE, *(_section(title, cells) for title, cells in _by_group(rows))]).removesuffix("\n"))
    elif as_json:
        say_json([row["name"] for row in rows] if quiet else rows)
    elif quiet:
        say("\n".join(row["name"] for row in rows))
    else:
        header = [*_HEADER[:6], "meaning [source]"]
        tables = [
            (title, [[*cells[:6], f"{cells[7]} [{cells[6]}]"] for cells in members])
            for title, members in _by_group(rows)
        ]
        say("\n\n".join(f"{title}\n\n{text_table(header, cells, align='llrllll')}" for title, cells in tables))


def _parameter_rows() -> list[Row]:
    """Every parameter with all that is declared about it."""
    from capsim.parameters import PARAMETERS

    return [
        {
            "name": one.name,
            "group": one.group,
            "unit": one.unit,
            "default": one.default,
            "plausible": [one.low, one.high],
            "allowed": [one.minimum, one.maximum],
            "prior": one.prior,
            "source": one.source,
            "meaning": one.meaning,
        }
        for one in PARAMETERS.values()
    ]


def _by_group(rows: list[Row]) -> list[tuple[str, list[list[str]]]]:
    """Cells of the parameters below the titles of their groups."""
    groups: dict[str, list[list[str]]] = {}
    for row in rows:
        ranges = ("{:g} to {:g}".format(*row[name]) for name in ("plausible", "allowed"))
        cells = [row["name"], row["unit"], f"{row['default']:g}", *ranges, row["prior"], row["source"], row["meaning"]]
        groups.setdefault(row["group"], []).append(cells)
    return [(_GROUPS.get(name, name.replace("_", " ").capitalize()), cells) for name, cells in groups.items()]


def _section(title: str, members: list[list[str]]) -> str:
    lines = [f"## {title}", "", "| " + " | ".join(_HEADER) + " |", "|---|---|--:|---|---|---|---|---|"]
    for name, *others in members:
        cells = [f"`{name}`", *(cell.replace("|", "\\|") for cell in others)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
