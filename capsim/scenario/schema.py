"""The scenario: everything a file may ask for, validated, resolved and frozen."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from capsim.paths import read_bytes
from capsim.scenario.agency_choice import Agencies
from capsim.scenario.checks import cross_problems, name_of_strategy
from capsim.scenario.compositions import MOST_FOCAL_AREAS, Strategy
from capsim.scenario.frozen import FrozenMapping
from capsim.scenario.parts import Assistance, Month, Overrides, Question, Timeline
from capsim.scenario.values import Part, PartError, Seed, Text, Whole, each_once

__all__ = ["DEFAULT_FOCAL_AREAS", "Scenario", "scenario_hash"]

DEFAULT_FOCAL_AREAS = ("equity", "integration", "alignment_and_coherence", "data_use", "school_safety")
"""The first three are named in the source documents; the last two are assumed."""


class Scenario(Part):
    """A situation and the strategies compared in it.

    Made from a file by `load_scenario`, from a mapping by `scenario_from_mapping`.

    Parameters
    ----------
    name : str
    focal_areas : tuple of str
        The K areas of capacity, 1 to 12, each named once.
    agencies : Agencies
    question : Question
    timeline : Timeline
        Months.
    parameters : mapping of str to float
        Only what differs from the defaults.
    uncertainty : {"assumed", "none"}
        Whether assumed parameters are drawn from their priors.
    month : Month
    assistance : Assistance
        TA hours per year.
    strategies : tuple of (str, Composition or PluginStrategy)
        A str is the name of a shipped strategy.
    replications : int
        At least 2.
    seed : int
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Text
    focal_areas: Annotated[
        tuple[Text, ...], Field(min_length=1, max_length=MOST_FOCAL_AREAS), AfterValidator(each_once)
    ] = DEFAULT_FOCAL_AREAS
    agencies: Agencies
    question: Question
    timeline: Timeline = Timeline()
    parameters: Overrides = FrozenMapping()
    uncertainty: Literal["assumed", "none"] = "assumed"
    month: Month = Month()
    assistance: Assistance
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=2)]
    replications: Annotated[Whole, Field(ge=2, le=1_000_000)] = 32
    seed: Seed = 1

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Scenario:
        problems = list(cross_problems(dict(self)))
        if problems:
            raise PartError([(".".join(map(str, path)), message) for path, message in problems])
        return self

    @property
    def strategy_names(self) -> tuple[str, ...]:
        """Names of the strategies, in the order of the file."""
        return tuple(name_of_strategy(strategy) for strategy in self.strategies)

    def resolved(self) -> dict[str, Any]:
        """Every value, given or default, as plain lists, mappings, numbers and strings.

        `scenario_from_mapping` makes an equal scenario of it.
        """
        return self.model_dump(mode="json")


def scenario_hash(scenario: Scenario, *, leave_out: tuple[str, ...] = ()) -> str:
    """Identity of a scenario by content, 64 hexadecimal digits (SHA-256).

    The order of keys, comments and the place of files do not enter; the content of a CSV, edge list or survey does.

    Parameters
    ----------
    scenario : Scenario
    leave_out : tuple of str
        Top-level keys that do not enter.

    Raises
    ------
    InputError
        If the user's CSV, edge list or survey can no longer be read.
    """
    content = scenario.resolved()
    agencies = content["agencies"]
    if scenario.agencies.own_file:
        agencies["source"] = _digest(scenario.agencies.source)
    if scenario.agencies.edges:
        agencies["edges"] = _digest(scenario.agencies.edges)
    if scenario.agencies.survey:
        agencies["survey"] = _digest(scenario.agencies.survey)
    for name in leave_out:
        del content[name]
    canonical = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _digest(path: str) -> str:
    return "sha256:" + hashlib.sha256(read_bytes(path, what="a table")).hexdigest()
