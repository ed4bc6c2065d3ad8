"""All replications run once: the tables of every model, and what became of what was published."""

from __future__ import annotations

from collections.abc import Callable
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

_DIGITS = 4


def run_replications(*, runs: int, seed: int, progress: Callable[[int, int, int], None]) -> dict[str, Any]:
    """Everything the page shows, as plain data.

    Parameters
    ----------
    runs : int
        Organizations or groups for each point of each figure.
    seed : int
    progress : callable
        Told the tables done, all tables and 0, as of failed ones.
    """
    others = {"rao": (rao_table, RAO), "carley": (carley_table, CARLEY), "routines": (routines_table, ROUTINES)}
    total = len(READINGS) + len(others)
    results: dict[str, Any] = {"runs": runs, "seed": seed, "march": {}}
    for name in READINGS:
        results["march"][name] = _march(name, runs, seed)
        progress(len(results["march"]), total, 0)
    for done, (name, (table_of, claims)) in enumerate(others.items(), start=len(READINGS) + 1):
        table = table_of(runs=runs, seed=seed)
        results[name] = {"table": _plain(table), "findings": _listed(judge(claims, table))}
        progress(done, total, 0)
    return results


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
    """Root mean square, largest and mean difference from what was published, and the first if only luck were at work."""
    values = published(number)
    rows = table.set_index(["p1", "p2", "quantity"]).loc[list(values)]
    apart = rows["mean"].to_numpy() - np.array(list(values.values()))
    variance = rows["sd"].to_numpy() ** 2
    return {
        "typical": float(np.sqrt(np.mean(apart**2))),
        "largest": float(np.max(np.abs(apart))),
        "mean": float(np.mean(apart)),
        "by_luck": float(np.sqrt(np.mean(variance / RUNS + variance / rows["runs"].to_numpy()))),
    }


def _listed(findings: list[Finding]) -> list[dict[str, Any]]:
    return [
        {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in one._asdict().items()}
        for one in findings
    ]


def _plain(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns as lists, without `runs`, which is the same everywhere."""
    return {
        str(name): list(values) for name, values in table.drop(columns="runs").round(_DIGITS).to_dict("list").items()
    }
