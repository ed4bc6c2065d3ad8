"""From a table of points to a table of runs: what every analysis asks of the model. Knows no analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import BASELINE, MEASURES
from capsim.catalogue.rules import RULES
from capsim.engine.strategies import resolve_strategy
from capsim.errors import CapsimError, InputError, nearest_name
from capsim.measures.groups import GROUPS
from capsim.numbers import listed, shown
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Run
from capsim.runs.crews import run_blocks
from capsim.runs.designs import BUDGET, RULE_FACTORS, factor_of_number, factor_problem, factor_value
from capsim.runs.identity import canonical
from capsim.runs.study_plan import Naming, Task, content_hash, strategy_definitions
from capsim.runs.workers import Workers
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

LUCK = "luck"
"""Column of a table of points that is no parameter: 0, 1, ... runs a point with another set of replicates."""

_MOST_SHOWN = 5
_COLUMN = {name: column for column, name in enumerate(MEASURES)}

Evaluate = Callable[["pd.DataFrame"], "pd.DataFrame"]
"""Takes points, one a row; gives runs, one a row: point, the columns of the points, strategy, replicate, status,
reason, outcomes. `point` is the row of the points, from 0."""


class Watch(NamedTuple):
    """One number of a run's monthly record: a measure, at the end of a month (from 1), over a group of agencies."""

    measure: str
    month: int
    level: str

    @property
    def column(self) -> str:
        """Its column in a table of runs."""
        return f"{self.measure}_{self.level}_month_{self.month}"


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """Runs the strategies of a scenario at points, in paired replications.

    `crn` and the names of runs are those of a sweep, so that its runs of the same points have the same numbers. Another
    `first_replicate` gives fresh runs of the same points. `watch` are monthly numbers to keep beside the outcomes.
    """

    scenario: Scenario
    strategies: tuple[str, ...]
    replications: int
    crn: str = "policies"
    first_replicate: int = 0
    watch: tuple[Watch, ...] = ()
    workers: int | Workers = 1
    progress: Callable[[int, int, int], None] | None = None

    def __post_init__(self) -> None:
        for name in self.strategies:  # plugins are imported here, so that workers find them beside the scenario
            resolve_strategy(self.scenario, name)

    def __call__(self, points: pd.DataFrame) -> pd.DataFrame:
        """Run every point, see `Evaluate`; equal points are run once.

        Columns of `points` are factors (parameters, in their units, `budget_hours_per_year`, or ``rules.<rule>``), and
        `LUCK` if there is one. A failed run has status "failed", its reason, and no outcomes (NaN).
        """
        import pandas as pd

        _check_points(points)
        table = points.reset_index(drop=True)
        kinds = table.groupby(list(table.columns), sort=False, dropna=False).ngroup() if len(table.columns) else 0
        which = np.zeros(len(table), np.int64) + np.asarray(kinds)
        _, first = np.unique(which, return_index=True)
        factors = tuple(str(name) for name in table.columns if name != LUCK)
        tasks = list(self._tasks(table.iloc[first], factors))
        labels = pd.DataFrame(
            [(task.place, name, task.replicate) for task in tasks for name in task.ids],
            columns=["_kind", "run_id", "replicate"],
        )
        runs = labels.join(self._runs(factors, tasks), on="run_id").drop(columns="run_id").set_index("_kind")
        names = pd.DataFrame({"point": np.arange(len(table)), "_kind": which})
        joined = pd.concat([names, table], axis=1).join(runs, on="_kind").drop(columns="_kind")
        order = {name: place for place, name in enumerate(self.strategies)}
        places = np.lexsort((joined["replicate"], joined["strategy"].map(order), joined["point"]))
        return joined.iloc[places].reset_index(drop=True)

    def _tasks(self, points: pd.DataFrame, factors: tuple[str, ...]) -> Iterator[Task]:
        """What has to be run, named as in a sweep; the place is the row of the points."""
        own = strategy_definitions(self.scenario)
        texts = {name: canonical(own.get(name, name)) for name in self.strategies}
        naming = Naming(content_hash(self.scenario), texts, self.crn, factors)
        for place, row in enumerate(points.to_dict("records")):
            start = self.first_replicate + self.replications * int(row.get(LUCK, 0))
            point = tuple(factor_value(name, row[name]) for name in factors)
            yield from naming.tasks(place, point, range(start, start + self.replications))

    def _runs(self, factors: tuple[str, ...], tasks: Sequence[Task]) -> pd.DataFrame:
        """Carry the tasks out: one row a run, indexed by its id; strategy, status, reason, outcomes."""
        import pandas as pd

        blocks = [task.block(self.scenario, factors) for task in tasks]
        results = run_blocks(blocks, workers=self.workers, progress=self.progress)
        rows = [
            {"run_id": name, **row_of(run, self.watch)}
            for task, result in zip(tasks, results, strict=False)
            for name, run in zip(task.ids, result.runs, strict=True)
        ]
        return pd.DataFrame(rows).set_index("run_id")


def row_of(run: Run, watch: Sequence[Watch]) -> dict[str, Any]:
    """A run as a row of a table: strategy, status, reason, outcomes, what was watched."""
    status = "failed" if run.failure else "done"
    watched = {
        one.column: float(
            "nan" if run.failure else run.monthly[one.month - 1, GROUPS.index(one.level), _COLUMN[one.measure]]
        )
        for one in watch
    }
    return {"strategy": run.strategy, "status": status, "reason": run.failure, **run.outcomes, **watched}


def _check_points(points: pd.DataFrame) -> None:
    problems = []
    for name in (str(column) for column in points.columns if column != LUCK):
        if name not in PARAMETERS and name != BUDGET and name not in RULE_FACTORS:
            problems.append(f"points: unknown parameter {name}{nearest_name(name, PARAMETERS)}")
            continue
        wrong = (factor_problem(name, factor_value(name, value)) for value in points[name].unique())
        problems += [f"points: {name}: {problem}" for problem in wrong if problem is not None][:_MOST_SHOWN]
    if not len(points):
        problems.append("points: there is none")
    if problems:
        raise InputError(problems)


def input_bounds(
    scenario: Scenario, names: Sequence[str] | None, *, what: str = "parameters", rules: bool = True
) -> dict[str, tuple[float, float]]:
    """Declared plausible range of each parameter; of a rule, ``rules.<rule>`` (not without `rules`), from 0 to the
    number of its variants, see `with_forms`.

    Without names of every assumed parameter that the scenario leaves open, and of every rule too where it draws them.
    """
    if names is None:
        drawn = rules and scenario.uncertainty == "structure"
        of_rules = [factor for factor, rule in RULE_FACTORS.items() if drawn and rule not in scenario.rules]
        open_ones = [p for p in PARAMETERS.values() if p.assumed and p.name not in scenario.parameters]
        return {name: _bounds(name) for name in (*(p.name for p in open_ones if p.low < p.high), *of_rules)}
    given = listed(f"{what}:", names)
    problems = [f"{what}: {said}" for place in range(len(given)) if (said := _no_input(given, place, rules=rules))]
    if not given:
        problems.append(f"{what}: name at least one")
    if problems:
        raise InputError(problems)
    return {name: _bounds(name) for name in given}


def _no_input(names: Sequence[Any], place: int, *, rules: bool) -> str:
    """Why one of some names is none that may vary; empty where it may."""
    name = names[place]
    if not isinstance(name, str):
        return f"must be names of parameters, got {shown(name)}"
    if name in ("seed", "replicate", "sample_seed", LUCK):
        return f"{name} is luck, not a parameter: choosing it would look for lucky runs"
    is_rule = rules and name.startswith("rules.")
    kind, known = ("rule", RULE_FACTORS) if is_rule else ("parameter", PARAMETERS)
    if name not in known:
        return f"unknown {kind} {name}{nearest_name(name, known)}"
    if name in PARAMETERS and PARAMETERS[name].low == PARAMETERS[name].high:
        return f"{name} has no plausible range"
    return f"{name} is named twice" if name in names[:place] else ""


def _bounds(name: str) -> tuple[float, float]:
    if name in RULE_FACTORS:
        return 0.0, float(len(RULES[RULE_FACTORS[name]].forms))
    return PARAMETERS[name].low, PARAMETERS[name].high


def with_forms(points: pd.DataFrame) -> pd.DataFrame:
    """Points whose rules are numbers from 0 to the number of variants, with the variants themselves."""
    found = points.copy()
    for factor in (name for name in points.columns if name in RULE_FACTORS):
        last = len(RULES[RULE_FACTORS[factor]].forms) - 1
        found[factor] = [factor_of_number(factor, min(float(value), last)) for value in points[factor]]
    return found


def outcome_table(runs: pd.DataFrame, strategy: str, outcome: str) -> NDArray[np.float64]:
    """One outcome of a strategy, points in rows and replicates in columns."""
    own = runs[runs["strategy"] == strategy]
    if outcome not in own:
        raise InputError(f"outcome: runs have no {outcome}{nearest_name(outcome, list(own.columns))}")
    lost = own[(own["status"] != "done") | own[outcome].isna()]
    if len(lost):
        raise CapsimError(_what_is_missing(lost, own, strategy, outcome))
    table = own.pivot(index="point", columns="replicate", values=outcome).to_numpy(np.float64)
    if not np.isnan(table).any():
        return table
    # Points with another set of replicates: the replicates of each in their order.
    ordered = own.sort_values("replicate").groupby("point")[outcome]
    return np.stack([values.to_numpy(np.float64) for _, values in ordered])


def _what_is_missing(lost: pd.DataFrame, own: pd.DataFrame, strategy: str, outcome: str) -> str:
    failed = lost[lost["status"] != "done"]
    shown = lost.drop_duplicates("point").head(_MOST_SHOWN)
    names = [name for name in own.columns if name in PARAMETERS or name in RULE_FACTORS]
    lines = [
        f"  point {row['point']} ({', '.join(f'{name} {_brief(row[name])}' for name in names[:4])}"
        f"{', ...' if len(names) > 4 else ''}): {_reason(row, outcome)}"
        for row in shown.to_dict("records")
    ]
    points = lost["point"].nunique()
    kinds = f"{len(failed)} failed, {outcome} is undefined in {len(lost) - len(failed)}"
    more = [f"  and {points - len(shown)} more points"] if points > len(shown) else []
    head = (
        f"{strategy}: {len(lost)} of {len(own)} runs cannot be used ({kinds}); nothing is computed from the rest. "
        "Narrow the ranges, choose another outcome, or mend what fails:"
    )
    return "\n".join([head, *lines, *more])


def _brief(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.4g}"


def _reason(row: Mapping[Any, Any], outcome: str) -> str:
    text = str(row["reason"]).strip()
    return text.splitlines()[-1] if row["status"] != "done" and text else f"{outcome} is undefined"


def with_baseline(strategies: Sequence[str], outcome: str) -> tuple[str, ...]:
    """Strategies to run: gains are over the paired run without assistance, which must then be among them."""
    needed = [BASELINE] if outcome.startswith("gain_") else []
    return tuple(dict.fromkeys((*needed, *strategies)))
