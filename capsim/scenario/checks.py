"""Contradictions between the parts of a scenario, between a source of agencies and what is asked of it, and within the
course of a strategy: phases and reviews that cannot mean anything, out of order, beyond the end, or by a reading that
nobody buys.

Written so that they also run on a file with other faults: what is faulty itself is passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import fsum
from typing import Any

from capsim.catalogue import ACTIVITIES, LINKS, OUTCOME_MOMENTS, unweighted, use_in
from capsim.catalogue.parts import is_own
from capsim.catalogue.strategies import READ_BY
from capsim.errors import nearest_name
from capsim.scenario.compositions import SUM_TOLERANCE, Composition, PluginStrategy
from capsim.scenario.events import problems_of_events
from capsim.scenario.own import name_of_area, not_an_area, problems_of_focus, problems_of_instrument, strange_areas
from capsim.scenario.packaged import NATION, REGIONAL_STATES, STATE_NAMES, unknown_state
from capsim.scenario.values import Path, Problem, field_of, items_of

BUILT_IN_SOURCES = ("us_2023_24", "synthetic")
"""Everything else is the path of a CSV."""
MOST_DISTRICTS = 20_000
MOST_PAIRS = 200_000
"""Districts times regions of a synthetic world that are clustered in about a second."""
MOST_UNKNOWN = 51
"""States that are answered with the nearest one; there are not more."""


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


def cross_problems(parts: Mapping[str, Any], failed: Collection[Path] = ()) -> Iterator[Problem]:
    """Yield (path, message) for each contradiction between the top-level keys of a scenario, validated or as written.

    What depends on a place that has `failed` already is not compared.
    """
    strategies = items_of(parts.get("strategies"))
    yield from problems_of_names(strategies)
    if not any(_hides_names(path) for path in failed):
        names = [name for name in map(name_of_strategy, strategies) if name]
        yield from _problems_of_contrast(parts.get("question"), names)
    yield from _problems_of_instruments(items_of(parts.get("instruments")), strategies, failed)
    agencies = parts.get("agencies")
    if isinstance(agencies, Mapping):
        yield from ((("agencies", key), message) for key, message in problems_of_agencies(agencies))
    if not any(path[:1] == ("timeline",) for path in failed):
        yield from _problems_of_caps(parts.get("assistance"), parts.get("timeline"))
    areas = [name for name in map(name_of_area, items_of(parts.get("focal_areas"))) if name]
    unknown = any(path[:1] == ("focal_areas",) and (len(path) <= 2 or path[2] == "name") for path in failed)
    if areas and not unknown:
        yield from _problems_of_focus(strategies, areas)
        yield from _problems_of_columns(areas)
        yield from _problems_of_links(parts, areas, failed)
    yield from problems_of_events(parts, areas, failed)
    yield from _problems_of_courses(strategies, parts.get("timeline"), areas, failed)


def _hides_names(path: Path) -> bool:
    """Whether a fault at this place makes it unknown which strategies there are, or which are compared."""
    if path[:1] == ("strategies",):
        return len(path) <= 2 or path[2] in {"name", "plugin"}
    return path[:1] == ("question",) and (len(path) == 1 or path[1] == "contrast")


def problems_of_names(strategies: Sequence[Any]) -> Iterator[Problem]:
    """Yield (path, message) for each strategy that has the name of an earlier one."""
    seen: set[str] = set()
    for position, strategy in enumerate(strategies):
        name = name_of_strategy(strategy)
        if name in seen:
            yield ("strategies", position), f"there are two strategies named {name!r}; give each a name of its own"
        if name:
            seen.add(name)


def _problems_of_contrast(question: Any, names: list[str]) -> Iterator[Problem]:
    contrast = items_of(field_of(question, "contrast"))
    for position, name in enumerate(contrast):
        if isinstance(name, str) and name not in names:
            yield (
                ("question", "contrast", position),
                f"{name!r} is not a strategy of this scenario; its strategies: {', '.join(names)}"
                f"{nearest_name(name, names)}",
            )
    if len(contrast) == 2 and contrast[0] == contrast[1]:
        yield ("question", "contrast"), f"{contrast[0]!r} is compared with itself; name two different strategies"


def _problems_of_caps(assistance: Any, timeline: Any) -> Iterator[Problem]:
    """Years with a cap that are no years of assistance."""
    caps, months, begins = (
        field_of(assistance, "yearly_cap"),
        field_of(timeline, "assistance"),
        field_of(timeline, "begins"),
    )
    if not isinstance(caps, Mapping) or isinstance(months, bool) or not isinstance(months, int) or not caps:
        return
    years = [str(1 + year) for year in range(-(-months // 12))]
    calendar = [str(int(str(begins)[:4]) + year) for year in range(len(years))] if begins else []
    given = [str(year) for year in caps if str(year).isdigit()]
    if set(given) <= set(years) or set(given) <= set(calendar):
        return
    allowed = f"1 to {years[-1]}" if years else "none, without months of assistance"
    if calendar:
        allowed += f", or all of them of {calendar[0]} to {calendar[-1]}"
    wrong = next((year for year in given if year not in years and year not in calendar), given[0])
    needs = "" if begins or len(wrong) < len("2026") else "; calendar years need timeline.begins, such as 2026-07"
    yield ("assistance", "yearly_cap"), f"there is no assistance in year {wrong}; years are {allowed}{needs}"


def _problems_of_instruments(
    instruments: Sequence[Any], strategies: Sequence[Any], failed: Collection[Path]
) -> Iterator[Problem]:
    """Two of one name; targetings by an instrument that there is not, or through a gate that it does not have."""
    marks: dict[str, bool] = {}
    for position, one in enumerate(instruments):
        name = field_of(one, "name")
        if isinstance(one, Mapping):
            for key, message in problems_of_instrument(one):
                path = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
                yield ("instruments", position, *path), message
        if isinstance(name, str) and name in marks:
            yield ("instruments", position, "name"), f"there are two instruments named {name!r}; give each its own name"
        if isinstance(name, str):
            marks.setdefault(name, bool(field_of(one, "thresholds")))
    hidden = any(path[:1] == ("instruments",) and (len(path) <= 2 or path[2] == "name") for path in failed)
    for position, strategy in enumerate(strategies):
        given = None if isinstance(strategy, str) else field_of(strategy, "targeting")
        aims = given if isinstance(given, Mapping) else {"": given}
        for tier, aim in aims.items():
            if not isinstance(aim, str) or not is_own(aim):
                continue
            name, _, how = aim.partition(".")
            path = ("strategies", position, "targeting", *([tier] if tier else []))
            if name not in marks and not hidden:
                there = f"its instruments: {', '.join(marks)}" if marks else "it declares none (instruments:)"
                yield path, f"{name!r} is no instrument of this scenario; {there}{nearest_name(name, marks)}"
            elif how == "gate" and not marks.get(name, True):
                yield path, f"{aim!r} needs a threshold; instrument {name!r} has none"


def _problems_of_focus(strategies: Sequence[Any], areas: list[str]) -> Iterator[Problem]:
    for position, strategy in enumerate(strategies):
        if isinstance(strategy, str):
            continue
        asked = field_of(field_of(strategy, "delivery"), "focal_areas")
        yield from problems_of_focus(("strategies", position, "delivery", "focal_areas"), asked, areas)
        methods = field_of(strategy, "methods")
        for _, name in strange_areas(tuple(methods) if isinstance(methods, Mapping) else (), areas):
            yield ("strategies", position, "methods", name), not_an_area(name, areas)


def _problems_of_columns(areas: list[str]) -> Iterator[Problem]:
    """Areas whose columns in tables would be one, or would read as a mean of another kind."""
    columns = [use_in(area) for area in areas]
    for place, column in enumerate(columns):
        other = columns.index(column)
        if other < place and areas[other] != areas[place]:
            alike = f"{areas[place]!r} and {areas[other]!r} differ in no letter or digit"
            yield ("focal_areas", place), f"{alike}; both would have the column {column}; rename one"
        elif unweighted(column)[0] != column or column.endswith(OUTCOME_MOMENTS):
            yield ("focal_areas", place), f"its column, {column}, reads like a mean or a moment of another; rename it"


def _problems_of_links(parts: Mapping[str, Any], areas: list[str], failed: Collection[Path]) -> Iterator[Problem]:
    """What a question asks of an area or a linked outcome, and what outcomes are linked to."""
    question, outcomes = parts.get("question"), parts.get("outcomes")
    area, outcome = field_of(question, "area"), field_of(question, "outcome") or "use"
    if not isinstance(outcome, str):
        return
    if isinstance(area, str) and area:
        if area not in areas:
            yield ("question", "area"), not_an_area(area, areas)
        if outcome != "use":
            yield ("question", "area"), f"only use is known by area; the outcome is {outcome}, so delete this key"
    if ("outcomes",) in failed:
        return
    if outcome in LINKS and not _is_linked(outcomes, outcome):
        example = f"outcomes: {{{outcome}: {areas[0]}}}"
        yield ("question", "outcome"), f"{outcome} is linked to nothing in this scenario; say to what: {example}"
    for name in (name for name in LINKS if ("outcomes", name) not in failed):
        asked = field_of(outcomes, name)
        named = (asked,) if isinstance(asked, str) and asked != "all" else items_of(asked)
        yield from ((("outcomes", name), not_an_area(one, areas)) for _, one in strange_areas(named, areas))


def _is_linked(outcomes: Any, name: str) -> bool:
    if isinstance(outcomes, list | tuple):
        return name in outcomes
    return field_of(outcomes, name) not in (None, False)


def problems_of_agencies(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, message) for each contradiction among the keys of agencies, validated or as written."""
    source = given.get("source", "us_2023_24")
    if not isinstance(source, str):
        return
    states = tuple(code for code in items_of(given.get("states")) if isinstance(code, str)) or (NATION,)
    kinds = [kind for kind in items_of(given.get("regional")) if isinstance(kind, str) and kind in REGIONAL_STATES]
    if source == "us_2023_24":
        yield from _problems_of_states(states, kinds)
    elif kinds:
        yield "regional", "only the source us_2023_24 has these; a CSV names its own in the column parent"
    if source == "synthetic":
        yield from _problems_of_synthetic(given, states)
        if given.get("survey"):
            yield "survey", "invented agencies cannot be observed; take real ones, or a CSV of your own as source"
    else:
        for key, default in (("districts", 0), ("regions", 0), ("state", "SYN")):
            if given.get(key, default) != default:
                yield key, f"belongs to a synthetic source only; the source is {source!r}, so delete this key"


def _problems_of_states(states: tuple[str, ...], kinds: list[str]) -> Iterator[tuple[str, str]]:
    if NATION in states and len(states) > 1:
        yield "states", f"{NATION} already means all states; give it alone"
    unknown = [code for code in states if code not in STATE_NAMES and code != NATION]
    yield from (("states", unknown_state(code)) for code in unknown[:MOST_UNKNOWN])
    for kind in kinds:
        where = REGIONAL_STATES[kind]
        if where not in states and NATION not in states:
            yield "regional", f"{kind} exist in {where} only; the states are {', '.join(states)}"


def _problems_of_synthetic(given: Mapping[str, Any], states: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    districts, regions = given.get("districts", 0), given.get("regions", 0)
    if states != (NATION,):
        yield "states", "a synthetic world has one state, named by the key state"
    if districts == 0:
        yield "districts", f"a synthetic world needs a number of districts from 1 to {MOST_DISTRICTS}"
    elif isinstance(districts, int) and isinstance(regions, int):
        if regions > districts:
            yield "regions", f"{regions} regions need at least as many districts, got {districts}"
        elif 0 < districts <= MOST_DISTRICTS and districts * regions > MOST_PAIRS:
            most = MOST_PAIRS // districts
            yield "regions", f"{regions} regions of {districts} districts take too long to lay out; at most {most}"


_USUAL_MONTHS = 60


def _problems_of_courses(
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
        found = [*_of_months(phases, months), *_of_shares(phases)]
        for place, asked in _focuses(strategy, phases, rules) if areas else ():
            found += problems_of_focus(place, asked, areas) if place[0] != "delivery" else ()
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
            text = f"month {month} does not come after month {before} of the phase before it; phases stand in order"
            yield path, text
        if isinstance(months, int) and month > months:
            allowed = f"allowed: 1 to {months}" if months > 0 else "there is none"
            yield path, f"month {month} is beyond the end of the assistance, which lasts {months} months; {allowed}"
        before = max(before, month)


def _of_shares(phases: Sequence[Any]) -> Iterator[Problem]:
    given = [share for phase in phases if isinstance(share := field_of(phase, "budget_share"), int | float)]
    total = fsum(given)
    whole = len(given) == len(phases) and bool(phases) and field_of(phases[0], "from_month") == 1
    if total > 1.0 + SUM_TOLERANCE:
        yield ("phases",), f"the budget shares sum to {total:.10g}; together they can be at most 1"
    elif given and whole and total < 1.0 - SUM_TOLERANCE:
        yield ("phases",), f"every month has a budget share; they must sum to 1, and sum to {total:.10g}"


def _of_rules(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[Problem]:
    bought = _bought(strategy, phases, rules)
    known = [name for name, by in READ_BY.items() if not by or bought & set(by)]
    for n, rule in enumerate(rules):
        reads = field_of(rule, "reads")
        if isinstance(reads, str) and reads in READ_BY and reads not in known:
            yield ("review", n, "reads"), _not_bought(reads, known)
        if field_of(rule, "drop"):
            if "use" not in known:
                yield ("review", n, "drop"), _not_bought("use", known)
            if any(type(focus) is int for _, focus in _focuses(strategy, phases, rules)):
                text = "needs focal areas by name, or all; with a number of areas each agency has its own"
                yield ("review", n, "drop"), text
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
    near = nearest_name(reading, known)
    return f"nothing in this strategy buys a reading of {reading}: add {' or '.join(sells)}{there}{near}"


def _focuses(strategy: Any, phases: Sequence[Any], rules: Sequence[Any]) -> Iterator[tuple[Path, Any]]:
    """The focal areas of a strategy, and those that it changes to."""
    parts: list[tuple[Path, Any]] = [(("delivery",), field_of(strategy, "delivery"))]
    parts += [(("phases", n), phase) for n, phase in enumerate(phases)]
    parts += [(("review", n, "then"), field_of(rule, "then")) for n, rule in enumerate(rules)]
    return (((*path, "focal_areas"), field_of(part, "focal_areas")) for path, part in parts)
