"""The picture of robustness: where the draws of each setting lie, beside the map that holds assumptions fixed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from capsim.figures.canvas import SMALL, TEXT, new_figure, save_svg, style_axes
from capsim.figures.palette import INK, MUTED
from experiments.robustness_draws import HEADLINE, SETTINGS, TIERS, difference

COLOR = "#1d5f8a"
_READ, _WEIGHT = "follow_up_end", "districts"


def draw(found: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write the picture as SVG; the same draws give the same bytes."""
    rows = {pair: [name for name, one in SETTINGS.items() if pair in one.pairs] for pair in (HEADLINE, TIERS)}
    heights = [len(names) + 1.2 for names in rows.values()]
    figure = new_figure(7.6, 0.42 * sum(heights) + 1.0)
    axes = figure.subplots(len(rows), 1, height_ratios=heights)
    for ax, (pair, names) in zip(axes, rows.items(), strict=True):
        _strips(ax, {name: difference(found[name], pair, _WEIGHT, _READ) for name in names})
        first, second = (name.replace("_", " ") for name in pair)
        ax.set_title(f"{first.capitalize()} minus {second}, five years on", fontsize=TEXT, color=INK, loc="left")
        ax.locator_params(axis="x", nbins=6)
    axes[-1].set_xlabel("difference in use of practices, districts alike: line 5 to 95% of draws, bar the middle half")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_svg(figure, path)


def _strips(ax: Axes, draws: Mapping[str, pd.Series]) -> None:
    style_axes(ax, grid="x")
    places = np.arange(len(draws))[::-1]
    for place, own in zip(places, draws.values(), strict=True):
        low, left, middle, right, high = np.quantile(own, (0.05, 0.25, 0.5, 0.75, 0.95))
        ax.plot([low, high], [place, place], color=COLOR, linewidth=1.2)
        ax.plot([left, right], [place, place], color=COLOR, linewidth=7.0, alpha=0.35, solid_capstyle="butt")
        ax.plot(middle, place, "o", color=COLOR, markersize=5)
        share = f"{100.0 * (own > 0.0).mean():.0f}% of {len(own):,} draws above 0"
        ax.annotate(share, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=SMALL, color=MUTED)
    ax.axvline(0.0, color=INK, linewidth=1.0)
    ax.set_yticks(places, [_short(SETTINGS[name].title) for name in draws], fontsize=SMALL)
    ax.set_ylim(-0.6, len(draws) - 0.4)


def _short(title: str) -> str:
    return title.replace("everything drawn, ", "all drawn, ").replace("log-uniform in the yearly loss", "log-uniform")
