"""Which capacities did each strategy build, and are they still there?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, TEXT, add_key, new_figure, style_axes, write
from capsim.figures.differences import draw_intervals
from capsim.figures.palette import INK, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_capacities"]

_QUIET = "#7b8794"


def plot_capacities(
    table: pd.DataFrame,
    *,
    heading: str = "",
    label_width: int = 22,
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Gain of each strategy in each capacity at one moment.

    Dot: the mean; thick: its interval from luck; thin: the range of pairs over luck and assumptions.

    Parameters
    ----------
    table : DataFrame
        Columns capacity (a heading), strategy, estimate, low, high, middle, range_low,
        range_high; in the order to be shown.
    heading : str
        Written above the plot.
    label_width : int
        Letters in a line of a capacity's name; 0 leaves the names out, for a second panel.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    quiet : collection of str
        Strategies that are small grey dots without intervals, so that the others can be seen.
    ax : Axes, optional
    """
    capacities = table["capacity"].drop_duplicates().tolist()
    strategies = [name for name in table["strategy"].drop_duplicates() if name not in quiet]
    styles = {**strategy_styles(strategies), **(styles or {})}
    if ax is None:
        figure = new_figure(7.6, 1.2 + 0.55 * len(capacities))
        ax = figure.add_subplot()
        add_key(figure, [styles[name] for name in strategies], columns=3)
    style_axes(ax, grid="x")
    offsets = (np.arange(len(strategies)) - (len(strategies) - 1) / 2) * min(0.26, 0.8 / max(len(strategies), 1))
    for row in range(0, len(capacities), 2):
        ax.axhspan(row - 0.5, row + 0.5, color="#f5f7f9", zorder=0, linewidth=0)
    for figures in table.to_dict("records"):
        if figures["strategy"] in quiet:
            row = capacities.index(figures["capacity"])
            ax.plot([figures["estimate"]], [row + 0.36], marker="o", markersize=2.6, color=_QUIET, alpha=0.8)
            continue
        style = styles[figures["strategy"]]
        height = capacities.index(figures["capacity"]) + float(offsets[strategies.index(figures["strategy"])])
        draw_intervals(ax, height, figures, color=style.color, marker=style.marker, size=4.2)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    ax.set_ylim(len(capacities) - 0.5, -0.5)
    ax.set_yticks(range(len(capacities)))
    if label_width:
        ax.set_yticklabels([wrap_label(c, label_width) for c in capacities], color=INK, fontsize=TEXT)
    ax.tick_params(axis="y", length=0, labelleft=label_width > 0)
    ax.tick_params(axis="x", labelsize=SMALL)
    ax.set_xlabel("Gain over no assistance", fontsize=SMALL, color=MUTED)
    if heading:
        write(ax, 0.0, 1.02, heading, transform=ax.transAxes, fontweight="bold", ha="left", va="bottom")
    return ax
