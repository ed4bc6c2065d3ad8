"""Structures as candidates of a search, and what it recommends: the best strategy under each structure, ranked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ValidationError

from capsim.analyses.objectives import Objective
from capsim.errors import InputError
from capsim.numbers import shown
from capsim.parameters import resolve_values
from capsim.runs.factors import BUDGET
from capsim.scenario import Scenario, Structure
from capsim.scenario.agencies import problems_of_structure
from capsim.scenario.arranging import more_than_today
from capsim.scenario.documents import dotted
from capsim.scenario.wording import problems_in_words

if TYPE_CHECKING:
    from capsim.analyses.optimization import Optimization

COLUMNS = (
    *(
        "rank",
        "structure",
        "strategy",
        "difference",
        "low",
        "high",
        "verdict",
        "positions",
        "million_dollars",
        "reason",
    ),
)


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


def _scores(table: pd.DataFrame, aim: Objective, robust: str) -> pd.Series:
    """The primary objective, larger ones better."""
    figure: pd.Series = table[f"{aim.name}_{robust}"]
    if robust == "regret":
        return -figure
    return figure if aim.better == "larger" else -figure.abs() if aim.better == "nearer to 0" else -figure


def ranked_structures(found: Optimization) -> pd.DataFrame:
    """One row for each structure (under each budget): the best of its candidates on fresh draws, the best first.

    Columns: rank, structure, strategy (the candidate), the budget in hours a year; difference in the primary objective
    from the reference with its t interval over draws (low, high); verdict (ahead, behind, not settled); positions, of
    regional agencies more or fewer than today; million_dollars, what they cost more a year; reason, in words. Empty
    where structures were not searched.
    """
    if not found.structures:
        return pd.DataFrame(columns=list(COLUMNS))
    aim, by_name = found.objectives[0], {one["name"]: one for one in found.candidates}
    table = found.table[found.table["strategy"].isin(by_name)]
    table = table.assign(
        structure=[structure_name(by_name[name], found.structures) for name in table["strategy"]],
        _score=_scores(table, aim, found.robust),
    )
    best = table.sort_values([BUDGET, "_score"], ascending=[True, False], kind="stable")
    best = best.drop_duplicates([BUDGET, "structure"])
    rows: list[dict[Any, Any]] = best.to_dict("records")
    top = {row[BUDGET]: row for row in reversed(rows)}
    ranked: list[dict[str, Any]] = []
    for row in rows:
        place = 1 + sum(one[BUDGET] == row[BUDGET] for one in ranked)
        positions, dollars = _cost(found.scenario, by_name[row["strategy"]])
        verdict = "ahead" if row["low"] > 0.0 else "behind" if row["high"] < 0.0 else "not settled"
        ranked.append(
            {
                "rank": place,
                "structure": row["structure"],
                "strategy": row["strategy"],
                BUDGET: row[BUDGET],
                **{name: row[name] for name in ("difference", "low", "high")},
                "verdict": verdict,
                "positions": positions,
                "million_dollars": dollars / 1e6,
                "reason": _reason(row, top[row[BUDGET]], by_name[row["strategy"]], aim),
            }
        )
    return pd.DataFrame(ranked)


def _cost(scenario: Scenario, composition: Mapping[str, Any]) -> tuple[float, float]:
    said = composition.get("delivery", {}).get("structure")
    structure = Structure.model_validate(said) if said else None
    return more_than_today(scenario, structure)


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
