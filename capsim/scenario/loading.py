"""Scenario files to scenarios: every problem of a file at once, each with its line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from capsim.errors import InputError, nearest_name, printable
from capsim.levels import ESA
from capsim.numbers import plain, shown
from capsim.parameters import resolve_values
from capsim.paths import path_of
from capsim.scenario.agencies import population_of, problems_of_structure
from capsim.scenario.checks import BUILT_IN_SOURCES, cross_problems
from capsim.scenario.documents import Document, document_of, dotted, read_document
from capsim.scenario.schema import Agencies, Scenario
from capsim.scenario.structure import Structure
from capsim.scenario.values import Problem
from capsim.scenario.wording import problems_in_words
from capsim.scenario.workbook_scenarios import read_workbook
from capsim.scenario.workbooks import is_workbook

_FILE = "_file"
_SHIPPED = (
    "ohio",
    "new_york",
    "new_york_schools",
    "two_states",
    "national",
    "pandemic",
    "fourteen",
    "classroom",
)
_MOST_CONTRADICTIONS = 100


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with capsim."""
    return _SHIPPED


def shipped_file(name: str) -> FilePath:
    """File of a shipped scenario: inside the installed package, or in the folder `scenarios` of a checkout."""
    inside, checkout = FilePath(__file__).parent / "shipped", FilePath(__file__).parents[2] / "scenarios"
    return (inside if inside.is_dir() else checkout) / f"{name}.yaml"


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
    if not os.path.lexists(path) and path.suffix not in {".yaml", ".yml", ".xlsx"} and os.sep not in given:
        known = ", ".join(_SHIPPED)
        raise InputError(
            f"{given}: no such file, and no shipped scenario of that name; shipped: {known}"
            f"{nearest_name(given, _SHIPPED)}"
        )
    return remember_file(_load(path, given), FilePath(os.path.abspath(path)))


def as_scenario(given: object, **changes: Any) -> Scenario:
    """The scenario that a caller means: one front door of every function that takes a scenario.

    A scenario, the name of a shipped one, a file, or the keys of a file; with other values of some keys. None leaves a
    key as it is.
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


def refuse_single_run(scenario: Scenario) -> None:
    """Refuse a scenario whose runs give no interval: one replication is enough for a single run only."""
    if scenario.replications < 2:
        raise InputError(f"replications: {scenario.replications} gives no interval; a comparison needs at least 2")


def file_of(scenario: Scenario) -> FilePath | None:
    """File of the user from which a scenario was loaded; None for shipped ones and for those made from values."""
    found = scenario.__dict__.get(_FILE)
    return found if isinstance(found, FilePath) else None


def remember_file(scenario: Scenario, file: FilePath | None) -> Scenario:
    """Note beside a scenario where it came from; that is no part of it, and equality and hash ignore it."""
    scenario.__dict__[_FILE] = file
    return scenario


def scenario_from_mapping(mapping: Mapping[str, Any], *, folder: str | os.PathLike[str] = ".") -> Scenario:
    """Make a scenario from plain values, as `Scenario.resolved` returns them; paths count from the folder."""
    scenario, problems = _validated(plain(mapping), FilePath(folder))
    if problems or scenario is None:
        places = (f"{dotted(path)}: {text}" if path else text for path, text in problems)
        raise InputError(f"scenario: {place}" for place in places)
    return scenario


def scenario_from_text(text: str, name: str) -> Scenario:
    """Make a scenario from the text of a file that somebody has sent, called `name` in messages.

    It may name no file of this machine and no code: nothing is looked up on the disk, and nothing is imported.

    Raises
    ------
    InputError
        With one line for every problem, as `load_scenario`.
    """
    document = document_of(text, name)
    refused = list(_reaching_out(document.values))
    if refused:
        raise InputError(document.message(place, document.line_of(place), what) for place, what in refused)
    return _checked(document, FilePath())


def _reaching_out(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables and code of a machine that a sent file names."""
    agencies = values.get("agencies")
    for key in ("source", "edges", "survey"):
        given = agencies.get(key) if isinstance(agencies, Mapping) else None
        if given and not (key == "source" and given in BUILT_IN_SOURCES):
            instead = f"; {' or '.join(BUILT_IN_SOURCES)} can be named here" if key == "source" else ""
            yield ("agencies", key), f"a sent file cannot name tables beside it{instead}"
    strategies = values.get("strategies")
    for n, strategy in enumerate(strategies if isinstance(strategies, list) else ()):
        if isinstance(strategy, Mapping) and "plugin" in strategy:
            yield ("strategies", n, "plugin"), "a sent file cannot name code"


def _load(path: FilePath, name: str) -> Scenario:
    return _checked(read_workbook(path, name) if is_workbook(path) else read_document(path, name), path.parent)


def _checked(document: Document, folder: FilePath) -> Scenario:
    scenario, found = _validated(document.values, folder)
    hidden = set(document.unread)
    above = {place[:length] for place in hidden for length in range(len(place))}
    problems = list(document.problems)
    problems += [
        (place, document.line_of(place), text)
        for place, text in found
        if place not in above and not any(place[:length] in hidden for length in range(1, len(place) + 1))
    ]
    if problems or scenario is None:
        in_order = sorted(problems, key=lambda problem: problem[1])
        raise InputError(dict.fromkeys(document.message(*problem) for problem in in_order))
    return scenario


def _validated(mapping: Mapping[str, Any], folder: FilePath) -> tuple[Scenario | None, list[Problem]]:
    full, problems = _with_full_paths(mapping, folder)
    try:
        scenario = Scenario.model_validate(full)
    except ValidationError as error:
        faults = list(problems_in_words(error))
        others = [*islice(cross_problems(full, {path for path, _ in faults}), _MOST_CONTRADICTIONS)]
        others += islice(_problems_of_structures(full), _MOST_CONTRADICTIONS)
        return None, [*dict.fromkeys([*faults, *others]), *problems]
    problems += [] if problems else [*_problems_of_structures(full), *_problems_of_question(scenario)]
    return scenario, problems


def _problems_of_question(scenario: Scenario) -> Iterator[Problem]:
    """A region or state that the question names and the agencies do not have."""
    question = scenario.question
    if not (question.region or question.state):
        return
    try:
        population, _ = population_of(scenario.agencies, resolve_values(scenario.parameters))
    except InputError:
        return
    regional = [one for one in population.agencies if one.level == ESA]
    if question.region and not any(question.region in {one.id, one.name} for one in regional):
        near = nearest_name(question.region, [text for one in regional for text in (one.id, one.name)])
        text = (
            f"no regional agency {question.region!r}; allowed: an id or name of the {len(regional)} regional agencies"
        )
        yield ("question", "region"), text + near
    states = sorted({one.state for one in population.agencies})
    if question.state and question.state not in states:
        text = f"no agencies of {question.state!r}; allowed: {', '.join(states)}{nearest_name(question.state, states)}"
        yield ("question", "state"), text


def _problems_of_structures(full: Mapping[str, Any]) -> Iterator[Problem]:
    """What structures of strategies ask of agencies and cannot have; nothing of those with other faults."""
    given = full.get("strategies")
    deliveries = [
        (place, one["delivery"]["structure"])
        for place, one in enumerate(given if isinstance(given, list | tuple) else ())
        if isinstance(one, Mapping) and isinstance(one.get("delivery"), Mapping) and one["delivery"].get("structure")
    ]
    for place, content in deliveries:
        try:
            structure, choice = Structure.model_validate(content), Agencies.model_validate(full.get("agencies"))
            found = problems_of_structure(choice, resolve_values(full.get("parameters") or {}), structure)
        except (ValidationError, InputError):
            continue
        yield from ((("strategies", place, "delivery", "structure", *path), text) for path, text in found)


def _with_full_paths(mapping: Mapping[str, Any], folder: FilePath) -> tuple[dict[str, Any], list[Problem]]:
    """Make the paths of a user's CSV, edge list and survey absolute, and say which files are missing."""
    agencies = mapping.get("agencies")
    if not isinstance(agencies, Mapping):
        return dict(mapping), []
    full: dict[str, Any] = dict(agencies)
    problems: list[Problem] = []
    for key in ("source", "edges", "survey"):
        value = agencies.get(key)
        if isinstance(value, str) and value and not (key == "source" and value in BUILT_IN_SOURCES):
            try:
                full[key] = os.path.realpath(folder / path_of(value, what="a table"))
                there = os.path.isfile(full[key])
            except InputError as error:
                problems.append((("agencies", key), str(error)))
                continue
            if not there:
                one_of = f" (or one of {', '.join(BUILT_IN_SOURCES)}){nearest_name(value, BUILT_IN_SOURCES)}"
                text = f"no such file: {printable(value)}{one_of if key == 'source' else ''}"
                problems.append((("agencies", key), text))
    return {**mapping, "agencies": full}, problems
