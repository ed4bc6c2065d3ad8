"""`capsim sensitivity`, `capsim calibrate`, `capsim optimize`: what decides, what fits, what does best."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from capsim.cli.group import Progress, say, stoppable
from capsim.cli.options import (
    Real,
    Whole,
    examples,
    output_options,
    seed_option,
    weight_option,
    workers_option,
)
from capsim.cli.tables import facts as facts_of
from capsim.cli.tables import frame_table, say_json
from capsim.errors import InputError
from capsim.paths import folder_to_write, write_error

if TYPE_CHECKING:
    import pandas as pd

    from capsim.scenario import Scenario

_ANALYSIS, _FIGURE, _PROVENANCE = "analysis.json", "figure.svg", "provenance.json"

Decorator = Callable[[Any], Any]
_COMMON: tuple[Decorator, ...] = (
    click.option("--replications", type=Whole(min=1), metavar="N", help="Number of runs at each point."),
    workers_option,
    seed_option,
    click.option("--out", metavar="DIR", help="Folder for runs, tables and figure (default: one in results)."),
    output_options,
)


def _analysis(short_help: str, lines: tuple[str, ...], *own: Decorator) -> Decorator:
    """A command on a study file or scenario with options of its own, and those that all analyses have."""

    def make(function: Any) -> Any:
        options = (click.argument("study", metavar="STUDY"), *own, *_COMMON)
        wrapped = reduce(lambda inner, option: option(inner), reversed(options), function)
        return click.command(short_help=short_help, epilog=examples(*lines))(wrapped)

    return make


def _parameters(names: str, what: str = "A parameter") -> Decorator:
    return click.option(names, multiple=True, metavar="NAME", help=f"{what}; may be repeated.")


class _Done(NamedTuple):
    result: Any
    folder: Path


def _run(
    what: Callable[..., Any], kind: str, study: str, out: str | None, quiet: bool, options: Mapping[str, Any]
) -> _Done:
    """Run an analysis of a study file or a scenario, its runs stored as they end."""
    from capsim.runs.store import refuse_foreign

    scenario, arguments, usual = _given(study, kind, options)
    folder = folder_to_write(usual if out is None else out)
    if not (folder / _ANALYSIS).exists():
        refuse_foreign(folder)
    observed = [arguments.pop("observed")] if "observed" in arguments else []
    with stoppable(folder), Progress("runs", quiet=quiet) as progress:
        result = what(scenario, *observed, progress=progress, store=folder, **arguments)
    return _Done(result, folder)


def _given(study: str, kind: str, options: Mapping[str, Any]) -> tuple[Scenario, dict[str, Any], Path]:
    """Arguments from a study file of a kind, or from a scenario, and the usual folder.

    What the command line says counts more than the file.
    """
    from capsim.runs.output import slug
    from capsim.runs.study import is_study_file, load_study
    from capsim.runs.sweep import default_folder
    from capsim.scenario import load_scenario

    said = {name: value for name, value in options.items() if value is not None and value != ()}
    if not is_study_file(study):
        scenario = load_scenario(study)
        asked = {name: value for name, value in said.items() if name != "workers"}
        text = json.dumps([scenario.resolved(), asked], sort_keys=True, default=str)
        name = f"{kind}-{slug(scenario.name)[:40]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        return scenario, said, Path("results") / name
    loaded = load_study(study)
    if loaded.kind != kind:
        raise InputError(f"{study}: is a study of kind {loaded.kind}; capsim {kind} needs kind: {kind}")
    arguments = {**loaded.arguments(), **said}
    return arguments.pop("scenario"), arguments, default_folder(loaded)


def _finish(
    done: _Done, as_json: bool, facts: Mapping[str, Any], tables: Mapping[str, pd.DataFrame], parts: list[str]
) -> None:
    """Print what was found, then save it: a full disk does not cost the answer."""
    facts, parts = {"sentence": done.result.sentence(), **facts}, [done.result.sentence(), *parts]
    if as_json:
        say_json({**facts, "folder": str(done.folder)})
    else:
        say("\n\n".join([*parts, str(done.folder)]))
    _save(done, {name: table for name, table in tables.items() if len(table)}, facts)


def _save(done: _Done, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any]) -> None:
    """Tables as CSV, the figure, and what was found; each file appears whole, `analysis.json` last."""
    from capsim.figures.canvas import save_svg
    from capsim.runs.identity import provenance
    from capsim.runs.output import strict_json
    from capsim.runs.store import write_text
    from capsim.runs.tables import STORED, TEMPORARY
    from capsim.scenario import scenario_hash

    scenario, folder = done.result.scenario, done.folder
    texts = {
        f"{name}.csv": str(table.to_csv(index=table.index.name is not None, lineterminator="\n"))
        for name, table in tables.items()
    }
    save_svg(done.result.plot().get_figure(root=True), drawn := io.StringIO())
    texts[_FIGURE] = drawn.getvalue()
    if not (folder / _PROVENANCE).exists():  # nothing was run
        texts[_PROVENANCE] = strict_json(provenance(scenario, scenario_hash(scenario), precision=None)) + "\n"
    texts[_ANALYSIS] = strict_json(dict(facts)) + "\n"
    try:
        (folder / TEMPORARY).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            write_text(folder, name, text)
    except OSError as error:
        raise write_error(folder, error, safe=STORED) from error


@_analysis(
    "Find which unknowns decide the outcome, and who wins.",
    (
        "capsim sensitivity classroom --parameters lea_annual_exit --parameters routine_annual_retention --n 16",
        "capsim sensitivity ohio --method morris --n 10 --replications 8 --out results/what-decides",
        "capsim sensitivity mine.yaml       # a study file with kind: sensitivity",
    ),
    click.option("--method", type=click.Choice(["sobol", "morris", "pawn", "delta"]), help="Method (default: sobol)."),
    _parameters("--parameters"),
    click.option(
        "--n", type=Whole(min=4), metavar="N", help="Base points (8 or more with sobol), trajectories or points."
    ),
    click.option(
        "--outcome",
        metavar="COLUMN",
        help="An outcome such as use or use_by_pupils_follow_up_end (default: that of the scenario's question).",
    ),
    weight_option,
    click.option(
        "--contrast", nargs=2, metavar="A B", help="Two strategies (default: those of the scenario's question)."
    ),
)
def sensitivity(*, study: str, out: str | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Measure which parameters and rules decide an outcome, and which decide the difference between two strategies.

    STUDY is a study file (kind: sensitivity), or a scenario. Parameters vary uniformly over their declared ranges,
    rules (--parameters rules.codification; all of them where the scenario draws them) over their variants;
    every point is run with the same luck. Without --parameters every assumed one varies, which can take an hour:
    begin with a few, or with --method morris. Nothing is ranked when luck makes more than a fifth of the variance.
    """
    from capsim.analyses.indices import METHODS
    from capsim.analyses.sensitivity import sensitivity as analyse

    done = _run(analyse, "sensitivity", study, out, quiet, options)
    result = done.result
    target = result.targets[0]
    table = result.table() if result.problem_with_ranking() else result.ranking()
    columns = {"parameter": "parameter", "unit": "unit"}
    for name in METHODS[result.method].columns:
        columns |= {name: name} | ({f"{name}_low {name}_high": "95%"} if f"{name}_low" in table else {})
    problem = result.problem_with_ranking()
    facts = {
        **facts_of(result, "method"),
        "ranked_by": METHODS[result.method].ranked_by,
        "ranked": problem is None,
        **facts_of(result, "outcome", "targets"),
        "noise_share": result.noise,
        **facts_of(result, "n", "replications"),
        "points": len(result.points),
        **facts_of(result, "seed", "bounds", "unread"),
        "priors": "uniform over the bounds",
        **facts_of(result, "versions", "indices"),
    }
    tables = {"indices": result.indices, "points": result.points}
    about = f"{target}: {METHODS[result.method].title}, {METHODS[result.method].meaning}; {result.outcome}"
    floor = "(dummy) never reaches the model: its index is what luck alone reaches. Intervals: sampling of the design."
    parts = [] if quiet else [about, frame_table(table, columns), floor]
    _finish(done, as_json, facts, tables, parts)


@_analysis(
    "Fit parameters to observed data.",
    (
        "capsim calibrate classroom --observed survey.csv --parameters lea_annual_exit --strategy none",
        "capsim calibrate ohio --observed survey.csv --parameters months_to_fill --method optuna --replications 8",
        "capsim calibrate ohio --observed survey.csv --parameters months_to_fill --runs results/my-sweep",
        "capsim calibrate mine.yaml         # a study file with kind: calibrate",
    ),
    click.option(
        "--observed", metavar="CSV", help="Table with the columns measure, month, level, value, standard_error."
    ),
    _parameters("--parameters"),
    click.option("--strategy", metavar="NAME", help="The strategy under which the data were observed (default: none)."),
    click.option(
        "--method", type=click.Choice(["abc", "optuna"]), help="A posterior (abc, the default) or a best point."
    ),
    click.option("--n", type=Whole(min=40), metavar="N", help="Number of points or trials (default: 400)."),
    click.option("--share", type=Real(0.0, 0.5, min_open=True), metavar="S", help="Share of the runs that abc keeps."),
    click.option("--runs", metavar="DIR", help="With abc: use the stored runs of a sweep instead of new ones."),
)
def calibrate(*, study: str, out: str | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Fit parameters to observed means, and check how well the fitted model predicts them.

    STUDY is a study file (kind: calibrate), or a scenario with --observed and --parameters. The seed is never fitted.
    """
    from capsim.analyses.calibration import calibrate as fit
    from capsim.runs.study import is_study_file

    if not (options["observed"] and options["parameters"]) and not is_study_file(study):
        raise InputError("calibrate: needs --observed CSV and --parameters NAME, or a study file with kind: calibrate")
    done = _run(fit, "calibrate", study, out, quiet, options)
    result = done.result
    scalars = ("method", "sampler", "best", "at_edge", "tolerance", "strategy")
    facts = facts_of(result, *scalars, "quantiles", "adjusted", "check", "bounds")
    tables = {name: getattr(result, name) for name in ("sample", "quantiles", "adjusted", "check", "points")}
    names = ("measure", "level", "month", "observed", "predicted", "low high", "inside")
    check = frame_table(result.check, {name: "95%" if name == "low high" else name for name in names})
    _finish(done, as_json, facts, tables, [] if quiet else [check, result.sampler])


@_analysis(
    "Search for the best strategies under a budget, robustly.",
    (
        "capsim optimize classroom --n 8 --draws 4 --objectives use --objectives cost",
        "capsim optimize ohio --n 40 --robust regret --out results/best-mixes",
        "capsim optimize classroom --search nsga2 --n 40 --population 10 --budgets 2000 --budgets 4000",
        "capsim optimize mine.yaml          # a study file with kind: optimize",
    ),
    click.option("--n", type=Whole(min=1), metavar="N", help="Number of candidate mixes (default: 40)."),
    click.option(
        "--objectives",
        multiple=True,
        metavar="NAME",
        help="What to optimize: use, equity_size, equity_sparse or cost; may be repeated.",
    ),
    click.option(
        "--robust",
        type=click.Choice(["mean", "worst_tenth", "regret"]),
        help="How a mix is judged over draws (default: mean).",
    ),
    weight_option,
    click.option("--draws", type=Whole(min=4), metavar="N", help="Number of draws of what is uncertain (default: 12)."),
    click.option(
        "--search", type=click.Choice(["design", "nsga2"]), help="Fill the space of mixes evenly, or breed the best."
    ),
    click.option(
        "--population", type=Whole(min=4), metavar="N", help="With nsga2: size of a generation (default: 20)."
    ),
    click.option(
        "--budgets",
        multiple=True,
        type=Real(min=0.0),
        metavar="HOURS",
        help="TA hours a year; may be repeated (default: the scenario's).",
    ),
    _parameters("--uncertain", "A parameter or rules.RULE to draw"),
)
def optimize(*, study: str, out: str | None, as_json: bool, quiet: bool, **options: Any) -> None:
    """Search for the mixes of activities, targeting and schedule that no other beats, under the scenario's budget.

    STUDY is a study file (kind: optimize), or a scenario. The figures shown come from fresh draws and fresh luck, not
    from those used in the search.
    """
    from capsim.analyses.optimization import optimize as search
    from capsim.runs.designs import BUDGET

    done = _run(search, "optimize", study, out, quiet, options)
    result = done.result
    first = result.objectives[0]
    front = [str(name) for name in result.front()["strategy"]]
    facts = {
        "objectives": [one.name for one in result.objectives],
        **facts_of(result, "robust", "reference", "budgets"),
        "front": front,
        **facts_of(result, "table"),
        "compositions": [one for one in result.candidates if one["name"] in front],
        **facts_of(result, "recommendations"),
    }
    tables = {"front": result.table, "search": result.search, "regret": result.regret, "draws": result.draws}
    columns = {"strategy": "strategy"} | ({BUDGET: "hours/year"} if len(result.budgets) > 1 else {})
    columns["pareto"] = "not beaten"
    columns |= {f"{one.name}_mean": one.name for one in result.objectives}
    columns |= {f"{first.name}_regret": "regret", "low high": f"{first.name} minus {result.reference}, 95%"}
    shown = result.table.sort_values([BUDGET, "pareto", f"{first.name}_mean"], ascending=[True, False, False])
    mixes = [
        f"{one['name']}: {', '.join(f'{name} {share:.0%}' for name, share in one['activities'].items())}; "
        f"{one['targeting']}, {one['schedule']}"
        for one in facts["compositions"]
    ]
    parts = [] if quiet else [frame_table(shown, columns), "\n".join(mixes)]
    ranked = result.recommendations()
    if len(ranked):
        tables["recommendations"] = ranked
        labels = {"rank": "rank", "structure": "structure", "strategy": "strategy", "verdict": "verdict"}
        labels |= {"difference": f"minus {result.reference}", "low high": "95%", "positions": "positions"}
        labels |= {"million_dollars": "$ million a year"}
        reasons = "\n".join(f"{row['rank']}. {row['structure']}: {row['reason']}" for row in ranked.to_dict("records"))
        parts += [frame_table(ranked, labels), reasons]
    _finish(done, as_json, facts, tables, [part for part in parts if part])
