"""Checks of construction: inputs of the model that must arrive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validation.patterns.judging import Estimate, Findings, paired, ratio_of_means, resampled
from validation.patterns.runs import RowRuns
from validation.patterns.watching import LINKS

_DEFAULTS = "defaults"
_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Gains and hours by replicate."""


def mode_order(runs: RowRuns) -> Findings:
    """Gain in skill per hour of staff, and per TA hour, by mode."""
    (month,) = runs.row.read_at
    modes = runs.row.arms[1:]
    gains = {arm: runs.gain(_DEFAULTS, arm, "individual", month) for arm in modes}

    def per(total: str, arm: str) -> _Pair:
        return gains[arm], runs.total(_DEFAULTS, arm, total)

    def effect(pair: _Pair, rows: NDArray[np.int64]) -> float:
        return float(pair[0][rows].mean() / pair[1][rows].mean())

    def difference(first: _Pair, second: _Pair, level: float) -> Estimate:
        return resampled(lambda rows: effect(first, rows) - effect(second, rows), n, level)

    found, n = Findings(), len(gains[modes[0]])
    each = {arm: per("recipient_hours_total", arm) for arm in modes}
    *order, ratio = runs.row.judged
    for expected, first, second in zip(order, modes[:-1], modes[1:], strict=True):
        found.add(expected.name, difference(each[first], each[second], runs.row.level))
    coaching, training = each["only_coaching"], each["only_training"]
    found.add(ratio.name, resampled(lambda rows: effect(coaching, rows) / effect(training, rows), n, runs.row.level))
    (hours,) = runs.row.reported
    for arm in modes:
        found.add(hours.name, ratio_of_means(*per("ta_hours_total", arm)), arm)
        found.remarks.append(f"{arm}: {effect(each[arm], np.arange(n)):.3g} per hour of staff.")
    return found


def attenuation(runs: RowRuns) -> Findings:
    """Logarithm of what each step leaves, by link."""
    found = Findings()
    for expected in runs.row.judged:
        steps, link = expected.name.split(", ", 1)
        after, before = steps.split(" below ")
        assert link in LINKS
        kept = [runs.total(_DEFAULTS, "network_teams", f"{name}, {link}") for name in (after, before)]
        found.add(expected.name, paired(np.log(kept[0] / kept[1]), runs.row.level))
        found.remarks.append(f"{link}: {after} {kept[0].mean():,.0f} hours of {kept[1].mean():,.0f} {before}.")
    return found


def codesign_clarity(runs: RowRuns) -> Findings:
    """What co-design to the end costs at each loss of clarity."""
    (month,) = runs.row.read_at
    found = Findings()

    def cost(zeta: float) -> NDArray[np.float64]:
        point = f"clarity loss {zeta:g}"
        throughout, planning = (runs.level(point, arm, "use", month) for arm in ("codesign_throughout", "co_designed"))
        return throughout - planning

    for expected, less, more in zip(runs.row.judged, (0.0, 0.15), (0.15, 0.40), strict=True):
        found.add(expected.name, paired(cost(more) - cost(less), runs.row.level))
    (reported,) = runs.row.reported
    for zeta in (0.0, 0.15, 0.40):
        found.add(reported.name, paired(cost(zeta)), f"D({zeta:g})")
    free = "clarity loss 0"
    planned = runs.level(free, "co_designed", "use", month) - runs.level(free, "blended", "use", month)
    found.add(reported.name, paired(planned), "co_designed minus blended")
    return found


def client_and_expert(runs: RowRuns) -> Findings:
    """Mean difference of the two ratings."""
    (expected,) = runs.row.judged
    client, expert = (runs.monthly(_DEFAULTS, "blended", f"{who}_rating") for who in ("client", "expert"))
    found = Findings()
    found.add(expected.name, paired(np.nanmean(client - expert, axis=1), runs.row.level))
    yearly = np.nanmean(client - expert, axis=0).reshape(-1, 12).mean(axis=1)
    found.remarks.append("By year: " + ", ".join(f"{one:.2f}" for one in yearly) + ".")
    return found


def leader_exit(runs: RowRuns) -> Findings:
    """How much more often half of a practice is lost within a year of a leader's exit."""
    (shares,) = runs.row.reported
    found = Findings()
    for expected in runs.row.judged:
        point = f"{expected.name.removeprefix('hazard ratio, ').removesuffix(' routines')} routines"
        after, otherwise = (runs.total(point, "none", name) for name in ("lost_after_exit", "lost_otherwise"))
        known = ~(np.isnan(after) | np.isnan(otherwise))
        after, otherwise = after[known], otherwise[known]
        if len(after) and after.mean() > 0.0 and otherwise.mean() > 0.0:
            found.add(expected.name, ratio_of_means(after, otherwise, runs.row.level))
        found.add(shares.name, paired(after), f"{point}: after an exit")
        found.add(shares.name, paired(otherwise), f"{point}: otherwise")
    return found


def readiness_monotone(runs: RowRuns) -> Findings:
    """Gains at easier prerequisites minus those at harder ones."""
    (month,) = runs.row.read_at
    gains = [runs.gain(point.name, "individual_only", "individual", month) for point in runs.row.points]
    found = Findings()
    for expected, easier, harder in zip(runs.row.judged, gains[:-1], gains[1:], strict=True):
        found.add(expected.name, paired(easier - harder, runs.row.level))
    return found
