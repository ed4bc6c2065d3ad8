"""Toy models with known answers, in the shape that analyses ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from capsim.runs.points import LUCK


def toy_evaluate(
    outcomes: Callable[[pd.DataFrame, np.random.Generator], dict[str, np.ndarray]],
    strategies: Sequence[str],
    *,
    replications: int,
    common: bool = True,
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Runs of a toy: `outcomes(points, rng)` gives one array a point for each "strategy:column"."""

    def evaluate(points: pd.DataFrame) -> pd.DataFrame:
        sets = points[LUCK].to_numpy() if LUCK in points else np.zeros(len(points), int)
        rows = []
        for replicate in range(replications):
            for chosen in np.unique(sets):
                rng = np.random.default_rng([7, replicate, chosen, 0 if common else len(points)])
                found = outcomes(points, rng)
                for strategy in strategies:
                    table = points.assign(
                        point=np.arange(len(points)),
                        strategy=strategy,
                        replicate=replicate + replications * sets,
                        status="done",
                        reason="",
                    )
                    for name, values in found.items():
                        owner, _, column = name.partition(":")
                        if owner == strategy:
                            table[column] = values
                    rows.append(table[sets == chosen])
        runs = pd.concat(rows, ignore_index=True)
        return runs.sort_values(["point", "strategy", "replicate"], ignore_index=True)

    return evaluate
