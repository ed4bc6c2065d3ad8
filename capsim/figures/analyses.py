"""What decides an outcome, where does the answer turn, what does one aim cost in another, does a fit hold?"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from capsim.figures.canvas import SMALL, add_legend, begin_axes, name_rows, name_values, write
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
_MOST = 15
"""Rows of parameters."""

Axis = tuple[str, str]
"""Column that is drawn, and what it is in words, with its unit."""


def plot_assumptions(
    table: pd.DataFrame,
    chance: float,
    *,
    first: str,
    second: str,
    labels: Mapping[str, str],
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Rank correlation of assumptions with the difference of two strategies; what chance alone reaches is grey.

    The table has the columns parameter, correlation, the most important first; a positive correlation means that a
    larger value favors the first strategy. `labels` are words for parameters.
    """
    ax = begin_axes(ax, 1.1 + 0.32 * len(table), grid="x")
    styles = strategy_styles([first, second], styles)
    if not math.isnan(chance):
        ax.axvspan(-chance, chance, color=GRID, zorder=0, linewidth=0)
        write(ax, 0.02 - chance, -0.62, "within reach of chance", ha="left", va="center", color=MUTED, fontsize=SMALL)
    for row, correlation in enumerate(table["correlation"]):
        clear = abs(correlation) > chance
        color = styles[first if correlation > 0 else second].color if clear else MUTED
        ax.plot([0.0, correlation], [row, row], color=color, linewidth=2.2 if clear else 1.2, solid_capstyle="butt")
        ax.plot([correlation], [row], marker="o", markersize=7 if clear else 5, color=color)
    name_rows(ax, [textwrap.fill(labels[name], 26) for name in table["parameter"]], above=1.0)
    ax.set_xlim(-1.0, 1.0)
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    for x, side, name in ((-1.0, "left", second), (1.0, "right", first)):
        text = wrap_label(f"larger value favors {styles[name].label}", 24)
        look = {"transform": ax.get_xaxis_transform(), "va": "bottom", "fontsize": SMALL}
        write(ax, x, 1.02, text, ha=side, color=styles[name].color, **look)
    name_values(ax, "Rank correlation with the difference")
    return ax


def plot_variants(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    widest: tuple[float, float],
    labels: Mapping[str, str],
    measure: str = "use",
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Difference of two strategies under each variant of a rule, below a heading for each rule, in the colors of whom
    an interval without zero favors; a hollow mark is the scenario's own variant, the band the `widest` interval.

    The table has the columns rule, variant, own, difference, low, high.
    """
    rules = table["rule"].nunique()
    ax = begin_axes(ax, 1.2 + 0.17 * (len(table) + rules), grid="x")
    styles = strategy_styles([first, second], styles)
    if all(map(math.isfinite, widest)):
        ax.axvspan(*widest, color=GRID, zorder=0, linewidth=0)
    names, heights, height = [], [], 0.0
    for rule, rows in table.groupby("rule", sort=False):
        names.append(labels[str(rule)])
        heights.append(height)
        for row in rows.to_dict("records"):
            height += 1.0
            names.append(str(row["variant"]).replace("_", " ") + "  ")
            heights.append(height)
            ahead = first if row["low"] > 0.0 else second if row["high"] < 0.0 else None
            color = MUTED if ahead is None else styles[ahead].color
            ax.plot([row["low"], row["high"]], [height, height], color=color, linewidth=1.4, solid_capstyle="butt")
            face = "white" if row["own"] else color
            ax.plot([row["difference"]], [height], marker="o", markersize=5, color=color, markerfacecolor=face)
        height += 1.3
    ax.axvline(0.0, color=INK, linewidth=1.0, zorder=1)
    name_rows(ax, names, heights, above=1.4)
    ax.tick_params(axis="y", labelsize=SMALL)
    for x, side, name in ((0.0, "left", second), (1.0, "right", first)):
        text = f"larger with {styles[name].label}"
        look = {"transform": ax.transAxes, "va": "bottom", "fontsize": SMALL}
        write(ax, x, 1.01, wrap_label(text, 24), ha=side, color=styles[name].color, **look)
    name_values(ax, f"Difference in {measure}")
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
    """Difference of two strategies against a parameter (in words), with its interval; break-even values marked.

    The curve has the columns value, estimate, low, high; crossings, the values at which the difference is zero, have
    estimate, low, high. The value `used` elsewhere is marked when it is given.
    """
    ax = begin_axes(ax, 3.4)
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


def plot_moves(
    table: pd.DataFrame,
    *,
    first: str,
    second: str,
    labels: Mapping[str, str],
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """One bar for each assumption: how far it moves the difference, in the color of the strategy that it favors.

    The table has the columns parameter, moves and direction, as `Comparison.assumptions_that_move`.
    """
    ax = begin_axes(ax, 0.8 + 0.34 * len(table), grid="x")
    looks = strategy_styles([first, second], styles)
    colors = [looks[first if direction > 0.0 else second].color for direction in table["direction"]]
    ax.barh(np.arange(len(table)), table["moves"], color=colors, height=0.6)
    name_rows(ax, [textwrap.fill(labels[name], 28) for name in table["parameter"]])
    name_values(ax, "moves the difference by")
    return ax


def plot_indices(table: pd.DataFrame, *, index: str, title: str, floor: str) -> Axes:
    """One row per parameter, largest index on top, with its interval; the noise floor as a band.

    The table has the columns parameter, the index (whose `title` says what it is), and its ``_low`` and ``_high`` where
    there are any; ``first`` is added in another color. `floor` is a parameter that the model never sees: its index is
    the floor of what luck and sampling reach.
    """
    shown = table[table["parameter"] != floor].sort_values(index, ascending=False).head(_MOST).reset_index(drop=True)
    ax = begin_axes(None, 1.1 + 0.3 * len(shown), grid="x")
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


def plot_check(check: pd.DataFrame) -> Axes:
    """One row per observation: what the model predicts (blue), what was observed (dark, red outside the prediction).

    The table is `Calibration.check`.
    """
    ax = begin_axes(None, 1.1 + 0.3 * len(check), grid="x")
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


def plot_front(table: pd.DataFrame, horizontal: Axis, vertical: Axis) -> Axes:
    """One dot per strategy; those that no other beats (column pareto) in color, with their names."""
    ax = _begin_front(horizontal, vertical)
    front = table["pareto"].to_numpy(np.bool_)
    x, y = table[horizontal[0]], table[vertical[0]]
    for chosen, color, label in ((~front, FRAME, "beaten by another"), (front, _BLUE, "not beaten")):
        if chosen.any():
            ax.plot(x[chosen], y[chosen], "o", color=color, markersize=6, label=label)
    for name, beats, right, up in zip(table["strategy"], front, x, y, strict=True):
        ax.annotate(
            strategy_label(str(name)),
            (right, up),
            xytext=(5, 4),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK if beats else MUTED,
            parse_math=False,
        )
    add_legend(ax)
    return ax


def plot_fronts(table: pd.DataFrame, horizontal: Axis, vertical: Axis, *, budget: str) -> Axes:
    """One line per budget (a column of TA hours a year) through the strategies that no other beats under it; the others
    as pale dots.
    """
    ax = _begin_front(horizontal, vertical)
    columns = [horizontal[0], vertical[0]]
    for place, (value, own) in enumerate(table.groupby(budget)):
        color = HUES[place % len(HUES)]
        front, beaten = own[own["pareto"]].sort_values(columns), own[~own["pareto"]]
        ax.plot(*(beaten[name] for name in columns), "o", color=color, alpha=0.3, markersize=4)
        label = f"{value:,.0f} TA hours a year"
        ax.plot(*(front[name] for name in columns), "o-", color=color, markersize=6, label=label)
    add_legend(ax)
    return ax


def _begin_front(horizontal: Axis, vertical: Axis) -> Axes:
    ax = begin_axes(None, 4.6)
    ax.set_xlabel(horizontal[1])
    ax.set_ylabel(vertical[1])
    return ax
