"""Labels at the ends of lines, moved apart until none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from capsim.figures.canvas import SMALL, TEXT, figure_inches, write
from capsim.figures.palette import wrap_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["label_ends", "spread_apart"]


def spread_apart(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to the wanted ones as possible, in their order, so that boxes of these heights do not overlap.

    When the boxes do not fit between `low` and `high` they overlap evenly.
    """
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    squeeze = min(1.0, (high - low) / max(sum(heights), 1e-9))
    sizes = [heights[n] * squeeze for n in order]
    placed: list[float] = []
    floor = low
    for size, n in zip(sizes, order, strict=True):
        centre = max(wanted[n], floor + size / 2)
        placed.append(centre)
        floor = centre + size / 2
    ceiling = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], ceiling - sizes[place] / 2)
        ceiling = placed[place] - sizes[place] / 2
    result = [0.0] * len(wanted)
    for place, n in enumerate(order):
        result[n] = placed[place]
    return result


def label_ends(ax: Axes, ends: Sequence[tuple[float, float, str, str]], *, width: int = 16) -> None:
    """Write labels right of the axes, each beside the end of its line.

    Parameters
    ----------
    ax : Axes
        With its limits set; the room right of it is made by the figure's layout.
    ends : sequence of (x, y, label, color)
        In data units.
    width : int
        Letters in a line of a label.
    """
    if not ends:
        return
    low, high = ax.get_ylim()
    height_points = figure_inches(ax)[1] * ax.get_position().height * 72.0
    labels = [wrap_label(label, width) for _, _, label, _ in ends]
    heights = [(SMALL if len(ends) > 8 else TEXT) * 1.3 * (1 + text.count("\n")) / height_points for text in labels]
    wanted = [(y - low) / (high - low) for _, y, _, _ in ends]
    centres = spread_apart(wanted, heights, 0.0, 1.0)
    right = ax.get_xlim()[1]
    for (x, y, _, color), text, centre in zip(ends, labels, centres, strict=True):
        at = low + centre * (high - low)
        ax.plot([x, right + 0.012 * right], [y, at], color=color, linewidth=0.7, alpha=0.7, clip_on=False, zorder=1)
        write(
            ax, right + 0.02 * right, at, text, color=color, va="center", ha="left", fontweight="bold", linespacing=1.05
        )
