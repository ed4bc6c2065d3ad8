"""The lists of all there is: each as rows for machines, and as text for people (`templates/lists.j2`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from operator import itemgetter
from typing import Any

import jinja2

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    CONTENTS,
    GROUPINGS,
    LINKED,
    LOGGED,
    MEASURES,
    PROCESSES,
    RECIPIENTS,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
    Activity,
    Choice,
    Recipe,
)
from capsim.catalogue.parts import READABLE, targeting_row
from capsim.cli.tables import Columns, paragraph, records_table, template
from capsim.instruments.table import INSTRUMENTS, Instrument
from capsim.levels import LEVELS
from capsim.parameters import PARAMETERS
from capsim.parameters.listing import declared
from capsim.runs.dictionary import range_in_words
from capsim.scenario import load_scenario, shipped_file, shipped_scenarios, total_coverage

Row = dict[str, Any]
Lines = Iterable[tuple[str, str]]


def _told(name: str, *values: Any) -> str:
    """What a macro of the template says."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters.update(paragraph=paragraph, extract=lambda name, rows, what: getattr(rows[name], what))
    return str(getattr(environment.from_string(template("lists.j2")).module, name)(*values)).strip("\n")


def _strategies() -> list[Row]:
    """Every shipped strategy with all its parts, and in words."""
    return [
        {
            **{name: _plain(getattr(one, name)) for name in one.__dataclass_fields__},
            "focal_areas": _plain(one.focal_areas) or "all",
            "what": " ".join(f"{what}: {text}." for what, text in _strategy_lines(one)),
        }
        for one in STRATEGIES.values()
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _strategy_lines(one: Recipe) -> Lines:
    """What the hours are for, to whom, how and when they go; nothing for a strategy without hours."""
    if not one.activities:
        return
    hours = f"by area in turn: {'; '.join(map(_mix, one.methods))}" if one.methods else _mix(one.activities)
    if one.target_capacities:
        hours += "; more for people where skill reads low, more for the organization where routine does"
    yield "hours", hours
    yield "to", _whom(one)
    yield "how", _how(one)
    when = _title(SCHEDULES[one.schedule])
    yield "when", f"{when}; in the last third {_mix(one.exit_activities)}" if one.exit_activities else when


def _mix(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in shares.items())


def _whom(one: Recipe) -> str:
    if isinstance(one.recipients, Mapping):
        whom = ", ".join(f"{LEVELS[level].group} {share:.0%}" for level, share in one.recipients.items())
    else:
        whom = ", ".join(LEVELS[level].group for level in one.recipients)
    if isinstance(one.targeting, str):
        return f"{whom}; {_title(targeting_row(one.targeting))}"
    aims = (f"{tier} activities: {_title(targeting_row(name))}" for tier, name in one.targeting.items())
    return f"{whom}; {'; '.join(aims)}; the others: universal"


def _how(one: Recipe) -> str:
    if isinstance(one.focal_areas, tuple):
        focus = f"focal areas {', '.join(one.focal_areas)}"
    else:
        focus = f"{one.focal_areas} focal areas in each agency" if one.focal_areas else "all focal areas"
    parts = [_title(CHAINS[one.chain]), focus]
    parts += [_title(CODESIGN_PHASES[one.codesign])] if one.codesign != "none" else []
    parts += [_title(GROUPINGS[one.grouping])] if one.grouping != "mixed" else []
    return "; ".join(parts)


def _title(choice: Choice) -> str:
    return choice.title[:1].lower() + choice.title[1:]


_TRAITS = (
    *("name", "title", "tier", "participants", "prerequisite_of", "builds", "channels", "meaning", "source"),
    *("yields", "levels", "by_area", "ta_hours", "recipient_hours", "seats", "prerequisite", "dollars"),
)


def _activities() -> list[Row]:
    """Every activity with its traits, its numbers for one unit and its effects, at the defaults."""
    return [
        {**{trait: getattr(one, trait) for trait in _TRAITS}, "effects": _effects(one)} for one in ACTIVITIES.values()
    ]


def _effects(one: Activity) -> dict[str, Any]:
    """Default effect by channel; knowledge and transfer for skill."""
    return {
        effect.channel: {"knowledge": effect.size, "transfer": effect.transfer}
        if effect.channel == "skill"
        else effect.size
        for effect in one.effects
    }


def _activities_text() -> str:
    """The table; below each row the activity's meaning, effects and source."""
    columns: Columns = {
        "activity": lambda one: one.name,
        "tier": lambda one: one.tier,
        "who": lambda one: one.participants,
        "builds": lambda one: one.builds,
        "TA h": lambda one: f"{one.ta_hours:g}",
        "own h": lambda one: f"{one.recipient_hours:g}",
        "seats": lambda one: f"{one.seats:g}",
        "needs": lambda one: f"{one.prerequisite_of} {one.prerequisite:.2f}" if one.prerequisite else "nothing",
        "dollars": lambda one: f"{one.dollars:,g}",
    }
    every = list(ACTIVITIES.values())
    return _told("activities", every, records_table(every, columns, align="llllrrrlr").split("\n"), _effects_in_words)


def _effects_in_words(one: Activity) -> str:
    found = [
        f"{'less committed time' if effect.channel == 'commitment' else effect.channel.replace('_', ' ')} "
        f"{effect.size:g}" + (f" x {effect.transfer:g}" if effect.channel == "skill" else "")
        for effect in one.effects
    ]
    found += [f"a reading ({one.yields})"] if one.yields else []
    only = "" if set(one.levels) == set(RECIPIENTS) else f"; only in {', '.join(one.levels)}"
    return f"Effect: {', '.join(found)}{'' if one.by_area else '; no area'}{only}."


_KINDS: Mapping[str, tuple[Mapping[str, Choice], str]] = {
    "targeting": (TARGETINGS, "targeting: {}"),
    "contents": (CONTENTS, "{}"),
    "schedule": (SCHEDULES, "schedule: {}"),
    "codesign": (CODESIGN_PHASES, "delivery: {{codesign: {}}}"),
    "chain": (CHAINS, "delivery: {{chain: {}}}"),
    "grouping": (GROUPINGS, "delivery: {{grouping: {}}}"),
    "recipients": (RECIPIENTS, "delivery: {{recipients: [{}]}}"),
}
"""Parts by kind, and how one is written in a scenario file."""
_WRITTEN = {
    "focal_areas": "delivery: {focal_areas: 2}",
    "methods": "methods: {equity: {coaching: 1.0}}",
    "target_capacities": "target_capacities: true",
    "exit_activities": "exit_activities: {sustainability_planning: 0.5, train_the_trainer: 0.5}",
}
"""Lines of parts that are written in another way than the others of their kind."""


def _parts() -> list[Row]:
    """Every part with its kind, its meaning, the readings it goes by and how it is written."""
    return [
        {**asdict(part), "kind": kind, "written": _WRITTEN.get(part.name) or written.format(part.name)}
        for kind, (parts, written) in _KINDS.items()
        for part in parts.values()
    ]


def _instruments() -> list[Row]:
    """Every instrument with the activities that buy it, its scale, its noise at the defaults, and who goes by it."""
    return [
        {
            **{name: getattr(one, name) for name in ("name", "title", "meaning", "scale", "source")},
            "bought_by": [activity.name for activity in _sellers(one)],
            "noise": {name: PARAMETERS[name].default for name in one.noise},
            "targetings": _targetings(one),
            "columns": list(one.logged),
        }
        for one in INSTRUMENTS.values()
    ]


def _instrument_lines(one: Instrument) -> Lines:
    bought = [
        f"{activity.name} ({activity.ta_hours:g} TA hours a unit, at most every "
        f"{PARAMETERS[f'{activity.name}_every_months'].default:g} months)"
        for activity in _sellers(one)
    ]
    yield "bought by", ", ".join(bought) or "nothing: it is free"
    yield "scale", one.scale
    yield "noise", ", ".join(f"{name} {PARAMETERS[name].default:g}" for name in one.noise)
    also = " and target_capacities" if one.name in {"rubric", "expert"} else ""
    yield "used by", f"targeting {', '.join(_targetings(one))}{also}" if _targetings(one) else "nothing"
    yield "recorded", ", ".join(LOGGED[name].name for name in one.logged)


def _sellers(one: Instrument) -> list[Activity]:
    return [activity for activity in ACTIVITIES.values() if activity.yields in {one.name, *one.along}]


def _targetings(one: Instrument) -> list[str]:
    """Targetings that go by it; an expert's rating stands in for a rubric."""
    reads = "rubric" if one.name == "expert" else one.name
    return [part.name for part in TARGETINGS.values() if reads in part.reads]


def _rules() -> list[Row]:
    """Every variant with its rule, whether it is the default, and all that is declared about it."""
    return [
        {
            **form,
            "name": f"{rule['name']}.{form['name']}",
            "rule": rule["name"],
            "decides": rule["decides"],
            "variant": form["name"],
            "default": form["name"] == rule["default"],
            "file": rule["file"],
        }
        for rule in declared()["rules"]
        for form in rule["variants"]
    ]


_GROUPS = {
    "climate": "Culture, engagement and data systems",
    "assistance": "Assistance and money",
    "agencies": "Agencies and initial worlds",
}
"""Titles of groups that say more than their names."""
_HEADER = ("parameter", "unit", "default", "plausible", "allowed", "prior", "source", "meaning")


def parameters_text(*, markdown: bool = False) -> str:
    """Every parameter below the title of its group, or the page docs/parameters.md."""
    groups: dict[str, list[list[str]]] = {}
    for row in declared()["parameters"]:
        ranges = ("{:g} to {:g}".format(*row[name]) for name in ("plausible", "allowed"))
        cells = [row["name"], row["unit"], f"{row['default']:g}", *ranges, row["prior"], row["source"], row["meaning"]]
        groups.setdefault(_GROUPS.get(row["group"], row["group"].capitalize()), []).append(cells)
    if markdown:
        return _told("parameters", _HEADER, groups)
    columns: Columns = {
        **{heading: itemgetter(place) for place, heading in enumerate(_HEADER[:6])},
        "meaning [source]": lambda cells: f"{cells[7]} [{cells[6]}]",
    }
    tables = {title: records_table(rows, columns, align="llrllll") for title, rows in groups.items()}
    return "\n\n".join(f"{title}\n\n{table}" for title, table in tables.items())


def _scenarios() -> list[Row]:
    """Every shipped scenario with what it is about."""
    rows = []
    for name in shipped_scenarios():
        scenario = load_scenario(shipped_file(name))
        real = scenario.agencies.source == "us_2023_24"
        held = total_coverage(scenario.agencies.states if real else ())
        rows.append(
            {
                "name": name,
                "title": scenario.name,
                "strategies": list(scenario.strategy_names),
                "months": f"{scenario.timeline.assistance} + {scenario.timeline.follow_up}",
                "replications": scenario.replications,
                "coverage": f"{held.districts:,} districts, {held.percent} of pupils" if real else "",
                "file": str(shipped_file(name)),
            }
        )
    return rows


def _columns(*names: str) -> Columns:
    """Columns of rows as they are; lists are joined."""

    def cell(name: str, row: Row) -> str:
        value = row[name]
        return ", ".join(map(str, value)) or "-" if isinstance(value, list) else str(value)

    return {name: partial(cell, name) for name in names}


ROWS: Mapping[str, Callable[[], list[Row]]] = {
    "strategies": _strategies,
    "parts": _parts,
    "instruments": _instruments,
    "readable": lambda: [
        {**asdict(one), "by_area": "by area" if one.by_area else "agency"} for one in READABLE.values()
    ],
    "activities": _activities,
    "measures": lambda: [
        {**asdict(one), "range": range_in_words(one.low, one.high)} for one in (*MEASURES.values(), *LINKED.values())
    ],
    "processes": lambda: [
        {"place": place, "name": name, "meaning": meaning}
        for place, (name, meaning) in enumerate(PROCESSES.items(), start=1)
    ],
    "scenarios": _scenarios,
    "rules": _rules,
    "parameters": lambda: declared()["parameters"],
}
"""What makes the rows of each list, for machines."""
_TEXTS: Mapping[str, Callable[[], str]] = {
    "strategies": lambda: _told("strategies", STRATEGIES.values(), _strategy_lines),
    "parts": lambda: _told("parts", _parts(), INSTRUMENTS),
    "instruments": lambda: _told("instruments", INSTRUMENTS.values(), _instrument_lines),
    "activities": _activities_text,
    "rules": lambda: _told("rules", declared()["rules"]),
    "parameters": parameters_text,
}
_COLUMNS = {
    "readable": _columns("name", "title", "by_area", "meaning"),
    "measures": _columns("name", "unit", "range", "meaning"),
    "processes": _columns("place", "name", "meaning"),
    "scenarios": _columns("name", "title", "strategies", "months", "replications", "coverage"),
}


def list_text(name: str, rows: list[Row]) -> str:
    """A list for people: a text of its own, or a table of its rows."""
    if name in _TEXTS:
        return _TEXTS[name]()
    return records_table(rows, _COLUMNS[name], align="l" * len(_COLUMNS[name]))
