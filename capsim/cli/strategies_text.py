"""The shipped strategies in words and as rows for machines."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from capsim.catalogue import CHAINS, CODESIGN_PHASES, GROUPINGS, SCHEDULES, STRATEGIES, TARGETINGS, Recipe
from capsim.cli.tables import page_width

__all__ = ["strategies_text", "strategy_rows"]

_LEVELS = {"sea": "state agency", "esa": "regional agencies", "lea": "districts", "school": "schools"}
_OPENING = (
    "Percentages are shares of the TA hours, which are the same for every strategy; they are assumed, and the keys in "
    "brackets (docs/sources.md) say where the idea of the strategy comes from, not its figures. Assessments, "
    "screenings, stocktakes, visits and reviews go to all the agencies named in turn, whatever the targeting. capsim "
    "list activities says what each activity is."
)


def strategy_rows() -> list[dict[str, Any]]:
    """Every shipped strategy with all its parts, and in words."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "activities": dict(one.activities),
            "targeting": one.targeting if isinstance(one.targeting, str) else dict(one.targeting),
            "methods": [dict(mix) for mix in one.methods],
            "target_capacities": one.target_capacities,
            "exit_activities": dict(one.exit_activities),
            "schedule": one.schedule,
            "codesign": one.codesign,
            "focal_areas": (list(one.focal_areas) if isinstance(one.focal_areas, tuple) else one.focal_areas) or "all",
            "chain": one.chain,
            "grouping": one.grouping,
            "recipients": dict(one.recipients) if isinstance(one.recipients, Mapping) else list(one.recipients),
            "meaning": one.meaning,
            "source": one.source,
            "what": " ".join(f"{what}: {text}." for what, text in _parts(one)),
        }
        for one in STRATEGIES.values()
    ]


def strategies_text() -> str:
    """Every shipped strategy: what it does, its source, and what it does with the hours."""
    parts = [textwrap.fill(_OPENING, page_width())]
    for one in STRATEGIES.values():
        lines = [one.name, *_wrapped("    ", f"{one.meaning} [{one.source}]")]
        for what, text in _parts(one):
            lines += _wrapped(f"    {what:<9}", text)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _wrapped(opening: str, text: str) -> list[str]:
    return textwrap.wrap(text, page_width(), initial_indent=opening, subsequent_indent=" " * len(opening))


def _parts(one: Recipe) -> list[tuple[str, str]]:
    """What the hours are for, to whom, how and when they go; nothing for a strategy without hours."""
    if not one.activities:
        return []
    return [("hours", _hours(one)), ("to", _to(one)), ("how", _how(one)), ("when", _when(one))]


def _mix(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.items())


def _hours(one: Recipe) -> str:
    if one.methods:
        text = "by area in turn: " + "; ".join(_mix(mix) for mix in one.methods)
    else:
        text = _mix(one.activities)
    if one.target_capacities:
        text += "; more for people where skill reads low, more for the organization where routine does"
    return text


def _to(one: Recipe) -> str:
    if isinstance(one.recipients, Mapping):
        whom = ", ".join(f"{_LEVELS[level]} {share:.0%}" for level, share in one.recipients.items())
    else:
        whom = ", ".join(_LEVELS[level] for level in one.recipients)
    if isinstance(one.targeting, str):
        return f"{whom}; {_lower(TARGETINGS[one.targeting].title)}"
    aims = (f"{tier} activities: {_lower(TARGETINGS[name].title)}" for tier, name in one.targeting.items())
    return f"{whom}; {'; '.join(aims)}; the others: universal"


def _how(one: Recipe) -> str:
    if isinstance(one.focal_areas, tuple):
        focus = f"focal areas {', '.join(one.focal_areas)}"
    else:
        focus = f"{one.focal_areas} focal areas in each agency" if one.focal_areas else "all focal areas"
    parts = [_lower(CHAINS[one.chain].title), focus]
    if one.codesign != "none":
        parts.append(_lower(CODESIGN_PHASES[one.codesign].title))
    if one.grouping != "mixed":
        parts.append(_lower(GROUPINGS[one.grouping].title))
    return "; ".join(parts)


def _when(one: Recipe) -> str:
    text = _lower(SCHEDULES[one.schedule].title)
    if one.exit_activities:
        text += f"; in the last third {_mix(one.exit_activities)}"
    return text


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
