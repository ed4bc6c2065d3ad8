"""From a comparison to pictures: every figure drawn once, legible on phones and on wide pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from capsim.figures.analyses import plot_assumptions, plot_break_even
from capsim.figures.canvas import PAGE_WIDTH, inline_svg, new_axes
from capsim.figures.course import plot_gains, plot_trajectories
from capsim.figures.differences import plot_capacities, plot_differences, plot_pairs
from capsim.figures.palette import short_label
from capsim.report.parts import Picture
from capsim.report.results import Results
from capsim.report.words import count, parameter_words, running, sentence, title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capsim.comparison.break_even import BreakEven

Panel = tuple[float, "Callable[..., Axes]"]
"""Height in inches, and what draws it on the axes it is given as `ax`."""

_LOW_ROOM = 0.2
_WAVES = "The waves within a year are the school calendar: most staff leave in summer."


def draw(
    results: Results,
    name: str,
    heading: str,
    note: str,
    *panels: Panel,
    key: Sequence[tuple[str, str, str]] = (),
) -> Picture:
    """A picture of panels, each drawn once, under a key of marks with their colors and what they stand for."""
    drawings = []
    for place, (height, plot) in enumerate(panels):
        ax = plot(ax=new_axes(PAGE_WIDTH, height))
        drawings.append(inline_svg(ax.figure, name=f"{name}-{place}", title=heading))  # type: ignore[arg-type]
    return Picture(heading, note, tuple(drawings), results.reality(), tuple(key))


def _axis_note(results: Results, name: str) -> str:
    """Say what part of the scale a plot of levels shows."""
    monthly = results.comparison.monthly
    values = monthly.loc[monthly["level"] == "lea", name]
    if values.min() < _LOW_ROOM / 4:
        return ""
    return "The vertical axis does not begin at 0: it shows only a part of the scale from 0 to 1, so that small differences can be seen. "


def _worlds(results: Results) -> str:
    monthly = results.comparison.monthly
    worlds = monthly.loc[monthly["assumptions"] == "default", "replicate"].nunique()
    if worlds < 2:
        return "Lines show one simulated world. "
    band = "95% of them lie" if worlds >= 40 else "all of them lie"
    return f"Lines are averages of {count(worlds, 'simulated world')}; {band} in the shaded bands. "


def _quiet(results: Results) -> str:
    """What the grey lines are, in the order in which they end."""
    if not results.quiet:
        return ""
    moment = "follow_up_end" if results.comparison.scenario.timeline.follow_up else "assistance_end"
    ends = {name: results.mean(name, f"use_{moment}") for name in results.others if name in results.quiet}
    ends = {name: end for name, end in ends.items() if not math.isnan(end)}
    names = [short_label(title(name)) for name in sorted(ends, key=lambda name: -ends[name])]
    number = count(len(results.quiet), "other strategy", "other strategies")
    return f"Thin grey lines are the averages of {number}, from the highest at the end: {', '.join(names)}. "


def picture_of_trajectories(results: Results) -> Picture | None:
    """Use by month and strategy; None when no run finished."""
    monthly = results.comparison.monthly
    if monthly.empty:
        return None
    note = _worlds(results) + _quiet(results) + _axis_note(results, "use") + _WAVES
    months = results.comparison.scenario.timeline.assistance
    plot = partial(plot_trajectories, monthly, assistance_months=months, styles=results.styles, quiet=results.quiet)
    return draw(results, "trajectories", "Use of the practices under each strategy", note, (3.6, plot))


def picture_of_gains(results: Results) -> Picture | None:
    """Gain in use over no assistance; None without runs to compare."""
    monthly = results.comparison.monthly
    if monthly.empty or not results.has_baseline or not results.others:
        return None
    note = "Each world is compared with its twin without assistance, in which the same people leave by the same luck. "
    note += _worlds(results) + _quiet(results)
    months = results.comparison.scenario.timeline.assistance
    plot = partial(plot_gains, monthly, assistance_months=months, styles=results.styles, quiet=results.quiet)
    return draw(results, "gains", "What assistance adds to use, and what is left of it", note.strip(), (3.6, plot))


def picture_of_pairs(results: Results) -> Picture | None:
    """Every pair of worlds as a dot; None without a finished pair."""
    import pandas as pd

    first, second = results.contrast
    tables = []
    for name in results.comparison.assumption_sets:
        pairs = results.comparison.paired(first, second, assumptions=name)
        tables.append(pd.DataFrame({"assumptions": name, "difference": pairs[:, 0] - pairs[:, 1]}))
    table = pd.concat(tables, ignore_index=True)
    if table.empty:
        return None
    plot = partial(
        plot_pairs,
        table,
        first=first,
        second=second,
        measure=results.measure,
        more_is_better=results.more_is_better,
        styles=results.styles,
    )
    note = "Each dot is one pair of simulated worlds that share their luck and differ only in the assistance they get."
    height = 1.0 + 0.8 * table["assumptions"].nunique()
    return draw(results, "pairs", "Every pair of simulated worlds", note, (height, plot))


def picture_of_differences(results: Results, table: pd.DataFrame) -> Picture:
    """Forest of differences."""
    if results.many:
        table = _ranked(table)
    rows = len(table[["first", "second"]].drop_duplicates())
    plot = partial(
        plot_differences,
        table,
        measure=results.measure,
        more_is_better=results.more_is_better,
        label_width=22,
        name_baseline=not results.many,
        styles=results.styles,
    )
    note = "Dot and thick bar: the average difference and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too; its tick is the middle."
    if results.many:
        note += " Strategies with one name are compared with no assistance, the largest gain first."
    height = 1.2 + 0.42 * rows if results.many else 0.8 + 0.7 * rows
    heading = f"Differences in {results.measure}, {results.moment()}"
    return draw(results, "differences", heading, note, (height, plot))


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The contrast first, then the others from the largest difference to the smallest."""
    import pandas as pd

    contrast = table["second"] != "none"
    size = table[table["assumptions"] == "default"].set_index("first")["difference"]
    order = table["first"].map(size[~size.index.duplicated(keep="last")])
    others = table[~contrast].assign(order=order).sort_values("order", ascending=False, kind="stable")
    return pd.concat([table[contrast], others], ignore_index=True)


def picture_of_capacities(results: Results, panels: list[tuple[str, pd.DataFrame]]) -> Picture:
    """Gains in every capacity, one panel for each moment, on the same scale."""
    shown = [results.styles[name] for name in results.others if name not in results.quiet]
    columns = ["estimate", "low", "high", "range_low", "range_high"]
    ends = [(table[columns].min().min(), table[columns].max().max()) for _, table in panels]
    low, high = min(0.0, *(end[0] for end in ends)), max(0.0, *(end[1] for end in ends))
    room = 0.04 * max(high - low, 1e-6)

    def plot(heading: str, table: pd.DataFrame, *, ax: Axes) -> Axes:
        plot_capacities(
            table, heading=heading, label_width=20, styles=results.styles, quiet=results.quiet, ax=ax
        ).set_xlim(low - room, high + room)
        return ax

    note = "Dot and thick bar: the average gain over no assistance and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too."
    if results.quiet:
        number = count(len(results.quiet), "other strategy", "other strategies")
        note += f" Small grey dots: the average gains of {number}."
    height = 0.9 + 0.5 * panels[0][1]["capacity"].nunique()
    drawn = [(height, partial(plot, heading, table)) for heading, table in panels]
    key = [(_MARKS[style.marker], style.color, style.label) for style in shown]
    return draw(results, "capacities", "Gain in each capacity", note, *drawn, key=key)


_MARKS = dict(zip("os^DvPXh<>*", "●■▲◆▼✚✖⬢◀▶★", strict=True))


def picture_of_assumptions(results: Results, table: pd.DataFrame, chance: float, most: int) -> Picture:
    """Assumptions by their correlation with the contrast."""
    first, second = results.contrast
    plot = partial(
        plot_assumptions,
        table,
        chance,
        first=first,
        second=second,
        most=most,
        labels={name: sentence(parameter_words(name)) for name in table["parameter"]},
        label_width=18,
        styles=results.styles,
    )
    note = (
        "A long bar means that the difference between the two strategies goes along with this assumption. Bars inside "
        "the grey band are no longer than chance alone makes them."
    )
    height = 1.3 + 0.36 * min(most, len(table))
    return draw(results, "assumptions", "Assumptions that go along with the answer", note, (height, plot))


def picture_of_break_even(results: Results, found: BreakEven, place: int, used: float) -> Picture:
    """Difference against a parameter."""
    import pandas as pd

    first, second = results.contrast
    parts = ("estimate", "low", "high")
    curve = pd.DataFrame({name: [getattr(d, name) for d in found.differences] for name in parts})
    curve.insert(0, "value", found.values)
    crossings = pd.DataFrame({name: [getattr(c, name) for c in found.crossings] for name in parts})
    words = parameter_words(found.parameter)
    plot = partial(
        plot_break_even,
        curve,
        crossings,
        parameter=sentence(words) + (f" ({found.unit})" if found.unit != "1" else ""),
        first=first,
        second=second,
        measure=results.measure,
        used=used,
        styles=results.styles,
    )
    note = f"Line and band: average difference, {running(first)} minus {running(second)}, with its 95% interval from luck only."
    return draw(results, f"break-even-{place}", f"Does the answer turn with {words}?", note, (3.0, plot))
