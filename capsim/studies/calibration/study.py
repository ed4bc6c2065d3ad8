"""What a study file of kind calibrate says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from capsim.scenario.values import Number, Text, Whole
from capsim.studies.points.evaluating import study_scenario
from capsim.studies.study.study import StudyPart

__all__ = ["CalibrateStudy"]


class CalibrateStudy(StudyPart):
    """A calibration; see `capsim.calibrate`.

    Parameters
    ----------
    observed : str
        CSV; a relative path is relative to the folder where the command runs.
    parameters : tuple of str
    strategy : str
        Under which the data were observed.
    method : {"abc", "optuna"}
    n : int
    share : float
    top : int
    """

    kind: Literal["calibrate"] = "calibrate"
    observed: Text
    parameters: Annotated[tuple[Text, ...], Field(min_length=1)]
    strategy: Text = "none"
    method: Literal["abc", "optuna"] = "abc"
    n: Annotated[Whole, Field(ge=40, le=10_000_000)] = 400
    share: Annotated[Number, Field(gt=0, le=0.5)] = 0.05
    top: Annotated[Whole, Field(ge=1, le=1000)] = 10

    def arguments(self) -> dict[str, Any]:
        """Arguments of `calibrate`, the scenario among them."""
        return {
            "scenario": study_scenario(self), "observed": self.observed, "parameters": self.parameters,
            "strategy": self.strategy, "method": self.method, "n": self.n, "share": self.share, "top": self.top,
            "replications": self.replications,
        }  # fmt: skip
