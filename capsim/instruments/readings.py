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
    """Latest readings of every organization: numbers of the instruments, and nothing of the truth.

    Attributes
    ----------
    skill, routine : (O, K) float64
        From the rubric or an expert's visit, in [0, 1]; NaN before the first.
    month : (O,) int32
        Month of the latest of these, -1 before the first.
    readiness : (O,) float64
        From readiness screening, about 1 for a median agency; NaN before the first.
    use : (O, K) float64
        From the stocktake, in [0, 1]; NaN before the first.
    first_use : (O,) float64
        Mean over areas of the first stocktake; NaN before it.
    first_use_by_area : (O, K) float64
        From the first stocktake; NaN before it.
    target, behind : (O, K) float64
        What the latest stocktake expected in each area, NaN before the first; how far the reading was below it.
    first_stocktake : (O,) int32
        Month of the first stocktake, -1 before it.
    status : (O,) int8
        Of the latest stocktake: 0 none yet, 1 red, 2 amber, 3 green.
    sustainability : (O, 3) float64
        Scores in [0, 1] of the sections of the latest sustainability rubric: context, system capacity, performance
        management; NaN before the first.
    interest : (O,) float64
        Survey mean of engagement on a scale of 1 to 5, read of everybody once a year; NaN before the first.
    self_rating : (O, K) float64
        What staff say of their own agency on a scale of 1 to 5, in the same survey; NaN before the first.
    relevance : (O, K) float64
        How much an area matters, read with the rubric or on an expert's visit, in [0, 1]; NaN before the first.
    self_rated_relevance : (O, K) float64
        What staff say of that on a scale of 1 to 5, in the yearly survey; NaN before the first.
    own : (instruments, O, K) float64
        Scores in [0, 1] from the instruments of a scenario's own, in their order; NaN before the first.
    """

    skill: NDArray[np.float64]
    routine: NDArray[np.float64]
    month: NDArray[np.int32]
    readiness: NDArray[np.float64]
    use: NDArray[np.float64]
    first_use: NDArray[np.float64]
    first_use_by_area: NDArray[np.float64]
    target: NDArray[np.float64]
    behind: NDArray[np.float64]
    first_stocktake: NDArray[np.int32]
    status: NDArray[np.int8]
    sustainability: NDArray[np.float64]
    interest: NDArray[np.float64]
    self_rating: NDArray[np.float64]
    relevance: NDArray[np.float64]
    self_rated_relevance: NDArray[np.float64]
    own: NDArray[np.float64]

    @classmethod
    def none(cls, n_organizations: int, n_areas: int, own: int = 0) -> Readings:
        """Nothing read yet; `own` instruments of the scenario's."""
        O, shape = n_organizations, (n_organizations, n_areas)
        return cls(
            skill=np.full(shape, np.nan),
            routine=np.full(shape, np.nan),
            month=np.full(O, -1, np.int32),
            readiness=np.full(O, np.nan),
            use=np.full(shape, np.nan),
            first_use=np.full(O, np.nan),
            first_use_by_area=np.full(shape, np.nan),
            target=np.full(shape, np.nan),
            behind=np.zeros(shape),
            first_stocktake=np.full(O, -1, np.int32),
            status=np.zeros(O, np.int8),
            sustainability=np.full((O, 3), np.nan),
            interest=np.full(O, np.nan),
            self_rating=np.full(shape, np.nan),
            relevance=np.full(shape, np.nan),
            self_rated_relevance=np.full(shape, np.nan),
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
