"""Patterns 6 to 8, 10 and 11: shapes of networks, hours aimed at the weakest, number of areas, tiers, spread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validation.patterns.jobs import BASELINE
from validation.patterns.judging import Findings, paired
from validation.patterns.networks import SHAPES
from validation.patterns.runs import RowRuns

_DEFAULTS = "defaults"
_AREAS = (1, 2, 3, 5)
_ALL_AREAS = 5


def network_shape(runs: RowRuns) -> Findings:
    """Readings of networks against those without assistance, at the end and later."""
    end, later = runs.row.read_at
    opens, fades, centralise = runs.row.judged
    found = Findings()

    def gap(arm: str, shape: str, month: int) -> NDArray[np.float64]:
        return runs.gain(_DEFAULTS, arm, shape, month)

    crossing, central = "cross_agency_share", "indegree_centralisation"
    found.add(opens.name, paired(gap("peer_network", crossing, end), runs.row.level))
    faded = gap("peer_network", crossing, later) - gap("peer_network", crossing, end)
    found.add(fades.name, paired(faded, runs.row.level))
    found.add(centralise.name, paired(gap("trainers", central, end), runs.row.level))
    (shapes,) = runs.row.reported
    for shape in SHAPES:
        for month in (end, later):
            level = runs.level(_DEFAULTS, BASELINE, shape, month)
            found.add(shapes.name, paired(level), f"{shape}, month {month}: {BASELINE} itself")
            for arm in runs.row.arms[1:]:
                found.add(shapes.name, paired(gap(arm, shape, month)), f"{shape}, month {month}: {arm}")
    return found


def weakest_link(runs: RowRuns) -> Findings:
    """Hours that follow stocktakes against equal hours."""
    end, later = runs.row.read_at
    mean, tenth = runs.row.judged
    at_end, hours = runs.row.reported
    aimed, equal = "performance_management", "equal_allocation"
    found = Findings()

    def more(measure: str, month: int) -> NDArray[np.float64]:
        return runs.level(_DEFAULTS, aimed, measure, month) - runs.level(_DEFAULTS, equal, measure, month)

    found.add(mean.name, paired(more("use", later), runs.row.level))
    found.add(tenth.name, paired(more("weakest_tenth", later), runs.row.level))
    for measure in ("use", "weakest_tenth"):
        found.add(at_end.name, paired(more(measure, end)), measure)
        for arm in (aimed, equal):
            for month in (end, later):
                gain = runs.gain(_DEFAULTS, arm, measure, month)
                found.add(at_end.name, paired(gain), f"gain of {arm} in {measure}, month {month}")
    for name in ("ta_hours_total", "recipient_hours_total"):
        for arm in (aimed, equal):
            found.add(hours.name, paired(runs.total(_DEFAULTS, arm, name)), f"{name}: {arm}")
    return found


def slope_over(areas: tuple[int, ...], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least-squares slope over the number of areas, by replicate, of totals (areas, n)."""
    x = np.array(areas, float) - np.mean(areas)
    return np.asarray((x[:, None] * totals).sum(axis=0) / (x**2).sum())


def focus(runs: RowRuns) -> Findings:
    """Total gain at fixed hours by number of areas."""
    (month,) = runs.row.read_at
    (falls,) = runs.row.judged
    best, strain, load = runs.row.reported

    def totals(point: str) -> NDArray[np.float64]:
        return np.array([_ALL_AREAS * runs.gain(point, f"focus_{n}", "use", month) for n in _AREAS])

    defaults, free = totals(_DEFAULTS), totals("no strain")
    found = Findings()
    found.add(falls.name, paired(slope_over(_AREAS, defaults), runs.row.level))
    for name, table in ((best.name, defaults), (strain.name, free)):
        for n, gains in zip(_AREAS, table, strict=True):
            found.add(name, paired(gains), f"G({n})")
        most = _AREAS[int(np.argmax(table.mean(axis=1)))] if table.size else 0
        found.remarks.append(f"{'Defaults' if name == best.name else 'No strain'}: largest mean gain with {most}.")
    found.add(strain.name, paired(slope_over(_AREAS, free)), "slope")
    found.add(strain.name, paired(slope_over(_AREAS, defaults - free)), "slope at defaults minus slope without strain")
    for point in ("load by areas", "load with setup"):
        here = totals(point)
        for n, gains in zip(_AREAS, here, strict=True):
            found.add(load.name, paired(gains), f"{point}: G({n})")
        found.add(load.name, paired(slope_over(_AREAS, here)), f"{point}: slope")
        found.add(load.name, paired(slope_over(_AREAS, here - defaults)), f"{point}: slope minus slope at defaults")
    return found


def tiered_ceilings(runs: RowRuns) -> Findings:
    """Tiers against materials for all, at every setting of the ceilings."""
    end, later = runs.row.read_at
    (above,) = runs.row.judged
    (moved,) = runs.row.reported
    found = Findings()

    def ahead(point: str, month: int) -> NDArray[np.float64]:
        return runs.level(point, "tiered", "use", month) - runs.level(point, "universal_only", "use", month)

    found.add(above.name, paired(ahead(_DEFAULTS, later), runs.row.level))
    for point in (point.name for point in runs.row.points):
        for month in (end, later):
            found.add(moved.name, paired(ahead(point, month)), f"{point}, month {month}")
            for arm in ("tiered", "universal_only"):
                found.add(moved.name, paired(runs.gain(point, arm, "use", month)), f"{point}, month {month}: {arm}")
        if point != _DEFAULTS:
            change = paired(ahead(point, later) - ahead(_DEFAULTS, later))
            found.add(moved.name, change, f"{point} minus {_DEFAULTS}, month {later}")
    return found


def routines_spread(runs: RowRuns) -> Findings:
    """What ties made by help add to routines because routines travel along them."""
    end, later = runs.row.read_at
    (carry,) = runs.row.judged
    (size,) = runs.row.reported
    still = "no spread"
    found = Findings()

    def gain(point: str, measure: str, month: int) -> NDArray[np.float64]:
        return runs.gain(point, "peer_network", measure, month)

    more = gain(_DEFAULTS, "routine", later) - gain(still, "routine", later)
    found.add(carry.name, paired(more, runs.row.level))
    for month in (end, later):
        for point in (_DEFAULTS, still):
            for measure in ("routine", "use"):
                found.add(size.name, paired(gain(point, measure, month)), f"{measure}, {point}, month {month}")
            without = runs.level(point, BASELINE, "routine", month)
            found.add(size.name, paired(without), f"routine without help, {point}, month {month}")
    return found
