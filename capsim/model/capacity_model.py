"""CapacityModel: the engine as a Mesa model. Its agents are made only when somebody asks for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import mesa
import numpy as np
from mesa.datacollection import DataCollector
from numpy.typing import NDArray

from capsim.assistance.ledger import Ledger
from capsim.assistance.strategy import Strategy
from capsim.building import Settled, run_key, settled_world
from capsim.catalogue import MEASURES, Recipe
from capsim.engine.month import MONTH, Month
from capsim.engine.recorder import GROUPS
from capsim.engine.run import Simulation
from capsim.engine.strategies import resolve_strategy
from capsim.errors import InputError, nearest_name
from capsim.model.arguments import overrides_from, seed_from
from capsim.model.collecting import PastMonth, build_collector
from capsim.model.columns import Columns
from capsim.model.organization import Organization
from capsim.model.register import Register
from capsim.model.rules import bind_month
from capsim.model.snapshots import Snapshot, resume, take_snapshot
from capsim.model.staff import Staff
from capsim.parameters import resolve_values
from capsim.scenario import Composition, PluginStrategy, Scenario, as_scenario
from capsim.world import World
from capsim.world.networks import to_networkx, write_network

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

__all__ = ["CapacityModel"]

StrategyChoice = str | Recipe | Composition | PluginStrategy | Strategy | type[Strategy]

_MEASURE_COLUMN = {name: column for column, name in enumerate(MEASURES)}
_ARGUMENTS = (
    "scenario",
    "strategy",
    "seed",
    "rng",
    "month",
    "parameters",
    "model_reporters",
    "agent_reporters",
    "agenttype_reporters",
    "settled",
)


class CapacityModel(mesa.Model):
    """One run of one strategy in a scenario, as a Mesa model; a step is a month.

    Parameters
    ----------
    scenario : Scenario, str or path
        A shipped name or a file; kept as `specification`.
    strategy : str, composition, Strategy or subclass of Strategy
    seed : int, optional
        Not negative. Same seed, same luck: that of replicate `seed` in a comparison. Omitted: a fresh one.
        Kept as `seed`.
    rng : int, numpy.random.Generator or anything numpy makes one of, optional
        Instead of `seed`; a generator gives the seed from its next number.
    month : Month
        Processes that the scenario switches off are left out of it.
    parameters : mapping of str to float, optional
        Over those of the scenario. Assumed parameters have their defaults; a comparison draws them.
    model_reporters, agent_reporters, agenttype_reporters : dict, optional
        For Mesa's DataCollector; collected at the end of each month.
        ``agenttype_reporters={Staff: {...}}`` asks only staff; an attribute that organizations lack is None for them.
    settled : Settled, optional
        A settled world to start from (copied) instead of building one.
    **parameter_overrides : float
        Single parameters by name, so that whatever varies keyword arguments can vary them.

    Attributes
    ----------
    specification : Scenario
    seed : int
    months : int
        Horizon: months of assistance and follow-up.
    values : mapping of str to float
        Every parameter.
    world : World
        The state itself.
    settled : Settled
        How the world settled; its world is the one that this run changes.
    running : bool
        False from the horizon on.

    Raises
    ------
    InputError
        For everything that is wrong with the arguments.
    """

    def __init__(
        self,
        scenario: Scenario | str | os.PathLike[str] = "classroom",
        *,
        strategy: StrategyChoice = "none",
        seed: int | None = None,
        rng: Any = None,
        month: Month = MONTH,
        parameters: Mapping[str, float] | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        agenttype_reporters: Mapping[type, Mapping[str, Any]] | None = None,
        settled: Settled | None = None,
        **parameter_overrides: float,
    ) -> None:
        self.seed = seed_from(seed, rng)
        super().__init__(rng=self.seed)
        self.specification = as_scenario(scenario)
        overrides = overrides_from(self.specification, parameters, parameter_overrides, arguments=_ARGUMENTS)
        self.values = resolve_values(overrides)
        self.draws_of_rule: NDArray[np.float64] | None = None
        self._register = Register(self)
        self._month = month.without(*(name for name in self.specification.month.off if name in month.names))
        timeline, key = self.specification.timeline, run_key(self.specification.seed, self.seed)
        steps = bind_month(self._month, self)
        self.strategy_name, make = resolve_strategy(self.specification, strategy)
        if settled is None:
            self.settled = settled_world(self.specification, self.values, steps, run_key=key)
        else:
            self.settled = replace(settled, world=settled.world.copy())
        self.world: World = self.settled.world
        self._strategy = strategy
        self._run = Simulation(
            self.world,
            self.values,
            make(self.values),
            processes=steps,
            run_key=key,
            assistance_months=timeline.assistance,
            follow_up_months=timeline.follow_up,
            yearly_hours=self.specification.assistance.budget_hours_per_year,
        )
        self.months = self._run.months
        self._collects = any((model_reporters, agent_reporters, agenttype_reporters))
        self._collector = build_collector(model_reporters, agent_reporters, agenttype_reporters)
        self._collected = 0

    # --- time

    @property
    def month(self) -> int:
        """Months that have passed since assistance began."""
        return self.world.month

    def step(self) -> None:
        """Let one month pass.

        Raises
        ------
        InputError
            At the horizon.
        """
        if self.month >= self.months:
            raise InputError(
                f"the run ended with month {self.months}; look at model.running, "
                "or lengthen the timeline of the scenario"
            )
        self._run.advance()
        if self.month >= self.months:
            self.running = False
        if self._collects:
            self._collector.collect(self)

    def run(self) -> Self:
        """Step to the horizon; returns the model itself."""
        while self.running:
            self.step()
        return self

    # --- what came out

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
            A measure, see ``capsim list measures``.
        group : str
            A level or group of agencies of `history`.
        month : int, optional
            From 1; the latest one if omitted.
        """
        for what, given, known in (("measure", name, tuple(MEASURES)), ("group", group, GROUPS)):
            if given not in known:
                raise InputError(f"no {what} {given!r}; there are {', '.join(known)}{nearest_name(given, known)}")
        month = self.month if month is None else month
        if month == 0:
            return float("nan")
        if not 0 < month <= self.month:
            raise InputError(f"no month {month} yet; there are 1 to {self.month}")
        return float(self._run.recorder.monthly[month - 1, GROUPS.index(group), _MEASURE_COLUMN[name]])

    @property
    def history(self) -> pd.DataFrame:
        """Measures by month (from 1) and level or group of agencies; NaN for a group without members."""
        import pandas as pd

        monthly = self._run.recorder.monthly[: self.month]
        frame = pd.DataFrame(monthly.reshape(-1, len(MEASURES)), columns=list(MEASURES))
        frame.insert(0, "level", np.tile(np.array(GROUPS, dtype=object), self.month))
        frame.insert(0, "month", np.repeat(np.arange(1, self.month + 1), len(GROUPS)))
        return frame

    @property
    def datacollector(self) -> DataCollector:
        """Mesa's collector: measures as means over LEAs, a row a month, and the reporters that were given."""
        if not self._collects:
            for month in range(self._collected + 1, self.month + 1):
                self._collector.collect(PastMonth(self, month))
            self._collected = self.month
        return self._collector

    # --- staff and organizations

    @property
    def agents(self) -> Any:
        """Every organization and everyone who holds a position, as Mesa agents in an AgentSet."""
        self._register.sync()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type, Any]:
        """AgentSets by class: `Staff`, `Organization`."""
        self._register.sync()
        by_type: dict[type, Any] = super().agents_by_type
        return by_type

    @property
    def agent_types(self) -> list[type]:
        """Classes of the agents."""
        self._register.sync()
        return list(super().agent_types)

    @property
    def registered_agents(self) -> Any:
        """The agents made so far, as they are."""
        return super().agents

    @property
    def registered_by_type(self) -> dict[type, Any]:
        """The agents made so far by class, as they are."""
        by_type: dict[type, Any] = super().agents_by_type
        return by_type

    def staff_in_order(self) -> list[Staff]:
        """Everyone who holds a position, in the order of positions."""
        return self._register.staff()

    def staff_at(self, position: int) -> Staff:
        """Holder of a position."""
        return self._register.staff_at(position)

    def organization_at(self, row: int) -> Organization:
        """Organization of a row."""
        return self._register.organization_at(row)

    @property
    def staff(self) -> Columns:
        """Columns of staff: ``model.staff["skill"]``, one row per position."""
        return Columns(self.world, "staff")

    @property
    def organizations(self) -> Columns:
        """Columns of organizations: ``model.organizations["routine"]``."""
        return Columns(self.world, "organizations")

    @property
    def network(self) -> nx.DiGraph[int]:
        """Advice network as a networkx graph, a copy; assign a graph to replace the ties."""
        return to_networkx(self.world)

    @network.setter
    def network(self, graph: nx.Graph[Any]) -> None:
        write_network(self.world, graph)

    # --- forking

    def snapshot(self) -> Snapshot:
        """The whole run as it is now, as plain arrays; see `restore` and `capsim.model.snapshots`."""
        return take_snapshot(self)

    @classmethod
    def restore(
        cls,
        snapshot: Snapshot,
        *,
        strategy: StrategyChoice | None = None,
        month: Month | None = None,
        **arguments: Any,
    ) -> Self:
        """Model that goes on from a snapshot.

        Parameters
        ----------
        snapshot : Snapshot
            From `snapshot` or `load_snapshot`.
        strategy : str, composition, Strategy or subclass of Strategy, optional
            Omitted: the one of the snapshot, which goes on bit for bit. An object or class of one's own is
            not in a snapshot and must be given again. Another one takes over from here, with what is left
            of the budget.
        month : Month, optional
            Must be given when it holds processes of one's own.
        **arguments
            Reporters, or parameters that differ from here on.

        Raises
        ------
        InputError
            If the snapshot is damaged, or something of one's own is missing.
        """
        return resume(cls, snapshot, strategy=strategy, month=month, arguments=arguments)
