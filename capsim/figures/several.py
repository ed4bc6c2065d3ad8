"""Gains of plans in several scenarios, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from capsim.figures.canvas import begin_axes, name_rows, name_values
from capsim.figures.palette import INK, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_WIDTH = 34


def plot_gains(table: pd.DataFrame, *, styles: Mapping[str, Style] | None = None, ax: Axes | None = None) -> Axes:
    """One row for each plan below the name of its scenario: gain over no help, and its interval.

    The table has the columns scenario, strategy, gain, low, high, in the order in which they are drawn.
    """
    ax = begin_axes(ax, 0.9 + 0.34 * len(table), grid="x")
    looks = strategy_styles(table["strategy"], styles)
    row, names, heads = 0, [], []
    for scenario, own in table.groupby("scenario", sort=False):
        heads.append(row)
        names.append(wrap_label(str(scenario), _WIDTH))
        for one in own.to_dict("records"):
            row += 1
            look = looks[one["strategy"]]
            names.append(wrap_label(look.label, _WIDTH))
            ax.plot([one["low"], one["high"]], [row, row], color=look.color, linewidth=1.8, alpha=0.6)
            ax.plot(one["gain"], row, marker=look.marker or "o", color=look.color, markersize=5)
        row += 1
    ax.axvline(0.0, color=INK, linewidth=1.0)
    name_rows(ax, names)
    for head in heads:
        ax.get_yticklabels()[head].set_fontweight("bold")
    name_values(ax, "gain over no help")
    return ax
