"""The smaller parts of a scenario: question, timeline, parameters, month, assistance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, model_validator

from capsim.catalogue import OUTCOMES, PROCESS_NAMES
from capsim.errors import nearest_name
from capsim.numbers import how_to_write
from capsim.parameters import PARAMETERS
from capsim.scenario.frozen import FrozenMapping
from capsim.scenario.values import (
    Number,
    Part,
    PartError,
    Text,
    Whole,
    each_once,
    empty_if_nothing,
    refuse_unknown,
    whole_or_word,
)

__all__ = ["Assistance", "Month", "Overrides", "Question", "Timeline"]

LONGEST_MONTHS = 600


def _months_or_auto(value: object) -> int | str:
    return whole_or_word(value, word="auto", low=0, high=LONGEST_MONTHS)


Measure = Annotated[str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("outcome", name, OUTCOMES))]
ProcessName = Annotated[
    str, Field(strict=True), AfterValidator(lambda name: refuse_unknown("process", name, PROCESS_NAMES))
]
Months = Annotated[Whole, Field(ge=0, le=LONGEST_MONTHS)]


class Question(Part):
    """The comparison that is answered in one sentence.

    Parameters
    ----------
    outcome : str
        A measure that is a state.
    at : {"assistance_end", "follow_up_end"}
        The month at whose end it is read.
    contrast : (str, str)
        Two strategies of the file: first minus second.
    """

    outcome: Measure = "use"
    at: Literal["assistance_end", "follow_up_end"] = "follow_up_end"
    contrast: Annotated[tuple[Text, ...], Field(min_length=2, max_length=2)]


class Timeline(Part):
    """Months without assistance before it, with it, and after it.

    Parameters
    ----------
    settling : int or "auto"
        Months; "auto" settles until the baseline stands still.
    assistance, follow_up : int
        Months, not both 0.
    """

    settling: Annotated[int | Literal["auto"], PlainValidator(_months_or_auto)] = "auto"
    assistance: Months = 60
    follow_up: Months = 60

    @model_validator(mode="after")
    def _has_months(self) -> Timeline:
        if self.assistance + self.follow_up == 0:
            raise ValueError("assistance and follow_up are both 0 months; at least one must be 1 or more")
        return self


class Month(Part):
    """Processes of the month that are switched off."""

    off: Annotated[tuple[ProcessName, ...], AfterValidator(each_once)] = ()


class Assistance(Part):
    """TA hours per year (not hours per agency) that every strategy may spend."""

    budget_hours_per_year: Annotated[Number, Field(ge=0, le=1e12)]


def _known_parameters(value: Mapping[str, float]) -> FrozenMapping[float]:
    problems = []
    for name, number in value.items():
        if name not in PARAMETERS:
            problems.append((name, f"unknown parameter{nearest_name(name, PARAMETERS)}"))
        elif (problem := PARAMETERS[name].problem_with(number)) is not None:
            problems.append((name, problem + (how_to_write(number) if isinstance(number, str) else "")))
    if problems:
        raise PartError(problems)
    return FrozenMapping({name: float(number) for name, number in value.items()})


Overrides = Annotated[
    Mapping[str, Any],
    BeforeValidator(empty_if_nothing),
    AfterValidator(_known_parameters),
    PlainSerializer(dict),
]
