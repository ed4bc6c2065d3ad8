"""The picture of an experiment: the difference along a factor, or a map over two."""

from __future__ import annotations

import math
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from capsim.figures.canvas import SMALL, TEXT, new_figure, save_svg, style_axes
from capsim.figures.palette import INK, MUTED
from capsim.parameters import PARAMETERS
from experiments.question import Question

MOST_ACROSS = 2
"""Maps side by side."""
COLORS = ("#1d5f8a", "#b3541e", "#3f7d3a", "#7a4b8c")


def draw(found: dict[str, Any], question: Question, path: Path) -> None:
    """Write the picture as SVG; the same numbers give the same bytes."""
    pairs = found["pairs"]
    if question.across:
        across = len(pairs) // len(question.pairs) if question.panels else min(len(pairs), MOST_ACROSS)
        down = math.ceil(len(pairs) / across)
        figure = new_figure(4.6 * across + 0.6, 4.0 * down)
        axes = figure.subplots(down, across, squeeze=False).ravel()
        for ax, pair in zip(axes, pairs, strict=False):
            _map(ax, pair, question.asked(pair), question)
        for ax in axes[len(pairs) :]:
            ax.set_axis_off()
    else:
        figure = new_figure(7.6, 0.4 + 2.5 * len(pairs))
        axes = figure.subplots(len(pairs), 1, squeeze=False, sharex=True)[:, 0]
        for place, (ax, pair) in enumerate(zip(axes, pairs, strict=True)):
            _line(ax, pair, question.asked(pair), question, COLORS[place % len(COLORS)])
        axes[-1].set_xlabel(_axis(question, question.along))
    save_svg(figure, path)


def _axis(question: Question, factor: str) -> str:
    unit = PARAMETERS[factor].unit if factor in PARAMETERS else "TA hours a year"
    return question.word(factor) + ("" if unit == "1" else f" ({unit})")


def _line(ax: Axes, pair: dict[str, Any], asks: str, question: Question, color: str) -> None:
    style_axes(ax)
    points = pair["points"]
    x = np.array([point[question.along] for point in points])
    mean, low, high = (np.array([point[key] for point in points]) for key in ("difference", "low", "high"))
    ax.fill_between(x, low, high, color=color, alpha=0.18, linewidth=0)
    ax.plot(x, mean, color=color, linewidth=1.8, marker="o", markersize=4)
    ax.axhline(0.0, color=INK, linewidth=1.0)
    for zero in pair["flips"][0]["at"]:
        ax.axvline(zero, color="#8a6a00", linewidth=1.2, linestyle=":")
        ax.annotate(f"flips at {zero:.3g}", (zero, ax.get_ylim()[1]), fontsize=SMALL, color="#8a6a00", va="top")
    ax.set_title(asks, fontsize=TEXT, color=INK, loc="left")
    ax.set_ylabel(f"difference in {_measure(pair['outcome'])}\nabove 0: {question.word(pair['first'])}", fontsize=SMALL)


def _measure(outcome: str) -> str:
    return outcome.removesuffix("_follow_up_end").removesuffix("_assistance_end").replace("_", " ")


def _map(ax: Axes, pair: dict[str, Any], asks: str, question: Question) -> None:
    points = pair["points"]
    xs = sorted({point[question.along] for point in points})
    ys = sorted({point[question.across] for point in points})
    table = np.full((len(ys), len(xs)), np.nan)
    most = max(1e-9, *(abs(point["difference"]) for point in points))
    image = ax.imshow(
        _fill(table, points, xs, ys, question),
        origin="lower",
        aspect="auto",
        cmap="PuOr_r",
        norm=TwoSlopeNorm(0.0, -most, most),
    )
    for point in points:
        x, y = xs.index(point[question.along]), ys.index(point[question.across])
        undecided = point["ahead"] == "undecided"
        if undecided:
            ax.add_patch(_hatched(x, y))
        shade = abs(point["difference"]) / most
        text = f"{point['difference']:+.{3 if most >= 0.01 else 4}f}".replace("-", "\u2212")
        ax.text(x, y, text, ha="center", va="center", fontsize=SMALL, color="white" if shade > 0.65 else INK)
    ax.set_xticks(range(len(xs)), [f"{value:g}" for value in xs], fontsize=SMALL)
    ax.set_yticks(range(len(ys)), [f"{value:g}" for value in ys], fontsize=SMALL)
    ax.set_xlabel(_axis(question, question.along), fontsize=SMALL, color=MUTED)
    ax.set_ylabel(_axis(question, question.across), fontsize=SMALL, color=MUTED)
    ax.set_title(f"{textwrap.fill(asks, 52)}\nhatched: undecided", fontsize=TEXT, color=INK, loc="left")
    bar = ax.get_figure().colorbar(image, ax=ax, shrink=0.85)  # type: ignore[union-attr]
    bar.ax.tick_params(labelsize=SMALL)
    bar.set_label(textwrap.fill(f"above 0: {question.word(pair['first'])}", 28), fontsize=SMALL)


def _fill(table: Any, points: Any, xs: Any, ys: Any, question: Question) -> Any:
    for point in points:
        table[ys.index(point[question.across]), xs.index(point[question.along])] = point["difference"]
    assert not math.isnan(float(np.nanmax(table)))
    return table


def _hatched(x: int, y: int) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="#00000055", linewidth=0)
