"""The figure of contributions: a bar for each pathway and their sum, on the right sides of zero."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from capsim.analyses.explain import explain
from capsim.figures.canvas import inline_svg
from capsim.figures.differences import plot_contributions
from capsim.figures.palette import strategy_styles

PATHWAYS = {"person-held skill": -0.03, "routines": 0.02, "": -0.01}


def table(*, drawn: bool = False) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "assumptions": name,
                "pathway": pathway,
                "contribution": value,
                "low": value - 0.004,
                "high": value + 0.004,
            }
            for name in (["default", "drawn"] if drawn else ["default"])
            for pathway, value in PATHWAYS.items()
        ]
    )


def plotted(frame, **options):
    return plot_contributions(frame, first="organization_focused", second="individual_focused", **options)


def test_a_bar_for_each_pathway_in_the_color_of_whom_it_helps():
    ax = plotted(table())
    styles = strategy_styles(["organization_focused", "individual_focused"])
    bars = ax.patches
    assert [bar.get_width() for bar in bars] == pytest.approx(list(PATHWAYS.values()))
    helped = ["individual_focused", "organization_focused", "individual_focused"]
    from matplotlib.colors import to_hex

    assert [to_hex(bar.get_facecolor()[:3]) for bar in bars] == [styles[name].color for name in helped]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Person-held skill", "Routines", "All together"]
    assert {text.get_text() for text in ax.texts} >= {"−0.0300", "+0.0200", "−0.0100"}
    assert ax.get_xlim()[0] < -0.034
    assert ax.get_xlim()[1] > 0.024


def test_intervals_are_drawn_and_drawn_assumptions_apart():
    spans = [tuple(line.get_xdata()) for line in plotted(table(drawn=True)).lines if len(line.get_xdata()) == 2]
    for value in PATHWAYS.values():
        wanted = (pytest.approx(value - 0.004), pytest.approx(value + 0.004))
        assert spans.count(wanted) == 2
    assert len(plotted(table(drawn=True)).patches) == 3


def test_undefined_and_zero_are_drawn_without_fuss():
    frame = table()
    frame[["low", "high"]] = np.nan
    assert len(plotted(frame).patches) == 3
    frame["contribution"] = 0.0
    low, high = plotted(frame).get_xlim()
    assert low < 0.0 < high
    frame["contribution"] = np.nan
    assert not plotted(frame).patches


def test_names_are_taken_as_they_are():
    ax = plot_contributions(table(), first="_own $x$ <b> 学", second="none")
    svg = inline_svg(ax.figure, name="why", title="why")
    ElementTree.fromstring(svg.replace("xlink:href", "href"))
    assert "$x$" in svg


def test_an_explanation_draws_itself():
    result = explain("classroom", "organization_focused", "individual_focused", replications=2, uncertainty="assumed")
    ax = result.plot()
    assert len(ax.patches) == 7
    total = result.total.estimate
    assert ax.patches[-1].get_width() == pytest.approx(total, abs=1e-12)
    assert plotted(table(), ax=ax) is ax
