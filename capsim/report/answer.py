"""The question, the answer in one sentence, and how sure it is."""

from __future__ import annotations

import math
from typing import Any

from capsim.comparison.statistics import PairedDifference
from capsim.figures.palette import BASELINE
from capsim.report.parts import Facts, Notice, Paragraph, Part, Section, Tile, Tiles
from capsim.report.pictures import picture_of_pairs
from capsim.report.results import Results
from capsim.report.words import count, number, percent, running, sentence, signed, title

__all__ = ["answer_section", "question", "verdict"]

_RANGE_FROM = 40


def question(results: Results) -> str:
    """The declared question in plain words."""
    scenario = results.comparison.scenario
    first, second = map(running, results.contrast)
    moment = results.moment()
    begin = sentence(moment)
    if scenario.question.outcome == "use":
        return f"{begin}, which leaves more of the practices in use: {first} or {second} assistance?"
    return f"{begin}, where is {results.measure} higher: with {first} or with {second} assistance?"


def _headline(results: Results) -> dict[str, Any] | None:
    """Figures of `Comparison.headline`; None without a finished pair."""
    if results.comparison.outcome not in results.comparison.runs:
        return None
    figures = results.comparison.headline()
    return figures if figures["luck"].pairs and not math.isnan(figures["luck"].mean.estimate) else None


def verdict(results: Results) -> str:
    """The answer in a few words."""
    figures = _headline(results)
    if figures is None:
        return "No answer"
    low, high = figures["low"], figures["high"]
    if low == high == 0.0:
        return "No difference"
    if math.isnan(low):
        return "One pair of runs is too few for an answer"
    if low > 0.0 or high < 0.0:
        return _more(results, results.contrast[0] if low > 0.0 else results.contrast[1])
    chance = _wider(figures).probability_better
    if max(chance, 1.0 - chance) < 0.8:
        return "Too close to call"
    better = results.contrast[0] if chance >= 0.5 else results.contrast[1]
    return f"Not settled, but {_lean(results, better)}"


def _more(results: Results, name: str) -> str:
    if results.comparison.scenario.question.outcome == "use":
        return f"{title(name)} assistance leaves more in use"
    return f"{title(name)} assistance: more {results.measure}"


def _lean(results: Results, name: str) -> str:
    verb = (
        "leaves more in use" if results.comparison.scenario.question.outcome == "use" else f"has more {results.measure}"
    )
    return f"{running(name)} assistance {verb} in most simulated worlds"


def _wider(figures: dict[str, Any]) -> PairedDifference:
    chosen: PairedDifference = figures["luck"] if figures["wider"] == "luck" else figures["luck_and_assumptions"]
    return chosen


def answer_section(results: Results) -> Section:
    """First part of the page, below the question."""
    figures = _headline(results)
    parts: list[Part] = [Paragraph(results.comparison.answer())]
    if figures is None:
        parts.append(
            Notice(
                "No pair of runs of the two strategies finished; the reasons are listed under “Can these numbers "
                "be trusted?”."
            )
        )
        return Section("answer", verdict(results), "Answer", tuple(parts))
    parts.append(Tiles(tuple(_tiles(results, figures))))
    picture = picture_of_pairs(results)
    if picture is not None:
        parts.append(picture)
    parts.append(Facts(tuple(_sureness(results, figures))))
    return Section("answer", verdict(results), "Answer", tuple(parts))


def _tiles(results: Results, figures: dict[str, Any]) -> list[Tile]:
    first, second = results.contrast
    wider = _wider(figures)
    what = "the middle of all pairs" if figures["wider"] != "luck" else "on average"
    tiles = [
        Tile(
            "Difference",
            signed(figures["estimate"]),
            f"{title(first)} minus {running(second)}, {what}, on a scale from 0 to 1",
        )
    ]
    chance = wider.probability_better
    better = first if chance >= 0.5 else second
    meaning = f"of {count(wider.pairs, 'pair')} of simulated worlds have more {_short(results)} with {running(better)}"
    if chance == 0.5:
        meaning = f"of {count(wider.pairs, 'pair')} of simulated worlds for each strategy, ties counted half"
    tiles.append(Tile("How often", percent(max(chance, 1.0 - chance)), meaning))
    outcome = results.comparison.outcome
    base = results.mean(BASELINE, outcome)
    leader = first if figures["estimate"] >= 0 else second
    reached = results.mean(leader, outcome)
    if not math.isnan(base) and not math.isnan(reached) and leader != BASELINE:
        tiles.append(
            Tile(
                "For scale",
                f"{number(base, 2)} → {number(reached, 2)}",
                f"{_short(results)} without assistance, and with {running(leader)} assistance, {results.moment()}",
            )
        )
    return tiles


def _short(results: Results) -> str:
    return "use" if results.comparison.scenario.question.outcome == "use" else results.measure


def _sureness(results: Results, figures: dict[str, Any]) -> list[tuple[str, str]]:
    luck: PairedDifference = figures["luck"]
    items = [("What is measured", _meaning(results)), ("Luck only", _luck(luck))]
    both = figures.get("luck_and_assumptions")
    if both is None:
        items.append(
            (
                "Luck and assumptions",
                "Not looked at: this comparison keeps every assumption fixed, so the true uncertainty is larger "
                "than what is shown.",
            )
        )
    elif not both.pairs:
        items.append(("Luck and assumptions", "Not known: no pair of runs with drawn assumptions finished."))
    else:
        items.append(("Luck and assumptions", _both(results, both)))
    items.append(
        (
            "What neither covers",
            "Whether the rules of the model are right. A simulation works out what follows from assumptions; it is "
            "no measurement in real agencies.",
        )
    )
    return items


def _meaning(results: Results) -> str:
    if results.comparison.scenario.question.outcome != "use":
        from capsim.catalogue import MEASURES

        measure = MEASURES[results.comparison.scenario.question.outcome]
        return f"{measure.title} ({measure.unit}). {measure.meaning}"
    return (
        "“Use” says how far the practices that districts want to adopt are really part of daily work, as a mean "
        "over districts: "
        "0 is not at all, 1 is fully. A difference of 0.01 is one hundredth of that way."
    )


def _luck(luck: PairedDifference) -> str:
    if math.isnan(luck.mean.low):
        return (
            f"The only finished pair of worlds differs by {signed(luck.mean.estimate)}; one pair says nothing "
            "about certainty."
        )
    return (
        f"If every assumption of the model is right, the average difference is {signed(luck.mean.estimate)}. "
        "Chance, such as who leaves "
        f"and who is hired, leaves this average uncertain between {signed(luck.mean.low)} and {signed(luck.mean.high)} "
        f"(95% interval, {count(luck.pairs, 'pair')} of simulated worlds)."
    )


def _both(results: Results, both: PairedDifference) -> str:
    assumed = results.comparison.draws.shape[1] - 1
    numbers = (
        f"the {assumed} numbers that had to be assumed are" if assumed > 0 else "the numbers that had to be assumed are"
    )
    sentence = (
        f"If {numbers} also drawn afresh for every pair of worlds, the middle difference is "
        f"{signed(both.spread.estimate)}, "
        f"and 95% of single pairs fall between {signed(both.spread.low)} and {signed(both.spread.high)}."
    )
    if both.pairs < _RANGE_FROM:
        sentence += f" (With {count(both.pairs, 'pair')} that is the whole range, from the smallest to the largest.)"
    return sentence
