"""Which pathways make the difference between two strategies, and which way does each pull?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.differences import sides
from capsim.figures.palette import INK, MUTED, Style, strategy_styles

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_contributions"]

_TOTAL = "All together"
_BAR, _DRAWN_BELOW = 0.5, 0.37


def plot_contributions(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    measure: str = "use",
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One bar for each pathway, on the side of the strategy that it helps, and their sum below.

    Bar and black line: mean and its interval from luck, assumptions at their defaults. Thin line with a tick below it:
    mean and interval over luck and assumptions.

    Parameters
    ----------
    table : DataFrame
        Columns assumptions ("default" or "drawn"), pathway (in words; an empty text is the sum), contribution, low,
        high: first minus second.
    first, second : str
        Strategies.
    measure : str
        What differs, in words.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    pathways = list(dict.fromkeys(table["pathway"]))
    ax = new_axes(7.6, 1.2 + 0.46 * len(pathways)) if ax is None else ax
    style_axes(ax, grid="x")
    styles = {**strategy_styles([first, second]), **(styles or {})}
    both = (table["assumptions"] == "drawn").any()
    digits = 3 if table["contribution"].abs().max() >= 0.1 else 4
    for row, pathway in enumerate(pathways):
        height = row + (0.35 if not pathway else 0.0)
        for figures in table[table["pathway"] == pathway].to_dict("records"):
            estimate, low, high = (float(figures[key]) for key in ("contribution", "low", "high"))
            if figures["assumptions"] == "drawn":
                _draw_line(ax, height + _DRAWN_BELOW, estimate, low, high)
            elif not math.isnan(estimate):
                color = styles[first if estimate >= 0.0 else second].color
                _draw_bar(ax, height, estimate, low, high, color=color, solid=not pathway, digits=digits)
    _finish(ax, pathways, styles[first], styles[second], measure, both=bool(both))
    return ax


def _draw_bar(
    ax: Axes, row: float, estimate: float, low: float, high: float, *, color: str, solid: bool, digits: int
) -> None:
    ax.barh(row, estimate, height=_BAR, color=color, alpha=0.95 if solid else 0.55, linewidth=0)
    if not math.isnan(low):
        ax.plot([low, high], [row, row], color=INK, linewidth=1.6, solid_capstyle="butt")
    end = np.nanmax([estimate, high, 0.0]) if estimate >= 0.0 else np.nanmin([estimate, low, 0.0])
    away = 4 if estimate >= 0.0 else -4
    text = f"{estimate:+.{digits}f}".replace("-", "\u2212")
    ax.annotate(
        text,
        (end, row),
        (away, 0),
        textcoords="offset points",
        va="center",
        ha="left" if estimate >= 0.0 else "right",
        fontsize=SMALL,
        color=INK,
        fontweight="bold" if solid else "normal",
    )


def _draw_line(ax: Axes, row: float, estimate: float, low: float, high: float) -> None:
    if not math.isnan(low):
        ax.plot([low, high], [row, row], color=MUTED, linewidth=1.2, solid_capstyle="butt")
    if not math.isnan(estimate):
        ax.plot([estimate], [row], marker="|", markersize=6, color=MUTED, markeredgewidth=1.3)


def _finish(ax: Axes, pathways: list[str], first: Style, second: Style, measure: str, *, both: bool) -> None:
    heights = [row + (0.35 if not pathway else 0.0) for row, pathway in enumerate(pathways)]
    ax.set_yticks(heights)
    ax.set_yticklabels([pathway[:1].upper() + pathway[1:] or _TOTAL for pathway in pathways], color=INK)
    for label, pathway in zip(ax.get_yticklabels(), pathways, strict=True):
        label.set_fontweight("normal" if pathway else "bold")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(max(heights, default=0.0) + 0.65, -0.55)
    if pathways and not pathways[-1]:
        ax.axhline(len(pathways) - 1.35, color="#9aa5b1", linewidth=0.8)
    _make_room(ax)
    sides(
        ax,
        f"{second.label} better",
        f"{first.label} better",
        f"Contribution to the difference in {measure}",
        colors=(second.color, first.color),
    )
    text = "bar and black line: mean and 95% interval over luck" + "    grey: over luck and assumptions" * both
    write(ax, 0.0, -0.165, text, transform=ax.transAxes, va="top", fontsize=SMALL, color=MUTED)


def _make_room(ax: Axes) -> None:
    """Zero in view, and room for a number beyond the longest bar on either side."""
    low, high = ax.get_xlim()
    if not high - low > 1e-9 or (low, high) == (0.0, 1.0):
        low, high = -0.01, 0.01
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.1 * (high - low)
    ax.set_xlim(low - room, high + room)
    ax.axvline(0.0, color=INK, linewidth=1.1, zorder=3)
