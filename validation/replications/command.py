"""`python -m validation replications`: what was published beside what comes out; writes docs/replications.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from capsim.cli.group import Progress
from capsim.cli.options import Whole, examples, json_option, quiet_option
from capsim.cli.tables import text_table

MOST_RUNS = 100_000


@click.command(epilog=examples("python -m validation replications --runs 400 --write docs/replications.md"))
@click.option(
    "--runs", type=Whole(min=2, max=MOST_RUNS), default=400, show_default=True, metavar="N", help="For each point."
)
@click.option("--seed", type=Whole(min=0), default=1, show_default=True, metavar="N", help="Of all runs.")
@click.option("--from", "source", metavar="FILE", help="The numbers of an earlier run instead of a new one.")
@click.option("--write", metavar="FILE", help="Write the page, its numbers beside it as .json, pictures into images/.")
@json_option
@quiet_option
def replications(*, runs: int, seed: int, source: str | None, write: str | None, as_json: bool, quiet: bool) -> None:
    """Four papers on organizational learning, as small models, beside what was published.

    March 1991; Rao and Argote 2006; Carley 1992; Miller, Pentland and Choi 2012. A few minutes. What does not come out
    is a finding: exit status 0.
    """
    from capsim.paths import file_to_write
    from validation.replications.running import run_replications
    from validation.replications.saving import read_replications, replications_json

    page = None if write is None else file_to_write(write)
    if source is not None:
        results = read_replications(source)
    else:
        with Progress("parts", quiet=quiet) as progress:
            results = run_replications(runs=runs, seed=seed, progress=progress)
    if page is not None:
        _write(page, results)
    click.echo(replications_json(results) if as_json else _text(results, short=quiet))


def _write(page: Path, results: dict[str, Any]) -> None:
    from capsim.paths import whole_file
    from validation.replications.page import replications_markdown
    from validation.replications.pictures import draw_all
    from validation.replications.saving import replications_json

    draw_all(results, page.parent / "images")
    contents = ((page.with_suffix(".json"), replications_json(results) + "\n"), (page, replications_markdown(results)))
    for path, content in contents:
        with whole_file(path) as draft:
            draft.write_text(content, encoding="utf-8", newline="\n")


def _text(results: Mapping[str, Any], *, short: bool) -> str:
    """Every claim and what became of it; with `short` only what does not hold."""
    from validation.replications.readings import DEFAULT

    listed = [(f"March, figure {n}", found) for n, found in results["march"][DEFAULT]["findings"].items()]
    named = (("Rao and Argote", "rao"), ("Carley", "carley"), ("Miller and others", "routines"))
    listed += [(name, results[key]["findings"]) for name, key in named]
    findings = [(paper, one) for paper, found in listed for one in found]
    cells = [
        [paper, one["words"], f"{one['difference']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}", one["verdict"]]
        for paper, one in findings
        if not (short and one["verdict"] == "holds")
    ]
    held = sum(one["verdict"] == "holds" for _, one in findings)
    table = [text_table(["paper", "claim", "difference", "interval", ""], cells, align="llrll")] if cells else []
    return "\n\n".join([*table, f"{held} of {len(findings)} claims hold (March: reading {DEFAULT})."])
