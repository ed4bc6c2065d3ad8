"""`python -m validation support`: what a state agency is worth to districts, by weight; writes docs/support.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from capsim.cli.group import Progress
from capsim.cli.options import Whole, examples, json_option, quiet_option, workers_option


@click.command(epilog=examples("python -m validation support --seeds 4 --write docs/support.md"))
@click.option("--seeds", type=Whole(min=2), default=2, show_default=True, metavar="N", help="Worlds for each row.")
@click.option("--districts", type=Whole(min=2), default=20, show_default=True, metavar="N", help="Of the state.")
@click.option("--regions", type=Whole(min=1), default=2, show_default=True, metavar="N", help="Regional agencies.")
@click.option("--seed", type=Whole(min=0), default=1, show_default=True, metavar="N", help="Of all runs.")
@workers_option
@click.option("--write", metavar="FILE", help="Write the page, and its numbers beside it as .json.")
@json_option
@quiet_option
def support(
    *, seeds: int, districts: int, regions: int, seed: int, workers: int, write: str | None, as_json: bool, quiet: bool
) -> None:
    """Help from the agencies above at weight 0, 1 and 2: what strategies for them and facts about them do to districts.

    Small by default; the page is of 4 worlds of 40 districts in 4 regions, some minutes. Nothing is judged.
    """
    from capsim.paths import file_to_write, whole_file
    from capsim.runs.output import strict_json
    from validation.saving import provenance
    from validation.support.page import support_markdown
    from validation.support.running import run_support

    page = None if write is None else file_to_write(write)
    size = {"seeds": seeds, "districts": districts, "regions": regions, "seed": seed}
    with Progress(quiet=quiet) as progress:
        rows = run_support(workers=workers, progress=progress, **size)
    found: dict[str, Any] = {name: [asdict(row) for row in own] for name, own in rows.items()}
    numbers = strict_json({"provenance": provenance(**size), **found})
    text = support_markdown(found, provenance(**size))
    for path, content in ((page.with_suffix(".json"), numbers + "\n"), (page, text)) if page is not None else ():
        with whole_file(path) as draft:
            draft.write_text(content, encoding="utf-8", newline="\n")
    click.echo(numbers if as_json else text.removesuffix("\n"))
