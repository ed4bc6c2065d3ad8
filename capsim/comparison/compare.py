"""Compare strategies in a scenario: paired replications, with default and with drawn assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from capsim.assistance.strategy import Strategy
from capsim.comparison.alone import replications_alone, run_alone
from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.break_even import find_break_even, problem_with_parameter
from capsim.comparison.comparison import Comparison
from capsim.comparison.extras import look_further
from capsim.comparison.forecast import asked_of, hold_against
from capsim.comparison.request import USUAL, Request, request_for
from capsim.comparison.running import Limited, refuse_unknown
from capsim.comparison.streaming import Stream
from capsim.errors import InputError, Problems
from capsim.numbers import listed, real_number
from capsim.parameters import resolve_values
from capsim.runs.blocks import BlockResult
from capsim.runs.workers import Workers, hired
from capsim.scenario import build_agencies

if TYPE_CHECKING:
    import pandas as pd


def compare(
    scenario: Any,
    strategies: Sequence[str | Strategy | type[Strategy]] | str | None = None,
    *,
    contrast: Sequence[Any] | None = None,
    replications: int | None = None,
    precision: float | None = None,
    uncertainty: str | None = None,
    break_even: Sequence[str] | str = (),
    weight: str | None = None,
    keep_agencies: bool | None = None,
    variants: bool | None = None,
    extras: float = False,
    observed: Any = None,
    followed: str | None = None,
    **running: Unpack[Limited],
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
    **running
        workers, seed, time_limit_seconds, progress: see `capsim.comparison.running.Limited`.

    Raises
    ------
    InputError
        If the arguments or the scenario are wrong.
    """
    refuse_unknown("compare", running, USUAL)
    run: Limited = {**USUAL, **running}
    problems = Problems()
    parameters = problems.ask(listed, "break_even:", break_even) or ()
    problems += [problem for one in parameters if (problem := problem_with_parameter(one)) is not None]
    times = (
        problems.ask(real_number, "extras:", float(extras) if isinstance(extras, bool) else extras, least=0.0) or 0.0
    )
    asked = request_for(
        scenario,
        strategies,
        contrast=contrast,
        replications=replications,
        precision=precision,
        uncertainty=uncertainty,
        weight=weight,
        keep_agencies=keep_agencies,
        run=run,
        problems=problems,
    )
    progress = run["progress"]
    read, table = None, None
    if observed is not None:
        table = build_agencies(asked.scenario, resolve_values(asked.scenario.parameters))
        read = asked_of(observed, followed, asked.scenario, table, tuple(asked.chosen))
    elif followed is not None:
        raise InputError("followed: goes with observed, the readings since")
    with hired(run["workers"], alone=asked.alone) as crew:
        results = [world.result for world in Stream(asked, crew)]
        found = [
            find_break_even(
                asked.scenario,
                parameter,
                asked.chosen,
                asked.contrast,
                workers=crew,
                time_limit_seconds=asked.run["time_limit_seconds"],
                progress=progress,
            )
            for parameter in parameters
        ]
        alone = None
        if not extras and (asked.scenario.uncertainty == "structure" if variants is None else variants):
            alone = _each_variant_alone(asked, results, crew)
        compared = assemble_comparison(
            asked.question, tuple(asked.chosen), results, found, precision=asked.precision, alone=alone
        )
        if read is not None and table is not None:
            limit = asked.run["time_limit_seconds"]
            compared = hold_against(
                compared, read, asked.chosen, table, workers=crew, progress=progress, time_limit_seconds=limit
            )
        if extras:
            *_, compared = look_further(
                compared,
                asked.chosen,
                variants=variants,
                times=times,
                workers=crew,
                time_limit_seconds=asked.run["time_limit_seconds"],
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
