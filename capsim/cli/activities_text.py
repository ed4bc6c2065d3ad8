"""The activities as a table for people and as rows for machines."""

from __future__ import annotations

import textwrap
from typing import Any

from capsim.catalogue import ACTIVITIES, RECIPIENTS, Activity
from capsim.cli.tables import page_width, text_table

__all__ = ["activities_text", "activity_rows"]

_OPENING = (
    "What one unit of each activity takes and does, at the defaults. TA h: hours of assistance; own h: hours of each "
    "participant; needs: skill or routine at which an agency is half ready for it; dollars: travel, venue and "
    "printing beside the hours. An effect is the share of the remaining gap that one unit closes in a fully receptive "
    "agency; on skill it is knowledge x transfer; on ties it is a rate of new ones for each participant. What has no "
    "area helps the agency as a whole. The keys in brackets (docs/sources.md) are sources for what an activity does "
    "and for the order of effects; their size is assumed, and capsim list parameters has its range."
)
_WORDS = {"commitment": "less committed time"}
"""Channels whose names would be misread."""
_HEADER = ("activity", "tier", "who", "builds", "TA h", "own h", "seats", "needs", "dollars")
_TRAITS = (
    "name",
    "title",
    "tier",
    "participants",
    "prerequisite_of",
    "builds",
    "channels",
    "meaning",
    "source",
    "yields",
    "levels",
    "by_area",
)
_NUMBERS = ("ta_hours", "recipient_hours", "seats", "prerequisite", "dollars")


def _effects(activity: Activity) -> dict[str, Any]:
    """Default effect by channel; knowledge and transfer for skill."""
    return {
        effect.channel: {"knowledge": effect.size, "transfer": effect.transfer}
        if effect.channel == "skill"
        else effect.size
        for effect in activity.effects
    }


def activity_rows() -> list[dict[str, Any]]:
    """Every activity with its traits, its numbers for one unit and its effects, at the defaults."""
    return [
        {
            **{trait: getattr(one, trait) for trait in _TRAITS},
            **{what: getattr(one, what) for what in _NUMBERS},
            "effects": _effects(one),
        }
        for one in ACTIVITIES.values()
    ]


def activities_text() -> str:
    """The table; below each row the activity's meaning, effects and source."""
    header, rule, *lines = text_table(_HEADER, [_cells(one) for one in ACTIVITIES.values()], align="llllrrrlr").split(
        "\n"
    )
    parts = [textwrap.fill(_OPENING, page_width()), "", header, rule]
    for line, one in zip(lines, ACTIVITIES.values(), strict=True):
        parts += [line, *_below(one.meaning), *_below(f"{_effects_in_words(one)} [{one.source}]")]
    return "\n".join(parts)


def _below(text: str) -> list[str]:
    return textwrap.wrap(text, page_width(), initial_indent="    ", subsequent_indent="    ")


def _cells(one: Activity) -> list[str]:
    takes = [f"{getattr(one, what):g}" for what in ("ta_hours", "recipient_hours", "seats")]
    needed = one.prerequisite
    return [
        one.name,
        one.tier,
        one.participants,
        one.builds,
        *takes,
        f"{one.prerequisite_of} {needed:.2f}" if needed else "nothing",
        f"{one.dollars:,g}",
    ]


def _effects_in_words(one: Activity) -> str:
    found = [
        f"{channel.replace('_', ' ')} {value['knowledge']:g} x {value['transfer']:g}"
        if isinstance(value, dict)
        else f"{_WORDS.get(channel, channel.replace('_', ' '))} {value:g}"
        for channel, value in _effects(one).items()
    ]
    if one.yields:
        found.append(f"a reading ({one.yields})")
    only = "" if set(one.levels) == set(RECIPIENTS) else f"; only in {', '.join(one.levels)}"
    return f"Effect: {', '.join(found)}{'' if one.by_area else '; no area'}{only}."
