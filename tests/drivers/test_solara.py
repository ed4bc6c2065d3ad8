"""Mesa's own page of the model, in a real browser: a month a step, and other choices after a reset."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import needed, needs_chromium

needed("solara")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120_000
"""Milliseconds until something must have happened."""

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The page, served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = ROOT / "docs" / "mesa" / "solara_page.py"
    command = [
        sys.executable,
        "-m",
        "solara",
        "run",
        str(page),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-open",
    ]
    places = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": places, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    with subprocess.Popen([*command, "--production"], env=environment) as server:
        try:
            where = f"http://127.0.0.1:{port}/"
            while True:
                assert server.poll() is None
                try:
                    urllib.request.urlopen(where)
                    break
                except OSError:
                    time.sleep(0.2)
            yield where
        finally:
            server.terminate()


def test_a_step_is_a_month_and_a_reset_takes_over_what_was_chosen(browser: Any, address: str) -> None:
    tab: Any = browser.new_page(viewport={"width": 1280, "height": 900})
    elsewhere: list[str] = []
    tab.on("request", lambda request: None if address[:16] in request.url else elsewhere.append(request.url))
    tab.goto(address)
    step = tab.get_by_role("button", name="Step")
    step.wait_for(timeout=PATIENCE)
    for month in (1, 2):
        step.click()
        tab.get_by_text(f"Step: {month}").wait_for(timeout=PATIENCE)
    tab.locator("img, canvas, svg").first.wait_for(timeout=PATIENCE)
    tab.get_by_label("Help").click(force=True)
    tab.get_by_text("organization_focused", exact=True).click()
    tab.get_by_role("button", name="Reset").click()
    tab.get_by_text("Step: 0").wait_for(timeout=PATIENCE)
    step.click()
    tab.get_by_text("Step: 1").wait_for(timeout=PATIENCE)
    assert "Traceback" not in tab.locator("body").inner_text()
    assert [url for url in elsewhere if url.startswith("http") and "success.html" not in url] == []
    tab.close()
