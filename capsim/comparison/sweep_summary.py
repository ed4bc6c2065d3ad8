"""What a finished study says of its plans: each over all points of the design, the best first."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

from capsim.catalogue import BASELINE, LESS_IS_BETTER
from capsim.comparison.asking import outcome_column

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.results import Results

COLUMNS = (
    *("strategy", "points", "best_in", "gain", "lowest_gain", "highest_gain"),
    *("mean_regret", "largest_regret", "at_point", "where"),
)
_MEANS = """
WITH whole AS (
    SELECT point, replicate FROM runs WHERE status = 'done' GROUP BY ALL HAVING count(*) = {strategies}
)
SELECT point, strategy, avg("{column}") AS outcome
FROM runs JOIN whole USING (point, replicate) WHERE status = 'done' GROUP BY ALL ORDER BY point, strategy
"""


def plans_over_points(results: Results) -> pd.DataFrame:
    """One row for each strategy but no help, the best first; empty with fewer than two of them, or without no help.

    Columns: strategy; points of the design in which some replicate finished with every strategy, and best_in, those of
    them in which the strategy has most; gain over no help in the outcome of the question, mean over points, lowest and
    highest; mean_regret and largest_regret, how far it is behind the best one of a point; at_point and where,
    number and factors of the point where it is most.
    """
    import pandas as pd

    study = results.study
    names = [name for name in study.strategy_names if name != BASELINE]
    column = outcome_column(study.scenario, None)
    empty = pd.DataFrame(columns=list(COLUMNS))
    if len(names) < 2 or len(names) == len(study.strategy_names):
        return empty
    if column not in results.query("SELECT * FROM runs LIMIT 0").columns:
        return empty
    means = results.query(_MEANS.format(column=column, strategies=len(study.strategy_names)))
    table = means.pivot(index="point", columns="strategy", values="outcome")
    if table.empty:
        return empty
    gains = table[names].sub(table[BASELINE], axis=0).dropna()
    better = -gains if study.scenario.asked.name in LESS_IS_BETTER else gains
    regret = better.rsub(better.max(axis=1), axis=0)
    first = better.idxmax(axis=1)
    rows = [
        (
            name,
            len(gains),
            int((first == name).sum()),
            *(float(gains[name].agg(how)) for how in ("mean", "min", "max")),
            *(float(regret[name].agg(how)) for how in ("mean", "max")),
            int(regret[name].idxmax()),
            _where(results, int(regret[name].idxmax())) if regret[name].max() > 0.0 else "",
        )
        for name in names
        if len(gains)
    ]
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.sort_values("mean_regret", kind="stable", ignore_index=True)


def _where(results: Results, point: int) -> str:
    """The values of the factors at a point, in words."""
    row = results.query(f"SELECT * FROM runs WHERE point = {point} LIMIT 1").iloc[0]
    return ", ".join(
        f"{name} {row[name]:g}" if isinstance(row[name], Real) else f"{name} {row[name]}"
        for name in results.study.factors
        if name in row
    )
