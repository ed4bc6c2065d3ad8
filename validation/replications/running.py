"""All replications run once: the tables of every model, and what became of what was published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from validation.replications.carley import carley_table
from validation.replications.claims import Finding, judge
from validation.replications.march_figures import FIGURES, figure_table
from validation.replications.march_published import CLAIMS, RUNS, published
from validation.replications.other_claims import CARLEY, RAO, ROUTINES
from validation.replications.rao import rao_table
from validation.replications.readings import DEFAULT, READINGS
from validation.replications.routines import routines_table

LEAST_RUNS = 10
"""Below which intervals say nothing."""
_DIGITS = 4


def run_replications(*, runs: int, seed: int) -> dict[str, Any]:
    """Everything the page shows, as plain data.

    Parameters
    ----------
    runs : int
        Organizations or groups for each point of each figure.
    seed : int
    """
    return {
        "runs": runs,
        "seed": seed,
        "march": {name: _march(name, runs, seed) for name in READINGS},
        "rao": _with_findings(rao_table(runs=runs, seed=seed), judge_by=RAO),
        "carley": _with_findings(carley_table(runs=runs, seed=seed), judge_by=CARLEY),
        "routines": _with_findings(routines_table(runs=runs, seed=seed), judge_by=ROUTINES),
    }


def _march(name: str, runs: int, seed: int) -> dict[str, Any]:
    """A reading: its findings and distances; tables of the default alone, but figure 1 of each."""
    tables = {n: figure_table(n, runs=runs, seed=seed, reading=READINGS[name][0]) for n in FIGURES}
    kept = [n for n in FIGURES if name == DEFAULT or n == 1]
    return {
        "tables": {str(n): _plain(tables[n]) for n in kept},
        "findings": {str(n): _listed(judge(CLAIMS[n], tables[n])) for n in FIGURES},
        "apart": {str(n): distance(tables[n], n) for n in FIGURES if published(n)},
    }


def distance(table: pd.DataFrame, number: int) -> dict[str, float]:
    """Root mean square and largest distance from what was published, and the first if only luck were at work."""
    values = published(number)
    rows = table.set_index(["p1", "p2", "quantity"]).loc[list(values)]
    apart = rows["mean"].to_numpy() - np.array(list(values.values()))
    variance = rows["sd"].to_numpy() ** 2
    return {
        "typical": float(np.sqrt(np.mean(apart**2))),
        "largest": float(np.max(np.abs(apart))),
        "by_luck": float(np.sqrt(np.mean(variance / RUNS + variance / rows["runs"].to_numpy()))),
    }


def _with_findings(table: pd.DataFrame, *, judge_by: Any) -> dict[str, Any]:
    return {"table": _plain(table), "findings": _listed(judge(judge_by, table))}


def _listed(findings: list[Finding]) -> list[dict[str, Any]]:
    return [finding._asdict() for finding in findings]


def _plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns as lists, without `runs`, which is the same everywhere."""
    return {
        str(name): list(values) for name, values in table.drop(columns="runs").round(_DIGITS).to_dict("list").items()
    }
