"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions. One run in the
form of a comparison, and its years.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from capsim.assistance.strategy import Strategy
from capsim.comparison.asking import Asked, refuse_unknown
from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.break_even import find_break_even, problem_with_parameter
from capsim.comparison.comparison import Comparison
from capsim.comparison.extras import look_further
from capsim.comparison.forecast import asked_of, hold_against
from capsim.comparison.request import Request, request_for
from capsim.comparison.streaming import Stream
from capsim.comparison.variants import replications_alone, run_alone
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError, Problems
from capsim.numbers import listed, real_number
from capsim.parameters import resolve_values
from capsim.runs.blocks import Block, BlockResult
from capsim.runs.crews import hired, run_blocks
from capsim.runs.workers import Workers
from capsim.scenario import Scenario, build_agencies

if TYPE_CHECKING:
    import pandas as pd


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
    times = (
        problems.ask(real_number, "extras:", float(extras) if isinstance(extras, bool) else extras, least=0.0) or 0.0
    )
    request = request_for(scenario, strategies, asked, problems)
    limit, progress = request.run["time_limit_seconds"], request.run["progress"]
    read, table = None, None
    if observed is not None:
        table = build_agencies(request.scenario, resolve_values(request.scenario.parameters))
        read = asked_of(observed, followed, request.scenario, table, tuple(request.chosen))
    elif followed is not None:
        raise InputError("followed: goes with observed, the readings since")
    with hired(request.run["workers"], alone=request.alone) as crew:
        results = [world.result for world in Stream(request, crew)]
        found = [
            find_break_even(
                request.scenario,
                parameter,
                request.chosen,
                request.contrast,
                workers=crew,
                time_limit_seconds=limit,
                progress=progress,
            )
            for parameter in parameters
        ]
        alone = None
        if not extras and (request.scenario.uncertainty == "structure" if variants is None else variants):
            alone = _each_variant_alone(request, results, crew)
        compared = assemble_comparison(
            request.question, tuple(request.chosen), results, found, precision=request.precision, alone=alone
        )
        if read is not None and table is not None:
            compared = hold_against(
                compared, read, request.chosen, table, workers=crew, progress=progress, time_limit_seconds=limit
            )
        if extras:
            *_, compared = look_further(
                compared,
                request.chosen,
                variants=variants,
                times=times,
                workers=crew,
                time_limit_seconds=limit,
                progress=progress,
            )
    return compared


def _each_variant_alone(asked: Request, results: list[BlockResult], crew: Workers) -> pd.DataFrame:
    """The contrast under each variant of a rule alone, at about the cost of the main runs."""
    done = len({result.replicate for result in results})
    few = replications_alone(asked.scenario, blocks=len(results), strategies=len(asked.chosen), replications=done)
    return run_alone(
        asked.scenario,
        asked.chosen,
        asked.contrast,
        replications=few,
        workers=crew,
        time_limit_seconds=asked.run["time_limit_seconds"],
        progress=asked.run["progress"],
    )


_LABELS = ("run_id", "strategy", "replicate", "assumptions")
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
    import pandas as pd

    if result.monthly.empty:
        return pd.DataFrame({"year": [], "phase": [], "month": []})
    counted, plain = (result.monthly[result.monthly["level"] == level] for level in (result.districts, result.group))
    months = counted.drop(columns=[*_LABELS, "level"])
    months[list(_HOURS)] = plain.set_index("month").loc[months["month"], list(_HOURS)].to_numpy()
    years = months.groupby(((months["month"] - 1) // 12 + 1).rename("year"))
    sums = years[list(_FLOWS)].sum().add_suffix("_in_year")
    table = years.tail(1).drop(columns=list(_FLOWS)).set_index(sums.index).join(sums)
    ends = result.scenario.timeline.assistance
    table.insert(0, "phase", ["assistance" if month <= ends else "follow-up" for month in table["month"]])
    return table.reset_index()
