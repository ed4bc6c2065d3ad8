"""The answers in sentences: which plan, and the declared contrast; verdicts are those of `judge`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from capsim.catalogue import LINKED, NOT_A_FINDING
from capsim.comparison.asking import help_in_words, strategy_title
from capsim.comparison.cautions import idle_strategies, undefined_outcome
from capsim.comparison.forecast_words import best_in_words, learnt_in_words
from capsim.comparison.ranking import ranking
from capsim.comparison.verdicts import EQUAL, FEWEST_TO_COUNT, LARGER, NOTHING, TOO_FEW, Judged, headline, judge
from capsim.runs.regional import asked_in_words
from capsim.scenario import Scenario

if TYPE_CHECKING:
    from capsim.comparison.paired_runs import PairedRuns

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


def _over(scenario: Scenario) -> str:
    whose = f"{scenario.question.weight}{asked_in_words(scenario)}"
    return NOT_A_FINDING if scenario.asked.name in LINKED else f"mean over {whose}"


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
    """The declared contrast in one sentence; it quotes the wider interval."""
    scenario, figures = comparison.scenario, headline(comparison)
    luck = figures["luck"]
    if not luck.pairs or math.isnan(luck.mean.estimate):
        why = undefined_outcome(comparison) or "no pair of runs of the two strategies finished"
        return f"{scenario.name}: no answer, because {why}."
    judged = judge(comparison, *scenario.question.contrast)
    second = strategy_title(judged.second)
    measure = f"{outcome_in_words(scenario)} ({_over(scenario)})"
    low, high, estimate = judged.interval.low, judged.interval.high, judged.interval.estimate
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
    before = ", before the readings" if is_updated(comparison) else ""
    return f"{scenario.name}{before}: {said}.{_idle(comparison)}"


def _signed(value: float, digits: int) -> str:
    """A number with its sign; zero without one."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0.0:.{digits}f}"


def _idle(comparison: PairedRuns) -> str:
    """A sentence on strategies of the question that gave none of their hours, if there are any."""
    idle = " and ".join(map(help_in_words, idle_strategies(comparison, comparison.scenario.question.contrast)))
    return f" Note that {idle} delivered none of its hours." if idle else ""
