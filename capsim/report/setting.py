"""What was simulated: agencies, time, help, runs, strategies; groups of districts, never single ones; whether the
numbers can be trusted, and where everything comes from.
"""

from __future__ import annotations

import math
import shlex
from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import yaml

from capsim.catalogue import STRATEGIES
from capsim.comparison.verdicts import drift_warning, largest_drift, unsettled
from capsim.errors import last_line
from capsim.figures.palette import strategy_label
from capsim.levels import ESA, LEA, SCHOOL, SEA
from capsim.report import plain
from capsim.report.parts import Code, Columns, Facts, Fold, Notice, Part, Table
from capsim.report.results import Results, label_of
from capsim.report.strategies import area_words, described
from capsim.scenario import coverage_in_words
from capsim.scenario.budgets import range_of_hours
from capsim.scenario.events import DRIFT_PER_YEAR, LONGEST_SETTLING

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
    columns: Columns = {
        "Strategy": label_of,
        "What it does": itemgetter("does"),
        "How hours are spent": itemgetter("hours"),
        "Whom and when": itemgetter("manner"),
    }
    told = [described(results, name) for name in results.comparison.strategies]
    return [situation, *results.tables("The strategies that are compared", told, columns, words=True)]


def _agencies(results: Results) -> str:
    table = results.agencies
    if table is None:
        return "Their table can no longer be read, so they are not counted here."
    lea = table.level == LEA
    districts, population = int(lea.sum()), round(float(table.weight[lea].sum()))
    state, regional, schools = (int((table.level == level).sum()) for level in (SEA, ESA, SCHOOL))
    what = plain.count(districts, "school district")
    if districts < population:
        what += f", drawn by {'size and state' if state > 1 else 'size'} to stand for all {population:,}"
    kinds = ((regional, "regional agency", "regional agencies"), (state, "state agency", "state agencies"))
    if above := plain.joined(plain.count(*kind) for kind in kinds if kind[0]):
        what += f"; above them {above}"
    if schools:
        what += f"; below them {plain.count(schools, 'school')}"
    text = f"{what}; {int(table.positions.sum()):,} staff positions in all."
    sizes = [(int(np.sum(lea & (table.size_group == place))), name) for place, name in enumerate(_SIZES)]
    groups = plain.joined(f"{n:,} {'have' if n > 1 else 'has'} {name}" for n, name in sizes if n)
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
        settled = f"for {plain.duration(float(timeline.settling))}"
    before = f"Each world first runs without help {settled}." if settled else "Worlds start without a time of settling."
    during, after = "Then no time of assistance", "nothing is watched after it"
    if timeline.assistance:
        during = f"Then {plain.duration(timeline.assistance)} of assistance"
        if timeline.begins:
            during += f" ({plain.months_in_words(timeline.begins, 1, timeline.assistance)})"
    if timeline.follow_up:
        after = f"{plain.duration(timeline.follow_up)} without it"
        if timeline.begins:
            after += f", to {plain.month_in_words(timeline.begins, timeline.assistance + timeline.follow_up)}"
    life = "Month by month, people leave and are hired, learn, consult each other and forget."
    return f"{before} {during}, and {after}. {life}"


def _until_still(results: Results) -> str:
    """How worlds settle when the scenario leaves it open, and whether all of them did."""
    words = f"until things stand still, for {plain.duration(LONGEST_SETTLING)} at most"
    still = unsettled(results.comparison)
    worlds = len(results.comparison.settling)
    if not still:
        return words
    return f"{words}; {plain.count(still, 'world')} of {worlds:,} still drifted then (see “Trust” below)"


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
        each = f", about {plain.whole(hours / round(districts))} for each district if all go to districts"
    areas = results.scenario.area_titles
    same = f"{plain.whole(hours)} hours of consultants a year on average{each}. They are"
    dollars = results.scenario.assistance.budget_dollars_per_year
    if dollars is not None:
        least, most = range_of_hours(results.scenario, results.values)
        same = (
            f"{plain.money(dollars)} a year on average, which buys {plain.whole(least)} to {plain.whole(most)} hours of consultants, the more "
            "the less a plan spends on travel, venues and printing. It is"
        )
    return (
        f"Every strategy may spend the same {same} one budget "
        "for the whole assistance, so a schedule may take more in one year and less in another. The practices belong to "
        f"{plain.count(len(areas), 'focal area')}: {area_words(areas)}."
    )


def _runs(results: Results) -> str:
    runs = results.comparison.runs
    text = f"{plain.count(runs['replicate'].nunique(), 'simulated world')} with assumptions at their best guess"
    if results.has_drawn:
        drawn = runs.loc[runs["assumptions"] == "drawn", "replicate"].nunique()
        text += f" and {drawn:,} more with assumptions drawn from their ranges"
    failed = int((runs["status"] != "done").sum())
    end = f"; {failed:,} of them failed (see below)" if failed else ""
    return f"{text}. Every world is run once for each strategy, with the same luck: {plain.count(len(runs), 'run')} in all{end}."


_MOST_REASONS = 20


def trust_parts(results: Results) -> list[Part]:
    """Failures, settling, pairing."""
    warning = drift_warning(results.comparison)
    facts = Facts([("Settling", _settling(results)), ("Pairing", _pairing(results))])
    return [*_failures(results), *([Notice(warning)] if warning else []), facts]


def _failures(results: Results) -> list[Part]:
    failures = results.comparison.failures
    total = len(results.comparison.runs)
    if not failures:
        return [f"All {plain.count(total, 'run')} finished."]
    reasons = Counter(
        (str(f.get("strategy", "")), last_line(f.get("reason", ""), "no reason was recorded")[:400]) for f in failures
    )
    rows = [results.row(name, (str(n), reason)) for (name, reason), n in reasons.most_common(_MOST_REASONS)]
    more = len(reasons) - _MOST_REASONS
    note = f"And {more} other reasons; see failures.jsonl." if more > 0 else ""
    return [
        Notice(f"{plain.count(len(failures), 'run')} of {total:,} failed and are left out of every number above."),
        Table("Why runs failed", ("Strategy", "Runs", "Reason"), rows, note, words=True),
    ]


def _settling(results: Results) -> str:
    settling = results.comparison.settling
    if not settling:
        return "Not recorded."
    months = [s.months for s in settling]
    worlds, longest = plain.count(len(settling), "world"), plain.duration(LONGEST_SETTLING)
    largest = largest_drift(results.comparison)
    drift = (
        "Settling was too short to measure a remaining drift."
        if math.isnan(largest)
        else f"The largest drift left is {largest:.2g} a year."
    )
    if results.scenario.timeline.settling != "auto":
        ran = plain.duration(months[0]) if months[0] else "0 months"
        return f"{worlds} ran {ran} without help first, as the scenario asks. {drift}"
    span = " to ".join(dict.fromkeys((plain.duration(min(months)), plain.duration(max(months)))))
    limit = unsettled(results.comparison)
    words = f"none still drifted at the limit of {longest}"
    if limit:
        words = f"{plain.count(limit, 'world')} reached the limit of {longest} and still drifted"
    return (
        f"Before help began, {worlds} ran without it until they stood still (less than {DRIFT_PER_YEAR:g} a year), or for "
        f"{longest}: {span}; {words}. {drift}"
    )


def _pairing(results: Results) -> str:
    luck = results.difference(*results.contrast)
    if luck.pairs < 2:
        return "Not known: it needs at least two finished pairs."
    if math.isnan(luck.variance_ratio):
        return "All pairs differ by the same amount, so one pair is as good as many."
    needed = results.comparison.headline()["replications_needed"]
    enough = " and ".join(f"{n:,} for ±{precision:g}" for precision, n in needed.items())
    ratio = plain.number(luck.variance_ratio, 1)
    share = f"needs {ratio} times fewer runs" if luck.variance_ratio >= 1 else "does not save runs here"
    related = plain.UNDEFINED if math.isnan(luck.correlation) else plain.brief(luck.correlation, ".2f")
    return (
        f"Both strategies of a pair meet the same luck; this {share} than comparing separate worlds (variance ratio {ratio}, "
        f"correlation within pairs {related}). Replications needed for the average difference: {enough}; {luck.pairs:,} were run."
    )


def provenance_parts(results: Results) -> list[Part]:
    """Versions, command, seed, identity, and how to run it again."""
    text = yaml.safe_dump(results.scenario.resolved(), sort_keys=False, allow_unicode=True, width=100)
    again = (
        "Save the scenario below as scenario.yaml and run the command. The same version gives the same numbers, for any "
        f"number of workers.{_missing(results)}"
    )
    command = Code("pip install capsim\ncapsim compare scenario.yaml --out results")
    origin = {"seed": results.scenario.seed, **results.comparison.provenance}
    return [Facts(origin_facts(origin)), again, command, Fold("The scenario in full", [Code(str(text))])]


def origin_facts(origin: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where numbers come from, by what provenance.json says."""
    machine, precision = origin.get("machine", {}), origin.get("precision")
    chosen = f", chosen until the interval was at most ±{precision:g}" if precision else ""
    software = ", ".join(f"{name} {version}" for name, version in origin.get("versions", {}).items())
    system = (origin.get("python", ""), machine.get("system", ""), machine.get("processor", ""))
    return [
        ("Command", shlex.join(map(str, origin.get("command", []))) or "not recorded"),
        ("Seed", str(origin.get("seed", "not recorded"))),
        ("Replications", f"{origin.get('replications', 'not recorded')}{chosen}"),
        ("Scenario, by content", str(origin.get("scenario_hash", "not recorded"))),
        ("Version of results", str(origin.get("results_version", "not recorded"))),
        ("Git commit of the scenario's folder", str(origin.get("git_commit", "none"))),
        ("Software", software or "not recorded"),
        ("Python and system", " ".join(str(word) for word in system if word)),
    ]


def _missing(results: Results) -> str:
    """What the scenario alone does not hold."""
    words = ""
    if results.scenario.agencies.own_file:
        words += " It also needs the table of agencies that it names."
    if results.scenario.agencies.survey:
        words += " It also needs the survey that it names."
    known = {*results.scenario.strategy_names, *STRATEGIES}
    if given := [strategy_label(name) for name in results.comparison.strategies if name not in known]:
        words += f" {plain.joined(given)} came from Python and must be given again."
    return words
