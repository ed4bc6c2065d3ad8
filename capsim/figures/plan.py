"""What are the hours of a plan spent on, quarter by quarter?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.catalogue import ACTIVITIES
from capsim.figures.canvas import SMALL, new_axes, style_axes, write
from capsim.figures.palette import INK, MUTED, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["activity_colors", "plot_plan"]

_HUES = (
    "#4477aa",
    "#ddaa33",
    "#228833",
    "#bb5566",
    "#66ccee",
    "#aa3377",
    "#997700",
    "#bbbbbb",
    "#332288",
    "#ee8866",
)
_HEADING = 36
"""Letters in a line of a heading: a longer one would leave no room for the bars beside it."""


def activity_colors(names: Iterable[str]) -> dict[str, str]:
    """A color for each activity of a picture, in its order; hues repeat after ten."""
    return {name: _HUES[place % len(_HUES)] for place, name in enumerate(dict.fromkeys(names))}


def plot_plan(
    plan: pd.DataFrame,
    *,
    heading: str = "",
    color: str = INK,
    colors: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Hours by activity, stacked, for every quarter.

    Parameters
    ----------
    plan : DataFrame
        Columns quarter (from 1), activity, hours; of one strategy.
    heading : str
        Written above the plot, shortened to two lines.
    color : str
        Of the heading.
    colors : mapping of str to str, optional
        Of the activities, where several plots share them.
    ax : Axes, optional
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax = new_axes(7.6, 2.8) if ax is None else ax
    style_axes(ax)
    known = [name for name in ACTIVITIES if (plan["activity"] == name).any()]
    colors = {**activity_colors(known), **(colors or {})}
    quarters = int(plan["quarter"].max()) if len(plan) else 1
    bottom = np.zeros(quarters)
    for name in known:
        own = plan[plan["activity"] == name]
        hours = np.zeros(quarters)
        np.add.at(hours, own["quarter"].to_numpy(np.int64) - 1, own["hours"].to_numpy(np.float64))
        ax.bar(
            np.arange(1, quarters + 1),
            hours,
            width=0.94,
            bottom=bottom,
            color=colors[name],
            label=ACTIVITIES[name].title,
            linewidth=0,
        )
        bottom += hours
    ax.set_xlim(0.4, quarters + 0.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True, steps=[1, 2, 4, 5, 10]))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    ax.set_xlabel("Quarter", fontsize=SMALL, color=MUTED)
    ax.set_ylabel("Hours of consultants", fontsize=SMALL, color=MUTED)
    if heading:
        above = wrap_label(heading, _HEADING)
        write(ax, 0.0, 1.03, above, transform=ax.transAxes, color=color, fontweight="bold", ha="left", va="bottom")
    return ax
