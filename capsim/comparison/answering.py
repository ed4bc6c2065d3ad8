"""The declared question answered in one sentence, and the words for strategies and moments in running text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from capsim.catalogue import LINKED, NOT_A_FINDING, STRATEGIES
from capsim.comparison.cautions import idle_strategies, undefined_outcome
from capsim.comparison.statistics import PairedDifference
from capsim.scenario import Scenario

if TYPE_CHECKING:
    from capsim.comparison.comparison import Comparison

_FEWEST_FOR_95 = 39
"""Draws from which the range that holds 95% of them is not simply from the smallest to the largest."""


def strategy_title(name: str) -> str:
    """Title of a shipped strategy in running text, or the name of one's own."""
    return STRATEGIES[name].title.lower() if name in STRATEGIES and STRATEGIES[name].title else name


def moment_in_words(scenario: Scenario, *, what: str = "assistance") -> str:
    """When the declared outcome is read; `what` is assistance in a sentence that may have named it already."""
    months = scenario.timeline.follow_up
    if scenario.question.at == "assistance_end" or months == 0:
        return "when assistance ends"
    length, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{length} {unit}{'s' if length != 1 else ''} after {what} ends"


def answer_of(comparison: Comparison) -> str:
    """The answer of a comparison; it quotes the wider interval."""
    scenario, figures = comparison.scenario, comparison.headline()
    luck: PairedDifference = figures["luck"]
    if not luck.pairs or math.isnan(luck.mean.estimate):
        why = undefined_outcome(comparison) or "no pair of runs of the two strategies finished"
        return f"{scenario.name}: no answer, because {why}."
    first, second = strategy_title(figures["first"]), strategy_title(figures["second"])
    asked = scenario.asked
    over = NOT_A_FINDING if asked.name in LINKED else f"mean over {scenario.question.weight}"
    measure = f"{asked.title[:1].lower()}{asked.title[1:]} ({over})"
    low, high, estimate = figures["low"], figures["high"], figures["estimate"]
    digits = 3 if not high - low < 0.004 else 4
    amount = f"{abs(estimate):.{digits}f} {'more' if estimate > 0 else 'less'} in {measure} than {second}"
    if round(estimate, digits) == 0.0:
        amount = f"as much in {measure} as {second}"
    interval = f"{_signed(low, digits)} to {_signed(high, digits)}"
    detail, chance = f"95% interval from luck alone {interval}", luck.probability_better
    if figures["wider"] != "luck":
        both: PairedDifference = figures["luck_and_assumptions"]
        worlds = "95% of worlds" if both.pairs >= _FEWEST_FOR_95 else f"all {both.pairs} pairs of worlds tried"
        detail, chance = f"in {worlds}, over {comparison.drawn_in_words}, {interval}", both.probability_better
    when = moment_in_words(scenario, what="it")
    verdict = _verdict(low, high, chance, first, second)
    return f"{scenario.name}: {first} assistance leaves {amount} {when} ({detail}); {verdict}.{_idle(comparison)}"


def _signed(value: float, digits: int) -> str:
    """A number with its sign; zero without one."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0.0:.{digits}f}"


def _verdict(low: float, high: float, chance: float, first: str, second: str) -> str:
    if math.isnan(low):
        return "one pair of runs says nothing about certainty"
    better, share = (first, chance) if chance >= 0.5 else (second, 1.0 - chance)
    clear = "the interval includes zero, so which is better is not settled"
    if low > 0.0 or high < 0.0:
        clear = "the sign is clear"
    if share == 0.5:
        return f"neither came out ahead more often than the other; {clear}"
    return f"{better} came out ahead in {share:.0%} of the pairs; {clear}"


def _idle(comparison: Comparison) -> str:
    """A sentence on strategies of the question that gave none of their hours, if there are any."""
    idle = " and ".join(map(strategy_title, idle_strategies(comparison, comparison.scenario.question.contrast)))
    return f" Note that {idle} assistance delivered none of its hours." if idle else ""
