"""The question, the answer in one sentence, and how sure it is."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue import BASELINE, GAPS, WEIGHTS
from capsim.comparison.answering import against_in_words, which_plan
from capsim.comparison.districts import means_disagree
from capsim.comparison.plainly import in_words
from capsim.comparison.statistics import PairedDifference
from capsim.comparison.verdicts import LARGER, smallest_that_matters
from capsim.figures.differences import plot_pairs
from capsim.figures.palette import strategy_label
from capsim.report import plain
from capsim.report.parts import Columns, Facts, Fold, Notice, Part, Picture, Tiles
from capsim.report.results import Results, label_of
from capsim.report.strategies import described
from capsim.report.survey import updated_parts

_RANGE_FROM = 40
_NEITHER_COVERS = (
    "Whether {rules}. A simulation works out what follows from assumptions; it is no measurement in real agencies."
)
_ONE_FORM, _MANY_FORMS = "the rules of the model are right", "any of the rules that were tried is right"


def question(results: Results) -> str:
    """Which plan, in plain words; the declared question where there is no choice of plans."""
    first, second = map(plain.helping, results.contrast)
    begin, is_use = plain.sentence(results.moment()), results.scenario.asked.name == "use"
    if which_plan(results.comparison)[0]:
        asked = (
            "leaves most of the practices in use"
            if is_use
            else f"has the {'highest' if results.more_is_better else 'lowest'} {results.measure}"
        )
        return f"{begin}, which plan {asked}?"
    if is_use:
        return f"{begin}, which leaves more of the practices in use: {first} or {second}?"
    return f"{begin}, where is {results.measure} higher: with {first} or with {second}?"


def _headline(results: Results) -> dict[str, Any] | None:
    """Figures of `Comparison.headline`; None without a finished pair."""
    figures = results.comparison.headline()
    return figures if figures["luck"].pairs and not math.isnan(figures["luck"].mean.estimate) else None


def verdict(results: Results) -> str:
    """The answer in a few words: which plan, or of a single plan and its contrast what comes of it."""
    title, _ = which_plan(results.comparison)
    if title:
        return title
    figures = _headline(results)
    if figures is None:
        return "No answer"
    judged = results.comparison.judge(*results.contrast)
    if judged.verdict == LARGER:
        better = plain.sentence(plain.helping(judged.ahead))
        is_use = results.scenario.asked.name == "use"
        return f"{better} leaves more in use" if is_use else f"{better}: {_more(results)} {results.measure}"
    return plain.sentence(judged.verdict)


def _more(results: Results) -> str:
    return "more" if results.more_is_better else "less"


def answer_parts(results: Results) -> list[Part]:
    """First part of the page, below the question: a page of print up to what is folded."""
    figures = _headline(results)
    title, said = which_plan(results.comparison)
    plans, folded = _plans(results, said.removeprefix(f"{title}. ")) if said else ([], [])
    parts: list[Part] = [*plans, results.comparison.answer()]
    if figures is None:
        reasons = "the reasons are listed under “Can these numbers be trusted?”."
        return [*parts, Notice(results.undefined or f"No pair of runs of the two strategies finished; {reasons}")]
    if warning := means_disagree(results.comparison):
        parts.append(Notice(warning))
    parts.append(Tiles(_tiles(results, figures)))
    return [*parts, *folded, _pairs(results), Facts(_sureness(results, figures))]


def _plans(results: Results, said: str) -> tuple[list[Part], list[Part]]:
    """All plans in a table, the best first, and a fold that says what they are."""
    table, now = results.comparison.ranking(), updated_parts(results)
    note = (
        "A world: these agencies simulated once under every plan, with luck of its own, the same for all plans, and "
        "with numbers and rules of its own where those are drawn. "
        f"Gain in {results.measure} over no assistance, {results.moment()}, with the wider of the two intervals of this "
        "page. Best in: worlds in which the plan is the best of all. Kept: the share of the gain at the end of "
        "assistance that is still there, with every assumption at its default, where it is large enough to tell; "
        "above 100% it went on growing. Dollars are the center's, beside them what each million gains; "
        "hours are those of agencies' staff; both over all years. Leaves behind: kinds of districts whose gap to the others widens. Verdict: "
        "against the best plan, of the best against the second. "
        f"Differences of less than {plain.number(smallest_that_matters(results.comparison))} are taken not to matter."
    )
    ranked = results.table("All plans as foretold" if now else "All plans, the best first", table, _PLAN, note)
    words = in_words(results.comparison)
    named = {name: strategy_label(name) for name in words if name in results.featured} | {"turnover": "Turnover"}
    plainly = [(label, f"{plain.sentence(words[name])}.") for name, label in named.items() if name in words]
    what = [
        (strategy_label(name), described(results, name)["does"])
        for name in table["strategy"]
        if name in results.featured
    ]
    folded = Fold("What these plans are", [Facts(what)])
    return [said, *now, ranked, *([Facts(plainly)] if plainly else [])], [folded]


def _verdict_in_words(row: dict[Any, Any]) -> str:
    """The verdict against the best plan; of the best itself, against the second."""
    if row["rank"] == 1:
        return "the best" if row["against_best"] == LARGER else str(row["against_best"])
    return against_in_words(row)


_SMALL = 5e-4
"""Gain for a million dollars below which another digit is shown."""
_PLAN: Columns = {
    "Plan": label_of,
    "Gain": plain.interval_in,
    "Best in": lambda row: plain.often(row["best_in"], row["worlds"]).replace(" ", "\N{NO-BREAK SPACE}"),
    "Kept": lambda row: "–" if math.isnan(row["retained"]) else plain.percent(row["retained"]),
    "Dollars": lambda row: plain.money(row["dollars"]).replace(" million", "M"),
    "Per $1M": lambda row: plain.signed(row["gain_per_million"], 4 if abs(row["gain_per_million"]) >= _SMALL else 5),
    "Staff hours": lambda row: (
        plain.whole(row["recipient_hours"]) if row["recipient_hours"] < 1e6 else f"{row['recipient_hours'] / 1e6:.2f}M"
    ),
    "Leaves behind": lambda row: row["left_behind"] or "nobody",
    "Verdict": _verdict_in_words,
}


def _tiles(results: Results, figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    first, second = results.contrast
    luck = figures["wider"] == "luck"
    wider: PairedDifference = figures["luck" if luck else "luck_and_assumptions"]
    short = "use" if results.scenario.asked.name == "use" else results.measure
    what = "on average" if luck else "the middle of all pairs"
    minus = f"{strategy_label(first)} minus {plain.running(second)}, {what}, on a scale from 0 to 1"
    chance = wider.probability_better
    ahead = plain.running(first if chance >= 0.5 else second)
    meaning = (
        f"worlds have {_more(results)} {short} with {ahead}" if chance != 0.5 else "worlds for each, ties counted half"
    )
    times = plain.often(round(max(chance, 1.0 - chance) * wider.pairs), wider.pairs)
    tiles = [("Difference", plain.signed(figures["estimate"]), minus), ("How often", times, meaning)]
    leader = first if (figures["estimate"] >= 0) == results.more_is_better else second
    base, reached = (results.mean(name, results.comparison.outcome) for name in (BASELINE, leader))
    if not math.isnan(base + reached) and leader != BASELINE:
        where = (
            f"{short} without assistance, and with {plain.helping(leader)}, {results.moment()}; every assumption at "
            "its default"
        )
        tiles.append(("For scale", f"{plain.number(base, 2)} → {plain.number(reached, 2)}", where))
    return tiles


def _pairs(results: Results) -> Picture:
    """Every pair of worlds as a dot."""
    tables = []
    for name in results.comparison.assumption_sets:
        pairs = results.comparison.paired(*results.contrast, assumptions=name)
        tables.append(pd.DataFrame({"assumptions": name, "difference": pairs[:, 0] - pairs[:, 1]}))
    table = pd.concat(tables, ignore_index=True)
    over = results.comparison.drawn_in_words
    plot = partial(
        plot_pairs, table, measure=results.measure, more_is_better=results.more_is_better, **results.pair, drawn=over
    )
    note = "Each dot is one pair of simulated worlds that share their luck and differ only in the assistance they get."
    height = 1.0 + 0.8 * table["assumptions"].nunique()
    return results.picture("pairs", "Every pair of simulated worlds", note, (height, plot))


def _sureness(results: Results, figures: dict[str, Any]) -> list[tuple[str, str]]:
    both, tried = figures.get("luck_and_assumptions"), len(results.comparison.variants) > 0
    if both is None:
        drawn = "Not looked at: this comparison keeps every assumption fixed, so the true uncertainty is larger than what is shown."
    elif not both.pairs:
        drawn = "Not known: no pair of runs with drawn assumptions finished."
    else:
        drawn = _both(results, both)
    return [
        ("What is measured", _meaning(results)),
        ("Luck only", _luck(figures["luck"])),
        (plain.sentence(results.comparison.drawn_in_words), drawn),
        ("What neither covers", _NEITHER_COVERS.format(rules=_MANY_FORMS if tried else _ONE_FORM)),
    ]


def _meaning(results: Results) -> str:
    if results.scenario.asked.name != "use":
        measure = results.scenario.asked
        over = "" if measure.name in GAPS else f", a mean over {results.over}"
        return f"{measure.title} ({measure.unit}){over}. {measure.meaning}"
    return (
        "“Use” says how far the practices that districts want to adopt are really part of daily work, as a mean over "
        f"{results.over}: 0 is not at all, 1 is fully. "
        f"{WEIGHTS[results.scenario.question.weight].one}"
    )


def _luck(luck: PairedDifference) -> str:
    estimate = plain.signed(luck.mean.estimate)
    if math.isnan(luck.mean.low):
        return f"The only finished pair of worlds differs by {estimate}; one pair says nothing about certainty."
    return (
        f"If every assumption of the model is right, the average difference is {estimate}. Chance, such as who leaves and "
        f"who is hired, leaves this average uncertain between {plain.signed(luck.mean.low)} and {plain.signed(luck.mean.high)} "
        f"(95% interval, {plain.count(luck.pairs, 'pair')} of simulated worlds)."
    )


def _both(results: Results, both: PairedDifference) -> str:
    assumed = results.comparison.draws.shape[1] - 1
    numbers = f"the {assumed} numbers" if assumed > 0 else "the numbers"
    rules = ", and the rules that may be otherwise," if len(results.comparison.variants) else ""
    middle, low, high = map(plain.signed, both.spread)
    text = (
        f"If {numbers} that had to be assumed{rules} are also drawn afresh for every pair of worlds, the middle "
        f"difference is {middle}, and 95% of single pairs fall between {low} and {high}."
    )
    if both.pairs < _RANGE_FROM:
        text += f" (With {plain.count(both.pairs, 'pair')} that is the whole range, from the smallest to the largest.)"
    return text
