"""The report in a real browser: nothing asked of the network, nothing wrong on the console, no sideways scrolling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import needs_chromium

pytestmark = needs_chromium


@pytest.mark.parametrize("width", [1280, 400])
def test_opens_offline_and_fits(browser: Any, written: Path, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(written.as_uri(), wait_until="networkidle")
    assert said == []
    assert asked == [written.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    figures = tab.locator("figure svg")
    assert figures.count() >= 5
    shown = [figures.nth(n).bounding_box() for n in range(figures.count()) if figures.nth(n).is_visible()]
    assert len(shown) >= 5
    assert all(box["width"] > 250 for box in shown)
    folds = tab.locator("details")
    assert folds.count() >= 5
    for n in range(folds.count()):
        folded = folds.nth(n).locator("dl, table, pre, figure").first
        assert not folded.is_visible()
        folds.nth(n).locator("summary").click()
        assert folded.is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    tab.close()
