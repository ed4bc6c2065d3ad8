"""Which parameters decide an outcome, and where a strategy loses?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_box", "plot_indices"]

_DOT, _FIRST, _LOST, _KEPT = "#0072b2", "#c2500a", "#b3261e", "#9aa5b1"


def plot_indices(
    table: pd.DataFrame, *, index: str, title: str, floor: str = "", most: int = 15, ax: Axes | None = None
) -> Axes:
    """One row per parameter, largest index on top, with its interval; the noise floor as a band.

    Parameters
    ----------
    table : DataFrame
        Columns parameter, the index, and its ``_low`` and ``_high`` where there are any; ``first`` is added in another
        color.
    index : str
        Column that is drawn.
    title : str
        What the index is, in words.
    floor : str
        Parameter that the model never sees; its index is the floor of what luck and sampling reach.
    most : int
        Parameters shown.
    ax : Axes, optional
    """
    shown = table[table["parameter"] != floor].sort_values(index, ascending=False).head(most).reset_index(drop=True)
    ax = new_axes(7.6, 1.1 + 0.3 * len(shown)) if ax is None else ax
    style_axes(ax, grid="x")
    dummy = table[table["parameter"] == floor]
    if len(dummy):
        top = float(dummy[f"{index}_high" if f"{index}_high" in dummy else index].iloc[0])
        ax.axvspan(min(0.0, top), max(0.0, top), color=MUTED, alpha=0.18, linewidth=0)
        write(ax, top, -0.62, " luck", color=MUTED, fontsize=SMALL, va="bottom")
    pairs = [(index, _DOT, 0.0)]
    if index == "total" and "first" in shown:
        pairs = [("total", _DOT, -0.14), ("first", _FIRST, 0.14)]
    for column, color, shift in pairs:
        place = np.arange(len(shown)) + shift
        if f"{column}_low" in shown:
            ax.hlines(place, shown[f"{column}_low"], shown[f"{column}_high"], color=color, linewidth=2.4, alpha=0.6)
        ax.plot(shown[column], place, "o", color=color, markersize=5, label=column)
    if len(pairs) > 1:
        ax.legend(frameon=False, fontsize=SMALL, loc="lower right")
    ax.axvline(0.0, color=INK, linewidth=0.9)
    ax.set_yticks(range(len(shown)))
    ax.set_yticklabels(list(shown["parameter"]), parse_math=False)
    ax.set_ylim(len(shown) - 0.4, -0.7)
    ax.set_xlabel(title, parse_math=False)
    return ax


def plot_box(
    points: pd.DataFrame,
    loses: pd.Series,
    *,
    horizontal: str,
    vertical: str,
    box: dict[str, tuple[float, float]],
    ax: Axes | None = None,
) -> Axes:
    """Points of two parameters, those where a strategy loses in color, and the box that holds them.

    Parameters
    ----------
    points : DataFrame
    loses : Series of bool
    horizontal, vertical : str
        Parameters.
    box : dict of str to (float, float)
        Limits of the parameters that the box restricts.
    ax : Axes, optional
    """
    from matplotlib.patches import Rectangle

    ax = new_axes(5.6, 4.4) if ax is None else ax
    style_axes(ax)
    lost = np.asarray(loses, np.bool_)
    for chosen, color, label in ((~lost, _KEPT, "does not lose"), (lost, _LOST, "loses")):
        ax.plot(points[horizontal][chosen], points[vertical][chosen], "o", color=color, markersize=4, label=label)
    sides = []
    for name in (horizontal, vertical):
        low, high = box.get(name, (float(points[name].min()), float(points[name].max())))
        sides.append((low, high - low))
    (left, width), (bottom, height) = sides
    ax.add_patch(Rectangle((left, bottom), width, height, fill=False, edgecolor=INK, linewidth=1.6))
    ax.set_xlabel(horizontal, parse_math=False)
    ax.set_ylabel(vertical, parse_math=False)
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    return ax
