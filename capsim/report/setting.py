"""What was simulated: agencies, time, help, runs; groups of districts, never single ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capsim.building.settling import LONGEST_SETTLING
from capsim.comparison.cautions import unsettled
from capsim.errors import CapsimError
from capsim.figures.palette import clean_text
from capsim.report.parts import Facts, Part, Section
from capsim.report.results import Results
from capsim.report.strategies import area_words, strategies_tables
from capsim.report.words import count, duration, joined, whole

__all__ = ["agencies_by_level", "setting_section"]


def setting_section(results: Results) -> Section:
    """The simulated situation in five lines, and the strategies."""
    parts: list[Part] = [
        Facts(
            (
                ("Agencies", _agencies(results)),
                ("Real and simulated", " ".join(_notes(results))),
                ("Time", _time(results)),
                ("Help", _help(results)),
                ("Runs", _runs(results)),
            )
        ),
        *strategies_tables(results),
    ]
    return Section("setting", "What was simulated", "What was simulated", tuple(parts))


@dataclass(frozen=True, slots=True)
class _Counts:
    districts: int
    population: int
    regional: int
    state: int
    schools: int
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
        schools=int((table.level == 4).sum()),
        positions=int(table.positions.sum()),
        groups=tuple((name, int(np.sum(lea & (table.size_group == n)))) for n, name in enumerate(names)),
    )


def agencies_by_level(results: Results) -> dict[str, int] | None:
    """Simulated agencies by level; None when their source can no longer be read."""
    found = _counts(results)
    if found is None:
        return None
    return {"sea": found.state, "esa": found.regional, "lea": found.districts, "school": found.schools}


def _agencies(results: Results) -> str:
    counts = _counts(results)
    if counts is None:
        return "Their table can no longer be read, so they are not counted here."
    drawn = counts.districts < counts.population
    what = count(counts.districts, "school district")
    if drawn:
        strata = "size and state" if counts.state > 1 else "size"
        what += f", drawn by {strata} to stand for all {counts.population:,}"
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
    below_them = f"; below them {count(counts.schools, 'school')}" if counts.schools else ""
    sizes = f" Of the districts, {groups}." if groups and counts.districts > 1 else ""
    return f"{what}{above_them}{below_them}; {counts.positions:,} staff positions in all.{sizes}"


def _notes(results: Results) -> list[str]:
    own = [clean_text(note) for note in results.comparison.notes] or [results.reality()]
    inner = "The inner state is skills, routines, priorities and who asks whom for advice: "
    known = "it starts from the user's survey where that has answers." if results.has_survey else "nobody observed it."
    return [*own, inner + known]


def _time(results: Results) -> str:
    timeline = results.comparison.scenario.timeline
    settled = (
        _until_still(results)
        if timeline.settling == "auto"
        else f"for {duration(timeline.settling)}"
        if timeline.settling
        else ""
    )
    before = (
        f"Each world first runs without help {settled}. " if settled else "Worlds start without a time of settling. "
    )
    during = (
        f"Then {duration(timeline.assistance)} of assistance" if timeline.assistance else "Then no time of assistance"
    )
    after = f"{duration(timeline.follow_up)} without it" if timeline.follow_up else "nothing is watched after it"
    return (
        f"{before}{during}, and {after}. Month by month, people leave and are hired, learn, consult each other "
        "and forget."
    )


def _until_still(results: Results) -> str:
    """How worlds settle when the scenario leaves it open, and whether all of them did."""
    words = f"until things stand still, for {duration(LONGEST_SETTLING)} at most"
    still = unsettled(results.comparison)
    if not still:
        return words
    drifted = count(still, "world")
    return f"{words}; {drifted} of {len(results.comparison.settling):,} still drifted then (see “Trust” below)"


def _help(results: Results) -> str:
    scenario = results.comparison.scenario
    hours = scenario.assistance.budget_hours_per_year
    if not hours or not scenario.timeline.assistance:
        return (
            "None could be given: the budget is 0 hours."
            if not hours
            else "None could be given: there are 0 months of assistance."
        )
    counts = _counts(results)
    each = (
        f", about {whole(hours / counts.population)} for each district if all go to districts"
        if counts and counts.districts
        else ""
    )
    areas = count(len(scenario.focal_areas), "focal area")
    return (
        f"Every strategy may spend the same {whole(hours)} hours of consultants a year on average{each}. They are one "
        f"budget for the whole assistance, so a schedule may take more in one year and less in another. The practices "
        f"belong to {areas}: {area_words(scenario.focal_areas)}."
    )


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
    return (
        f"{text}. Every world is run once for each strategy, with the same luck: "
        f"{count(len(comparison.runs), 'run')} in all{end}"
    )
