"""`capsim check`: scenario and study files without simulating."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from capsim.cli.group import BAD_INPUT
from capsim.cli.options import examples, json_option, quiet_option

if TYPE_CHECKING:
    from capsim.scenario import Scenario

__all__ = ["LARGE_WORLD", "check"]

LARGE_WORLD = 250_000
"""Positions from which `check` warns of the size of a world; every district of the nation has about 150,000."""


@click.command(
    short_help="Check scenario and study files.",
    epilog=examples(
        "capsim check mine.yaml",
        "capsim check scenarios/*.yaml studies/*.yaml",
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
@quiet_option
@click.pass_context
def check(ctx: click.Context, *, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario files, the tables of agencies and ties that they name, and study files.

    Of a study the hash is printed, by which it can be cited before it runs. Every problem of every file is printed.
    Nothing is simulated; classes named as plugin are not imported.
    """
    from capsim.errors import InputError
    from capsim.studies.output.values import strict_json

    found: list[dict[str, object]] = []
    for file in files:
        try:
            said = _said(file)
        except InputError as error:
            found.append({"file": file, "valid": False, "problems": list(error.problems)})
            if not as_json:
                click.echo(str(error), err=True)
        else:
            found.append({"file": file, "valid": True, "problems": []})
            if not (as_json or quiet):
                click.echo(f"{file}: good ({said})")
    if as_json:
        click.echo(strict_json(found))
    if not all(one["valid"] for one in found):
        ctx.exit(BAD_INPUT)


def _said(file: str) -> str:
    """What is said of a good file: a scenario's strategies, a study's hash."""
    from capsim.scenario import check_file
    from capsim.studies.study.files import is_study_file, load_study, study_hash

    if is_study_file(file):
        study = load_study(file)
        return f"{study.name}; {study.kind}, study hash {study_hash(study)}"
    scenario = check_file(file)
    return f"{scenario.name}; strategies: {', '.join(scenario.strategy_names)}{_size(scenario)}"


def _size(scenario: Scenario) -> str:
    """How large a world is, said of large ones only."""
    from capsim.parameters import resolve_values
    from capsim.scenario import build_agencies

    positions = int(build_agencies(scenario, resolve_values(scenario.parameters)).positions.sum())
    if positions < LARGE_WORLD:
        return ""
    return f"; a large world of {positions:,} positions: each run takes minutes, agencies.sample makes it smaller"
