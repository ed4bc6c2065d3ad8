"""How a model is made: its arguments (seed, parameters, month, and those that a subclass passes on); copies and pickles
of it: a snapshot, what is not in one, and what a subclass keeps of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from capsim.engine.month import MONTH, Month
from capsim.errors import InputError, nearest_name
from capsim.model.handles import Handle
from capsim.model.running import RunningModel
from capsim.model.snapshots import Snapshot, memory_of, resume, take_snapshot
from capsim.numbers import integral, plain, shown
from capsim.parameters import PARAMETERS
from capsim.scenario import Scenario


def seed_from(seed: Any, rng: Any) -> int:
    """Seed of a run; fresh without anything."""
    if seed is not None and rng is not None:
        raise InputError("give seed or rng, not both")
    given = integral(seed if seed is not None else rng)
    if isinstance(given, bool) or (seed is not None and not isinstance(given, int)):
        raise InputError(f"seed must be a whole number, got {shown(given)}")
    if isinstance(given, int):
        if given < 0:
            raise InputError(f"a seed must not be negative, got {given}")
        return given
    try:
        return int(np.random.default_rng(given).integers(2**63 - 1))
    except (TypeError, ValueError) as error:
        raise InputError(f"rng must be a whole number or a numpy Generator, got {shown(given)}") from error


def overrides(arguments: tuple[str, ...], below: Mapping[str, float], *given: Any) -> dict[str, Any]:
    """Parameters with those that were given over them; `arguments` are names that are none."""
    found: dict[str, Any] = {}
    problems = []
    for mapping in given:
        if mapping is not None and not isinstance(mapping, Mapping):
            raise InputError(f"parameters must be a mapping of names to numbers, got {shown(mapping)}")
        for name, value in (mapping or {}).items():
            if name not in PARAMETERS:
                near = nearest_name(name, (*arguments, *PARAMETERS))
                problems.append(f"{shown(name).strip(chr(39))}: no such argument or parameter{near}")
            elif name in found:
                problems.append(f"{name}: given twice, in parameters and as an argument")
            found[name] = plain(value)
    if problems:
        raise InputError(problems)
    return {**below, **found}


def without_those_off(month: Any, specification: Scenario) -> Month:
    """The month without the processes that the scenario switches off."""
    if not isinstance(month, Month):
        raise InputError(f"month must be a capsim.Month, such as capsim.MONTH.without('ties'), got {shown(month)}")
    return month.without(*(name for name in specification.month.off if name in month.names))


def passed_on(kind: type, above: type) -> inspect.Signature:
    """Signature of a class that passes arguments to the one above as ``**keywords``, with those among its own."""
    own = inspect.signature(kind.__init__)  # type: ignore[misc]
    shown = {name: one for name, one in list(own.parameters.items())[1:] if one.kind is not one.VAR_KEYWORD}
    rest = [one for one in own.parameters.values() if one.kind is one.VAR_KEYWORD]
    if rest:
        for name, one in inspect.signature(above).parameters.items():
            if one.kind is not one.VAR_KEYWORD:
                shown.setdefault(name, one.replace(kind=one.KEYWORD_ONLY))
    return own.replace(parameters=[*shown.values(), *rest])


_REPORTERS = ("model_reporters", "agent_reporters", "agenttype_reporters")


def reduced(model: RunningModel, made_by: type[RunningModel]) -> tuple[Any, ...]:
    """What `__reduce__` of a model gives; `made_by` is the class whose `__init__` makes the copy."""
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
    return _copied, (type(model), made_by, take_snapshot(model, memory=False), given), state


def _copied(
    kind: type[RunningModel], made_by: type[RunningModel], snapshot: Snapshot, given: dict[str, Any]
) -> RunningModel:
    """Model for a copy: like `restore`, past the `__init__` of a subclass."""
    model = kind.__new__(kind)

    def make(*arguments: Any, **keywords: Any) -> RunningModel:
        made_by.__init__(model, *arguments, **keywords)
        return model

    stock = dict(zip(MONTH.names, MONTH, strict=True))
    month = Month(tuple(stock[step] if isinstance(step, str) else step for step in given["month"]))
    arguments = dict(zip(_REPORTERS, given["reporters"], strict=True))
    return resume(make, snapshot, strategy=given["strategy"], month=month, arguments=arguments)


def set_state(model: RunningModel, state: dict[str, Any]) -> None:
    """Put back what is in no snapshot."""
    model.__dict__.update(state["own"])
    vars(model._run.program.strategy).update(state["memory"])
    model.running, model._handed_out = state["running"], state["handed_out"]
    model._own_collector, model._watching = state["collector"], state["watching"]
    if state["collected"] is not None:
        model._collecting.put_back(state["collected"])
    for agent in state["agents"]:
        model._register.enrol(agent)
