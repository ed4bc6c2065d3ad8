"""Which assumptions go along with the answer, where it turns, and all of them in a table."""

from __future__ import annotations

import math

from capsim.comparison.break_even import BreakEven
from capsim.comparison.statistics import Interval
from capsim.parameters import Parameter
from capsim.report.parts import Fold, Notice, Paragraph, Part, Row, Section, Table
from capsim.report.pictures import picture_of_assumptions, picture_of_break_even
from capsim.report.results import Results
from capsim.report.words import UNDEFINED, count, joined, lower, parameter_words, percent, running, sentence, signed

__all__ = ["assumptions_section", "break_even_section"]

MOST = 10
_SHAPES = {
    "triangular": "most likely at the value used",
    "uniform": "all values alike",
    "loguniform": "all ratios alike",
    "none": "fixed",
}


def assumptions_section(results: Results) -> Section:
    """Correlations and the table of all assumed parameters."""
    assumed = [p for p in results.parameters.values() if p.assumed]
    intro = (
        f"The model has {len(results.parameters)} numbers; {len(assumed)} of them are assumed, because nobody has "
        "measured them well. "
        "Each has a plausible range."
    )
    parts: list[Part] = [Paragraph(intro), *_matter(results)]
    parts.append(Fold(f"All {len(assumed)} assumptions, with their ranges and sources", (_all(results),)))
    return Section("assumptions", "Which assumptions matter most", "Assumptions", tuple(parts))


def _matter(results: Results) -> list[Part]:
    if not results.has_drawn:
        return [
            Notice(
                "In this comparison all of them were kept fixed, so it cannot say which matter. A scenario with "
                "“uncertainty: assumed” can."
            )
        ]
    if results.comparison.outcome not in results.comparison.runs:
        return [Paragraph("No pair of runs finished, so nothing can be said about which matter.")]
    table, chance = results.comparison.assumptions_that_matter()
    if table.empty:
        return [
            Paragraph(
                "Too few pairs of runs with drawn assumptions finished to say which matter; at least 8 are needed."
            )
        ]
    clear = table[table["correlation"].abs() > chance]
    shown = clear if len(clear) else table.head(MOST)
    parts: list[Part] = [_verdict(len(clear), chance, len(table)), picture_of_assumptions(results, table, chance, MOST)]
    parts.append(
        _ranked(
            results, [str(name) for name in shown["parameter"]], [float(c) for c in shown["correlation"]], len(clear)
        )
    )
    return parts


def _verdict(clear: int, chance: float, assumptions: int) -> Part:
    if not clear:
        return Notice(
            f"None stands out from chance. Among {assumptions} assumptions that vary, luck alone makes a "
            f"correlation of up to {chance:.2f} in 19 of 20 cases, and "
            " none is larger. Those below are the largest, but they may be chance; more replications "
            "would tell."
        )
    verb = "stands" if clear == 1 else "stand"
    return Paragraph(
        f"{count(clear, 'assumption')} {verb} out: among {assumptions} assumptions, luck alone makes a correlation "
        f"above {chance:.2f} in only "
        "1 of 20 cases. A correlation of +1 or −1 would mean that the assumption alone decides the order of the "
        "differences; 0, that it plays no part."
    )


def _ranked(results: Results, names: list[str], correlations: list[float], clear: int) -> Table:
    first, second = results.contrast
    rows = []
    for name, correlation in zip(names, correlations, strict=True):
        p = results.parameters.get(name)
        favored = running(first if correlation > 0 else second)
        if p is None:
            rows.append(
                Row(
                    sentence(parameter_words(name)),
                    (signed(correlation, 2), f"favors {favored}", "no longer a parameter", "", ""),
                )
            )
            continue
        rows.append(
            Row(
                sentence(parameter_words(name)),
                (signed(correlation, 2), f"favors {favored}", p.meaning, _range(p), p.source),
            )
        )
    caption = (
        "Assumptions that stand out" if clear else "The largest correlations, none of which stands out from chance"
    )
    headers = ("Assumption", "Correlation", "A larger value", "What it is", "Used (range)", "Source")
    return Table(caption, headers, tuple(rows), "Keys such as S69 are listed in docs/sources.md of capsim.", words=True)


def _figure(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _range(p: Parameter) -> str:
    unit = "" if p.unit == "1" else f" {p.unit}"
    return f"{_figure(p.default)}{unit}\n{_figure(p.low)} to {_figure(p.high)}"


def _all(results: Results) -> Table:
    fixed = results.comparison.scenario.parameters
    rows = []
    for p in (one for one in results.parameters.values() if one.assumed):
        used = f"{_figure(fixed[p.name])}, set by the scenario and not drawn" if p.name in fixed else _figure(p.default)
        unit = "" if p.unit == "1" else p.unit
        rows.append(
            Row(
                sentence(parameter_words(p.name)),
                (p.meaning, used, f"{_figure(p.low)} to {_figure(p.high)}", unit, _SHAPES[p.prior], p.source),
            )
        )
    headers = ("Assumption", "What it is", "Value used", "Range", "Unit", "How it is drawn", "Source")
    return Table(
        "All assumed numbers of the model",
        headers,
        tuple(rows),
        "capsim list parameters shows the same table with the names that scenario files use. Keys such as S69 are "
        "listed in docs/sources.md.",
        words=True,
    )


def break_even_section(results: Results) -> Section | None:
    """Where the contrast changes sign along a parameter; None when nobody asked."""
    found = results.comparison.break_even
    if not found:
        return None
    intro = "Would the answer turn if one number were different? Every other assumption stays at its best guess."
    parts: list[Part] = [Paragraph(intro)]
    for place, item in enumerate(found):
        p = results.parameters.get(item.parameter)
        used = (
            float(results.comparison.scenario.parameters.get(item.parameter, p.default)) if p is not None else math.nan
        )
        parts.append(picture_of_break_even(results, item, place, used))
        parts.append(Paragraph(_turns(results, item)))
    return Section("break-even", "Where the answer would turn", "Where it turns", tuple(parts))


def _turns(results: Results, found: BreakEven) -> str:
    """The finding in plain words, with how sure the number of crossings is."""
    unit = "" if found.unit == "1" else f" {found.unit}"
    p = results.parameters.get(found.parameter)
    what = f"{sentence(parameter_words(found.parameter))}: {lower(p.meaning) if p else ''}".rstrip(": .")
    sure = f"{percent(found.share_same)} of repeated drawings of the simulated worlds turn as often."
    if found.share_same < 0.8:
        sure += " How often it turns is therefore uncertain."
    if not found.crossings:
        better = results.contrast[0] if found.differences[0].estimate > 0 else results.contrast[1]
        span = f"{_figure(found.values[0])} and {_figure(found.values[-1])}{unit}"
        return (
            f"{what}. Between {span} the answer does not turn: {running(better)} assistance stays ahead on "
            f"average. {sure}"
        )
    places = joined(_place(crossing) for crossing in found.crossings)
    times = "once" if len(found.crossings) == 1 else f"{len(found.crossings)} times"
    return f"{what}. The answer turns {times}, at {places}{unit}. {sure}"


def _place(crossing: Interval) -> str:
    if math.isnan(crossing.low):
        return f"{crossing.estimate:.3g} (interval {UNDEFINED})"
    return f"{crossing.estimate:.3g} (95% interval {crossing.low:.3g} to {crossing.high:.3g})"
