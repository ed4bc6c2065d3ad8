"""From what a scenario or a caller names to strategies: one fresh object for each run; and where a strategy starts: the
settled world as it is, or under its own structure.

A structure costs the positions that it adds (or saves those that it ends), of all regional agencies of the population::

    dollars a year = (positions - positions today) * staff_rate * work_hours_per_month * 12

Counted within the budget it leaves ``budget_hours_per_year - dollars / consultant_rate`` TA hours a year, at least 0.
Source: equal money as the fair comparison of plans, assumed; rates as declared.
"""

from __future__ import annotations

import copy
import hashlib
import importlib
import importlib.util
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from capsim.assistance.composed import ComposedStrategy
from capsim.assistance.strategy import Strategy
from capsim.building.restructuring import restructured_world
from capsim.catalogue import STRATEGIES, Recipe
from capsim.engine.events import Dated, dated_events
from capsim.errors import InputError, PluginError, nearest_name, own_code
from capsim.numbers import shown
from capsim.parameters import Values
from capsim.scenario import Arranged, Composition, PluginStrategy, Scenario, file_of
from capsim.scenario.budgets import (
    agencies_today,
    arranged_under,
    caps_of,
    dollars_per_year,
    hours_per_year,
    structure_of,
)
from capsim.world import World

__all__ = ["StrategyFactory", "resolve_strategy"]

StrategyFactory = Callable[[Values], Strategy]
"""Makes a fresh strategy for a run with the given parameter values."""
_NOBODY = "none"
"""The strategy that needs no staff."""


def resolve_strategy(
    scenario: Scenario, strategy: str | Recipe | Composition | PluginStrategy | Strategy | type[Strategy]
) -> tuple[str, StrategyFactory]:
    """Name of a strategy, and a function that makes a fresh one for every run.

    Parameters
    ----------
    scenario : Scenario
        Its own compositions and plugins are known by name.
    strategy : str, Recipe, PluginStrategy, Strategy or subclass of Strategy
        An object is copied for every run.

    Raises
    ------
    InputError
        For a name that neither the scenario nor the catalogue has.
    PluginError
        If a plugin cannot be imported, is no strategy or cannot be made.
    """
    name, make = _resolved(scenario, strategy)
    if scenario.center is None or name == _NOBODY:
        return name, make
    staff = scenario.center.staff()

    def with_center(values: Values) -> Strategy:
        made = make(values)
        if made.center is None:
            made.center = staff
        return made

    return name, with_center


def _resolved(
    scenario: Scenario, strategy: str | Recipe | Composition | PluginStrategy | Strategy | type[Strategy]
) -> tuple[str, StrategyFactory]:
    """A strategy by itself, whatever center its scenario has."""
    if isinstance(strategy, str):
        return _named(scenario, strategy)
    if isinstance(strategy, Composition):
        return _composed(strategy.recipe(scenario.area_names))
    if isinstance(strategy, Recipe):
        return _composed(strategy)
    if isinstance(strategy, PluginStrategy):
        return _plugin(strategy, file_of(scenario))
    if isinstance(strategy, Strategy):
        return strategy.name, lambda values: _made(strategy.name, lambda: copy.deepcopy(strategy))
    if isinstance(strategy, type) and issubclass(strategy, Strategy):
        return strategy.name, lambda values: _made(strategy.name, strategy)
    raise InputError(f"a strategy must be a name, a composition or a capsim.Strategy, got {shown(strategy)}")


def _named(scenario: Scenario, name: str) -> tuple[str, StrategyFactory]:
    for declared, own in zip(scenario.strategy_names, scenario.strategies, strict=True):
        if name == declared and not isinstance(own, str):
            return _resolved(scenario, own)
    if name not in STRATEGIES:
        known = (*scenario.strategy_names, *STRATEGIES)
        raise InputError(
            f"no strategy {name!r}; there are {', '.join(dict.fromkeys(known))}{nearest_name(name, known)}"
        )
    return _composed(STRATEGIES[name])


def _composed(composition: Recipe) -> tuple[str, StrategyFactory]:
    return composition.name, lambda values: ComposedStrategy(composition, values)


def _made(name: str, make: Callable[[], Strategy]) -> Strategy:
    with own_code(f"strategy {name!r} cannot be made"):
        return make()


def _plugin(plugin: PluginStrategy, scenario_file: Path | None) -> tuple[str, StrategyFactory]:
    kind = _import_class(plugin.plugin, scenario_file)
    options = dict(plugin.options)
    name = plugin.name or kind.name

    def make(values: Values) -> Strategy:
        with own_code(f"{plugin.plugin}: cannot be made with options {options}"):
            made = kind(**options)
        made.name = name
        return made

    return name, make


def module_file(folder: Path, module: str) -> Path | None:
    """Source of a module below a folder, if it has one."""
    stem = folder.joinpath(*module.split("."))
    return next((one for one in (stem / "__init__.py", stem.with_suffix(".py")) if one.is_file()), None)


_IMPORTING = threading.RLock()


def _import_module(name: str, folders: Sequence[Path]) -> ModuleType:
    """Import a module from the first folder that has it; under a name of its own if another module has this one."""
    top, _, below = name.partition(".")
    file = next((file for folder in folders if (file := module_file(folder.resolve(), top))), None)
    if file is None:
        return importlib.import_module(name)
    if top in sys.modules and not _is_of(sys.modules[top], file):
        top = f"{top}@{hashlib.sha256(os.fsencode(file)).hexdigest()[:12]}"
    if top not in sys.modules:
        package = [str(file.parent)] if file.name == "__init__.py" else None
        spec = importlib.util.spec_from_file_location(top, file, submodule_search_locations=package)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[top] = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[top]
            raise
    return importlib.import_module(f"{top}.{below}" if below else top)


def _is_of(module: ModuleType, file: Path) -> bool:
    source = getattr(module, "__file__", None)
    return source is not None and Path(source).resolve() == file


def _import_class(reference: str, scenario_file: Path | None) -> type[Strategy]:
    """Import `module:Class`; modules in the working folder and in that of the scenario's file are found too.

    Processes that are started later look in the same folders.
    """
    module_name, _, class_name = reference.partition(":")
    folders = [Path.cwd()] if scenario_file is None else [Path.cwd(), scenario_file.parent]
    for folder in map(str, folders):
        if folder not in sys.path:
            sys.path.append(folder)  # behind the others: a file of the user's must not stand for a module of Python
    try:
        with _IMPORTING, own_code(f"{reference}: module {module_name!r} cannot be imported"):
            module = _import_module(module_name, folders)
    except PluginError as error:
        cause = error.__cause__
        missing = isinstance(cause, ModuleNotFoundError) and cause.name == module_name.partition(".")[0]
        if not missing:
            raise
        places = " and ".join(dict.fromkeys(map(str, folders)))
        raise PluginError(f"{error}; looked in {places}, and where Python is installed") from cause
    kind = getattr(module, class_name, None)
    if kind is None:
        raise PluginError(
            f"{reference}: module {module_name!r} has no {class_name!r}{nearest_name(class_name, dir(module))}"
        )
    if not isinstance(kind, type) or not issubclass(kind, Strategy):
        raise PluginError(f"{reference}: {class_name!r} is not a subclass of capsim.Strategy")
    return kind


class Start(NamedTuple):
    """The world in which a run begins (a copy), its TA hours a year and the most in each year, what its structure costs
    more a year than today's (dollars), its agencies where they are not those of today, and the dated events of the
    scenario.
    """

    world: World
    yearly_hours: float
    yearly_caps: tuple[float, ...]
    dollars_per_year: float
    arranged: Arranged | None
    events: tuple[Dated, ...]


def start_of(
    scenario: Scenario, strategy: Any, settled: World, values: Values, *, run_key: int, parameters: Mapping[str, float]
) -> Start:
    """Where a run of a strategy begins; `parameters` are those under which the agencies were built."""
    structure, hours = structure_of(scenario, strategy), hours_per_year(scenario, strategy, values)
    caps = caps_of(scenario, strategy, values)
    if structure is None:
        today = agencies_today(scenario, parameters) if scenario.events else None
        return Start(settled.copy(), hours, caps, 0.0, None, () if today is None else dated_events(scenario, today))
    arranged = arranged_under(scenario, structure, parameters)
    dollars = dollars_per_year(arranged, values)
    if structure.counted:
        hours = max(0.0, hours - dollars / values["consultant_rate"])
    events = dated_events(scenario, arranged.table, arranged.members)
    if _stands(settled, arranged):
        return Start(settled.copy(), hours, caps, dollars, arranged, events)
    if settled.month > 0:
        raise InputError(f"month {settled.month}: a structure is set up before the first month, not in between")
    world = restructured_world(settled, arranged, values, run_key=run_key)
    return Start(world, hours, caps, dollars, arranged, events)


def _stands(world: World, arranged: Arranged) -> bool:
    """Whether the agencies of a world are those of the structure already, as in a copy of a run that began so."""
    layout, table = world.layout, arranged.table
    n = layout.agencies
    same = layout.ids[:n] == tuple(map(str, table.id)) and np.array_equal(layout.parent[:n], table.parent)
    return same and np.array_equal(np.diff(layout.first)[:n], table.positions)
