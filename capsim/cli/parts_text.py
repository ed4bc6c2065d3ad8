"""The parts of a strategy besides activities: as text for people and as rows for machines."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any, NamedTuple

from capsim.catalogue import (
    CHAINS,
    CODESIGN_PHASES,
    CONTENTS,
    GROUPINGS,
    INSTRUMENTS,
    RECIPIENTS,
    SCHEDULES,
    TARGETINGS,
    Choice,
)
from capsim.cli.tables import page_width

__all__ = ["part_rows", "parts_text"]

_OPENING = (
    "What a strategy of one's own is composed of besides activities (capsim list activities). Each line says how it is "
    "written in a scenario file, below the strategy's name; capsim new scenario NAME writes an example."
)


class _Kind(NamedTuple):
    """One kind of part: heading, its rows, how one is written, and what else can be written there."""

    name: str
    heading: str
    parts: Mapping[str, Choice]
    written: str
    also: str = ""

    def line(self, part: Choice) -> str:
        """How the part is written in a scenario file."""
        return _EXAMPLES.get(part.name) or self.written.format(part.name)


_EXAMPLES = {
    "focal_areas": "delivery: {focal_areas: 2}",
    "methods": "methods: {equity: {coaching: 1.0}}",
    "target_capacities": "target_capacities: true",
    "exit_activities": "exit_activities: {sustainability_planning: 0.5, train_the_trainer: 0.5}",
}
"""Lines of parts that are written in another way than the others of their kind."""

_KINDS = (
    _Kind(
        "targeting",
        "Targeting: who gets the hours of targeted and intensive activities",
        TARGETINGS,
        "targeting: {}",
        "A targeting for each tier: targeting: {{targeted: volunteers, intensive: need}}; a tier that is not named is "
        "universal. Publications and webinars go to all recipients alike, and assessments, screenings, stocktakes, "
        "visits and reviews to all of them in turn.",
    ),
    _Kind("contents", "Contents: what is worked on", CONTENTS, "{}"),
    _Kind("schedule", "Schedule: when the hours are spent", SCHEDULES, "schedule: {}"),
    _Kind("codesign", "Co-design: when recipients share in the design", CODESIGN_PHASES, "delivery: {{codesign: {}}}"),
    _Kind("chain", "Chain: how it reaches those below the recipients", CHAINS, "delivery: {{chain: {}}}"),
    _Kind("grouping", "Grouping: who meets whom", GROUPINGS, "delivery: {{grouping: {}}}"),
    _Kind(
        "recipients",
        "Recipients: levels of agencies that receive it",
        RECIPIENTS,
        "delivery: {{recipients: [{}]}}",
        "Several levels: delivery: {{recipients: [esa, lea]}}; or with their shares of the hours: delivery: "
        "{{recipients: {{esa: 0.2, lea: 0.8}}}}. All of delivery stands in one pair of braces: delivery: {{chain: "
        "cascade, recipients: [esa], focal_areas: 2}}.",
    ),
)


def part_rows() -> list[dict[str, Any]]:
    """Every part with its kind, its meaning, the readings it goes by and how it is written."""
    return [
        {
            "name": part.name,
            "kind": kind.name,
            "title": part.title,
            "meaning": part.meaning,
            "reads": list(part.reads),
            "written": kind.line(part),
        }
        for kind in _KINDS
        for part in kind.parts.values()
    ]


def parts_text() -> str:
    """The parts by kind, each with its sentence and its line of a scenario file."""
    blocks = [textwrap.fill(_OPENING, page_width())]
    for kind in _KINDS:
        lines = [kind.heading]
        for part in kind.parts.values():
            lines += [f"  {part.name}", *_below(part.meaning + _needs(part)), f"      {kind.line(part)}"]
        lines += textwrap.wrap(kind.also.format(), page_width(), initial_indent="  ", subsequent_indent="  ")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _needs(part: Choice) -> str:
    """What it has to be able to read."""
    if not part.reads:
        return ""
    return f" Reads: {', '.join(INSTRUMENTS[name].title.lower() for name in part.reads)}."


def _below(text: str) -> list[str]:
    return textwrap.wrap(text, page_width(), initial_indent="      ", subsequent_indent="      ")
