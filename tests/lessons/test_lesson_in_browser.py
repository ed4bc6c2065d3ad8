"""A lesson in a real browser: opened from disk, a prediction first, then sliders that say what they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capsim.lessons.page import write_lesson
from capsim.lessons.playing import Played
from tests.browser import needed, needs_chromium

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


SENTENCE = ".screen .verdict"
MARKS = "path[data-world]"


def slider(tab: Any, name: str = "District office staff who leave in a year") -> Any:
    return tab.get_by_role("slider", name=name)


def drawing(tab: Any) -> Any:
    """One mark a world."""
    return tab.locator("figure svg[role=img]").first


def predict(tab: Any) -> None:
    tab.get_by_label("That").check()
    tab.get_by_role("button", name="Show me").click()
    tab.wait_for_selector(SENTENCE)


def said(tab: Any, what: str) -> str:
    """The sentence, as soon as it says something."""
    tab.wait_for_function(f"what => document.querySelector('{SENTENCE}').textContent.includes(what)", arg=what)
    return str(tab.locator(SENTENCE).inner_text())


def test_a_prediction_comes_first(tab: Any) -> None:
    assert tab.get_by_role("button", name="Show me").is_disabled()
    assert tab.locator(SENTENCE).count() == 0
    assert slider(tab).count() == 0
    predict(tab)
    assert tab.locator(".predicted").inner_text() == "You predicted: That"
    assert slider(tab).is_enabled()
    assert slider(tab).evaluate("one => one === document.activeElement")


def test_the_slider_changes_what_is_said_and_drawn(tab: Any) -> None:
    predict(tab)
    before = said(tab, "in month 6, when help ends: "), drawing(tab).inner_html()
    assert before[0].startswith("With 1,600 hours of help a year and 5% of district office staff leaving in a year")
    ticks = drawing(tab).locator("text.tick").all_text_contents()
    slider(tab).press("ArrowRight")
    assert slider(tab).get_attribute("aria-valuetext") == "40%"
    assert before[0] != said(tab, "40% of district office staff")
    assert before[1] != drawing(tab).inner_html()
    assert drawing(tab).locator(MARKS).count() == 16
    assert ticks == drawing(tab).locator("text.tick").all_text_contents()  # the axis stays


def test_month_measure_and_rule_can_be_chosen(tab: Any) -> None:
    predict(tab)
    slider(tab, "Month").press("End")
    assert slider(tab, "Month").get_attribute("aria-valuetext") == "month 12, 6 months after help has ended"
    tab.get_by_label("Use of the practices").check(force=True)
    said(tab, "use of the practices")
    tab.get_by_label("They make up for each other").check(force=True)
    said(tab, "They make up for each other")
    assert tab.locator(".tabs input:checked").count() == 2


def test_the_table_says_the_same(tab: Any, played: Played) -> None:
    predict(tab)
    tab.get_by_text("The same as a table").first.click()
    cells = tab.locator(".screen td").all_inner_texts()
    gains = sorted(100.0 * played.gains[0.05, "product", "individual", "individual_focused"][:, 1].round(4))
    for shown, gain in zip(cells[:3], (gains[0], (gains[3] + gains[4]) / 2, gains[-1]), strict=True):
        assert abs(float(shown.replace("−", "-")) - gain) < 0.06
    ahead = [int(cells[n].split(" of ")[0]) for n in (3, 7)]
    assert sum(ahead) <= 8
    sentence = tab.locator(SENTENCE).inner_text()
    assert f"in {max(ahead)} of 8 worlds" in sentence or "neither plan has moved" in sentence


def test_for_the_projector(tab: Any) -> None:
    predict(tab)
    size = "one => parseFloat(getComputedStyle(one).fontSize)"
    small = tab.locator(SENTENCE).evaluate(size)
    button = tab.get_by_role("button", name="For the projector")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert tab.locator(SENTENCE).evaluate(size) > 1.3 * small
    assert not tab.locator(".text").is_visible()
    assert drawing(tab).locator(MARKS).count() == 16


def test_positions_that_were_tried_stay_in_sight(tab: Any) -> None:
    predict(tab)
    spots = tab.locator(".across path.spot")
    assert spots.count() == 2
    slider(tab).press("ArrowRight")
    tab.wait_for_function("() => document.querySelectorAll('.across path.spot').length === 4")
    tab.get_by_role("button", name="Show all positions").click()
    tab.wait_for_function("() => document.querySelectorAll('.across path.spot').length === 8")


def test_every_figure_has_a_table(tab: Any) -> None:
    predict(tab)
    figures = tab.locator(".screen figure")
    assert figures.count() == 3
    assert figures.locator("table").count() == 3
    tab.get_by_role("button", name="Show all positions").click()
    tab.wait_for_function("() => document.querySelectorAll('.across path.spot').length === 8")
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    tried = [row.locator("th, td").all_inner_texts() for row in figures.nth(2).locator("tbody tr").all()]
    assert [row[0] for row in tried] == ["5%", "40%"]
    months = [row.locator("th, td").all_inner_texts() for row in figures.nth(1).locator("tbody tr").all()]
    now = next(row for row in months if row[0] == "6")
    assert now[1:] == tried[0][1:]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_finding_of_axe(browser: Any, page: Path, scheme: str) -> None:
    axe = needed("axe_playwright_python.sync_playwright")
    tab = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800}).new_page()
    tab.goto(page.as_uri())
    for _ in range(2):
        assert [one["id"] for one in axe.Axe().run(tab).response["violations"]] == []
        if tab.locator(".predict").count():
            predict(tab)
            tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    tab.close()
