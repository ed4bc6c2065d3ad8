"""`python -m validation streams`: the battery on addressed numbers; writes docs/streams.md."""

from __future__ import annotations

from dataclasses import asdict

import click

from capsim.cli.group import FAILED
from capsim.cli.options import Whole, examples, json_option, quiet_option
from capsim.cli.tables import text_table


@click.command(epilog=examples("python -m validation streams --numbers 1000000"))
@click.option(
    "--numbers", type=Whole(min=100_000), default=2**21, show_default=True, metavar="N", help="Of each order."
)
@click.option("--dieharder", is_flag=True, help="Also the tests of dieharder, where it is installed.")
@click.option("--write", metavar="FILE", help="Write the page docs/streams.md.")
@json_option
@quiet_option
@click.pass_context
def streams(
    ctx: click.Context, *, numbers: int, dieharder: bool, write: str | None, as_json: bool, quiet: bool
) -> None:
    """Random numbers as they are addressed: what neighbours in seven orders share, which should be nothing.

    Neighbours are positions, months, columns, processes, agencies, runs, and addresses made of small whole numbers.
    """
    from capsim.runs.output import strict_json
    from validation.streams.running import run_streams, write_page

    findings = run_streams(numbers=numbers, dieharder=dieharder)
    if write is not None:
        write_page(write, findings, numbers=numbers, dieharder=dieharder)
    met = sum(row.met for row in findings)
    if as_json:
        click.echo(strict_json([{**asdict(row), "met": row.met} for row in findings]))
    else:
        cells = [
            [row.order, row.statistic, f"{row.observed:.4g}", f"{row.chance:.3g}", "met" if row.met else "MISSED"]
            for row in findings
            if not (quiet and row.met)
        ]
        header = ["order", "statistic", "observed", "chance", ""]
        table = [text_table(header, cells, align="llrrl")] if cells else []
        click.echo("\n\n".join([*table, f"{met} of {len(findings)} statistics met."]))
    if met < len(findings):
        ctx.exit(FAILED)
