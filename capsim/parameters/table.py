"""The one table of parameters, and how values are resolved or drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from capsim.catalogue.activities import ACTIVITIES
from capsim.catalogue.rows import table_of
from capsim.errors import InputError, nearest_name
from capsim.parameters import declared
from capsim.parameters.activities import parameters_of
from capsim.parameters.declaration import Parameter, Values
from capsim.streams.keys import uniform_for_name

PARAMETERS: Mapping[str, Parameter] = table_of(
    *declared.TURNOVER,
    *declared.LEARNING,
    *declared.NETWORKS,
    *declared.CLIMATE,
    *declared.IMPLEMENTATION,
    *declared.ASSISTANCE,
    *declared.INSTRUMENTS,
    *(parameter for activity in ACTIVITIES.values() for parameter in parameters_of(activity)),
    *declared.AGENCIES,
)
"""Every declared parameter by name, in the order of the documentation."""


def assumed_parameters() -> tuple[Parameter, ...]:
    """Parameters whose default is assumed and which therefore carry a prior."""
    return tuple(p for p in PARAMETERS.values() if p.assumed)


def resolve_values(overrides: Mapping[str, float] | None = None) -> Values:
    """Defaults with the overrides of a scenario.

    Raises
    ------
    InputError
        For every unknown name and every value out of range, all at once.
    """
    overrides = overrides or {}
    problems = []
    for name, value in overrides.items():
        if name not in PARAMETERS:
            problems.append(f"parameters.{name}: unknown parameter{nearest_name(name, PARAMETERS)}")
        elif (problem := PARAMETERS[name].problem_with(value)) is not None:
            problems.append(f"parameters.{name}: {problem}")
    if problems:
        raise InputError(problems)
    return MappingProxyType({name: float(overrides.get(name, p.default)) for name, p in PARAMETERS.items()})


def draw_values(overrides: Mapping[str, float], draw_key: int) -> Values:
    """Values with every assumed parameter drawn from its prior, except those the scenario fixes.

    Each parameter has a uniform number of its own, keyed by `draw_key` and its name, so that declaring another
    parameter changes no existing draw.
    """
    values = dict(resolve_values(overrides))
    for parameter in assumed_parameters():
        if parameter.name not in overrides:
            values[parameter.name] = parameter.quantile(uniform_for_name(draw_key, parameter.name))
    return MappingProxyType(values)
