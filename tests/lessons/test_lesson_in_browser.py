"""A lesson in a real browser: opened from disk, a prediction first, then sliders that say what they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capsim.lessons import Played, write_lesson
from tests.browser import needs_chromium

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def page(played: Played, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lesson(played, tmp_path_factory.mktemp("pages") / "lesson.html")


@pytest.fixture(params=[1280, 400], ids=["wide", "narrow"])
def tab(browser: Any, page: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    tab = browser.new_page(viewport={"width": request.param, "height": 800})
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(page.as_uri())
    yield tab
    assert said == []
    assert asked == [page.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == request.param
    tab.close()


def predict(tab: Any) -> None:
    tab.get_by_label("That").check()
    tab.get_by_role("button", name="Show me").click()


def test_a_prediction_comes_first(tab: Any) -> None:
    assert tab.get_by_role("button", name="Show me").is_disabled()
    assert not tab.locator("#sentence").is_visible()
    assert tab.locator("#slider").is_disabled()
    predict(tab)
    assert tab.locator("#predicted").inner_text() == "You predicted: That"
    assert tab.locator("#slider").is_enabled()
    assert tab.locator("#slider").evaluate("one => one === document.activeElement")


def test_the_slider_changes_what_is_said_and_drawn(tab: Any, played: Played) -> None:
    predict(tab)
    before = tab.locator("#sentence").inner_text(), tab.locator("#dots").inner_html()
    assert before[0].startswith("With 1,600 hours of help a year and 5% of district office staff leaving in a year")
    assert "in month 6, when help ends: " in before[0]
    tab.locator("#slider").press("ArrowRight")
    assert tab.locator("#slider").get_attribute("aria-valuetext") == "District office staff who leave in a year: 40%"
    after = tab.locator("#sentence").inner_text(), tab.locator("#dots").inner_html()
    assert "40% of district office staff" in after[0]
    assert before[1] != after[1]
    marks = "#dots circle", "#dots path"
    assert [tab.locator(one).count() for one in marks] == [8, 8]
    ticks = tab.locator("#dots text").all_text_contents()
    tab.locator("#slider").press("ArrowLeft")
    assert ticks == tab.locator("#dots text").all_text_contents()  # the axis stays


def test_month_measure_and_rule_can_be_chosen(tab: Any) -> None:
    predict(tab)
    tab.locator("#month").press("End")
    assert tab.locator("#month").get_attribute("aria-valuetext") == "month 12, 6 months after help has ended"
    tab.get_by_role("button", name="Use of the practices").click()
    assert "use of the practices" in tab.locator("#sentence").inner_text()
    tab.get_by_role("button", name="They make up for each other").click()
    assert "They make up for each other" in tab.locator("#sentence").inner_text()
    assert tab.locator("button[aria-pressed=true]").count() == 2


def test_the_table_says_the_same(tab: Any, played: Played) -> None:
    predict(tab)
    tab.get_by_text("The same in numbers").click()
    cells = tab.locator("#table td").all_inner_texts()
    gains = sorted(100.0 * played.gains[0.05, "product", "individual", "individual_focused"][:, 1].round(4))
    for shown, gain in zip(cells[:3], (gains[0], (gains[3] + gains[4]) / 2, gains[-1]), strict=True):
        assert abs(float(shown.replace("−", "-")) - gain) < 0.06
    ahead = [int(cells[n].split(" of ")[0]) for n in (3, 7)]
    assert sum(ahead) <= 8
    said = tab.locator("#sentence").inner_text()
    assert f"in {max(ahead)} of 8 worlds" in said or "neither plan has moved" in said


def test_for_the_projector(tab: Any) -> None:
    predict(tab)
    small = tab.locator("#sentence").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    button = tab.get_by_role("button", name="For the projector")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert tab.locator("#sentence").evaluate("one => parseFloat(getComputedStyle(one).fontSize)") > 1.3 * small
    assert not tab.locator(".text").is_visible()
    assert tab.locator("#dots circle").count() == 8


def test_positions_that_were_tried_stay_in_sight(tab: Any) -> None:
    predict(tab)
    assert tab.locator("#across circle").count() == 1
    tab.locator("#slider").press("ArrowRight")
    assert tab.locator("#across circle").count() == 2
    tab.get_by_role("button", name="Show all positions").click()
    assert tab.locator("#across circle").count() == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_finding_of_axe(browser: Any, page: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    tab = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800}).new_page()
    tab.goto(page.as_uri())
    for _ in range(2):
        assert [one["id"] for one in axe.Axe().run(tab).response["violations"]] == []
        if tab.locator("#predict").is_visible():
            predict(tab)
            tab.get_by_text("The same in numbers").click()
    tab.close()
