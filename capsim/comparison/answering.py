"""The answers in sentences: which plan, the declared contrast, what readings of later months say of a forecast;
verdicts are those of `judge`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from capsim.catalogue import LINKED, NOT_A_FINDING
from capsim.comparison.asking import help_in_words, strategy_title
from capsim.comparison.forecast import FEWEST
from capsim.comparison.paired_runs import PairedRuns
from capsim.comparison.ranking import ranking
from capsim.comparison.verdicts import (
    EQUAL,
    FEWEST_TO_COUNT,
    LARGER,
    NOTHING,
    TOO_FEW,
    Judged,
    headline,
    idle_strategies,
    judge,
    undefined_outcome,
)
from capsim.runs.outcomes import asked_in_words
from capsim.scenario import Scenario

_FEWEST_FOR_95 = 39
"""Draws from which the range that holds 95% of them is not simply from the smallest to the largest."""
_MOST_NAMED = 3
"""Plans named in a sentence as those that may be the best."""


def moment_in_words(scenario: Scenario, *, what: str = "assistance") -> str:
    """When the declared outcome is read; `what` is assistance in a sentence that may have named it already."""
    months = scenario.timeline.follow_up
    if scenario.question.at == "assistance_end" or months == 0:
        return "when assistance ends"
    length, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{length} {unit}{'s' if length != 1 else ''} after {what} ends"


def outcome_in_words(scenario: Scenario) -> str:
    """What is asked about, in running text."""
    return f"{scenario.asked.title[:1].lower()}{scenario.asked.title[1:]}"


def which_plan(comparison: PairedRuns) -> tuple[str, str]:
    """Which plan leaves most, as a title and in sentences; empty with fewer than two plans, or without no help.

    Where readings have updated the forecast it is the updated one, with what was foretold behind it.
    """
    rows = ranking(comparison).to_dict("records")
    if len(rows) < 2 or math.isnan(rows[0]["gain"]):
        return "", ""
    best = rows[0]
    first = "the better of 2" if len(rows) == 2 else f"the best of all {len(rows)}"
    if is_updated(comparison):
        return _updated_plan(comparison, best, first)
    interval = f"{_covers(best['over'], best['worlds'])} {_signed(best['low'], 3)} to {_signed(best['high'], 3)}"
    most = f"{first} plans in {in_worlds(best['best_in'], best['worlds']).replace('worlds', 'simulated worlds')}"
    if not best["worlds"]:
        most = f"not compared with all {len(rows)} plans, because no world has a run of each"
    title = leaders(rows)
    gain = _gain(comparison, best["strategy"], best["gain"], interval)
    told = f" {learnt_in_words(comparison)}" if len(comparison.observed) else ""
    return title, f"{title}. {gain}, and is {most}.{told}"


def is_updated(comparison: PairedRuns) -> bool:
    """Whether readings have updated the forecast; folders of before have no verdicts of then."""
    told = comparison.provenance.get("observed", {})
    return bool(told.get("learnt")) and "updated_against_best" in comparison.updated


def _updated_plan(comparison: PairedRuns, before: dict[Any, Any], first: str) -> tuple[str, str]:
    """The same after readings, and the plan that was first before them."""
    rows = comparison.updated.rename(columns={"updated_against_best": "against_best"}).to_dict("records")
    head, colon, plans = leaders(rows).partition(": ")
    title = f"{head} after {len(comparison.observed)} readings{colon}{plans}"
    best = rows[0]
    low, high = (_signed(best[f"updated_gain_{end}"], 3) for end in ("low", "high"))
    interval = f"95% of worlds as they count now, {low} to {high}"
    gain = _gain(comparison, best["strategy"], best["updated_gain"], interval)
    now = best_in_words(comparison, best)[1]
    was = f"{_signed(before['gain'], 3)} ({_signed(before['low'], 3)} to {_signed(before['high'], 3)})"
    foretold = f"Before the readings {help_in_words(before['strategy'])} came first, with {was}"
    often = in_worlds(before["best_in"], before["worlds"])
    return title, f"{title}. {gain}, and is {first} plans in {now} simulated worlds. {foretold}, the best in {often}."


def _gain(comparison: PairedRuns, strategy: str, gain: float, interval: str) -> str:
    """What the first plan leaves, as the beginning of a sentence."""
    adds = f"{abs(gain):.3f} {'higher' if gain >= 0.0 else 'lower'}"
    when = moment_in_words(comparison.scenario, what="it")
    outcome = outcome_in_words(comparison.scenario)
    return f"{_sentence(help_in_words(strategy))} leaves {outcome} {adds} than no help, {when} ({interval})"


def leaders(rows: list[dict[Any, Any]]) -> str:
    """The verdict on the best plans of a ranking: that of the best against the second decides."""
    verdict = str(rows[0]["against_best"])
    if verdict == TOO_FEW:
        return "Too few worlds for a verdict"
    if verdict == NOTHING:
        return "No plan leaves anything that matters"
    if verdict == LARGER or len(rows) == 1:
        return f"{_sentence(strategy_title(rows[0]['strategy']))} is the {'best' if len(rows) > 1 else 'only'} plan"
    alike = {verdict: [rows[0]["strategy"]]}
    for row in rows[1:]:
        if row["against_best"] != LARGER:
            alike.setdefault(row["against_best"], []).append(row["strategy"])
    words = {verdict: "and" if verdict == EQUAL else "or"}  # between these is the choice
    parts = [f"{said}: {_named(names, words.get(said, 'and'))}" for said, names in alike.items()]
    return _sentence("; ".join(parts))


def _named(names: list[str], word: str) -> str:
    """The plans of which one verdict holds, the first few by name."""
    named = [strategy_title(name) for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        named.append(f"{len(names) - _MOST_NAMED} more")
    return f" {word} ".join(part for part in (", ".join(named[:-1]), named[-1]) if part)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def in_worlds(count: int, worlds: int) -> str:
    """So many of so many worlds; a percentage only of a hundred and more."""
    return f"{count} of {worlds} worlds" if worlds < 100 else f"{count / worlds:.0%} of {worlds:,} worlds"


def verdict_in_words(judged: Judged) -> str:
    """A verdict with the worlds behind it, as the end of a sentence."""
    matters = f"{judged.matters:.3f}".lstrip("0")
    if judged.worlds < FEWEST_TO_COUNT:
        return f"{judged.worlds} {'world says' if judged.worlds == 1 else 'worlds say'} nothing about certainty"
    first = 2 * judged.first_ahead >= judged.worlds
    most = in_worlds(judged.first_ahead if first else judged.worlds - judged.first_ahead, judged.worlds)
    counted = f"{strategy_title(judged.first if first else judged.second)} ahead in {most}"
    if judged.verdict == TOO_FEW:
        return f"{counted}, too few for a verdict"
    if judged.verdict == LARGER:
        return f"{'larger' if judged.interval.low > 0.0 else 'smaller'} in {most}"
    if judged.verdict == NOTHING:
        return f"neither leaves anything: both are within {matters} of no help"
    why = f" (less than {matters} does not matter)" if judged.verdict == EQUAL else ""
    return f"{judged.verdict}{why}, {counted}"


def against_in_words(row: dict[Any, Any]) -> str:
    """The verdict of a row of the ranking against the best plan; of the best against the second."""
    if row["rank"] == 1:
        return f"best; second: {'worse' if row['against_best'] == LARGER else row['against_best']}"
    return "worse" if row["against_best"] == LARGER else str(row["against_best"])


def _covers(over: str, worlds: int) -> str:
    if over == "luck":
        return "95% interval from luck alone"
    what = "95% of worlds" if worlds >= _FEWEST_FOR_95 else f"lowest to highest of {worlds} worlds"
    return f"{what}, over {over},"


def answer_of(comparison: PairedRuns) -> str:
    """The declared question answered in one sentence that quotes the wider interval."""
    scenario, figures = comparison.scenario, headline(comparison)
    luck = figures["luck"]
    if not luck.pairs or math.isnan(luck.mean.estimate):
        why = undefined_outcome(comparison) or "no pair of runs of the two strategies finished"
        return f"{scenario.name}: no answer, because {why}."
    judged = judge(comparison, *scenario.question.contrast)
    second = strategy_title(judged.second)
    over = f"mean over {scenario.question.weight}{asked_in_words(scenario)}"
    measure = f"{outcome_in_words(scenario)} ({NOT_A_FINDING if scenario.asked.name in LINKED else over})"
    estimate, low, high = judged.interval
    digits = 3 if not high - low < 0.004 else 4
    amount = f"{measure} {abs(estimate):.{digits}f} {'higher' if estimate > 0 else 'lower'} than {second}"
    if round(estimate, digits) == 0.0:
        amount = f"{measure} as high as {second}"
    interval = f"{_signed(low, digits)} to {_signed(high, digits)}"
    detail = f"95% interval from luck alone {interval}"
    if judged.over != "luck":
        worlds = "in 95% of worlds"
        if judged.worlds < _FEWEST_FOR_95:
            worlds = f"lowest to highest of {judged.worlds} pairs of worlds"
        detail = f"{worlds}, over {judged.over}, {interval}"
    when = moment_in_words(scenario, what="it")
    said = f"{help_in_words(judged.first)} leaves {amount} {when} ({detail}); {verdict_in_words(judged)}"
    idle = " and ".join(map(help_in_words, idle_strategies(comparison, scenario.question.contrast)))
    note = f" Note that {idle} delivered none of its hours." if idle else ""
    before = ", before the readings" if is_updated(comparison) else ""
    return f"{scenario.name}{before}: {said}.{note}"


def _signed(value: float, digits: int) -> str:
    """A number with its sign; zero without one."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0.0:.{digits}f}"


_FAR_OFF = 0.8
"""Share of readings inside of their ranges below which the model is said to miss them."""


def fact_in_words(comparison: PairedRuns) -> str:
    """How many readings lie where the forecast said."""
    table, told = comparison.observed, comparison.provenance["observed"]
    inside, n = int(table["inside"].sum()), len(table)
    months = f"month{'s' if len(told['months']) > 1 else ''} {' and '.join(map(str, told['months']))}"
    text = (
        f"{inside} of {n} readings of {table['agency'].nunique()} agencies ({months}, under "
        f"{strategy_title(told['followed'])}) lie within the range of 95% of the simulated worlds."
    )
    if inside < _FAR_OFF * n:
        text += " That is fewer than should: treat the forecast, updated or not, with care."
    return text


def learnt_in_words(comparison: PairedRuns) -> str:
    """How much the readings say about the plans."""
    told = comparison.provenance["observed"]
    worlds, effective, tolerance = told["worlds"], float(told["effective"]), float(told["tolerance"])
    if not told["learnt"]:
        few = f"only {effective:.0f} of {worlds} worlds come close to the readings" if worlds else "no world finished"
        return (
            f"The forecast stays as it was: {few}, and from fewer than {FEWEST:.0f} nothing is concluded. More worlds "
            "may help (--replications 200)."
        )
    text = (
        f"Worlds that foretold the readings well now count more; together they say as much as {effective:.0f} of "
        f"{worlds} worlds that count the same."
    )
    if tolerance > 1.0:
        text += f" To keep so many, the readings were taken to be {tolerance:.1f} times as noisy as they are."
    return text


def best_in_words(comparison: PairedRuns, row: Mapping[Any, Any]) -> tuple[str, str]:
    """In how many worlds a plan is the best, as it was foretold and as it is now; of those that speak now."""
    told = comparison.provenance["observed"]
    worlds, now = int(told["worlds"]), round(float(told["effective"]))
    updated = row["updated_best_in"]
    return (
        f"{round(worlds * row['foretold_best_in'])} of {worlds}",
        "-" if math.isnan(updated) else f"{round(now * updated)} of {now}",
    )


def next_in_words(comparison: PairedRuns) -> str:
    """What to read next, and by how much it is expected to narrow the answer; empty where that was not looked into."""
    table = comparison.next_readings
    if table.empty:
        return ""
    first, second = map(strategy_title, comparison.scenario.question.contrast)
    row = table.iloc[0]
    where = f"What to read next: of all {row['districts_read']} districts in month {row['month']},"
    answer = f"the difference of {first} and {second}"
    clear = table[table["beyond_chance"].astype(bool)]
    if clear.empty:
        return f"{where} no item is expected to narrow {answer} by more than chance would."
    said = "; ".join(f"{one['item']} by {one['narrows']:.0%}" for one in clear.to_dict("records"))
    return f"{where} to narrow the range of {answer}: {said}."
