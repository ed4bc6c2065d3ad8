"""What may be aimed at, and what is made of it over draws: means, bad draws, regret, Pareto front. Runs nothing; and
structures as candidates of a search, with the best strategy under each, ranked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ValidationError

from capsim.catalogue import weighted_column
from capsim.comparison.statistics import mean_interval
from capsim.errors import InputError, Problems
from capsim.numbers import listed, one_of, shown
from capsim.parameters import resolve_values
from capsim.runs.designs import BUDGET
from capsim.runs.points import outcome_table
from capsim.scenario import Scenario, Structure
from capsim.scenario.agencies import problems_of_structure
from capsim.scenario.budgets import more_than_today
from capsim.scenario.documents import dotted
from capsim.scenario.values import problems_in_words

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Objective:
    """One aim: identifier, words, outcome of a run, and which is better: "larger", "smaller" or "nearer to 0"."""

    name: str
    title: str
    column: str
    better: str

    def counted_by(self, weight: str) -> Objective:
        """The same aim as a mean over pupils, districts or positions; a gap or a cost is the same under all."""
        return replace(self, column=weighted_column(self.column, weight))

    def score(self, outcome: Floats) -> Floats:
        """Values of which larger ones are better."""
        if self.better == "larger":
            return outcome
        return -np.abs(outcome) if self.better == "nearer to 0" else -outcome


_ROWS = (
    Objective("use", "Use retained", "use_follow_up_end", "larger"),
    Objective("equity_size", "Use in large minus small districts", "equity_gap_size_follow_up_end", "nearer to 0"),
    Objective("equity_sparse", "Use in other minus sparse districts", "equity_gap_sparse_follow_up_end", "nearer to 0"),
    Objective("cost", "Cost, dollars", "cost", "smaller"),
)
OBJECTIVES: Mapping[str, Objective] = MappingProxyType({row.name: row for row in _ROWS})
"""What may be aimed at, by name."""

ROBUST = ("mean", "worst_tenth", "regret")
"""What is optimized of an objective over draws of the assumptions: its mean, the value that nine draws in ten reach, or
the mean regret: what is lost against the best candidate of the same draw."""

_NINE_IN_TEN = 0.1


def robust_scores(score: Floats) -> dict[str, Floats]:
    """Figures over draws, by name in `ROBUST`; larger ones are better; (n,) from (draws, n)."""
    regret = score.max(axis=1, keepdims=True) - score
    tenth = np.quantile(score, _NINE_IN_TEN, axis=0, method="weibull")
    return {"mean": score.mean(axis=0), "worst_tenth": tenth, "regret": -regret.mean(axis=0)}


def outcomes_of(runs: pd.DataFrame, names: tuple[str, ...], aim: Objective) -> Floats:
    """Outcome of each strategy in each draw, averaged over luck, (draws, strategies)."""
    return np.column_stack([outcome_table(runs, name, aim.column).mean(axis=1) for name in names])


def judged(
    runs: pd.DataFrame, names: tuple[str, ...], aims: tuple[Objective, ...], robust: str, reference: str, budget: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Figures of every strategy under one budget, and its regret in the primary objective, draw by draw."""
    columns: dict[str, Any] = {"strategy": list(names), BUDGET: budget}
    fronts, regrets = [], pd.DataFrame()
    for place, aim in enumerate(aims):
        outcome = outcomes_of(runs, names, aim)
        score = aim.score(outcome)
        figures = robust_scores(score)
        columns[f"{aim.name}_mean"] = outcome.mean(axis=0)
        columns[f"{aim.name}_worst_tenth"] = figures["worst_tenth"] * (1.0 if aim.better == "larger" else -1.0)
        columns[f"{aim.name}_regret"] = -figures["regret"]
        fronts.append(figures[robust])
        if place == 0:
            regrets = pd.DataFrame(score.max(axis=1, keepdims=True) - score, columns=list(names)).rename_axis("draw")
            paired = [mean_interval(one) for one in (outcome - outcome[:, [names.index(reference)]]).T]
            columns |= dict(zip(("difference", "low", "high"), zip(*paired, strict=True), strict=True))
    table = pd.DataFrame(columns)
    table.insert(2, "pareto", pareto_front(np.column_stack(fronts)))
    return table, regrets


def pareto_front(values: Floats) -> NDArray[np.bool_]:
    """Rows that no other row beats: none is at least as large everywhere and larger somewhere, (n,) from (n, m)."""
    as_good: NDArray[np.bool_] = np.all(values[None, :, :] >= values[:, None, :], axis=2)
    better: NDArray[np.bool_] = np.any(values[None, :, :] > values[:, None, :], axis=2)
    return np.asarray(~np.any(as_good & better, axis=1))


COLUMNS = (
    *("rank", "structure", "strategy", BUDGET, "difference", "low", "high", "verdict"),
    *("positions", "million_dollars", "reason"),
)


def aims_of(given: Any, weight: str) -> tuple[Objective, ...]:
    """Objectives by name, as means over pupils, districts or positions."""
    names, problems = listed("objectives:", given), Problems()
    if not names:
        problems.append("objectives: name at least one")
    known = [problems.ask(one_of, "objectives:", name, OBJECTIVES) for name in names]
    problems.raise_any()
    return tuple(OBJECTIVES[name].counted_by(weight) for name in dict.fromkeys(known))


def check_structures(scenario: Scenario, given: Any) -> None:
    """Say everything that is wrong with structures by name; an empty one is today's."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        raise InputError(f"structures: must be a mapping from a name to a structure, got {shown(given)}")
    problems: list[str] = []
    values = resolve_values(scenario.parameters)
    for name, said in given.items():
        where = f"structures.{name}"
        try:
            structure = Structure.model_validate(said) if said else None
        except ValidationError as error:
            found = list(problems_in_words(error, Structure))
        else:
            found = [] if structure is None else list(problems_of_structure(scenario.agencies, values, structure))
        problems += [f"{where}{'.' if path else ''}{dotted(path)}: {text}" for path, text in found]
    if problems:
        raise InputError(problems)


def structure_name(composition: Mapping[str, Any], structures: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Name of the structure of a candidate; empty where it is none of these."""
    said = composition.get("delivery", {}).get("structure", {})
    return next((name for name, one in structures if _text(one) == _text(said)), "")


def _text(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True, default=str)


def best_of_each(
    candidates: Sequence[Mapping[str, Any]], searched: pd.DataFrame, aim: Objective, robust: str
) -> set[str]:
    """The best candidate of each structure in the primary objective, so that all of them are judged again."""
    by_name = {one["name"]: _text(one.get("delivery", {}).get("structure", {})) for one in candidates}
    own = searched[searched["strategy"].isin(by_name)]
    own = own.assign(_structure=own["strategy"].map(by_name), _score=_scores(own, aim, robust))
    return set(own.sort_values("_score", ascending=False, kind="stable").drop_duplicates("_structure")["strategy"])


def _scores(table: pd.DataFrame, aim: Objective, robust: str) -> Any:
    """The primary objective, larger ones better."""
    figure: Any = table[f"{aim.name}_{robust}"]
    return -figure if robust == "regret" else aim.score(figure)


def ranked_structures(
    scenario: Scenario,
    table: pd.DataFrame,
    candidates: Sequence[Mapping[str, Any]],
    structures: Sequence[tuple[str, Mapping[str, Any]]],
    aim: Objective,
    robust: str,
) -> pd.DataFrame:
    """One row for each structure (under each budget): the best of its candidates on fresh draws, the best first; see
    `Optimization.recommendations`.
    """
    if not structures:
        return pd.DataFrame(columns=list(COLUMNS))
    by_name = {one["name"]: one for one in candidates}
    table = table[table["strategy"].isin(by_name)]
    table = table.assign(
        structure=[structure_name(by_name[name], structures) for name in table["strategy"]],
        _score=_scores(table, aim, robust),
    )
    best = table.sort_values([BUDGET, "_score"], ascending=[True, False], kind="stable")
    best = best.drop_duplicates([BUDGET, "structure"])
    rows: list[dict[Any, Any]] = best.to_dict("records")
    top = {row[BUDGET]: row for row in reversed(rows)}
    ranked: list[dict[str, Any]] = []
    for row in rows:
        place = 1 + sum(one[BUDGET] == row[BUDGET] for one in ranked)
        said = by_name[row["strategy"]].get("delivery", {}).get("structure")
        structure = Structure.model_validate(said) if said else None
        positions, dollars = more_than_today(scenario, structure)
        verdict = "ahead" if row["low"] > 0.0 else "behind" if row["high"] < 0.0 else "not settled"
        reason = _reason(row, top[row[BUDGET]], by_name[row["strategy"]], aim)
        own = {"rank": place, "verdict": verdict, "positions": positions, "million_dollars": dollars / 1e6}
        ranked.append({**row, **own, "reason": reason})
    return pd.DataFrame(ranked, columns=list(COLUMNS))


def _reason(row: Mapping[str, Any], best: Mapping[str, Any], composition: Mapping[str, Any], aim: Objective) -> str:
    """What the candidate does, and how far it is from the best one."""
    heavy = sorted(composition["activities"].items(), key=lambda one: -one[1])[:2]
    mix = " and ".join(f"{name.replace('_', ' ')} ({share:.0%})" for name, share in heavy)
    chain = "through regional agencies" if composition["delivery"].get("chain") == "cascade" else "directly"
    text = f"best with {mix}, {chain}, targeting {composition['targeting'].replace('_', ' ')}"
    if row["strategy"] == best["strategy"]:
        return text
    behind = abs(row[f"{aim.name}_mean"] - best[f"{aim.name}_mean"])
    return f"{text}; {behind:.4f} from the best in {aim.name}"
