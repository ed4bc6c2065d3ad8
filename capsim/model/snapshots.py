"""Snapshots: a run at one moment as plain arrays, to a file and back to a model that goes on bit for bit.

A snapshot is a dict of numpy arrays; the one named ``metadata`` holds JSON text. Reading one runs no code.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from capsim.assistance.strategy import Strategy
from capsim.building import Settled
from capsim.engine.month import MONTH
from capsim.errors import InputError
from capsim.scenario import Scenario
from capsim.world import Bank, Layout, Pool, World

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

    Model = TypeVar("Model", bound=CapacityModel)

Snapshot = dict[str, NDArray[Any]]
"""Plain arrays by name."""

_FORMAT = 3
_TUPLES = ("areas", "ids", "names")


def take_snapshot(model: CapacityModel, *, memory: bool = True) -> Snapshot:
    """The whole run as it is: world, record, ledger, readings, memory of the strategy (unless a copy brings that along
    itself), Mesa's chance.
    """
    world, run = model._world, model._run
    program, recorder = run.program, run.recorder
    arrays: Snapshot = {f"world.{name}": column.copy() for name, column in world.columns()}
    for part, columns in (("layout", world.layout), ("bank", world.bank)):
        for field in fields(columns):
            if field.name not in _TUPLES:
                arrays[f"{part}.{field.name}"] = getattr(columns, field.name).copy()
    arrays["record.monthly"] = recorder.monthly[: world.month].copy()
    for moment, measured in recorder.by_organization.items():
        arrays[f"record.after.{moment}"] = measured.copy()
    arrays.update({f"program.{name}": column.copy() for name, column in program.columns()})
    version, internal, gauss = model.random.getstate()
    metadata = {
        "format": _FORMAT,
        "scenario": model.specification.resolved(),
        "seed": model.seed,
        "parameters": dict(model.values),
        "settled": [model.settled.months, model.settled.drift],
        "month": world.month,
        "layout": {name: list(getattr(world.layout, name)) for name in _TUPLES},
        "strategy": model.strategy_name,
        "own_strategy": not isinstance(model._strategy, str),
        "memory": _plain(memory_of(program.strategy) if memory else {}, arrays, f"strategy {model.strategy_name!r}"),
        "processes": list(model._month.names),
        "own_processes": [step.name for step in model._month if step not in MONTH.steps],
        "random": [version, list(internal), gauss],
        "rng": _plain(model.rng.bit_generator.state, arrays, "model.rng"),
    }
    arrays["metadata"] = np.array(json.dumps(metadata))
    return arrays


def save_snapshot(snapshot: Snapshot, path: str | os.PathLike[str]) -> None:
    """Write a snapshot as an ``.npz`` file; nothing in it is pickled, and nothing half-written is left."""
    target = Path(path)
    partial = target.with_name(f"{target.name}.part")
    with partial.open("wb") as file:
        np.savez_compressed(file, **snapshot)  # type: ignore[arg-type]
    partial.replace(target)


def load_snapshot(path: str | os.PathLike[str]) -> Snapshot:
    """Read a snapshot from a file.

    Raises
    ------
    InputError
        If the file is missing or is no snapshot.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            snapshot = {name: file[name] for name in file.files}
    except (OSError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: no snapshot of capsim can be read: {error}") from error
    _metadata(snapshot)
    return snapshot


def resume(
    kind: Callable[..., Model], snapshot: Snapshot, *, strategy: Any, month: Any, arguments: Mapping[str, Any]
) -> Model:
    """Model made by `kind` that goes on from a snapshot; parameters as in `CapacityModel.restore`."""
    metadata = _metadata(snapshot)
    if strategy is None and metadata["own_strategy"]:
        raise InputError(f"snapshot: strategy {metadata['strategy']!r} is your own and not in it; give strategy= again")
    if month is None and metadata["own_processes"]:
        names = ", ".join(metadata["own_processes"])
        raise InputError(f"snapshot: the processes {names} are your own and not in it; give month= again")
    own = {name: value for name, value in arguments.items() if name in metadata["parameters"]}
    changed = own | dict(arguments.get("parameters") or {})
    model = kind(
        Scenario.model_validate(metadata["scenario"]),
        strategy=metadata["strategy"] if strategy is None else strategy,
        seed=metadata["seed"],
        month=month
        if month is not None
        else MONTH.without(*(n for n in MONTH.names if n not in metadata["processes"])),
        settled=Settled(_world(snapshot, metadata), *metadata["settled"]),
        **{
            **{name: value for name, value in arguments.items() if name not in own},
            "parameters": {**metadata["parameters"], **changed},
        },
    )
    _put_back(model, snapshot, metadata)
    return model


def _put_back(model: CapacityModel, snapshot: Snapshot, metadata: Mapping[str, Any]) -> None:
    """Everything that is not in the world."""
    program, recorder = model._run.program, model._run.recorder
    recorder.monthly[: model.month] = snapshot["record.monthly"]
    for name, array in snapshot.items():
        if name.startswith("record.after."):
            recorder.by_organization[int(name.rsplit(".", 1)[1])] = array.copy()
    for name, column in program.columns():
        column[:] = snapshot[f"program.{name}"]
    if model.strategy_name == metadata["strategy"]:
        memory = _revived(metadata["memory"], snapshot, program.strategy)
        vars(program.strategy).update(memory)
    version, internal, gauss = metadata["random"]
    model.random.setstate((version, tuple(internal), gauss))
    model.rng.bit_generator.state = _revived(metadata["rng"], snapshot, program.strategy)
    model.steps = model.month
    model.running = model.month < model.months


def _world(snapshot: Snapshot, metadata: Mapping[str, Any]) -> World:
    """The world of a snapshot, on the arrays of the snapshot: the model copies it."""

    def part(name: str) -> dict[str, Any]:
        return {key[len(name) + 1 :]: array for key, array in snapshot.items() if key.startswith(f"{name}.")}

    try:
        named: dict[str, Any] = {name: tuple(names) for name, names in metadata["layout"].items()}
        layout = Layout(**part("layout"), **named)
        columns = {name: array for name, array in part("world").items() if not name.startswith("pool.")}
        return World(
            layout=layout,
            bank=Bank(**part("bank")),
            pool=Pool(**part("world.pool")),
            clock=np.array([metadata["month"]]),
            **columns,
        )
    except TypeError as error:
        raise InputError(f"snapshot: not of this version of capsim: {error}") from error


def _metadata(snapshot: Snapshot) -> dict[str, Any]:
    try:
        metadata: dict[str, Any] = json.loads(str(snapshot["metadata"]))
        known = metadata["format"] == _FORMAT
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("snapshot: not a snapshot of capsim: it has no readable metadata") from error
    if not known:
        raise InputError(f"snapshot: format {metadata['format']!r} is not the one of this version of capsim, {_FORMAT}")
    return metadata


def memory_of(strategy: Strategy) -> dict[str, Any]:
    """What a strategy remembers: its attributes, but for those that it was made with."""
    return {name: value for name, value in vars(strategy).items() if name not in strategy.fixed_attributes}


def _plain(value: Any, arrays: Snapshot, whose: str) -> Any:
    """A value as JSON; arrays go to `arrays` and leave their name."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufU":
        name = f"memory.{sum(key.startswith('memory.') for key in arrays)}"
        arrays[name] = value.copy()
        return {"array": name}
    if isinstance(value, list | tuple):
        return {type(value).__name__: [_plain(item, arrays, whose) for item in value]}
    if isinstance(value, Mapping):
        return {"dict": [[_plain(key, arrays, whose), _plain(item, arrays, whose)] for key, item in value.items()]}
    if is_dataclass(value) and not isinstance(value, type):
        own = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"dataclass": type(value).__name__, "fields": _plain(own, arrays, whose)}
    raise InputError(
        f"snapshot: {whose} keeps a {type(value).__name__}; "
        "only numbers, text, arrays, lists, dicts and dataclasses can be kept"
    )


def _revived(plain: Any, snapshot: Snapshot, strategy: Strategy) -> Any:
    """A value from its JSON; dataclasses are those known where the strategy is defined."""
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return snapshot[plain["array"]].copy()
    if "list" in plain or "tuple" in plain:
        ((kind, items),) = plain.items()
        revived = [_revived(item, snapshot, strategy) for item in items]
        return revived if kind == "list" else tuple(revived)
    if "dict" in plain:
        return {_revived(key, snapshot, strategy): _revived(item, snapshot, strategy) for key, item in plain["dict"]}
    kind = _known_dataclass(plain["dataclass"], strategy)
    return kind(**_revived(plain["fields"], snapshot, strategy))


def _known_dataclass(name: str, strategy: Strategy) -> type[Any]:
    """Dataclass of that name in the modules of the strategy's class and of those it is derived from."""
    for own in type(strategy).__mro__:
        kind = getattr(sys.modules[own.__module__], name, None)
        if isinstance(kind, type) and is_dataclass(kind):
            return kind
    raise InputError(f"snapshot: strategy {strategy.name!r} knows no dataclass {name!r}")
