"""`python -m validation NAME`: the model measured against what must come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.group import FAILED, Commands, Progress
from capsim.cli.options import examples, json_option, quiet_option, workers_option
from capsim.cli.tables import text_table
from validation.anchors.command import anchors
from validation.replications.command import replications
from validation.streams.command import streams
from validation.support.command import support

if TYPE_CHECKING:
    from validation.patterns.statistics import RowResult

seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="N", help="Of the experiments."
)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Measure the model against what must come out.

    Exit status 1 if a closed form or a baseline pattern is missed, or a run failed. With --quiet only what is missed is
    printed.
    """


@main.command("closed-forms", epilog=examples("python -m validation closed-forms --seed 7"))
@seed_option
@json_option
@quiet_option
def closed_forms(*, seed: int, as_json: bool, quiet: bool) -> None:
    """Results that are known exactly when every other process is switched off."""
    from validation.closed_forms import run_closed_forms

    rows = run_closed_forms(seed=seed)
    header = ["closed form", "statistic", "expected", "observed", "tolerance", ""]
    cells = [
        [row.name, row.statistic, f"{row.expected:.6g}", f"{row.observed:.6g}", f"{row.tolerance:.2g}", _word(row)]
        for row in rows
    ]
    _print("closed forms", rows, header, cells, align="llrrrl", as_json=as_json, quiet=quiet)


@main.command(epilog=examples("python -m validation baseline"))
@seed_option
@json_option
@quiet_option
def baseline(*, seed: int, as_json: bool, quiet: bool) -> None:
    """Patterns of a world without assistance, by size of agency, against their declared bands."""
    from validation.baseline import run_baseline

    rows = run_baseline(seed=seed)
    header = ["pattern", "positions", "observed", "band", ""]
    cells = [
        [row.name, str(row.size or "all"), f"{row.observed:.4f}", f"{row.low:g} to {row.high:g}", _word(row)]
        for row in rows
    ]
    _print("baseline patterns", rows, header, cells, align="lrrll", as_json=as_json, quiet=quiet)


@main.command(epilog=examples("python -m validation patterns --workers 2 --write docs/patterns.md"))
@workers_option
@click.option("--quick", is_flag=True, help="Few replicates of small worlds, to see that everything runs.")
@click.option("--from", "source", metavar="FILE", help="The numbers of an earlier run instead of a new one.")
@click.option("--write", metavar="FILE", help="Write the page, and its numbers beside it as .json.")
@click.option("--markdown", is_flag=True, help="As the page docs/patterns.md.")
@json_option
@quiet_option
@click.pass_context
def patterns(
    ctx: click.Context,
    *,
    workers: int,
    quick: bool,
    source: str | None,
    write: str | None,
    markdown: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """What was declared to come out under assistance (docs/patterns_declared.md).

    About 8,000 runs, a quarter of an hour on two cores. What is missed is a finding: exit status 1 only if a run
    failed. The seed is declared.
    """
    from capsim.paths import file_to_write, whole_file
    from validation.patterns.page import patterns_markdown
    from validation.patterns.running import FULL, QUICK, run_patterns
    from validation.patterns.saving import patterns_json, provenance_of, read_patterns

    page = None if write is None else file_to_write(write)
    if source is not None:
        results, provenance = read_patterns(source)
    else:
        size = QUICK if quick else FULL
        with Progress(quiet=quiet) as progress:
            results = run_patterns(size=size, workers=workers, progress=progress)
        provenance = provenance_of(size)
    numbers, text = patterns_json(results, provenance), patterns_markdown(results, provenance)
    for path, content in ((page.with_suffix(".json"), numbers + "\n"), (page, text)) if page is not None else ():
        with whole_file(path) as draft:
            draft.write_text(content, encoding="utf-8")
    if as_json or markdown:
        click.echo(numbers if as_json else text.removesuffix("\n"))
    else:
        click.echo(_patterns_text(results, short=quiet))
    if any(result.failures for result in results):
        ctx.exit(FAILED)


main.add_command(anchors)
main.add_command(replications)
main.add_command(streams)
main.add_command(support)


def _print(
    what: str,
    rows: Sequence[Any],
    header: list[str],
    cells: list[list[str]],
    *,
    align: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Rows that are met or missed; status 1 if one is missed, and with `quiet` only those."""
    if as_json:
        from capsim.runs.output import strict_json

        click.echo(strict_json([{**asdict(row), "met": row.met} for row in rows]))
    else:
        shown = [line for line, row in zip(cells, rows, strict=True) if not (quiet and row.met)]
        table = [text_table(header, shown, align=align)] if shown else []
        click.echo("\n\n".join([*table, f"{sum(row.met for row in rows)} of {len(rows)} {what} met."]))
    if not all(row.met for row in rows):
        click.get_current_context().exit(FAILED)


def _word(row: Any) -> str:
    return "met" if row.met else "MISSED"


def _patterns_text(results: list[RowResult], *, short: bool) -> str:
    """Table of what was judged; with `short` only what was not met."""
    from validation.patterns.page import summary

    header = ["row", "judged", "expected", "estimate", "interval", "pairs", ""]
    lines = list(summary(results))
    cells = [
        [*line[:-1], "MISSED" if line[-1] == "missed" else line[-1]]
        for line in lines
        if not (short and line[-1] == "met")
    ]
    failed = [f"failed run: {failure}" for result in results for failure in result.failures]
    table = [text_table(header, cells, align="lllllrl")] if cells else []
    met = sum(line[-1] == "met" for line in lines)
    return "\n\n".join([*table, *failed, f"{met} of {len(lines)} statistics met."])


if __name__ == "__main__":
    main(prog_name="python -m validation")
