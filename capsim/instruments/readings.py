"""What has been read of every organization so far, and what an instrument sees on its round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import Values

NOT_READ, RED, AMBER, GREEN = 0, 1, 2, 3
"""Codes of `Readings.status`."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Latest readings of every organization: numbers of the instruments, and nothing of the truth."""

    # (O, K) from the rubric or an expert's visit, in [0, 1]; NaN before the first
    skill: NDArray[np.float64]
    routine: NDArray[np.float64]
    month: NDArray[np.int32]  # (O,) month of the latest of these, -1 before the first
    readiness: NDArray[np.float64]  # (O,) from readiness screening, about 1 for a median agency; NaN before the first
    use: NDArray[np.float64]  # (O, K) from the stocktake, in [0, 1]; NaN before the first
    first_use: NDArray[np.float64]  # (O,) mean over areas of the first stocktake; NaN before it
    first_use_by_area: NDArray[np.float64]  # (O, K) from the first stocktake; NaN before it
    # (O, K) what the latest stocktake expected in each area, NaN before the first; how far the reading was below it
    target: NDArray[np.float64]
    behind: NDArray[np.float64]
    first_stocktake: NDArray[np.int32]  # (O,) month of the first stocktake, -1 before it
    status: NDArray[np.int8]  # (O,) of the latest stocktake: 0 none yet, 1 red, 2 amber, 3 green
    # (O, 3) scores in [0, 1] of the sections of the latest sustainability rubric: context, system capacity,
    # performance management; NaN before the first
    sustainability: NDArray[np.float64]
    # (O,) survey mean of engagement on a scale of 1 to 5, read of everybody once a year; NaN before the first
    interest: NDArray[np.float64]
    # (O, K) what staff say of their own agency on a scale of 1 to 5, in the same survey; NaN before the first
    self_rating: NDArray[np.float64]
    # (O, K) how much an area matters, read with the rubric or on an expert's visit, in [0, 1]; NaN before the first
    relevance: NDArray[np.float64]
    # (O, K) what staff say of that on a scale of 1 to 5, in the yearly survey; NaN before the first
    self_rated_relevance: NDArray[np.float64]
    # (instruments, O, K) scores in [0, 1] from the instruments of a scenario's own, in their order; NaN before the
    # first
    own: NDArray[np.float64]

    @classmethod
    def none(cls, n_organizations: int, n_areas: int, own: int = 0) -> Readings:
        """Nothing read yet; `own` instruments of the scenario's."""
        O, shape = n_organizations, (n_organizations, n_areas)
        by_area = ("skill", "routine", "use", "first_use_by_area", "target")
        asked_by_area = ("self_rating", "relevance", "self_rated_relevance")
        return cls(
            **{name: np.full(shape, np.nan) for name in (*by_area, *asked_by_area)},
            **{name: np.full(O, np.nan) for name in ("readiness", "first_use", "interest")},
            month=np.full(O, -1, np.int32),
            first_stocktake=np.full(O, -1, np.int32),
            behind=np.zeros(shape),
            status=np.zeros(O, np.int8),
            sustainability=np.full((O, 3), np.nan),
            own=np.full((own, *shape), np.nan),
        )


class State(NamedTuple):
    """State of the organizations at the start of a month's assistance: what instruments see."""

    # (O, K) mean skill, routine, implementation and how much areas matter
    people: NDArray[np.float64]
    routine: NDArray[np.float64]
    use: NDArray[np.float64]
    relevance: NDArray[np.float64]
    # (O,)
    culture: NDArray[np.float64]
    data_systems: NDArray[np.float64]
    resource_alignment: NDArray[np.float64]
    filled: NDArray[np.float64]
    motivation: NDArray[np.float64]  # (O,) mean engagement of holders; NaN without any
    general: NDArray[np.float64]  # (O,) general capacity


@dataclass(frozen=True, slots=True)
class Round:
    """One instrument on its round."""

    rows: NDArray[np.int64]  # (n,) organizations that are read this month
    numbers: NDArray[np.float64]  # (n, numbers) uniform in [0, 1)
    state: State
    noise: NDArray[np.float64]  # (n,) factor on the noise: poor data about itself, less after co-design
    values: Values
    # month of the assistance, and its length
    month: int
    months: int
    readings: Readings  # written to
