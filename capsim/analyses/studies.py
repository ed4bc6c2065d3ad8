"""What study files of the kinds sensitivity, calibrate and optimize say. And what every analysis may be told about
its runs: keywords that stand once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from capsim.analyses.mixes import ingredients
from capsim.analyses.objectives import aims_of, check_structures
from capsim.comparison.asking import (
    Running,
    check_running,
    outcome_column,
    refuse_unknown,
    strategies_compared,
    strategy_names,
)
from capsim.errors import Problems
from capsim.numbers import whole_number
from capsim.runs.points import Evaluate, input_bounds
from capsim.runs.study import StudyPart
from capsim.runs.study_plan import study_scenario
from capsim.runs.sweep import evaluators
from capsim.scenario import Scenario, Structure, as_scenario
from capsim.scenario.values import FrozenMapping, Number, PartError, Text, Whole, empty_if_nothing

Counted = Literal["question", "pupils", "districts", "positions"]
"""How districts count in means."""


Structures = Annotated[
    Mapping[Text, Annotated[Structure | None, BeforeValidator(lambda said: said or None)]],
    BeforeValidator(empty_if_nothing),
    AfterValidator(FrozenMapping),
    PlainSerializer(
        lambda structures: {
            name: {} if one is None else one.model_dump(mode="json") for name, one in structures.items()
        }
    ),
]
"""Structures of regional agencies by name; an empty one is today's."""

_AS_ASKED = ("weight", "question")


class _Analysis(StudyPart):
    """A study whose own keys are arguments of a function; text and lists that are empty are left to its defaults."""

    @model_validator(mode="after")
    def _names_mean_something(self) -> _Analysis:
        problems = Problems()
        self._ask(problems, self.arguments())
        if problems:
            raise PartError([(key, text) for key, _, text in (line.partition(": ") for line in problems)])
        return self

    def _ask(self, problems: Problems, given: Mapping[str, Any]) -> None:
        """Note which names the function would refuse among these arguments."""
        raise NotImplementedError

    def arguments(self) -> dict[str, Any]:
        """Arguments of the function, the scenario among them."""
        own = type(self).__annotations__.keys() - StudyPart.model_fields.keys() - {"kind", "files", "folders"}
        given = {name: getattr(self, name) for name in sorted(own)}
        return {
            "scenario": study_scenario(self),
            "replications": self.replications,
            **{name: value for name, value in given.items() if value not in ((), "") and (name, value) != _AS_ASKED},
        }


class SensitivityStudy(_Analysis):
    """A sensitivity analysis; see `capsim.sensitivity`."""

    kind: Literal["sensitivity"] = "sensitivity"
    parameters: tuple[Text, ...] = ()
    method: Literal["sobol", "morris", "pawn", "delta"] = "sobol"
    n: Annotated[Whole, Field(ge=4, le=1_000_000)] = 64
    outcome: Text = "question"
    weight: Counted = "question"
    contrast: Annotated[tuple[Text, ...], Field(max_length=2)] = ()
    dummy: bool = True

    def arguments(self) -> dict[str, Any]:
        """Arguments of `sensitivity`, the scenario among them."""
        given = super().arguments()
        strategies = tuple(name for name in self.strategy_names if name != "none")
        return {**given, "strategies": strategies, "outcome": None if self.outcome == "question" else self.outcome}

    def _ask(self, problems: Problems, given: Mapping[str, Any]) -> None:
        problems.ask(strategies_compared, given["scenario"], None, given.get("contrast"))
        problems.ask(outcome_column, given["scenario"], given["outcome"])
        problems.ask(input_bounds, given["scenario"], given.get("parameters"))
        problems.ask(whole_number, "replications:", self.replications, least=2)


class CalibrateStudy(_Analysis):
    """A calibration; see `capsim.calibrate`. Paths in a file are relative to it."""

    files: ClassVar[tuple[str, ...]] = ("observed",)
    folders: ClassVar[tuple[str, ...]] = ("runs",)

    kind: Literal["calibrate"] = "calibrate"
    observed: Text
    parameters: Annotated[tuple[Text, ...], Field(min_length=1)]
    strategy: Text = "none"
    method: Literal["abc", "optuna"] = "abc"
    n: Annotated[Whole, Field(ge=40, le=10_000_000)] = 400
    share: Annotated[Number, Field(gt=0, le=0.5)] = 0.05
    top: Annotated[Whole, Field(ge=1, le=1000)] = 10
    runs: str = ""

    def _ask(self, problems: Problems, given: Mapping[str, Any]) -> None:
        problems.ask(strategy_names, given["scenario"], self.strategy, what="strategy:")
        problems.ask(input_bounds, given["scenario"], self.parameters, rules=False)


class OptimizeStudy(_Analysis):
    """An optimization; see `capsim.optimize`."""

    kind: Literal["optimize"] = "optimize"
    n: Annotated[Whole, Field(ge=1, le=1000)] = 40
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)] = ("use", "equity_size", "cost")
    robust: Literal["mean", "worst_tenth", "regret"] = "mean"
    draws: Annotated[Whole, Field(ge=4, le=100_000)] = 12
    weight: Counted = "question"
    activities: tuple[Text, ...] = ()
    targetings: tuple[Text, ...] = ()
    schedules: tuple[Text, ...] = ()
    focal_areas: tuple[int | Literal["all"], ...] = ("all",)
    search: Literal["design", "nsga2"] = "design"
    population: Annotated[Whole, Field(ge=4, le=1000)] = 20
    budgets: tuple[Annotated[Number, Field(ge=0, le=1e12)], ...] = ()
    uncertain: tuple[Text, ...] = ()
    chains: tuple[Literal["direct", "cascade"], ...] = ()
    structures: Structures = FrozenMapping()

    def arguments(self) -> dict[str, Any]:
        """Arguments of `optimize`, the scenario among them."""
        return {**super().arguments(), "structures": self.resolved().get("structures", {})}

    def _ask(self, problems: Problems, given: Mapping[str, Any]) -> None:

        named = {name: given[name] for name in ("activities", "targetings", "schedules") if name in given}
        problems.ask(aims_of, self.objectives, given["scenario"].question.weight)
        problems.ask(ingredients, **named)
        problems.ask(input_bounds, given["scenario"], given.get("uncertain"), what="uncertain")
        problems.ask(check_structures, given["scenario"], given["structures"])

    def resolved(self) -> dict[str, Any]:
        """Every value as plain data; a search in the agencies of today keeps the identity that it always had."""
        content = super().resolved()
        return {key: value for key, value in content.items() if value or key not in ("chains", "structures")}


class Stored(Running, total=False):
    """Keywords of `capsim.calibrate`, `capsim.optimize` and `capsim.sensitivity` beside those of every comparison.

    Parameters
    ----------
    store : path, optional
        Folder in which runs are stored as they end; the same call goes on where it was interrupted, and another design
        of the same parameters uses what is there.
    """

    store: str | os.PathLike[str] | None


class Weighed(Stored, total=False):
    """Keywords of `capsim.optimize` and `capsim.sensitivity` beside those.

    Parameters
    ----------
    weight : {"pupils", "districts", "positions"}, optional
        How districts count in means, instead of what the scenario's question says.
    """

    weight: str | None


_USUAL: Stored = {"workers": 1, "seed": None, "store": None, "progress": None}


def begin(what: str, scenario: Any, given: Stored, **paths: object) -> tuple[Scenario, Problems, Stored]:
    """The scenario, all keywords, and what is wrong with them so far; `paths` are others to be checked."""
    refuse_unknown(what, given, _USUAL)
    run: Stored = {**_USUAL, **given}
    scenario = as_scenario(scenario, seed=run["seed"])
    problems = Problems()
    check_running(problems, run["workers"], run["progress"], store=run["store"], **paths)
    return scenario, problems, run


def evaluators_of(run: Stored, kind: str) -> AbstractContextManager[Callable[..., Evaluate]]:
    """What makes evaluators of points, in memory or through the folder."""
    return evaluators(run["store"], kind=kind, workers=run["workers"], progress=run["progress"])
