"""The register of handles: rows become Mesa agents on access, and follow who comes and goes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.model.organization import Organization
from capsim.model.staff import Staff

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

__all__ = ["Register"]


class Register:
    """Keeps a handle for every organization and everyone who holds a position, once somebody has asked.

    The order of the agents is that of the rows, organizations first, whoever looked and whenever: so looking
    changes no later shuffle.

    Parameters
    ----------
    model : CapacityModel
    """

    def __init__(self, model: CapacityModel) -> None:
        self._model = model
        self._seen: NDArray[np.int64] | None = None
        self._at: list[Staff | None] = []
        self._organizations: list[Organization] = []
        self._known: WeakValueDictionary[int, Staff] = WeakValueDictionary()

    def sync(self) -> None:
        """Make handles for newcomers and drop those of leavers."""
        person = self._model.world.person
        first_look = self._seen is None
        if self._seen is None:
            layout = self._model.world.layout
            self._at = [None] * layout.n_positions
            self._organizations = [Organization(self._model, row) for row in range(layout.n_organizations)]
            self._seen = np.full(layout.n_positions, -1, np.int64)
        changed = np.flatnonzero(person != self._seen).tolist()
        if not changed:
            return
        self._drop(changed)
        self._place(changed, person)
        self._seen = person.copy()
        if first_look and len(self._model.registered_agents) == len(self._known) + len(self._organizations):
            return  # made in order just now, with no agents of the user's among them
        for agents in (self._model.registered_agents, self._model.registered_by_type.get(Staff)):
            if agents is not None:
                agents.sort(_place_of, ascending=True, inplace=True)

    def _drop(self, changed: list[int]) -> None:
        """Take out who left a position, also to hold another."""
        for position in changed:
            left = self._at[position]
            self._at[position] = None
            if left is not None:
                self._model.deregister_agent(left)

    def _place(self, changed: list[int], person: NDArray[np.int64]) -> None:
        """Put everyone who is new at a position there; a kept handle comes back with its person."""
        registered = self._model.registered_agents
        for position in changed:
            who = int(person[position])
            if who < 0:
                continue
            handle = self._known.get(who)
            if handle is None:
                handle = self._known[who] = Staff(self._model, who, position)
            else:
                handle._place = position
                if handle not in registered:
                    self._model.register_agent(handle)
                    handle.unique_id = who
            self._at[position] = handle

    def staff(self) -> list[Staff]:
        """Everyone who holds a position, in the order of positions."""
        self.sync()
        return [handle for handle in self._at if handle is not None]

    def staff_at(self, position: int) -> Staff:
        """Holder of a position.

        Raises
        ------
        InputError
            If it is vacant.
        """
        self.sync()
        handle = self._at[position]
        if handle is None:
            raise InputError(f"position {position} is vacant")
        return handle

    def organization_at(self, row: int) -> Organization:
        """Organization of a row."""
        self.sync()
        return self._organizations[row]


def _place_of(agent: Any) -> float:
    place: float = getattr(agent, "_place", math.inf)
    return place
