"""The register of handles: rows become Mesa agents on access, and follow who comes and goes; rules for one person."""

from __future__ import annotations

import math
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from capsim.engine.month import Month, PersonRule
from capsim.errors import InputError, own_code
from capsim.model.agents import Organization, Staff
from capsim.model.handles import Handle
from capsim.model.running import RunningModel
from capsim.numbers import whole_number
from capsim.parameters import Values
from capsim.processes.process import Draws, Numbers, Process
from capsim.world import World


class Register:
    """Keeps a handle for every organization and everyone who holds a position, once somebody has asked.

    The order of the agents is that of the rows, organizations first, whoever looked and whenever: so looking
    changes no later shuffle.
    """

    def __init__(self, model: RunningModel) -> None:
        self._model = model
        self._seen: NDArray[np.int64] | None = None
        self._at: list[Staff | None] = []
        self._organizations: list[Organization] = []
        self._known: WeakValueDictionary[int, Staff] = WeakValueDictionary()

    def sync(self) -> None:
        """Make handles for newcomers and drop those of leavers."""
        person = self._model._world.person
        first_look = self._seen is None
        if self._seen is None:
            rows = self._model._world.layout.n_organizations
            self._at = [None] * len(person)
            self._organizations = [Organization(self._model, -1 - row, row - rows) for row in range(rows)]
            self._seen = np.full(len(person), -1, np.int64)
            for organization in self._organizations:
                self.enrol(organization)
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

    def enrol(self, agent: Any) -> None:
        """Register an agent that keeps its id, for which Mesa from 3.5 on would choose another."""
        unique_id = agent.unique_id
        self._model.register_agent(agent)
        agent.unique_id = unique_id

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
                self.enrol(handle)
            else:
                handle._place = position
                if handle not in registered:
                    self.enrol(handle)
            self._at[position] = handle

    def staff(self) -> list[Staff]:
        """Everyone who holds a position, in the order of positions."""
        self.sync()
        return [handle for handle in self._at if handle is not None]

    def staff_at(self, position: int) -> Staff:
        """Holder of a position; an error if it is vacant."""
        self.sync()
        handle = self._at[whole_number("position", position, most=len(self._at) - 1)]
        if handle is None:
            raise InputError(f"position {position} is vacant")
        return handle

    def organization_at(self, row: int) -> Organization:
        """Organization of a row."""
        self.sync()
        return self._organizations[whole_number("row", row, most=len(self._organizations) - 1)]

    def handle_of(self, unique_id: int) -> Handle | None:
        """Handle of an organization, or of somebody who holds a position now."""
        if unique_id < 0:
            return self.organization_at(-1 - unique_id)
        held = np.flatnonzero(self._model._world.person == unique_id)
        return self.staff_at(int(held[0])) if len(held) else None


def _place_of(agent: Any) -> float:
    place: float = getattr(agent, "_place", math.inf)
    return place


def bind_month(month: Month, model: RunningModel) -> tuple[Process, ...]:
    """The steps of a month as processes; rules for one person run over the staff of `model` in order of positions."""
    return tuple(_bind(step, model) if isinstance(step, PersonRule) else step for step in month)


def _bind(rule: PersonRule, model: RunningModel) -> Process:
    def apply(world: World, numbers: Numbers, values: Values) -> None:
        model._world, model.draws_of_rule = world, numbers.position[:, 0]
        who: Any = None
        try:
            with own_code(lambda: f"month: rule {rule.name!r} failed for person {who} in month {world.month}"):
                for staff in model._register.staff():
                    who = staff.unique_id
                    rule.rule(staff)
        finally:
            model.draws_of_rule = None

    return Process(name=rule.name, reads=(), writes=(), draws=Draws(position=1), apply=apply)
