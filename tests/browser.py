"""A real browser for the tests of pages: Debian's Chromium, kept from asking anything of the network by itself."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PROMISED = os.environ.get("CAPSIM_BROWSER") == "required"
"""Whether a missing browser is a failure: where it should be, a skip would hide that nothing was tried."""

needs_chromium = pytest.mark.skipif(not CHROMIUM.exists() and not PROMISED, reason=f"{CHROMIUM} is not installed")


def needed(module: str) -> Any:
    """A module of the browser tests; without it the test is skipped, or fails where it was promised."""
    if PROMISED:
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=f"{module.partition('.')[0].replace('_', '-')} is not installed")


@contextmanager
def open_browser() -> Iterator[Any]:
    """Chromium under playwright; the test is skipped where that is not installed."""
    sync_api = needed("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield browser
        browser.close()


_MONTH_BY_MONTH = """months => { const slider = document.querySelector('.months input');
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return (async () => { for (let month = 1; month <= months; month++) { slider.value = month;
    slider.dispatchEvent(new Event('input', { bubbles: true })); await frame(); } })() }"""


def seconds_to_paint(page: Any) -> float:
    """From the beginning of a page until something is seen."""
    return float(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")) / 1000


def seconds_a_month(page: Any, months: int = 48) -> float:
    """What one move of the slider of months costs the page's own thread, however busy the machine is."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        page.evaluate(_MONTH_BY_MONTH, months)
        metrics = tools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

    before = spent()
    return (spent() - before) / months
