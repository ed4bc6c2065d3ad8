"""What does more of one aim cost in another?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes
from capsim.figures.palette import INK, MUTED, strategy_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_front", "plot_fronts"]

_FRONT, _BEATEN = "#0072b2", "#9aa5b1"
_BUDGETS = ("#0072b2", "#c2500a", "#00805f", "#8f2f7f", "#8a6a00", "#3b3796", "#b3261e")


def plot_front(
    table: pd.DataFrame,
    *,
    horizontal: str,
    vertical: str,
    horizontal_title: str,
    vertical_title: str,
    ax: Axes | None = None,
) -> Axes:
    """One dot per strategy; those that no other beats in color, with their names.

    Parameters
    ----------
    table : DataFrame
        Columns strategy, pareto, and the two that are drawn.
    horizontal, vertical : str
        Columns.
    horizontal_title, vertical_title : str
        In words, with units.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 4.6) if ax is None else ax
    style_axes(ax)
    front = table["pareto"].to_numpy(np.bool_)
    for chosen, color, label in ((~front, _BEATEN, "beaten by another"), (front, _FRONT, "not beaten")):
        if chosen.any():
            ax.plot(table[horizontal][chosen], table[vertical][chosen], "o", color=color, markersize=6, label=label)
    for row in table.to_dict("records"):
        ax.annotate(
            strategy_label(str(row["strategy"])),
            (row[horizontal], row[vertical]),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK if row["pareto"] else MUTED,
            parse_math=False,
        )
    ax.set_xlabel(horizontal_title, parse_math=False)
    ax.set_ylabel(vertical_title, parse_math=False)
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    return ax


def plot_fronts(
    table: pd.DataFrame,
    *,
    budget: str,
    horizontal: str,
    vertical: str,
    horizontal_title: str,
    vertical_title: str,
    ax: Axes | None = None,
) -> Axes:
    """One line per budget through the strategies that no other beats under it; the others as pale dots.

    Parameters
    ----------
    table : DataFrame
        Columns strategy, pareto, `budget`, and the two that are drawn.
    budget : str
        Column of TA hours per year.
    horizontal, vertical : str
        Columns.
    horizontal_title, vertical_title : str
        In words, with units.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 4.6) if ax is None else ax
    style_axes(ax)
    hours = sorted(table[budget].unique())
    for place, value in enumerate(hours):
        color, label = _BUDGETS[place % len(_BUDGETS)], f"{value:,.0f} TA hours a year"
        own = table[table[budget] == value]
        front = own[own["pareto"]].sort_values([horizontal, vertical])
        beaten = own[~own["pareto"]]
        ax.plot(beaten[horizontal], beaten[vertical], "o", color=color, alpha=0.3, markersize=4)
        ax.plot(front[horizontal], front[vertical], "o-", color=color, markersize=6, label=label)
    ax.set_xlabel(horizontal_title, parse_math=False)
    ax.set_ylabel(vertical_title, parse_math=False)
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    return ax
