"""Choosing the best strategy with a stated guarantee, and effects over a population of scenarios."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.comparison.asking import Running, check_running, outcome_column, refuse_unknown, strategy_names
from capsim.comparison.paired_runs import Result
from capsim.comparison.statistics import Interval, mean_interval
from capsim.errors import InputError, Problems
from capsim.numbers import real_number, whole_number
from capsim.runs.points import Evaluator, outcome_table, with_baseline
from capsim.scenario import as_scenario

Floats = NDArray[np.float64]
Draw = Callable[[Sequence[int], int, int], Floats]
"""Takes systems, the first replicate and how many; gives (replicates, systems) float64, larger is better. Systems of a
row share their luck."""

PILOT, BATCH, MOST_SKEWNESS = 20, 10, 1.0
"""Observations of the first stage; replicates in a batch mean; skewness of differences above which batches are used."""


@dataclass(frozen=True, slots=True, repr=False)
class Selection(Result):
    """Outcome of a selection of the best.

    Attributes
    ----------
    best : str
        The survivor with the largest mean.
    survivors : tuple of str
        One name when the guarantee holds; several when the limit of replications came first: these are not told apart.
    eliminated_at : dict of str to int
        Replications after which each other one was dropped.
    replications : dict of str to int
        Runs of each.
    means : dict of str to float
        Over all its runs.
    delta : float
        Smallest difference worth caring about, in units of the outcome.
    alpha : float
    batch : int
        Replicates averaged to one observation; 1 is none.
    skewness : float
        Root mean square, over pairs, of the skewness of the paired differences in the pilot.
    """

    best: str
    survivors: tuple[str, ...]
    eliminated_at: dict[str, int]
    replications: dict[str, int]
    means: dict[str, float]
    delta: float
    alpha: float
    batch: int
    skewness: float

    @property
    def resolved(self) -> bool:
        """Whether one is left."""
        return len(self.survivors) == 1

    def sentence(self) -> str:
        """The finding with its guarantee in words."""
        runs = sum(self.replications.values())
        if not self.resolved:
            return f"Not resolved at {self.delta:g} after {runs:,} runs: {', '.join(self.survivors)} are left."
        return (
            f"{self.best} is the best of {len(self.replications)}: right with probability {1 - self.alpha:.0%} or more "
            f"when it leads by {self.delta:g} or more, and otherwise within {self.delta:g} of the best ({runs:,} runs)."
        )

    def _about(self) -> str:
        return self.sentence()

    def _found(self) -> tuple[str, pd.DataFrame]:
        columns = {"mean": self.means, "runs": self.replications, "dropped after": self.eliminated_at}
        return self.sentence(), pd.DataFrame(columns).rename_axis("strategy").reset_index()


def select_strategy(
    scenario: Any,
    strategies: Sequence[str] | str | None = None,
    *,
    delta: float,
    outcome: str | None = None,
    weight: str | None = None,
    alpha: float = 0.05,
    most: int = 2000,
    **running: Unpack[Running],
) -> Selection:
    """Choose the strategy with the largest mean outcome, with a guarantee; looks every ten replications.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
    strategies : sequence of str, optional
        The scenario's without it.
    delta : float
        Smallest difference worth caring about, in units of the outcome.
    outcome : str, optional
        A measure, at the moment of the scenario's question, or a column of the runs; the question's without it.
    weight : {"pupils", "districts", "positions"}, optional
        How districts count; without it a measure counts them as the question does, and a column as it says.
    alpha : float
    most : int
        Replications at which to give up.
    **running
        workers, seed, progress: see `capsim.comparison.asking.Running`.

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If a run failed.
    """
    refuse_unknown("select_strategy", running, Running.__annotations__)
    workers, progress = running.get("workers", 1), running.get("progress")
    scenario, problems = as_scenario(scenario, seed=running.get("seed")), Problems()
    check_running(problems, workers, progress)
    names = problems.ask(strategy_names, scenario, scenario.strategy_names if strategies is None else strategies)
    column = problems.ask(outcome_column, scenario, outcome, weight=weight)
    most = problems.ask(whole_number, "most:", most, least=PILOT)
    problems.ask(_checked, 2 if names is None else len(names), delta, alpha, PILOT)
    problems.raise_any()

    def draw(systems: Sequence[int], start: int, count: int) -> Floats:
        chosen = [names[system] for system in systems]
        evaluate = Evaluator(
            scenario=scenario,
            strategies=with_baseline(chosen, column),
            replications=count,
            first_replicate=start,
            workers=workers,
            progress=progress,
        )
        runs = evaluate(pd.DataFrame(index=range(1)))
        return np.column_stack([outcome_table(runs, name, column)[0] for name in chosen])

    return select_best(draw, names, delta=delta, alpha=alpha, step=10, most=most)


def select_best(
    draw: Draw, names: Sequence[str], *, delta: float, alpha: float = 0.05, step: int = 1, most: int = 10_000
) -> Selection:
    """KN on single runs, or on means of batches of 10 when the paired differences of a pilot of 20 are skewed.

    Skewness counts when its root mean square over pairs exceeds 1: heavy tails, against which KN loses its guarantee,
    show in it as well. Arguments and errors are those of `kim_nelson`.
    """
    _checked(len(names), delta, alpha, PILOT)
    pilot = _observations(draw, range(len(names)), 0, PILOT, 1)
    skewness = pairwise_skewness(pilot)
    batch, first = (BATCH, 10) if skewness > MOST_SKEWNESS else (1, PILOT)
    step = max(1, step // batch)
    found = kim_nelson(draw, names, delta=delta, alpha=alpha, first=first, step=step, most=most, batch=batch)
    return replace(found, skewness=skewness)


def kim_nelson(
    draw: Draw,
    names: Sequence[str],
    *,
    delta: float,
    alpha: float = 0.05,
    first: int = PILOT,
    step: int = 1,
    most: int = 10_000,
    batch: int = 1,
) -> Selection:
    """Sequential selection of the largest mean (KN) on paired differences: common luck is allowed, and saves runs.

    If the best leads by `delta` or more it is chosen with probability 1 - alpha, were observations normal. There are
    `first` observations before the first look and `step` between looks (more costs a few runs and is safe); `batch`
    replicates are averaged to one, for skewed or heavy-tailed outcomes; with `most` replications of a system it ends.
    Kim and Nelson 2001, ACM TOMACS 11(3), procedure KN with c = 1.
    """
    k = len(names)
    _checked(k, delta, alpha, first)
    eta = 0.5 * ((2.0 * alpha / (k - 1)) ** (-2.0 / (first - 1)) - 1.0)
    table = _observations(draw, range(k), 0, first, batch)
    variance = np.array([[np.var(table[:, i] - table[:, j], ddof=1) for j in range(k)] for i in range(k)])
    reach = 2.0 * eta * (first - 1) * variance / delta**2
    sums, n = table.sum(axis=0), first
    alive = list(range(k))
    dropped: dict[int, int] = {}
    while True:
        slack = np.maximum(0.0, 0.5 * delta * (reach[np.ix_(alive, alive)] - n))
        total = sums[alive]
        keep = (total[:, None] >= total[None, :] - slack).all(axis=1)
        dropped |= {system: n for system, kept in zip(alive, keep, strict=True) if not kept}
        alive = [system for system, kept in zip(alive, keep, strict=True) if kept]
        count = min(step, most // batch - n)
        if len(alive) == 1 or count < 1:
            break
        sums[alive] += _observations(draw, alive, n, count, batch).sum(axis=0)
        n += count
    used = {system: dropped.get(system, n) for system in range(k)}
    return Selection(
        best=names[max(alive, key=lambda system: sums[system])],
        survivors=tuple(names[system] for system in alive),
        eliminated_at={names[system]: batch * at for system, at in dropped.items()},
        replications={names[system]: batch * at for system, at in used.items()},
        means={names[system]: float(sums[system] / at) for system, at in used.items()},
        delta=delta,
        alpha=alpha,
        batch=batch,
        skewness=math.nan,
    )


def _checked(k: int, delta: float, alpha: float, first: int) -> None:
    problems = Problems()
    if k < 2:
        problems.append("select: needs two or more to choose from")
    size, error = problems.ask(real_number, "delta:", delta), problems.ask(real_number, "alpha:", alpha)
    if size is not None and size <= 0.0:
        problems.append(f"delta: the smallest difference worth caring about must be above 0, got {size:g}")
    if error is not None and not 0.0 < error < 0.5:
        problems.append(f"alpha: must be between 0 and 0.5, got {error:g}")
    problems.ask(whole_number, "first:", first, least=10)
    problems.raise_any()


def _observations(draw: Draw, systems: Sequence[int], start: int, count: int, batch: int) -> Floats:
    """Batch means, (count, systems)."""
    runs = np.asarray(draw(list(systems), start * batch, count * batch), np.float64)
    if not np.isfinite(runs).all():
        raise InputError("select: an outcome is undefined in a run, so its mean cannot be compared")
    return np.asarray(runs.reshape(count, batch, len(systems)).mean(axis=1))


def pairwise_skewness(table: Floats) -> float:
    """Root mean square over pairs of columns of the skewness of their differences; 0 where nothing differs."""
    first, second = np.tril_indices(table.shape[1], -1)
    d = np.ascontiguousarray((table[:, first] - table[:, second]).T)
    d -= d.mean(axis=1, keepdims=True)
    sd = np.sqrt(np.mean(d**2, axis=1))
    skewness = np.mean(d**3, axis=1) / np.where(sd > 0.0, sd, 1.0) ** 3
    return math.sqrt(float(np.mean(skewness**2)))


def population_effect(differences: Floats) -> Interval:
    """Mean effect over S independent scenarios: t interval, S - 1 degrees of freedom, of means of their R replicates.

    Pooling the (S, R) paired differences as if independent would claim far too much: replicates of a scenario share it.
    """
    return mean_interval(np.asarray(differences, np.float64).mean(axis=1))
