"""Gains by region and by state: what each strategy leaves in the districts below every agency above districts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.comparison.statistics import mean_interval
from capsim.figures.palette import BASELINE
from capsim.numbers import one_of

if TYPE_CHECKING:
    import pandas as pd

    from capsim.comparison.comparison import Comparison

COLUMNS = (
    *("strategy", "region", "name", "level", "districts", "pupils", "pairs", "gain", "low", "high", "region_hours"),
)


def regional_gains(comparison: Comparison, *, outcome: str | None = None, assumptions: str = "default") -> pd.DataFrame:
    """One row for each strategy and region or state, states first.

    Columns: strategy; region, name and level of the agency above the districts (sea: the state, esa: a region); its
    districts and pupils; pairs; gain over none at the moment of the question with its 95% t interval (low, high);
    region_hours, TA hours of the whole assistance. Regions are those of today. Empty without runs of `none`.

    Parameters
    ----------
    comparison : Comparison
    outcome : str, optional
        A measure; the question's without it.
    assumptions : {"default", "drawn"}
    """
    import pandas as pd

    table, question = comparison.regions, comparison.scenario.question
    scenario = comparison.scenario
    name = scenario.asked.name if outcome is None else one_of("outcome:", outcome, scenario.recorded)
    if table.empty or BASELINE not in comparison.strategies:
        return pd.DataFrame(columns=list(COLUMNS))
    line = comparison.scenario.timeline
    month = line.assistance if question.at == "assistance_end" else line.assistance + line.follow_up
    own = table[(table["month"] == month) & (table["assumptions"] == assumptions)]
    wide = own.pivot(index=["region", "replicate"], columns="strategy", values=name)
    hours = own.groupby(["strategy", "region"])["region_hours"].mean()
    about = own.drop_duplicates("region")[["region", "name", "level", "districts", "pupils"]]
    about = about.sort_values("level", key=lambda level: level != "sea", kind="stable")
    places: list[dict[Any, Any]] = about.to_dict("records")
    rows: list[dict[str, Any]] = []
    for strategy in (one for one in comparison.strategies if one != BASELINE and one in wide):
        gains = (wide[strategy] - wide[BASELINE]).dropna()
        by_region = {str(region): own.to_numpy(np.float64) for region, own in gains.groupby(level="region")}
        for facts in places:
            found = by_region.get(facts["region"], np.empty(0))
            interval = mean_interval(found)
            rows.append(
                {
                    "strategy": strategy,
                    **facts,
                    "pairs": len(found),
                    "gain": interval.estimate,
                    "low": interval.low,
                    "high": interval.high,
                    "region_hours": float(hours.get((strategy, facts["region"]), np.nan)),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))
