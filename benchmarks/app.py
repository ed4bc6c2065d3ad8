"""Speed and memory of `capsim app`, asked as a page asks it: one worker, the classroom, another turnover each time."""

from __future__ import annotations

import contextlib
import json
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil

from tests.browser import open_browser, seconds_a_month, seconds_to_paint

PORT = 8643
ADDRESS = f"http://127.0.0.1:{PORT}/"
QUESTION = {"scenario": "classroom", "plans": ["organization_focused", "individual_focused"], "worlds": 16}


def _call(path: str, content: Any = None, session: str = "a-session-of-benchmarks") -> Any:
    body = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(ADDRESS + path, data=body, headers={"X-Session": session})
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.loads(answer.read())


def _seconds(turnover: float, session: str = "a-session-of-benchmarks", **other: Any) -> tuple[float, float]:
    """From a slider that was moved to the first world, and to the verdict."""
    begin = time.perf_counter()
    asked = {**QUESTION, **other, "parameters": {"lea_annual_exit": turnover}}
    job = _call("api/jobs/compare", asked, session)["id"]
    first = 0.0
    with urllib.request.urlopen(f"{ADDRESS}api/jobs/{job}/events", timeout=600) as told:
        for line in told:
            if line.startswith(b"event: world"):
                first = first or time.perf_counter() - begin
    return first, time.perf_counter() - begin


def _in_browser() -> tuple[float, float]:
    """Seconds until something is painted, and the seconds of processor that a move of the month costs the page."""
    with open_browser() as browser:
        page = browser.new_page()
        page.goto(ADDRESS)
        page.wait_for_selector(".card")
        painted = seconds_to_paint(page)
        page.goto(ADDRESS + "?screen=district")
        page.wait_for_selector(".seat", timeout=600_000)
        return painted, seconds_a_month(page)


def _megabytes(process: psutil.Process) -> float:
    """What a process takes; what it shares with others in parts, where the system says so."""
    found = process.memory_full_info()
    return getattr(found, "pss", found.rss) / 1e6


def _class_of(sessions: int) -> float:
    """Seconds to the first world that 95 of 100 sessions stay below when all of them move a slider at once."""
    with ThreadPoolExecutor(sessions) as threads:
        names = [f"session-{n:02}" for n in range(sessions)]
        first = [first for first, _ in threads.map(_seconds, [0.1 + 0.01 * n for n in range(sessions)], names)]
    return sorted(first)[int(0.95 * sessions)]


def app_rows(moves: int = 10) -> list[tuple[str, str, str]]:
    """What was measured, and what it may be at most."""
    command = [sys.executable, "-m", "capsim", "app", "--port", str(PORT), "--no-browser", "--quiet", "--workers", "1"]
    begin = time.perf_counter()
    server = psutil.Popen(command)
    try:
        served, ready = 0.0, False
        while not ready:
            time.sleep(0.05)
            with contextlib.suppress(OSError):
                ready = _call("api/state")["state"] == "ready"
                served = served or time.perf_counter() - begin
        times = [_seconds(0.1 + 0.01 * move) for move in range(moves)]
        memory = sum(map(_megabytes, (server, *server.children(recursive=True))))
        waited = _class_of(30)
        ohio = min(_seconds(0.1 + 0.01 * move, scenario="ohio", worlds=2)[0] for move in range(3))
        painted, moved = _in_browser()
    finally:
        server.terminate()
        server.wait(timeout=60)
    first, whole = (min(column) for column in zip(*times, strict=True))
    return [
        ("app, command to first answer", f"{served:.1f} s", "2"),
        ("app, command to first paint", f"{served + painted:.1f} s", "3"),
        ("app, one district, a move of the month, CPU of the page", f"{1000 * moved:.0f} ms", "16"),
        ("app, Ohio, slider to first world", f"{ohio:.2f} s", "1"),
        ("app, classroom, slider to first world", f"{first:.2f} s", "0.25"),
        ("app, classroom, slider to 16 worlds and a verdict", f"{whole:.2f} s", ""),
        ("app, classroom, 30 sessions at once, to first world (95%)", f"{waited:.1f} s", "3"),
        (f"app, server and one worker, memory after {moves} moves", f"{memory:.0f} MB", "400"),
    ]


if __name__ == "__main__":
    for row in app_rows():
        print(" | ".join(row))
