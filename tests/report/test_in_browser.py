"""The report in a real browser: nothing asked of the network, nothing wrong on the console, no sideways scrolling; and
its sliders, which show what is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from capsim.comparison.compare import compare_scenarios
from capsim.comparison.comparison import Comparison, Several
from capsim.report import write_report
from capsim.report.plain import signed, span
from capsim.report.several import render_several
from capsim.scenario import load_scenario, scenario_from_mapping
from tests.browser import needed, needs_chromium

from .conftest import QUICK

pytestmark = needs_chromium
PLANS = ["organization_focused", "individual_focused", "blended"]


@contextmanager
def opened(browser: Any, page: Path, width: int) -> Iterator[Any]:
    """A page that asks for nothing but itself, says nothing on the console, and is no wider than the window."""
    tab = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri(), wait_until="networkidle")
    yield tab
    assert said == []
    assert asked == [page.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.close()


@pytest.mark.parametrize("width", [1280, 400])
def test_opens_offline_and_fits(browser: Any, written: Path, width: int) -> None:
    with opened(browser, written, width) as tab:
        sections = tab.locator("details.folded")
        assert sections.count() >= 10
        for n in range(sections.count()):
            assert not sections.nth(n).locator("> section").is_visible()
            sections.nth(n).locator("> summary").click()
            assert sections.nth(n).locator("> section").is_visible()
        figures = tab.locator("figure svg")
        assert figures.count() >= 5
        shown = [figures.nth(n).bounding_box() for n in range(figures.count()) if figures.nth(n).is_visible()]
        assert len(shown) >= 5
        assert all(box["width"] > 250 for box in shown)
        folds = tab.locator("details:not(.folded)")
        assert folds.count() >= 5
        for n in range(folds.count()):
            folded = folds.nth(n).locator("dl, table, pre, figure").first
            assert not folded.is_visible()
            folds.nth(n).locator("summary").click()
            assert folded.is_visible()


@pytest.fixture(scope="module")
def ladder(looked: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with other budgets and a break-even."""
    return write_report(looked, tmp_path_factory.mktemp("ladder") / "report.html")


@pytest.fixture(scope="module")
def varied() -> Several:
    """The classroom at every combination of two values of two quantities."""
    scenario = scenario_from_mapping({**load_scenario("classroom").resolved(), **QUICK})
    vary = {"lea_annual_exit": [0.4, 0.05], "budget_hours_per_year": [400, 1600]}
    return compare_scenarios([scenario], vary=vary, replications=2, uncertainty="none", strategies=PLANS)


@pytest.fixture(scope="module")
def many(varied: Several, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page over all of them."""
    path = tmp_path_factory.mktemp("many") / "report.html"
    path.write_text(render_several(varied), encoding="utf-8")
    return path


def cells(panel: Any) -> list[list[str]]:
    """Gain and interval of each row of a panel."""
    rows = panel.locator("tbody tr").all()
    return [row.locator("td").all_text_contents()[:2] for row in rows]


@pytest.mark.parametrize("width", [1280, 400])
def test_the_budget_moves_the_plans_to_what_is_stored(browser: Any, looked: Comparison, ladder: Path, width: int):
    with opened(browser, ladder, width) as tab:
        panel = tab.locator("#ladder .sliding")
        slider = panel.get_by_role("slider", name="Budget a year")
        drawing = panel.locator("figure svg")
        table = looked.by_budget().sort_values("gain", ascending=False)
        seen = []
        for key, rung, amount in (("End", 2.0, "3,200"), ("ArrowLeft", 1.0, "1,600"), ("Home", 0.25, "400")):
            slider.press(key)
            assert slider.get_attribute("aria-valuetext") == f"{amount} hours"
            own = table[table["budget"] == rung].to_dict("records")
            assert cells(panel) == [[signed(row["gain"]), span(row["low"], row["high"])] for row in own]
            said = panel.locator(".said").inner_text()
            assert said.startswith(f"With {amount} hours a year")
            assert signed(own[0]["gain"]) in said
            assert drawing.get_attribute("aria-label") == said
            seen.append(drawing.inner_html())
        assert len(set(seen)) == 3
        assert drawing.locator("path.spot").count() == 4 * len(own)


def test_all_plans_fit_beside_each_other(browser: Any, ladder: Path, tmp_path: Path) -> None:
    text = ladder.read_text(encoding="utf-8")
    longest = {
        "Gain": '+0.002 <span class="range short">−0.019 to +0.012</span>',
        "Dollars": "$100.5M",
        "Per $1M": "+0.00002",
        "Staff hours": "718,659",
        "Leaves behind": "small, sparse",
        "Verdict": "practically equal",
    }
    for name, words in longest.items():
        text = re.sub(rf'(<td data-label="{re.escape(name)}">).*?(?=</td>)', rf"\g<1>{words}", text)
    text = re.sub(r"(?<=</span>)&lt;script.*?(?=</th>)", "State support teams", text)
    page = tmp_path / "long.html"
    page.write_text(text, encoding="utf-8")
    with opened(browser, page, 1280) as tab:
        table = tab.locator(".answer .table").first
        assert "practically equal" in table.inner_text()
        assert table.evaluate("one => one.scrollWidth - one.clientWidth") <= 0


def test_long_places_of_a_slider_stay_within_the_drawing(browser: Any, ladder: Path, tmp_path: Path):
    page = tmp_path / "wordy.html"
    page.write_text(ladder.read_text(encoding="utf-8").replace("3,200 hours", "$3,200.00 million"), encoding="utf-8")
    with opened(browser, page, 1280) as tab:
        drawing = tab.locator("#ladder .sliding figure svg")
        assert "million" in drawing.text_content()
        (left, right), *texts = drawing.evaluate(
            "svg => [svg, ...svg.querySelectorAll('text')].map((one) => one.getBoundingClientRect())"
            ".map((box) => [box.left, box.right])"
        )
        assert all(left <= begin and end <= right for begin, end in texts)


def test_a_break_even_has_a_slider_of_its_own(browser: Any, looked: Comparison, ladder: Path):
    with opened(browser, ladder, 1280) as tab:
        (found,) = looked.break_even
        panel = tab.locator("#break-even .sliding")
        assert not panel.is_visible()
        tab.get_by_role("link", name="Where it turns").click()
        panel.get_by_role("slider", name="District office staff who leave in a year").press("End")
        last = found.differences[-1]
        assert cells(panel) == [[signed(last.estimate), span(last.low, last.high)]]
        assert "%" in panel.locator("output").inner_text()


@pytest.mark.parametrize("width", [1280, 400])
def test_everything_that_was_varied_has_a_slider(browser: Any, varied: Several, many: Path, width: int):
    with opened(browser, many, width) as tab:
        panel = tab.locator(".sliding")
        exits = panel.get_by_role("slider", name="District office staff who leave in a year")
        budget = panel.get_by_role("slider", name="Budget a year")
        assert [exits.get_attribute("aria-valuetext"), budget.get_attribute("aria-valuetext")] == ["40%", "400 hours"]
        shown = {}
        for slider, key, place in (
            (budget, "End", (0.4, 1600)),
            (exits, "Home", (0.05, 1600)),
            (budget, "Home", (0.05, 400)),
        ):
            slider.press(key)
            name = "Classroom, lea_annual_exit {}, budget_hours_per_year {}".format(*place)
            stored = varied.comparisons[name].ranking()["gain"]
            shown[place] = [[float(gain.replace("\N{MINUS SIGN}", "-")) for gain, _ in cells(panel)], list(stored)]
        for gains, stored in shown.values():
            assert gains == pytest.approx(stored, abs=6e-4)
        assert len({tuple(gains) for gains, _ in shown.values()}) == 3


def test_without_javascript_the_tables_stay(browser: Any, ladder: Path):
    tab = browser.new_context(java_script_enabled=False).new_page()
    tab.goto(ladder.as_uri())
    assert tab.get_by_role("slider").count() == 0
    assert not tab.locator(".sliding").first.is_visible()
    assert tab.locator("#ladder").get_by_text("Gain at other budgets", exact=True).is_visible()
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(browser: Any, many: Path, ladder: Path, scheme: str):
    axe = needed("axe_playwright_python.sync_playwright")
    for page in (many, ladder):
        tab = browser.new_context(color_scheme=scheme, bypass_csp=True).new_page()
        tab.goto(page.as_uri())
        found = axe.Axe().run(tab).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
        tab.close()
