"""Differences between strategies, and the same without the factors for shared goals, alignment and resources."""

from __future__ import annotations

import math

from capsim.comparison.statistics import PairedDifference
from capsim.report.parts import Fold, Notice, Paragraph, Part, Row, Section, Table
from capsim.report.pictures import picture_of_differences
from capsim.report.results import Results
from capsim.report.words import ahead, digits_for, estimate_with_interval, running, span, title
from capsim.report.words import signed as with_sign

__all__ = ["differences_section", "multipliers_section"]

Pair = tuple[str, str]


def _pairs(results: Results) -> list[Pair]:
    """The contrast of the question, then every strategy against no assistance."""
    pairs = [results.contrast]
    if results.has_baseline:
        pairs += [(name, "none") for name in results.others if (name, "none") != results.contrast]
    return pairs


def _heading(pair: Pair) -> str:
    return f"{title(pair[0])} vs. {running(pair[1])}"


def _color(results: Results, pair: Pair) -> str:
    return results.styles[pair[0]].color if pair[1] == "none" and pair[0] in results.styles else ""


def differences_section(results: Results) -> Section:
    """Forest and table."""
    table = results.differences()
    parts: list[Part] = []
    if table.empty or not (table["pairs"] > 0).any():
        parts.append(Notice("No pair of runs finished, so there are no differences to show."))
        return Section("differences", "Differences between strategies", "Differences", tuple(parts))
    parts.append(picture_of_differences(results, table))
    parts += _tables(results)
    if len(results.others) < len(results.comparison.strategies) and not results.has_baseline:
        parts.append(
            Paragraph("Strategies are not compared with no assistance, because no run without assistance finished.")
        )
    return Section("differences", "Differences between strategies", "Differences", tuple(parts))


def _featured(results: Results, pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair == results.contrast or pair[0] in results.featured]


def _tables(results: Results) -> list[Part]:
    pairs = _pairs(results)
    few = _featured(results, pairs)
    if len(few) == len(pairs):
        return [_table(results, pairs)]
    return [_table(results, few), Fold(f"The same for all {len(pairs)} pairs of strategies", (_table(results, pairs),))]


def _table(results: Results, pairs: list[Pair]) -> Table:
    luck = {pair: results.difference(*pair) for pair in pairs}
    drawn = {pair: results.difference(*pair, assumptions="drawn") for pair in pairs}
    digits = digits_for(d.mean.estimate for d in luck.values())
    rows = tuple(_row(results, pair, luck[pair], drawn[pair], digits) for pair in pairs)
    headers = ["Strategies", "Average, luck only (95% interval)"]
    if results.has_drawn:
        headers.append("Middle, luck and assumptions (95% of pairs)")
    headers.append("Ahead, in how many pairs")
    note = f"Differences in {results.measure}, {results.moment()}; the first-named strategy minus the second."
    if results.has_drawn:
        note += " The last column counts pairs with drawn assumptions."
    return Table("Differences, with both intervals", tuple(headers), rows, note)


def _row(results: Results, pair: Pair, luck: PairedDifference, drawn: PairedDifference, digits: int) -> Row:
    cells = [_mean(luck, digits)]
    if results.has_drawn:
        cells.append(_middle(drawn, digits))
    cells.append(ahead(drawn if results.has_drawn else luck, *pair))
    return Row(_heading(pair), tuple(cells), _color(results, pair))


def _mean(difference: PairedDifference, digits: int) -> str:
    return estimate_with_interval(difference.mean, digits) if difference.pairs else "no pair finished"


def _middle(difference: PairedDifference, digits: int) -> str:
    if not difference.pairs:
        return "no pair finished"
    spread = difference.spread
    return f"{with_sign(spread.estimate, digits)}\n{span(spread.low, spread.high, digits)}"


def multipliers_section(results: Results) -> Section:
    """The headline with the factors for goals, alignment and the alignment of resources held at 1."""
    at = results.comparison.scenario.question.at
    outcomes = (f"use_{at}", f"use_unmultiplied_{at}")
    pairs = _pairs(results)
    few = _featured(results, pairs)
    text = (
        "The model lets three things multiply what people and routines can do: shared goals, alignment of units and "
        "agencies, and resources that follow the plan. That favors strategies that work on them, so the same "
        "differences are shown without these factors. "
    )
    contrast = tuple(results.difference(*results.contrast, outcome=outcome) for outcome in outcomes)
    parts: list[Part] = [Paragraph(text + _stays(results, *contrast)), _multipliers_table(results, few, outcomes)]
    if len(few) < len(pairs):
        whole = _multipliers_table(results, pairs, outcomes)
        parts.append(Fold(f"The same for all {len(pairs)} pairs of strategies", (whole,)))
    title_ = "Without the factors for shared goals, alignment and resources"
    return Section("multipliers", title_, "Without three factors", tuple(parts))


def _multipliers_table(results: Results, pairs: list[Pair], outcomes: tuple[str, ...]) -> Table:
    found = {(pair, outcome): results.difference(*pair, outcome=outcome) for pair in pairs for outcome in outcomes}
    drawn = {key: results.difference(*key[0], outcome=key[1], assumptions="drawn") for key in found}
    digits = digits_for(d.mean.estimate for d in found.values())
    headers = ["Strategies", "As modeled, luck only", "Without the factors, luck only"]
    rows = []
    for pair in pairs:
        cells = [_mean(found[pair, outcome], digits) for outcome in outcomes]
        if results.has_drawn:
            cells += [_middle(drawn[pair, outcome], digits) for outcome in outcomes]
        rows.append(Row(_heading(pair), tuple(cells), _color(results, pair)))
    if results.has_drawn:
        headers += ["As modeled, luck and assumptions", "Without the factors, luck and assumptions"]
    return Table(
        f"Difference in use, {results.moment()}",
        tuple(headers),
        tuple(rows),
        "Luck only: averages with 95% intervals. Luck and assumptions: middle values with the range of 95% of pairs.",
    )


def _stays(results: Results, modeled: PairedDifference, without: PairedDifference) -> str:
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
