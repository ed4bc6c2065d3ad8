"""The lists of the catalogue: each as rows for machines and as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

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
from capsim.cli.tables import paragraph, text_table
from capsim.instruments.table import INSTRUMENTS, Instrument
from capsim.levels import LEVELS
from capsim.parameters import PARAMETERS
from capsim.runs.dictionary import range_in_words
from capsim.scenario import load_scenario, shipped_file, shipped_scenarios, total_coverage

Row = dict[str, Any]
Lines = Iterable[tuple[str, str]]


def _block(name: str, first: str, lines: Lines, width: int) -> str:
    """A name, what it means, and labelled lines."""
    below = [paragraph(text, f"    {label:<{width}}") for label, text in lines]
    return "\n".join([name, paragraph(first, "    "), *below])


# Strategies

_STRATEGIES = (
    "Percentages are shares of the TA hours, which are the same for every strategy; they are assumed, and the keys in "
    "brackets (docs/sources.md) say where the idea of the strategy comes from, not its figures. Assessments, "
    "screenings, stocktakes, visits and reviews go to all the agencies named in turn, whatever the targeting. capsim "
    "list activities says what each activity is."
)


def strategies_rows() -> list[Row]:
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


def strategies_text() -> str:
    """Every shipped strategy: what it does, its source, and what it does with the hours."""
    blocks = [_block(one.name, f"{one.meaning} [{one.source}]", _strategy_lines(one), 9) for one in STRATEGIES.values()]
    return "\n\n".join([paragraph(_STRATEGIES), *blocks])


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


# Activities

_ACTIVITIES = (
    "What one unit of each activity takes and does, at the defaults. TA h: hours of assistance; own h: hours of each "
    "participant; needs: skill or routine at which an agency is half ready for it; dollars: travel, venue and "
    "printing beside the hours. An effect is the share of the remaining gap that one unit closes in a fully receptive "
    "agency; on skill it is knowledge x transfer; on ties it is a rate of new ones for each participant. What has no "
    "area helps the agency as a whole. The keys in brackets (docs/sources.md) are sources for what an activity does "
    "and for the order of effects; their size is assumed, and capsim list parameters has its range."
)
_TRAITS = (
    *("name", "title", "tier", "participants", "prerequisite_of", "builds", "channels", "meaning", "source"),
    *("yields", "levels", "by_area", "ta_hours", "recipient_hours", "seats", "prerequisite", "dollars"),
)


def activities_rows() -> list[Row]:
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


def activities_text() -> str:
    """The table; below each row the activity's meaning, effects and source."""
    header = ("activity", "tier", "who", "builds", "TA h", "own h", "seats", "needs", "dollars")
    cells = [
        [
            *(one.name, one.tier, one.participants, one.builds),
            *(f"{number:g}" for number in (one.ta_hours, one.recipient_hours, one.seats)),
            f"{one.prerequisite_of} {one.prerequisite:.2f}" if one.prerequisite else "nothing",
            f"{one.dollars:,g}",
        ]
        for one in ACTIVITIES.values()
    ]
    head, rule, *lines = text_table(header, cells, align="llllrrrlr").split("\n")
    parts = [paragraph(_ACTIVITIES), "", head, rule]
    for line, one in zip(lines, ACTIVITIES.values(), strict=True):
        does = f"{_effects_in_words(one)} [{one.source}]"
        parts += [line, paragraph(one.meaning, "    "), paragraph(does, "    ")]
    return "\n".join(parts)


def _effects_in_words(one: Activity) -> str:
    found = [
        f"{'less committed time' if effect.channel == 'commitment' else effect.channel.replace('_', ' ')} "
        f"{effect.size:g}" + (f" x {effect.transfer:g}" if effect.channel == "skill" else "")
        for effect in one.effects
    ]
    found += [f"a reading ({one.yields})"] if one.yields else []
    only = "" if set(one.levels) == set(RECIPIENTS) else f"; only in {', '.join(one.levels)}"
    return f"Effect: {', '.join(found)}{'' if one.by_area else '; no area'}{only}."


# Parts

_PARTS = (
    "What a strategy of one's own is composed of besides activities (capsim list activities). Each line says how it is "
    "written in a scenario file, below the strategy's name; capsim new scenario NAME writes an example."
)
_WRITTEN = {
    "focal_areas": "delivery: {focal_areas: 2}",
    "methods": "methods: {equity: {coaching: 1.0}}",
    "target_capacities": "target_capacities: true",
    "exit_activities": "exit_activities: {sustainability_planning: 0.5, train_the_trainer: 0.5}",
}
"""Lines of parts that are written in another way than the others of their kind."""


class _Kind(NamedTuple):
    """One kind of part: heading, its rows, how one is written, and what else can be written there."""

    name: str
    heading: str
    parts: Mapping[str, Choice]
    written: str
    also: str = ""

    def line(self, part: Choice) -> str:
        """How the part is written in a scenario file."""
        return _WRITTEN.get(part.name) or self.written.format(part.name)


_KINDS = (
    _Kind(
        "targeting",
        "Targeting: who gets the hours of targeted and intensive activities",
        TARGETINGS,
        "targeting: {}",
        "A targeting for each tier: targeting: {targeted: volunteers, intensive: need}; a tier that is not named is "
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
        "Several levels: delivery: {recipients: [esa, lea]}; or with their shares of the hours: delivery: "
        "{recipients: {esa: 0.2, lea: 0.8}}. All of delivery stands in one pair of braces: delivery: {chain: "
        "cascade, recipients: [esa], focal_areas: 2}.",
    ),
)


def parts_rows() -> list[Row]:
    """Every part with its kind, its meaning, the readings it goes by and how it is written."""
    return [
        {**asdict(part), "kind": kind.name, "written": kind.line(part)}
        for kind in _KINDS
        for part in kind.parts.values()
    ]


def parts_text() -> str:
    """The parts by kind, each with its sentence and its line of a scenario file."""
    blocks = [paragraph(_PARTS)]
    for kind in _KINDS:
        lines = [kind.heading]
        for part in kind.parts.values():
            reads = ", ".join(INSTRUMENTS[name].title.lower() for name in part.reads)
            meaning = f"{part.meaning} Reads: {reads}." if reads else part.meaning
            lines += [f"  {part.name}", paragraph(meaning, "      "), f"      {kind.line(part)}"]
        blocks.append("\n".join([*lines, *([paragraph(kind.also, "  ")] if kind.also else [])]))
    return "\n\n".join(blocks)


# Instruments

_INSTRUMENTS = (
    "What can be read of agencies. A strategy sees nothing else of their inner state. Readings that an activity buys "
    "cost its hours, in whole units; an agency gets at most one unit in so many months."
)


def instruments_rows() -> list[Row]:
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


def instruments_text() -> str:
    """Every instrument: what it reads, who buys it, on which scale, with which noise, and its source."""
    blocks = [
        _block(one.name, f"{one.meaning} [{one.source}]", _instrument_lines(one), 11) for one in INSTRUMENTS.values()
    ]
    return "\n\n".join([paragraph(_INSTRUMENTS), *blocks])


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


# Measures, processes, scenarios


def readable_rows() -> list[Row]:
    """Every state that an item of a scenario's own instrument can read."""
    return [{**asdict(one), "by_area": "by area" if one.by_area else "agency"} for one in READABLE.values()]


def measures_rows() -> list[Row]:
    """Every measure, and every outcome that a scenario can link to use, with its range in words."""
    every = (*MEASURES.values(), *LINKED.values())
    return [{**asdict(one), "range": range_in_words(one.low, one.high)} for one in every]


def processes_rows() -> list[Row]:
    """Every process with its place in the month."""
    named = enumerate(PROCESSES.items(), start=1)
    return [{"place": place, "name": name, "meaning": meaning} for place, (name, meaning) in named]


def scenarios_rows() -> list[Row]:
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


def columns_text(rows: list[Row], *names: str) -> str:
    """A table of some columns of rows; lists are joined."""

    def cell(value: Any) -> str:
        return ", ".join(map(str, value)) or "-" if isinstance(value, list) else str(value)

    return text_table(names, [[cell(row[name]) for name in names] for row in rows], align="l" * len(names))
