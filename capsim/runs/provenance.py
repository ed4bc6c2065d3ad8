"""Where numbers come from: versions, command, resolved scenario, all parameters, seeds, machine."""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from capsim.errors import InputError
from capsim.parameters import PARAMETERS, Parameter, resolve_values
from capsim.runs.identity import RESULTS_VERSION, plugin_sources
from capsim.runs.values import number, plain
from capsim.scenario import Scenario, file_of

_PACKAGES = ("capsim", "numpy", "scipy", "numba", "pandas", "pydantic", "duckdb", "matplotlib", "mesa")
_NUMBERS = ("default", "low", "high", "minimum", "maximum")
_DECLARED = ("group", "unit", *_NUMBERS, "prior", "source", "meaning")
_LATER = ("words", "label")
"""What older records lack."""


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def git_commit(file: Path | None = None) -> str:
    """Git commit of the folder that holds a scenario's file; with "+" when something in that folder differs from it.

    "none" for a scenario that comes from no file of the user, and for a folder that no repository holds.
    """
    if file is None:
        return "none"
    try:
        head, changed = (
            subprocess.run(
                ["git", "-C", str(file.parent), *words], capture_output=True, text=True, timeout=5, check=True
            ).stdout
            for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "--", "."))
        )
    except (OSError, subprocess.SubprocessError):
        return "none"
    return head.strip() + ("+" if changed.strip() else "")


def _parameters(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Every parameter as it applied: the value that counts where nothing is drawn, and its declaration."""
    values = resolve_values(scenario.parameters)
    return {
        name: plain({"value": values[name], **{key: getattr(declared, key) for key in (*_DECLARED, *_LATER)}})
        for name, declared in PARAMETERS.items()
    }


def _declared(name: str, row: Mapping[str, Any]) -> Parameter:
    values: dict[str, Any] = {key: number(row[key]) if key in _NUMBERS else str(row[key]) for key in _DECLARED}
    return Parameter(name=name, words=tuple(map(str, row.get("words", ()))), label=str(row.get("label", "")), **values)


def recorded_parameters(record: Mapping[str, Any]) -> Mapping[str, Parameter]:
    """Parameters as they were declared when something ran; those of today where the record is older than that."""
    stored = record.get("parameters")
    if stored is None:
        return PARAMETERS
    try:
        return {name: _declared(name, row) for name, row in stored.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"provenance.json: parameters: not as capsim writes it: {error}") from error


def provenance(
    scenario: Scenario, scenario_hash: str, *, precision: float | None, replications: int | None = None
) -> dict[str, Any]:
    """Everything needed to make the numbers again, as plain data.

    `precision` is the half-width that chose the replications, if one did; those that were run are given, or the
    scenario's.
    """
    return {
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else [],
        "versions": {package: _version(package) for package in _PACKAGES},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "release": platform.release()},
        "results_version": RESULTS_VERSION,
        "git_commit": git_commit(file_of(scenario)),
        "scenario_hash": scenario_hash,
        "seed": scenario.seed,
        "replications": scenario.replications if replications is None else replications,
        "precision": precision,
        "scenario": scenario.resolved(),
        "parameters": _parameters(scenario),
        "plugins": plugin_sources(scenario.resolved()["strategies"], file_of(scenario)),
    }
