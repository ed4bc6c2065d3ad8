"""Snapshots: a run at one moment as plain arrays, to a file and back to a model that goes on bit for bit.

A snapshot is a dict of numpy arrays; the one named ``metadata`` holds JSON text. Reading one runs no code.
"""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from capsim.assistance.strategy import Strategy
from capsim.building import Settled
from capsim.engine.month import MONTH
from capsim.errors import InputError
from capsim.model.running import RunningModel
from capsim.numbers import shown
from capsim.parameters import PARAMETERS, resolve_values
from capsim.parameters.table import rules_of
from capsim.paths import file_to_read, file_to_write, whole_file
from capsim.scenario import Scenario, file_of
from capsim.scenario.loading import remember_file
from capsim.world import Bank, Layout, Pool, World
from capsim.world.invariants import broken_invariants, broken_layout
from capsim.world.schema import Column
from capsim.world.state import BANK_COLUMNS, LAYOUT_COLUMNS, POOL_COLUMNS, WORLD_COLUMNS

Model = TypeVar("Model", bound=RunningModel)

Snapshot = dict[str, NDArray[Any]]
"""Plain arrays by name."""

_FORMAT = 3
_TUPLES = ("areas", "ids", "names")
_BOOKED = ("ledger.by_organization", "ledger.passed_on", "ledger.monthly", "ledger.totals")
_LARGEST = 2**32
"""Bytes of a snapshot's arrays; the nation takes a tenth."""


def take_snapshot(model: RunningModel, *, memory: bool = True) -> Snapshot:
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
    file = file_of(model.specification)
    metadata = {
        "format": _FORMAT,
        "scenario": model.specification.resolved(),
        "file": None if file is None else str(file),
        "seed": model.seed,
        "parameters": {name: model.values[name] for name in PARAMETERS},
        "rules": rules_of(model.values),
        "settled": [model.settled.months, model.settled.drift],
        "month": world.month,
        "departed": list(run.departed),
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
    """Write a snapshot as an ``.npz`` file; nothing in it is pickled, and nothing half-written is left.

    Raises
    ------
    InputError
        If it is no snapshot.
    OutputError
        If the file cannot be written.
    """
    _metadata(snapshot)
    target = file_to_write(path)
    with whole_file(target) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **snapshot)  # type: ignore[arg-type]


def load_snapshot(path: str | os.PathLike[str]) -> Snapshot:
    """Read a snapshot from a file.

    Raises
    ------
    InputError
        If the file is missing or is no snapshot.
    """
    place = file_to_read(path, what="a snapshot")
    try:
        with zipfile.ZipFile(place) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise ValueError(f"it would take more than {_LARGEST:,} bytes")
        with np.load(place, allow_pickle=False) as file:
            snapshot = {name: file[name] for name in file.files}
    except Exception as error:  # a damaged archive raises whatever its damage leads to
        raise InputError(f"{place}: no snapshot of capsim can be read: {' '.join(str(error).split())}") from error
    _metadata(snapshot)
    return snapshot


def resume(
    kind: Callable[..., Model], snapshot: Snapshot, *, strategy: Any, month: Any, arguments: Mapping[str, Any]
) -> Model:
    """Model made by `kind` that goes on from a snapshot; parameters as in `CapacityModel.restore`."""
    about = _metadata(snapshot)
    if strategy is None and about.own_strategy:
        raise InputError(f"snapshot: strategy {about.strategy!r} is your own and not in it; give strategy= again")
    if month is None and about.own_processes:
        names = ", ".join(about.own_processes)
        raise InputError(f"snapshot: the processes {names} are your own and not in it; give month= again")
    taken = sorted({"scenario", "seed", "rng", "settled"} & set(arguments))
    if taken:
        raise InputError(f"restore: {taken[0]} is that of the snapshot and cannot be given")
    own = {name: value for name, value in arguments.items() if name in PARAMETERS}
    given = arguments.get("parameters") or {}
    if isinstance(given, Mapping):
        given = {**about.parameters, **given, **own}
    rules = {**about.rules, **(arguments.get("rules") or {})}
    model = kind(
        _scenario(about),
        strategy=about.strategy if strategy is None else strategy,
        seed=about.seed,
        month=MONTH.without(*(n for n in MONTH.names if n not in about.processes)) if month is None else month,
        settled=Settled(_world(snapshot, about), *about.settled, values=resolve_values(about.parameters, about.rules)),
        **{
            **{name: value for name, value in arguments.items() if name not in own},
            "parameters": given,
            "rules": rules,
        },
    )
    with _damage():
        _put_back(model, snapshot, about)
    return model


def _put_back(model: RunningModel, snapshot: Snapshot, about: _About) -> None:
    """Everything that is not in the world."""
    program, recorder = model._run.program, model._run.recorder
    if model.month > model.months:
        raise InputError(f"snapshot: month {model.month} of a run of {model.months}")
    if any(position >= model._world.layout.n_positions for position in about.departed):
        raise InputError("snapshot: damaged: metadata: departed: no such position")
    model._run.departed[:] = about.departed
    _fill("record.monthly", recorder.monthly[: model.month], snapshot)
    for name in snapshot:
        if name.startswith("record.after."):
            kept = np.empty((recorder.monthly.shape[2], model._world.layout.n_organizations))
            _fill(name, kept, snapshot)
            recorder.by_organization[int(name.rsplit(".", 1)[1])] = kept
    for name, column in program.columns():
        _fill(f"program.{name}", column, snapshot)
        if name in _BOOKED and not (np.isfinite(column) & (column >= 0.0)).all():
            raise InputError(f"snapshot: program.{name}: negative or not finite")
    if model.strategy_name == about.strategy:
        memory = _revived(about.memory, snapshot, program.strategy)
        vars(program.strategy).update(memory)
    version, internal, gauss = about.random
    model.random.setstate((version, tuple(internal), gauss))
    model.rng.bit_generator.state = _revived(about.rng, snapshot, program.strategy)
    _set_clock(model)
    model.running = model.month < model.months


def _fill(name: str, column: NDArray[Any], snapshot: Snapshot) -> None:
    """An array of a snapshot into the one it was taken from."""
    found = snapshot.get(name)
    if not isinstance(found, np.ndarray) or found.dtype != column.dtype or found.shape != column.shape:
        got = f"{found.dtype} {found.shape}" if isinstance(found, np.ndarray) else "nothing"
        raise InputError(f"snapshot: {name} must be {column.dtype} {column.shape}, got {got}")
    column[...] = found


def _set_clock(model: RunningModel) -> None:
    """Mesa's clock at the month of the world. From 3.5 on time passes only through its own list of events."""
    if hasattr(model, "run_for") and model.month:
        own, model._user_step = model._user_step, lambda: None
        model.run_for(model.month)
        model._user_step = own
    model.steps = model.month


def _world(snapshot: Snapshot, about: _About) -> World:
    """The world of a snapshot, on the arrays of the snapshot: the model copies it."""

    def part(name: str, declared: Mapping[str, Column]) -> dict[str, Any]:
        missing = [key for key in declared if f"{name}.{key}" not in snapshot and key != "clock"]
        if missing:
            raise InputError(f"snapshot: not of this version of capsim: {name}.{missing[0]} is missing")
        return {key: snapshot[f"{name}.{key}"] for key in declared if key != "clock"}

    with _damage():
        world = World(
            layout=Layout(**part("layout", LAYOUT_COLUMNS), **about.layout),  # type: ignore[arg-type]
            bank=Bank(**part("bank", BANK_COLUMNS)),
            pool=Pool(**part("world.pool", POOL_COLUMNS)),
            clock=np.array([about.month]),
            **part("world", WORLD_COLUMNS),
        )
        problems = broken_layout(world) or broken_invariants(world)
    if problems:
        raise InputError([f"snapshot: {problem}" for problem in problems])
    return world


@contextmanager
def _damage() -> Iterator[None]:
    """What is wrong inside of a snapshot, where no check of ours has looked, as an error of ours."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise InputError(f"snapshot: damaged: {type(error).__name__}: {' '.join(str(error).split())}") from error


class _About(BaseModel):
    """The metadata of a snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    format: int
    scenario: dict[str, Any]
    file: str | None
    seed: Annotated[int, Field(ge=0)]
    parameters: dict[str, float]
    rules: dict[str, str]
    settled: tuple[int, float]
    month: Annotated[int, Field(ge=0)]
    departed: tuple[Annotated[int, Field(ge=0)], ...] = ()
    layout: dict[Literal["areas", "ids", "names"], tuple[str, ...]]
    strategy: str
    own_strategy: bool
    memory: Any
    processes: tuple[str, ...]
    own_processes: tuple[str, ...]
    random: tuple[int, tuple[int, ...], float | None]
    rng: Any


def _metadata(snapshot: Any) -> _About:
    if not isinstance(snapshot, Mapping):
        raise InputError(f"snapshot: must be one of model.snapshot() or capsim.load_snapshot, got {shown(snapshot)}")
    try:
        text = str(snapshot["metadata"])
        found = json.loads(text)["format"]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise InputError("snapshot: not a snapshot of capsim: it has no readable metadata") from error
    if found != _FORMAT:
        raise InputError(f"snapshot: format {shown(found)} is not the one of this version of capsim, {_FORMAT}")
    try:
        return _About.model_validate_json(text)
    except ValidationError as error:
        raise _damaged("metadata", error) from error


def _damaged(what: str, error: ValidationError) -> InputError:
    first = error.errors(include_url=False, include_input=False)[0]
    return InputError(f"snapshot: damaged: {what}: {'.'.join(map(str, first['loc']))}: {first['msg']}")


def _scenario(about: _About) -> Scenario:
    try:
        scenario = Scenario.model_validate(about.scenario)
    except ValidationError as error:
        raise _damaged("scenario", error) from error
    return remember_file(scenario, None if about.file is None else Path(about.file))


def memory_of(strategy: Strategy) -> dict[str, Any]:
    """What a strategy remembers: its attributes, but for those that it was made with."""
    made_with = {*strategy.fixed_attributes, "center"}
    return {name: value for name, value in vars(strategy).items() if name not in made_with}


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
