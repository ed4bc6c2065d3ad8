"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions. One run in the
form of a comparison, and its years; and a folder run again from its provenance.json alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import pandas as pd

from capsim.assistance.strategy import Strategy
from capsim.comparison.asking import Asked, refuse_unknown
from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.comparison import Comparison, Several, varied
from capsim.comparison.extras import look_further
from capsim.comparison.folder import PROVENANCE, write_folder
from capsim.comparison.forecast import asked_of, hold_against
from capsim.comparison.moving import FurtherRuns, find_break_even, problem_with_parameter
from capsim.comparison.paired_runs import LABELS
from capsim.comparison.request import request_for
from capsim.comparison.streaming import Stream
from capsim.comparison.variants import replications_alone, run_alone
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError, InputError, Problems
from capsim.numbers import listed, real_number
from capsim.paths import folder_to_read, new_folder, read_text
from capsim.runs.blocks import Block
from capsim.runs.crews import hired, run_blocks
from capsim.runs.identity import RESULTS_VERSION, plugin_source
from capsim.runs.output import as_written, read_record
from capsim.runs.reading import query_folder
from capsim.runs.study import SweepStudy, study_from_mapping
from capsim.runs.sweep import sweep
from capsim.runs.workers import Progress, Workers
from capsim.scenario import Scenario, as_scenario
from capsim.scenario.budgets import agencies_today


def compare(
    scenario: Any,
    strategies: Sequence[str | Strategy | type[Strategy]] | str | None = None,
    *,
    break_even: Sequence[str] | str = (),
    variants: bool | None = None,
    extras: float = False,
    observed: Any = None,
    followed: str | None = None,
    **asked: Unpack[Asked],
) -> Comparison:
    """Run strategies in paired replications and compare them.

    Every replicate settles one world without assistance and runs all strategies from it with the same random numbers.
    With uncertainty "assumed" a second set of replicates draws every assumed parameter from its prior, with "structure"
    a variant of every rule too, the same for all strategies.

    Parameters
    ----------
    scenario : Scenario, str or Path
        Or the name of a shipped scenario, or a path.
    strategies : sequence, optional
        Names, `Strategy` objects or classes; those of the scenario without it. `none` is added, because gains are over
        it.
    contrast : (str, str), optional
        Two of them, the first minus the second. Without it the scenario's, if both are compared; else the first two, or
        the only one against `none`.
    replications : int, optional
        At least 2; the scenario's without it.
    precision : float, optional
        Instead of `replications`: pilot of 30, then batches of 10 until the t interval of the declared contrast
        (assumptions at their defaults) has at most this half-width, in units of the outcome; at most 2,000.
    uncertainty : {"assumed", "structure", "none"}, optional
        Instead of the scenario's.
    break_even : sequence of str
        Parameters whose break-even value of the contrast is looked for.
    weight : {"pupils", "districts", "positions"}, optional
        How districts count in the answer, instead of what the scenario's question says. All three means are kept.
    keep_agencies : bool, optional
        Keep the measures of every agency at the two moments, and so what `Comparison.by_district` says. Without it
        where they are the user's own and at most `MOST_UNASKED` districts.
    variants : bool, optional
        After the main runs, run the contrast under each variant of a rule alone, at about their cost at most; see
        `Comparison.by_variant_alone`. Without it where rules are drawn.
    extras : bool or float
        Also look into what `capsim compare` looks into by itself, for at most the cost of the main runs, or so many
        times that: other budgets
        (`Comparison.by_budget`), which assumptions move the answer (`Comparison.assumptions_that_move`), and where it
        turns along the first three of them.
    observed : str, Path or sequence of mapping, optional
        What was read of agencies since: a CSV as that of a survey, with a column `month` or `date`, or its rows. The
        forecast is held against it and updated, see `capsim.comparison.forecast`.
    followed : str, optional
        The plan that was followed since the first month, where there are several.
    **asked
        workers, seed, time_limit_seconds, progress: see `capsim.comparison.asking.Limited`.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.
    """
    refuse_unknown("compare", asked, Asked.__annotations__)
    problems = Problems()
    parameters = problems.ask(listed, "break_even:", break_even) or ()
    problems += [problem for one in parameters if (problem := problem_with_parameter(one)) is not None]
    times = float(extras) if isinstance(extras, bool) else problems.ask(real_number, "extras:", extras, least=0.0)
    request = request_for(scenario, strategies, asked, problems)
    read, table = None, None
    if observed is not None:
        table = agencies_today(request.scenario)
        read = asked_of(observed, followed, request.scenario, table, tuple(request.chosen))
    elif followed is not None:
        raise InputError("followed: goes with observed, the readings since")
    what, run = (request.chosen, request.contrast), request.run
    with hired(run["workers"], alone=request.alone) as crew:
        running: FurtherRuns = {"workers": crew, "progress": run["progress"]}
        running["time_limit_seconds"] = run["time_limit_seconds"]
        results = [world.result for world in Stream(request, crew)]
        found = [find_break_even(request.scenario, parameter, *what, **running) for parameter in parameters]
        alone = None
        if not extras and (request.scenario.uncertainty == "structure" if variants is None else variants):
            few = replications_alone(
                request.scenario,
                blocks=len(results),
                strategies=len(request.chosen),
                replications=len({result.replicate for result in results}),
            )
            alone = run_alone(request.scenario, *what, replications=few, **running)
        compared = assemble_comparison(
            request.question, tuple(request.chosen), results, found, precision=request.precision, alone=alone
        )
        if read is not None and table is not None:
            compared = hold_against(compared, read, request.chosen, table, **running)
        if extras:
            *_, compared = look_further(compared, request.chosen, variants=variants, times=times, **running)
    return compared


def compare_scenarios(
    scenarios: Sequence[Any], *, vary: Mapping[str, Sequence[Any]] | None = None, **asked: Any
) -> Several:
    """Compare the plans of several scenarios, each in worlds of its own.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        At least one.
    vary : mapping of str to sequence, optional
        A parameter, ``budget_hours_per_year``, ``budget_dollars_per_year`` or ``rules.<rule>``, and its values: every
        scenario at each of them (of several, at every combination).
    **asked
        Keywords of `compare`, for all scenarios alike.

    Returns
    -------
    Several

    Raises
    ------
    InputError
        If a scenario or a value is wrong, with every problem at once.
    """
    made = varied(scenarios, vary or {})
    return Several({name: compare(scenario, **asked) for name, scenario in made.items()})


_HOURS = ("ta_hours", "recipient_hours")
_FLOWS = ("exits", *_HOURS)
"""Measures that a year sums up; of the others its last month counts."""


def single_run(
    scenario: Scenario, strategy: str, *, time_limit_seconds: float = 0.0, keep_books: bool = False
) -> Comparison:
    """Replicate 0 of a strategy, assumptions at their defaults; `keep_books` also keeps agencies one by one, and what
    was provided to them.
    """
    name, _ = resolve_strategy(scenario, strategy)
    limit = real_number("time_limit_seconds", time_limit_seconds, least=0.0)
    block = Block(
        scenario,
        (strategy,),
        0,
        keep_agencies=keep_books,
        keep_provision=keep_books,
        keep_detail=keep_books,
        time_limit_seconds=limit,
    )
    return assemble_comparison(scenario, (name,), list(run_blocks([block], workers=1)), [])


def yearly(result: Comparison) -> pd.DataFrame:
    """Years of the districts: flows summed over the year, everything else at its last month.

    Measures count districts as the question does; hours are of a district, whatever its size.
    """
    if result.monthly.empty:
        return pd.DataFrame({"year": [], "phase": [], "month": []})
    counted, plain = (result.monthly[result.monthly["level"] == level] for level in (result.districts, result.group))
    months = counted.drop(columns=[*LABELS, "level"])
    months[list(_HOURS)] = plain.set_index("month").loc[months["month"], list(_HOURS)].to_numpy()
    years = months.groupby(((months["month"] - 1) // 12 + 1).rename("year"))
    sums = years[list(_FLOWS)].sum().add_suffix("_in_year")
    table = years.tail(1).drop(columns=list(_FLOWS)).set_index(sums.index).join(sums)
    ends = result.scenario.timeline.assistance
    table.insert(0, "phase", ["assistance" if month <= ends else "follow-up" for month in table["month"]])
    return table.reset_index()


_NOT_COMPARED = ("run_id", "strategy", "scenario", "replicate", "point", "luck", "assumptions", "reason")


class Rerun(NamedTuple):
    """What came of it: kind and folder of the new runs, runs of the old folder, those of them whose numbers are the
    same now to the last digit, and what could not be written beside the data.
    """

    kind: str
    folder: Path
    runs: int
    same: int
    troubles: tuple[str, ...] = ()


def rerun(
    folder: str | Path,
    out: str | Path,
    *,
    workers: int | Workers = 1,
    progress: Progress | None = None,
    extra: Callable[[Comparison], Mapping[str, Callable[[Path], object]]] | None = None,
) -> Rerun:
    """Run again what made an output folder of `capsim run`, `compare` or `sweep`, into a new one.

    Only its provenance.json is needed; its runs are what is compared with. A record of another version of the results,
    or with another source of a plugin, is refused. `extra` are more files for a comparison; see `write_folder`.
    """
    old, new = folder_to_read(folder), new_folder(out)
    record = _read_record(old / PROVENANCE)
    _find_plugins(old / PROVENANCE, record.get("plugins", {}))
    asked = _asked(old / PROVENANCE, record)
    troubles: list[str] = []
    if record["kind"] == "sweep":
        sweep(study_from_mapping(asked), workers=workers, out=new, progress=progress)
    elif record["kind"] == "run":
        result = single_run(as_scenario(asked["scenario"]), asked["strategies"][0], keep_books=asked["keep_agencies"])
        write_folder(result, new, kind="run", summary=yearly(result))
    else:
        result = compare(**asked, workers=workers, progress=progress)
        troubles = write_folder(result, new, extra=extra(result) if extra else None)
    runs, same = _compared(old, new)
    return Rerun(record["kind"], new, runs, same, tuple(troubles))


def _read_record(path: Path) -> dict[str, Any]:
    record = read_record(path, read_text(path, what="the provenance of an output folder"))
    kind = record.get("kind") if isinstance(record, dict) else None
    if kind not in ("run", "comparison", "sweep"):
        raise InputError(f"{path}: is not of `capsim run`, `compare` or `sweep`, which can be run again")
    if record.get("results_version") != RESULTS_VERSION:
        raise InputError(
            f"{path}: holds results version {record.get('results_version')}; this capsim makes version "
            f"{RESULTS_VERSION}, whose numbers differ. Install the version of capsim that it names"
        )
    return dict(record)


def _find_plugins(path: Path, plugins: Mapping[str, Mapping[str, str]]) -> None:
    """Make the modules of plugins importable, if they are what they were."""
    with as_written(f"{path}: plugins"):
        for reference, then in plugins.items():
            depth = reference.partition(":")[0].count(".") + (Path(then["file"]).name == "__init__.py")
            place = str(Path(then["file"]).parents[depth])
            if plugin_source(reference, None)["sha256"] != then["sha256"] and place not in sys.path:
                sys.path.append(place)
            if plugin_source(reference, None)["sha256"] != then["sha256"]:
                raise InputError(f"{path}: {reference}: its source is not what it was ({then['file']})")


def _asked(path: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for: a study, or arguments of `capsim.compare`."""
    with as_written(path):
        if record["kind"] == "sweep":
            return {key: record[key] for key in SweepStudy.model_fields if key in record}
        precise = record["precision"] is not None
        return {
            "scenario": dict(record["scenario"]),
            "strategies": [str(name) for name in record["strategies"]],
            "replications": None if precise or record["kind"] == "run" else record["replications"],
            "precision": record["precision"],
            "break_even": [one["parameter"] for one in record["break_even"] if not one.get("by_itself")],
            "keep_agencies": "agencies.parquet" in record["tables"],
            "variants": "alone.parquet" in record["tables"],
            "extras": float(record["extras"].get("times", 1.0)) if "extras" in record else False,
            "observed": record.get("observed", {}).get("rows"),
            "followed": record.get("observed", {}).get("followed"),
        }


def _compared(old: Path, new: Path) -> tuple[int, int]:
    """Runs of the old folder, which may hold its record alone, and those with the same numbers in the new one."""
    try:
        before = query_folder(old, "SELECT * FROM runs").set_index("run_id")
    except CapsimError:
        return 0, 0
    after = query_folder(new, "SELECT * FROM runs").set_index("run_id")
    both = before.index.intersection(after.index)
    columns = [name for name in before.columns if name in after.columns and name not in _NOT_COMPARED]
    mine, theirs = before.loc[both, columns], after.loc[both, columns]
    return len(before), int(((mine == theirs) | (mine.isna() & theirs.isna())).all(axis=1).sum())
