"""Staff and organizations as Mesa agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from capsim.errors import InputError, StaleHandleError
from capsim.levels import LEVEL_NAMES, ROLE_NAMES
from capsim.model.columns import ORGANIZATION_KINDS, STAFF_KINDS, Kind
from capsim.model.handles import AreaColumn, AreaValues, Handle, NumberColumn, Read
from capsim.numbers import shown
from capsim.world.networks import remove_tie, set_tie


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
        Motivation for improvement work.
    tenure : int, months
        Time in the position.
    position, unit : int, read
        Row of the position; number of the unit, over all organizations.
    role : str, read
        "leader", "manager" or "specialist".
    liaison : bool, read
        Whether the position looks for contacts outside the agency.
    recipient_hours : float, read
        Hours spent on assistance this month; in a rule before `assistance`, those of the month before.
    organization : Organization, read
    contacts : tuple of Staff, read
        Whom this person asks for advice; change with `connect` and `disconnect`.
    draw : float, read
        In a rule for one person: this month's uniform number of that rule for this position.
    """

    _kinds: ClassVar[Mapping[str, Kind]] = STAFF_KINDS
    _instead = " by hand; people leave in the process turnover, or at once with model.vacate(person)"

    skill = AreaColumn()
    priority = AreaColumn()
    disposition = AreaColumn()
    engagement = NumberColumn()
    tenure = NumberColumn()
    attention = Read(lambda world, row: world.attention[row].copy().view(AreaValues))
    recipient_hours = Read(lambda world, row: float(world.recipient_hours[row]))
    position = Read(lambda world, row: row)
    unit = Read(lambda world, row: int(world.layout.unit[row]))
    role = Read(lambda world, row: ROLE_NAMES[world.layout.role[row]])
    liaison = Read(lambda world, row: bool(world.layout.liaison[row]))

    def _row(self) -> int:
        if self.model._world.person[self._place] != self.unique_id:
            self._place = self._find()
        return self._place

    def _find(self) -> int:
        """Position that the person holds now."""
        world = self.model._world
        held = np.flatnonzero(world.person == self.unique_id)
        if len(held):
            return int(held[0])
        holder = int(world.person[self._place])
        agency = world.layout.names[world.layout.organization[self._place]]
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
        return bool(np.any(self.model._world.person == self.unique_id))

    @property
    def organization(self) -> Organization:
        """The agency."""
        agency: Organization = self.model._register.organization_at(
            int(self.model._world.layout.organization[self._row()])
        )
        return agency

    @property
    def contacts(self) -> tuple[Staff, ...]:
        """Whom this person asks for advice."""
        ties = self.model._world.tie_to[self._row()]
        return tuple(self.model._register.staff_at(position) for position in ties[ties >= 0].tolist())

    def strength_of(self, contact: Staff) -> float:
        """Strength of the tie to a contact; 0 without a tie."""
        world, row = self.model._world, self._row()
        slot = np.flatnonzero(world.tie_to[row] == self._contact(contact))
        return float(world.tie_strength[row, slot[0]]) if len(slot) else 0.0

    def connect(self, contact: Staff, strength: float = 0.5) -> None:
        """Add an advice tie, or change its strength.

        Raises
        ------
        InputError
            For a tie to oneself, a strength outside (0, 1], or when all ties of the person are taken.
        """
        set_tie(self.model._world, self._row(), self._contact(contact), strength)

    def disconnect(self, contact: Staff) -> None:
        """Remove the advice tie to a contact, if there is one."""
        remove_tie(self.model._world, self._row(), self._contact(contact))

    def _contact(self, contact: Any) -> int:
        """Position of somebody else of the same model."""
        if not isinstance(contact, Staff) or contact.model is not self.model:
            raise InputError(f"{self._whose()}: a contact must be staff of the same model, got {shown(contact)}")
        return contact._row()

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


class Organization(Handle):
    """An agency, or the TA center. ``unique_id`` is negative, ``-1 - row``, so that it is never that of a person.

    The center is the last organization of a world that has one. Its experts are its staff while assistance lasts, from
    the first month on; before and after it stands empty. It is in no record. What is written to an expert holds until
    the next month's assistance, which finds the experts as they were.

    Attributes can be read and, unless marked "read", written: checked, and at once in the engine.

    Attributes
    ----------
    routine, use, use_unmultiplied : (K,) shares
        Organizational skill; use of the practices; the same without the factors for goals and alignment.
    plan : (K,) shares with sum 1
        Stated goals.
    culture : float in [0, 1]
        Trust, learning norms, psychological safety.
    data_systems : float in [0, 1]
        Quality of the information the agency has about itself.
    funding : float in [0, 1]
        Share of the budgeted positions that can be filled.
    resource_alignment : float in [0, 1]
        How far finances, data systems and personnel follow the plan.
    finances, personnel : (K,) shares with sum 1
        Money and positions by area; even unless they follow plans.
    committed : float in [0, 1]
        Share of staff time that is committed to compliance.
    row, positions, holders : int, read
        Row of the organization; budgeted positions; positions that are held.
    agency_id, name, level : str, read
        Id in the table of agencies. Level: "sea", "esa", "lea", "school" or, for the TA center, "center".
    enrollment, weight : float, read
        Pupils; sampling weight.
    sparse : bool, read
        Whether the district is among the sparsest third of its state.
    parent : Organization or None, read
    children : tuple of Organization, read
    staff : tuple of Staff, read
        Everyone who holds a position, the leader's position first.
    """

    _kinds: ClassVar[Mapping[str, Kind]] = ORGANIZATION_KINDS
    _instead = "; choose the agencies in the scenario"

    routine = AreaColumn()
    plan = AreaColumn()
    use = AreaColumn()
    use_unmultiplied = AreaColumn()
    culture = NumberColumn()
    data_systems = NumberColumn()
    funding = NumberColumn()
    resource_alignment = NumberColumn()
    finances = AreaColumn()
    personnel = AreaColumn()
    committed = NumberColumn()
    row = Read(lambda world, row: row)
    positions = Read(lambda world, row: int(world.layout.first[row + 1] - world.layout.first[row]))
    holders = Read(lambda world, row: int((world.person[slice(*world.layout.first[row : row + 2])] >= 0).sum()))
    agency_id = Read(lambda world, row: world.layout.ids[row])
    name = Read(lambda world, row: world.layout.names[row])
    level = Read(lambda world, row: LEVEL_NAMES[world.layout.level[row]])
    enrollment = Read(lambda world, row: float(world.layout.enrollment[row]))
    weight = Read(lambda world, row: float(world.layout.weight[row]))
    sparse = Read(lambda world, row: bool(world.layout.sparse[row]))

    def _row(self) -> int:
        return -1 - self.unique_id

    def _whose(self) -> str:
        return self.name

    @property
    def staff(self) -> tuple[Staff, ...]:
        """Everyone who holds a position, the leader's position first."""
        first, person = self.model._world.layout.first, self.model._world.person
        start, end = first[self._row()], first[self._row() + 1]
        return tuple(self.model._register.staff_at(position) for position in range(start, end) if person[position] >= 0)

    @property
    def parent(self) -> Organization | None:
        """The agency above, if any."""
        row = int(self.model._world.layout.parent[self._row()])
        return self.model._register.organization_at(row) if row >= 0 else None

    @property
    def children(self) -> tuple[Organization, ...]:
        """The agencies below."""
        layout = self.model._world.layout
        rows = layout.child[layout.child_first[self._row()] : layout.child_first[self._row() + 1]]
        return tuple(self.model._register.organization_at(row) for row in rows.tolist())
