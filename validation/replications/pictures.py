"""Pictures of the replications: lines of what was run, circles where values were published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capsim.figures.canvas import SMALL, TEXT, add_legend, new_figure, save_svg, style_axes
from capsim.figures.palette import HUES, INK, MUTED
from validation.replications.claims import NORMAL_95
from validation.replications.march_figures import FAST, FIGURES, SLOW
from validation.replications.march_published import average_rate, published
from validation.replications.other_claims import HALF
from validation.replications.readings import DEFAULT, READINGS
from validation.replications.routines import EVENTS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Line = tuple[str, pd.DataFrame, str]
"""Label, rows with x, mean and sd, and color."""


def draw_all(results: Mapping[str, Any], folder: Path) -> None:
    """Write every picture of the page; the same numbers give the same bytes."""
    folder.mkdir(exist_ok=True)
    runs = results["runs"]
    tables = {int(n): pd.DataFrame(columns) for n, columns in results["march"][DEFAULT]["tables"].items()}
    for number, table in tables.items():
        save_svg(_march(number, table, runs), folder / f"replications_march_{number}.svg")
    save_svg(_readings(results["march"], runs), folder / "replications_march_readings.svg")
    for name, draw in (("rao", _rao), ("carley", _carley), ("routines", _routines)):
        save_svg(draw(pd.DataFrame(results[name]["table"]), runs), folder / f"replications_{name}.svg")


def _lines(ax: Axes, lines: Iterable[Line], x: str, runs: int) -> None:
    """Means with their 95% intervals."""
    style_axes(ax)
    for label, rows, color in lines:
        half = NORMAL_95 * rows["sd"] / np.sqrt(runs)
        ax.fill_between(rows[x], rows["mean"] - half, rows["mean"] + half, color=color, alpha=0.2, linewidth=0)
        ax.plot(rows[x], rows["mean"], color=color, linewidth=1.6, label=label)


def _march(number: int, table: pd.DataFrame, runs: int) -> Figure:
    figure = new_figure(6.4, 3.8)
    ax = figure.add_subplot()
    lines = list(_march_lines(number, table))
    _lines(ax, lines, "p1", runs)
    for _, rows, color in lines:
        _circles(ax, rows, published(number), color)
    if published(number):
        ax.plot([], [], "o", markerfacecolor="white", markeredgecolor=MUTED, label="published")
    ax.set_xlabel(FIGURES[number].p1)
    ax.set_ylabel("knowledge" if number == 3 else "knowledge of the code")
    ax.set_title(f"March (1991), figure {number}: {FIGURES[number].title}", fontsize=TEXT, color=INK, loc="left")
    _legend_below(figure)
    return figure


def _legend_below(figure: Figure) -> None:
    """One legend for all axes of a figure, where it hides nothing."""
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=SMALL, labelcolor=INK)


def _circles(ax: Axes, rows: pd.DataFrame, values: Mapping[tuple[float, float, str], float], color: str) -> None:
    keys = [key for key in rows[["p1", "p2", "quantity"]].itertuples(index=False, name=None) if key in values]
    at = [key[0] for key in keys]
    ax.plot(at, [values[key] for key in keys], "o", markersize=5, markerfacecolor="white", markeredgecolor=color)


def _march_lines(number: int, table: pd.DataFrame) -> Iterable[Line]:
    """The lines of a figure of March's."""
    code = table[table["quantity"] == "code"]
    people = table[table["quantity"] == "individuals"]
    if number == 3:
        everybody = people[people["p2"].round(9) == people["p1"].map(average_rate).round(9)]
        inside = people[(people["p1"] > 0.0) & (people["p1"] < 1.0)]
        yield "code", code, HUES[0]
        yield "fast learners (p1 = 0.9)", inside[inside["p2"] == FAST], HUES[1]
        yield "average individual", everybody, HUES[2]
        yield "slow learners (p1 = 0.1)", inside[inside["p2"] == SLOW], HUES[3]
        return
    words = {1: "p2 = {:g}", 2: "", 4: "p1 = {:g}", 5: "p3 = {:g}"}[number]
    for place, value in enumerate(sorted(table["p2"].unique())):
        label = ("mixed" if value else "all alike") if number == 2 else words.format(value)
        yield label, code[code["p2"] == value].sort_values("p1"), HUES[place]


def _readings(march: Mapping[str, Any], runs: int) -> Figure:
    """Figure 1 under every reading; when a period is measured does not move it."""
    names = [name for name in READINGS if not name.startswith("measured_")]
    figure = new_figure(8.4, 5.0)
    axes = figure.subplots(2, 3, sharex=True, sharey=True).ravel()
    for ax, name in zip(axes, names, strict=True):
        lines = list(_march_lines(1, pd.DataFrame(march[name]["tables"]["1"])))
        _lines(ax, lines, "p1", runs)
        for _, rows, color in lines:
            _circles(ax, rows, published(1), color)
        ax.set_title(f"reading: {name}", fontsize=TEXT, color=INK, loc="left")
    axes[0].legend(frameon=False, fontsize=SMALL, loc="lower left", labelcolor=INK)
    for ax in axes[3:]:
        ax.set_xlabel("socialization rate p1")
    for ax in axes[::3]:
        ax.set_ylabel("knowledge at equilibrium")
    return figure


def _rao(table: pd.DataFrame, runs: int) -> Figure:
    figure = new_figure(6.4, 3.6)
    ax = figure.add_subplot()
    shown = table[table["embedded"] == HALF]
    groups = shown.groupby("condition", sort=False)
    _lines(ax, ((str(name), rows, HUES[n]) for n, (name, rows) in enumerate(groups)), "trial", runs)
    ax.set_xticks(sorted(shown["trial"].unique()))
    ax.set_xlabel("trial")
    ax.set_ylabel("output")
    ax.set_title(f"After Rao and Argote (2006); embedded {HALF:g}", fontsize=TEXT, color=INK, loc="left")
    add_legend(ax)
    return figure


def _carley(table: pd.DataFrame, runs: int) -> Figure:
    figure = new_figure(7.8, 3.6)
    tasks = list(table["task"].unique())
    for ax, task in zip(figure.subplots(1, len(tasks), sharey=True), tasks, strict=True):
        groups = table[table["task"] == task].groupby("structure", sort=False)
        steps = sorted(table["exits"].unique())
        lines = [(str(name), rows.assign(step=range(len(steps))), HUES[n]) for n, (name, rows) in enumerate(groups)]
        _lines(ax, lines, "step", runs)
        ax.set_xticks(range(len(steps)), [f"{value:g}" for value in steps])
        ax.set_xlabel("chance of leaving between two problems")
        ax.set_title(f"task: {task}", fontsize=TEXT, color=INK, loc="left")
    figure.axes[0].set_ylabel("share of right answers")
    add_legend(figure.axes[0])
    return figure


def _routines(table: pd.DataFrame, runs: int) -> Figure:
    figure = new_figure(9.0, 3.8)
    for ax, event in zip(figure.subplots(1, len(EVENTS), sharey=True), EVENTS, strict=True):
        groups = table[table["event"] == event].groupby("memory", sort=False)
        _lines(ax, ((str(name), rows, HUES[n]) for n, (name, rows) in enumerate(groups)), "problem", runs)
        ax.set_xlabel("problem")
        ax.set_title(f"half-way: {event}", fontsize=TEXT, color=INK, loc="left")
    figure.axes[0].set_ylabel("steps to solve a problem")
    _legend_below(figure)
    return figure
