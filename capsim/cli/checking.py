"""`capsim check`: scenario and study files without simulating; what a scenario is about, for `compare` as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from capsim.cli.group import BAD_INPUT
from capsim.cli.options import examples, json_option, quiet_option

if TYPE_CHECKING:
    from capsim.scenario import Checked, Scenario

__all__ = ["LARGE_WORLD", "about_scenario", "check"]

LARGE_WORLD = 250_000
"""Positions from which `check` warns of the size of a world; the nation has about 160,000."""


class _Good(NamedTuple):
    """What is said of a good file: behind its name, in the lines below, and as warnings."""

    said: str
    about: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


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
    """Check scenario files, the tables of agencies, ties and answers that they name, and study files.

    Of a scenario is said what it is about, and in warnings what it probably does not mean. Of a study the hash is
    printed, by which it can be cited before it runs. Every problem of every file is printed. Nothing is simulated;
    classes that a scenario names as plugin are imported.
    """
    from capsim.errors import InputError, PluginError
    from capsim.runs.values import strict_json

    found: list[dict[str, object]] = []
    for file in files:
        try:
            good = _good(file)
        except (InputError, PluginError) as error:
            problems = list(error.problems) if isinstance(error, InputError) else [f"{file}: {error}"]
            found.append({"file": file, "valid": False, "problems": problems, "about": [], "warnings": []})
            if not as_json:
                click.echo("\n".join(problems), err=True)
        else:
            found.append(
                {
                    "file": file,
                    "valid": True,
                    "problems": [],
                    "about": list(good.about),
                    "warnings": list(good.warnings),
                }
            )
            if not (as_json or quiet):
                click.echo("\n".join([f"{file}: good ({good.said})", *(f"    {line}" for line in good.about)]))
                _warn(file, good.warnings)
    if as_json:
        click.echo(strict_json(found))
    if not all(one["valid"] for one in found):
        ctx.exit(BAD_INPUT)


def about_scenario(scenario: Scenario, name: str) -> str:
    """What is about to run, in lines; what it probably does not mean is said on standard error.

    Raises
    ------
    InputError
        If a table that it names is wrong.
    PluginError
        If a class that it names cannot be imported.
    """
    checked = _checked(scenario)
    _warn(name, checked.warnings)
    return "\n".join(checked.about)


def _warn(name: str, warnings: tuple[str, ...]) -> None:
    for text in warnings:
        click.echo(f"{name}: warning: {text}", err=True)


def _checked(scenario: Scenario) -> Checked:
    """Check the tables of a scenario, and import the classes that it names."""
    from capsim.engine.strategies import resolve_strategy
    from capsim.scenario import PluginStrategy, check_scenario

    for strategy in scenario.strategies:
        if isinstance(strategy, PluginStrategy):
            resolve_strategy(scenario, strategy)
    return check_scenario(scenario)


def _good(file: str) -> _Good:
    """What is said of a good file: a scenario's content, a study's hash."""
    from capsim.runs.study_files import is_study_file, load_study, study_hash
    from capsim.scenario import load_scenario

    if is_study_file(file):
        study = load_study(file)
        return _Good(f"{study.name}; {study.kind}, study hash {study_hash(study)}")
    scenario = load_scenario(file)
    checked = _checked(scenario)
    return _Good(f"{scenario.name}{_size(checked.positions)}", checked.about, checked.warnings)


def _size(positions: int) -> str:
    """How large a world is, said of large ones only."""
    if positions < LARGE_WORLD:
        return ""
    return f"; a large world of {positions:,} positions: each run takes minutes, agencies.sample makes it smaller"
