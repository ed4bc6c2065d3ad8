"""What Mesa's DataCollector collects of a CapacityModel. Measures come from the record, months later if need be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import FunctionType
from typing import Any

from mesa import Agent
from mesa.datacollection import DataCollector

from capsim.catalogue import MEASURES
from capsim.errors import InputError, nearest_name, own_code
from capsim.model.agents import Organization, Staff
from capsim.model.handles import Handle
from capsim.model.running import RunningModel
from capsim.numbers import shown

Reporters = Mapping[str, Any]
_KEPT = ("model_vars", "tables", "_collection_steps", "_agent_records", "_agenttype_records")


class Collecting:
    """Mesa's collector of one model, with a row for month 0 so that row k is month k.

    `at_once` says whether reporters of the user's own look at the model as months pass.
    """

    def __init__(
        self,
        model_reporters: Reporters | None,
        agent_reporters: Reporters | None,
        agenttype_reporters: Mapping[type, Reporters] | None,
    ) -> None:
        self.given = (model_reporters, agent_reporters, agenttype_reporters)
        of_model, of_agents = _mapping("model_reporters", model_reporters), _mapping("agent_reporters", agent_reporters)
        of_types = _mapping("agenttype_reporters", agenttype_reporters)
        self.at_once = bool(of_model or of_agents or of_types)
        self._next: int | None = None
        self._asking = ""
        self._attributes = {name: what for name, what in of_model.items() if isinstance(what, str)}
        self._attributes_of_agents = {name: what for name, what in of_agents.items() if isinstance(what, str)}
        self.collector = DataCollector(
            model_reporters={
                **{name: partial(_measure, name) for name in MEASURES},
                **{name: self._asked("model_reporters", name, what, _of_model) for name, what in of_model.items()},
            },
            agent_reporters={
                name: self._asked("agent_reporters", name, what, _of_agent) for name, what in of_agents.items()
            },
            agenttype_reporters={kind: self._of_type(kind, reporters) for kind, reporters in of_types.items()},
        )
        self.collector._validated = True  # Mesa would call every reporter once more, and hide what it raises
        if not hasattr(self.collector, "_collection_steps") and not of_agents and not of_types:
            self.collector.model_vars = {name: _Months() for name in self.collector.model_vars}

    def _of_type(self, kind: Any, reporters: Any) -> dict[str, Any]:
        if not isinstance(kind, type) or not issubclass(kind, Agent):
            raise InputError(f"agenttype_reporters: keys are classes of agents, got {shown(kind)}")
        where = f"agenttype_reporters of {kind.__name__}"
        reporters = _mapping(where, reporters)
        for name, what in reporters.items():
            if isinstance(what, str) and issubclass(kind, Handle) and not hasattr(kind, what):
                raise InputError(f"{where}: {name!r}: {_no_attribute(kind.__name__, what, dir(kind))}")
        return {name: self._asked(where, name, what, _of_agent) for name, what in reporters.items()}

    def _asked(self, where: str, name: Any, what: Any, ask: Any) -> Any:
        """A reporter in the one form that all versions of Mesa call alike, which notes whose turn it is."""
        with_arguments = isinstance(what, list) and len(what) == 2 and callable(what[0])
        if not isinstance(name, str) or not (isinstance(what, str) or callable(what) or with_arguments):
            raise InputError(
                f"{where}: {shown(name)}: must be the name of an attribute, a function, "
                f"or a list [function, [arguments]], got {shown(what)}"
            )

        def reporter(of: Any) -> Any:
            self._asking = name
            return ask(what, of)

        return reporter

    def catch_up(self, model: RunningModel) -> None:
        """Collect every month that has passed and is not collected yet."""
        if self._next is None:
            self._next = model.month if self.at_once else 0
            self.check(model)
        for month in range(self._next, model.month + 1):
            self._next = month + 1
            if not self.at_once:
                self.collector.collect(_PastMonth(model, month))
                continue
            with own_code(lambda: f"reporter {self._asking!r} failed in month {model.month}"), _clock_at(model, month):
                self.collector.collect(model)

    def check(self, model: RunningModel) -> None:
        """Refuse reporters that name an attribute which neither the model nor any agent has."""
        for name, what in self._attributes.items():
            if not hasattr(type(model), what) and what not in vars(model):
                known = [known for known in dir(model) if not known.startswith("_")]
                raise InputError(f"model_reporters: {name!r}: {_no_attribute('the model', what, known)}")
        own = [agent for agent in model.registered_agents if not isinstance(agent, Handle)]
        for name, what in self._attributes_of_agents.items():
            if not any(hasattr(kind, what) for kind in (Staff, Organization)) and not any(
                hasattr(agent, what) for agent in own
            ):
                known = [*dir(Staff), *dir(Organization)]
                raise InputError(f"agent_reporters: {name!r}: {_no_attribute('any agent', what, known)}")

    def state(self) -> dict[str, Any]:
        """What has been collected, for a copy of the model."""
        kept = {name: getattr(self.collector, name) for name in _KEPT if hasattr(self.collector, name)}
        return {"next": self._next, **kept}

    def put_back(self, state: Mapping[str, Any]) -> None:
        """Go on from what had been collected."""
        self._next = state["next"]
        vars(self.collector).update({name: state[name] for name in _KEPT if name in state})


@contextmanager
def _clock_at(model: RunningModel, month: int) -> Iterator[None]:
    """Mesa's clock at a month: it is one ahead while month 0 is collected at the beginning of the first step."""
    now = {name: getattr(model, name) for name in ("steps", "time") if hasattr(model, name)}
    for name, value in now.items():
        setattr(model, name, type(value)(month))
    try:
        yield
    finally:
        for name, value in now.items():
            setattr(model, name, value)


class _PastMonth:
    """What the collector needs of a model, for a month that is over."""

    def __init__(self, model: RunningModel, month: int) -> None:
        self.steps, self.time = month, float(month)
        self._model = model

    def measure(self, name: str) -> float:
        """A measure at the end of that month, as mean over LEAs."""
        return self._model.measure(name, month=self.steps)


class _Months(list[Any]):
    """Values by month. Before Mesa 3.5, `batch_run` asks for the month before the last when it means the end of a run.

    One that reads every month, from 0 on, gets what it asks for.
    """

    _from_the_start = False

    def __getitem__(self, index: Any) -> Any:
        if index == 0:
            self._from_the_start = True
        at_end = not self._from_the_start and index == len(self) - 2
        return super().__getitem__(-1 if at_end else index)


def _mapping(what: str, given: Any) -> Mapping[Any, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise InputError(f"{what} must be a mapping of names to reporters, got {shown(given)}")
    return given or {}


def _measure(name: str, model: RunningModel | _PastMonth) -> float:
    return model.measure(name)


def _of_model(what: Any, model: Any) -> Any:
    if isinstance(what, str):
        return getattr(model, what)
    if isinstance(what, list):
        return what[0](*what[1])
    return what(model) if isinstance(what, FunctionType | partial) else what()


def _of_agent(what: Any, agent: Any) -> Any:
    if isinstance(what, str):
        return getattr(agent, what, None)
    return what[0](agent, *what[1]) if isinstance(what, list) else what(agent)


def _no_attribute(whose: str, name: str, known: Any) -> str:
    return f"{whose} has no attribute {name!r}{nearest_name(name, [one for one in known if not one.startswith('_')])}"
