"""What decides an outcome, where does the answer turn, what does one aim cost in another, does a fit hold?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, add_legend, name_rows, name_values, new_axes, style_axes, write
from capsim.figures.palette import (
    FRAME,
    GRID,
    HUES,
    INK,
    LIGHT,
    MUTED,
    Style,
    strategy_label,
    strategy_styles,
    wrap_label,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_BLUE, _ORANGE, _RED, _CROSSING = (LIGHT[name] for name in ("blue", "orange", "red", "olive"))


def plot_assumptions(
    table: pd.DataFrame,
    chance: float,
    *,
    first: str,
    second: str,
    most: int = 10,
    labels: Mapping[str, str] | None = None,
    label_width: int = 30,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Rank correlation of assumptions with the difference of two strategies; what chance alone reaches is grey.

    Parameters
    ----------
    table : DataFrame
        Columns parameter, correlation; the most important first.
    chance : float
        Size of correlation that chance alone reaches.
    first, second : str
        Strategies; a positive correlation means that a larger value favours the first.
    most : int
        Rows shown.
    labels : mapping of str to str, optional
        What to write for a parameter.
    label_width : int
        Letters in a line of a label.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    shown = table.head(most)
    ax = new_axes(7.6, 1.1 + 0.32 * len(shown)) if ax is None else ax
    style_axes(ax, grid="x")
    styles = strategy_styles([first, second], styles)
    if not math.isnan(chance):
        ax.axvspan(-chance, chance, color=GRID, zorder=0, linewidth=0)
        write(ax, 0.02 - chance, -0.62, "within reach of chance", ha="left", va="center", color=MUTED, fontsize=SMALL)
    for row, correlation in enumerate(shown["correlation"]):
        clear = abs(correlation) > chance
        color = styles[first if correlation > 0 else second].color if clear else MUTED
        ax.plot([0.0, correlation], [row, row], color=color, linewidth=2.2 if clear else 1.2, solid_capstyle="butt")
        ax.plot([correlation], [row], marker="o", markersize=7 if clear else 5, color=color)
    names = [(labels or {}).get(name, name.replace("_", " ")) for name in shown["parameter"]]
    name_rows(ax, [wrap_label(name, label_width) for name in names], above=1.0)
    ax.set_xlim(-1.0, 1.0)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    for x, side, name in ((-1.0, "left", second), (1.0, "right", first)):
        text = wrap_label(f"larger value favors {styles[name].label}", 24)
        look = {"transform": ax.get_xaxis_transform(), "va": "bottom", "fontsize": SMALL}
        write(ax, x, 1.02, text, ha=side, color=styles[name].color, **look)
    name_values(ax, "Rank correlation with the difference")
    return ax


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
    styles = strategy_styles([first, second], styles)
    value, mean, low, high = (curve[name].to_numpy(np.float64) for name in ("value", "estimate", "low", "high"))
    ax.fill_between(value, low, high, color=INK, alpha=0.15, linewidth=0)
    ax.plot(value, mean, color=INK, linewidth=1.8, marker="o", markersize=4)
    ax.axhline(0.0, color=INK, linewidth=1.1)
    bottom, top = ax.get_ylim()
    room = 0.12 * (top - bottom)
    ax.set_ylim(min(bottom, -room) - room / 2, max(top, room) + room / 2)
    ax.set_xlim(float(value[0]), float(value[-1]))
    for crossing in crossings.to_dict("records"):
        if not math.isnan(crossing["low"]):
            ax.axvspan(crossing["low"], crossing["high"], color=_CROSSING, alpha=0.15, linewidth=0)
        ax.axvline(crossing["estimate"], color=_CROSSING, linewidth=1.5)
    if not math.isnan(used):
        ax.axvline(used, color=MUTED, linewidth=1.0, linestyle=":")
        look = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom", "fontsize": SMALL}
        write(ax, used, 1.01, "value used", color=MUTED, **look)
    for name, height, align in ((first, 0.97, "top"), (second, 0.03, "bottom")):
        text = wrap_label(f"{styles[name].label} higher", 40)
        look = {"color": styles[name].color, "fontsize": SMALL, "fontweight": "bold"}
        write(ax, 0.985, height, text, transform=ax.transAxes, ha="right", va=align, **look)
    ax.set_xlabel(parameter)
    ax.set_ylabel(f"Difference in {measure}")
    return ax


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
    both = index == "total" and "first" in shown
    for column, color, shift in [("total", _BLUE, -0.14), ("first", _ORANGE, 0.14)] if both else [(index, _BLUE, 0.0)]:
        place = np.arange(len(shown)) + shift
        if f"{column}_low" in shown:
            ax.hlines(place, shown[f"{column}_low"], shown[f"{column}_high"], color=color, linewidth=2.4, alpha=0.6)
        ax.plot(shown[column], place, "o", color=color, markersize=5, label=column)
    if both:
        add_legend(ax, "lower right")
    ax.axvline(0.0, color=INK, linewidth=0.9)
    name_rows(ax, list(shown["parameter"]), above=0.7)
    ax.set_xlabel(title)
    return ax


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
    ax.hlines(rows, check["low"], check["high"], color=_BLUE, linewidth=7, alpha=0.3, label="predicted, 95%")
    ax.plot(check["predicted"], rows, "|", color=_BLUE, markersize=11, markeredgewidth=2)
    inside = check["inside"].to_numpy(np.bool_)
    for chosen, color, label in ((inside, INK, "observed, 95%"), (~inside, _RED, "observed, not predicted")):
        if chosen.any():
            part = check[chosen]
            half = 1.96 * part["standard_error"]
            ax.hlines(rows[chosen], part["observed"] - half, part["observed"] + half, color=color, linewidth=1.4)
            ax.plot(part["observed"], rows[chosen], "o", color=color, markersize=5, label=label)
    name_rows(ax, [f"{one['measure']}, {one['level']}, month {one['month']}" for one in check.to_dict("records")])
    add_legend(ax)
    ax.set_xlabel("value of the measure")
    return ax


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
    front = table["pareto"].to_numpy(np.bool_)
    for chosen, color, label in ((~front, FRAME, "beaten by another"), (front, _BLUE, "not beaten")):
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
    return _aims(ax, horizontal_title, vertical_title)


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
    horizontal, vertical, horizontal_title, vertical_title, ax
        As for `plot_front`.
    """
    ax = new_axes(7.6, 4.6) if ax is None else ax
    for place, value in enumerate(sorted(table[budget].unique())):
        color = HUES[place % len(HUES)]
        own = table[table[budget] == value]
        front = own[own["pareto"]].sort_values([horizontal, vertical])
        beaten = own[~own["pareto"]]
        ax.plot(beaten[horizontal], beaten[vertical], "o", color=color, alpha=0.3, markersize=4)
        label = f"{value:,.0f} TA hours a year"
        ax.plot(front[horizontal], front[vertical], "o-", color=color, markersize=6, label=label)
    return _aims(ax, horizontal_title, vertical_title)


def _aims(ax: Axes, horizontal: str, vertical: str) -> Axes:
    style_axes(ax)
    ax.set_xlabel(horizontal)
    ax.set_ylabel(vertical)
    add_legend(ax)
    return ax
