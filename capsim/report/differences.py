"""Differences between strategies, the same without three factors and under every way of counting districts, and gaps
between groups of districts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from capsim.catalogue import BASELINE, WEIGHTS
from capsim.catalogue.measures import DISTRICTS, PLAIN
from capsim.comparison.districts import gaps_disagree, means_disagree
from capsim.comparison.statistics import Interval, PairedDifference
from capsim.figures.differences import plot_differences
from capsim.figures.palette import strategy_label
from capsim.report import plain
from capsim.report.parts import Columns, Fold, Notice, Part, Picture, Table
from capsim.report.results import Results, label_of

Pair = tuple[str, str]
_Asked = tuple[Pair, str | None, str, str]
"""A pair, how districts count, the heading of its row and the strategy in whose color it stands."""

_FACTORS = (
    "The model lets three things multiply what people and routines can do: shared goals, alignment of units and agencies, "
    "and resources that follow the plan. That favors strategies that work on them, so the same differences are shown "
    "without these factors."
)
_GAPS = {
    "equity_gap_size": ("Large and small districts", "districts of 5,000 students or more minus those below 1,000"),
    "equity_gap_sparse": (
        "Dense and sparse districts",
        "other districts minus sparse ones (the lowest third of students per square kilometer in the state)",
    ),
}


def differences_parts(results: Results) -> list[Part]:
    """Forest and table."""
    table = results.comparison.differences()
    if not (table["pairs"] > 0).any():
        return [Notice(results.undefined or "No pair of runs finished, so there are no differences to show.")]
    note = f"Differences in {results.measure}, {results.moment()}; the first-named strategy minus the second."
    if results.has_drawn:
        note += " The last column counts pairs with drawn assumptions."

    def of(pairs: Sequence[Pair]) -> Table:
        rows = [(pair, None, *_heading(pair)) for pair in pairs]
        return _with_both(results, "Differences, with both intervals", "Strategies", rows, note)

    parts: list[Part] = [_picture(results, table), *_few_and_all(results, of)]
    if len(results.others) < len(results.comparison.strategies) and not results.has_baseline:
        parts.append("Strategies are not compared with no assistance, because no run without assistance finished.")
    return parts


def _few_and_all(results: Results, make: Callable[[Sequence[Pair]], Table]) -> list[Part]:
    """A table of the contrast and featured strategies against no assistance; and of all of them where there are more."""
    pairs = [results.contrast]
    if results.has_baseline:
        pairs += [(name, BASELINE) for name in results.others if (name, BASELINE) != results.contrast]
    few = [pair for pair in pairs if pair == results.contrast or pair[0] in results.featured]
    rest = [Fold(f"The same for all {len(pairs)} pairs of strategies", [make(pairs)])] if len(few) < len(pairs) else []
    return [make(few), *rest]


def _heading(pair: Pair) -> tuple[str, str]:
    """What a row about a pair is called, and the strategy whose color it has, if it is one against no assistance."""
    return f"{strategy_label(pair[0])} vs. {plain.running(pair[1])}", pair[0] if pair[1] == BASELINE else ""


def _with_both(results: Results, caption: str, first: str, rows: Sequence[_Asked], note: str) -> Table:
    """Differences with both intervals, and who is ahead in how many pairs; districts counted by a weight of its own."""
    sets = ("default", "drawn") if results.has_drawn else ("default",)
    found = [
        [results.comparison.difference(*pair, assumptions=one, weight=weight) for one in sets]
        for pair, weight, *_ in rows
    ]
    digits = plain.digits_for(luck.mean.estimate for luck, *_ in found)
    headers = [first, "Average, luck only (95% interval)", "Ahead, in how many pairs"]
    if results.has_drawn:
        headers.insert(2, f"Middle, {results.comparison.drawn_in_words} (95% of pairs)")
    told = []
    for (pair, _, heading, name), (luck, *drawn) in zip(rows, found, strict=True):
        intervals = [luck.mean, *(one.spread for one in drawn)]
        cells = [*(_shown(one, digits) for one in intervals), plain.ahead([luck, *drawn][-1], *pair)]
        told.append(results.row(name, cells, heading))
    return Table(caption, headers, told, note)


def _picture(results: Results, table: pd.DataFrame) -> Picture:
    if results.many:
        table = _ranked(table)
    plot = partial(
        plot_differences,
        table,
        measure=results.measure,
        more_is_better=results.more_is_better,
        name_baseline=not results.many,
        styles=results.styles,
    )
    note = "Dot and thick bar: the average difference and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too; its tick is the middle."
    if results.many:
        note += " Strategies with one name are compared with no assistance, the largest gain first."
    rows = len(table[["first", "second"]].drop_duplicates())
    height = 1.2 + 0.42 * rows if results.many else 0.8 + 0.7 * rows
    heading = f"Differences in {results.measure}, {results.moment()}"
    return results.picture("differences", heading, note, (height, plot))


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The contrast first, then the others from the largest difference to the smallest."""
    contrast = table["second"] != BASELINE
    size = table[table["assumptions"] == "default"].set_index("first")["difference"]
    order = table["first"].map(size[~size.index.duplicated(keep="last")])
    others = table[~contrast].assign(order=order).sort_values("order", ascending=False, kind="stable")
    return pd.concat([table[contrast], others], ignore_index=True)


def _shown(interval: Interval, digits: int) -> str:
    return "no pair finished" if math.isnan(interval.estimate) else plain.estimate_with_interval(interval, digits)


def multipliers_parts(results: Results) -> list[Part]:
    """The headline with the factors for goals, alignment and the alignment of resources held at 1."""
    at = results.scenario.question.at
    outcomes = (f"use_{at}", f"use_unmultiplied_{at}")
    modeled, without = (results.difference(*results.contrast, outcome=outcome) for outcome in outcomes)
    return [f"{_FACTORS} {_stays(modeled, without)}", *_few_and_all(results, partial(_multipliers, results, outcomes))]


def _multipliers(results: Results, outcomes: Sequence[str], pairs: Sequence[Pair]) -> Table:
    found = {(pair, outcome): results.difference(*pair, outcome=outcome) for pair in pairs for outcome in outcomes}
    digits = plain.digits_for(d.mean.estimate for d in found.values())
    over = results.comparison.drawn_in_words
    headers = ["Strategies", "As modeled, luck only", "Without the factors, luck only"]
    if results.has_drawn:
        headers += [f"As modeled, {over}", f"Without the factors, {over}"]
    rows = []
    for pair in pairs:
        cells = [_shown(found[pair, outcome].mean, digits) for outcome in outcomes]
        if results.has_drawn:
            drawn = (results.difference(*pair, outcome=outcome, assumptions="drawn") for outcome in outcomes)
            cells += [_shown(difference.spread, digits) for difference in drawn]
        heading, name = _heading(pair)
        rows.append(results.row(name, cells, heading))
    note = (
        f"Luck only: averages with 95% intervals. {plain.sentence(over)}: middle values with the range of 95% of pairs."
    )
    return Table(f"Difference in use, {results.moment()}", headers, rows, note)


def _stays(modeled: PairedDifference, without: PairedDifference) -> str:
    """Say whether the answer depends on the factors."""
    if not modeled.pairs or not without.pairs:
        return "For the two strategies of the question this cannot be said, because no pair finished."
    if (modeled.mean.estimate >= 0) != (without.mean.estimate >= 0):
        return "Here they matter: without them the other strategy of the question comes out ahead on average."
    change = abs(without.mean.estimate) - abs(modeled.mean.estimate)
    if math.isclose(change, 0.0, abs_tol=5e-4):
        return "Here the answer to the question does not rest on them: it is nearly the same without."
    grows = "larger" if change > 0 else "smaller"
    return f"The same strategy comes out ahead without them, by a {grows} difference."


_COUNTED = ("districts", "pupils")


def fairness_parts(results: Results) -> list[Part]:
    """Gaps in use between groups of districts, and what each strategy does to them."""
    parts: list[Part] = [
        "A positive gap means that the first-named group has more in use. A negative change narrows a positive gap, or "
        "turns it around."
    ]
    if warning := gaps_disagree(results.comparison):
        parts.append(Notice(warning))
    found = results.comparison.equity_gaps()
    for gap, (heading, meaning) in _GAPS.items():
        rows = (
            {(row["strategy"], row["weight"]): row for row in found[found["gap"] == gap].to_dict("records")}
            if len(found)
            else {}
        )
        if not rows:
            why = "not defined here, because there are no districts of both kinds, or no run finished."
            parts.append(f"{heading}: {why}")
            continue

        def value(weight: str, row: Mapping[str, str], rows: Mapping[Any, Any] = rows) -> str:
            return plain.signed(
                rows[row["strategy"], weight]["value"] if (row["strategy"], weight) in rows else math.nan
            )

        def change(weight: str, row: Mapping[str, str], rows: Mapping[Any, Any] = rows) -> str:
            if row["strategy"] == BASELINE:
                return "the comparison"
            own = rows.get((row["strategy"], weight), {})
            return (
                plain.interval_in(own, "change")
                if results.has_baseline and "change" in own
                else "no run to compare with"
            )

        kinds = {"Gap": value, "Change": change}
        columns: Columns = {"Strategy": label_of} | {
            f"{kind} over {WEIGHTS[weight].title}": partial(cell, weight)
            for weight in _COUNTED
            for kind, cell in kinds.items()
        }
        note = (
            f"Use {results.moment()}; changes from no assistance with 95% intervals, luck only. Over districts every "
            "district of a group counts the same, over pupils in proportion to its pupils."
        )
        every = [{"strategy": name} for name in results.comparison.strategies]
        parts += results.tables(f"{heading}: {meaning}", every, columns, note)
    return [*parts, *_groups(results)]


def _groups(results: Results) -> list[Part]:
    """What every strategy adds in each group of districts."""
    found = results.comparison.by_group()
    found = found[found["gain"].notna()] if len(found) else found
    if found.empty:
        return []
    by_weight = {
        key: row for row in found.to_dict("records") for key in [(row["strategy"], row["group"], row["weight"])]
    }

    def gain(weight: str, row: Mapping[str, str]) -> str:
        own = by_weight.get((row["strategy"], row["group"], weight))
        return plain.interval_in(own) if own else plain.UNDEFINED

    columns: Columns = {
        "Strategy": label_of,
        "Group of districts": lambda row: plain.sentence(DISTRICTS[row["group"]]),
        **{f"Gain over {WEIGHTS[weight].title}": partial(gain, weight) for weight in _COUNTED},
    }
    rows = [
        {"strategy": name, "group": group}
        for name in results.others
        for group in DISTRICTS
        if (name, group, PLAIN) in by_weight
    ]
    note = f"Gain in {results.measure} over no assistance, {results.moment()}, with 95% intervals, luck only."
    caption = "Gain in each group of districts"
    return [Fold("Group by group", results.tables(caption, rows, columns, note, names=results.others, words=True))]


_AGREE = "All three means tell the same story: the same sign, and the same verdict on whether the interval settles it."


def means_parts(results: Results) -> list[Part]:
    """The contrast of the question as a mean over pupils, districts and positions; nothing without a finished pair."""
    comparison, contrast = results.comparison, results.contrast
    found = {weight: comparison.difference(*contrast, weight=weight) for weight in WEIGHTS}
    found = {weight: difference for weight, difference in found.items() if difference.pairs}
    if not found:
        return []
    first, second = contrast
    own = results.scenario.question.weight
    rows = [
        (contrast, weight, f"Over {WEIGHTS[weight].title}{' (the question’s)' if weight == own else ''}", "")
        for weight in found
    ]
    note = f"{strategy_label(first)} minus {plain.running(second)} in {results.measure}, {results.moment()}. "
    note += " ".join(WEIGHTS[weight].one for weight in found)
    warning = means_disagree(comparison)
    caption = "The same difference, districts counted in three ways"
    return [Notice(warning) if warning else _AGREE, _with_both(results, caption, "Mean", rows, note)]
