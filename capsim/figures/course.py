"""How does a measure go on, month by month, under each strategy? Means and central bands over replicates. And gains by
budget, in several scenarios, by the value of a factor of a study.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import MEASURES
from capsim.figures.canvas import SMALL, begin_axes, figure_inches, label_ends, name_rows, name_values, write
from capsim.figures.palette import FRAME, INK, LIGHT, MUTED, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


_TAIL = 0.025


class Mark(NamedTuple):
    """A moment to mark on the axis of time, in years since assistance began, and how long it lasts; its words."""

    year: float
    years: float
    label: str


class Band(NamedTuple):
    """Mean and central 95% over replicates, (m,) each; with fewer than 40 of them from the smallest to the largest.

    `years` since assistance began; a month's value stands at its end.
    """

    years: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def bands(monthly: pd.DataFrame, *, level: str = "lea", baseline: str = "") -> dict[str, Band]:
    """Band of use in districts, assumptions at their defaults, under every strategy with finished runs; with a
    baseline, of the paired gains over it. `level` also says how districts count, such as ``lea_by_pupils``.
    """
    if monthly.empty:
        return {}
    wanted = (monthly["assumptions"] == "default") & (monthly["level"] == level)
    table = monthly[wanted].pivot(index=["strategy", "replicate"], columns="month", values="use")
    paths = {
        str(name): own.droplevel("strategy").dropna(axis=1, how="all").dropna()
        for name, own in table.groupby(level="strategy", sort=False)
    }
    if baseline:
        base = paths.pop(baseline, None)
        paths = {name: (own - base).dropna() for name, own in paths.items()} if base is not None else {}
    order = [str(name) for name in monthly["strategy"].drop_duplicates()]
    return {name: _band(paths[name]) for name in order if name in paths and not paths[name].empty}


def _band(paths: pd.DataFrame) -> Band:
    table = paths.to_numpy(np.float64)
    low, high = np.quantile(table, [_TAIL, 1.0 - _TAIL], axis=0, method="weibull")
    return Band(paths.columns.to_numpy(np.float64) / 12.0, table.mean(axis=0), low, high)


def plot_trajectories(
    monthly: pd.DataFrame,
    *,
    assistance_months: int,
    level: str = "lea",
    baseline: str = "",
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    marks: Sequence[Mark] = (),
    ax: Axes | None = None,
) -> Axes:
    """Mean use under each strategy, with the central 95% of replicates; the years of assistance are shaded. With a
    baseline, the paired gains over it.

    The table has the columns strategy, replicate, assumptions, month, level and use.
    """
    ax = begin_axes(ax, 4.2)
    found = bands(monthly, level=level, baseline=baseline)
    _draw(ax, found, strategy_styles(found, styles), assistance_months, quiet=quiet, zero=bool(baseline))
    _draw_marks(ax, marks)
    title = MEASURES["use"].title
    ax.set_ylabel(f"Gain in {title.lower()}" if baseline else title)
    return ax


def _draw(
    ax: Axes,
    found: Mapping[str, Band],
    styles: Mapping[str, Style],
    assistance_months: int,
    *,
    quiet: Collection[str],
    zero: bool,
) -> None:
    ax.set_xlabel("Years since assistance began" if assistance_months else "Years")
    if not found:
        write(ax, 0.5, 0.5, "No finished runs to show", transform=ax.transAxes, ha="center", color=MUTED)
        ax.set_xticks([])
        ax.set_yticks([])
        return
    for name, band in found.items():
        style = styles[name]
        if name in quiet:
            ax.plot(band.years, band.mean, color=FRAME, linewidth=0.9, label=style.label, zorder=1.5)
            continue
        ax.fill_between(band.years, band.low, band.high, color=style.color, alpha=0.14, linewidth=0)
        ax.plot(band.years, band.mean, color=style.color, linestyle=style.dash, linewidth=2.0, label=style.label)
    if zero:
        ax.axhline(0.0, color=MUTED, linewidth=1.0)
    _time_axis(ax, max(float(band.years[-1]) for band in found.values()), assistance_months / 12.0)
    best = max(found, key=lambda name: float(found[name].mean[-1]))
    ends = []
    for name, band in found.items():
        if name not in quiet or name == best:  # the highest line must have a name
            color = MUTED if name in quiet else styles[name].color
            ends.append((float(band.years[-1]), float(band.mean[-1]), styles[name].label, color))
    label_ends(ax, ends)


def _draw_marks(ax: Axes, marks: Sequence[Mark]) -> None:
    """A dotted line where an event begins, a bar at the foot for as long as it lasts, its number there."""
    for number, mark in enumerate(marks, start=1):
        ax.axvline(mark.year, color=MUTED, linestyle=":", linewidth=1.0, zorder=1)
        if mark.years > 0.0:
            ax.axvspan(mark.year, mark.year + mark.years, ymax=0.02, color=MUTED, linewidth=0, zorder=1)
        look = {"transform": ax.get_xaxis_transform(), "ha": "left", "va": "bottom", "color": MUTED, "fontsize": SMALL}
        write(ax, mark.year, 0.03, f" {number}", **look)


def _time_axis(ax: Axes, last: float, assistance: float) -> None:
    """Years along the axis, those of assistance shaded, both phases named above the plot."""
    from matplotlib.ticker import MaxNLocator

    wide = figure_inches(ax)[0] > 6.0
    ax.set_xlim(0.0, last)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=11 if wide else 6, integer=last >= 2.0))
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.04 * (high - low))
    look = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "bottom", "color": MUTED, "fontsize": SMALL}
    during, after = ("years of assistance", "after it has ended") if wide else ("assistance", "after")
    if assistance > 0.0:
        ax.axvspan(0.0, assistance, color=LIGHT["shade"], zorder=0, linewidth=0)
        write(ax, assistance / 2, 1.02, during, **look)
    if last > assistance > 0.0:
        write(ax, (assistance + last) / 2, 1.02, after, **look)


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


def plot_gains(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One row for each plan below the name of its scenario: gain over no help, and its interval.

    The table has the columns scenario, strategy, gain, low, high, in the order in which they are drawn.
    """
    ax = begin_axes(ax, 0.9 + 0.34 * len(table), grid="x")
    looks = strategy_styles(table["strategy"])
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


def plot_by_factor(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """One line for each plan through its gains at the values of one factor, with their range over the other factors.

    The table has the columns factor, place, value, strategy, gain, lowest and highest of `StudyPlans.by_factor`.
    """
    ax = begin_axes(ax, 2.6)
    looks = strategy_styles(table["strategy"].drop_duplicates())
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
