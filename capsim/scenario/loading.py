"""Scenario files to scenarios: every problem of a file at once, each with its line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from capsim.errors import InputError, nearest_name
from capsim.numbers import plain, shown
from capsim.paths import path_of
from capsim.scenario.agency_choice import BUILT_IN_SOURCES
from capsim.scenario.checks import Path, cross_problems
from capsim.scenario.reading import Document, dotted, read_document
from capsim.scenario.schema import Scenario
from capsim.scenario.wording import problems_in_words

_FILE = "_file"
_SHIPPED = ("ohio", "new_york", "new_york_schools", "two_states", "national", "classroom")


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with capsim."""
    return _SHIPPED


def shipped_file(name: str) -> FilePath:
    """File of a shipped scenario."""
    return FilePath(str(resources.files("capsim.scenario").joinpath("shipped", f"{name}.yaml")))


def load_scenario(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Load a shipped scenario by its name, or a scenario file by its path.

    Paths inside a file are relative to that file.

    Parameters
    ----------
    name_or_path : str or path
        A file of that name in the current folder comes before a shipped scenario.

    Returns
    -------
    Scenario

    Raises
    ------
    InputError
        With one line for every problem of the file: path, line, key, what is wrong, what is allowed.
    """
    given = os.fspath(name_or_path) if isinstance(name_or_path, str | os.PathLike) else None
    if not isinstance(given, str):
        raise InputError(
            "a scenario must be a capsim.Scenario, the name of a shipped one, a path or a mapping, "
            f"got {shown(name_or_path)}; shipped: {', '.join(_SHIPPED)}"
        )
    path = path_of(given, what="a scenario")
    if given in _SHIPPED and not path.is_file():
        return _load(shipped_file(given), f"{given}.yaml")
    if not os.path.lexists(path) and path.suffix not in {".yaml", ".yml"} and os.sep not in given:
        known = ", ".join(_SHIPPED)
        raise InputError(
            f"{given}: no such file, and no shipped scenario of that name; shipped: {known}"
            f"{nearest_name(given, _SHIPPED)}"
        )
    return remember_file(_load(path, given), FilePath(os.path.abspath(path)))


def as_scenario(given: object, **changes: Any) -> Scenario:
    """The scenario that a caller means: one front door of every function that takes a scenario.

    Parameters
    ----------
    given : Scenario, str, path or mapping
        A scenario, the name of a shipped one, a file, or the keys of a file.
    **changes
        Other values of some keys; None leaves a key as it is.

    Raises
    ------
    InputError
        If it is none of these, cannot be loaded, or a value is wrong.
    """
    if isinstance(given, Scenario):
        scenario = given
    elif isinstance(given, Mapping):
        scenario = scenario_from_mapping(given)
    else:
        scenario = load_scenario(given)  # type: ignore[arg-type]
    wanted = {key: plain(value) for key, value in changes.items() if value is not None}
    if not wanted:
        return scenario
    return remember_file(scenario_from_mapping({**scenario.resolved(), **wanted}), file_of(scenario))


def file_of(scenario: Scenario) -> FilePath | None:
    """File of the user from which a scenario was loaded; None for shipped ones and for those made from values."""
    found = scenario.__dict__.get(_FILE)
    return found if isinstance(found, FilePath) else None


def remember_file(scenario: Scenario, file: FilePath | None) -> Scenario:
    """Note beside a scenario where it came from; that is no part of it, and equality and hash ignore it."""
    scenario.__dict__[_FILE] = file
    return scenario


def scenario_from_mapping(mapping: Mapping[str, Any], *, folder: str | os.PathLike[str] = ".") -> Scenario:
    """Make a scenario from plain values, as `Scenario.resolved` returns them.

    Parameters
    ----------
    mapping : mapping
        Keys of a scenario file.
    folder : path
        What paths inside are relative to.

    Raises
    ------
    InputError
        With one line for every problem, as ``scenario: key: message``.
    """
    mapping = plain(mapping)
    scenario, problems = _validated(_with_full_paths(mapping, FilePath(folder)))
    lines = [f"scenario: {dotted(path)}: {text}" if path else f"scenario: {text}" for path, text in problems]
    lines += [f"scenario: {dotted(path)}: {text}" for path, text in _missing_files(mapping, FilePath(folder))]
    if lines or scenario is None:
        raise InputError(lines)
    return scenario


def _load(path: FilePath, shown: str) -> Scenario:
    document = read_document(path, shown)
    scenario, found = _validated(_with_full_paths(document.values, path.parent))
    found += _missing_files(document.values, path.parent)
    problems = list(document.problems)
    problems += [
        (place, document.line_of(place), text) for place, text in found if not _inside_any(place, document.unread)
    ]
    if problems or scenario is None:
        raise InputError(_sorted_lines(document, problems))
    return scenario


def _sorted_lines(document: Document, problems: list[tuple[Path, int, str]]) -> list[str]:
    in_order = sorted(problems, key=lambda problem: problem[1])
    return list(dict.fromkeys(document.message(path, line, text) for path, line, text in in_order))


def _inside_any(place: Path, others: Iterable[Path]) -> bool:
    """Whether a place was already reported as unreadable, or holds such a place."""
    return any(place[: len(other)] == other or other[: len(place)] == place for other in others)


def _validated(mapping: Mapping[str, Any]) -> tuple[Scenario | None, list[tuple[Path, str]]]:
    try:
        return Scenario.model_validate(mapping), []
    except ValidationError as error:
        problems = list(problems_in_words(error))
        known = {(path, text) for path, text in problems}
        problems += [problem for problem in cross_problems(mapping) if problem not in known]
        return None, problems


def _with_full_paths(mapping: Mapping[str, Any], folder: FilePath) -> dict[str, Any]:
    """Make the paths of a user's CSV, edge list and survey absolute."""
    agencies = mapping.get("agencies")
    if not isinstance(agencies, Mapping):
        return dict(mapping)
    full = {key: str((folder / value).resolve()) for key, value in _named_files(agencies)}
    return {**mapping, "agencies": {**agencies, **full}}


def _named_files(agencies: Mapping[str, Any]) -> list[tuple[str, str]]:
    named = [(key, agencies.get(key)) for key in ("source", "edges", "survey")]
    return [(key, value) for key, value in named if isinstance(value, str) and value and value not in BUILT_IN_SOURCES]


def _missing_files(mapping: Mapping[str, Any], folder: FilePath) -> list[tuple[Path, str]]:
    agencies = mapping.get("agencies")
    problems: list[tuple[Path, str]] = []
    if isinstance(agencies, Mapping):
        for key, value in _named_files(agencies):
            if not (folder / value).is_file():
                allowed = f" (or one of {', '.join(BUILT_IN_SOURCES)})" if key == "source" else ""
                nearest = nearest_name(value, BUILT_IN_SOURCES) if key == "source" else ""
                problems.append((("agencies", key), f"no such file: {value}{allowed}{nearest}"))
    return problems
