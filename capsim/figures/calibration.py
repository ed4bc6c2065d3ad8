"""Does the fitted model predict what was observed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, new_axes, style_axes
from capsim.figures.palette import INK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_check"]

_PREDICTED, _OUTSIDE = "#0072b2", "#b3261e"


def plot_check(check: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One row per observation: what the model predicts (blue), what was observed (dark, red outside the prediction).

    Parameters
    ----------
    check : DataFrame
        Columns measure, month, level, observed, standard_error, predicted, low, high, inside.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 1.1 + 0.3 * len(check)) if ax is None else ax
    style_axes(ax, grid="x")
    rows = np.arange(len(check))
    ax.hlines(rows, check["low"], check["high"], color=_PREDICTED, linewidth=7, alpha=0.3, label="predicted, 95%")
    ax.plot(check["predicted"], rows, "|", color=_PREDICTED, markersize=11, markeredgewidth=2)
    inside = check["inside"].to_numpy(np.bool_)
    for chosen, color, label in ((inside, INK, "observed, 95%"), (~inside, _OUTSIDE, "observed, not predicted")):
        if not chosen.any():
            continue
        part = check[chosen]
        half = 1.96 * part["standard_error"]
        ax.hlines(rows[chosen], part["observed"] - half, part["observed"] + half, color=color, linewidth=1.4)
        ax.plot(part["observed"], rows[chosen], "o", color=color, markersize=5, label=label)
    ax.set_yticks(rows)
    labels = [f"{one['measure']}, {one['level']}, month {one['month']}" for one in check.to_dict("records")]
    ax.set_yticklabels(labels, parse_math=False)
    ax.set_ylim(len(check) - 0.4, -0.6)
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    ax.set_xlabel("value of the measure")
    return ax
