"""What share of what is sent out arrives, and is used, at each link?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from capsim.figures.canvas import SMALL, TEXT, new_axes, write
from capsim.figures.palette import Style, strategy_styles, wrap_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["CHAIN_ROW_INCHES", "plot_chain"]

CHAIN_ROW_INCHES = {False: 0.86, True: 1.02}
"""Height of one link, by whether its heading has two lines."""
_INSIDE = 0.8
_STEPS = (("delivered", "offered", 0.28), ("received", "landed", 0.6), ("used", "used", 1.0))
_BAR = 0.17
_BREAK = "\n"


def plot_chain(
    table: pd.DataFrame,
    *,
    two_lines: bool = False,
    styles: Mapping[str, Style] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Three bars for every link of every strategy: hours offered (all), landed and used, as shares of those offered.

    Parameters
    ----------
    table : DataFrame
        Columns strategy, link (in words), delivered, received, used (hours); in the order to be shown.
    two_lines : bool
        Whether strategy and link have a line each, for narrow figures.
    styles : mapping of str to Style, optional
        Looks of the strategies, where they must agree with other figures.
    ax : Axes, optional
    """
    ax = new_axes(7.6, 0.3 + CHAIN_ROW_INCHES[two_lines] * len(table)) if ax is None else ax
    styles = {**strategy_styles(table["strategy"].tolist()), **(styles or {})}
    for row, figures in enumerate(table.to_dict("records")):
        style = styles[figures["strategy"]]
        heading = f"{wrap_label(style.label, 48, most_lines=1)}{_BREAK if two_lines else ': '}{figures['link']}"
        written = [write(ax, 0.0, row - 0.19, heading, color=style.color, fontweight="bold", va="bottom", ha="left")]
        whole = float(figures["delivered"])
        for step, (name, word, alpha) in enumerate(_STEPS):
            share = float(figures[name]) / whole if whole > 0.0 else 0.0
            height = row - 0.08 + 1.25 * _BAR * step
            ax.barh(height, share, height=_BAR, color=style.color, alpha=alpha, linewidth=0)
            said = f"{whole:,.0f} hours {word}" if step == 0 else f"{share:.0%} {word}"
            at = 0.012 if step == 0 or share > _INSIDE else share + 0.012
            written.append(write(ax, at, height, said, va="center", ha="left", fontsize=SMALL))
        for text in written:
            text.set_in_layout(False)  # long headings must not make the bars short
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(max(len(table), 1) - 0.42, -0.5)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.tick_params(labelsize=TEXT)
    return ax
