"""Which assumptions go along with the answer, where it turns, and what evidence would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from importlib import resources
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd
import yaml

from capsim.comparison.assumptions import evidence_table
from capsim.comparison.statistics import BreakEven, Interval
from capsim.figures.analyses import plot_assumptions, plot_break_even
from capsim.figures.palette import strategy_label
from capsim.parameters import PARAMETERS, Parameter, assumed_parameters
from capsim.parameters.listing import parameter_label
from capsim.report import plain
from capsim.report.moving import rules_parts
from capsim.report.parts import (
    Columns,
    Facts,
    Fold,
    Moved,
    Notice,
    Part,
    Picture,
    Point,
    Row,
    Slider,
    Sliding,
    Table,
    table_of,
)
from capsim.report.results import Results

MOST = 10
_SHAPES = {
    "triangular": "most likely at the value used",
    "uniform": "all values alike",
    "loguniform": "all ratios alike",
    "none": "fixed",
}
LEARNING: dict[str, list[str]] = yaml.safe_load((resources.files("capsim.report") / "learning.yaml").read_text("utf-8"))
"""For every group of parameters: a heading, and how one could learn them."""


def assumptions_parts(results: Results) -> list[Part]:
    """Correlations and the table of all assumed parameters."""
    assumed = [p for p in results.parameters.values() if p.assumed]
    intro = (
        f"The model has {len(results.parameters)} numbers; {len(assumed)} of them are assumed, because nobody has measured "
        "them well. Each has a plausible range."
    )
    return [
        intro,
        *_matter(results),
        *rules_parts(results),
        Fold(f"All {len(assumed)} assumptions, with their ranges and sources", [_all(results, assumed)]),
    ]


def _matter(results: Results) -> list[Part]:
    if not results.has_drawn:
        asks = "A scenario with “uncertainty: assumed” or “structure” can."
        return [Notice(f"In this comparison all of them were kept fixed, so it cannot say which matter. {asks}")]
    table, chance = results.comparison.assumptions_that_matter()
    if table.empty:
        return ["Too few pairs of runs with drawn assumptions finished to say which matter; at least 8 are needed."]
    clear = table[table["correlation"].abs() > chance]
    ranked = _ranked(results, clear if len(clear) else table.head(MOST), clear=len(clear) > 0)
    return [_verdict(len(clear), chance, len(table)), _picture(results, table, chance), ranked]


def _verdict(clear: int, chance: float, assumptions: int) -> Part:
    if not clear:
        return Notice(
            f"None stands out from chance. Among {assumptions} assumptions that vary, luck alone makes a correlation of up to "
            f"{chance:.2f} in 19 of 20 cases, and none is larger. Those below are the largest, but they may be chance; more "
            "replications would tell."
        )
    verb = "stands" if clear == 1 else "stand"
    return (
        f"{plain.sentence(plain.count(clear, 'assumption'))} {verb} out: among {assumptions} assumptions, luck alone makes a correlation above "
        f"{chance:.2f} in only 1 of 20 cases. A correlation of +1 or −1 would mean that the assumption alone decides the "
        "order of the differences; 0, that it plays no part."
    )


def _picture(results: Results, table: pd.DataFrame, chance: float) -> Picture:
    labels = {name: parameter_label(name) for name in table["parameter"]}
    plot = partial(plot_assumptions, table.head(MOST), chance, labels=labels, **results.favored)
    note = (
        "A long bar means that the difference between the two strategies goes along with this assumption. Bars inside the "
        "grey band are no longer than chance alone makes them."
    )
    height = 1.3 + 0.4 * min(MOST, len(table))
    return results.picture("assumptions", "Assumptions that go along with the answer", note, (height, plot))


def _ranked(results: Results, shown: pd.DataFrame, *, clear: bool) -> Table:
    rows = []
    for row in shown.to_dict("records"):
        p = results.parameters.get(row["parameter"])
        favored = f"favors {plain.running(results.favored['first' if row['correlation'] > 0 else 'second'])}"
        known = ("no longer a parameter", "", "")
        if p:
            used = f"{plain.with_unit(plain.brief(p.default), p.unit)}\n{plain.brief(p.low)} to {plain.brief(p.high)}"
            known = (p.meaning, used, p.source)
        rows.append(Row(parameter_label(row["parameter"]), (plain.signed(row["correlation"], 2), favored, *known)))
    caption = (
        "Assumptions that stand out" if clear else "The largest correlations, none of which stands out from chance"
    )
    headers = ("Assumption", "Correlation", "A larger value", "What it is", "Used (range)", "Source")
    return Table(caption, headers, rows, "Keys such as S69 are listed in docs/sources.md of capsim.", words=True)


def _all(results: Results, assumed: list[Parameter]) -> Table:
    fixed = results.scenario.parameters
    columns: Columns = {
        "Assumption": lambda p: parameter_label(p.name),
        "What it is": attrgetter("meaning"),
        "Value used": lambda p: (
            f"{plain.brief(fixed[p.name])}, set by the scenario and not drawn"
            if p.name in fixed
            else plain.brief(p.default)
        ),
        "Range": lambda p: f"{plain.brief(p.low)} to {plain.brief(p.high)}",
        "Unit": lambda p: "" if p.unit == "1" else p.unit,
        "How it is drawn": lambda p: _SHAPES[p.prior],
        "Source": attrgetter("source"),
    }
    note = "capsim list parameters shows the same table with the names that scenario files use. Keys such as S69 are listed in docs/sources.md."
    return table_of("All assumed numbers of the model", assumed, columns, note, words=True)


def break_even_parts(results: Results) -> list[Part]:
    """Where the contrast changes sign along a parameter; nothing when nobody asked."""
    found = results.comparison.break_even
    if not found:
        return []
    parts: list[Part] = [
        "Would the answer turn if one number were different? Every other assumption stays at its best guess."
    ]
    for place, item in enumerate(found):
        parts += [_slider(results, item), _curve(results, item, place), _turns(results, item)]
    return parts


def _slider(results: Results, found: BreakEven) -> Sliding:
    """The difference at each value that was tried."""
    first, second = results.contrast
    label = parameter_label(found.parameter)
    line = {
        "id": "difference",
        "title": f"{strategy_label(first)} minus {plain.running(second)}",
        "color": "var(--ink)",
    }
    digits = plain.digits_for(d.estimate for d in found.differences)
    points = []
    for d in found.differences:
        cells = (plain.signed(d.estimate, digits), plain.span(d.low, d.high, digits))
        points.append(Point(_ahead_at(results, d, digits), [Moved(0, d.estimate, d.low, d.high, cells)]))
    places = [plain.value_in_words(found.parameter, value) for value in found.values]
    slider = Slider(label, places, int(np.abs(found.values - results.used(found.parameter)).argmin()))
    headers = ("Strategies", f"Difference in {results.measure}", "95% interval, luck only")
    return Sliding("Move this assumption", [slider], [{**line, "shape": "circle"}], headers, points)


def _ahead_at(results: Results, difference: Interval, digits: int) -> str:
    """Which of the two is ahead at a value, and whether luck could turn it."""
    if not math.isfinite(difference.estimate):
        return "Runs failed here."
    first, second = results.contrast
    more = plain.helping(first if difference.estimate >= 0.0 else second)
    size = (
        f"{plain.sentence(more)}: {results.measure} {plain.number(abs(difference.estimate), digits)} higher on average"
    )
    if difference.low > 0.0 or difference.high < 0.0:
        return f"{size}; luck alone does not turn it."
    return f"{size}; not settled, luck alone could turn it."


def _curve(results: Results, found: BreakEven, place: int) -> Picture:
    """Difference against a parameter."""
    first, second = results.contrast
    curve, crossings = (
        pd.DataFrame(list(map(tuple, ones)), columns=["estimate", "low", "high"])
        for ones in (found.differences, found.crossings)
    )
    plot = partial(
        plot_break_even,
        curve.assign(value=found.values),
        crossings,
        parameter="value" if found.unit == "1" else found.unit,
        measure=results.measure,
        used=results.used(found.parameter),
        **results.pair,
    )
    minus = f"{plain.running(first)} minus {plain.running(second)}"
    note = f"Line and band: average difference, {minus}, with its 95% interval from luck only."
    return results.picture(
        f"break-even-{place}", f"{parameter_label(found.parameter)}: does the answer turn?", note, (3.0, plot)
    )


def _turns(results: Results, found: BreakEven) -> str:
    """The finding in plain words, with how sure the number of crossings is."""
    p = results.parameters.get(found.parameter)
    what = f"{parameter_label(found.parameter)}. {p.meaning if p else ''}".rstrip()
    sure = f"{plain.percent(found.share_same)} of repeated drawings of the simulated worlds turn as often."
    if found.share_same < 0.8:
        sure += " How often it turns is therefore uncertain."
    if not found.crossings:
        better = plain.helping(_ahead(results, found.differences[0].estimate))
        least, most = (plain.value_in_words(found.parameter, found.values[place]) for place in (0, -1))
        return f"{what} Between {least} and {most} the answer does not turn: {better} stays ahead on average. {sure}"
    places = plain.joined(_place(found.parameter, crossing) for crossing in found.crossings)
    times = "once" if len(found.crossings) == 1 else f"{len(found.crossings)} times"
    return f"{what} The answer turns {times}, at {places}. {sure}"


def _place(name: str, crossing: Interval) -> str:
    at, low, high = (plain.value_in_words(name, value) for value in crossing)
    return f"{at} (interval {plain.UNDEFINED})" if math.isnan(crossing.low) else f"{at} (95% interval {low} to {high})"


def evidence_parts(results: Results) -> list[Part]:
    """The three assumptions that matter most, where they would turn the answer, and how to learn them."""
    table = evidence_table(results.comparison) if results.has_drawn else pd.DataFrame()
    every = {p.group for p in assumed_parameters()}
    if table.empty:
        return [_nothing(results), Fold("How to learn each kind of assumption", [_how(sorted(every))])]
    ahead = _ahead(results, float(table["difference"].iloc[0]))
    leans = (
        f"The answer now leans to {plain.helping(ahead)}. Of the assumptions that these runs read, "
        f"{plain.lower(plain.sentence(str(len(table))))} {'goes' if len(table) == 1 else 'go'} along with it most closely"
    )
    parts: list[Part] = [f"{leans}; better knowledge of them would do most to confirm or turn it."]
    if not table["clear"].all():
        which = "Those marked as perhaps chance do not stand out" if table["clear"].any() else "None of them stands out"
        parts = [
            f"{leans}.",
            Notice(
                f"{which} from chance with so few pairs of worlds, so whether knowing them better would confirm or "
                "turn the answer is open. More replications would tell."
            ),
        ]
    groups = list(dict.fromkeys(PARAMETERS[name].group for name in table["parameter"] if name in PARAMETERS))
    parts += [Facts([_item(results, row) for row in table.to_dict("records")]), _how(groups)]
    if others := sorted(every - set(groups)):
        parts.append(Fold("How to learn the other assumptions", [_how(others)]))
    return parts


def _nothing(results: Results) -> str:
    below = "Below: how each kind of assumption could be learned."
    if results.has_drawn:
        return f"Too few pairs of worlds with drawn assumptions finished to say which assumption decides. {below}"
    return (
        "This comparison keeps every assumption fixed, so it cannot say which of them decides. With “uncertainty: structure” "
        f"in the scenario it can. {below}"
    )


def _item(results: Results, row: Mapping[Any, Any]) -> tuple[str, str]:
    name = str(row["parameter"])
    heading = parameter_label(name)
    p = PARAMETERS.get(name)
    if p is None:
        return heading, "No longer a parameter of the model."
    first, second = results.contrast
    other = second if _ahead(results, row["difference"]) == first else first
    turns = "smaller" if (row["correlation"] > 0.0) == (row["difference"] >= 0.0) else "larger"
    low, high, now = (plain.value_in_words(name, value) for value in (p.low, p.high, results.used(name)))
    correlation = f"rank correlation {plain.signed(row['correlation'], 2)}{'' if row['clear'] else ', perhaps chance'}"
    return heading, (
        f"{p.meaning} Now {now}, plausible from {low} to {high} (source: {p.source}). A {turns} value works for {plain.running(other)} "
        f"({correlation}). {_turning(results, row, p)}"
    )


def _ahead(results: Results, difference: float) -> str:
    """Which of the two strategies of the question is the better by this difference."""
    return str(results.favored["first" if difference >= 0.0 else "second"])


def _turning(results: Results, row: Mapping[Any, Any], p: Parameter) -> str:
    found = next((one for one in results.comparison.break_even if one.parameter == p.name), None)
    if found is not None and not found.crossings:
        return "The break-even search found no value in its range at which the answer turns."
    if found is not None:
        places = plain.joined(plain.value_in_words(p.name, crossing.estimate) for crossing in found.crossings)
        return f"The break-even search finds that the answer turns at {places}."
    if math.isnan(row["turns_at"]):
        return "No value within its range would turn the answer on average, by a straight line through all pairs."
    line = f"The answer would turn near {plain.value_in_words(p.name, row['turns_at'])}, by a straight line through all pairs"
    return f"{line}; --break-even {p.name} looks closer."


def _how(groups: list[str]) -> Table:
    rows = [Row(heading, (how,)) for heading, how in map(LEARNING.__getitem__, groups)]
    return Table("How one could learn it", ("Assumptions about", "What to do"), rows, words=True)
