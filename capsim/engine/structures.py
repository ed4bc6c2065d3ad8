"""Where a strategy starts: the settled world as it is, or under the strategy's own structure, and what that costs.

A structure costs the positions that it adds (or saves those that it ends), of all regional agencies of the population::

    dollars a year = (positions - positions today) * staff_rate * work_hours_per_month * 12

Counted within the budget it leaves ``budget_hours_per_year - dollars / consultant_rate`` TA hours a year, at least 0.
Source: equal money as the fair comparison of plans, assumed; rates as declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from capsim.building.restructuring import restructured_world
from capsim.engine.events import Dated, dated_events
from capsim.errors import InputError
from capsim.parameters import Values, resolve_values
from capsim.scenario import AgencyTable, Arranged, Scenario, build_agencies
from capsim.scenario.arranging import arranged_under, dollars_per_year, of_agencies, structure_of
from capsim.scenario.budgets import caps_of, hours_per_year
from capsim.world import World


class Start(NamedTuple):
    """The world in which a run begins (a copy), its TA hours a year and the most in each year, what its structure costs
    more a year than today's (dollars), its agencies where they are not those of today, and the dated events of the
    scenario.
    """

    world: World
    yearly_hours: float
    yearly_caps: tuple[float, ...]
    dollars_per_year: float
    arranged: Arranged | None
    events: tuple[Dated, ...]


def start_of(
    scenario: Scenario, strategy: Any, settled: World, values: Values, *, run_key: int, parameters: Mapping[str, float]
) -> Start:
    """Where a run of a strategy begins; `parameters` are those under which the agencies were built."""
    structure, hours = structure_of(scenario, strategy), hours_per_year(scenario, strategy, values)
    caps = caps_of(scenario, strategy, values)
    if structure is None:
        today = _today(scenario, of_agencies(parameters)) if scenario.events else None
        return Start(settled.copy(), hours, caps, 0.0, None, () if today is None else dated_events(scenario, today))
    arranged = arranged_under(scenario, structure, parameters)
    dollars = dollars_per_year(arranged, values)
    if structure.counted:
        hours = max(0.0, hours - dollars / values["consultant_rate"])
    events = dated_events(scenario, arranged.table, arranged.members)
    if _stands(settled, arranged):
        return Start(settled.copy(), hours, caps, dollars, arranged, events)
    if settled.month > 0:
        raise InputError(f"month {settled.month}: a structure is set up before the first month, not in between")
    world = restructured_world(settled, arranged, values, run_key=run_key)
    return Start(world, hours, caps, dollars, arranged, events)


def _stands(world: World, arranged: Arranged) -> bool:
    """Whether the agencies of a world are those of the structure already, as in a copy of a run that began so."""
    layout, table = world.layout, arranged.table
    n = layout.agencies
    same = layout.ids[:n] == tuple(map(str, table.id)) and np.array_equal(layout.parent[:n], table.parent)
    return same and np.array_equal(np.diff(layout.first)[:n], table.positions)


@lru_cache(maxsize=4)
def _today(scenario: Scenario, parameters: tuple[tuple[str, float], ...]) -> AgencyTable:
    return build_agencies(scenario, resolve_values({**scenario.parameters, **dict(parameters)}))
