"""Which of two strategies leaves more, by how much, how sure is that, and which pathways and capacities make it so?"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import BASELINE, STRATEGIES
from capsim.figures.canvas import SMALL, begin_axes, figure_inches, name_rows, name_values, write, write_heading
from capsim.figures.palette import FAINT, FRAME, INK, LIGHT, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_BAR, _DRAWN_BELOW = 0.5, 0.37
_WIDTH = 22
"""Letters in a line of a label."""
_TOTAL, _TOTAL_BELOW = "All together", 0.35
_FIGURES = ("estimate", "low", "high", "middle", "range_low", "range_high")


def plot_differences(
    table: pd.DataFrame,
    *,
    measure: str = "use",
    more_is_better: bool = True,
    name_baseline: bool = True,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One row per pair of strategies.

    Dot: the mean difference; thick: its interval from luck; thin: the range of pairs over luck and assumptions. The
    table has the columns first, second, assumptions ("default" or "drawn"), difference, low, high, median, range_low,
    range_high. Rows against no assistance need not say so: of many of them the figure says it once.
    """
    pairs = list(dict.fromkeys(zip(table["first"], table["second"], strict=True)))
    ax = begin_axes(ax, 0.9 + 0.55 * len(pairs), grid="x")
    styles = strategy_styles((name for pair in pairs for name in pair), styles)
    names = []
    for row, (first, second) in enumerate(pairs):
        own = table[(table["first"] == first) & (table["second"] == second)].set_index("assumptions")
        color = styles[first].color if second == BASELINE else INK
        if not draw_intervals(ax, row, _figures(own), color=color, marker=styles[first].marker):
            look = {"transform": ax.get_yaxis_transform(), "ha": "center", "va": "center", "color": MUTED}
            write(ax, 0.5, row, "no finished pair", **look)
        label = wrap_label(styles[first].label, _WIDTH)
        if second != BASELINE or name_baseline:
            other = styles[second].label
            compared = f"vs. {other[:1].lower() + other[1:] if second in STRATEGIES else other}"
            label += "\n" + wrap_label(compared, _WIDTH)
        names.append(label)
    name_rows(ax, names)
    _around_zero(ax, 0.06)
    worse, better = ("does worse", "does better") if more_is_better else ("does better", "does worse")
    _name_sides(ax, worse, better, f"Difference in {measure}")
    return ax


def _figures(own: pd.DataFrame) -> dict[str, Any]:
    """Figures of one row of the plot, NaN where a set of assumptions was not run."""
    figures: dict[str, Any] = dict.fromkeys(_FIGURES, math.nan)
    if "default" in own.index:
        luck = own.loc["default"]
        figures.update(estimate=luck["difference"], low=luck["low"], high=luck["high"])
    if "drawn" in own.index:
        both = own.loc["drawn"]
        figures.update(middle=both["median"], range_low=both["range_low"], range_high=both["range_high"])
    return figures


def draw_intervals(ax: Axes, row: float, figures: Any, *, color: str, marker: str = "o", size: float = 6.0) -> bool:
    """Draw a dot, the thick interval of luck, and the thin range with a tick at its middle, where defined; say whether
    there was anything to draw.
    """
    estimate, low, high, middle, range_low, range_high = (float(figures[key]) for key in _FIGURES)
    look: dict[str, Any] = {"color": color, "solid_capstyle": "butt"}
    if not math.isnan(range_low):
        ax.plot([range_low, range_high], [row, row], linewidth=1.3, alpha=0.75, **look)
        ax.plot([middle], [row], marker="|", markersize=size + 3, color=color, markeredgewidth=1.3)
    if not math.isnan(low):
        ax.plot([low, high], [row, row], linewidth=size - 0.5, alpha=0.4, **look)
    if not math.isnan(estimate):
        ax.plot([estimate], [row], marker=marker, markersize=size, color=color, linestyle="none")
    return not (math.isnan(estimate) and math.isnan(range_low))


def plot_pairs(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    measure: str = "use",
    more_is_better: bool = True,
    styles: Mapping[str, Style] | None = None,
    drawn: str = "luck and assumptions",
    ax: Axes | None = None,
) -> Axes:
    """Every pair of simulated worlds as a dot, on the side of the strategy that came out ahead.

    The table has the columns assumptions ("default" or "drawn") and difference, one row a pair; `drawn` says what
    differs between pairs with drawn assumptions.
    """
    sets = [name for name in ("default", "drawn") if (table["assumptions"] == name).any()]
    ax = begin_axes(ax, 1.0 + 0.75 * len(sets), grid="x")
    styles = strategy_styles([first, second], styles)
    for row, name in enumerate(sets):
        values = np.sort(table.loc[table["assumptions"] == name, "difference"].to_numpy(np.float64))
        colors = [styles[first].color if v > 0 else styles[second].color if v < 0 else MUTED for v in values]
        ax.scatter(values, row + _swarm(values), s=22, c=colors, alpha=0.75, linewidths=0.4, edgecolors=LIGHT["paper"])
    rows = {"default": "only luck\ndiffers", "drawn": drawn.replace(" and ", " and\n") + "\ndiffer"}
    name_rows(ax, [rows[name] for name in sets], below=0.55, above=0.55)
    _around_zero(ax, 0.06)
    words = "better" if more_is_better else "worse"
    left, right = (f"{styles[name].label} {words}" for name in (second, first))
    _name_sides(ax, left, right, f"Difference in {measure}", colors=(styles[second].color, styles[first].color))
    return ax


def _swarm(values: np.ndarray) -> np.ndarray:
    """Heights that keep dots of nearly equal value apart, (n,), within a third of a row."""
    if not len(values):
        return np.empty(0)
    span = max(float(values[-1] - values[0]), 1e-12)
    bins = np.floor((values - values[0]) / span * 40)
    heights = np.zeros(len(values))
    for place in np.unique(bins):
        members = np.flatnonzero(bins == place)
        steps = np.arange(len(members)) - (len(members) - 1) / 2
        heights[members] = steps * min(0.11, 0.6 / len(members))
    return heights


def plot_contributions(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    measure: str = "use",
    ax: Axes | None = None,
) -> Axes:
    """One bar for each pathway, on the side of the strategy that it helps, and their sum below.

    Bar and black line: mean and its interval from luck, assumptions at their defaults. Thin line with a tick below it:
    mean and interval over luck and assumptions. The table has the columns assumptions ("default" or "drawn"), pathway
    (in words; an empty text is the sum), contribution, low, high.
    """
    pathways = list(dict.fromkeys(table["pathway"]))
    ax = begin_axes(ax, 1.2 + 0.46 * len(pathways), grid="x")
    styles = strategy_styles([first, second])
    digits = 3 if table["contribution"].abs().max() >= 0.1 else 4
    heights = {pathway: row + (0.0 if pathway else _TOTAL_BELOW) for row, pathway in enumerate(pathways)}
    for figures in table.to_dict("records"):
        height = heights[figures["pathway"]]
        estimate, low, high = (float(figures[key]) for key in ("contribution", "low", "high"))
        if figures["assumptions"] == "drawn":
            _draw_line(ax, height + _DRAWN_BELOW, estimate, low, high)
        elif not math.isnan(estimate):
            color = styles[first if estimate >= 0.0 else second].color
            _draw_bar(ax, height, estimate, low, high, color=color, solid=not figures["pathway"], digits=digits)
    names = [pathway[:1].upper() + pathway[1:] or _TOTAL for pathway in pathways]
    name_rows(ax, names, list(heights.values()), below=0.65, above=0.55)
    for label, pathway in zip(ax.get_yticklabels(), pathways, strict=True):
        label.set_fontweight("normal" if pathway else "bold")
    if pathways and not pathways[-1]:
        ax.axhline(len(pathways) - 1.0 - _TOTAL_BELOW, color=FRAME, linewidth=0.8)
    _around_zero(ax, 0.1)  # room for a number beyond the longest bar on either side
    left, right = (f"{styles[name].label} better" for name in (second, first))
    colors = (styles[second].color, styles[first].color)
    _name_sides(ax, left, right, f"Contribution to the difference in {measure}", colors=colors)
    text = "bar and black line: mean and 95% interval over luck"
    text += "    grey: over luck and assumptions" * bool((table["assumptions"] == "drawn").any())
    write(ax, 0.0, -0.165, text, transform=ax.transAxes, va="top", fontsize=SMALL, color=MUTED)
    return ax


def _draw_bar(
    ax: Axes, row: float, estimate: float, low: float, high: float, *, color: str, solid: bool, digits: int
) -> None:
    ax.barh(row, estimate, height=_BAR, color=color, alpha=0.95 if solid else 0.55, linewidth=0)
    if not math.isnan(low):
        ax.plot([low, high], [row, row], color=INK, linewidth=1.6, solid_capstyle="butt")
    right = estimate >= 0.0
    ax.annotate(
        f"{estimate:+.{digits}f}".replace("-", "\u2212"),
        (np.nanmax([estimate, high, 0.0]) if right else np.nanmin([estimate, low, 0.0]), row),
        (4 if right else -4, 0),
        textcoords="offset points",
        va="center",
        ha="left" if right else "right",
        fontsize=SMALL,
        color=INK,
        fontweight="bold" if solid else "normal",
    )


def _draw_line(ax: Axes, row: float, estimate: float, low: float, high: float) -> None:
    if not math.isnan(low):
        ax.plot([low, high], [row, row], color=MUTED, linewidth=1.2, solid_capstyle="butt")
    if not math.isnan(estimate):
        ax.plot([estimate], [row], marker="|", markersize=6, color=MUTED, markeredgewidth=1.3)


def plot_capacities(
    table: pd.DataFrame,
    *,
    heading: str = "",
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Gain of each strategy in each capacity at one moment, marked as in `plot_differences`.

    The table has the columns capacity (a heading), strategy, estimate, low, high, middle, range_low, range_high, in the
    order to be shown. Who draws it says what the colors and markers are.
    """
    capacities = table["capacity"].drop_duplicates().tolist()
    strategies = [name for name in table["strategy"].drop_duplicates() if name not in quiet]
    styles = strategy_styles(strategies, styles)
    ax = begin_axes(ax, 1.2 + 0.55 * len(capacities), grid="x")
    offsets = (np.arange(len(strategies)) - (len(strategies) - 1) / 2) * min(0.26, 0.8 / max(len(strategies), 1))
    for row in range(0, len(capacities), 2):
        ax.axhspan(row - 0.5, row + 0.5, color=LIGHT["wash"], zorder=0, linewidth=0)
    for figures in table.to_dict("records"):
        name, row = figures["strategy"], capacities.index(figures["capacity"])
        if name in quiet:
            ax.plot([figures["estimate"]], [row + 0.36], marker="o", markersize=2.6, color=FAINT, alpha=0.8)
        else:
            height = row + float(offsets[strategies.index(name)])
            draw_intervals(ax, height, figures, color=styles[name].color, marker=styles[name].marker, size=4.2)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    name_rows(ax, [wrap_label(one, 20) for one in capacities], below=0.5, above=0.5)
    name_values(ax, "Gain over no assistance")
    write_heading(ax, heading)
    return ax


def _around_zero(ax: Axes, room: float) -> None:
    """Zero line, in view, with some room on either side."""
    low, high = ax.get_xlim()
    if not high - low > 1e-9 or (low, high) == (0.0, 1.0):
        low, high = -0.01, 0.01
    low, high = min(low, 0.0), max(high, 0.0)
    ax.set_xlim(low - room * (high - low), high + room * (high - low))
    ax.axvline(0.0, color=INK, linewidth=1.1, zorder=1)


def _name_sides(ax: Axes, left: str, right: str, label: str, *, colors: tuple[str, str] = (MUTED, MUTED)) -> None:
    """Say above the plot what either side of zero means, and below it what the axis is."""
    from matplotlib.ticker import MaxNLocator

    low, high = ax.get_xlim()
    inches = figure_inches(ax)[0]
    at = (0.0 - low) / (high - low)
    gap = 0.012 * (high - low)
    for text, room, x, ha, color in ((left, at, -gap, "right", colors[0]), (right, 1.0 - at, gap, "left", colors[1])):
        if room < 0.04:
            continue
        lines = wrap_label(text, max(14, int(inches * 11.0 * max(room, 0.3) * 0.75)), most_lines=3)
        arrow = f"← {lines}" if ha == "right" else f"{lines} →"
        look = {"transform": ax.get_xaxis_transform(), "va": "bottom", "fontsize": SMALL}
        write(ax, x, 1.03, arrow, ha=ha, color=color, **look)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8 if inches > 6.0 else 5, steps=[1, 2, 5, 10]))
    name_values(ax, label)
