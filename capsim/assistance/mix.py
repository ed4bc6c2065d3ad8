"""The mix: which activities a composition buys in a phase of the assistance, in shares of the hours.

Planning and implementation as phases of co-design: S1; an exit plan: S10, S12. That the exit takes the last third, and
that co-design takes `codesign_share` of the hours, is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import Recipe
from capsim.parameters import Values

__all__ = ["Phase", "Share", "find_mix", "find_phase"]

Share = float | NDArray[np.float64]
"""Share of the hours: of all, or of those in each area, (K,)."""

_CODESIGN = "codesign"


@dataclass(frozen=True, slots=True)
class Phase:
    """What time of the assistance it is: whether recipients take part in the design, and whether the exit has begun."""

    codesign: bool
    exit: bool


def find_phase(composition: Recipe, month: int, months: int, values: Values) -> Phase:
    """Phase of a month: planning lasts planning_months; an exit, if there is a plan for it, the last third."""
    now = "planning" if month < values["planning_months"] else "implementation"
    return Phase(
        codesign=composition.codesign in {now, "both"},
        exit=bool(composition.exit_activities) and 3 * month >= 2 * months,
    )


def find_mix(composition: Recipe, phase: Phase, n_areas: int, values: Values) -> dict[str, Share]:
    """Share of the hours of each activity; by area when areas have methods of their own. Co-design comes first."""
    mix: dict[str, Share]
    if phase.exit:
        mix = dict(composition.exit_activities)
    elif composition.methods:
        dealt = [composition.methods[k % len(composition.methods)] for k in range(n_areas)]
        names = dict.fromkeys(name for method in dealt for name in method)
        mix = {name: np.array([float(method.get(name, 0.0)) for method in dealt]) for name in names}
    else:
        mix = dict(composition.activities)
    if not phase.codesign or not mix:
        return mix
    share = values["codesign_share"]
    rest = {name: part * (1.0 - share) for name, part in mix.items()}
    return {_CODESIGN: share + rest.pop(_CODESIGN, 0.0), **rest}
