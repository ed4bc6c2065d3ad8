"""How does a measure go on, month by month, under each strategy? Means and central bands over replicates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue import BASELINE, MEASURES
from capsim.figures.canvas import SMALL, begin_axes, figure_inches, label_ends, write
from capsim.figures.palette import FRAME, LIGHT, MUTED, Style, strategy_styles

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
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    marks: Sequence[Mark] = (),
    ax: Axes | None = None,
) -> Axes:
    """Mean use under each strategy, with the central 95% of replicates; the years of assistance are shaded.

    The table has the columns strategy, replicate, assumptions, month, level and use.
    """
    ax = begin_axes(ax, 4.2)
    found = bands(monthly, level=level)
    _draw(ax, found, strategy_styles(found, styles), assistance_months, quiet=quiet)
    _draw_marks(ax, marks)
    ax.set_ylabel(MEASURES["use"].title)
    return ax


def plot_gains(
    monthly: pd.DataFrame,
    *,
    assistance_months: int,
    level: str = "lea",
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    marks: Sequence[Mark] = (),
    ax: Axes | None = None,
) -> Axes:
    """Paired gain of each strategy over no assistance; see `plot_trajectories`."""
    ax = begin_axes(ax, 4.2)
    found = bands(monthly, level=level, baseline=BASELINE)
    _draw(ax, found, strategy_styles(found, styles), assistance_months, quiet=quiet, zero=True)
    _draw_marks(ax, marks)
    ax.set_ylabel(f"Gain in {MEASURES['use'].title.lower()}")
    return ax


def _draw(
    ax: Axes,
    found: Mapping[str, Band],
    styles: Mapping[str, Style],
    assistance_months: int,
    *,
    quiet: Collection[str],
    zero: bool = False,
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
