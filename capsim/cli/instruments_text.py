"""What can be read of agencies: as text for people and as rows for machines."""

from __future__ import annotations

import textwrap
from typing import Any

from capsim.catalogue import ACTIVITIES, INSTRUMENTS, LOGGED, TARGETINGS, Instrument
from capsim.cli.tables import page_width
from capsim.parameters import PARAMETERS

__all__ = ["instrument_rows", "instruments_text"]

_OPENING = (
    "What can be read of agencies. A strategy sees nothing else of their inner state. Readings that an activity buys "
    "cost its hours, in whole units; an agency gets at most one unit in so many months."
)


def instrument_rows() -> list[dict[str, Any]]:
    """Every instrument with the activities that buy it, its scale, its noise at the defaults, and who goes by it."""
    return [
        {
            "name": one.name,
            "title": one.title,
            "meaning": one.meaning,
            "scale": one.scale,
            "bought_by": _bought_by(one),
            "noise": {name: PARAMETERS[name].default for name in one.noise},
            "targetings": _targetings(one),
            "columns": list(one.logged),
            "source": one.source,
        }
        for one in INSTRUMENTS.values()
    ]


def instruments_text() -> str:
    """Every instrument: what it reads, who buys it, on which scale, with which noise, and its source."""
    blocks = [textwrap.fill(_OPENING, page_width())]
    for one in INSTRUMENTS.values():
        lines = [one.name, *_wrapped("    ", f"{one.meaning} [{one.source}]")]
        for what, text in (
            ("bought by", _how_bought(one)),
            ("scale", one.scale),
            ("noise", _noise(one)),
            ("used by", _used_by(one)),
            ("recorded", ", ".join(LOGGED[name].name for name in one.logged)),
        ):
            lines += _wrapped(f"    {what:<11}", text)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _bought_by(one: Instrument) -> list[str]:
    return [activity.name for activity in ACTIVITIES.values() if activity.yields == one.name]


def _how_bought(one: Instrument) -> str:
    bought = [
        f"{name} ({PARAMETERS[f'{name}_ta_hours'].default:g} TA hours a unit, at most every "
        f"{PARAMETERS[f'{name}_every_months'].default:g} months)"
        for name in _bought_by(one)
    ]
    return ", ".join(bought) or "nothing: it is free"


def _noise(one: Instrument) -> str:
    return ", ".join(f"{name} {PARAMETERS[name].default:g}" for name in one.noise)


def _targetings(one: Instrument) -> list[str]:
    """Targetings that go by it; an expert's rating stands in for a rubric."""
    reads = "rubric" if one.name == "expert" else one.name
    return [part.name for part in TARGETINGS.values() if reads in part.reads]


def _used_by(one: Instrument) -> str:
    targetings = _targetings(one)
    if not targetings:
        return "nothing"
    also = " and target_capacities" if one.name in {"rubric", "expert"} else ""
    return f"targeting {', '.join(targetings)}{also}"


def _wrapped(opening: str, text: str) -> list[str]:
    return textwrap.wrap(text, page_width(), initial_indent=opening, subsequent_indent=" " * len(opening))
