"""`capsim sensitivity`, `capsim calibrate`, `capsim optimize`: what decides, what fits, what does best."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capsim.cli.options import examples, json_option, own_cpus, quiet_option, seed_option, workers_option
from capsim.cli.progress import Progress
from capsim.cli.tables import interval_text, number_text, text_table
from capsim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from capsim.scenario import Scenario

__all__ = ["calibrate", "optimize", "sensitivity"]

_study = click.argument("study", metavar="STUDY")
_replications = click.option("--replications", type=click.IntRange(min=1), metavar="N", help="Runs of each point.")
_out = click.option("--out", metavar="DIR", help="Output folder for tables and figure; nothing is written without it.")


def _parameters(names: str) -> Callable[[Any], Any]:
    return click.option(names, multiple=True, metavar="NAME", help="A parameter; may be repeated.")


def _given(study: str, kind: str, options: Mapping[str, Any]) -> tuple[Scenario, dict[str, Any]]:
    """Arguments from a study file of a kind, or from a scenario; what the command line says counts more."""
    from capsim.scenario import load_scenario
    from capsim.studies.study.files import is_study_file, load_study

    said = {name: value for name, value in options.items() if value is not None and value != ()}
    if not is_study_file(study):
        return load_scenario(study), said
    loaded = load_study(study)
    if loaded.kind != kind:
        raise InputError(f"{study}: is a study of kind {loaded.kind}; capsim {kind} needs kind: {kind}")
    arguments = {**loaded.arguments(), **said}
    return arguments.pop("scenario"), arguments


def _run(
    what: Callable[..., Any], kind: str, study: str, out: str | None, quiet: bool, workers: int | None,
    options: Mapping[str, Any],
) -> Any:  # fmt: skip
    """Check the output folder first, then run with progress."""
    from capsim.studies.output.folder import check_folder

    if out is not None:
        check_folder(Path(out))
    scenario, arguments = _given(study, kind, options)
    observed = [arguments.pop("observed")] if "observed" in arguments else []
    with Progress(quiet=quiet) as progress:
        return what(scenario, *observed, workers=workers or own_cpus(), progress=progress, **arguments)


def _write(result: Any, out: str | None, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
    """Tables as CSV, the figure, and where they come from; the folder appears whole or not at all."""
    if out is None:
        return
    import matplotlib

    from capsim.scenario import scenario_hash
    from capsim.studies.output.folder import whole_folder
    from capsim.studies.output.provenance import provenance
    from capsim.studies.output.values import strict_json

    source = provenance(result.scenario, scenario_hash(result.scenario), precision=None)
    with whole_folder(Path(out), last="provenance.json") as stage:
        for name, table in tables.items():
            table.to_csv(stage / f"{name}.csv", index=table.index.name is not None)
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "capsim"}):
            result.plot().get_figure(root=True).savefig(stage / "figure.svg")
        (stage / "provenance.json").write_text(strict_json({**source, "analysis": dict(facts)}), encoding="utf-8")


def _say(as_json: bool, facts: Mapping[str, Any], parts: list[str], out: str | None) -> None:
    from capsim.studies.output.values import strict_json

    if as_json:
        click.echo(strict_json({**facts, "folder": out}))
    else:
        click.echo("\n\n".join([*parts, *([out] if out else [])]))


def _table_text(table: pd.DataFrame, columns: Mapping[str, str], *, digits: int = 3) -> str:
    """A table with chosen columns; one named "low high" is an interval."""
    rows = []
    for row in table.to_dict("records"):
        cells = []
        for column in columns:
            low, _, high = column.partition(" ")
            value = row[low]
            if high:
                cells.append(interval_text(float(value), float(row[high]), digits))
            elif isinstance(value, bool):
                cells.append("yes" if value else "no")
            else:
                cells.append(number_text(value, digits) if isinstance(value, float) else str(value))
        rows.append(cells)
    return text_table(list(columns.values()), rows, align="l" + "r" * (len(columns) - 1))


@click.command(
    short_help="Which unknown decides the outcome, and who wins.",
    epilog=examples(
        "capsim sensitivity classroom --parameters lea_annual_exit --parameters codification_rate --n 16",
        "capsim sensitivity ohio --method morris --n 10 --replications 8 --out results/what-decides",
        "capsim sensitivity mine.yaml       # a study file with kind: sensitivity",
    ),
)
@_study
@click.option("--method", type=click.Choice(["sobol", "morris", "pawn", "delta"]), help="Default: sobol.")
@_parameters("--parameters")
@click.option("--n", type=click.IntRange(min=4), metavar="N", help="Base points, trajectories (morris) or points.")
@click.option("--outcome", metavar="COLUMN", help="Such as use_follow_up_end; the scenario's question without it.")
@click.option("--contrast", nargs=2, metavar="A B", help="Two strategies; the scenario's question without it.")
@_replications
@workers_option
@seed_option
@_out
@json_option
@quiet_option
def sensitivity(
    *, study: str, workers: int | None, out: str | None, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Measure which parameters decide an outcome, and which decide the difference between two strategies.

    STUDY is a study file (kind: sensitivity), or a scenario. Parameters vary uniformly over their declared ranges;
    every point is run with the same luck. Parameters are not ranked when luck makes more than a fifth of the variance.
    """
    from capsim.studies.sensitivity.methods import METHODS
    from capsim.studies.sensitivity.sensitivity import sensitivity as analyse

    result = _run(analyse, "sensitivity", study, out, quiet, workers, options)
    target = result.targets[0]
    table = result.table() if result.problem_with_ranking() else result.ranking()
    by = METHODS[result.method].ranked_by
    columns = {"parameter": "parameter", "unit": "unit"}
    for name in METHODS[result.method].columns:
        columns |= {name: name} | ({f"{name}_low {name}_high": "95%"} if f"{name}_low" in table else {})
    problem = result.problem_with_ranking()
    facts = {
        "sentence": result.sentence(), "method": result.method, "ranked_by": by, "ranked": problem is None,
        "outcome": result.outcome, "targets": list(result.targets), "noise_share": result.noise, "n": result.n,
        "replications": result.replications, "points": len(result.points), "seed": result.seed,
        "bounds": {name: list(pair) for name, pair in result.bounds.items()}, "priors": "uniform over the bounds",
        "versions": result.versions, "indices": result.indices.to_dict("records"),
    }  # fmt: skip
    _write(result, out, {"indices": result.indices, "points": result.points, "runs": result.runs}, facts)
    about = f"{target}: {METHODS[result.method].title}, {METHODS[result.method].meaning}; {result.outcome}"
    floor = "(dummy) never reaches the model: its index is what luck alone reaches. Intervals: sampling of the design."
    _say(as_json, facts, [result.sentence(), *([] if quiet else [about, _table_text(table, columns), floor])], out)


@click.command(
    short_help="Fit parameters to observed data.",
    epilog=examples(
        "capsim calibrate classroom --observed survey.csv --parameters lea_annual_exit --strategy none",
        "capsim calibrate ohio --observed survey.csv --parameters months_to_fill --method optuna --replications 8",
        "capsim calibrate mine.yaml         # a study file with kind: calibrate",
    ),
)
@_study
@click.option("--observed", metavar="CSV", help="Columns measure, month, level, value, standard_error.")
@_parameters("--parameters")
@click.option("--strategy", metavar="NAME", help="Under which the data were observed; none without it.")
@click.option("--method", type=click.Choice(["abc", "optuna"]), help="A posterior (default), or a best point.")
@click.option("--n", type=click.IntRange(min=40), metavar="N", help="Points, or trials. Default: 400.")
@click.option("--share", type=click.FloatRange(0.0, 0.5, min_open=True), metavar="S", help="Of the runs kept by abc.")
@_replications
@workers_option
@seed_option
@_out
@json_option
@quiet_option
def calibrate(
    *, study: str, workers: int | None, out: str | None, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Fit parameters to observed means, and check what the fitted model predicts of them.

    STUDY is a study file (kind: calibrate), or a scenario with --observed and --parameters. The seed is never fitted.
    """
    from capsim.studies.calibration.calibration import calibrate as fit

    if not options.get("observed") and not Path(study).is_file():
        raise InputError("calibrate: needs --observed CSV and --parameters, or a study file of kind calibrate")
    result = _run(fit, "calibrate", study, out, quiet, workers, options)
    facts = {
        "sentence": result.sentence(), "method": result.method, "sampler": result.sampler, "best": result.best,
        "tolerance": result.tolerance, "strategy": result.strategy, "quantiles": result.quantiles.to_dict("records"),
        "check": result.check.to_dict("records"),
        "bounds": {name: list(pair) for name, pair in result.bounds.items()},
    }  # fmt: skip
    tables = {"sample": result.sample, "quantiles": result.quantiles, "check": result.check, "points": result.points}
    _write(result, out, {name: table for name, table in tables.items() if len(table)}, facts)
    check = _table_text(result.check, {
        "measure": "measure", "level": "level", "month": "month", "observed": "observed", "predicted": "predicted",
        "low high": "95%", "inside": "inside",
    })  # fmt: skip
    _say(as_json, facts, [result.sentence(), *([] if quiet else [check, result.sampler])], out)


@click.command(
    short_help="Best strategies under a budget, robust over what is not known.",
    epilog=examples(
        "capsim optimize classroom --n 8 --draws 4 --objectives use --objectives cost",
        "capsim optimize ohio --n 40 --robust regret --out results/best-mixes",
        "capsim optimize mine.yaml          # a study file with kind: optimize",
    ),
)
@_study
@click.option("--n", type=click.IntRange(min=1), metavar="N", help="Candidate mixes. Default: 40.")
@click.option("--objectives", multiple=True, metavar="NAME", help="use, equity_size, equity_sparse, cost; repeated.")
@click.option("--robust", type=click.Choice(["mean", "worst_tenth", "regret"]), help="Over draws. Default: mean.")
@click.option("--draws", type=click.IntRange(min=4), metavar="N", help="Of the uncertain parameters. Default: 12.")
@_parameters("--uncertain")
@_replications
@workers_option
@seed_option
@_out
@json_option
@quiet_option
def optimize(
    *, study: str, workers: int | None, out: str | None, as_json: bool, quiet: bool, **options: Any
) -> None:
    """Search mixes of activities, targeting and schedule for those that no other beats, under the scenario's budget.

    STUDY is a study file (kind: optimize), or a scenario. Shown figures come from fresh draws and fresh luck, not from
    those that were searched with.
    """
    from capsim.studies.optimization.optimization import optimize as search

    result = _run(search, "optimize", study, out, quiet, workers, options)
    first = result.objectives[0]
    front = [str(name) for name in result.front()["strategy"]]
    facts = {
        "sentence": result.sentence(), "objectives": [one.name for one in result.objectives], "robust": result.robust,
        "reference": result.reference, "front": front, "table": result.table.to_dict("records"),
        "compositions": [one for one in result.candidates if one["name"] in front],
    }  # fmt: skip
    tables = {"front": result.table, "search": result.search, "regret": result.regret, "draws": result.draws}
    _write(result, out, tables, facts)
    columns = {"strategy": "strategy", "pareto": "not beaten"}
    columns |= {f"{one.name}_mean": one.name for one in result.objectives}
    columns |= {f"{first.name}_regret": "regret", "low high": f"{first.name} minus {result.reference}, 95%"}
    shown = result.table.sort_values(["pareto", f"{first.name}_mean"], ascending=False)
    mixes = [
        f"{one['name']}: {', '.join(f'{name} {share:.0%}' for name, share in one['activities'].items())}; "
        f"{one['targeting']}, {one['schedule']}"
        for one in facts["compositions"]
    ]
    parts = [] if quiet else [_table_text(shown, columns), "\n".join(mixes)]
    _say(as_json, facts, [result.sentence(), *(part for part in parts if part)], out)
