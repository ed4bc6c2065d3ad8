"""Which form of each rule is in force. Forms are named in the catalogue; what they say is written where they apply."""

from __future__ import annotations

from capsim.catalogue.rules import RULES
from capsim.parameters import Values

__all__ = ["form"]


def form(values: Values, rule: str) -> str:
    """Name of the form of a rule."""
    return RULES[rule].forms[int(values[RULES[rule].parameter])].name
