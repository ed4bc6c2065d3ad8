"""`capsim run`, `capsim rerun`: one run, year by year; a folder made again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.comparing import report_of
from capsim.cli.group import FAILED, Progress, say
from capsim.cli.options import (
    examples,
    output_options,
    scenario_argument,
    seed_option,
    time_limit_option,
    workers_option,
)
from capsim.cli.tables import Columns, number_text, records_table, say_json
from capsim.paths import folder_to_read, new_folder

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

_SHOWN = ("use", "capacity", "individual", "organizational_skills", "shared_goals", "culture", "vacancy")


@click.command(
    epilog=examples(
        "capsim run classroom",
        "capsim run ohio --strategy organization_focused --seed 7 --out results/one-run",
    )
)
@scenario_argument
@click.option(
    "--strategy", metavar="S", help="A strategy of the scenario, or a shipped one (default: the first of the question)."
)
@seed_option
@time_limit_option
@click.option(
    "--out", metavar="DIR", help="Also write an output folder with every month and the hours of every agency."
)
@output_options
@click.pass_context
def run(
    ctx: click.Context,
    *,
    scenario: str,
    strategy: str | None,
    seed: int | None,
    time_limit_seconds: float,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run one strategy once and print what happens year by year.

    One run is luck; `capsim compare` says what a strategy does. The run is replicate 0 of a comparison with the same
    seed. SCENARIO is the name of a shipped scenario (capsim list scenarios) or a file.
    """
    from capsim.comparison.compare import single_run, yearly
    from capsim.comparison.folder import write_folder
    from capsim.scenario import as_scenario

    given = as_scenario(scenario, seed=seed)
    folder = None if out is None else new_folder(out)
    with Progress("runs", quiet=quiet):
        chosen = given.question.contrast[0] if strategy is None else strategy
        result = single_run(given, chosen, time_limit_seconds=time_limit_seconds, keep_books=folder is not None)
    years = yearly(result)
    if folder is not None:
        write_folder(result, folder, kind="run", summary=years)
    for failure in result.failures:
        say(f"{failure['strategy']}: the run failed: {failure['reason']}", err=True)
    if as_json:
        _say_json(result, years, short=quiet)
    elif not result.failures:
        say(_text(result, years, short=quiet))
    if folder is not None and not as_json:
        say(folder)
    if result.failures:
        ctx.exit(FAILED)


def _text(result: Comparison, years: pd.DataFrame, *, short: bool) -> str:
    from capsim.catalogue import OUTCOME_MOMENTS, weighted_column
    from capsim.comparison.flow import loss_sentence

    outcomes = result.runs.iloc[0]
    strategy, scenario = result.strategies[0], result.scenario
    weight = scenario.question.weight
    end, later = (number_text(outcomes[weighted_column(f"use_{moment}", weight)]) for moment in OUTCOME_MOMENTS)
    summary = (
        f"{scenario.name}, {strategy}, seed {scenario.seed}: use {end} at the "
        f"end of assistance and {later} at the end of follow-up (mean over {weight}); "
        f"{outcomes['ta_hours']:,.0f} TA hours, {outcomes['cost']:,.0f} dollars."
    )
    if short:
        return summary

    def figure(column: str, digits: int, row: Mapping[Any, Any]) -> str:
        return number_text(row[column], digits)

    columns: Columns = {
        "year": lambda row: str(row["year"]),
        "phase": itemgetter("phase"),
        **{name: partial(figure, name, 3) for name in _SHOWN},
        "exits": partial(figure, "exits_in_year", 3),
        "ta_hours": partial(figure, "ta_hours_in_year", 1),
    }
    legend = (
        f"Means over {weight} in the last month of each year; exits and TA hours of an agency are of the whole year."
    )
    table = records_table(years.to_dict("records"), columns, align="ll" + "r" * (len(columns) - 2))
    return "\n\n".join([table, legend, *filter(None, [loss_sentence(result)]), summary])


def _say_json(result: Comparison, years: pd.DataFrame, *, short: bool) -> None:
    from capsim.comparison.paired_runs import LABELS

    labels = (*LABELS, "scenario", "status")
    row = result.runs.iloc[0].to_dict()
    content = {
        **{name: row[name] for name in labels},
        "seed": result.scenario.seed,
        "outcomes": {name: value for name, value in row.items() if name not in labels},
        "failures": result.failures,
    }
    if not short:
        months = result.monthly.drop(columns=list(LABELS), errors="ignore")
        content |= {"years": years.to_dict("records"), "months": months.to_dict("records")}
    say_json(content)


@click.command(
    epilog=examples("capsim rerun results/ohio-2023-24", "capsim rerun results/turnover --out results/again")
)
@click.argument("folder", metavar="DIR")
@workers_option
@click.option("--out", metavar="DIR", help="Folder for the new runs (default: results/<DIR>-again).")
@output_options
@click.pass_context
def rerun(ctx: click.Context, *, folder: str, workers: int, out: str | None, as_json: bool, quiet: bool) -> None:
    """Run again whatever made an output folder (run, compare or sweep).

    Its provenance.json is all that is needed. The command says how many of the runs have the same numbers, to the last
    digit, and its exit status is 1 if any does not.
    """
    from capsim.comparison.compare import rerun as run_again
    from capsim.runs.output import free_folder

    given = folder_to_read(folder)
    place = free_folder(f"{given.resolve().name} again") if out is None else Path(out)
    with Progress("runs", quiet=quiet) as progress:
        done = run_again(given, place, workers=workers, progress=progress, extra=report_of)
    if as_json:
        say_json({"kind": done.kind, "folder": str(done.folder), "runs": done.runs, "same": done.same})
    elif not quiet:
        say(f"{done.kind} run again in {done.folder}")
        say(
            f"{done.same:,} of {done.runs:,} runs have the same numbers"
            if done.runs
            else f"{folder} holds no runs to compare with"
        )
    for trouble in done.troubles:
        say(trouble, err=True)
    if done.same < done.runs or done.troubles:
        ctx.exit(FAILED)
