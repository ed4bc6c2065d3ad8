"""Copies and pickles of a model: a snapshot, what is not in one, and what a subclass keeps of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capsim.engine.month import MONTH, Month
from capsim.model.handles import Handle
from capsim.model.snapshots import Snapshot, memory_of, resume, take_snapshot

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

_REPORTERS = ("model_reporters", "agent_reporters", "agenttype_reporters")


def reduced(model: CapacityModel) -> tuple[Any, ...]:
    """What `__reduce__` of a model gives."""
    month = [step.name if step in MONTH.steps else step for step in model._month]
    given = {"strategy": model._strategy, "month": month, "reporters": model._collecting.given}
    state = {
        "own": {name: value for name, value in vars(model).items() if name not in model._inherited},
        "memory": memory_of(model._run.program.strategy),
        "running": model.running,
        "handed_out": model._handed_out,
        "watching": model._watching,
        "collector": model._own_collector,
        "collected": model._collecting.state() if model._collecting.at_once else None,
        "agents": [agent for agent in model.registered_agents if not isinstance(agent, Handle)],
    }
    return _copied, (type(model), take_snapshot(model, memory=False), given), state


def _copied(kind: type[CapacityModel], snapshot: Snapshot, given: dict[str, Any]) -> CapacityModel:
    """Model for a copy: like `restore`, past the `__init__` of a subclass."""
    from capsim.model.capacity_model import CapacityModel

    model = kind.__new__(kind)

    def make(*arguments: Any, **keywords: Any) -> CapacityModel:
        CapacityModel.__init__(model, *arguments, **keywords)
        return model

    stock = dict(zip(MONTH.names, MONTH, strict=True))
    month = Month(tuple(stock[step] if isinstance(step, str) else step for step in given["month"]))
    arguments = dict(zip(_REPORTERS, given["reporters"], strict=True))
    return resume(make, snapshot, strategy=given["strategy"], month=month, arguments=arguments)


def set_state(model: CapacityModel, state: dict[str, Any]) -> None:
    """Put back what is in no snapshot."""
    model.__dict__.update(state["own"])
    vars(model._run.program.strategy).update(state["memory"])
    model.running, model._handed_out = state["running"], state["handed_out"]
    model._own_collector, model._watching = state["collector"], state["watching"]
    if state["collected"] is not None:
        model._collecting.put_back(state["collected"])
    for agent in state["agents"]:
        model._register.enrol(agent)
