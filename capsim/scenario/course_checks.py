"""What phases and reviews cannot mean: out of order, beyond the end, or a reading that nobody buys.

Runs on validated strategies and on what is written in a file with other faults, which is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import fsum
from typing import Any

from capsim.catalogue import ACTIVITIES
from capsim.catalogue.courses import READ_BY
from capsim.errors import nearest_name
from capsim.scenario.areas import problems_of_focus
from capsim.scenario.values import Path, Problem, field_of, items_of

_USUAL_MONTHS = 60
_TOLERANCE = 1e-9
_USE = "use"


def problems_of_courses(
    strategies: Sequence[Any], timeline: Any, areas: Sequence[str], failed: Collection[Path] = ()
) -> Iterator[Problem]:
    """Yield (path, message) for each; what depends on a place that has `failed` is not looked at."""
    months = field_of(timeline, "assistance", _USUAL_MONTHS)
    for position, strategy in enumerate(strategies):
        path = ("strategies", position)
        if isinstance(strategy, str):
            continue
        faulty = [place[2:] for place in failed if place[:2] == path]
        phases, rules = items_of(field_of(strategy, "phases")), items_of(field_of(strategy, "review"))
        found = [*_of_months(phases, months), *_of_shares(phases), *_of_areas(phases, rules, areas)]
        if not any("activities" in place for place in faulty):
            found += _of_rules(strategy, phases, rules)
        yield from ((path + below, text) for below, text in found if below not in faulty)


def _of_months(phases: Sequence[Any], months: Any) -> Iterator[Problem]:
    before = 0
    for n, phase in enumerate(phases):
        month, path = field_of(phase, "from_month"), ("phases", n, "from_month")
        if not isinstance(month, int):
            continue
        if month <= before:
            yield (
                path,
                f"month {month} does not come after month {before} of the phase before it; phases stand in order",
            )
        if isinstance(months, int) and month > months:
            allowed = f"allowed: 1 to {months}" if months > 0 else "there is none"
            yield path, f"month {month} is beyond the end of the assistance, which lasts {months} months; {allowed}"
        before = max(before, month)


def _of_shares(phases: Sequence[Any]) -> Iterator[Problem]:
    given = [share for phase in phases if isinstance(share := field_of(phase, "budget_share"), int | float)]
    total = fsum(given)
    whole = len(given) == len(phases) and bool(phases) and field_of(phases[0], "from_month") == 1
    if total > 1.0 + _TOLERANCE:
        yield ("phases",), f"the budget shares sum to {total:.10g}; together they can be at most 1"
    elif given and whole and total < 1.0 - _TOLERANCE:
        yield ("phases",), f"every month has a budget share; they must sum to 1, and sum to {total:.10g}"


def _of_rules(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[Problem]:
    bought = _bought(strategy, phases, rules)
    known = [name for name, by in READ_BY.items() if not by or bought & set(by)]
    for n, rule in enumerate(rules):
        reads = field_of(rule, "reads")
        if isinstance(reads, str) and reads in READ_BY and reads not in known:
            yield ("review", n, "reads"), _not_bought(reads, known)
        if field_of(rule, "drop"):
            if _USE not in known:
                yield ("review", n, "drop"), _not_bought(_USE, known)
            if any(type(focus) is int for focus in _focuses(strategy, phases, rules)):
                yield (
                    ("review", n, "drop"),
                    "needs focal areas by name, or all; with a number of areas each agency has its own",
                )
        if field_of(rule, "move") and field_of(strategy, "methods"):
            yield ("review", n, "move"), "needs one mix of activities for all areas; delete methods"


def _bought(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> set[str]:
    """Instruments that some mix of the strategy buys."""
    methods = field_of(strategy, "methods", {})
    parts = [strategy, *phases, *(field_of(rule, "then", {}) for rule in rules)]
    mixes = [field_of(part, "activities", {}) for part in parts] + [field_of(strategy, "exit_activities", {})]
    mixes += list(methods.values()) if isinstance(methods, Mapping) else []
    names = [name for mix in mixes if isinstance(mix, Mapping) for name, share in mix.items() if share]
    return {ACTIVITIES[name].yields for name in names if name in ACTIVITIES}


def _not_bought(reading: str, known: Sequence[str]) -> str:
    sells = [row.name for row in ACTIVITIES.values() if row.yields in READ_BY[reading]]
    there = f"; what can be read: {', '.join(known)}" if known else ""
    nearest = nearest_name(reading, known)
    return f"nothing in this strategy buys a reading of {reading}: add {' or '.join(sells)}{there}{nearest}"


def _focuses(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[Any]:
    yield field_of(field_of(strategy, "delivery", {}), "focal_areas")
    for part in (*phases, *(field_of(rule, "then", {}) for rule in rules)):
        yield field_of(part, "focal_areas")


def _of_areas(phases: Sequence[Any], rules: Sequence[Any], areas: Sequence[str]) -> Iterator[Problem]:
    """Areas that the scenario does not have."""
    places: list[tuple[Path, Any]] = [(("phases", n, "focal_areas"), phase) for n, phase in enumerate(phases)]
    places += [(("review", n, "then", "focal_areas"), field_of(rule, "then", {})) for n, rule in enumerate(rules)]
    for path, part in places if areas else ():
        yield from problems_of_focus(path, field_of(part, "focal_areas"), areas)
