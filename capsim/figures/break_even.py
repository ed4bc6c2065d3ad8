"""At which value of a parameter do two strategies come out equal?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_break_even"]

_CROSSING = "#8a6a00"


def plot_break_even(
    curve: pd.DataFrame,
    crossings: pd.DataFrame,
    *,
    parameter: str,
    first: str,
    second: str,
    measure: str = "use",
    used: float = math.nan,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Difference of two strategies against a parameter, with its interval; break-even values marked.

    Parameters
    ----------
    curve : DataFrame
        Columns value, estimate, low, high.
    crossings : DataFrame
        Columns estimate, low, high: values of the parameter at which the difference is zero; may be empty.
    parameter, measure : str
        In words.
    first, second : str
        Strategies.
    used : float
        Value used elsewhere in the report, marked when it is given.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 3.4) if ax is None else ax
    style_axes(ax)
    styles = {**strategy_styles([first, second]), **(styles or {})}
    value, mean = curve["value"].to_numpy(np.float64), curve["estimate"].to_numpy(np.float64)
    low, high = curve["low"].to_numpy(np.float64), curve["high"].to_numpy(np.float64)
    ax.fill_between(value, low, high, color=INK, alpha=0.15, linewidth=0)
    ax.plot(value, mean, color=INK, linewidth=1.8, marker="o", markersize=4)
    ax.axhline(0.0, color=INK, linewidth=1.1)
    bottom, top = ax.get_ylim()
    room = 0.12 * (top - bottom)
    ax.set_ylim(min(bottom, -room) - room / 2, max(top, room) + room / 2)
    ax.set_xlim(float(value[0]), float(value[-1]))
    _mark_values(ax, crossings, used)
    _name_sides(ax, styles[first], styles[second])
    ax.set_xlabel(parameter, parse_math=False)
    ax.set_ylabel(f"Difference in {measure}")
    return ax


def _mark_values(ax: Axes, crossings: pd.DataFrame, used: float) -> None:
    """Break-even values with their intervals, and the value used elsewhere."""
    for crossing in crossings.to_dict("records"):
        if not math.isnan(crossing["low"]):
            ax.axvspan(crossing["low"], crossing["high"], color=_CROSSING, alpha=0.15, linewidth=0)
        ax.axvline(crossing["estimate"], color=_CROSSING, linewidth=1.5)
    if not math.isnan(used):
        ax.axvline(used, color=MUTED, linewidth=1.0, linestyle=":")
        across = ax.get_xaxis_transform()
        write(ax, used, 1.01, "value used", transform=across, ha="center", va="bottom", color=MUTED, fontsize=SMALL)


def _name_sides(ax: Axes, first: Style, second: Style) -> None:
    """Say which strategy is higher above and below zero."""
    for style, height, align in ((first, 0.97, "top"), (second, 0.03, "bottom")):
        text = wrap_label(f"{style.label} higher", 40)
        look = {"color": style.color, "fontsize": SMALL, "fontweight": "bold"}
        write(ax, 0.985, height, text, transform=ax.transAxes, ha="right", va=align, **look)
