"""Which unknown decides an outcome, and which decides who wins: global indices of means over common luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capsim.analyses.indices import METHODS, indices, sample
from capsim.analyses.studies import Weighed, begin, evaluators_of
from capsim.comparison.asking import outcome_column, strategies_compared, with_weight
from capsim.comparison.assumptions import unread_parameters
from capsim.comparison.paired_runs import Result
from capsim.errors import CapsimError, InputError, nearest_name
from capsim.figures.analyses import plot_indices
from capsim.numbers import one_of, whole_number
from capsim.parameters import PARAMETERS
from capsim.runs.designs import RULE_FACTORS
from capsim.runs.points import LUCK, Evaluate, input_bounds, outcome_table, with_baseline, with_forms
from capsim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DUMMY = "(dummy)"
"""A column of the design that the model never sees; it only chooses between two sets of replicates."""

MOST_NOISE = 0.2
"""Share of the variance between points that luck may explain before parameters are no longer ranked."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity(Result):
    """Sensitivity indices of outcomes and of the difference between two strategies.

    Attributes
    ----------
    scenario : Scenario
    method : str
        Name in `METHODS`.
    outcome : str
        Column of the runs.
    contrast : (str, str) or None
        First minus second.
    bounds : dict of str to (float, float)
        Range of each parameter, over which it is uniform whatever its declared prior; of a rule, ``rules.<rule>``, from
        0 to the number of its variants, which weigh alike.
    unread : tuple of str
        Those of them that nothing in the runs reads, such as numbers of an activity that no strategy uses: they are
        not ranked.
    points : DataFrame
        The design, one row a point.
    runs : DataFrame
        One row a run.
    indices : DataFrame
        Columns target (a strategy, or "first - second"), parameter, the method's indices, their 95% intervals
        (``_low``, ``_high``: sampling of the design, not luck).
    noise : dict of str to float
        Share of luck in the variance between points, by target.
    n, replications, seed : int
    versions : dict of str to str
    """

    scenario: Scenario
    method: str
    outcome: str
    contrast: tuple[str, str] | None
    bounds: dict[str, tuple[float, float]]
    unread: tuple[str, ...]
    points: pd.DataFrame
    runs: pd.DataFrame
    indices: pd.DataFrame
    noise: dict[str, float]
    n: int
    replications: int
    seed: int
    versions: dict[str, str]

    @property
    def targets(self) -> tuple[str, ...]:
        """What was analysed: the difference first, where there is one; no strategy that all parameters leave alone."""
        return tuple(self.noise)

    def table(self, target: str | None = None) -> pd.DataFrame:
        """Indices of one target, parameters in the order they were given; the first target without a name."""
        chosen = self._target(target)
        return self.indices[self.indices["target"] == chosen].drop(columns="target").reset_index(drop=True)

    def ranking(self, target: str | None = None) -> pd.DataFrame:
        """The same, most important parameter first; without those that nothing in the runs reads.

        Raises
        ------
        CapsimError
            If luck explains more than `MOST_NOISE` of the variance between points.
        """
        chosen = self._target(target)
        if (problem := self.problem_with_ranking(chosen)) is not None:
            raise CapsimError(problem)
        by = METHODS[self.method].ranked_by
        table = self.table(chosen)
        read = table[~table["parameter"].isin(self.unread)]
        return read.sort_values(by, ascending=False, ignore_index=True, kind="stable")

    def problem_with_ranking(self, target: str | None = None) -> str | None:
        """Say why parameters of a target are not ranked, or return None when they are."""
        chosen = self._target(target)
        share = self.noise[chosen]
        if share <= MOST_NOISE:
            return None
        # With R replications the share is s/(R V + s), V being the variance that luck does not make.
        needed = self.replications * share * (1.0 - MOST_NOISE) / (MOST_NOISE * max(1e-6, 1.0 - share))
        about = f"about {int(np.ceil(needed)):,} replications at each point would do"
        more = about if share < 0.95 else "more replications at each point are needed"
        return (
            f"{chosen}: not ranked, because luck makes {share:.0%} of the variance between points (at most "
            f"{MOST_NOISE:.0%} is allowed); {more}"
        )

    def sentence(self) -> str:
        """The finding about the first target in words."""
        target = self.targets[0]
        problem = self.problem_with_ranking(target)
        if problem is not None:
            return f"{problem}."
        by = METHODS[self.method].ranked_by
        rows = {row["parameter"]: row for row in self.ranking(target).to_dict("records")}
        luck = rows.pop(DUMMY, {by: -np.inf})[by]
        named = ", ".join(
            f"{name} ({by} {row[by]:.2g}, {row[f'{by}_low']:.2g} to {row[f'{by}_high']:.2g})"
            for name, row in list(rows.items())[:3]
        )
        what = f"who is ahead in {self.outcome}" if self.contrast else self.outcome
        if all(row[by] <= luck for row in rows.values()):
            said = (
                f"Which worlds were drawn decides {what} more than any parameter ({by} {luck:.2g}); of these the first "
                f"are {named}. More replications at each point would tell them from luck."
            )
        else:
            said = f"What decides {what} most: {named}; luck makes {self.noise[target]:.0%} of the variance."
        if self.unread:
            said += f" Nothing in these runs reads {', '.join(self.unread)}."
        return said

    def _about(self) -> str:
        return (
            f"{self.scenario.name}, {self.method} of {self.outcome} by {len(self.bounds)} parameters, "
            f"{len(self.points):,} points x {self.replications} replications"
        )

    def _found(self) -> tuple[str, pd.DataFrame]:
        return self.sentence(), self.table() if self.problem_with_ranking() else self.ranking()

    def plot(self, target: str | None = None) -> Axes:
        """Indices of a target with their intervals: matplotlib Axes."""
        chosen = self._target(target)
        by = METHODS[self.method].ranked_by
        return plot_indices(self.table(chosen), index=by, title=METHODS[self.method].title, floor=DUMMY)

    def _target(self, target: str | None) -> str:
        chosen = self.targets[0] if target is None else target
        if chosen not in self.noise:
            near = nearest_name(str(chosen), self.targets)
            raise InputError(f"target: {chosen!r} is not one of {', '.join(self.targets)}{near}")
        return chosen


def sensitivity(
    scenario: Any,
    *,
    parameters: Sequence[str] | str | None = None,
    method: str = "sobol",
    n: int = 64,
    strategies: Sequence[str] | str | None = None,
    outcome: str | None = None,
    contrast: tuple[str, str] | None = None,
    replications: int = 8,
    dummy: bool = True,
    evaluate: Evaluate | None = None,
    **running: Unpack[Weighed],
) -> Sensitivity:
    """Find which parameters decide an outcome, and which decide the difference between two strategies.

    Every point of a design is run with the same `replications` draws of luck, and indices are computed from the means.
    Parameters vary uniformly and independently over their declared plausible ranges; the others keep the scenario's
    values.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
    parameters : sequence of str, optional
        Every assumed parameter that the scenario leaves open and something in the runs reads, without it; where the
        scenario draws rules, ``rules.<rule>`` of every rule that it leaves open too. A rule is one input of several
        variants, each as likely: its indices say what choosing another variant does.
    method : {"sobol", "morris", "pawn", "delta"}
    n : int
        Base points of Sobol' (a power of two; n (k + 2) points), trajectories of Morris (n (k + 1) points), points of
        the others.
    strategies : sequence of str, optional
        Whose outcome is analysed beside the difference; the two of the contrast without it.
    outcome : str, optional
        A measure, such as ``use``, at the moment of the scenario's question, or a column of the runs, such as
        ``use_follow_up_end``; the question's without it.
    contrast : (str, str), optional
        First minus second; the scenario's question without it.
    replications : int
        Runs of each strategy at each point, at least 2.
    dummy : bool
        Add a column that only chooses between two sets of replicates: its index shows what luck alone reaches.
    evaluate : callable, optional
        Runs the points instead of the model in this scenario; see `capsim.runs.points.Evaluate`.
    **running
        workers, seed, store, progress: see `capsim.analyses.studies.Stored`. weight: see `Weighed` there; without it a
        measure counts districts as the question does, and a column as it says.

    Raises
    ------
    InputError
        If an argument is wrong.
    CapsimError
        If SALib is not installed, or a run failed or has no such outcome: a design is whole or it is nothing.

    Notes
    -----
    Saltelli et al. 2010 (Sobol'), Campolongo et al. 2007 (Morris), Pianosi and Wagener 2018 (PAWN), Plischke et al.
    2013 (delta), as SALib computes them.
    """
    weight = running.pop("weight", None)
    scenario, problems, run = begin("sensitivity", scenario, running)
    scenario = problems.ask(with_weight, scenario, weight) or scenario
    named = problems.ask(strategies_compared, scenario, strategies, contrast)
    outcome = problems.ask(outcome_column, scenario, outcome, weight=weight)
    method = problems.ask(one_of, "method:", method, METHODS)
    n = problems.ask(whole_number, "n:", n, least=1)
    # the share of luck needs two
    replications = problems.ask(whole_number, "replications:", replications, least=2)
    bounds = problems.ask(input_bounds, scenario, parameters)
    problems.raise_any()
    varied = {RULE_FACTORS[name] for name in bounds if name in RULE_FACTORS}
    unread = unread_parameters(scenario, named, varied=varied)
    if parameters is None:
        bounds = {name: pair for name, pair in bounds.items() if name not in unread}
    if not bounds:
        raise InputError("parameters: the scenario leaves none open that anything in these runs reads; name some")
    columns = {**bounds, DUMMY: (0.0, 1.0)} if dummy else bounds
    design = pd.DataFrame(sample(method, list(columns.values()), n, seed=scenario.seed), columns=list(columns))
    with evaluators_of(run, "sensitivity") as make:
        evaluate = evaluate or make(
            scenario=scenario, strategies=with_baseline(named, outcome), replications=replications, crn="all"
        )
        points = with_forms(design)
        runs = evaluate(points.drop(columns=DUMMY).assign(**{LUCK: _sets(design)}) if dummy else points)
    tables = {name: outcome_table(runs, name, outcome) for name in named}
    targets = {f"{named[0]} - {named[1]}": tables[named[0]] - tables[named[1]], **tables}
    found, noise = _indices(method, columns, design, targets, scenario.seed)
    return Sensitivity(
        scenario=scenario,
        method=method,
        outcome=outcome,
        contrast=(named[0], named[1]),
        bounds=bounds,
        unread=tuple(name for name in bounds if name in unread),
        points=points,
        runs=runs,
        indices=found,
        noise=noise,
        n=n,
        replications=tables[named[0]].shape[1],
        seed=scenario.seed,
        versions={"SALib": version("SALib")},
    )


def _indices(
    method: str,
    columns: Mapping[str, tuple[float, float]],
    design: pd.DataFrame,
    targets: Mapping[str, Floats],
    seed: int,
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Indices of every target, and what luck makes of each; without strategies that all parameters leave alone."""
    units = [PARAMETERS[name].unit if name in PARAMETERS else "variant" * (name != DUMMY) for name in columns]
    rows: list[pd.DataFrame] = []
    noise: dict[str, float] = {}
    for target, values in targets.items():
        if noise and np.ptp(values.mean(axis=1)) == 0.0:
            continue
        found = indices(method, list(columns.values()), design.to_numpy(), values.mean(axis=1), seed=seed)
        rows.append(pd.DataFrame({"target": target, "parameter": list(columns), "unit": units, **found}))
        noise[target] = noise_share(values, _sets(design))
    return pd.concat(rows, ignore_index=True), noise


def _sets(design: pd.DataFrame) -> NDArray[np.int64]:
    """Which set of replicates a point has."""
    return (design[DUMMY].to_numpy() >= 0.5).astype(np.int64) if DUMMY in design else np.zeros(len(design), np.int64)


def noise_share(values: Floats, sets: NDArray[np.int64] | None = None) -> float:
    """Share of luck in the variance of the means of points (points, R), from 0 to 1: s^2 / (R Var(mean)).

    s^2 is the variance of what is left of the runs when the effects of points and of replicates are taken out: luck
    that all points share moves them together and tells none from another. Points of one set share their replicates, all
    of them without `sets`; what the luck of two sets adds to the variance shows in the index of the dummy.
    """
    sets = np.zeros(len(values), np.int64) if sets is None else sets
    squares, freedom = 0.0, 0
    for one in np.unique(sets):
        own = values[sets == one]
        left = own - own.mean(axis=1, keepdims=True)
        left -= left.mean(axis=0, keepdims=True)
        squares += float((left**2).sum())
        freedom += (own.shape[0] - 1) * (own.shape[1] - 1)
    luck = squares / max(1, freedom) / values.shape[1]
    between = float(np.var(values.mean(axis=1), ddof=1))
    return min(1.0, luck / between) if between > 0.0 else 1.0
