"""The answer under every way of counting districts."""

from __future__ import annotations

import math

from capsim.catalogue import WEIGHTS
from capsim.comparison.statistics import Interval
from capsim.comparison.weighing import means_disagree
from capsim.figures.palette import strategy_label
from capsim.report.parts import Notice, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import ahead, digits_for, estimate_with_interval, running

_AGREE = "All three means tell the same story: the same sign, and the same verdict on whether the interval settles it."


def means_parts(results: Results) -> list[Part]:
    """The contrast of the question as a mean over pupils, districts and positions; nothing without a finished pair."""
    comparison, contrast = results.comparison, results.contrast
    found = {weight: comparison.difference(*contrast, weight=weight) for weight in WEIGHTS}
    found = {weight: difference for weight, difference in found.items() if difference.pairs}
    if not found:
        return []
    drawn = {weight: comparison.difference(*contrast, assumptions="drawn", weight=weight) for weight in found}
    digits = digits_for(difference.mean.estimate for difference in found.values())
    rows = []
    for weight, luck in found.items():
        own = " (the question’s)" if weight == results.scenario.question.weight else ""
        cells = [_shown(luck.mean, digits)]
        if results.has_drawn:
            cells.append(_shown(drawn[weight].spread, digits))
        cells.append(ahead(drawn[weight] if results.has_drawn else luck, *contrast))
        rows.append(Row(f"Over {WEIGHTS[weight].title}{own}", cells))
    headers = ["Mean", "Average, luck only (95% interval)", "Ahead, in how many pairs"]
    if results.has_drawn:
        headers.insert(2, f"Middle, {comparison.drawn_in_words} (95% of pairs)")
    first, second = contrast
    note = f"{strategy_label(first)} minus {running(second)} in {results.measure}, {results.moment()}. "
    note += " ".join(WEIGHTS[weight].one for weight in found)
    warning = means_disagree(comparison)
    said: Part = Notice(warning) if warning else _AGREE
    return [said, Table("The same difference, districts counted in three ways", headers, rows, note)]


def _shown(interval: Interval, digits: int) -> str:
    return "no pair finished" if math.isnan(interval.estimate) else estimate_with_interval(interval, digits)
