"""What a study file of kind calibrate says."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from capsim.runs.points import study_scenario
from capsim.runs.study import StudyPart
from capsim.scenario.values import Number, Text, Whole

__all__ = ["CalibrateStudy"]


class CalibrateStudy(StudyPart):
    """A calibration; see `capsim.calibrate`.

    Parameters
    ----------
    observed : str
        CSV; in a file, a path relative to that file.
    parameters : tuple of str
    strategy : str
        Under which the data were observed.
    method : {"abc", "optuna"}
    n : int
    share : float
    top : int
    runs : str
        Folder of stored runs to use instead of new ones; in a file, a path relative to that file.
    """

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

    def arguments(self) -> dict[str, Any]:
        """Arguments of `calibrate`, the scenario among them."""
        return {
            "scenario": study_scenario(self),
            "observed": self.observed,
            "parameters": self.parameters,
            "strategy": self.strategy,
            "method": self.method,
            "n": self.n,
            "share": self.share,
            "top": self.top,
            "replications": self.replications,
            "runs": self.runs or None,
        }
