"""Where numbers come from: versions, command, resolved scenario, seeds, machine."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from capsim.scenario import Scenario
from capsim.studies.runs.identity import RESULTS_VERSION

__all__ = ["provenance"]

_PACKAGES = ("capsim", "numpy", "scipy", "numba", "pandas", "pydantic", "duckdb", "matplotlib", "mesa")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    """Git commit of the working folder, if it is a checkout; with "+" when it has changes."""
    try:
        head = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, timeout=5, check=True
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain"], capture_output=True, text=True, timeout=5, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return "none"
    return head + ("+" if changed.strip() else "")


def provenance(
    scenario: Scenario, scenario_hash: str, *, precision: float | None, replications: int | None = None
) -> dict[str, Any]:
    """Everything needed to make the numbers again, as plain data.

    Parameters
    ----------
    scenario : Scenario
    scenario_hash : str
    precision : float or None
        Half-width asked for, when replications were chosen by it.
    replications : int, optional
        Those that were run; the scenario's without it.
    """
    return {
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]] if sys.argv else [],
        "versions": {package: _version(package) for package in _PACKAGES},
        "python": platform.python_version(),
        "machine": {"system": platform.system(), "processor": platform.machine(), "release": platform.release()},
        "results_version": RESULTS_VERSION,
        "git_commit": _commit(),
        "scenario_hash": scenario_hash,
        "seed": scenario.seed,
        "replications": scenario.replications if replications is None else replications,
        "precision": precision,
        "scenario": scenario.resolved(),
    }
