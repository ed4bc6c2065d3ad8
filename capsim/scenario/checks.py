"""Checks across the parts of a scenario, written so that they also run on a file that has other faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from capsim.errors import nearest_name
from capsim.scenario.agency_choice import problems_of_agencies
from capsim.scenario.compositions import Composition, PluginStrategy

__all__ = ["Path", "cross_problems", "name_of_strategy"]

Path = tuple[str | int, ...]
"""Where a value stands in a scenario: keys and positions from the top."""


def name_of_strategy(strategy: Any) -> str:
    """Name of a strategy, validated or as written in a file; empty when it has none."""
    if isinstance(strategy, str):
        return strategy
    if isinstance(strategy, Composition | PluginStrategy):
        return strategy.name
    if isinstance(strategy, Mapping):
        name, plugin = strategy.get("name"), strategy.get("plugin")
        if isinstance(name, str) and name:
            return name
        return plugin.rpartition(":")[2] if isinstance(plugin, str) else ""
    return ""


def cross_problems(parts: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield (path, message) for each contradiction between parts.

    Parameters
    ----------
    parts : mapping
        Top-level keys of a scenario, validated or as written; faulty values are passed over.
    """
    strategies = _items(parts.get("strategies"))
    names = [name for name in map(name_of_strategy, strategies) if name]
    yield from _problems_of_names(strategies)
    yield from _problems_of_contrast(parts.get("question"), names)
    agencies = parts.get("agencies")
    if isinstance(agencies, Mapping):
        yield from ((("agencies", key), message) for key, message in problems_of_agencies(agencies))
    areas = _items(parts.get("focal_areas"))
    if areas:
        yield from _problems_of_focus(strategies, areas)


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _field(part: Any, key: str) -> Any:
    return part.get(key) if isinstance(part, Mapping) else getattr(part, key, None)


def _problems_of_names(strategies: Sequence[Any]) -> Iterator[tuple[Path, str]]:
    seen: Counter[str] = Counter()
    for position, strategy in enumerate(strategies):
        name = name_of_strategy(strategy)
        if name and seen[name]:
            yield (
                ("strategies", position),
                f"there are two strategies named {name!r}; give each a name of its own",
            )
        seen[name] += 1


def _problems_of_contrast(question: Any, names: list[str]) -> Iterator[tuple[Path, str]]:
    contrast = _items(_field(question, "contrast"))
    for position, name in enumerate(contrast):
        if isinstance(name, str) and name not in names:
            yield (
                ("question", "contrast", position),
                f"{name!r} is not a strategy of this scenario; its strategies: {', '.join(names)}"
                f"{nearest_name(name, names)}",
            )
    if len(contrast) == 2 and contrast[0] == contrast[1]:
        yield (
            ("question", "contrast"),
            f"{contrast[0]!r} is compared with itself; name two different strategies",
        )


def _problems_of_focus(strategies: Sequence[Any], areas: Sequence[Any]) -> Iterator[tuple[Path, str]]:
    for position, strategy in enumerate(strategies):
        if isinstance(strategy, str):
            continue
        asked = _field(_field(strategy, "delivery"), "focal_areas")
        path = ("strategies", position, "delivery", "focal_areas")
        if isinstance(asked, int) and not isinstance(asked, bool) and asked > len(areas):
            yield (
                path,
                f"{asked} areas are asked for; this scenario has {len(areas)}, allowed: 1 to {len(areas)}, or all",
            )
        yield from (((*path, place), _not_an_area(name, areas)) for place, name in _strange(_items(asked), areas))
        methods = _field(strategy, "methods")
        for _, name in _strange(tuple(methods) if isinstance(methods, Mapping) else (), areas):
            yield ("strategies", position, "methods", name), _not_an_area(name, areas)


def _strange(names: Sequence[Any], areas: Sequence[Any]) -> list[tuple[int, str]]:
    """Names, with their places, that are no focal areas."""
    return [(place, name) for place, name in enumerate(names) if isinstance(name, str) and name and name not in areas]


def _not_an_area(name: str, areas: Sequence[Any]) -> str:
    known = [area for area in areas if isinstance(area, str)]
    return f"{name!r} is not a focal area of this scenario; its areas: {', '.join(known)}{nearest_name(name, known)}"
