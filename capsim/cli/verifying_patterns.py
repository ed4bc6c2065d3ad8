"""`capsim verify patterns`: what must come out under assistance, run, judged and written as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from capsim.cli.options import own_cpus
from capsim.cli.progress import Progress
from capsim.cli.tables import text_table

if TYPE_CHECKING:
    from validation.patterns.statistics import RowResult

__all__ = ["verify_patterns"]


def verify_patterns(
    *,
    workers: int | None,
    quick: bool,
    source: str | None,
    write: str | None,
    markdown: bool,
    as_json: bool,
    quiet: bool,
) -> bool:
    """Run the patterns, or read those of an earlier run; print or write them. Return whether every run finished."""
    from validation.patterns.page import patterns_markdown
    from validation.patterns.running import FULL, QUICK, run_patterns
    from validation.patterns.saving import patterns_json, provenance_of, read_patterns

    if source is not None:
        results, provenance = read_patterns(Path(source))
    else:
        size = QUICK if quick else FULL
        with Progress(quiet=quiet) as progress:
            results = run_patterns(size=size, workers=workers or own_cpus(), progress=progress)
        provenance = provenance_of(size)
    if write is not None:
        page = Path(write)
        page.with_suffix(".json").write_text(patterns_json(results, provenance) + "\n", encoding="utf-8")
        page.write_text(patterns_markdown(results, provenance), encoding="utf-8")
    if as_json:
        click.echo(patterns_json(results, provenance))
    elif markdown:
        click.echo(patterns_markdown(results, provenance), nl=False)
    else:
        click.echo(_text(results, short=quiet))
    return not any(result.failures for result in results)


def _text(results: list[RowResult], *, short: bool) -> str:
    """Table of what was judged; with `short` only what was not met."""
    from validation.patterns.page import estimate_text, expected_text, interval_text, kind_of
    from validation.patterns.statistics import row_named

    header = ["row", "question", "judged", "expected", "estimate", "interval", "pairs", ""]
    cells, met, total = [], 0, 0
    for result in results:
        row = row_named(result.row)
        for expected, line, verdict in zip(row.judged, result.judged, result.verdicts, strict=True):
            total += 1
            met += verdict == "met"
            if not (short and verdict == "met"):
                word = "MISSED" if verdict == "missed" else verdict
                cells.append(
                    [
                        kind_of(row),
                        row.title,
                        expected.name,
                        expected_text(expected),
                        estimate_text(line.estimate),
                        interval_text(line.estimate),
                        str(line.estimate.pairs),
                        word,
                    ]
                )
    failed = [failure for result in results for failure in result.failures]
    count = f"{met} of {total} statistics met."
    table = [text_table(header, cells, align="llllrrrl")] if cells else []
    return "\n\n".join([*table, *(f"failed run: {one}" for one in failed), count])
