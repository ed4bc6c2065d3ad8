"""Study files: the part that every kind shares, and the sweep. Validated, resolved, frozen."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from capsim.catalogue import BASELINE, FLOWS, MEASURES, OUTCOME_MOMENTS, WEIGHTS, weighted, weighted_column
from capsim.catalogue.measures import EQUITY_GAPS, PLAIN
from capsim.errors import nearest_name
from capsim.runs.designs import Design, Factors, FullFactorial, design_problems
from capsim.scenario import Scenario
from capsim.scenario.checks import name_of_strategy, problems_of_names
from capsim.scenario.compositions import Strategy
from capsim.scenario.values import FrozenMapping, Number, Part, PartError, Seed, Text, Whole

CRN_MODES = ("policies", "all", "none")
"""Who shares luck: the strategies of a point and replicate; everything of a replicate; nobody."""

_LEDGER = (
    "capacity_years",
    "ta_hours",
    "unspent_hours",
    "recipient_hours",
    "turnkey_hours",
    "received_hours",
    "used_hours",
    "cost",
)
_WISHES = ("wishes_asked", "wishes_answered", "wishes_months", "wishes_said", "wishes_given")
"""How responsive the help was; undefined where wishes do not move it."""


def outcome_names(*, gains: bool, recorded: Collection[str] = tuple(MEASURES)) -> tuple[str, ...]:
    """Outcomes of a run in the order of their columns, with or without gains over the paired run without assistance.

    `recorded` are the columns of a record, see `Scenario.recorded`.
    """
    states = [name for name in recorded if name not in FLOWS]
    moments = [f"{name}_{moment}" for moment in OUTCOME_MOMENTS for name in (*states, *EQUITY_GAPS)]
    gaps = [
        f"{weighted(gap, weight)}_{moment}"
        for weight in WEIGHTS
        if weight != PLAIN
        for moment in OUTCOME_MOMENTS
        for gap in EQUITY_GAPS
    ]
    own = (*moments, *_LEDGER)
    plain = tuple(dict.fromkeys((*own, *(weighted_column(name, weight) for weight in WEIGHTS for name in own))))
    gained = [f"gain_{name}" for name in plain if name.startswith(tuple(states))]
    per_hours = dict.fromkeys(weighted_column("gain_per_1000_hours", weight) for weight in (PLAIN, *WEIGHTS))
    return (*plain, *gaps, *_WISHES, *gained, *per_hours) if gains else (*plain, *gaps, *_WISHES)


def usually_kept(scenario: Scenario) -> tuple[str, ...]:
    """What a sweep keeps of a record unless it names its outcomes: of use by area only that of the question."""
    by_area = {row.name for row in scenario.use_by_area.values()} - {scenario.asked.name}
    return tuple(name for name in scenario.recorded if name not in by_area)


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
