"""Figures from plain tables: the right marks, no global state, names taken as they are."""

from __future__ import annotations

import itertools
import re
import sys
import xml.etree.ElementTree as ElementTree
from functools import partial

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from capsim.figures.analyses import plot_assumptions, plot_break_even
from capsim.figures.canvas import inline_svg, new_figure, spread_apart
from capsim.figures.course import bands, plot_trajectories
from capsim.figures.delivery import activity_colors, plot_chain, plot_plan, plot_status
from capsim.figures.differences import plot_capacities, plot_differences, plot_pairs
from capsim.figures.palette import COLORS, css_variables, strategy_label, strategy_styles, themed, wrap_label

STRATEGIES = ["none", "individual_focused", "organization_focused", "_own $x$ <b> 学"]
MONTHS = 24


@pytest.fixture
def monthly() -> pd.DataFrame:
    """Use rises by 0.01 a month and place of the strategy; replicates differ by 0.1."""
    rows = [
        {
            "strategy": s,
            "replicate": r,
            "assumptions": "default",
            "month": m,
            "level": level,
            "use": 0.1 * r + 0.01 * n * m,
        }
        for n, s in enumerate(STRATEGIES)
        for r in range(3)
        for m in range(1, MONTHS + 1)
        for level in ("lea", "sea")
    ]
    return pd.DataFrame(rows)


def curves(ax: Axes) -> list[str]:
    """Labels of the lines with a value for every month."""
    return [str(line.get_label()) for line in ax.lines if len(np.atleast_1d(line.get_xdata())) == MONTHS]


def test_trajectories_have_a_line_and_a_band_for_each_strategy(monthly: pd.DataFrame) -> None:
    ax = plot_trajectories(monthly, assistance_months=12)
    assert curves(ax) == ["No assistance", "Individual-focused", "Organization-focused", STRATEGIES[3]]
    assert len(ax.collections) == 4
    assert ax.get_xlim() == (0.0, 2.0)
    assert {"years of assistance", "after it has ended"} <= {text.get_text() for text in ax.texts}


def test_gains_leave_the_baseline_out(monthly: pd.DataFrame) -> None:
    assert len(curves(plot_trajectories(monthly, baseline="none", assistance_months=12))) == 3


def test_bands_are_of_paired_gains(monthly: pd.DataFrame) -> None:
    level = bands(monthly)["individual_focused"]
    gain = bands(monthly, baseline="none")["individual_focused"]
    np.testing.assert_allclose(level.high - level.low, 0.2)
    np.testing.assert_allclose(gain.high - gain.low, 0.0, atol=1e-12)
    np.testing.assert_allclose(gain.mean, 0.12 * gain.years)


def test_nothing_to_show_is_said() -> None:
    for plot in (plot_trajectories, partial(plot_trajectories, baseline="none")):
        assert "No finished runs" in plot(pd.DataFrame(), assistance_months=12).texts[0].get_text()


def differences(drawn: bool) -> pd.DataFrame:
    rows = []
    for first, second in (("organization_focused", "individual_focused"), ("individual_focused", "none")):
        for assumptions in ("default", "drawn")[: 1 + drawn]:
            rows.append(
                {
                    "first": first,
                    "second": second,
                    "assumptions": assumptions,
                    "difference": 0.01,
                    "low": 0.005,
                    "high": 0.015,
                    "median": 0.01,
                    "range_low": -0.01,
                    "range_high": 0.03,
                }
            )
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("drawn", "lines"), [(False, 2), (True, 4)])
def test_differences_draw_both_intervals(drawn: bool, lines: int) -> None:
    ax = plot_differences(differences(drawn))
    marks = 2 * lines + 1
    assert len(ax.lines) == marks
    assert next(label.get_text() for label in ax.get_yticklabels()) == "Organization-focused\nvs. individual-focused"
    assert ax.get_xlim()[0] < 0.0 < ax.get_xlim()[1]


def test_undefined_differences_are_said() -> None:
    table = differences(True)
    table.loc[table["second"] == "none", ["difference", "low", "high", "median", "range_low", "range_high"]] = np.nan
    assert "no finished pair" in {text.get_text() for text in plot_differences(table).texts}


def test_pairs_are_dots() -> None:
    table = pd.DataFrame({"assumptions": ["default"] * 5 + ["drawn"] * 3, "difference": np.linspace(-0.01, 0.02, 8)})
    ax = plot_pairs(table, first="organization_focused", second="individual_focused")
    assert [len(dots.get_offsets()) for dots in ax.collections] == [5, 3]
    assert "Individual-focused better" in ax.texts[0].get_text().replace("\n", " ")
    vacancy = plot_pairs(table, first="organization_focused", second="individual_focused", more_is_better=False)
    assert "worse" in vacancy.texts[0].get_text()


def test_capacities_draw_every_strategy_in_every_row() -> None:
    figures = {"estimate": 0.1, "low": 0.0, "high": 0.2, "middle": 0.1, "range_low": -0.1, "range_high": 0.3}
    table = pd.DataFrame([{"capacity": c, "strategy": s, **figures} for c in ("a", "b") for s in STRATEGIES[1:]])
    ax = plot_capacities(table)
    assert len(ax.lines) == 2 * 3 * 4 + 1


def test_assumptions_beyond_chance_are_colored() -> None:
    table = pd.DataFrame({"parameter": ["a_b", "c"], "correlation": [0.8, -0.5]})
    words = {"a_b": "a b", "c": "c"}
    ax = plot_assumptions(table, 0.4, first="organization_focused", second="individual_focused", labels=words)
    styles = strategy_styles(["organization_focused", "individual_focused"])
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [dot.get_color() for dot in dots] == [
        styles["organization_focused"].color,
        styles["individual_focused"].color,
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a b", "c"]


@pytest.mark.parametrize("found", [0, 2])
def test_break_even_marks_every_crossing(found: int) -> None:
    value = np.linspace(0.0, 1.0, 9)
    mean = np.cos(value * 6.0)
    curve = pd.DataFrame({"value": value, "estimate": mean, "low": mean - 0.1, "high": mean + 0.1})
    crossings = pd.DataFrame({"estimate": [0.26, 0.78], "low": [0.2, np.nan], "high": [0.3, np.nan]}).head(found)
    ax = plot_break_even(curve, crossings, parameter="Exit", first="a", second="b", used=0.5)
    assert len(ax.lines) == 3 + found


def test_svg_is_text_without_references(monthly: pd.DataFrame) -> None:
    ax = plot_trajectories(monthly, assistance_months=12)
    svg = inline_svg(ax.figure, name="one", title='A "title" <b>')
    root = ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "No assistance" in texts
    assert any("$x$" in text for text in texts)
    assert root.get("aria-label") == 'A "title" <b>'
    assert "http" not in svg
    assert "font-family" not in svg
    assert "<style" not in svg
    assert not re.search("#[0-9a-f]{6}", svg), "every color has a name, and so another value on a dark page"
    assert all(element.get("id", "one-").startswith("one-") for element in root.iter())


def test_figures_leave_no_trace_in_pyplot(monthly: pd.DataFrame) -> None:
    before = "matplotlib.pyplot" in sys.modules
    plot_trajectories(monthly, assistance_months=12)
    assert ("matplotlib.pyplot" in sys.modules) == before


def test_looks_do_not_depend_on_the_company() -> None:
    alone, together = strategy_styles(["blended"]), strategy_styles(["none", "individual_focused", "blended", "mine"])
    assert alone["blended"] == together["blended"]
    assert len({style.color for style in together.values()}) == 4
    many = strategy_styles([f"own {n}" for n in range(12)])
    assert len({(style.color, style.dash) for style in many.values()}) == 12
    assert strategy_label("My plan\u0007") == "My plan "


def test_labels_are_moved_apart_and_shortened() -> None:
    placed = spread_apart([0.5, 0.51, 0.0], [0.1, 0.1, 0.1], 0.0, 1.0)
    assert placed[2] >= 0.05
    assert placed[1] - placed[0] >= 0.1 - 1e-9
    crowded = spread_apart([0.5] * 20, [0.1] * 20, 0.0, 1.0)
    assert min(crowded) >= 0.0
    assert max(crowded) <= 1.0
    assert wrap_label("word " * 30, 12).count("\n") == 1
    assert wrap_label("word " * 30, 12).endswith("…")


def test_quiet_strategies_stay_in_the_background(monthly: pd.DataFrame) -> None:
    ax = plot_trajectories(monthly, assistance_months=12, quiet={STRATEGIES[3]})
    assert len(curves(ax)) == 4
    assert len(ax.collections) == 3, "no band"
    names = [text.get_text() for text in ax.texts]
    assert any(name.startswith("_own") for name in names), "the highest line has a name in any case"
    ax = plot_trajectories(monthly, baseline="none", assistance_months=12, quiet={"individual_focused"})
    assert not any("Individual" in text.get_text() for text in ax.texts)
    figures = {"estimate": 0.1, "low": 0.0, "high": 0.2, "middle": 0.1, "range_low": -0.1, "range_high": 0.3}
    table = pd.DataFrame([{"capacity": "a", "strategy": s, **figures} for s in STRATEGIES[1:]])
    assert len(plot_capacities(table, quiet={STRATEGIES[3]}).lines) == 2 * 4 + 1 + 1


def test_chain_has_three_bars_for_every_link() -> None:
    table = pd.DataFrame(
        {
            "strategy": ["blended", STRATEGIES[3]],
            "link": ["consultants to districts"] * 2,
            "delivered": [1000.0, 10.0],
            "received": [620.0, 9.5],
            "used": [250.0, 0.0],
        }
    )
    ax = plot_chain(table)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([1.0, 0.62, 0.25, 1.0, 0.95, 0.0])
    said = {text.get_text() for text in ax.texts}
    assert {"1,000 hours offered", "62% landed", "25% used", "95% landed", "0% used"} <= said
    assert "Blended\nconsultants to districts" in said


def test_status_names_its_areas_and_the_truth() -> None:
    table = pd.DataFrame({"month": range(1, 13), "red": 0.5, "amber": 0.48, "green": 0.02, "use": 0.3})
    ax = plot_status(table, heading="A: districts")
    assert {text.get_text() for text in ax.texts} == {"red", "amber", "true use", "A: districts"}
    assert ax.get_ylim() == (0.0, 1.0)
    one = pd.DataFrame({"month": [1], "red": 0.5, "amber": 0.3, "green": 0.2, "use": 0.3})
    assert plot_status(one).get_xlim()[0] == pytest.approx(1 / 12)


def test_plan_stacks_hours_by_quarter() -> None:
    plan = pd.DataFrame(
        {
            "quarter": [1, 1, 3],
            "activity": ["training", "coaching", "coaching"],
            "hours": [10.0, 5.0, 7.0],
        }
    )
    ax = plot_plan(plan)
    heights = [bar.get_height() for bar in ax.patches]
    assert heights == [10.0, 0.0, 0.0, 5.0, 0.0, 7.0]
    assert [bar.get_y() for bar in ax.patches][3] == 10.0
    assert len(activity_colors(f"a{n}" for n in range(12))) == 12


LONG = "A plan whose name was pasted from a project proposal and is far too long for any figure"


@pytest.mark.parametrize("width", [3.9, 7.6])
def test_a_long_heading_leaves_room_for_the_bars(width: float, recwarn: pytest.WarningsRecorder) -> None:
    plan = pd.DataFrame({"quarter": range(1, 9), "activity": "coaching", "hours": 10.0})
    figure = new_figure(width, 2.9)
    panels = figure.subplots(1, 2 if width > 6.0 else 1, squeeze=False).ravel()
    for ax in panels:
        plot_plan(plan, heading=LONG, ax=ax)
    inline_svg(figure, name="plan", title="Plan")
    assert not recwarn.list
    assert sum(ax.get_position().width for ax in panels) > 0.6
    assert max(len(line) for line in panels[0].texts[0].get_text().split("\n")) <= 40


def test_a_picture_without_room_is_drawn_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    figure = new_figure(0.6, 0.6)
    plot_plan(pd.DataFrame({"quarter": [1], "activity": "coaching", "hours": 1.0}), heading=LONG, ax=figure.subplots())
    inline_svg(figure, name="plan", title="Plan")
    assert not recwarn.list


def luminance(color: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2 defines it."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT = ("ink", "muted", "accent", "baseline", "blue", "orange", "green", "purple", "olive", "indigo", "red", "brown")


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_text_and_marks_stand_out_from_the_page(side: int) -> None:
    paper, wash = COLORS["paper"][side], COLORS["wash"][side]
    assert {name: found for name in TEXT if (found := contrast(COLORS[name][side], paper)) < 4.5} == {}
    assert contrast(COLORS["muted"][side], wash) > 4.5
    assert contrast(COLORS["ink"][side], COLORS["notice"][side]) > 7.0
    assert contrast(COLORS["teal"][side], paper) > 3.0
    for name in ("status-red", "status-amber", "status-green"):
        assert contrast(COLORS[name][side], COLORS["ink"][side]) > 2.0


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_colors_of_strategies_can_be_told_apart(side: int) -> None:
    hues = ("blue", "orange", "green", "purple", "olive", "indigo", "red", "teal", "brown", "baseline")
    rgb = {name: np.array([int(COLORS[name][side][p : p + 2], 16) for p in (1, 3, 5)]) for name in hues}
    for one, other in itertools.combinations(hues, 2):
        assert np.linalg.norm(rgb[one] - rgb[other]) > 45.0, (one, other)


def test_colors_have_names_and_each_name_two_values() -> None:
    lights = [light for light, _ in COLORS.values()]
    assert len(set(lights)) == len(lights)
    assert all(f"--{name}: {light}" in css_variables() for name, (light, _) in COLORS.items())
    assert themed("fill: #0072b2; stroke: #123456") == "fill: var(--blue); stroke: #123456"
