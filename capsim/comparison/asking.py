"""What callers name, in the scenario's own terms: strategies and how sentences call them, the column of an outcome, two
strategies to contrast; and what they may say about how runs are made, keywords that stand once.
"""

from __future__ import annotations

import math
import os
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from capsim.catalogue import BASELINE, STRATEGIES, WEIGHTS, unweighted, weighted, weighted_column
from capsim.errors import InputError, Problems, nearest_name
from capsim.numbers import listed, one_of, shown
from capsim.runs.outcomes import outcome_names
from capsim.runs.workers import Progress, Workers, workers_problem
from capsim.scenario import Scenario, file_of
from capsim.scenario.loading import remember_file

if TYPE_CHECKING:
    from capsim.runs.blocks import BlockResult


def strategy_title(name: str) -> str:
    """Title of a shipped strategy in running text, or the name of one's own."""
    return STRATEGIES[name].title.lower() if name in STRATEGIES and STRATEGIES[name].title else name


def help_in_words(name: str) -> str:
    """A strategy as the subject of a sentence: organization-focused assistance; or a plan of one's own by its name."""
    if name == BASELINE:
        return strategy_title(name)
    return f"{strategy_title(name)} assistance" if name in STRATEGIES and STRATEGIES[name].title else f"“{name}”"


def strategy_names(scenario: Scenario, given: Any, *, what: str = "strategies:") -> tuple[str, ...]:
    """Names of strategies that the scenario or the catalogue has, each once; one name is a list of one."""
    known = dict.fromkeys((*scenario.strategy_names, *STRATEGIES))
    names = tuple(dict.fromkeys(name if isinstance(name, str) else shown(name) for name in listed(what, given)))
    problems = [f"{what} unknown strategy {name!r}{nearest_name(name, known)}" for name in names if name not in known]
    if not names:
        problems.append(f"{what} name at least one")
    if problems:
        raise InputError(problems)
    return names


def strategies_compared(scenario: Scenario, given: Any, contrast: Any) -> tuple[str, ...]:
    """The two of the contrast, then the others."""
    problems = Problems()
    pair = problems.ask(strategy_names, scenario, contrast or scenario.question.contrast, what="contrast:")
    names = () if given is None else problems.ask(strategy_names, scenario, given)
    if pair is not None and len(pair) != 2:
        problems.append(f"contrast: must be two different strategies, got {shown(contrast)}")
    problems.raise_any()
    return tuple(dict.fromkeys((*pair, *names)))


def outcome_column(scenario: Scenario, given: Any, columns: Iterable[str] | None = None, *, weight: Any = None) -> str:
    """Column of the runs that holds an outcome: a column itself, or a measure such as ``use`` at the moment of the
    question, which is asked about where nothing is given. `columns` are those that runs have; every outcome without it.

    Districts count by `weight`; without it a column is taken as it is named, and a measure as the question says.
    """
    at = scenario.question.at
    counted: str = scenario.question.weight
    if weight is not None:
        counted = one_of("weight:", weight, WEIGHTS)
    if given is None:
        return weighted_column(f"{scenario.asked.name}_{at}", counted)
    known = list(outcome_names(gains=True, recorded=scenario.recorded) if columns is None else columns)
    if given in known:
        return given if weight is None else _counted(given, counted)
    if isinstance(given, str) and f"{given}_{at}" in known:
        named = unweighted(given)[0] != given
        return f"{given}_{at}" if named and weight is None else _counted(f"{given}_{at}", counted)
    near = nearest_name(given, [*known, *scenario.recorded]) if isinstance(given, str) else ""
    raise InputError(
        f"outcome: unknown outcome {shown(given)}{near}; a measure, such as use, or a column of the runs, such as "
        "use_follow_up_end"
    )


def _counted(column: str, weight: str) -> str:
    """A column under a way of counting, which must not say another one already."""
    plain, said = unweighted(column)
    if plain == column:
        return weighted_column(column, weight)
    if said != weight:
        raise InputError(f"weight: is {weight}, but the outcome {column} is a mean over {said}")
    return column


def group_asked(scenario: Scenario) -> str:
    """Group of the records that the question is about, districts or others, counted as it says."""
    return weighted("asked" if scenario.question.whom else "lea", scenario.question.weight)


def asked_month(scenario: Scenario) -> int:
    """Months until the moment of the question."""
    line = scenario.timeline
    return line.assistance + (line.follow_up if scenario.question.at == "follow_up_end" else 0)


def with_weight(scenario: Scenario, given: Any) -> Scenario:
    """The scenario with another way of counting districts in its question; as it is where none is given."""
    if given is None:
        return scenario
    question = scenario.question.model_copy(update={"weight": one_of("weight:", given, WEIGHTS)})
    return remember_file(scenario.model_copy(update={"question": question}), file_of(scenario))


def check_running(
    problems: Problems, workers: object, progress: object, strategies: Iterable[object] = (), /, **paths: object
) -> None:
    """Note what is wrong with who does the work, who hears of it, and paths, of which None is none."""
    if (problem := workers_problem(workers)) is not None:
        problems.append(problem)
    if progress is not None and not callable(progress):
        problems.append(f"progress: must be a function of three numbers, got {shown(progress)}")
    if workers != 1 and not all(isinstance(strategy, str) for strategy in strategies):
        problems.append(
            "workers: strategies given as objects or classes run in this process; use workers=1, "
            "or name them as plugin in the scenario"
        )
    problems += [
        f"{name}: must be a path, got {shown(path)}"
        for name, path in paths.items()
        if not (path is None or (isinstance(path, str | os.PathLike) and os.fspath(path)))
    ]


def contrast_of(scenario: Scenario, names: Sequence[str], given: Any = None) -> tuple[str, str]:
    """Two of the strategies that are compared, the first minus the second.

    Where none are given the scenario's own contrast counts, when both are compared; otherwise the first two that are,
    or the only one against no assistance.
    """
    if given is None:
        first, second = scenario.question.contrast
        others = [name for name in names if name != BASELINE]
        if {first, second} <= set(names):
            return first, second
        if not others:
            raise InputError(f"strategies: name one beside {BASELINE}, with which nothing is compared")
        return (others[0], others[1]) if len(others) > 1 else (others[0], BASELINE)
    pair = tuple(_name(scenario, one) for one in listed("contrast:", given))
    if len(pair) != 2 or pair[0] == pair[1]:
        raise InputError(f"contrast: must be two different strategies, got {shown(given)}")
    problems = [
        f"contrast: {name} is not among the strategies compared: {', '.join(names)}{nearest_name(name, names)}"
        for name in pair
        if name not in names
    ]
    if problems:
        raise InputError(problems)
    return pair[0], pair[1]


def _name(scenario: Scenario, one: Any) -> str:
    from capsim.assistance.strategy import Strategy
    from capsim.engine.strategies import resolve_strategy

    is_object = isinstance(one, Strategy) or (isinstance(one, type) and issubclass(one, Strategy))
    return resolve_strategy(scenario, one)[0] if is_object else one if isinstance(one, str) else shown(one)


def difference_in(result: BlockResult, contrast: tuple[str, str], column: str) -> float:
    """First minus second in a block; NaN where a run of either failed."""
    outcomes = {run.strategy: run.outcomes for run in result.runs if run.outcomes}
    first, second = contrast
    return outcomes[first][column] - outcomes[second][column] if {first, second} <= set(outcomes) else math.nan


def with_contrast(scenario: Scenario, contrast: tuple[str, str]) -> Scenario:
    """The scenario with another contrast, of which strategies that a caller made may be part."""
    if contrast == tuple(scenario.question.contrast):
        return scenario
    new = tuple(name for name in contrast if name not in scenario.strategy_names and name in STRATEGIES)
    question = scenario.question.model_copy(update={"contrast": contrast})
    changed = {"question": question, "strategies": (*scenario.strategies, *new)}
    return remember_file(scenario.model_copy(update=changed), file_of(scenario))


class Running(TypedDict, total=False):
    """Keywords of `capsim.compare` and of every analysis.

    Parameters
    ----------
    workers : int or Workers
        Local processes, 1 without it, or anybody's workers (docs/executors.md); the numbers do not depend on them.
    seed : int, optional
        Of luck and of an analysis' design, instead of the scenario's.
    progress : callable, optional
        Called with blocks done, blocks in all, failed runs.
    """

    workers: int | Workers
    seed: int | None
    progress: Progress | None


class Limited(Running, total=False):
    """Keywords of `capsim.compare` beside those.

    Parameters
    ----------
    time_limit_seconds : float
        Of one run; one that takes longer is a failed run. 0 is none.
    """

    time_limit_seconds: float


class Asked(Limited, total=False):
    """Keywords of `capsim.compare`, of which a stream takes all, beside those: see `capsim.compare`."""

    contrast: Sequence[Any] | None
    replications: int | None
    precision: float | None
    uncertainty: str | None
    weight: str | None
    keep_agencies: bool | None


def refuse_unknown(what: str, given: Iterable[str], known: Container[str]) -> None:
    """Say what Python says of a keyword that a function does not have."""
    for name in given:
        if name not in known:
            raise TypeError(f"{what}() got an unexpected keyword argument {name!r}")
