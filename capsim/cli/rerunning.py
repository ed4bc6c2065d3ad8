"""`capsim rerun`: what made an output folder, once more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capsim.cli.group import FAILED, say
from capsim.cli.options import examples, json_option, quiet_option, workers_option
from capsim.cli.tables import say_json

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison


@click.command(
    epilog=examples("capsim rerun results/ohio-2023-24", "capsim rerun results/turnover --out results/again")
)
@click.argument("folder", metavar="DIR")
@workers_option
@click.option("--out", metavar="DIR", help="Folder of the new runs; results/<DIR>-again without it.")
@json_option
@quiet_option
@click.pass_context
def rerun(ctx: click.Context, *, folder: str, workers: int, out: str | None, as_json: bool, quiet: bool) -> None:
    """Run again what made an output folder of run, compare or sweep.

    Its provenance.json is enough. Says how many of its runs have the same numbers, to the last digit; exit status 1 if
    one has not.
    """
    from capsim.cli.progress import Progress
    from capsim.comparison.rerun import rerun as run_again
    from capsim.paths import folder_to_read
    from capsim.runs.folder import free_folder

    given = folder_to_read(folder)
    place = free_folder(f"{given.resolve().name} again") if out is None else Path(out)
    with Progress("runs", quiet=quiet) as progress:
        done = run_again(given, place, workers=workers, progress=progress, extra=_report)
    if as_json:
        say_json({"kind": done.kind, "folder": str(done.folder), "runs": done.runs, "same": done.same})
    elif not quiet:
        say(f"{done.kind} run again in {done.folder}")
        say(
            f"{done.same:,} of {done.runs:,} runs have the same numbers"
            if done.runs
            else f"{folder} holds no runs to compare with"
        )
    for trouble in done.troubles:
        say(trouble, err=True)
    if done.same < done.runs or done.troubles:
        ctx.exit(FAILED)


def _report(result: Comparison) -> dict[str, Callable[[Path], object]]:
    from capsim.report import write_report

    return {"report.html": lambda path: write_report(result, path)}
