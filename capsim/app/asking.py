"""From what the page asks to a scenario: which file, which numbers differ. Refuses what a browser may not ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from capsim.catalogue import BASELINE, STRATEGIES
from capsim.comparison.moving import problem_with_parameter
from capsim.errors import InputError, nearest_name
from capsim.scenario import Scenario, load_scenario, scenario_from_mapping, shipped_scenarios
from capsim.scenario.checks import name_of_strategy

MOST_WORLDS = 200
MOST_PLANS = 8
MOST_FILES = 40
"""Files that are kept of all sessions; the oldest goes first."""
LARGEST_FILE_BYTES = 1_000_000

Worlds = Annotated[int, Field(ge=2, le=MOST_WORLDS)]
Luck = Annotated[int, Field(ge=0, le=2**31)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Asked = TypeVar("Asked", bound=BaseModel)


class Form(BaseModel):
    """What the page sends; a key that nobody knows is refused."""

    model_config = ConfigDict(extra="forbid")


class Question(Form):
    """What every screen asks: a shipped scenario, "own" (that of the command) or the id of an uploaded file; parameters
    that differ from it, and a budget as it counts one; plans, to which no help is always added; the seed of all worlds
    and their number; whether assumptions and rules are drawn as well (doubt).
    """

    scenario: Name
    parameters: dict[Name, float] = Field(default_factory=dict, max_length=40)
    budget: Annotated[float, Field(ge=0)] | None = None
    plans: Annotated[list[Name], Field(min_length=1, max_length=MOST_PLANS)]
    luck: Luck = 1
    worlds: Worlds = 16
    doubt: bool = False


class Left(Form):
    """Somebody whom the user lets go: the holder of a seat at the end of a month, whatever the plan."""

    seat: Annotated[int, Field(ge=0)]
    month: Annotated[int, Field(ge=0, le=1200)]


class DistrictQuestion(Question):
    """One agency under one or two plans, with those who are made to leave."""

    agency: Name
    world: Annotated[int, Field(ge=1, le=MOST_WORLDS)] = 1
    leaves: Annotated[list[Left], Field(max_length=50)] = Field(default_factory=list)


class MapQuestion(Question):
    """Where the answer turns along a parameter."""

    along: Name = "lea_annual_exit"

    @field_validator("along")
    @classmethod
    def _has_a_range(cls, name: str) -> str:
        if (problem := problem_with_parameter(name)) is not None:
            raise ValueError(problem)
        return name


@dataclass
class Files:
    """The scenarios that can be asked about: shipped ones, that of the command, uploaded ones."""

    own: Scenario | None = None
    uploaded: dict[str, Scenario] = field(default_factory=dict)

    def keep(self, file_id: str, scenario: Scenario) -> None:
        """Keep an uploaded scenario."""
        while len(self.uploaded) >= MOST_FILES:
            del self.uploaded[next(iter(self.uploaded))]
        self.uploaded[file_id] = scenario

    def named(self, name: str) -> Scenario:
        """The scenario of a name."""
        if name == "own" and self.own is not None:
            return self.own
        if name in self.uploaded:
            return self.uploaded[name]
        if name in shipped_scenarios():
            return load_scenario(str(name))
        if len(name) > 30 or name == "own":
            raise InputError("this file is no longer open here; open it again")
        known = shipped_scenarios()
        raise InputError(f"no scenario {name!r}; there are {', '.join(known)}{nearest_name(name, known)}")


def question_of(given: Any, kind: type[Asked]) -> Asked:
    """What was asked, checked; an `InputError` has a line for each key that is wrong."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise InputError(
            f"{'.'.join(map(str, one['loc'])) or 'request'}: {one['msg'][:1].lower()}{one['msg'][1:]}"
            for one in error.errors()
        ) from None


def asked_scenario(files: Files, asked: Question) -> Scenario:
    """The scenario of the file with what was asked instead: `changes_of`, checked as any scenario is."""
    base = files.named(asked.scenario)
    return scenario_from_mapping({**base.resolved(), **changes_of(base, asked)})


def changes_of(base: Scenario, asked: Question) -> dict[str, Any]:
    """Keys of a file that differ, with all that stands under them."""
    content = base.resolved()
    plans = list(dict.fromkeys(name for name in asked.plans if name != BASELINE))
    if not plans:
        raise InputError("plans: tick at least one")
    assistance: dict[str, Any] = dict(content["assistance"])
    if asked.budget is not None:
        assistance[next(key for key in assistance if key.startswith("budget_"))] = asked.budget
    return {
        "parameters": {**content["parameters"], **asked.parameters},
        "assistance": assistance,
        "strategies": [BASELINE, *(_definition(content, name) for name in plans)],
        "question": {**content["question"], "contrast": [plans[0], plans[1] if len(plans) > 1 else BASELINE]},
        "replications": asked.worlds,
        "seed": asked.luck,
        "uncertainty": "none" if not asked.doubt else "structure" if base.uncertainty == "none" else base.uncertainty,
    }


def _definition(content: Mapping[str, Any], name: str) -> Any:
    """What a file says of a plan; a shipped one is its name."""
    for one in content["strategies"]:
        if name_of_strategy(one) == name:
            return one
    if name in STRATEGIES:
        return name
    raise InputError(f"plans: no plan {name!r} here{nearest_name(name, STRATEGIES)}")
