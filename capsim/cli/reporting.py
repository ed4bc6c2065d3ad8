"""`capsim report`: report.html again, from a finished output folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from capsim.cli.options import examples, quiet_option
from capsim.errors import OutputError

__all__ = ["report"]


@click.command(
    epilog=examples(
        "capsim report results/ohio-2023-24",
        "capsim report results/ohio-2023-24 --out ohio.html",
    )
)
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE", help="Instead of DIR/report.html.")
@quiet_option
def report(*, folder: str, out: str | None, quiet: bool) -> None:
    """Make report.html from the output folder of a comparison.

    Nothing is simulated again, and nothing in the folder is executed.
    """
    from capsim.comparison.reading import read_comparison
    from capsim.report import write_report

    comparison = read_comparison(Path(folder))
    path = Path(folder) / "report.html" if out is None else Path(out)
    draft = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        write_report(comparison, draft)
        os.replace(draft, path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    finally:
        draft.unlink(missing_ok=True)
    if not quiet:
        click.echo(f"{comparison.answer()}\n\n{path}")
