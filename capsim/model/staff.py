"""Staff as Mesa agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from capsim.errors import InputError, StaleHandleError
from capsim.levels import Role
from capsim.model.columns import STAFF_KINDS, Kind
from capsim.model.handles import AreaColumn, AreaValues, Handle, NumberColumn
from capsim.world.networks import remove_tie, set_tie

if TYPE_CHECKING:
    from capsim.model.organization import Organization

__all__ = ["Staff"]

_ROLES = tuple(role.name.lower() for role in Role)


class Staff(Handle):
    """A person who holds a position. ``unique_id`` is the person's id.

    Somebody who moves to another agency keeps the id, and the handle.

    Attributes can be read and, unless marked "read", written: checked, and at once in the engine.

    Attributes
    ----------
    skill : (K,) shares
        Applied skill by focal area; also by name, ``staff.skill["equity"]``.
    priority, disposition : (K,) shares with sum 1
        Where attention goes now; lasting own priorities.
    attention : (K,) array, read
        Made of priorities in the process of that name.
    engagement : float in [0, 1]
    tenure : int, months
        Time in the position.
    position, unit : int, read
        Row of the position; number of the unit.
    role : str, read
        "leader", "manager" or "specialist".
    liaison : bool, read
    recipient_hours : float, read
        Hours spent on assistance this month; in a rule before `assistance`, those of the month before.
    organization : Organization, read
    contacts : tuple of Staff, read
        Whom this person asks for advice; change with `connect` and `disconnect`.
    draw : float, read
        In a rule for one person: this month's uniform number of that rule for this position.
    """

    _kinds: ClassVar[Mapping[str, Kind]] = STAFF_KINDS

    skill = AreaColumn("Applied skill, (K,), each in [0, 1].")
    priority = AreaColumn("Where attention goes now, (K,), sum 1.")
    disposition = AreaColumn("Lasting own priorities, (K,), sum 1.")
    engagement = NumberColumn("Motivation for improvement work, in [0, 1].")
    tenure = NumberColumn("Months in the position.")

    def _row(self) -> int:
        if self.model.world.person[self._place] != self.unique_id:
            self._place = self._find()
        return self._place

    def _find(self) -> int:
        """Position that the person holds now."""
        world = self.model.world
        held = np.flatnonzero(world.person == self.unique_id)
        if len(held):
            return int(held[0])
        layout = world.layout
        holder = int(world.person[self._place])
        agency = layout.names[layout.organization[self._place]]
        raise StaleHandleError(
            f"person {self.unique_id} has left: in month {world.month} position {self._place} ({agency}) "
            f"{'is vacant' if holder < 0 else f'is held by person {holder}'}; "
            "read model.agents again for the staff of today"
        )

    def _whose(self) -> str:
        return f"person {self.unique_id}"

    @property
    def is_here(self) -> bool:
        """Whether the person holds a position now; every other attribute of one who does not is an error."""
        return bool(np.any(self.model.world.person == self.unique_id))

    @property
    def position(self) -> int:
        """Row of the position."""
        return self._row()

    @property
    def unit(self) -> int:
        """Number of the unit, over all organizations."""
        return int(self.model.world.layout.unit[self._row()])

    @property
    def role(self) -> str:
        """Role of the position: leader, manager or specialist."""
        return _ROLES[int(self.model.world.layout.role[self._row()])]

    @property
    def liaison(self) -> bool:
        """Whether the position looks for contacts outside the agency."""
        return bool(self.model.world.layout.liaison[self._row()])

    @property
    def organization(self) -> Organization:
        """The agency."""
        return self.model.organization_at(int(self.model.world.layout.organization[self._row()]))

    @property
    def attention(self) -> AreaValues:
        """Attention of this month by focal area, (K,), as a copy that does not write."""
        attention: AreaValues = self.model.world.attention[self._row()].copy().view(AreaValues)
        return attention

    @property
    def recipient_hours(self) -> float:
        """Hours spent on assistance in the latest month."""
        return float(self.model.world.recipient_hours[self._row()])

    @property
    def contacts(self) -> tuple[Staff, ...]:
        """Whom this person asks for advice."""
        ties = self.model.world.tie_to[self._row()]
        return tuple(self.model.staff_at(position) for position in ties[ties >= 0].tolist())

    def strength_of(self, contact: Staff) -> float:
        """Strength of the tie to a contact; 0 without a tie."""
        world, row = self.model.world, self._row()
        slot = np.flatnonzero(world.tie_to[row] == contact._row())
        return float(world.tie_strength[row, slot[0]]) if len(slot) else 0.0

    def connect(self, contact: Staff, strength: float = 0.5) -> None:
        """Add an advice tie, or change its strength.

        Raises
        ------
        InputError
            For a tie to oneself, a strength outside (0, 1], or when all ties of the person are taken.
        """
        set_tie(self.model.world, self._row(), contact._row(), strength)

    def disconnect(self, contact: Staff) -> None:
        """Remove the advice tie to a contact, if there is one."""
        remove_tie(self.model.world, self._row(), contact._row())

    @property
    def draw(self) -> float:
        """Uniform number in [0, 1) of this position, month and rule; equal for every strategy.

        Raises
        ------
        InputError
            Outside a rule of the month.
        """
        draws = self.model.draws_of_rule
        if draws is None:
            raise InputError("staff.draw exists only inside a rule of the month; elsewhere use staff.random")
        return float(draws[self._row()])

    def remove(self) -> None:
        """Refuse: positions and people belong to the engine.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{self._whose()} cannot be removed by hand; people leave in the process turnover")
