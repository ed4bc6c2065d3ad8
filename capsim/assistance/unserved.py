"""Why a strategy gives an agency nothing: what its targeting, its recipients and its readings say of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.composed import CODESIGN, OWN_INSTRUMENT, ComposedStrategy
from capsim.assistance.division import agencies_below, find_recipients
from capsim.assistance.served import DECLINED, NOT_CHOSEN, OUTSIDE, SCREENED, WAITING
from capsim.assistance.strategy import Strategy, View
from capsim.assistance.targeting import weights_of
from capsim.catalogue import ACTIVITIES
from capsim.levels import CENTER
from capsim.parameters import Values

_WHY = {"readiness": SCREENED, "volunteers": DECLINED}
"""What it means to weigh nothing in a targeting, where it does not mean that others were chosen."""


def activities_of(strategy: Strategy) -> tuple[str, ...]:
    """Activities that a strategy may deliver: those of its recipe, or all."""
    if not isinstance(strategy, ComposedStrategy):
        return tuple(ACTIVITIES)
    named = (name for mix in strategy.recipe.mixes for name in mix)
    return tuple(dict.fromkeys([CODESIGN, OWN_INSTRUMENT, *named]))


class Unserved:
    """What an agency that gets nothing in a month is to the strategy; worked out again when its plan changes."""

    def __init__(self, strategy: Strategy, values: Values) -> None:
        self._strategy, self._values = strategy, values
        self._plan: object = None
        self._why: NDArray[np.int8] = np.empty(0, np.int8)

    def why(self, view: View) -> NDArray[np.int8]:
        """Place in `STATUS` of each organization, if it gets nothing, (O,)."""
        plan = self._strategy.plan if isinstance(self._strategy, ComposedStrategy) else self._strategy
        if plan is not self._plan or not len(self._why):
            self._plan, self._why = plan, self._found(view)
        return self._why

    def _found(self, view: View) -> NDArray[np.int8]:
        of_agency = np.where(view.level == CENTER, OUTSIDE, NOT_CHOSEN).astype(np.int8)
        if not isinstance(self._strategy, ComposedStrategy):
            return of_agency
        recipe = self._strategy.current
        found = np.full(len(view.level), OUTSIDE, np.int8)
        if not recipe.activities:
            return found
        recipients = find_recipients(recipe, view)
        found[recipients.reached] = WAITING
        aims = recipe.targeting if isinstance(recipe.targeting, Mapping) else {"": recipe.targeting}
        below = np.intersect1d(agencies_below(view), recipients.reached) if recipients.cascades else recipients.rows[:0]
        for rows in (recipients.rows, np.setdiff1d(below, recipients.rows)):
            for aim in aims.values() if len(rows) else ():
                weights = weights_of(aim)(view, rows, self._values).sum(axis=1)
                passed_over = rows[(weights <= 0.0) & (found[rows] == WAITING)]
                found[passed_over] = SCREENED if aim.endswith(".gate") else _WHY.get(aim, NOT_CHOSEN)
            unweighed = rows[(view.allocation[rows] <= 0.0) & (found[rows] == WAITING)]
            found[unweighed] = NOT_CHOSEN
        return found
