"""What was simulated: agencies, time, help, runs, strategies; groups of districts, never single ones."""

from __future__ import annotations

import numpy as np

from capsim.comparison.cautions import unsettled
from capsim.levels import ESA, LEA, SCHOOL, SEA
from capsim.report.dates import month_in_words, months_in_words
from capsim.report.parts import Facts, Part
from capsim.report.results import Results
from capsim.report.strategies import area_words, strategy_row
from capsim.report.words import count, duration, joined, money, whole
from capsim.scenario import coverage_in_words
from capsim.scenario.budgets import range_of_hours
from capsim.scenario.schema import LONGEST_SETTLING

_SIZES = ("fewer than 1,000 students", "1,000 to 4,999", "5,000 or more")


def setting_parts(results: Results) -> list[Part]:
    """The simulated situation in five lines, and the strategies."""
    situation = Facts(
        [
            ("Agencies", _agencies(results)),
            ("Real and simulated", _reality(results)),
            ("Time", _time(results)),
            ("Help", _help(results)),
            ("Runs", _runs(results)),
        ]
    )
    headers = ("Strategy", "What it does", "How hours are spent", "Whom and when")
    caption = "The strategies that are compared"
    return [situation, *results.tables(caption, headers, lambda name: [strategy_row(results, name)], words=True)]


def _agencies(results: Results) -> str:
    table = results.agencies
    if table is None:
        return "Their table can no longer be read, so they are not counted here."
    lea = table.level == LEA
    districts, population = int(lea.sum()), round(float(table.weight[lea].sum()))
    state, regional, schools = (int((table.level == level).sum()) for level in (SEA, ESA, SCHOOL))
    what = count(districts, "school district")
    if districts < population:
        what += f", drawn by {'size and state' if state > 1 else 'size'} to stand for all {population:,}"
    above = [
        count(n, one, many)
        for n, one, many in (
            (regional, "regional agency", "regional agencies"),
            (state, "state agency", "state agencies"),
        )
        if n
    ]
    if above:
        what += f"; above them {joined(above)}"
    if schools:
        what += f"; below them {count(schools, 'school')}"
    text = f"{what}; {int(table.positions.sum()):,} staff positions in all."
    sizes = [(int(np.sum(lea & (table.size_group == place))), name) for place, name in enumerate(_SIZES)]
    groups = joined(f"{n:,} {'have' if n > 1 else 'has'} {name}" for n, name in sizes if n)
    if groups and districts > 1:
        text += f" Of the districts, {groups}."
    if results.scenario.agencies.source == "us_2023_24":
        text += f" The table of real agencies holds {coverage_in_words(results.scenario.agencies.states)}."
    return text


def _reality(results: Results) -> str:
    known = "it starts from the user's survey where that has answers." if results.has_survey else "nobody observed it."
    notes = results.comparison.notes or (results.reality(),)
    return " ".join([*notes, f"The inner state is skills, routines, priorities and who asks whom for advice: {known}"])


def _time(results: Results) -> str:
    timeline = results.scenario.timeline
    settled = _until_still(results) if timeline.settling == "auto" else ""
    if timeline.settling and not settled:
        settled = f"for {duration(float(timeline.settling))}"
    before = f"Each world first runs without help {settled}." if settled else "Worlds start without a time of settling."
    during, after = "Then no time of assistance", "nothing is watched after it"
    if timeline.assistance:
        during = f"Then {duration(timeline.assistance)} of assistance"
        if timeline.begins:
            during += f" ({months_in_words(timeline.begins, 1, timeline.assistance)})"
    if timeline.follow_up:
        after = f"{duration(timeline.follow_up)} without it"
        if timeline.begins:
            after += f", to {month_in_words(timeline.begins, timeline.assistance + timeline.follow_up)}"
    life = "Month by month, people leave and are hired, learn, consult each other and forget."
    return f"{before} {during}, and {after}. {life}"


def _until_still(results: Results) -> str:
    """How worlds settle when the scenario leaves it open, and whether all of them did."""
    words = f"until things stand still, for {duration(LONGEST_SETTLING)} at most"
    still = unsettled(results.comparison)
    worlds = len(results.comparison.settling)
    if not still:
        return words
    return f"{words}; {count(still, 'world')} of {worlds:,} still drifted then (see “Trust” below)"


def _help(results: Results) -> str:
    hours = results.scenario.assistance.budget_hours_per_year
    if not hours:
        return "None could be given: the budget is 0 hours."
    if not results.scenario.timeline.assistance:
        return "None could be given: there are 0 months of assistance."
    each = ""
    if results.agencies is not None and (
        districts := float(results.agencies.weight[results.agencies.level == LEA].sum())
    ):
        each = f", about {whole(hours / round(districts))} for each district if all go to districts"
    areas = results.scenario.area_titles
    same = f"{whole(hours)} hours of consultants a year on average{each}. They are"
    dollars = results.scenario.assistance.budget_dollars_per_year
    if dollars is not None:
        least, most = range_of_hours(results.scenario, results.values)
        same = (
            f"{money(dollars)} a year on average, which buy {whole(least)} to {whole(most)} hours of consultants, the more "
            "the less a plan spends on travel, venues and printing. It is"
        )
    return (
        f"Every strategy may spend the same {same} one budget "
        "for the whole assistance, so a schedule may take more in one year and less in another. The practices belong to "
        f"{count(len(areas), 'focal area')}: {area_words(areas)}."
    )


def _runs(results: Results) -> str:
    runs = results.comparison.runs
    text = f"{count(runs['replicate'].nunique(), 'simulated world')} with assumptions at their best guess"
    if results.has_drawn:
        drawn = runs.loc[runs["assumptions"] == "drawn", "replicate"].nunique()
        text += f" and {drawn:,} more with assumptions drawn from their ranges"
    failed = len(runs) - int((runs["status"] == "done").sum())
    end = f"; {failed:,} of them failed (see below)." if failed else "."
    return (
        f"{text}. Every world is run once for each strategy, with the same luck: {count(len(runs), 'run')} in all{end}"
    )
