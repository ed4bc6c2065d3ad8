"""Gain by budget: where another dollar, or hour, stops mattering; gains in several scenarios, one below the other; and
gains by the value of a factor of a study.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from capsim.figures.canvas import SMALL, begin_axes, label_ends, name_rows, name_values, write
from capsim.figures.palette import INK, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def plot_ladder(
    table: pd.DataFrame, *, unit: str, measure: str, styles: Mapping[str, Style] | None = None, ax: Axes | None = None
) -> Axes:
    """One line for each plan through its gains at every budget, from nothing at no budget, with their intervals.

    The table has the columns strategy, budget, amount, gain, low and high, as `Comparison.by_budget`.
    """
    ax = begin_axes(ax, 3.6)
    looks = strategy_styles(table["strategy"].drop_duplicates(), styles)
    own = float(table.loc[table["budget"] == 1.0, "amount"].iloc[0])
    scale, suffix = (1e6, " million") if unit == "dollars" and table["amount"].max() >= 1e6 else (1.0, "")
    ends = []
    for name, mine in table.groupby("strategy", sort=False):
        look = looks[str(name)]
        amounts = mine["amount"] / scale
        ax.plot([0.0, *amounts], [0.0, *mine["gain"]], color=look.color, linewidth=1.8)
        ax.vlines(amounts, mine["low"], mine["high"], color=look.color, linewidth=1.6, alpha=0.45)
        ax.plot(amounts, mine["gain"], look.marker or "o", color=look.color, markersize=5, linestyle="")
        ends.append((float(amounts.iloc[-1]), float(mine["gain"].iloc[-1]), look.label, look.color))
    ax.axhline(0.0, color=INK, linewidth=0.9)
    ax.axvline(own / scale, color=MUTED, linewidth=1.0, linestyle=":")
    above = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom", "fontsize": SMALL}
    write(ax, own / scale, 1.01, "the budget", color=MUTED, **above)
    ax.set_xlim(0.0, float(table["amount"].max()) / scale * 1.02)
    ax.set_xlabel(f"Budget, {unit}{suffix} a year")
    ax.xaxis.set_major_formatter("{x:,.0f}" if scale == 1.0 else "{x:g}")
    ax.set_ylabel(f"Gain in {measure}")
    ax.set_ylim(*ax.get_ylim())
    label_ends(ax, ends)
    return ax


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


def plot_by_factor(table: pd.DataFrame, *, styles: Mapping[str, Style] | None = None, ax: Axes | None = None) -> Axes:
    """One line for each plan through its gains at the values of one factor, with their range over the other factors.

    The table has the columns factor, place, value, strategy, gain, lowest and highest of `plans_by_factor`.
    """
    ax = begin_axes(ax, 2.6)
    looks = strategy_styles(table["strategy"].drop_duplicates(), styles)
    last = int(table["place"].max())
    ends = []
    for number, (name, mine) in enumerate(table.groupby("strategy", sort=False)):
        look = looks[str(name)]
        apart = mine["place"] + 0.06 * (number - (len(looks) - 1) / 2.0)
        ax.vlines(apart, mine["lowest"], mine["highest"], color=look.color, linewidth=1.6, alpha=0.45)
        ax.plot(apart, mine["gain"], look.marker or "o", color=look.color, markersize=5, linestyle="-", linewidth=1.8)
        ends.append((float(apart.iloc[-1]), float(mine["gain"].iloc[-1]), look.label, look.color))
    ax.axhline(0.0, color=INK, linewidth=0.9)
    values = table.drop_duplicates("place").sort_values("place")["value"]
    ax.set_xticks(range(last + 1), [wrap_label(str(value), 12) for value in values], parse_math=False)
    ax.set_xlim(-0.3, last + 0.3)
    ax.set_ylim(*ax.get_ylim())
    name_values(ax, str(table["factor"].iloc[0]))
    ax.set_ylabel("gain over no help")
    label_ends(ax, ends)
    return ax
