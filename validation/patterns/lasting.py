"""Patterns 2 to 4: structure against turnover, the lag of use, fading after the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from validation.patterns.jobs import BASELINE
from validation.patterns.judging import (
    UNDEFINED,
    Estimate,
    Findings,
    paired,
    ratio_of_means,
    resampled_of,
)
from validation.patterns.runs import RowRuns

_DEFAULTS = "defaults"
_LOW, _HIGH, _TAU = 0.15, 0.6, 0.25
_OTHERS = "the other strategies"


def structure_buffers(runs: RowRuns) -> Findings:
    """Interactions of the level of routines with turnover."""
    (month,) = runs.row.read_at

    def at(measure: str, level: float, tau: float, ceiling: str) -> NDArray[np.float64]:
        return runs.level(f"routine {level:g}, turnover {tau:g}{ceiling}", BASELINE, measure, month)

    def lost(measure: str, level: float, *, logs: bool, ceiling: str = "") -> NDArray[np.float64]:
        high, low = at(measure, level, _TAU, ceiling), at(measure, level, 0.0, ceiling)
        return np.log(high) - np.log(low) if logs else high - low

    def interaction(measure: str, *, logs: bool, ceiling: str = "") -> NDArray[np.float64]:
        return lost(measure, _HIGH, logs=logs, ceiling=ceiling) - lost(measure, _LOW, logs=logs, ceiling=ceiling)

    share, skill = runs.row.judged
    found = Findings()
    found.add(share.name, paired(interaction("potential", logs=True), runs.row.level))
    found.add(skill.name, paired(interaction("individual", logs=False), runs.row.level))
    name, fixed = (one.name for one in runs.row.reported)
    found.add(fixed, paired(interaction("potential", logs=True, ceiling=", fixed ceiling")), share.name)
    found.add(fixed, paired(interaction("individual", logs=False, ceiling=", fixed ceiling")), skill.name)
    found.add(name, paired(interaction("potential", logs=False)), "interaction")
    for level in (_LOW, _HIGH):
        for measure in ("potential", "individual"):
            what = f"{measure} lost to turnover at routine {level:g}"
            found.add(name, paired(lost(measure, level, logs=False)), what)
            found.add(name, paired(lost(measure, level, logs=True)), f"{what}, in logarithms")
    return found


def lag(runs: RowRuns) -> Findings:
    """Gains after one year and after two."""
    potential, use = runs.row.judged
    found = Findings()
    found.add(potential.name, paired(runs.gain(_DEFAULTS, "blended", "potential", 12), runs.row.level))
    found.add(use.name, _share_of_second_year(runs, "blended", runs.row.level))
    for arm in ("individual_focused", "organization_focused"):
        gain = resampled_of(runs.gain(_DEFAULTS, arm, "potential", 12), lambda drawn: float(drawn.mean()))
        found.add(_OTHERS, gain, f"{arm}: gain in potential at month 12")
        found.add(_OTHERS, _share_of_second_year(runs, arm, 0.95), f"{arm}: g(12) / g(24) of use")
    return found


def _share_of_second_year(runs: RowRuns, arm: str, level: float) -> Estimate:
    """Mean gain in use at month 12 over that at 24; undefined if the latter is not clearly above 0."""
    first, second = (runs.gain(_DEFAULTS, arm, "use", month) for month in (12, 24))
    if not paired(second, level).low > 0.0:
        return UNDEFINED
    return ratio_of_means(first, second, level)


def fade(runs: RowRuns) -> Findings:
    """What is left of the gap in use, and who goes on."""
    end, later = runs.row.read_at
    closes, goes_on = runs.row.judged
    found = Findings()

    def change(arm: str) -> NDArray[np.float64]:
        return runs.gain(_DEFAULTS, arm, "use", later) - runs.gain(_DEFAULTS, arm, "use", end)

    def share(arm: str, month: int, without: str = "") -> NDArray[np.float64]:
        return runs.level(_DEFAULTS, arm, f"share_in_use{without}", month)

    def more(arm: str) -> NDArray[np.float64]:
        return share(arm, later) - share(arm, later, " without")

    found.add(closes.name, paired(change("blended"), runs.row.level))
    found.add(goes_on.name, paired(more("blended"), runs.row.level))
    for arm in ("blended", "individual_focused", "organization_focused"):
        if arm != "blended":
            found.add(_OTHERS, paired(change(arm)), f"{arm}: change of the gap in use")
            found.add(_OTHERS, paired(more(arm)), f"{arm}: more above one half")
        for month in (end, later):
            found.add(_OTHERS, paired(runs.gain(_DEFAULTS, arm, "use", month)), f"{arm}: gain in use, month {month}")
            found.add(_OTHERS, paired(share(arm, month)), f"{arm}: share in use, month {month}")
            found.add(_OTHERS, paired(share(arm, month, " without")), f"the same without assistance, month {month}")
    return found
