"""Which file a scenario came from, kept through changes of its values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capsim.scenario.loading import FILE, load_scenario, remember_file, scenario_from_mapping
from capsim.scenario.schema import Scenario

__all__ = ["adjusted_scenario", "file_of"]


def file_of(scenario: Scenario) -> Path | None:
    """File of the user from which a scenario was loaded; None for shipped ones and for those made from values."""
    found = scenario.__dict__.get(FILE)
    return found if isinstance(found, Path) else None


def adjusted_scenario(given: Scenario | str | Path, **changes: Any) -> Scenario:
    """A scenario, or the one of a name or path, with other values of some keys; None leaves a key as it is.

    Raises
    ------
    InputError
        If it cannot be loaded, or a value is wrong.
    """
    scenario = given if isinstance(given, Scenario) else load_scenario(given)
    wanted = {name: value for name, value in changes.items() if value is not None}
    if not wanted:
        return scenario
    return remember_file(scenario_from_mapping({**scenario.resolved(), **wanted}), file_of(scenario))
