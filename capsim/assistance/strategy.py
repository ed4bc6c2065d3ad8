"""What a strategy is: it answers what, to whom, how and when, from what it can see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsim.assistance.view import View

__all__ = ["Delivery", "Strategy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Assistance that a strategy wants delivered this month; row by row, arrays of equal length (a scalar stands for
    all rows).

    Parameters
    ----------
    activity : str
        Name in `capsim list activities`.
    hours : array_like of float
        TA hours of each row, finite and not negative.
    organizations : array_like of int, optional
        Rows of agencies; the seats are shared by their staff (or leaders, as the activity says).
    people : array_like of int, optional
        Positions, instead of organizations: one participant each. Hours for a vacant position are lost.
    areas : array_like of int
        Focal area of each row; -1 for activities that belong to no area.
    cascade : array_like of float, optional
        Weights, at least 0, of all O organizations. The staff of each organization served pass what they received on to
        the agencies below it, in hours of their own and in proportion to these weights, level by level. Only with
        `organizations`; without it nothing is passed on.
    by_state : bool
        Whether agencies that meet in groups (peer collaboratives, working groups, joint calls) meet only those of their
        own state; by default groups mix states.
    """

    activity: str
    hours: ArrayLike
    organizations: ArrayLike | None = None
    people: ArrayLike | None = None
    areas: ArrayLike = -1
    cascade: ArrayLike | None = None
    by_state: bool = False


class Strategy:
    """Base of strategies written in Python. One object serves one run and may keep state of its own.

    Attributes
    ----------
    name : str
        Identifier in tables and reports.
    draws_per_row : int
        Uniform numbers per organization and month that `decide` receives; a fixed block, used or not.
    fixed_attributes : tuple of str
        Attributes that the strategy is made with and never changes. All others are its memory, which a snapshot keeps.
    """

    name: str = "strategy"
    draws_per_row: int = 0
    fixed_attributes: tuple[str, ...] = ()

    def decide(self, view: View, month: int, budget: float, draws: NDArray[np.float64]) -> Sequence[Delivery]:
        """Decide what to deliver this month.

        Parameters
        ----------
        view : View
            Public facts, the latest instrument readings, the own ledger.
        month : int
            0 in the first month of assistance.
        budget : float
            TA hours left of the whole budget.
        draws : (O, draws_per_row) float64
            Uniform numbers in [0, 1).

        Returns
        -------
        sequence of Delivery
            Together at most `budget` hours.
        """
        raise NotImplementedError(f"{type(self).__name__} must define decide(self, view, month, budget, draws)")
