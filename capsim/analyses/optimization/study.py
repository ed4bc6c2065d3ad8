"""What a study file of kind optimize says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from capsim.runs.points import study_scenario
from capsim.runs.study import StudyPart
from capsim.scenario.values import Number, Text, Whole

__all__ = ["OptimizeStudy"]


class OptimizeStudy(StudyPart):
    """An optimization; see `capsim.optimize`.

    Parameters
    ----------
    n : int
        Candidates.
    objectives : tuple of str
    robust : {"mean", "worst_tenth", "regret"}
    draws : int
    activities, targetings, schedules : tuple of str
        Everything in the catalogue without it.
    focal_areas : tuple of int or "all"
    search : {"design", "nsga2"}
    population : int
    budgets : tuple of float
        TA hours per year; the scenario's budget without it.
    uncertain : tuple of str
        Every assumed parameter that the scenario leaves open, without it.
    """

    kind: Literal["optimize"] = "optimize"
    n: Annotated[Whole, Field(ge=1, le=1000)] = 40
    objectives: Annotated[tuple[Text, ...], Field(min_length=1)] = ("use", "equity_size", "cost")
    robust: Literal["mean", "worst_tenth", "regret"] = "mean"
    draws: Annotated[Whole, Field(ge=4, le=100_000)] = 12
    activities: tuple[Text, ...] = ()
    targetings: tuple[Text, ...] = ()
    schedules: tuple[Text, ...] = ()
    focal_areas: tuple[int | Literal["all"], ...] = ("all",)
    search: Literal["design", "nsga2"] = "design"
    population: Annotated[Whole, Field(ge=4, le=1000)] = 20
    budgets: tuple[Annotated[Number, Field(ge=0, le=1e12)], ...] = ()
    uncertain: tuple[Text, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Arguments of `optimize`, the scenario among them."""
        names = ("n", "objectives", "robust", "draws", "replications", "focal_areas", "search", "population", "budgets")
        empty_is_all = ("activities", "targetings", "schedules", "uncertain")
        return {
            "scenario": study_scenario(self),
            **{name: getattr(self, name) for name in names},
            **{name: getattr(self, name) or None for name in empty_is_all},
        }
