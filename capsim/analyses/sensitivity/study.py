"""What a study file of kind sensitivity says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from capsim.runs.points import study_scenario
from capsim.runs.study import StudyPart
from capsim.scenario.values import Text, Whole

__all__ = ["SensitivityStudy"]


class SensitivityStudy(StudyPart):
    """A sensitivity analysis; see `capsim.sensitivity`.

    Parameters
    ----------
    parameters : tuple of str
        Every assumed parameter that the scenario leaves open, without it.
    method : {"sobol", "morris", "pawn", "delta"}
    n : int
    outcome : str
        Column of the runs; the scenario's question without it.
    contrast : (str, str)
        The scenario's question without it.
    dummy : bool
    """

    kind: Literal["sensitivity"] = "sensitivity"
    parameters: tuple[Text, ...] = ()
    method: Literal["sobol", "morris", "pawn", "delta"] = "sobol"
    n: Annotated[Whole, Field(ge=4, le=1_000_000)] = 64
    outcome: Text = "question"
    contrast: Annotated[tuple[Text, ...], Field(max_length=2)] = ()
    dummy: bool = True

    def arguments(self) -> dict[str, Any]:
        """Arguments of `sensitivity`, the scenario among them."""
        return {
            "scenario": study_scenario(self),
            "parameters": self.parameters or None,
            "method": self.method,
            "n": self.n,
            "strategies": tuple(name for name in self.strategy_names if name != "none"),
            "outcome": None if self.outcome == "question" else self.outcome,
            "contrast": self.contrast or None,
            "replications": self.replications,
            "dummy": self.dummy,
        }
