"""The answer under other rules: each variant alone, and over all that were drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

from capsim.catalogue.rules import RULES
from capsim.comparison.variants import alone_in_words, rules_in_words
from capsim.figures.analyses import plot_variants
from capsim.parameters.listing import parameter_label
from capsim.report.parts import Fold, Part, Row, Table
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, percent, running, sentence, signed

_ALTERNATIVES = "Variants are alternatives that somebody can defend; how many of them agree is not a probability."


def rules_parts(results: Results) -> list[Part]:
    """The answer under each variant of a rule: alone, and averaged over all else that was drawn."""
    return [*_alone(results), *_drawn(results)]


def _alone(results: Results) -> list[Part]:
    table = results.comparison.by_variant_alone()
    if table.empty:
        return []
    labels = {name: parameter_label(name) for name in RULES}
    figures = results.comparison.headline()
    plot = partial(
        plot_variants,
        table,
        labels=labels,
        widest=(figures["low"], figures["high"]),
        measure=results.measure,
        **results.pair,
    )
    note = (
        f"Dot and line: average difference, {_minus(results)}, and its 95% interval from luck, with one rule changed and "
        "everything else as in the scenario. Band: the widest interval of the answer. Hollow: the scenario's own variant."
    )
    height = 1.2 + 0.17 * (len(table) + table["rule"].nunique())
    drawing = results.picture("variants", "The answer under each variant of a rule alone", note, (height, plot))
    rows = [_row(row) for row in table.to_dict("records")]
    headers = ["Rule", "Variant", "Pairs", "Mean difference (95%)", "Change due to the variant (95%)"]
    listed = Table("One variant at a time", headers, rows, note=f"{_minus(results)}. {_ALTERNATIVES}", words=True)
    return [*alone_in_words(table), drawing, Fold("The same as a table", [listed])]


def _row(row: Mapping[Any, Any]) -> Row:
    turns = ", turns the answer" if row["turns"] else ""
    change = "the scenario's own" if row["own"] else _interval(row, "change", "change_low", "change_high")
    difference = _interval(row, "difference", "low", "high") + turns
    words = RULES[row["rule"]].variants[row["variant"]].sentence
    return Row(parameter_label(row["rule"]), [words, str(row["pairs"]), difference, change])


def _drawn(results: Results) -> list[Part]:
    """The answer under each variant that was drawn."""
    table = results.comparison.by_variant()
    if table.empty:
        return []
    rows = [
        Row(
            parameter_label(str(row["rule"])),
            [
                RULES[str(row["rule"])].variants[str(row["variant"])].sentence,
                str(row["pairs"]),
                _interval(row, "difference", "low", "high") + ", turns the answer" * bool(row["turns"]),
                percent(row["explained"]) if math.isfinite(row["explained"]) else UNDEFINED,
            ],
        )
        for row in table.to_dict("records")
    ]
    headers = ["Rule", "Variant", "Pairs", "Mean difference (95%)", "Explained by the rule"]
    note = f"{_minus(results)}, averaged over all other rules and assumptions that were drawn. {_ALTERNATIVES}"
    title, caption = "The answer under each variant of a rule", "Means over all pairs of worlds with the variant"
    return [*rules_in_words(table), Fold(title, [Table(caption, headers, rows, note=note, words=True)])]


def _interval(row: Mapping[Any, Any], middle: str, low: str, high: str) -> str:
    if not math.isfinite(row[middle]):
        return UNDEFINED
    ends = f" ({signed(row[low])} to {signed(row[high])})" if math.isfinite(row[low]) else ""
    return f"{signed(row[middle])}{ends}"


def _minus(results: Results) -> str:
    first, second = results.contrast
    return f"{sentence(running(first))} minus {running(second)}"
