"""What was simulated: agencies, time, help, runs; groups of districts, never single ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capsim.catalogue import ACTIVITIES, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.errors import CapsimError
from capsim.figures.palette import BASELINE, clean_text
from capsim.report.parts import Facts, Part, Row, Section, Table
from capsim.report.results import Results
from capsim.report.words import count, duration, joined, lower, sentence, title, whole

__all__ = ["setting_section", "strategy_row"]

_LEVELS = {"sea": "the state agency", "esa": "regional agencies", "lea": "districts"}


def setting_section(results: Results) -> Section:
    """The simulated situation in five lines, and the strategies."""
    parts: list[Part] = [
        Facts((
            ("Agencies", _agencies(results)),
            ("Real and simulated", " ".join(_notes(results))),
            ("Time", _time(results)),
            ("Help", _help(results)),
            ("Runs", _runs(results)),
        )),
        _strategies(results),
    ]
    return Section("setting", "What was simulated", "What was simulated", tuple(parts))


@dataclass(frozen=True, slots=True)
class _Counts:
    districts: int
    population: int
    regional: int
    state: int
    positions: int
    groups: tuple[tuple[str, int], ...]


def _counts(results: Results) -> _Counts | None:
    """Count the agencies; None when their source can no longer be read."""
    from capsim.parameters import resolve_values
    from capsim.scenario import build_agencies

    scenario = results.comparison.scenario
    try:
        table = build_agencies(scenario, resolve_values(scenario.parameters))
    except CapsimError:
        return None
    lea = table.level == 3
    names = ("fewer than 1,000 students", "1,000 to 4,999", "5,000 or more")
    return _Counts(
        districts=int(lea.sum()),
        population=round(float(table.weight[lea].sum())),
        regional=int((table.level == 2).sum()),
        state=int((table.level == 1).sum()),
        positions=int(table.positions.sum()),
        groups=tuple((name, int(np.sum(lea & (table.size_group == n)))) for n, name in enumerate(names)),
    )


def _agencies(results: Results) -> str:
    counts = _counts(results)
    if counts is None:
        return "Their table can no longer be read, so they are not counted here."
    drawn = counts.districts < counts.population
    what = count(counts.districts, "school district")
    if drawn:
        what += f", drawn by size to stand for all {counts.population:,}"
    above = [
        count(n, one, many)
        for n, one, many in (
            (counts.regional, "regional agency", "regional agencies"),
            (counts.state, "state agency", "state agencies"),
        )
        if n
    ]
    groups = joined(f"{n:,} {'have' if n > 1 else 'has'} {name}" for name, n in counts.groups if n)
    above_them = f"; above them {joined(above)}" if above else ""
    sizes = f" Of the districts, {groups}." if groups and counts.districts > 1 else ""
    return f"{what}{above_them}; {counts.positions:,} staff positions in all.{sizes}"


def _notes(results: Results) -> list[str]:
    own = [clean_text(note) for note in results.comparison.notes] or [results.reality()]
    return [*own, "The inner state is skills, routines, priorities and who asks whom for advice: nobody observed it."]


def _time(results: Results) -> str:
    timeline = results.comparison.scenario.timeline
    settled = "until things stand still" if timeline.settling == "auto" else f"for {duration(timeline.settling)}" if timeline.settling else ""
    before = f"Each world first runs without help {settled}. " if settled else "Worlds start without a time of settling. "
    during = f"Then {duration(timeline.assistance)} of assistance" if timeline.assistance else "Then no time of assistance"
    after = f"{duration(timeline.follow_up)} without it" if timeline.follow_up else "nothing is watched after it"
    return f"{before}{during}, and {after}. Month by month, people leave and are hired, learn, consult each other and forget."


def _help(results: Results) -> str:
    scenario = results.comparison.scenario
    hours = scenario.assistance.budget_hours_per_year
    if not hours or not scenario.timeline.assistance:
        return "None could be given: the budget is 0 hours." if not hours else "None could be given: there are 0 months of assistance."
    counts = _counts(results)
    each = f", about {whole(hours / counts.districts)} for each simulated district if all go to districts" if counts and counts.districts else ""
    areas = count(len(scenario.focal_areas), "focal area")
    names = joined(clean_text(area).replace("_", " ") for area in scenario.focal_areas)
    return f"Every strategy may spend the same {whole(hours)} hours of consultants a year{each}. The practices belong to {areas}: {names}."


def _runs(results: Results) -> str:
    comparison = results.comparison
    worlds = comparison.runs["replicate"].nunique()
    done = int((comparison.runs["status"] == "done").sum())
    text = f"{count(worlds, 'simulated world')} with assumptions at their best guess"
    if results.has_drawn:
        drawn = comparison.runs.loc[comparison.runs["assumptions"] == "drawn", "replicate"].nunique()
        text += f" and {drawn:,} more with assumptions drawn from their ranges"
    failed = len(comparison.runs) - done
    end = f"; {failed:,} of them failed (see below)." if failed else "."
    return f"{text}. Every world is run once for each strategy, with the same luck: {count(len(comparison.runs), 'run')} in all{end}"


def _strategies(results: Results) -> Table:
    rows = tuple(strategy_row(results, name) for name in results.comparison.strategies)
    return Table("The strategies that are compared", ("Strategy", "What it does", "How hours are spent", "Whom and when"), rows, words=True)


def strategy_row(results: Results, name: str) -> Row:
    """What a strategy is: what it does, how hours are spent, whom it serves and when."""
    color = results.styles[name].color if name in results.styles else ""
    if name == BASELINE:
        return Row(title(name), (STRATEGIES[name].meaning, "None", "Nobody"), color)
    from capsim.scenario.checks import name_of_strategy

    own = next((s for s in results.comparison.scenario.strategies if not isinstance(s, str) and name_of_strategy(s) == name), None)
    shipped = STRATEGIES.get(name)
    if own is None and shipped is not None:
        return Row(title(name), (shipped.meaning, _shares(shipped.activities), _manner(shipped)), color)
    if own is not None and hasattr(own, "activities"):
        delivery = own.delivery
        focus = 0 if delivery.focal_areas == "all" else int(delivery.focal_areas)
        return Row(title(name), ("Composed in the scenario.", _shares(own.activities), _manner_of(own.targeting, own.schedule, focus, delivery.recipients)), color)
    return Row(title(name), ("A strategy of the user's own, written in Python.", "decided month by month", "decided month by month"), color)


def _shares(activities: object) -> str:
    shares = dict(activities)  # type: ignore[call-overload]
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return ", ".join(f"{100 * share:.0f}% {lower(ACTIVITIES[name].title)}" for name, share in ordered if share > 0) or "none"


def _manner(composition: object) -> str:
    from capsim.catalogue import Composition

    assert isinstance(composition, Composition)
    return _manner_of(composition.targeting, composition.schedule, composition.focal_areas, composition.recipients)


def _manner_of(targeting: str, schedule: str, focal_areas: int, recipients: tuple[str, ...]) -> str:
    whom = joined(_LEVELS.get(level, level) for level in recipients)
    areas = "all focal areas" if not focal_areas else f"{count(focal_areas, 'focal area')} at a time"
    who = TARGETINGS[targeting].title.lower()
    spread = "the same hours for every agency" if targeting == "universal" else who
    return f"{sentence(whom)}: {spread}; {areas}; {lower(SCHEDULES[schedule].meaning.rstrip('.'))}"
