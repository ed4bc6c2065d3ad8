"""What a strategy can see: public facts, instrument readings, its own ledger. Never the hidden state."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.ledger import Ledger
from capsim.instruments.readings import Readings
from capsim.world import World

__all__ = ["View"]


class View:
    """A strategy's view of the world: public facts, readings, its own ledger; arrays are copies or read-only.

    Attributes
    ----------
    areas : tuple of str
        Focal areas (K).
    ids : tuple of str
        Of the O organizations.
    level : (O,) int8
        0 TA center, 1 state, 2 regional, 3 local agency, 4 school.
    parent : (O,) int32
        Row of the parent, -1 for none.
    positions : (O,) int64
        Budgeted positions.
    enrollment : (O,) float64
        Pupils.
    sparse : (O,) bool
    organization, unit : (P,) int32
        Of each position.
    role : (P,) int8
        0 leader, 1 manager, 2 specialist.
    months : int
        Length of the assistance.
    total_budget : float
        TA hours of the whole assistance.
    readings : Readings
        Latest readings of every instrument; follows them as they come in.
    """

    def __init__(self, world: World, readings: Readings, ledger: Ledger, *, months: int, total_budget: float) -> None:
        layout = world.layout
        self.areas, self.ids = layout.areas, layout.ids
        self.level, self.parent = _read_only(layout.level), _read_only(layout.parent)
        self.positions = _read_only(np.diff(layout.first).astype(np.int64))
        self.enrollment, self.sparse = _read_only(layout.enrollment), _read_only(layout.sparse)
        self.organization, self.unit, self.role = (
            _read_only(c) for c in (layout.organization, layout.unit, layout.role)
        )
        self.months, self.total_budget = months, total_budget
        names = (field.name for field in fields(Readings))
        self.readings = Readings(**{name: _read_only(getattr(readings, name)) for name in names})
        self._ledger, self._directory = ledger, world

    @property
    def filled(self) -> NDArray[np.bool_]:
        """Positions that have a holder, (P,): staff directories are public."""
        return self._directory.person >= 0

    @property
    def tenure_months(self) -> NDArray[np.int32]:
        """Months of the holder in the position, (P,)."""
        return self._directory.tenure.copy()

    @property
    def hours_left(self) -> float:
        """TA hours of the budget that are not spent yet."""
        return self._ledger.left

    @property
    def hours_by_organization(self) -> NDArray[np.float64]:
        """TA hours that each organization has received, (O,)."""
        return self._ledger.by_organization.copy()

    @property
    def hours_by_activity(self) -> dict[str, float]:
        """TA hours of each activity so far."""
        return dict(self._ledger.by_activity)


def _read_only(column: NDArray) -> NDArray:
    view = column.view()
    view.flags.writeable = False
    return view
