"""At which value of a parameter do two strategies come out equal?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED, Style, strategy_label, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_break_even"]


def plot_break_even(
    curve: pd.DataFrame, crossings: pd.DataFrame, *, parameter: str, first: str, second: str, measure: str = "use",
    used: float = math.nan, styles: Mapping[str, Style] | None = None, ax: Axes | None = None,
) -> Axes:  # fmt: skip
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
    for crossing in crossings.to_dict("records"):
        if not math.isnan(crossing["low"]):
            ax.axvspan(crossing["low"], crossing["high"], color="#8a6a00", alpha=0.15, linewidth=0)
        ax.axvline(crossing["estimate"], color="#8a6a00", linewidth=1.5)
    if not math.isnan(used):
        ax.axvline(used, color=MUTED, linewidth=1.0, linestyle=":")
        write(ax, used, 1.01, "value used", transform=ax.get_xaxis_transform(), ha="center", va="bottom", color=MUTED, fontsize=SMALL)
    for name, height, align in ((first, 0.97, "top"), (second, 0.03, "bottom")):
        write(
            ax, 0.985, height, wrap_label(f"{strategy_label(name)} higher", 40), transform=ax.transAxes, ha="right", va=align,
            color=styles[name].color, fontsize=SMALL, fontweight="bold",
        )  # fmt: skip
    ax.set_xlabel(parameter, parse_math=False)
    ax.set_ylabel(f"Difference in {measure}")
    return ax
