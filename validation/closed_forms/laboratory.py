"""The laboratory: a world of equal agencies, and a month from which every process but a few is removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from capsim.assistance.program import Program
from capsim.assistance.strategy import Strategy
from capsim.building.initial import initial_world
from capsim.building.layout import build_layout
from capsim.catalogue import PROCESS_NAMES
from capsim.engine.month import MONTH
from capsim.engine.run import assistance_process, column_processes
from capsim.levels import Level
from capsim.parameters import Values, resolve_values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario import AgencyTable
from capsim.scenario.own import NO_LINKS, Area, Links
from capsim.streams.keys import key_from
from capsim.world import World

_ALIKE = {
    "center_experts": 0.0,
    "expertise_agency_sd": 0.0,
    "expertise_area_sd": 0.0,
    "codification_agency_sd": 0.0,
    "codification_area_sd": 0.0,
}
"""Parameters under which no agency has a lasting effect, and there is no TA center."""


def _equal_districts(agencies: int, positions: int, state_positions: int = 0) -> AgencyTable:
    """Districts of one state, without parents, or below a state agency of some positions."""
    above = int(state_positions > 0)
    n = above + agencies
    names = ["State"] * above + [f"District {k}" for k in range(agencies)]
    return AgencyTable(
        id=np.array(["closed form state"] * above + [f"closed form {k}" for k in range(agencies)]),
        name=np.array(names),
        state=np.full(n, "XX"),
        level=np.array([Level.SEA] * above + [Level.LEA] * agencies, np.int8),
        parent=np.array([-1] * above + [above - 1] * agencies, np.int32),
        enrollment=np.full(n, 1000.0),
        density=np.full(n, np.nan),
        sparse=np.zeros(n, np.bool_),
        size_group=np.array([-1] * above + [0] * agencies, np.int8),
        positions=np.array([state_positions] * above + [positions] * agencies, np.int32),
        weight=np.ones(n),
    )


class Laboratory:
    """A world of equal districts (no TA center) and the few processes under study, run by the engine's own month.

    Every position of the world is filled; the experiment sets what it studies. Everything else is removed from the month
    with `Month.without`; `parameters` and `rules` are what differs from the defaults, and the purpose is part of the key.
    Areas are a number, or records; outcomes can be linked to them.
    A strategy assists after what is left of the month.
    """

    def __init__(
        self,
        purpose: str,
        *,
        seed: int,
        agencies: int,
        positions: int,
        processes: tuple[str, ...],
        parameters: Mapping[str, float],
        areas: int | Sequence[str | Area] = 2,
        links: Links = NO_LINKS,
        rules: Mapping[str, str] | None = None,
        strategy: Strategy | None = None,
        state_positions: int = 0,
    ) -> None:
        key = key_from("closed forms", purpose, seed)
        self.values: Values = resolve_values({**_ALIKE, **parameters}, rules)
        named = tuple(f"area {k}" for k in range(areas)) if isinstance(areas, int) else areas
        table = _equal_districts(agencies, positions, state_positions)
        layout = build_layout(table, self.values, areas=named, key=key, links=links)
        self.world: World = initial_world(layout, self.values, key=key)
        month = MONTH.without(*(name for name in PROCESS_NAMES if name not in processes))
        own = [] if strategy is None else [self._assistance(strategy, key)]
        others = [process for process in column_processes(month) if process.name not in {one.name for one in own}]
        self._steps = Steps([*others, *own], self.world, key)

    def _assistance(self, strategy: Strategy, key: int) -> Process:
        """Ten years of a strategy with more hours than it asks for."""
        program = Program(strategy, self.world, self.values, months=120, yearly_hours=1e6, run_key=key)
        return assistance_process(program, self.world.layout.n_areas)

    def advance(self, months: int) -> None:
        """Let months pass."""
        for _ in range(months):
            self._steps.advance(self.world, self.values)

    def without_ties(self) -> World:
        """Cut every advice tie; the world is returned."""
        self.world.tie_to.fill(-1)
        self.world.tie_strength.fill(0.0)
        return self.world
