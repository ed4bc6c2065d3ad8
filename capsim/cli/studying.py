"""`capsim sweep`, `capsim query`, `capsim compact`: studies that are safe to interrupt, and their stored runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from capsim.cli.group import FAILED, Progress, duration_text, say, stoppable
from capsim.cli.options import Part, examples, output_options, quiet_option, workers_option
from capsim.cli.tables import Columns, interval_text, records_table, say_json, signed_text
from capsim.paths import file_to_read, file_to_write, folder_to_read, folder_to_write, whole_file

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.sweep_summary import StudyPlans
    from capsim.runs.study import SweepStudy

_MOST_REASONS = 5


@click.command(
    epilog=examples(
        "capsim sweep studies/turnover.yaml --dry-run",
        "capsim sweep studies/turnover.yaml --workers 4 --out results/turnover",
        "capsim sweep studies/turnover.yaml --dask tcp://10.0.0.1:8786",
        "capsim sweep studies/turnover.yaml --shard 3/16        # in a job array, see docs/slurm.md",
    )
)
@click.argument("study", metavar="STUDY")
@workers_option
@click.option("--dask", metavar="ADDRESS", default="", help="Run on a dask cluster with this address of its scheduler.")
@click.option("--dask-file", metavar="FILE", default="", help="The same, with the scheduler's file.")
@click.option("--shard", type=Part(), metavar="I/N", default=(1, 1), help="Run part I of N, for job arrays.")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Print the number of runs, the estimated time and disk space, and the study's hash; run nothing.",
)
@click.option("--retry-failed", is_flag=True, help="Run failed runs again.")
@click.option("--out", metavar="DIR", help="Output folder (default: results/<name in the study>).")
@output_options
@click.pass_context
def sweep(
    ctx: click.Context, /, *, study: str, dry_run: bool, out: str | None, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Run a study file: factors x strategies x replications.

    It may be interrupted at any time: runs are stored as they finish, and the same command continues where it stopped.
    A finished study ends with its plans over all points and a page, report.html. The exit status is 1 if some runs
    failed, 130 after Ctrl-C and 143 after SIGTERM.
    """
    from capsim.runs.study import load_study
    from capsim.runs.sweep import default_folder
    from capsim.runs.sweep import sweep as run_sweep

    named = ctx.get_parameter_source("workers") is ParameterSource.COMMANDLINE
    if named and (options["dask"] or options["dask_file"]):
        raise click.UsageError("--workers is for this machine; leave it out with --dask", ctx)
    if options["dask_file"]:
        file_to_read(options["dask_file"], what="a scheduler's file")
    given = load_study(study)
    if dry_run:
        _say_estimate(given, options["workers"], as_json=as_json)
        return
    folder = folder_to_write(default_folder(given) if out is None else out)
    with stoppable(folder), Progress("runs", quiet=quiet) as progress:
        run_sweep(given, out=folder, progress=progress, **options)
    if _say_stored(folder, as_json=as_json, quiet=quiet):
        ctx.exit(FAILED)


def _say_estimate(study: SweepStudy, workers: int, *, as_json: bool) -> None:
    from capsim.runs.sweep import estimate_sweep

    found = estimate_sweep(study, workers=workers)
    if as_json:
        say_json(found._asdict())
        return
    people = f"{workers} worker{'s' if workers != 1 else ''}"
    say(
        f"{study.name}: {found.points:,} points x {len(study.strategies)} strategies x {study.replications} "
        f"replications = {found.runs:,} runs\n"
        f"about {duration_text(found.seconds)} with {people} ({found.seconds_per_run * 1000:.3g} ms a run), "
        f"at most {found.disk_bytes / 1e6:,.1f} MB on disk\n"
        f"study hash {found.study_hash}"
    )


def _say_stored(folder: Path, *, as_json: bool, quiet: bool) -> int:
    """Print what is stored; return the number of failed runs."""
    from capsim.comparison.sweep_summary import StudyPlans
    from capsim.runs.reading import Results

    results = Results(folder)
    done, failed = results.counts["done"], results.counts["failed"]
    plans = StudyPlans(results) if done + failed == results.total else None
    if plans is not None and len(plans.over_points):
        _keep(plans)
    if as_json:
        content = {"folder": str(folder), "runs": results.total, "done": done, "failed": failed}
        content |= {} if plans is None else {"answer": plans.answer(), "plans": plans.over_points.to_dict("records")}
        say_json({**content, "study_hash": results.study_hash})
    elif not quiet:
        say(f"{done + failed:,} of {results.total:,} runs are stored in {folder}, {failed:,} failed")
        say(f"study hash {results.study_hash}")
        if plans is not None and len(plans.over_points):
            say(f"\n{plans.answer()}\n\n{_plans_text(plans.over_points)}\n\n{folder / 'report.html'}")
    if failed:
        reasons = results.reasons
        for row in reasons.head(_MOST_REASONS).itertuples():
            first = f"{row.strategy}, point {row.point}, replicate {row.replicate}"
            runs = int(str(row.runs))
            many = f"{runs:,} runs, the first of them {first}" if runs > 1 else first
            say(f"failed: {many}: {row.reason}", err=True)
        if len(reasons) > _MOST_REASONS:
            say(f"and {len(reasons) - _MOST_REASONS:,} more reasons", err=True)
        say("capsim sweep ... --retry-failed runs them again.", err=True)
    return failed


def _keep(plans: StudyPlans) -> None:
    """Every plan over all points of a finished study, in summary.csv and on a page."""
    from capsim.comparison.folder import SUMMARY
    from capsim.report.page import write_page
    from capsim.report.several import render_study

    folder = plans.results.folder
    with whole_file(file_to_write(folder / SUMMARY)) as draft:
        plans.over_points.to_csv(draft, index=False, lineterminator="\n", encoding="utf-8")
    write_page(render_study(plans), folder / "report.html")


def _plans_text(table: pd.DataFrame) -> str:
    """The plans, that which is least far behind the best on average first."""
    columns: Columns = {
        "plan": lambda row: f"{row['place']} {row['strategy']}",
        "best at": lambda row: f"{row['best_in']} of {row['points']} points",
        "gain": lambda row: signed_text(row["gain"]),
        "lowest to highest": lambda row: interval_text(row["lowest_gain"], row["highest_gain"]),
        "behind on average": lambda row: f"{row['mean_regret']:.3f}",
        "at most": lambda row: f"{row['largest_regret']:.3f}",
        "where": lambda row: row["where"] or "-",
    }
    rows = table.assign(place=range(1, len(table) + 1)).to_dict("records")
    legend = (
        "gain: over no help in the outcome of the question, mean over the points of the study; behind: how far it is "
        "behind the best plan of the same point. The same in summary.csv"
    )
    return f"{records_table(rows, columns, align='lrrrrrl')}\n\n{legend}"


@click.command(
    epilog=examples(
        'capsim query results/turnover "SELECT strategy, avg(use_by_pupils_follow_up_end) FROM runs GROUP BY 1"',
        'capsim query results/turnover "DESCRIBE runs"',
        'capsim query results/ohio-2023-24 "SELECT strategy, month, avg(use) FROM monthly '
        "WHERE level = 'lea_by_pupils' GROUP BY ALL ORDER BY ALL\"",
    )
)
@click.argument("folder", metavar="DIR")
@click.argument("sql", metavar="SQL")
@output_options
def query(*, folder: str, sql: str, as_json: bool, quiet: bool) -> None:
    """Query the tables of an output folder with one SELECT statement (DuckDB; also WITH, PIVOT, SUMMARIZE, DESCRIBE).

    Every Parquet file in the folder is a table of the same name; the runs of a study are the table runs. The file
    data_dictionary.md in the folder says what the columns mean. Nothing is changed.
    """
    from capsim.runs.reading import query_folder

    table = query_folder(folder_to_read(folder), sql)
    if as_json:
        say_json(table.to_dict("records"))
    else:
        text = str(table.to_csv(index=False, sep="\t", lineterminator="\n", header=not quiet))
        say(text.removesuffix("\n"))


@click.command(epilog=examples("capsim compact results/turnover"))
@click.argument("folder", metavar="DIR")
@quiet_option
def compact(*, folder: str, quiet: bool) -> None:
    """Merge the small files of a study into few larger ones.

    It may be interrupted safely, and refuses to work while a sweep is using the folder.
    """
    from capsim.runs.reading import compact_store

    done = compact_store(folder_to_read(folder))
    if not quiet:
        say(f"{folder}: {done.rows:,} runs, {done.before:,} files before, {done.after:,} now")
