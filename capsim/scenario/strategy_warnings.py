"""Warnings about one strategy in one world: recipients, chain, readings and focal areas that come to nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import ACTIVITIES, RECIPIENTS, TARGETINGS
from capsim.levels import AGENCY_LEVELS
from capsim.scenario.plans import Plan
from capsim.scenario.table import AgencyTable

__all__ = ["warnings_of_plan"]

_STANDS_FOR = {"expert": "rubric"}
"""Readings of one instrument that do for those of another."""
_SHOWN = 3
"""Agencies that a warning names."""


def warnings_of_plan(plan: Plan, areas: tuple[str, ...], table: AgencyTable) -> Iterator[str]:
    """Yield one sentence for each thing that a strategy asks for and cannot have in this world.

    Parameters
    ----------
    plan : Plan
    areas : tuple of str
        Focal areas of the scenario.
    table : AgencyTable
    """
    if plan.activities:
        yield from _of_recipients(plan, table)
        yield from _of_levels(plan)
        yield from _of_chain(plan, table)
        yield from _of_readings(plan)
        yield from _of_methods(plan, areas)


def _rows(plan: Plan, table: AgencyTable) -> NDArray[np.int64]:
    """Agencies of the levels that get hours."""
    return np.flatnonzero(np.isin(table.level, [AGENCY_LEVELS[level] for level in plan.recipients]))


def _of_recipients(plan: Plan, table: AgencyTable) -> Iterator[str]:
    missing = [level for level in plan.recipients if not (table.level == AGENCY_LEVELS[level]).any()]
    nobody = len(missing) == len(plan.recipients)
    if not missing or not (plan.own or (nobody and plan.chain == "direct")):
        return
    named = " and ".join(RECIPIENTS[level].title.lower() for level in missing)
    if not nobody:
        then = "their part goes to the other recipients"
    elif plan.chain == "cascade":
        then = "its cascade begins at the agencies above districts; without any, districts are served directly"
    else:
        then = "nobody is served"
    yield f"there are no {named} in this world, and it names them as recipients ({', '.join(missing)}); {then}"


def _of_levels(plan: Plan) -> Iterator[str]:
    """Activities that can change nothing in any recipient."""
    for name in plan.activities:
        levels = ACTIVITIES[name].levels
        if plan.chain == "direct" and not set(levels) & set(plan.recipients):
            able = " or ".join(RECIPIENTS[level].title.lower() for level in levels)
            yield (
                f"{name} changes nothing in {', '.join(plan.recipients)}, so its hours stay unspent; serve "
                f"{able} as well ({', '.join(levels)})"
            )


def _of_chain(plan: Plan, table: AgencyTable) -> Iterator[str]:
    """A chain that ends where it begins."""
    if plan.chain != "cascade":
        return
    rows = _rows(plan, table)
    if not len(rows):
        return
    parents = set(table.parent.tolist())
    heads = set(rows.tolist())
    ends = [row for row in rows.tolist() if row not in parents and not _inside_a_chain(row, heads, table)]
    if ends:
        named = ", ".join(str(table.id[row]) for row in ends[:_SHOWN])
        more = f" and {len(ends) - _SHOWN} more" if len(ends) > _SHOWN else ""
        yield (
            f"its cascade begins at {len(rows):,} agencies, {len(ends):,} of them with nobody below ({named}{more}); "
            "what such an agency gets stays there (the column parent says who stands below whom)"
        )


def _inside_a_chain(row: int, heads: set[int], table: AgencyTable) -> bool:
    """Whether an agency above is a recipient as well."""
    above = int(table.parent[row])
    while above >= 0 and above not in heads:
        above = int(table.parent[above])
    return above >= 0


def _yielded(plan: Plan) -> set[str]:
    """Readings that its activities buy."""
    found = {ACTIVITIES[name].yields for name in plan.activities}
    return found | {_STANDS_FOR[name] for name in found if name in _STANDS_FOR}


def _of_readings(plan: Plan) -> Iterator[str]:
    yielded = _yielded(plan)
    needed = {f"targeting {name}": TARGETINGS[name].reads for name in plan.targetings}
    if plan.target_capacities:
        needed["target_capacities"] = ("rubric",)
    for what, readings in needed.items():
        for reading in readings:
            if reading not in yielded and _sellers(reading):  # others are free
                yield (
                    f"{what} goes by readings that none of its activities buys, so it treats all agencies alike; give "
                    f"a share of the hours to {' or '.join(_sellers(reading))}"
                )


def _sellers(reading: str) -> list[str]:
    """Activities that buy a reading."""
    return [
        activity.name
        for activity in ACTIVITIES.values()
        if reading in {activity.yields, _STANDS_FOR.get(activity.yields)}
    ]


def _of_methods(plan: Plan, areas: tuple[str, ...]) -> Iterator[str]:
    """Methods of areas on which no agency works; universal activities go to every area."""
    never = _never_focal(plan, areas)
    idle = [
        area
        for area, activities in plan.methods.items()
        if area in never and any(ACTIVITIES[name].tier != "universal" for name in activities)
    ]
    if idle:
        worked = [area for area in areas if area not in never]
        yield (
            f"methods for {', '.join(idle)} are never used, because every agency works on {', '.join(worked)} "
            "(the first of focal_areas, when the targeting does not differ by area); name the areas in delivery: "
            "focal_areas"
        )


def _never_focal(plan: Plan, areas: tuple[str, ...]) -> tuple[str, ...]:
    """Areas on which no agency ever works."""
    if isinstance(plan.focal_areas, tuple):
        return tuple(area for area in areas if area not in plan.focal_areas)
    differs = "rubric" in _yielded(plan) and any(TARGETINGS[name].by_area for name in plan.targetings)
    return areas[plan.focal_areas :] if isinstance(plan.focal_areas, int) and not differs else ()
