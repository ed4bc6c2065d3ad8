"""What has been read of every organization so far: the latest numbers of each instrument, and nothing of the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["AMBER", "GREEN", "NOT_READ", "RED", "Readings"]

NOT_READ, RED, AMBER, GREEN = 0, 1, 2, 3
"""Codes of `Readings.status`."""


@dataclass(slots=True)
class Readings:
    """Latest readings of every organization.

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
    """

    skill: NDArray[np.float64]
    routine: NDArray[np.float64]
    month: NDArray[np.int32]
    readiness: NDArray[np.float64]
    use: NDArray[np.float64]
    first_use: NDArray[np.float64]
    first_stocktake: NDArray[np.int32]
    status: NDArray[np.int8]
    sustainability: NDArray[np.float64]
    interest: NDArray[np.float64]
    self_rating: NDArray[np.float64]

    @classmethod
    def none(cls, n_organizations: int, n_areas: int) -> Readings:
        """Nothing read yet."""
        O, shape = n_organizations, (n_organizations, n_areas)
        return cls(
            skill=np.full(shape, np.nan),
            routine=np.full(shape, np.nan),
            month=np.full(O, -1, np.int32),
            readiness=np.full(O, np.nan),
            use=np.full(shape, np.nan),
            first_use=np.full(O, np.nan),
            first_stocktake=np.full(O, -1, np.int32),
            status=np.zeros(O, np.int8),
            sustainability=np.full((O, 3), np.nan),
            interest=np.full(O, np.nan),
            self_rating=np.full(shape, np.nan),
        )
