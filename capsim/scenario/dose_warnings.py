"""Warnings about offices that would get far more help than they can use, or far less than leaves anything."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capsim.levels import LEA
from capsim.scenario.population import AgencyTable
from capsim.scenario.schema import Scenario

MOST_USEFUL = 320.0
"""Hours a position and year from which twice as many add nothing or take away, for the mixes of
docs/smallest_dose.md."""
LEAST_USEFUL = 4.0
"""Hours a position and year, half a working day, below which hardly anything is left."""
_A_YEAR = "hours for each position and year"
_SHOWN = 3


def saturated_and_starved(scenario: Scenario, table: AgencyTable) -> Iterator[str]:
    """Districts with too many or too few hours for each position, if the whole budget went to districts as the
    allocation says, before any targeting.
    """
    districts = np.flatnonzero(table.level == LEA)
    weigh = table.allocation[districts]
    total = float(weigh @ table.weight[districts])
    budget = scenario.assistance.budget_hours_per_year
    if not total > 0.0 or not budget > 0.0:
        return
    each = budget * weigh / total / table.positions[districts]
    got = weigh > 0.0  # by hand, nothing is meant
    how = f"with {budget:,.0f} hours a year divided by {scenario.assistance.allocation}"
    for wrong, sign, what in (
        (each > MOST_USEFUL, -1.0, f"more than {MOST_USEFUL:g} {_A_YEAR}, more than people can use"),
        (got & (each < LEAST_USEFUL), 1.0, f"less than {LEAST_USEFUL:g} {_A_YEAR}, of which hardly anything is left"),
    ):
        if wrong.any():
            rows = np.flatnonzero(wrong)
            rows = rows[np.argsort(sign * each[rows], kind="stable")]
            named = ", ".join(f"{table.name[districts[row]]} {_figure(each[row])}" for row in rows[:_SHOWN])
            more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
            yield f"assistance: {how}, {len(rows)} of {len(districts)} districts get {what}: {named}{more}"


def _figure(hours: float) -> str:
    return f"{hours:,.0f}" if hours >= 10.0 else f"{hours:.1f}"
