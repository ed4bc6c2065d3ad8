"""Figures 1 to 5 of March (1991) as a table: `python -m experiments.march1991 --figure 1 --runs 80 --out FILE.csv`."""

from __future__ import annotations

import click

from capsim.cli.group import Commands
from capsim.cli.options import Whole
from capsim.paths import file_to_write, whole_file
from validation.replications.march_figures import FIGURES, figure_table
from validation.replications.readings import DEFAULT, READINGS

MOST_RUNS = 100_000


@click.group(
    cls=Commands,
    invoke_without_command=True,
    subcommand_metavar="",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--figure", type=Whole(min=min(FIGURES), max=max(FIGURES)), required=True, help="Which figure.")
@click.option("--runs", type=Whole(min=1, max=MOST_RUNS), default=80, show_default=True, help="For each point.")
@click.option("--out", metavar="FILE", help="A CSV file; without it the table is printed.")
@click.option("--seed", type=Whole(min=0), default=1, show_default=True, help="Another one gives other luck.")
@click.option(
    "--reading",
    type=click.Choice(list(READINGS)),
    default=DEFAULT,
    show_default=True,
    help="Of the rules that the paper leaves open (docs/replications.md).",
)
def main(*, figure: int, runs: int, out: str | None, seed: int, reading: str) -> None:
    """Run a figure of March (1991), Exploration and Exploitation in Organizational Learning.

    Columns: p1 and p2, the figure's parameters in the order of its axes; quantity, `code` or `individuals` (their
    average); mean and standard deviation over runs; runs.
    """
    path = None if out is None else file_to_write(out)
    rules, words = READINGS[reading]
    text = figure_table(figure, runs=runs, seed=seed, reading=rules).to_csv(
        index=False, float_format="%.6g", lineterminator="\n"
    )
    if path is None:
        click.echo(text, nl=False)
        return
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")
    shown = FIGURES[figure]
    click.echo(f"{path}: figure {figure}, {shown.title}. p1: {shown.p1}; p2: {shown.p2}.")
    click.echo(f"Reading {reading}: {words}.")
    click.echo(f"Other readings (--reading): {', '.join(name for name in READINGS if name != reading)}.")


if __name__ == "__main__":
    main(prog_name="python -m experiments.march1991")
