"""How does a measure go on, month by month, under each strategy?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from capsim.catalogue import MEASURES
from capsim.figures.bands import Band, gain_band, level_band
from capsim.figures.canvas import SMALL, figure_inches, new_axes, style_axes, write
from capsim.figures.ends import label_ends
from capsim.figures.palette import BASELINE, MUTED, Style, strategy_styles

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["plot_gains", "plot_trajectories"]

_QUIET = "#9aa5b1"


def plot_trajectories(
    monthly: pd.DataFrame,
    *,
    assistance_months: int,
    measure: str = "use",
    assumptions: str = "default",
    level: str = "lea",
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Mean of a measure under each strategy, with the central 95% of replicates; the years of assistance are shaded.

    Parameters
    ----------
    monthly : DataFrame
        Columns strategy, replicate, assumptions, month, level and the measure.
    assistance_months : int
    measure, assumptions, level : str
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    quiet : collection of str
        Strategies that are drawn as thin grey lines, without bands or names, so that the others can be seen.
    ax : Axes, optional
        A figure of its own without it.
    """
    ax = new_axes() if ax is None else ax
    styles = {**_styles(monthly), **(styles or {})}
    bands = {
        name: band
        for name in styles
        if (band := level_band(monthly, name, measure=measure, assumptions=assumptions, level=level)) is not None
    }
    _draw(ax, bands, styles, assistance_months, quiet=quiet)
    ax.set_ylabel(MEASURES[measure].title if measure in MEASURES else measure)
    return ax


def plot_gains(
    monthly: pd.DataFrame,
    *,
    assistance_months: int,
    measure: str = "use",
    assumptions: str = "default",
    level: str = "lea",
    baseline: str = BASELINE,
    styles: Mapping[str, Style] | None = None,
    quiet: Collection[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Paired gain of each strategy over the baseline, with the central 95% of replicates.

    Parameters
    ----------
    monthly : DataFrame
        As for `plot_trajectories`.
    assistance_months : int
    measure, assumptions, level, baseline : str
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    quiet : collection of str
        Strategies that are drawn as thin grey lines, without bands or names, so that the others can be seen.
    ax : Axes, optional
    """
    ax = new_axes() if ax is None else ax
    styles = {**_styles(monthly), **(styles or {})}
    bands: dict[str, Band] = {}
    for name in styles:
        band = gain_band(monthly, name, baseline=baseline, measure=measure, assumptions=assumptions, level=level)
        if name != baseline and band is not None:
            bands[name] = band
    _draw(ax, bands, styles, assistance_months, quiet=quiet, zero=True)
    title = MEASURES[measure].title.lower() if measure in MEASURES else measure
    ax.set_ylabel(f"Gain in {title}")
    return ax


def _styles(monthly: pd.DataFrame) -> dict[str, Style]:
    return strategy_styles([] if monthly.empty else monthly["strategy"].drop_duplicates().tolist())


def _draw(
    ax: Axes,
    bands: dict[str, Band],
    styles: Mapping[str, Style],
    assistance_months: int,
    *,
    quiet: Collection[str],
    zero: bool = False,
) -> None:
    style_axes(ax)
    ax.set_xlabel("Years since assistance began" if assistance_months else "Years")
    if not bands:
        write(ax, 0.5, 0.5, "No finished runs to show", transform=ax.transAxes, ha="center", color=MUTED)
        ax.set_xticks([])
        ax.set_yticks([])
        return
    last = max(float(band.years[-1]) for band in bands.values())
    for name, band in bands.items():
        style = styles[name]
        if name in quiet:
            ax.plot(band.years, band.mean, color=_QUIET, linewidth=0.9, label=style.label, zorder=1.5)
            continue
        ax.fill_between(band.years, band.low, band.high, color=style.color, alpha=0.14, linewidth=0)
        ax.plot(band.years, band.mean, color=style.color, linestyle=style.dash, linewidth=2.0, label=style.label)
    if zero:
        ax.axhline(0.0, color=MUTED, linewidth=1.0)
    _time_axis(ax, last, assistance_months / 12.0)
    ends = [
        (float(b.years[-1]), float(b.mean[-1]), styles[n].label, styles[n].color)
        for n, b in bands.items()
        if n not in quiet
    ]
    label_ends(ax, [*ends, *_best(bands, styles, quiet)], width=13)


def _best(
    bands: dict[str, Band], styles: Mapping[str, Style], quiet: Collection[str]
) -> list[tuple[float, float, str, str]]:
    """The end of the highest quiet line, if it is above all others: that one must have a name."""
    last = {name: float(band.mean[-1]) for name, band in bands.items()}
    best = max(last, key=lambda name: last[name])
    return [(float(bands[best].years[-1]), last[best], styles[best].label, MUTED)] if best in quiet else []


def _time_axis(ax: Axes, last: float, assistance: float) -> None:
    """Years along the axis, those of assistance shaded, both phases named above the plot."""
    from matplotlib.ticker import MaxNLocator

    wide = figure_inches(ax)[0] > 6.0
    ax.set_xlim(0.0, last)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=11 if wide else 6, integer=last >= 2.0))
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.04 * (high - low))
    across = ax.get_xaxis_transform()
    during, after = ("years of assistance", "after it has ended") if wide else ("assistance", "after")
    if assistance > 0.0:
        ax.axvspan(0.0, assistance, color="#eef2f6", zorder=0, linewidth=0)
        write(ax, assistance / 2, 1.02, during, transform=across, ha="center", va="bottom", color=MUTED, fontsize=SMALL)
    if last > assistance > 0.0:
        middle = (assistance + last) / 2
        write(ax, middle, 1.02, after, transform=across, ha="center", va="bottom", color=MUTED, fontsize=SMALL)
