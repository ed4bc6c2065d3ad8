"""`capsim check`: scenario files without simulating."""

from __future__ import annotations

import click

from capsim.cli.group import BAD_INPUT
from capsim.cli.options import examples, json_option, quiet_option

__all__ = ["check"]


@click.command(
    short_help="Check scenario files.",
    epilog=examples(
        "capsim check mine.yaml",
        "capsim check scenarios/*.yaml",
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@json_option
@quiet_option
@click.pass_context
def check(ctx: click.Context, *, files: tuple[str, ...], as_json: bool, quiet: bool) -> None:
    """Check scenario files, and the tables of agencies and ties that they name.

    Every problem of every file is printed. Nothing is simulated; classes named as plugin are not imported.
    """
    from capsim.errors import InputError
    from capsim.scenario import check_file
    from capsim.studies.output_values import strict_json

    found: list[dict[str, object]] = []
    for file in files:
        try:
            scenario = check_file(file)
        except InputError as error:
            found.append({"file": file, "valid": False, "problems": list(error.problems)})
            if not as_json:
                click.echo(str(error), err=True)
        else:
            found.append({"file": file, "valid": True, "problems": []})
            if not (as_json or quiet):
                click.echo(f"{file}: good ({scenario.name}; strategies: {', '.join(scenario.strategy_names)})")
    if as_json:
        click.echo(strict_json(found))
    if not all(one["valid"] for one in found):
        ctx.exit(BAD_INPUT)
