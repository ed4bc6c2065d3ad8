"""`capsim report`: report.html again, from a finished output folder."""

from __future__ import annotations

import click

from capsim.cli.options import examples, quiet_option

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
    from capsim.paths import file_to_write, folder_to_read
    from capsim.report import write_report

    place = folder_to_read(folder)
    path = file_to_write(place / "report.html" if out is None else out)
    comparison = read_comparison(place)
    write_report(comparison, path)
    if not quiet:
        click.echo(f"{comparison.answer()}\n\n{path}")
