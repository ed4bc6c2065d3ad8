"""How robust the headline is: `python -m experiments.robustness` carries draws out and writes the page."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from capsim.cli.group import Progress
from capsim.cli.options import Whole
from experiments.robustness_draws import carry_out, scenario_of
from experiments.robustness_page import PICTURE, robustness_page
from experiments.robustness_picture import draw

PAGE, STORE = Path("docs/robustness.md"), Path("results/robustness")
DRAWS, SMALL_DRAWS = 1000, 4


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--draws", type=Whole(min=2), default=DRAWS, show_default=True, help="Of each setting.")
@click.option("--store", default=str(STORE), show_default=True, metavar="DIR", help="Where draws are kept.")
@click.option("--page", "page", default=str(PAGE), show_default=True, metavar="FILE", help="What is written.")
@click.option("--small", is_flag=True, help="A few draws of a small world, printed; nothing is kept.")
@click.option("--workers", type=Whole(min=1), default=2, show_default=True)
def main(*, draws: int, store: str, page: str, small: bool, workers: int) -> None:
    """Run the headline under draws of assumptions and rules, and write docs/robustness.md.

    Safe to interrupt: draws are stored as they end, and the same command goes on.
    """
    scenario, draws = scenario_of(small=small), SMALL_DRAWS if small else draws
    with tempfile.TemporaryDirectory() as scratch, Progress("draws") as progress:
        folder = Path(scratch) if small else Path(store)
        found = carry_out(scenario, folder, draws=draws, workers=workers, progress=progress)
    text = robustness_page(scenario, found)
    if small:
        click.echo(text)
        return
    draw(found, Path(page).parent / "images" / PICTURE)
    Path(page).write_text(text, encoding="utf-8", newline="\n")
    click.echo(page)


if __name__ == "__main__":
    main(prog_name="python -m experiments.robustness")
