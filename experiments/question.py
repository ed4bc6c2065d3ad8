"""What a folder asks: its question, the pairs that are compared, and along what the finding may flip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent


class Pair(BaseModel):
    """Two strategies: the outcome of the first minus that of the second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: str
    second: str
    asks: str
    outcome: str = ""


class Cause(BaseModel):
    """What is said to make a finding what it is, and the settings that take it away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cause: str
    parameters: Mapping[str, float] = {}
    rules: Mapping[str, str] = {}


class Small(BaseModel):
    """The version that is rerun by the tests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replications: int = 3
    sample: int = 10
    months: int = 24


class Question(BaseModel):
    """Contents of `question.yaml`.

    Attributes
    ----------
    title, question, why, assumed, explained : str
        Prose of the page; `why` names sources, `assumed` what the finding rests on, `explained` what in the model
        makes the finding what it is.
    causes : tuple of Cause
        Causes named in `explained` that are taken away, one at a time, at the base point.
    outcome : str
        Column of the runs.
    pairs : tuple of Pair
    along : str
        Factor of the study on the horizontal axis.
    across : str
        Second factor, for a map; empty without one.
    panels : str
        Third factor, for one map beside another; empty without one.
    words : mapping
        Names of strategies and factors as they are read.
    small : Small
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    question: str
    why: str
    assumed: str
    explained: str
    outcome: str = "use_follow_up_end"
    pairs: tuple[Pair, ...]
    causes: tuple[Cause, ...] = ()
    along: str
    across: str = ""
    panels: str = ""
    words: Mapping[str, str] = {}
    small: Small = Small()

    def word(self, name: str) -> str:
        """A strategy, factor or outcome as it is read."""
        return self.words.get(name, name.replace("_", " "))

    @property
    def factors(self) -> list[str]:
        """Factors of a picture."""
        return [self.along, *([self.across] if self.across else [])]

    def asked(self, pair: Mapping[str, Any]) -> str:
        """What a pair of the findings asks, and in which panel."""
        (asks,) = {
            one.asks
            for one in self.pairs
            if (one.first, one.second, self.outcome_of(one)) == (pair["first"], pair["second"], pair["outcome"])
        }
        return f"{asks} {self.word(self.panels).capitalize()}: {pair['panel']:g}." if self.panels else asks

    def outcome_of(self, pair: Pair) -> str:
        """Outcome by which a pair is judged."""
        return pair.outcome or self.outcome


def every_name() -> list[str]:
    """Names of all experiments."""
    return sorted(path.parent.name for path in FOLDER.glob("*/question.yaml"))


def read_question(name: str) -> Question:
    """The question of a folder."""
    text = (FOLDER / name / "question.yaml").read_text(encoding="utf-8")
    return Question.model_validate(yaml.safe_load(text))
