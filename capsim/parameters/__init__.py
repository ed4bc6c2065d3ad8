"""Every parameter of the model, declared once: name, unit, default, range, prior, source."""

from capsim.parameters.declaration import Parameter, Values
from capsim.parameters.table import PARAMETERS, assumed_parameters, draw_values, resolve_values

__all__ = ["PARAMETERS", "Parameter", "Values", "assumed_parameters", "draw_values", "resolve_values"]
