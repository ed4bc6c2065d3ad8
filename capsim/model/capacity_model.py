"""CapacityModel: the engine as a Mesa model. Its agents are made only when somebody asks for them."""

from __future__ import annotations

import copy
import inspect
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from mesa.datacollection import DataCollector
from numpy.typing import NDArray

from capsim.assistance.strategy import Strategy
from capsim.building import Settled, rebound, run_key, same_areas, settled_world
from capsim.building.solving import under_its_rules
from capsim.catalogue import Recipe
from capsim.engine.month import MONTH, Month
from capsim.engine.run import Simulation
from capsim.engine.strategies import resolve_strategy, start_of
from capsim.errors import InputError
from capsim.model.agents import Organization, Staff
from capsim.model.collecting import Collecting, Reporters
from capsim.model.making import overrides, passed_on, reduced, seed_from, set_state, without_those_off
from capsim.model.register import Register, bind_month
from capsim.model.running import RunningModel
from capsim.model.snapshots import Snapshot, resume, take_snapshot
from capsim.model.watching import AgencyHistory, EventLog, Frames, Watcher, rows_of_agencies
from capsim.numbers import shown, whole_number
from capsim.parameters import resolve_values
from capsim.scenario import Composition, PluginStrategy, Scenario, as_scenario

if TYPE_CHECKING:
    pass

W = TypeVar("W", bound=Watcher)
StrategyChoice = str | Recipe | Composition | PluginStrategy | Strategy | type[Strategy]


class CapacityModel(RunningModel):
    """One run of one strategy in a scenario, as a Mesa model; a step is a month.

    Can be copied (`copy.deepcopy`) and pickled, with whatever a subclass keeps of its own.

    Parameters
    ----------
    scenario : Scenario, str, path or mapping
        A scenario, a shipped name, a file or its keys; kept as `specification`.
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
    rules : mapping of str to str, optional
        Variants of rules, over those of the scenario.
    model_reporters, agent_reporters, agenttype_reporters : dict, optional
        For Mesa's DataCollector; collected at the end of each month, and once before the first.
        ``agenttype_reporters={Staff: {...}}`` asks only staff; an attribute that organizations lack is None for them.
    settled : Settled, optional
        A settled world to start from (copied) instead of building one. Parameters that only building reads must be
        those with which it settled.
    **kwargs : float
        Single parameters by name, so that whatever varies keyword arguments can vary them. Mesa's pages look for an
        argument of this name.

    Attributes
    ----------
    specification : Scenario
    seed : int
    months : int
        Horizon: months of assistance and follow-up.
    values : mapping of str to float
        Every parameter, and the code of the variant of each rule under ``<rule>_rule``.
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
        scenario: Scenario | str | os.PathLike[str] | Mapping[str, Any] = "classroom",
        *,
        strategy: StrategyChoice = "none",
        seed: int | None = None,
        rng: Any = None,
        month: Month = MONTH,
        parameters: Mapping[str, float] | None = None,
        rules: Mapping[str, str] | None = None,
        model_reporters: Reporters | None = None,
        agent_reporters: Reporters | None = None,
        agenttype_reporters: Mapping[type, Reporters] | None = None,
        settled: Settled | None = None,
        **kwargs: float,
    ) -> None:
        self.seed = seed_from(seed, rng)
        super().__init__(rng=self.seed)
        self.specification = as_scenario(scenario)
        arguments = tuple(inspect.signature(CapacityModel).parameters)
        given = overrides(arguments, self.specification.parameters, parameters, kwargs)
        values = resolve_values(given, {**self.specification.rules, **(rules or {})})
        self.values = under_its_rules(values, fixed=frozenset(given))
        self.draws_of_rule: NDArray[np.float64] | None = None
        self._register: Register = Register(self)
        self._handed_out = False
        self._month = without_those_off(month, self.specification)
        self._strategy = strategy
        self._collecting = Collecting(model_reporters, agent_reporters, agenttype_reporters)
        self._own_collector: Any = None
        timeline, key = self.specification.timeline, run_key(self.specification.seed, self.seed)
        steps = bind_month(self._month, self)
        self.strategy_name, make = resolve_strategy(self.specification, strategy)
        if settled is None:
            self.settled = settled_world(self.specification, self.values, steps, run_key=key)
        elif isinstance(settled, Settled) and same_areas(settled.world.layout, self.specification):
            self.settled = rebound(settled, self.values, run_key=key)
        else:
            raise InputError(f"settled must be that of another model of this scenario, got {shown(settled)}")
        start = start_of(self.specification, strategy, self.settled.world, self.values, run_key=key, parameters=given)
        self._world = self.settled.world if start.arranged is None else start.world
        self._run = Simulation(
            self._world,
            self.values,
            make(self.values),
            processes=steps,
            run_key=key,
            assistance_months=timeline.assistance,
            follow_up_months=timeline.follow_up,
            yearly_hours=start.yearly_hours,
            yearly_caps=start.yearly_caps,
            events=start.events,
            instruments=self.specification.instruments,
        )
        self.months = self._run.months
        self._watching: list[Watcher] = []
        if type(self) is CapacityModel:
            self._collecting.check(self)
        self._inherited = frozenset(vars(self)) | {"_inherited"}

    def __init_subclass__(cls, **keywords: Any) -> None:
        """Show the arguments that a subclass passes on as ``**keywords``: `batch_run` of Mesa 3.5 looks for `seed`."""
        super().__init_subclass__(**keywords)
        if "__init__" in vars(cls):
            above = next(base for base in cls.__mro__[1:] if issubclass(base, CapacityModel))
            cls.__signature__ = passed_on(cls, above)

    # --- what is written down

    def events(self) -> EventLog:
        """Who comes and who leaves, and dated events, from the first time that this is asked for.

        Ask before the months that are to be seen: what nobody has asked for is not written down, and costs nothing.

        Returns
        -------
        EventLog
            Grows as the model steps, the same one at every call; `EventLog.to_frame` is its table.

        Examples
        --------
        >>> model = CapacityModel("classroom", strategy="blended", seed=1)
        >>> events = model.events()
        >>> events.to_frame().columns.tolist()
        ['month', 'kind', 'agency', 'name', 'position', 'person', 'role', 'origin']
        """
        known = next((one for one in self._watching if isinstance(one, EventLog)), None)
        return self._watch(EventLog(self._run)) if known is None else known

    def frames(self, agencies: Any = None, every: int = 1) -> Frames:
        """Pictures of agencies as they are now and from now on: persons, skills and ties, month by month.

        Parameters
        ----------
        agencies : str, Organization or sequence of these, optional
            Ids, names or handles; all agencies without it.
        every : int
            Months from one picture to the next.

        Returns
        -------
        Frames
            Grows as the model steps.

        Raises
        ------
        InputError
            For an agency that is not in this world.
        """
        return self._watch(
            Frames(self._run, rows_of_agencies(self._world.layout, agencies), whole_number("every", every, least=1))
        )

    def agency_history(self, agencies: Any = None) -> AgencyHistory:
        """What `history` says of groups, of agencies one by one, from now on.

        Parameters
        ----------
        agencies : str, Organization or sequence of these, optional
            As in `frames`.

        Returns
        -------
        AgencyHistory
            Grows as the model steps; `AgencyHistory.to_frame` is its table.

        Raises
        ------
        InputError
            For an agency that is not in this world.
        """
        return self._watch(AgencyHistory(self._run, rows_of_agencies(self._world.layout, agencies)))

    def _watch(self, watcher: W) -> W:
        self._watching.append(watcher)
        return watcher

    @property
    def datacollector(self) -> DataCollector:
        """Mesa's collector: a row a month from 0 on, measures as means over LEAs, and the reporters that were given.

        A subclass may put a collector of its own here, and then collects itself.
        """
        if self._own_collector is not None:
            return self._own_collector
        self._collecting.catch_up(self)
        return self._collecting.collector

    @datacollector.setter
    def datacollector(self, collector: DataCollector) -> None:
        self._own_collector = collector

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

    def staff_in_order(self) -> list[Staff]:
        """Everyone who holds a position, in the order of positions."""
        return self._register.staff()

    def staff_at(self, position: int) -> Staff:
        """Holder of a position."""
        return self._register.staff_at(position)

    def organization_at(self, row: int) -> Organization:
        """Organization of a row."""
        return self._register.organization_at(row)

    def vacate(self, person: Staff | int) -> None:
        """Let somebody leave at once, with everything that follows when people leave.

        Skills, priorities and ties go with the person, who may look for a position elsewhere in the state; the plan may
        be redrawn when it is the leader; the position is filled as any other. The exit counts in the month to come.
        Nobody else's luck changes: every random number belongs to a process, a position and a month.

        Parameters
        ----------
        person : Staff or int
            A handle, or a person's id.

        Raises
        ------
        InputError
            For an expert of the TA center, and for an id that nobody here has.
        """
        who = person if isinstance(person, Staff) else self._register.handle_of(whole_number("person", person))
        if not isinstance(who, Staff) or who.model is not self:
            raise InputError(f"vacate: nobody here has the id {shown(person)}")
        position, layout = who._row(), self._world.layout
        if position >= layout.center[0]:
            raise InputError("vacate: experts of the TA center come and go with the assistance")
        self._run.depart(position)

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
            Reporters, or parameters that differ from here on; those that only building reads are refused.

        Raises
        ------
        InputError
            If the snapshot is damaged, or something of one's own is missing.
        """
        return resume(cls, snapshot, strategy=strategy, month=month, arguments=arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles: a snapshot, what is not in one, and what a subclass keeps of its own."""
        return reduced(self, CapacityModel)

    def __copy__(self) -> Self:
        return copy.deepcopy(self)  # a run that shares half its state with another is none

    def __setstate__(self, state: dict[str, Any]) -> None:
        set_state(self, state)
