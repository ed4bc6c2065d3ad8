"""The parameters as a table, as rows for machines, and as the page docs/parameters.md."""

from __future__ import annotations

from typing import Any

from capsim.cli.tables import text_table
from capsim.parameters import PARAMETERS, Parameter

__all__ = ["parameter_rows", "parameters_markdown", "parameters_text"]

_GROUPS = {
    "turnover": "Turnover, hiring and shocks",
    "learning": "Learning and routines",
    "networks": "Advice and priorities",
    "climate": "Culture, engagement and data systems",
    "implementation": "Implementation",
    "assistance": "Assistance and money",
    "instruments": "Instruments",
    "activities": "Activities",
    "agencies": "Agencies and initial worlds",
}
_OPENING = """# Parameters

Every parameter of the model, made by `capsim list parameters --markdown` from `capsim/parameters/`; do not edit
this page.

A scenario changes a value under `parameters:`. *Plausible* is the range of the prior and of break-even searches;
*allowed* is what a scenario may ask for. A parameter with a prior is an assumption and is drawn from it when
`uncertainty: assumed`; one without is measured, calibrated or a choice of the user. Sources S1, S2 and so on are keys
of the list of sources.
"""


def parameter_rows() -> list[dict[str, Any]]:
    """Every parameter with all that is declared about it."""
    return [
        {
            "name": one.name,
            "group": one.group,
            "unit": one.unit,
            "default": one.default,
            "plausible": [one.low, one.high],
            "allowed": [one.minimum, one.maximum],
            "prior": one.prior,
            "source": one.source,
            "meaning": one.meaning,
        }
        for one in PARAMETERS.values()
    ]


def _groups() -> dict[str, list[Parameter]]:
    groups: dict[str, list[Parameter]] = {}
    for one in PARAMETERS.values():
        groups.setdefault(one.group, []).append(one)
    return groups


def _cells(one: Parameter) -> list[str]:
    return [
        one.name,
        one.unit,
        f"{one.default:g}",
        f"{one.low:g} to {one.high:g}",
        f"{one.minimum:g} to {one.maximum:g}",
        one.prior,
        one.source,
        one.meaning,
    ]


_HEADER = ("parameter", "unit", "default", "plausible", "allowed", "prior", "source", "meaning")


def parameters_text() -> str:
    """Tables of all groups for a terminal, the source behind the meaning."""
    parts = []
    header = [*_HEADER[:6], "meaning [source]"]
    for group, members in _groups().items():
        rows = [[*cells[:6], f"{cells[7]} [{cells[6]}]"] for cells in map(_cells, members)]
        parts.append(f"{_title(group)}\n\n{text_table(header, rows, align='llrllll')}")
    return "\n\n".join(parts)


def _title(group: str) -> str:
    return _GROUPS.get(group, group.replace("_", " ").capitalize())


def parameters_markdown() -> str:
    """The page docs/parameters.md."""
    parts = [_OPENING]
    for group, members in _groups().items():
        lines = [f"## {_title(group)}", "", "| " + " | ".join(_HEADER) + " |", "|---|---|--:|---|---|---|---|---|"]
        for one in members:
            name, *others = (cell.replace("|", "\\|") for cell in _cells(one))
            lines.append("| " + " | ".join([f"`{name}`", *others]) + " |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
