"""Which assumptions move the answer?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_assumptions"]

_CHANCE = "#e3e7eb"


def plot_assumptions(
    table: pd.DataFrame,
    chance: float,
    *,
    first: str,
    second: str,
    most: int = 10,
    labels: Mapping[str, str] | None = None,
    label_width: int = 30,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Rank correlation of assumptions with the difference of two strategies; what chance alone reaches is grey.

    Parameters
    ----------
    table : DataFrame
        Columns parameter, correlation; the most important first.
    chance : float
        Size of correlation that chance alone reaches.
    first, second : str
        Strategies; a positive correlation means that a larger value favours the first.
    most : int
        Rows shown.
    labels : mapping of str to str, optional
        What to write for a parameter.
    label_width : int
        Letters in a line of a label.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    shown = table.head(most)
    ax = new_axes(7.6, 1.1 + 0.32 * len(shown)) if ax is None else ax
    style_axes(ax, grid="x")
    styles = {**strategy_styles([first, second]), **(styles or {})}
    if not math.isnan(chance):
        ax.axvspan(-chance, chance, color=_CHANCE, zorder=0, linewidth=0)
        write(ax, 0.02 - chance, -0.62, "within reach of chance", ha="left", va="center", color=MUTED, fontsize=SMALL)
    for row, correlation in enumerate(shown["correlation"]):
        clear = abs(correlation) > chance
        color = styles[first if correlation > 0 else second].color if clear else MUTED
        ax.plot([0.0, correlation], [row, row], color=color, linewidth=2.2 if clear else 1.2, solid_capstyle="butt")
        ax.plot([correlation], [row], marker="o", markersize=7 if clear else 5, color=color)
    names = [wrap_label((labels or {}).get(name, name.replace("_", " ")), label_width) for name in shown["parameter"]]
    ax.set_yticks(range(len(shown)))
    ax.set_yticklabels(names, color=INK, parse_math=False)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(shown) - 0.4, -1.0)
    _correlation_axis(ax, styles[first], styles[second])
    return ax


def _correlation_axis(ax: Axes, first: Style, second: Style) -> None:
    """Correlations from -1 to 1, and what either side means."""
    ax.set_xlim(-1.0, 1.0)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    across = ax.get_xaxis_transform()
    for x, side, style in ((-1.0, "left", second), (1.0, "right", first)):
        text = wrap_label(f"larger value favors {style.label}", 24)
        write(ax, x, 1.02, text, transform=across, ha=side, va="bottom", color=style.color, fontsize=SMALL)
    ax.tick_params(axis="x", labelsize=SMALL)
    ax.set_xlabel("Rank correlation with the difference", fontsize=SMALL, color=MUTED)
