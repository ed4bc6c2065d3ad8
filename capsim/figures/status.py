"""How do the stocktakes judge the agencies, month by month, and what is true meanwhile?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_status"]

_COLORS = {"red": "#b3261e", "amber": "#e6b84a", "green": "#3d9a78"}
_LEAST_AREA = 0.06
_CLEAR = 0.09
"""Distance of a name from the line."""


def plot_status(table: pd.DataFrame, *, heading: str = "", ax: Axes | None = None) -> Axes:
    """Shares of agencies in red, amber and green as areas over the months; the true use of the practices as a line.

    Parameters
    ----------
    table : DataFrame
        Columns month, red, amber, green (shares) and use (0 to 1), of one strategy and one level.
    heading : str
        Written above the plot.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 2.8) if ax is None else ax
    style_axes(ax)
    years = table["month"].to_numpy(np.float64) / 12.0
    shares = [table[name].to_numpy(np.float64) for name in _COLORS]
    ax.stackplot(years, shares, colors=list(_COLORS.values()), alpha=0.75, linewidth=0.6, edgecolor="white")
    floor = np.zeros(len(years))
    use = table["use"].to_numpy(np.float64)
    for name, share in zip(_COLORS, shares, strict=True):
        widest = int(np.argmax(share)) if len(share) else 0
        if len(share) and share.mean() > _LEAST_AREA:
            widest = min(max(widest, len(share) // 12), len(share) - 1 - len(share) // 12)
            middle = float(floor[widest] + share[widest] / 2.0)
            if abs(middle - float(use[widest])) < _CLEAR:
                middle = float(use[widest]) + _CLEAR
            write(ax, float(years[widest]), middle, name, ha="center", va="center", fontweight="bold", fontsize=SMALL)
        floor = floor + share
    ax.plot(years, use, color=INK, linewidth=2.0, label="true use")
    if len(years):
        ax.set_xlim(float(years[0]), max(float(years[-1]), float(years[0]) + 0.01))
        place = len(years) // 3
        write(ax, float(years[place]), float(use[place]) + 0.03, "true use", ha="left", va="bottom", fontsize=SMALL)
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([0.0, 0.5, 1.0])
    ax.set_yticklabels(["0", "half", "all"], color=INK)
    ax.set_xlabel("Years since assistance began", fontsize=SMALL, color=MUTED)
    if heading:
        write(ax, 0.0, 1.03, heading, transform=ax.transAxes, fontweight="bold", ha="left", va="bottom")
    return ax
