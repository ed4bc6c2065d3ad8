"""A run as a Mesa model, before its agents: its state, its time, and what came out. What the agents of the model and
those who keep, copy or collect it know of the model.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Self

import mesa
import numpy as np
from numpy.typing import NDArray

from capsim.assistance.books import Ledger
from capsim.assistance.observation import stocktake_table
from capsim.building import Settled
from capsim.catalogue import SUPPORT_MEASURES
from capsim.engine.month import Month
from capsim.engine.run import Simulation
from capsim.errors import InputError, nearest_name
from capsim.measures.groups import GROUPS
from capsim.model.columns import STAFF_KINDS, Columns
from capsim.numbers import shown, whole_number
from capsim.parameters import Values
from capsim.scenario import Scenario
from capsim.world import World
from capsim.world.invariants import broken_invariants
from capsim.world.networks import to_networkx, write_network

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


class RunningModel(mesa.Model):
    """One run as a Mesa model. `CapacityModel` makes it, lets it pass and hands out its agents."""

    seed: int
    specification: Scenario
    strategy_name: str
    values: Values
    settled: Settled
    months: int
    draws_of_rule: NDArray[np.float64] | None
    _world: World
    _run: Simulation
    _month: Month
    _strategy: Any
    _register: Any  # `Register`, which knows the agents that know this model
    _collecting: Any
    _own_collector: Any
    _watching: list[Any]
    _handed_out: bool
    _inherited: frozenset[str]

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {shown(self.specification.name)}, {self.strategy_name}, seed {self.seed}, "
            f"month {self.month} of {self.months}>"
        )

    def _repr_html_(self) -> str:
        latest = self.history.tail(len(GROUPS) if self.month else 0).drop(columns="month").set_index("level")
        table = latest.dropna(how="all").T.to_html(float_format="{:.3f}".format)
        return f"<p>{html.escape(repr(self)[1:-1])}</p>{table if self.month else ''}"

    @property
    def month(self) -> int:
        """Months that have passed since assistance began."""
        return self._world.month

    def step(self) -> None:
        """Let one month pass.

        Raises
        ------
        InputError
            At the horizon, and for columns that were changed by hand into what cannot be.
        """
        if self.month >= self.months:
            raise InputError(
                f"the run ended with month {self.months}; look at model.running, "
                "or lengthen the timeline of the scenario"
            )
        if self._collecting.at_once:
            self._collecting.catch_up(self)
        self._refuse_broken()
        self._run.advance()
        self._refuse_broken()
        for watcher in self._watching:
            watcher.observe(self._run)
        if self.month >= self.months:
            self.running = False
        if self._collecting.at_once:
            self._collecting.catch_up(self)

    def run(self) -> Self:
        """Step to the horizon; returns the model itself."""
        while self.running:
            self.step()
        return self

    def _refuse_broken(self) -> None:
        """Check the world where somebody may have changed a column in place; rows of vacant positions are emptied."""
        if not self._handed_out:
            return
        vacant = self._world.person < 0
        for name in STAFF_KINDS:
            getattr(self._world, name)[vacant] = 0
        broken = broken_invariants(self._world)
        if broken:
            when = f"month {self.month}: columns were changed by hand into what cannot be: "
            raise InputError([when + problem for problem in broken])

    @property
    def ledger(self) -> Ledger:
        """Hours that the strategy has spent."""
        return self._run.program.ledger

    def measure(self, name: str, group: str = "lea", *, month: int | None = None) -> float:
        """A measure at the end of a month, as mean over the agencies of a group.

        NaN where undefined, and before the first month.

        Parameters
        ----------
        name : str
            A measure, see ``capsim list measures``; use in an area, ``use_in_data_use``; a linked outcome.
        group : str
            A level or group of agencies of `history`.
        month : int, optional
            From 1; the latest one if omitted.
        """
        columns = self._run.recorder.columns
        for what, given, known in (("measure", name, columns), ("group", group, GROUPS)):
            if given not in known:
                raise InputError(f"no {what} {given!r}; there are {', '.join(known)}{nearest_name(given, known)}")
        month = self.month if month is None else whole_number("month", month)
        if month == 0:
            return float("nan")
        if not 0 < month <= self.month:
            raise InputError(f"no month {month} yet; there are 1 to {self.month}")
        return float(self._run.recorder.monthly[month - 1, GROUPS.index(group), columns.index(name)])

    @property
    def history(self) -> pd.DataFrame:
        """What is recorded by month (from 1) and level or group of agencies; NaN for a group without members.

        Measures, use by area (``use_in_data_use``) and outcomes that the scenario links to use.
        """
        import pandas as pd

        columns, monthly = self._run.recorder.columns, self._run.recorder.monthly[: self.month]
        frame = pd.DataFrame(monthly.reshape(-1, len(columns)), columns=list(columns))
        if self.values["support_weight"] <= 0.0:
            frame = frame.drop(columns=list(SUPPORT_MEASURES))
        frame.insert(0, "level", np.tile(np.array(GROUPS, dtype=object), self.month))
        frame.insert(0, "month", np.repeat(np.arange(1, self.month + 1), len(GROUPS)))
        return frame

    @property
    def stocktakes(self) -> pd.DataFrame:
        """Who lags: every stocktake so far by agency and area, against its target.

        Columns: month, date (where the timeline begins at one), agency, name, region, area, target, reading, behind.
        Empty unless the strategy takes stock (performance management); of a model resumed from a snapshot, those since
        then.
        """
        rows, layout = self._run.program.observation.stocktakes, self._world.layout
        return stocktake_table(rows, layout, layout.areas, self.specification.timeline.begins)

    @property
    def registered_agents(self) -> Any:
        """The agents made so far, as they are."""
        return super().agents

    @property
    def registered_by_type(self) -> dict[type, Any]:
        """The agents made so far by class, as they are."""
        by_type: dict[type, Any] = super().agents_by_type
        return by_type

    @property
    def world(self) -> World:
        """The state itself; once it has been asked for it is checked before and after every month, as columns are."""
        self._handed_out = True
        return self._world

    def _note_handed_out(self) -> None:
        self._handed_out = True

    @property
    def staff(self) -> Columns:
        """Columns of staff: ``model.staff["skill"]``, one row per position."""
        return Columns(self._world, "staff", self._note_handed_out)

    @property
    def organizations(self) -> Columns:
        """Columns of organizations: ``model.organizations["routine"]``."""
        return Columns(self._world, "organizations", self._note_handed_out)

    @property
    def network(self) -> nx.DiGraph[int]:
        """Advice network as a networkx graph, a copy; assign a graph to replace the ties."""
        return to_networkx(self._world)

    @network.setter
    def network(self, graph: nx.Graph[Any]) -> None:
        write_network(self._world, graph)
