"""Scenario files to scenarios: every problem of a file at once, each with its line."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from capsim.errors import InputError, nearest_name, printable
from capsim.levels import ESA
from capsim.numbers import plain, shown
from capsim.parameters import resolve_values
from capsim.paths import nearest_file, path_of
from capsim.scenario.agencies import population_of, problems_of_structure, those_there
from capsim.scenario.checks import BUILT_IN_SOURCES, cross_problems
from capsim.scenario.csv_rows import table_bytes
from capsim.scenario.documents import Document, document_of, dotted, read_document
from capsim.scenario.events import problems_of_whom
from capsim.scenario.population import Population
from capsim.scenario.schema import Agencies, Scenario
from capsim.scenario.structures import Structure
from capsim.scenario.values import Problem, field_of, items_of, problems_in_words
from capsim.scenario.workbook_scenarios import read_workbook
from capsim.scenario.workbooks import is_workbook

_FILE = "_file"
_SHIPPED = ("ohio", "new_york", "new_york_schools", "two_states", "national", "pandemic", "fourteen", "classroom")
_MOST_CONTRADICTIONS = 100
_TABLES = {"source": "agencies", "edges": "edges", "survey": "survey"}
"""Keys of agencies that name tables, and the sheets of a workbook that hold these."""


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
    if not os.path.lexists(path) and path.suffix != ".xlsx" and os.sep not in given:
        known = f", and no shipped scenario of that name; shipped: {', '.join(_SHIPPED)}"
        known = "" if path.suffix in {".yaml", ".yml"} else known
        raise InputError(f"{given}: no such file{known}{nearest_file(path, _SHIPPED)}")
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
    """
    document = document_of(text, name)
    refused = list(_reaching_out(document.values))
    if refused:
        raise InputError(document.message(place, document.line_of(place), what) for place, what in refused)
    return _checked(document, FilePath())


def scenario_hash(scenario: Scenario, *, leave_out: tuple[str, ...] = ()) -> str:
    """Identity of a scenario by content, 64 hexadecimal digits (SHA-256).

    The order of keys, comments and the place of files do not enter, nor the top-level keys that are to `leave_out`; the
    content of a CSV, edge list or survey does.
    """
    content = scenario.resolved()
    for key, path in _tables_of(scenario.agencies).items():
        table = table_bytes(path, _TABLES[key], percent=key == "survey")
        content["agencies"][key] = "sha256:" + hashlib.sha256(table).hexdigest()
    for name in leave_out:
        del content[name]
    if "question" in leave_out and scenario.question.whom:  # it decides over whom outcomes are means
        content["whom"] = scenario.question.whom
    canonical = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _tables_of(agencies: Any) -> dict[str, Any]:
    """What stands for tables of the user's own, by key."""
    given = {key: field_of(agencies, key) for key in _TABLES}
    return {key: one for key, one in given.items() if one and not (key == "source" and one in BUILT_IN_SOURCES)}


def _reaching_out(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables and code of a machine that a sent file names."""
    for key in _tables_of(values.get("agencies")):
        instead = f"; {' or '.join(BUILT_IN_SOURCES)} can be named here" if key == "source" else ""
        yield ("agencies", key), f"a sent file cannot name tables beside it{instead}"
    for n, strategy in enumerate(items_of(values.get("strategies"))):
        if isinstance(strategy, Mapping) and "plugin" in strategy:
            yield ("strategies", n, "plugin"), "a sent file cannot name code"


_NO_SCENARIO = {
    ".csv": "a table; capsim new scenario NAME --agencies {name} writes a scenario with it",
    ".py": "code; name a strategy of yours in a scenario, below strategies:",
}


def _load(path: FilePath, name: str) -> Scenario:
    if (what := _NO_SCENARIO.get(path.suffix.lower())) and path.is_file():
        raise InputError(f"{name}: is {what.format(name=name)}")
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
        said = [document.message(*problem) for problem in in_order]
        raise InputError(dict.fromkeys([*said, *_problems_of_table(document.values, folder)]))
    return scenario


def _problems_of_table(values: Mapping[str, Any], folder: FilePath) -> tuple[str, ...]:
    """What is wrong with a table of agencies that a faulty file names, so that both are mended at once."""
    try:
        choice = Agencies.model_validate(_with_full_paths(values, folder)[0].get("agencies"))
        if choice.own_file and os.path.isfile(choice.source):
            population_of(choice, resolve_values())
    except ValidationError:
        pass
    except InputError as error:
        return error.problems
    return ()


def _validated(mapping: Mapping[str, Any], folder: FilePath) -> tuple[Scenario | None, list[Problem]]:
    full, problems = _with_full_paths(mapping, folder)
    scenario = None
    try:
        scenario = Scenario.model_validate(full)
    except ValidationError as error:
        faults = list(problems_in_words(error, Scenario))
        others = islice(cross_problems(full, {path for path, _ in faults}), _MOST_CONTRADICTIONS)
        problems = [*dict.fromkeys([*faults, *others]), *problems]
    return scenario, [*problems, *islice(_problems_among_agencies(full), _MOST_CONTRADICTIONS)]


def _problems_among_agencies(full: Mapping[str, Any]) -> Iterator[Problem]:
    """What structures, events and the question ask of agencies that are not there, also of a file with other faults."""
    question, events = full.get("question"), items_of(full.get("events"))
    structures = [
        (place, field_of(field_of(strategy, "delivery"), "structure"))
        for place, strategy in enumerate(items_of(full.get("strategies")))
        if not isinstance(strategy, str)
    ]
    structures = [(place, content) for place, content in structures if content]
    whom = field_of(question, "region") or field_of(question, "state")
    somebody = any(field_of(event, key) for event in events for key in ("agencies", "levels", "states"))
    if not (structures or whom or somebody):
        return
    try:
        choice = Agencies.model_validate(full.get("agencies"))
        values = resolve_values(_good_numbers(full.get("parameters")))
        population, _ = population_of(choice, values)
    except (ValidationError, InputError):
        return
    if whom:
        yield from _problems_of_question(question, population)
    yield from problems_of_whom(events, those_there(choice, population))
    for place, content in structures:
        with suppress(ValidationError, InputError):
            found = problems_of_structure(choice, values, Structure.model_validate(content))
            yield from ((("strategies", place, "delivery", "structure", *path), text) for path, text in found)


def _good_numbers(parameters: Any) -> dict[str, float]:
    """Those of the parameters of a file that can be used."""
    good: dict[str, float] = {}
    for name, value in parameters.items() if isinstance(parameters, Mapping) else ():
        with suppress(InputError):
            resolve_values({name: value})
            good[name] = value
    return good


def _problems_of_question(question: Any, population: Population) -> Iterator[Problem]:
    """A region or state that the question names and the agencies do not have."""
    region, state = (str(field_of(question, key, "")) for key in ("region", "state"))
    regional = [one for one in population.agencies if one.level == ESA]
    if region and not any(region in {one.id, one.name} for one in regional):
        near = nearest_name(region, [text for one in regional for text in (one.id, one.name)])
        text = f"no regional agency {region!r}; allowed: an id or name of the {len(regional)} regional agencies"
        yield ("question", "region"), text + near
    states = sorted({one.state for one in population.agencies})
    if state and state not in states:
        text = f"no agencies of {state!r}; allowed: {', '.join(states)}{nearest_name(state, states)}"
        yield ("question", "state"), text


def _with_full_paths(mapping: Mapping[str, Any], folder: FilePath) -> tuple[dict[str, Any], list[Problem]]:
    """Make the paths of a user's CSV, edge list and survey absolute, and say which files are missing."""
    agencies = mapping.get("agencies")
    if not isinstance(agencies, Mapping):
        return dict(mapping), []
    full: dict[str, Any] = dict(agencies)
    problems: list[Problem] = []
    for key, value in _tables_of(agencies).items():
        if not isinstance(value, str):
            continue
        try:
            full[key] = os.path.realpath(folder / path_of(value, what="a table"))
        except InputError as error:
            problems.append((("agencies", key), str(error)))
            continue
        if not os.path.isfile(full[key]):
            one_of = f" (or one of {', '.join(BUILT_IN_SOURCES)}){nearest_name(value, BUILT_IN_SOURCES)}"
            text = f"no such file: {printable(value)}{one_of if key == 'source' else ''}"
            problems.append((("agencies", key), text))
    return {**mapping, "agencies": full}, problems
