"""Simulate capacity building in education agencies; compare technical assistance under the same luck."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capsim.analyses.calibration.calibration import calibrate
    from capsim.analyses.calibration.result import Calibration
    from capsim.analyses.explain.explain import explain
    from capsim.analyses.explain.result import Explanation
    from capsim.analyses.optimization.optimization import optimize
    from capsim.analyses.optimization.result import Optimization
    from capsim.analyses.selection import Selection, select_strategy
    from capsim.analyses.sensitivity.discovery import discover
    from capsim.analyses.sensitivity.sensitivity import Sensitivity, sensitivity
    from capsim.assistance.strategy import Delivery, Strategy
    from capsim.assistance.view import View
    from capsim.catalogue import ACTIVITIES, MEASURES, STRATEGIES
    from capsim.comparison.compare import compare
    from capsim.comparison.comparison import Comparison
    from capsim.comparison.results import Results, open_results
    from capsim.comparison.sweep import sweep
    from capsim.engine.month import MONTH, Month
    from capsim.engine.run import simulate
    from capsim.errors import (
        CapsimError,
        InputError,
        OutputError,
        PluginError,
        StaleHandleError,
        StrategyError,
    )
    from capsim.model.capacity_model import CapacityModel
    from capsim.model.organization import Organization
    from capsim.model.snapshots import load_snapshot, save_snapshot
    from capsim.model.staff import Staff
    from capsim.parameters import PARAMETERS, Values
    from capsim.processes.process import Draws, Process
    from capsim.scenario import Scenario, load_scenario
    from capsim.world import World
    from capsim.world.invariants import broken_invariants
    from capsim.world.networks import to_networkx, with_network

__version__ = "0.1.0"

__all__ = [
    "ACTIVITIES",
    "MEASURES",
    "MONTH",
    "PARAMETERS",
    "STRATEGIES",
    "Calibration",
    "CapacityModel",
    "CapsimError",
    "Comparison",
    "Delivery",
    "Draws",
    "Explanation",
    "InputError",
    "Month",
    "Optimization",
    "Organization",
    "OutputError",
    "PluginError",
    "Process",
    "Results",
    "Scenario",
    "Selection",
    "Sensitivity",
    "Staff",
    "StaleHandleError",
    "Strategy",
    "StrategyError",
    "Values",
    "View",
    "World",
    "__version__",
    "broken_invariants",
    "calibrate",
    "compare",
    "discover",
    "explain",
    "load_scenario",
    "load_snapshot",
    "open_results",
    "optimize",
    "save_snapshot",
    "select_strategy",
    "sensitivity",
    "simulate",
    "sweep",
    "to_networkx",
    "with_network",
]

_PLACES = {
    "ACTIVITIES": "catalogue",
    "MEASURES": "catalogue",
    "MONTH": "engine.month",
    "PARAMETERS": "parameters",
    "STRATEGIES": "catalogue",
    "Calibration": "analyses.calibration.result",
    "CapacityModel": "model.capacity_model",
    "CapsimError": "errors",
    "Comparison": "comparison.comparison",
    "Delivery": "assistance.strategy",
    "Draws": "processes.process",
    "Explanation": "analyses.explain.result",
    "InputError": "errors",
    "Month": "engine.month",
    "Optimization": "analyses.optimization.result",
    "Organization": "model.organization",
    "OutputError": "errors",
    "PluginError": "errors",
    "Process": "processes.process",
    "Results": "comparison.results",
    "Scenario": "scenario",
    "Selection": "analyses.selection",
    "Sensitivity": "analyses.sensitivity.sensitivity",
    "Staff": "model.staff",
    "StaleHandleError": "errors",
    "Strategy": "assistance.strategy",
    "StrategyError": "errors",
    "Values": "parameters",
    "View": "assistance.view",
    "World": "world",
    "broken_invariants": "world.invariants",
    "calibrate": "analyses.calibration.calibration",
    "compare": "comparison.compare",
    "discover": "analyses.sensitivity.discovery",
    "explain": "analyses.explain.explain",
    "load_scenario": "scenario",
    "load_snapshot": "model.snapshots",
    "open_results": "comparison.results",
    "optimize": "analyses.optimization.optimization",
    "save_snapshot": "model.snapshots",
    "select_strategy": "analyses.selection",
    "sensitivity": "analyses.sensitivity.sensitivity",
    "simulate": "engine.run",
    "sweep": "comparison.sweep",
    "to_networkx": "world.networks",
    "with_network": "world.networks",
}
"""Module of each public name, imported when the name is first used: so ``import capsim`` is quick."""


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'capsim' has no attribute {name!r}")
    value = getattr(import_module(f"capsim.{_PLACES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
