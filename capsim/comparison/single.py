"""One run in the form of a comparison, so that it is named, written and read like one; and its years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capsim.comparison.assembling import assemble_comparison
from capsim.comparison.comparison import Comparison
from capsim.engine.strategies import resolve_strategy
from capsim.numbers import real_number
from capsim.runs.blocks import Block, run_blocks
from capsim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

_LABELS = ("run_id", "strategy", "replicate", "assumptions")
_HOURS = ("ta_hours", "recipient_hours")
_FLOWS = ("exits", *_HOURS)
"""Measures that a year sums up; of the others its last month counts."""


def single_run(
    scenario: Scenario, strategy: str, *, time_limit_seconds: float = 0.0, keep_books: bool = False
) -> Comparison:
    """Replicate 0 of a strategy, assumptions at their defaults; `keep_books` also keeps agencies one by one, and what
    was provided to them.
    """
    name, _ = resolve_strategy(scenario, strategy)
    limit = real_number("time_limit_seconds", time_limit_seconds, least=0.0)
    block = Block(
        scenario,
        (strategy,),
        0,
        keep_agencies=keep_books,
        keep_provision=keep_books,
        keep_detail=keep_books,
        time_limit_seconds=limit,
    )
    return assemble_comparison(scenario, (name,), list(run_blocks([block], workers=1)), [])


def yearly(result: Comparison) -> pd.DataFrame:
    """Years of the districts: flows summed over the year, everything else at its last month.

    Measures count districts as the question does; hours are of a district, whatever its size.
    """
    import pandas as pd

    if result.monthly.empty:
        return pd.DataFrame({"year": [], "phase": [], "month": []})
    counted, plain = (result.monthly[result.monthly["level"] == level] for level in (result.districts, result.group))
    months = counted.drop(columns=[*_LABELS, "level"])
    months[list(_HOURS)] = plain.set_index("month").loc[months["month"], list(_HOURS)].to_numpy()
    years = months.groupby(((months["month"] - 1) // 12 + 1).rename("year"))
    sums = years[list(_FLOWS)].sum().add_suffix("_in_year")
    table = years.tail(1).drop(columns=list(_FLOWS)).set_index(sums.index).join(sums)
    ends = result.scenario.timeline.assistance
    table.insert(0, "phase", ["assistance" if month <= ends else "follow-up" for month in table["month"]])
    return table.reset_index()
