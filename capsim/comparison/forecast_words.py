"""What readings of later months say of a forecast, in words: the same for the terminal and the report."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from capsim.comparison.asking import strategy_title
from capsim.comparison.forecast import FEWEST

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison
    from capsim.comparison.paired_runs import PairedRuns

_FAR_OFF = 0.8
"""Share of readings inside of their ranges below which the model is said to miss them."""


def fact_in_words(comparison: Comparison) -> str:
    """How many readings lie where the forecast said."""
    table, told = comparison.observed, comparison.provenance["observed"]
    inside, n = int(table["inside"].sum()), len(table)
    months = f"month{'s' if len(told['months']) > 1 else ''} {' and '.join(map(str, told['months']))}"
    text = (
        f"{inside} of {n} readings of {table['agency'].nunique()} agencies ({months}, under "
        f"{strategy_title(told['followed'])}) lie within the range of 95% of the simulated worlds."
    )
    if inside < _FAR_OFF * n:
        text += " That is fewer than should: treat the forecast, updated or not, with care."
    return text


def learnt_in_words(comparison: PairedRuns) -> str:
    """How much the readings say about the plans."""
    told = comparison.provenance["observed"]
    worlds, effective, tolerance = told["worlds"], float(told["effective"]), float(told["tolerance"])
    if not told["learnt"]:
        few = f"only {effective:.0f} of {worlds} worlds come close to the readings" if worlds else "no world finished"
        return (
            f"The forecast stays as it was: {few}, and from fewer than {FEWEST:.0f} nothing is concluded. More worlds "
            "may help (--replications 200)."
        )
    text = (
        f"Worlds that foretold the readings well now count more; together they say as much as {effective:.0f} of "
        f"{worlds} worlds that count the same."
    )
    if tolerance > 1.0:
        text += f" To keep so many, the readings were taken to be {tolerance:.1f} times as noisy as they are."
    return text


def best_in_words(comparison: PairedRuns, row: Mapping[Any, Any]) -> tuple[str, str]:
    """In how many worlds a plan is the best, as it was foretold and as it is now; of those that speak now."""
    told = comparison.provenance["observed"]
    worlds, now = int(told["worlds"]), round(float(told["effective"]))
    updated = row["updated_best_in"]
    return (
        f"{round(worlds * row['foretold_best_in'])} of {worlds}",
        "-" if math.isnan(updated) else f"{round(now * updated)} of {now}",
    )


def next_in_words(comparison: Comparison) -> str:
    """What to read next, and by how much it is expected to narrow the answer; empty where that was not looked into."""
    table = comparison.next_readings
    if table.empty:
        return ""
    first, second = map(strategy_title, comparison.scenario.question.contrast)
    row = table.iloc[0]
    where = f"What to read next: of all {row['districts_read']} districts in month {row['month']},"
    answer = f"the difference of {first} and {second}"
    clear = table[table["beyond_chance"].astype(bool)]
    if clear.empty:
        return f"{where} no item is expected to narrow {answer} by more than chance would."
    said = "; ".join(f"{one['item']} by {one['narrows']:.0%}" for one in clear.to_dict("records"))
    return f"{where} to narrow the range of {answer}: {said}."
