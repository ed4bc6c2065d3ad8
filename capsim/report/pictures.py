"""From a comparison to pictures: every figure once for wide pages and once for phones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.figures import (
    inline_svg,
    new_figure,
    plot_assumptions,
    plot_break_even,
    plot_capacities,
    plot_differences,
    plot_gains,
    plot_pairs,
    plot_trajectories,
)
from capsim.figures.canvas import add_key
from capsim.figures.palette import short_label
from capsim.report.parts import Picture
from capsim.report.results import Results
from capsim.report.words import count, parameter_words, running, sentence, title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from capsim.comparison.break_even import BreakEven

__all__ = [
    "draw_twice",
    "picture_of_assumptions",
    "picture_of_break_even",
    "picture_of_capacities",
    "picture_of_differences",
    "picture_of_gains",
    "picture_of_pairs",
    "picture_of_trajectories",
]

WIDE, NARROW = 7.6, 3.9
"""Inches of a figure that fills a page, and a phone."""
_LOW_ROOM = 0.2


def draw_twice(
    results: Results,
    name: str,
    heading: str,
    note: str,
    draw: Callable[[Figure, bool], None],
    heights: tuple[float, float],
) -> Picture:
    """Draw twice: `draw` gets a figure, and whether it is the narrow one."""
    drawn = []
    for narrow, (width, height) in enumerate(zip((WIDE, NARROW), heights, strict=True)):
        figure = new_figure(width, height)
        draw(figure, bool(narrow))
        drawn.append(inline_svg(figure, name=f"{name}-{'narrow' if narrow else 'wide'}", title=heading))
    return Picture(heading, note, drawn[0], drawn[1], results.reality())


def _axis_note(results: Results, name: str) -> str:
    """Say what part of the scale a plot of levels shows."""
    monthly = results.comparison.monthly
    values = monthly.loc[monthly["level"] == "lea", name]
    if values.min() < _LOW_ROOM / 4:
        return ""
    return (
        "The vertical axis does not begin at 0: it shows only a part of the scale from 0 to 1, so that small "
        "differences can be seen. "
    )


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


_WAVES = "The waves within a year are the school calendar: most staff leave in summer."


def picture_of_trajectories(results: Results) -> Picture | None:
    """Use by month and strategy; None when no run finished."""
    monthly = results.comparison.monthly
    if monthly.empty:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        plot_trajectories(
            monthly,
            assistance_months=results.comparison.scenario.timeline.assistance,
            styles=results.styles,
            quiet=results.quiet,
            ax=figure.add_subplot(),
        )

    note = _worlds(results) + _quiet(results) + _axis_note(results, "use") + _WAVES
    return draw_twice(results, "trajectories", "Use of the practices under each strategy", note, draw, (4.0, 3.9))


def picture_of_gains(results: Results) -> Picture | None:
    """Gain in use over no assistance; None without runs to compare."""
    monthly = results.comparison.monthly
    if monthly.empty or not results.has_baseline or not results.others:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        plot_gains(
            monthly,
            assistance_months=results.comparison.scenario.timeline.assistance,
            styles=results.styles,
            quiet=results.quiet,
            ax=figure.add_subplot(),
        )

    note = (
        "Each world is compared with its twin without assistance, in which the same people leave by the same luck. "
        + _worlds(results)
        + _quiet(results)
    )
    return draw_twice(
        results, "gains", "What assistance adds to use, and what is left of it", note.strip(), draw, (3.8, 3.7)
    )


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

    def draw(figure: Figure, narrow: bool) -> None:
        plot_pairs(
            table,
            first=first,
            second=second,
            measure=results.measure,
            more_is_better=results.more_is_better,
            styles=results.styles,
            ax=figure.add_subplot(),
        )

    rows = table["assumptions"].nunique()
    note = "Each dot is one pair of simulated worlds that share their luck and differ only in the assistance they get."
    return draw_twice(
        results, "pairs", "Every pair of simulated worlds", note, draw, (0.95 + 0.75 * rows, 1.0 + 0.8 * rows)
    )


def picture_of_differences(results: Results, table: pd.DataFrame) -> Picture:
    """Forest of differences."""
    many = results.many
    if many:
        table = _ranked(table)
    rows = len(table[["first", "second"]].drop_duplicates())

    def draw(figure: Figure, narrow: bool) -> None:
        plot_differences(
            table,
            measure=results.measure,
            more_is_better=results.more_is_better,
            label_width=22 if narrow else 40,
            name_baseline=not many,
            styles=results.styles,
            ax=figure.add_subplot(),
        )

    note = "Dot and thick bar: the average difference and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too; its tick is the middle."
    if many:
        note += " Strategies with one name are compared with no assistance, the largest gain first."
    return draw_twice(
        results,
        "differences",
        f"Differences in {results.measure}, {results.moment()}",
        note,
        draw,
        (1.2 + 0.33 * rows, 1.2 + 0.42 * rows) if many else (0.8 + 0.6 * rows, 0.8 + 0.8 * rows),
    )


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
    rows = panels[0][1]["capacity"].nunique()
    shown = [name for name in results.others if name not in results.quiet]

    def draw(figure: Figure, narrow: bool) -> None:
        shape: dict[str, Any] = {"nrows": len(panels)} if narrow else {"ncols": len(panels), "sharey": True}
        add_key(figure, [results.styles[name] for name in shown], columns=1 if narrow else 3)
        axes = np.atleast_1d(figure.subplots(sharex=True, **shape))
        for place, (ax, (heading, table)) in enumerate(zip(axes, panels, strict=True)):
            first = narrow or place == 0
            plot_capacities(
                table,
                heading=heading,
                label_width=20 if first else 0,
                styles=results.styles,
                quiet=results.quiet,
                ax=ax,
            )

    note = "Dot and thick bar: the average gain over no assistance and its 95% interval from luck only."
    if results.has_drawn:
        note += " Thin line: 95% of single pairs when assumptions are drawn too."
    if results.quiet:
        number = count(len(results.quiet), "other strategy", "other strategies")
        note += f" Small grey dots: the average gains of {number}."
    height = 0.9 + 0.54 * rows
    key = 0.22 * len(shown)
    return draw_twice(
        results,
        "capacities",
        "Gain in each capacity",
        note,
        draw,
        (height + 0.25 * -(-len(shown) // 3), key + len(panels) * height),
    )


def picture_of_assumptions(results: Results, table: pd.DataFrame, chance: float, most: int) -> Picture:
    """Assumptions by their correlation with the contrast."""
    first, second = results.contrast
    rows = min(most, len(table))

    def draw(figure: Figure, narrow: bool) -> None:
        plot_assumptions(
            table,
            chance,
            first=first,
            second=second,
            most=most,
            labels={name: sentence(parameter_words(name)) for name in table["parameter"]},
            label_width=18 if narrow else 34,
            styles=results.styles,
            ax=figure.add_subplot(),
        )

    note = (
        "A long bar means that the difference between the two strategies goes along with this assumption. Bars "
        "inside the grey band are no longer than chance alone makes them."
    )
    return draw_twice(
        results,
        "assumptions",
        "Assumptions that go along with the answer",
        note,
        draw,
        (1.2 + 0.3 * rows, 1.3 + 0.38 * rows),
    )


def picture_of_break_even(results: Results, found: BreakEven, place: int, used: float) -> Picture:
    """Difference against a parameter."""
    import pandas as pd

    first, second = results.contrast
    curve = pd.DataFrame(
        {
            "value": found.values,
            "estimate": [d.estimate for d in found.differences],
            "low": [d.low for d in found.differences],
            "high": [d.high for d in found.differences],
        }
    )
    crossings = pd.DataFrame([{"estimate": c.estimate, "low": c.low, "high": c.high} for c in found.crossings])
    words = parameter_words(found.parameter)

    def draw(figure: Figure, narrow: bool) -> None:
        plot_break_even(
            curve,
            crossings,
            parameter=sentence(words) + (f" ({found.unit})" if found.unit != "1" else ""),
            first=first,
            second=second,
            measure=results.measure,
            used=used,
            styles=results.styles,
            ax=figure.add_subplot(),
        )

    note = (
        f"Line and band: average difference, {running(first)} minus {running(second)}, with its 95% interval "
        "from luck only."
    )
    return draw_twice(results, f"break-even-{place}", f"Does the answer turn with {words}?", note, draw, (3.2, 3.2))
