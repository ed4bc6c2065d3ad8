"""Which of two strategies leaves more, by how much, and how sure is that?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from capsim.catalogue import STRATEGIES
from capsim.figures.canvas import SMALL, figure_inches, new_axes, style_axes, write
from capsim.figures.palette import BASELINE, INK, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_intervals", "plot_differences", "plot_pairs", "sides"]


def plot_differences(
    table: pd.DataFrame,
    *,
    measure: str = "use",
    more_is_better: bool = True,
    label_width: int = 32,
    name_baseline: bool = True,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One row per pair of strategies.

    Dot: the mean difference; thick: its interval from luck; thin: the range of pairs over luck and assumptions.

    Parameters
    ----------
    table : DataFrame
        Columns first, second, assumptions ("default" or "drawn"), difference, low, high, median, range_low, range_high.
    measure : str
        What differs, in words.
    more_is_better : bool
        False for a measure such as vacancy.
    label_width : int
        Letters in a line of a row's label.
    name_baseline : bool
        Whether rows against no assistance say so; with many of them the figure says it once.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    pairs = list(dict.fromkeys(zip(table["first"], table["second"], strict=True)))
    ax = new_axes(7.6, 0.9 + 0.55 * len(pairs)) if ax is None else ax
    style_axes(ax, grid="x")
    styles = {**strategy_styles([name for pair in pairs for name in pair]), **(styles or {})}
    for row, (first, second) in enumerate(pairs):
        own = table[(table["first"] == first) & (table["second"] == second)].set_index("assumptions")
        color = styles[first].color if second == BASELINE else INK
        shown = draw_intervals(ax, row, _figures(own), color=color, marker=styles[first].marker)
        if not shown:
            write(
                ax,
                0.5,
                row,
                "no finished pair",
                transform=ax.get_yaxis_transform(),
                ha="center",
                va="center",
                color=MUTED,
            )
    ax.set_yticks(range(len(pairs)))
    ax.set_yticklabels(
        [
            wrap_label(styles[first].label, label_width)
            if second == BASELINE and not name_baseline
            else _row_label(styles, first, second, label_width)
            for first, second in pairs
        ],
        parse_math=False,
        color=INK,
    )
    ax.set_ylim(len(pairs) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    _around_zero(ax)
    worse, better = ("does worse", "does better") if more_is_better else ("does better", "does worse")
    sides(ax, worse, better, f"Difference in {measure}")
    return ax


def _row_label(styles: Mapping[str, Style], first: str, second: str, width: int) -> str:
    other = styles[second].label
    compared = f"vs. {other[:1].lower() + other[1:] if second in STRATEGIES else other}"
    return f"{wrap_label(styles[first].label, width)}\n{wrap_label(compared, width)}"


def _figures(own: pd.DataFrame) -> dict[str, Any]:
    """Figures of one row of the plot, NaN where a set of assumptions was not run."""
    figures: dict[str, Any] = dict.fromkeys(("estimate", "low", "high", "middle", "range_low", "range_high"), math.nan)
    if "default" in own.index:
        luck = own.loc["default"]
        figures.update(estimate=luck["difference"], low=luck["low"], high=luck["high"])
    if "drawn" in own.index:
        both = own.loc["drawn"]
        figures.update(middle=both["median"], range_low=both["range_low"], range_high=both["range_high"])
    return figures


def draw_intervals(ax: Axes, row: float, figures: Any, *, color: str, marker: str = "o", size: float = 6.0) -> bool:
    """Draw a dot, the thick interval of luck, and the thin range with a tick at its middle, where defined.

    Parameters
    ----------
    ax : Axes
    row : float
        Height in data units.
    figures : mapping
        estimate, low, high, middle, range_low, range_high.
    color, marker : str
    size : float
        Of the dot, in points.

    Returns
    -------
    bool
        Whether there was anything to draw.
    """
    if not math.isnan(figures["range_low"]):
        ax.plot(
            [figures["range_low"], figures["range_high"]],
            [row, row],
            color=color,
            linewidth=1.3,
            alpha=0.75,
            solid_capstyle="butt",
        )
        ax.plot([figures["middle"]], [row], marker="|", markersize=size + 3, color=color, markeredgewidth=1.3)
    if not math.isnan(figures["low"]):
        ax.plot(
            [figures["low"], figures["high"]],
            [row, row],
            color=color,
            linewidth=size - 0.5,
            alpha=0.4,
            solid_capstyle="butt",
        )
    if not math.isnan(figures["estimate"]):
        ax.plot([figures["estimate"]], [row], marker=marker, markersize=size, color=color, linestyle="none")
    return not (math.isnan(figures["estimate"]) and math.isnan(figures["range_low"]))


def plot_pairs(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    measure: str = "use",
    more_is_better: bool = True,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Every pair of simulated worlds as a dot, on the side of the strategy that came out ahead.

    Parameters
    ----------
    table : DataFrame
        Columns assumptions ("default" or "drawn") and difference: first minus second, one row a pair.
    first, second : str
        Strategies.
    measure : str
        What differs, in words.
    more_is_better : bool
        False for a measure such as vacancy.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    sets = [name for name in ("default", "drawn") if (table["assumptions"] == name).any()]
    ax = new_axes(7.6, 1.0 + 0.75 * len(sets)) if ax is None else ax
    style_axes(ax, grid="x")
    styles = {**strategy_styles([first, second]), **(styles or {})}
    for row, name in enumerate(sets):
        values = np.sort(table.loc[table["assumptions"] == name, "difference"].to_numpy(np.float64))
        colors = [styles[first].color if v > 0 else styles[second].color if v < 0 else MUTED for v in values]
        ax.scatter(values, row + _swarm(values), s=22, c=colors, alpha=0.75, linewidths=0.4, edgecolors="white")
    rows = {"default": "only luck\ndiffers", "drawn": "luck and\nassumptions\ndiffer"}
    ax.set_yticks(range(len(sets)))
    ax.set_yticklabels([rows[name] for name in sets], color=INK)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(len(sets), 1) - 0.45, -0.55)
    _around_zero(ax)
    words = "better" if more_is_better else "worse"
    left, right = (f"{styles[name].label} {words}" for name in (second, first))
    sides(ax, left, right, f"Difference in {measure}", colors=(styles[second].color, styles[first].color))
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
        heights[members] = steps * min(0.11, 0.6 / max(len(members), 1))
    return heights


def _around_zero(ax: Axes) -> None:
    """Zero line, in view, with some room on either side."""
    low, high = ax.get_xlim()
    if not (math.isfinite(low) and math.isfinite(high)) or (low, high) == (0.0, 1.0):
        low, high = -0.01, 0.01
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.06 * (high - low)
    ax.set_xlim(low - room, high + room)
    ax.axvline(0.0, color=INK, linewidth=1.1, zorder=1)


def sides(ax: Axes, left: str, right: str, label: str, *, colors: tuple[str, str] = (MUTED, MUTED)) -> None:
    """Say above the plot what either side of zero means, and below it what the axis is."""
    from matplotlib.ticker import MaxNLocator

    low, high = ax.get_xlim()
    across = ax.get_xaxis_transform()
    at = (0.0 - low) / (high - low)
    gap = 0.012 * (high - low)
    letters = figure_inches(ax)[0] * 11.0
    for text, room, x, ha, color in ((left, at, -gap, "right", colors[0]), (right, 1.0 - at, gap, "left", colors[1])):
        if room < 0.04:
            continue
        lines = wrap_label(text, max(12, int(letters * max(room, 0.3) * 0.75)), most_lines=3)
        arrow = f"← {lines}" if ha == "right" else f"{lines} →"
        write(ax, x, 1.03, arrow, transform=across, ha=ha, va="bottom", color=color, fontsize=SMALL)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8 if figure_inches(ax)[0] > 6.0 else 5, steps=[1, 2, 5, 10]))
    ax.set_xlabel(label, fontsize=SMALL, color=MUTED, parse_math=False)
    ax.tick_params(axis="x", labelsize=SMALL)
