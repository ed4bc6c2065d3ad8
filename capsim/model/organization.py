"""Organizations as Mesa agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from capsim.errors import InputError
from capsim.levels import Level
from capsim.model.columns import ORGANIZATION_KINDS, Kind
from capsim.model.handles import AreaColumn, Handle, NumberColumn

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel
    from capsim.model.staff import Staff

__all__ = ["Organization"]


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
    culture, data_systems, funding, resource_alignment, committed : float in [0, 1]
    row, positions, holders : int, read
        Row of the organization; budgeted positions; positions that are held.
    agency_id, name, level : str, read
        Level: "sea", "esa", "lea", "school" or, for the TA center, "center".
    enrollment, weight : float, read
    sparse : bool, read
    parent : Organization or None, read
    children : tuple of Organization, read
    staff : tuple of Staff, read
    """

    _kinds: ClassVar[Mapping[str, Kind]] = ORGANIZATION_KINDS

    routine = AreaColumn("Organizational skill, (K,), each in [0, 1].")
    plan = AreaColumn("Stated goals, (K,), sum 1.")
    use = AreaColumn("Use of the practices, (K,), each in [0, 1].")
    use_unmultiplied = AreaColumn("Use without the factors for goals and alignment, (K,), each in [0, 1].")
    culture = NumberColumn("Trust, learning norms, psychological safety, in [0, 1].")
    data_systems = NumberColumn("Quality of the information the agency has about itself, in [0, 1].")
    funding = NumberColumn("Share of the budgeted positions that can be filled.")
    resource_alignment = NumberColumn("How far finances, data systems and personnel follow the plan, in [0, 1].")
    committed = NumberColumn("Share of staff time that is committed to compliance, in [0, 1].")

    def __init__(self, model: CapacityModel, row: int) -> None:
        super().__init__(model, -1 - row, row - model.world.layout.n_organizations)

    def _row(self) -> int:
        return -1 - self.unique_id

    def _whose(self) -> str:
        return self.name

    @property
    def row(self) -> int:
        """Row of the organization in ``model.organizations``."""
        return self._row()

    @property
    def agency_id(self) -> str:
        """Id in the table of agencies."""
        return self.model.world.layout.ids[self._row()]

    @property
    def name(self) -> str:
        """Name of the agency."""
        return self.model.world.layout.names[self._row()]

    @property
    def level(self) -> str:
        """Level in the delivery chain: sea, esa, lea, school or center."""
        return Level(int(self.model.world.layout.level[self._row()])).name.lower()

    @property
    def enrollment(self) -> float:
        """Pupils."""
        return float(self.model.world.layout.enrollment[self._row()])

    @property
    def weight(self) -> float:
        """Sampling weight."""
        return float(self.model.world.layout.weight[self._row()])

    @property
    def sparse(self) -> bool:
        """Whether the district is among the sparsest third of its state."""
        return bool(self.model.world.layout.sparse[self._row()])

    def _span(self) -> tuple[int, int]:
        first = self.model.world.layout.first
        return int(first[self._row()]), int(first[self._row() + 1])

    @property
    def positions(self) -> int:
        """Budgeted positions."""
        start, end = self._span()
        return end - start

    @property
    def holders(self) -> int:
        """Positions that are held."""
        start, end = self._span()
        return int((self.model.world.person[start:end] >= 0).sum())

    @property
    def staff(self) -> tuple[Staff, ...]:
        """Everyone who holds a position, the leader's position first."""
        start, end = self._span()
        person = self.model.world.person
        return tuple(self.model.staff_at(position) for position in range(start, end) if person[position] >= 0)

    @property
    def parent(self) -> Organization | None:
        """The agency above, if any."""
        row = int(self.model.world.layout.parent[self._row()])
        return self.model.organization_at(row) if row >= 0 else None

    @property
    def children(self) -> tuple[Organization, ...]:
        """The agencies below."""
        layout = self.model.world.layout
        rows = layout.child[layout.child_first[self._row()] : layout.child_first[self._row() + 1]]
        return tuple(self.model.organization_at(row) for row in rows.tolist())

    def remove(self) -> None:
        """Refuse: organizations stay.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"{self._whose()} cannot be removed; choose the agencies in the scenario")
