"""`capsim list`: what there is, with units, ranges and sources; `capsim check`: scenario and study files without
simulating, and what a scenario is about, for `compare` as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from capsim.cli.group import BAD_INPUT, complain, say
from capsim.cli.options import examples, output_options
from capsim.cli.tables import said_to_machines, say_json

if TYPE_CHECKING:
    from capsim.scenario import Checked, Scenario


@click.group(
    "list",
    short_help="List what there is.",
    epilog=examples("capsim list strategies", "capsim list parameters --json"),
)
def show() -> None:
    """List what there is: strategies, their parts, activities, instruments, rules, parameters, measures, and more."""


def _add(name: str, meaning: str, names: str = "the names", *more: str) -> None:
    """Add the command that prints a list of `capsim.cli.lists`, with further examples."""

    def command(*, as_json: bool, quiet: bool, markdown: bool = False) -> None:
        from capsim.cli.lists import ROWS, list_text, parameters_text

        rows = [] if markdown else ROWS[name]()
        if markdown:
            say(parameters_text(markdown=True))
        elif not said_to_machines(rows, as_json=as_json, quiet=quiet):
            say(list_text(name, rows))

    command.__doc__ = f"{meaning}\n\nWith --quiet only {names}."
    made = show.command(name, epilog=examples(f"capsim list {name}", *more))(output_options(command))
    if name == "parameters":
        made.params.insert(0, click.Option(["--markdown"], is_flag=True, help="As the page docs/parameters.md."))


_add("strategies", "Shipped strategies: what they deliver, to whom, how and when.")
_add("parts", "Parts of a strategy: targetings, schedules, co-design, chains, groupings, recipients.")
_add("instruments", "What can be read of agencies, who buys it, on which scale, how exactly.")
_add("readable", "What an item of an instrument of one's own can read.")
_add("activities", "Kinds of assistance: what one unit of each takes, costs and does.")
_add("measures", "What is recorded of agencies every month.")
_add("processes", "What happens in a month, in its order.")
_add("scenarios", "Shipped scenarios.")
_RULES, _PARAMETERS = "capsim list rules --json", "capsim list parameters --markdown > docs/parameters.md"
_add("rules", "Rules that may be otherwise, and their variants.", "the names, as rule.variant", _RULES)
_add(
    "parameters",
    "Every parameter of the model: unit, default, ranges, prior, source, meaning.",
    "the names",
    _PARAMETERS,
)


LARGE_WORLD = 250_000
"""Positions from which `check` warns of the size of a world; the nation has about 160,000."""


@click.command(
    short_help="Check scenario and study files.",
    epilog=examples("capsim check mine.yaml", "capsim check scenarios/*.yaml studies/*.yaml"),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@output_options
@click.pass_context
def check(ctx: click.Context, *, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario files, the tables of agencies, ties and answers that they name, and study files.

    For a scenario, this says what it is about and warns of anything that was probably not meant. For a study, it prints
    the hash by which the study can be cited before it runs. Every problem in every file is found; the first twenty of a
    file are printed (all with --json). Nothing is simulated, but classes that a scenario names as plugins are imported.
    """
    found = [_checked_file(file) for file in files]
    if as_json:
        say_json([{key: value for key, value in one.items() if key != "said"} for one in found])
    else:
        for one in found:
            if not one["valid"]:
                complain(one["problems"])
            elif not quiet:
                say("\n".join([f"{one['file']}: good ({one['said']})", *(f"    {line}" for line in one["about"])]))
                _warn(one["file"], one["warnings"])
    if not all(one["valid"] for one in found):
        ctx.exit(BAD_INPUT)


def _checked_file(file: str) -> dict[str, Any]:
    """What is said of a file: its problems, or what it is about and what it probably does not mean."""
    from capsim.errors import InputError, PluginError
    from capsim.runs.study import is_study_file, load_study, study_hash
    from capsim.scenario import load_scenario

    content: dict[str, Any] = {"file": file, "valid": True, "problems": [], "about": [], "warnings": [], "said": ""}
    try:
        if is_study_file(file):
            study = load_study(file)
            return content | {"said": f"{study.name}; {study.kind}, study hash {study_hash(study)}"}
        scenario = load_scenario(file)
        checked = _checked(scenario)
    except (InputError, PluginError) as error:
        problems = list(error.problems) if isinstance(error, InputError) else [f"{file}: {error}"]
        return content | {"valid": False, "problems": problems}
    size = checked.positions
    large = f"; a large world of {size:,} positions: each run takes minutes, agencies.sample makes it smaller"
    said = scenario.name + (large if size >= LARGE_WORLD else "")
    return content | {"said": said, "about": list(checked.about), "warnings": list(checked.warnings)}


def about_scenario(scenario: Scenario, name: str) -> str:
    """What is about to run, in lines; what it probably does not mean is said on standard error."""
    checked = _checked(scenario)
    _warn(name, checked.warnings)
    return "\n".join(checked.about)


def _warn(name: str, warnings: tuple[str, ...]) -> None:
    for text in warnings:
        say(f"{name}: warning: {text}", err=True)


def _checked(scenario: Scenario) -> Checked:
    """Check the tables of a scenario, and import the classes that it names."""
    from capsim.engine.strategies import resolve_strategy
    from capsim.scenario import PluginStrategy, check_scenario

    for strategy in scenario.strategies:
        if isinstance(strategy, PluginStrategy):
            resolve_strategy(scenario, strategy)
    return check_scenario(scenario)
