"""`python -m validation anchors`: published trials beside the same trials in the model; writes docs/anchors.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from capsim.cli.group import Progress
from capsim.cli.options import examples, json_option, quiet_option
from capsim.cli.tables import text_table

if TYPE_CHECKING:
    from validation.anchors.running import Result


@click.command(epilog=examples("python -m validation anchors --write docs/anchors.md"))
@click.option("--small", is_flag=True, help="Few replicates of few sites, to see that everything runs.")
@click.option("--from", "source", metavar="FILE", help="The numbers of an earlier run instead of a new one.")
@click.option("--write", metavar="FILE", help="Write the page, and its numbers beside it as .json.")
@json_option
@quiet_option
def anchors(*, small: bool, source: str | None, write: str | None, as_json: bool, quiet: bool) -> None:
    """Published trials run in the model as they were run: dose, sites, months, instruments.

    Solves the parameters that the declared table names, each by its own target, and prints the values to declare; all
    other targets are held out. About two minutes. What is missed is a finding: exit status 0.
    """
    from capsim.paths import file_to_write, whole_file
    from validation.anchors.page import anchors_markdown
    from validation.anchors.running import FULL, SMALL, run_anchors
    from validation.anchors.saving import anchors_json, provenance_of, read_anchors

    page = None if write is None else file_to_write(write)
    if source is not None:
        results, provenance = read_anchors(source)
    else:
        size = SMALL if small else FULL
        with Progress("trials", quiet=quiet) as progress:
            results = run_anchors(size, progress)
        provenance = provenance_of(size)
    numbers, text = anchors_json(results, provenance), anchors_markdown(results, provenance)
    for path, content in ((page.with_suffix(".json"), numbers + "\n"), (page, text)) if page is not None else ():
        with whole_file(path) as draft:
            draft.write_text(content, encoding="utf-8", newline="\n")
    click.echo(numbers if as_json else _text(results, short=quiet))


def _text(results: Sequence[Result], *, short: bool) -> str:
    """Table of the targets; with `short` only those that are not met."""
    from validation.anchors.page import span, with_interval, word

    header = ["trial", "target", "published", "simulated", "parameter", "value", ""]
    cells = [
        [
            result.trial,
            result.target,
            span(result.declared),
            with_interval(result.estimate),
            result.parameter or "held out",
            f"{result.solved:.4g}" if result.parameter else "-",
            word(result).replace("missed", "MISSED"),
        ]
        for result in results
        if not (short and result.met)
    ]
    table = [text_table(header, cells, align="llrrlrl")] if cells else []
    return "\n\n".join([*table, f"{sum(result.met for result in results)} of {len(results)} targets met."])
