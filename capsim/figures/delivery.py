"""What are hours spent on, what becomes of them on the way, and what do stocktakes say meanwhile?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from capsim.catalogue import ACTIVITIES
from capsim.figures.canvas import SMALL, bare_axes, begin_axes, name_values, write, write_heading
from capsim.figures.palette import HOURS, INK, LIGHT, MUTED, PAPER, Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

CHAIN_ROW_INCHES = 1.02
"""Height of one link."""
FLOW_ROW_INCHES = 2.5
"""Height of the steps of one strategy."""
_INSIDE = 0.8
_STEPS = (("delivered", "offered", 0.28), ("received", "landed", 0.6), ("used", "used", 1.0))
_BAR = 0.17
_STATUS = {name: LIGHT[f"status-{name}"] for name in ("red", "amber", "green")}
_LEAST_AREA = 0.06
_CLEAR = 0.09
"""Distance of a name from the line."""
_HEADING = 36
"""Letters in a line of a heading: a longer one would leave no room for the bars beside it."""


def activity_colors(names: Iterable[str]) -> dict[str, str]:
    """A color for each activity of a picture, in its order; hues repeat after ten."""
    return {name: HOURS[place % len(HOURS)] for place, name in enumerate(dict.fromkeys(names))}


def plot_plan(
    plan: pd.DataFrame,
    *,
    heading: str = "",
    color: str = INK,
    colors: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Hours by activity, stacked, for every quarter.

    The plan of one strategy has the columns quarter (from 1), activity, hours. `color` is that of the heading, which is
    shortened to two lines; `colors` are those of the activities, where several plots share them.
    """
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax = begin_axes(ax, 2.8)
    known = [name for name in ACTIVITIES if (plan["activity"] == name).any()]
    colors = {**activity_colors(known), **(colors or {})}
    quarters = int(plan["quarter"].max()) if len(plan) else 1
    places = np.arange(1, quarters + 1)
    bottom = np.zeros(quarters)
    for name in known:
        own = plan[plan["activity"] == name]
        hours = np.bincount(own["quarter"].to_numpy(np.int64) - 1, own["hours"].to_numpy(np.float64), quarters)
        title = ACTIVITIES[name].title
        ax.bar(places, hours, width=0.94, bottom=bottom, color=colors[name], label=title, linewidth=0)
        bottom += hours
    ax.set_xlim(0.4, quarters + 0.6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True, steps=[1, 2, 4, 5, 10]))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    name_values(ax, "Quarter")
    ax.set_ylabel("Hours of consultants", fontsize=SMALL, color=MUTED)
    write_heading(ax, wrap_label(heading, _HEADING) if heading else "", color=color)
    return ax


def plot_chain(table: pd.DataFrame, *, styles: Mapping[str, Style] | None = None, ax: Axes | None = None) -> Axes:
    """Three bars for every link of every strategy: hours offered (all), landed and used, as shares of those offered.

    The table has the columns strategy, link (in words), delivered, received, used (hours), in the order to be shown.
    """
    ax = bare_axes(ax, 0.3 + CHAIN_ROW_INCHES * len(table))
    styles = strategy_styles(table["strategy"].tolist(), styles)
    for row, figures in enumerate(table.to_dict("records")):
        style = styles[figures["strategy"]]
        heading = f"{wrap_label(style.label, 48, most_lines=1)}\n{figures['link']}"
        written = [write(ax, 0.0, row - 0.19, heading, color=style.color, fontweight="bold", va="bottom", ha="left")]
        whole = float(figures["delivered"])
        for step, (name, word, alpha) in enumerate(_STEPS):
            share = float(figures[name]) / whole if whole > 0.0 else 0.0
            height = row - 0.08 + 1.25 * _BAR * step
            ax.barh(height, share, height=_BAR, color=style.color, alpha=alpha, linewidth=0)
            said = f"{whole:,.0f} hours {word}" if step == 0 else f"{share:.0%} {word}"
            at = 0.012 if step == 0 or share > _INSIDE else share + 0.012
            inside = PAPER if step == 2 and share > _INSIDE else INK
            written.append(write(ax, at, height, said, va="center", ha="left", fontsize=SMALL, color=inside))
        for text in written:
            text.set_in_layout(False)  # long headings must not make the bars short
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(max(len(table), 1) - 0.42, -0.5)
    return ax


def plot_flow(
    table: pd.DataFrame,
    *,
    steps: Sequence[str],
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """What is left of 100 hours after each step, a bar each, with what the step cost (or gained) in a light tone.

    The table has the columns strategy and `steps`, of which the first is what was offered; one block a row.
    """
    ax = bare_axes(ax, 0.4 + FLOW_ROW_INCHES * len(table))
    styles = strategy_styles(table["strategy"].tolist(), styles)
    for block, figures in enumerate(table.to_dict("records")):
        style, before, top = styles[figures["strategy"]], 1.0, block * (len(steps) + 1.6)
        heading = f"{wrap_label(style.label, 48, most_lines=1)}: {figures[steps[0]]:,.0f} hours offered"
        write(ax, 0.0, top - 0.75, heading, color=style.color, fontweight="bold", va="center", ha="left")
        for place, step in enumerate(steps):
            share = float(figures[step]) / float(figures[steps[0]])
            low, high = min(share, before), max(share, before)
            ax.barh(top + place, low, height=0.72, color=style.color, alpha=0.75, linewidth=0)
            ax.barh(top + place, high - low, left=low, height=0.72, color=style.color, alpha=0.22, linewidth=0)
            said = f"{100.0 * share:.0f}" if place == 0 else f"{100.0 * share:.0f} ({100.0 * (share - before):+.0f})"
            write(ax, max(high, 0.01) + 0.01, top + place, said, va="center", ha="left", fontsize=SMALL)
            write(ax, -0.01, top + place, step, va="center", ha="right", fontsize=SMALL, color=MUTED)
            before = share
    ax.set_xlim(-0.14, 1.14)
    ax.set_ylim(max(1, len(table)) * (len(steps) + 1.6) - 1.0, -1.3)
    return ax


def plot_status(table: pd.DataFrame, *, heading: str = "", ax: Axes | None = None) -> Axes:
    """Shares of agencies in red, amber and green as areas over the months; the true use of the practices as a line.

    The table of one strategy and level has the columns month, red, amber, green (shares) and use (0 to 1).
    """
    ax = begin_axes(ax, 2.8)
    years = table["month"].to_numpy(np.float64) / 12.0
    shares = [table[name].to_numpy(np.float64) for name in _STATUS]
    ax.stackplot(years, shares, colors=list(_STATUS.values()), alpha=0.75, linewidth=0.6, edgecolor=LIGHT["paper"])
    use = table["use"].to_numpy(np.float64)
    if len(years):
        _name_areas(ax, years, shares, use)
        ax.set_xlim(float(years[0]), max(float(years[-1]), float(years[0]) + 0.01))
        place = len(years) // 3
        write(ax, float(years[place]), float(use[place]) + 0.03, "true use", ha="left", va="bottom", fontsize=SMALL)
    ax.plot(years, use, color=INK, linewidth=2.0, label="true use")
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([0.0, 0.5, 1.0])
    ax.set_yticklabels(["0", "half", "all"], color=INK)
    name_values(ax, "Years since assistance began")
    write_heading(ax, heading)
    return ax


def _name_areas(ax: Axes, years: np.ndarray, shares: list[np.ndarray], use: np.ndarray) -> None:
    """The name of every area that is not too narrow, where it is widest and clear of the line."""
    floor = np.zeros(len(years))
    margin = len(years) // 12
    for name, share in zip(_STATUS, shares, strict=True):
        if share.mean() > _LEAST_AREA:
            widest = min(max(int(np.argmax(share)), margin), len(share) - 1 - margin)
            middle = float(floor[widest] + share[widest] / 2.0)
            if abs(middle - float(use[widest])) < _CLEAR:
                middle = float(use[widest]) + _CLEAR
            write(ax, float(years[widest]), middle, name, ha="center", va="center", fontweight="bold", fontsize=SMALL)
        floor = floor + share
