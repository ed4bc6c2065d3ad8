"""What Mesa's DataCollector collects of a CapacityModel. Measures come from the record, months later if need be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from mesa.datacollection import DataCollector

from capsim.catalogue import MEASURES
from capsim.model.organization import Organization
from capsim.model.staff import Staff

if TYPE_CHECKING:
    from capsim.model.capacity_model import CapacityModel

__all__ = ["PastMonth", "build_collector"]


def build_collector(
    model_reporters: Mapping[str, Any] | None,
    agent_reporters: Mapping[str, Any] | None,
    agenttype_reporters: Mapping[type, Mapping[str, Any]] | None,
) -> DataCollector:
    """Collector of every measure and of what the user asks for."""
    measures = {name: partial(_report, name) for name in MEASURES}
    return DataCollector(
        model_reporters={**measures, **(model_reporters or {})},
        agent_reporters=_of_both_types(agent_reporters),
        agenttype_reporters=agenttype_reporters,
    )


class PastMonth:
    """What the collector needs of a model, for a month that is over.

    Parameters
    ----------
    model : CapacityModel
    month : int
        From 1.
    """

    def __init__(self, model: CapacityModel, month: int) -> None:
        self.steps, self.time = month, float(month)
        self._model = model

    def measure(self, name: str) -> float:
        """A measure at the end of that month, as mean over LEAs."""
        return self._model.measure(name, month=self.steps)


def _report(name: str, model: CapacityModel | PastMonth) -> float:
    return model.measure(name)


def _of_both_types(reporters: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Agent reporters; an attribute that only staff or only organizations have is None for the others."""
    if reporters is None:
        return None
    ours = {name: what for name, what in reporters.items() if isinstance(what, str) and _is_ours(what)}
    return {**reporters, **{name: partial(_attribute, what) for name, what in ours.items()}}


def _is_ours(attribute: str) -> bool:
    return hasattr(Staff, attribute) or hasattr(Organization, attribute)


def _attribute(name: str, agent: Any) -> Any:
    return getattr(agent, name, None)
