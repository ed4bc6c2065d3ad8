"""Studies: the part that every kind shares, and the sweep, validated and frozen; study files to studies, every problem
at once with its line; the hash that freezes a study before it runs.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from importlib import import_module
from pathlib import Path as FilePath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from capsim.catalogue import BASELINE
from capsim.errors import InputError, nearest_name
from capsim.parameters.table import problems_of_rules
from capsim.paths import path_of, read_bytes
from capsim.runs import KINDS
from capsim.runs.designs import Design, Factors, FullFactorial, design_problems
from capsim.runs.identity import NOT_PART_OF_A_RUN, with_source
from capsim.runs.outcomes import outcome_names, usually_kept
from capsim.scenario import (
    Scenario,
    as_scenario,
    file_of,
    load_scenario,
    scenario_from_mapping,
    scenario_hash,
    shipped_scenarios,
)
from capsim.scenario.checks import name_of_strategy, problems_of_names
from capsim.scenario.compositions import Strategy
from capsim.scenario.documents import dotted, read_document
from capsim.scenario.values import FrozenMapping, Number, Part, PartError, Path, Seed, Text, Whole, problems_in_words

CRN_MODES = ("policies", "all", "none")
"""Who shares luck: the strategies of a point and replicate; everything of a replicate; nobody."""


class StudyPart(Part):
    """What every kind of study says; strategies, replications and seed are the scenario's where the file has none.

    In a file the scenario is the name of a shipped one or a path relative to the file, ``rules`` are set in it, and
    outcomes may be ``all``, the default: all but use by area, of which only that of the question; others can be named.
    `crn` says who shares luck, see `CRN_MODES`; assumptions are at their defaults, or drawn from their priors anew for
    every replicate, with "structure" variants of rules too. The time limit is of one run, 0 is none; it may change
    between sessions.
    """

    files: ClassVar[tuple[str, ...]] = ()
    folders: ClassVar[tuple[str, ...]] = ()
    """Keys that name a file or a folder."""

    name: Text
    scenario: Scenario
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=1)]
    replications: Annotated[Whole, Field(ge=1, le=1_000_000)]
    crn: Literal["policies", "all", "none"] = "policies"
    assumptions: Literal["default", "drawn", "structure"] = "default"
    seed: Seed
    outcomes: Annotated[tuple[Text, ...], BeforeValidator(lambda value: () if value == "all" else value)] = ()
    time_limit_seconds: Annotated[Number, Field(ge=0, le=1e7)] = 0.0

    @model_validator(mode="after")
    def _names_are_known(self) -> StudyPart:
        twice = [(f"strategies.{path[1]}", text) for path, text in problems_of_names(self.strategies)]
        if problems := [*twice, *self._outcome_problems()]:
            raise PartError(problems)
        return self

    def _outcome_problems(self) -> list[tuple[str, str]]:
        known, every = self.possible_outcomes, outcome_names(gains=True, recorded=self.scenario.recorded)
        problems = []
        for place, name in enumerate(self.outcomes):
            if name not in every:
                problems.append((f"outcomes.{place}", f"unknown outcome {name!r}{nearest_name(name, every)}"))
            elif name not in known:
                reason = "crn: none pairs no runs" if self.crn == "none" else "`none` is not among the strategies"
                about = f"{name!r} is a gain over a paired run without assistance; {reason}"
                problems.append((f"outcomes.{place}", about))
            elif name in self.outcomes[:place]:
                problems.append((f"outcomes.{place}", f"{name!r} is named twice"))
        return problems

    @property
    def strategy_names(self) -> tuple[str, ...]:
        """Names of the strategies, in the order of the file."""
        return tuple(name_of_strategy(strategy) for strategy in self.strategies)

    @property
    def possible_outcomes(self) -> tuple[str, ...]:
        """Outcomes that runs of this study can have: gains need a paired run without assistance."""
        return self._outcomes_of(self.scenario.recorded)

    def _outcomes_of(self, recorded: Collection[str]) -> tuple[str, ...]:
        return outcome_names(gains=BASELINE in self.strategy_names and self.crn != "none", recorded=recorded)

    @property
    def kept_outcomes(self) -> tuple[str, ...]:
        """Outcomes that are stored."""
        return self.outcomes or self._outcomes_of(usually_kept(self.scenario))

    def resolved(self) -> dict[str, Any]:
        """Every value, given or default, as plain data; `study_from_mapping` makes an equal study of it."""
        return {**self.model_dump(mode="json"), "scenario": self.scenario.resolved()}


class SweepStudy(StudyPart):
    """A sweep: points of a design x strategies x replications.

    Factors are parameters, `budget_hours_per_year`, and ``rules.<rule>``, which takes variants.
    """

    kind: Literal["sweep"] = "sweep"
    factors: Factors = FrozenMapping()
    design: Design = FullFactorial()

    @model_validator(mode="after")
    def _design_fits(self) -> SweepStudy:
        if problems := design_problems(self.design, self.factors):
            raise PartError(problems)
        return self


SAID_BY_THE_STUDY = (*NOT_PART_OF_A_RUN, "seed")
"""Keys of a scenario in whose place the study's own count."""

RULES = "rules"
"""Key of a study file whose content becomes part of its scenario."""

NOT_PART_OF_A_STUDY = ("time_limit_seconds",)
"""Keys that say how runs are carried out, and may change between sessions."""


def is_study_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file has the key ``kind`` of study files at its top level; False if it cannot be read."""
    try:
        return "kind" in read_document(path_of(path), os.fspath(path)).values
    except InputError:
        return False


def load_study(path: str | os.PathLike[str]) -> Any:
    """Load a study file: of the class that belongs to its kind, scenario loaded, bounds and defaults filled in."""
    shown = os.fspath(path)
    file = path_of(path, what="a study")
    document = read_document(file, shown)
    others: list[str] = []
    study, problems = _validated(document.values, file.parent, others)
    found = [
        (place, document.line_of(place), text)
        for place, text in problems
        if not any(place[: len(unread)] == unread for unread in document.unread)
    ]
    found += document.problems
    lines = [document.message(place, line, text) for place, line, text in sorted(found, key=lambda one: one[1])]
    if lines or others or study is None:
        raise InputError([*dict.fromkeys(lines), *others])
    return study


def study_from_mapping(mapping: Mapping[str, Any], *, folder: str | os.PathLike[str] = ".") -> Any:
    """Make a study from plain values, as `StudyPart.resolved` returns them; the scenario may also be a mapping."""
    others: list[str] = []
    study, problems = _validated(mapping, FilePath(folder), others)
    lines = [f"study: {dotted(place)}: {text}" if place else f"study: {text}" for place, text in problems]
    if lines or others or study is None:
        raise InputError([*lines, *others])
    return study


def study_hash(study: StudyPart) -> str:
    """Identity of a study by content, 64 hexadecimal digits (SHA-256), to cite before it runs.

    Comments, the order of keys and the place of files do not enter; the scenario's content, its tables and the source
    of plugins do.
    """
    content = study.resolved()
    for name in NOT_PART_OF_A_STUDY:
        del content[name]
    content["scenario"] = scenario_hash(study.scenario, leave_out=SAID_BY_THE_STUDY)
    content["strategies"] = [with_source(one, file_of(study.scenario)) for one in content["strategies"]]
    for name in study.files:
        content[name] = hashlib.sha256(read_bytes(content[name])).hexdigest()
    for name in study.folders:
        del content[name]
    text = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _validated(values: Mapping[str, Any], folder: FilePath, others: list[str]) -> tuple[Any, list[tuple[Path, str]]]:
    """A study or what is wrong with it; problems of the scenario's own file go to `others`."""
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        about = "a study needs a kind" if kind is None else f"unknown kind {kind!r}"
        near = "" if kind is None else nearest_name(str(kind), KINDS)
        return None, [(("kind",) if "kind" in values else (), f"{about}; allowed: {', '.join(KINDS)}{near}")]
    model = model_of(kind)
    scenario, problems = _scenario(values.get("scenario"), folder, others)
    scenario, wrong = _with_rules(scenario, values.get(RULES))
    problems += wrong
    # a shipped scenario in place of one that cannot be loaded, to find the other problems
    given = _filled_in(values, scenario or load_scenario(shipped_scenarios()[-1]))
    given, lost = _with_places(given, model, folder)
    problems += lost
    try:
        study = model.model_validate(given)
    except ValidationError as error:
        problems += list(problems_in_words(error, model))
        return None, problems
    return (None if problems or others else study), problems


def model_of(kind: str) -> type[StudyPart]:
    """Class of a kind of study."""
    module, _, name = KINDS[kind].partition(":")
    model: type[StudyPart] = getattr(import_module(module), name)
    return model


def _scenario(given: Any, folder: FilePath, others: list[str]) -> tuple[Scenario | None, list[tuple[Path, str]]]:
    try:
        if isinstance(given, Mapping):
            return scenario_from_mapping(given, folder=folder), []
        if isinstance(given, str) and given:
            shipped = given in shipped_scenarios() and not (folder / given).is_file()
            if not shipped and not (folder / given).is_file():
                known = shipped_scenarios()
                problem = f"no such file: {given}, and no shipped scenario of that name; shipped: {', '.join(known)}"
                return None, [(("scenario",), problem + nearest_name(given, known))]
            return load_scenario(given if shipped else folder / given), []
    except InputError as error:
        others += error.problems
        return None, []
    problem = "is missing" if given is None else f"must be the name of a shipped scenario or a path, got {given!r}"
    return None, [(("scenario",), f"{problem}; for example scenario: ohio")]


def _with_rules(scenario: Scenario | None, given: Any) -> tuple[Scenario | None, list[tuple[Path, str]]]:
    """The scenario with the variants of rules that a study sets on top of its own, and what is wrong with them."""
    if given is None:
        return scenario, []
    if not isinstance(given, Mapping):
        return scenario, [((RULES,), f"must be a mapping from rule to variant (capsim list rules), got {given!r}")]
    problems: list[tuple[Path, str]] = [((RULES, str(name)), text) for name, text in problems_of_rules(given)]
    if problems or scenario is None:
        return scenario, problems
    return as_scenario(scenario, rules={**scenario.rules, **given}), []


def _with_places(
    given: dict[str, Any], model: type[StudyPart], folder: FilePath
) -> tuple[dict[str, Any], list[tuple[Path, str]]]:
    """The same with paths that count from the folder of the study, and those of them that lead nowhere."""
    problems: list[tuple[Path, str]] = []
    for key in (*model.files, *model.folders):
        name = given.get(key)
        if not isinstance(name, str) or not name:
            continue
        place = folder / name
        if not (place.is_file() if key in model.files else place.is_dir()):
            what = "file" if key in model.files else "folder"
            about = "" if FilePath(name).is_absolute() else f"; the path counts from the study file's folder, {folder}"
            problems.append(((key,), f"no such {what}: {name}{about}"))
        given = {**given, key: os.fspath(place)}
    return given, problems


def _filled_in(values: Mapping[str, Any], scenario: Scenario) -> dict[str, Any]:
    """What a study leaves to its scenario."""
    content = scenario.resolved()
    defaults = {name: content[name] for name in ("strategies", "replications", "seed")}
    given = {**defaults, **values, "scenario": scenario}
    given.pop(RULES, None)
    own = {name_of_strategy(one): one for one in content["strategies"]}
    if isinstance(given["strategies"], list | tuple):
        given["strategies"] = [own.get(one, one) if isinstance(one, str) else one for one in given["strategies"]]
    return given
