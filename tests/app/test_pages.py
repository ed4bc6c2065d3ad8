"""The pages in a real browser: every screen, what people do wrong, and whether everybody can read it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.app.conftest import Running
from tests.app.test_asked import GOOD
from tests.browser import needed, needs_chromium, seconds_a_month, seconds_to_paint

SCREENS = {
    "start": "",
    "compare": "?screen=compare&worlds=8",
    "district": "?screen=district",
    "map": "?screen=map&worlds=8",
    "lessons": "?screen=lesson",
    "lesson": "?screen=lesson&lesson=tour",
    "file": "?screen=file",
}

pytestmark = needs_chromium


class Tab:
    """A page of the app; what its console says and what it asks for is kept."""

    def __init__(self, browser: Any, app: Running, path: str, width: int = 1280) -> None:
        self.app = app
        self.page = browser.new_page(viewport={"width": width, "height": 800})
        self.page.set_default_timeout(600_000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(app.address + path)

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.close()

    def settled(self) -> Tab:
        """Wait until nothing is being worked out."""
        self.page.locator("h1").first.wait_for()
        self.page.wait_for_function(
            "() => { const bar = document.querySelector('.progress');"
            " return !document.querySelector('.compiling') && !bar?.classList.contains('running')"
            " && !!document.querySelector('figure, .cards, .file, .predict') }"  # a handle would keep it in memory
        )
        return self

    def notices(self) -> list[str]:
        return [text.removesuffix("×").strip() for text in self.page.locator(".notice").all_inner_texts()]

    def address(self) -> str:
        return str(self.page.url.removeprefix(self.app.address))


def move(tab: Tab, label: str, value: float) -> None:
    """Move a slider as a hand does."""
    tab.page.get_by_role("slider", name=label).evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })) }", value
    )


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("path", SCREENS.values(), ids=list(SCREENS))
def test_every_screen_fits_asks_nothing_of_the_network_and_is_quiet(browser: Any, app: Running, path: str, width: int):
    with Tab(browser, app, path, width) as tab:
        tab.settled()
        assert tab.page.evaluate("document.documentElement.scrollWidth") == width
        assert tab.said == []
        assert all(url.startswith(app.address) for url in tab.asked)
        for figure in tab.page.locator("figure svg[role=img]").all():
            assert figure.get_attribute("aria-label")
        assert tab.notices() == []


@pytest.mark.parametrize("path", SCREENS.values(), ids=list(SCREENS))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_finding_of_axe(browser: Any, app: Running, path: str, scheme: str):
    axe = needed("axe_playwright_python.sync_playwright")
    with Tab(browser, app, path) as tab:
        tab.page.emulate_media(color_scheme=scheme)
        tab.settled()
        tab.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = axe.Axe().run(tab.page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == []


def test_counts_are_those_of_the_dots(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=8&plans=organization_focused|individual_focused") as tab:
        tab.settled()
        tab.page.wait_for_selector(".verdict-more")  # comes after the last world, and everything is drawn again
        figure = tab.page.locator("figure").first
        assert figure.locator("path[data-world]").count() == 16
        sentence = tab.page.locator(".verdict").inner_text()
        count, winner = re.match(r"In (\d) of 8 worlds (.*) leaves more", sentence).groups()  # type: ignore[union-attr]
        figure.locator("summary").click()
        rows = [row.split("\t") for row in figure.locator("tbody").inner_text().splitlines() if "\t" in row]
        gains = [[float(cell.replace("−", "-").replace("+", "")) for cell in row[1:]] for row in rows]
        ahead = sum(a > b for a, b in gains)
        assert int(count) == (ahead if winner == "Organization-focused" else 8 - ahead)


def test_an_open_table_stays_open_when_the_verdict_arrives(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=32") as tab:
        fold = tab.page.locator("figure details").first
        fold.locator("summary").press("Enter")
        tab.page.wait_for_selector(".verdict-more")
        tab.page.get_by_label("Skill", exact=True).check(force=True)
        tab.page.wait_for_selector("h2:has-text('skill')")
        assert fold.locator("tbody tr").count() == 32
        assert fold.evaluate("one => one.open")
        assert tab.page.locator("details[open]").count() == 1


def test_worlds_one_at_a_time(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=3") as tab:
        tab.settled()
        button = tab.page.get_by_role("button", name="World by world")
        button.evaluate(
            "button => { window.seen = []; new MutationObserver(() => {"
            " const bright = [...document.querySelectorAll('path[data-world]:not(.other)')];"
            " window.seen.push([button.textContent, [...new Set(bright.map((one) => one.dataset.world))].join()])"
            "}).observe(button, { childList: true }) }"
        )
        button.click()
        tab.page.wait_for_function("() => window.seen.length === 4")
        shown = [[f"World {world} of 3: stop", str(world)] for world in (1, 2, 3)]
        assert tab.page.evaluate("window.seen") == [*shown, ["World by world", "1,2,3"]]


def test_fewer_than_eight_worlds_say_nothing(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=3") as tab:
        tab.settled()
        assert tab.page.locator(".verdict").inner_text() == "3 worlds: too few to tell."


def test_address_holds_what_differs_and_brings_it_back(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=8") as tab:
        tab.settled()
        move(tab, "Leaving a year", 0.3)
        tab.page.get_by_role("button", name="Next").click()
        tab.page.get_by_label("Skill", exact=True).check(force=True)
        assert tab.address() == "?screen=compare&turnover=0.3&luck=2&worlds=8&outcome=individual"
        tab.settled()
        before = tab.page.locator(".verdict").inner_text()
        tab.page.reload()
        tab.settled()
        assert tab.page.locator(".verdict").inner_text() == before
        assert tab.page.get_by_label("Leaving a year").input_value() == "0.3"
        assert tab.page.get_by_label("Leaving a year").get_attribute("aria-valuetext") == "30% of staff"
        assert "Outside what is plausible" in tab.page.locator(".warn").inner_text()
        move(tab, "Leaving a year", 0.16)
        assert "turnover" not in tab.address()


def test_unknown_and_impossible_keys_of_the_address_are_said(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=8&zoo=%3Cb%3E&luck=-4&plans=nonsense") as tab:
        tab.settled()
        first, second = tab.notices()
        assert first == "The address says zoo=<b>, which means nothing here; it was left out."
        assert second.startswith("The address says luck=-4, which cannot be")


def test_a_place_that_is_not_there_is_said_and_the_page_goes_on(browser: Any, app: Running):
    for path, said in (
        ("?screen=compare&worlds=8&where=clasroom", "did you mean"),
        ("?where=file", "not open in this"),
    ):
        with Tab(browser, app, path) as tab:
            tab.settled()
            (notice,) = tab.notices()
            assert said in notice
    with Tab(browser, app, "?screen=compare&worlds=8&where=clasroom&zoo=1") as tab:
        tab.settled()
        first, second = tab.notices()
        assert "zoo=1" in first
        assert "did you mean" in second


def test_ten_moves_in_a_second_end_with_the_last(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=16") as tab:
        tab.settled()
        for n in range(10):
            move(tab, "Leaving a year", round(0.3 + n / 100, 2))
            tab.page.wait_for_timeout(100)
        tab.page.wait_for_function("() => document.querySelector('.progress').textContent.includes('16 of 16')")
        tab.settled()
        moved = tab.page.locator("figure").first.locator("svg").get_attribute("aria-label")
    with Tab(browser, app, "?screen=compare&worlds=16&turnover=0.39") as tab:
        tab.settled()
        assert tab.page.locator("figure").first.locator("svg").get_attribute("aria-label") == moved
        assert tab.said == []


def test_five_hundred_actions_leave_no_memory_behind(browser: Any, app: Running):
    psutil = needed("psutil")

    def megabytes() -> float:
        processes = [psutil.Process(), *psutil.Process().children()]
        ours = [one for one in processes if "python" in one.name()]
        return sum(one.memory_info().rss for one in ours) / 1e6

    with Tab(browser, app, "?screen=compare&worlds=2") as tab:
        tools = tab.page.context.new_cdp_session(tab.page)
        tools.send("Performance.enable")

        def of_the_page() -> dict[str, float]:
            tools.send("HeapProfiler.collectGarbage")
            found = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
            return {name: found[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}

        def visit(screen: str) -> None:
            for name in (screen, "Compare plans"):
                tab.page.get_by_role("navigation").get_by_role("link", name=name).click()
                tab.settled()

        def act(n: int) -> None:
            if n % 10 < 4:
                move(tab, "Leaving a year", 0.1 + n % 30 / 100)
            elif n % 10 < 6:
                move(tab, "Budget", 80 * (n % 50))
            elif n % 10 == 6:
                tab.page.get_by_role("button", name="Next").click()
            elif n % 10 == 7:
                tab.page.get_by_label("Skill" if n % 20 == 7 else "Use", exact=True).check(force=True)
            elif n % 10 == 8:
                tab.page.locator("figure summary").first.click()
            else:
                visit("One district" if n % 50 == 49 else "Start")

        for n in range(50):
            act(n)
        before, ours = of_the_page(), megabytes()
        for n in range(500):
            act(n)
        after = of_the_page()
        assert after["JSHeapUsedSize"] < 1.25 * before["JSHeapUsedSize"]
        for name in ("Nodes", "JSEventListeners"):  # a table that is open is some 180 nodes; one left an action is 500
            assert after[name] < before[name] + 400, name
        assert megabytes() < ours + 40
        assert tab.said == []


def test_stop_keeps_what_is_finished(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=200") as tab:
        tab.page.wait_for_selector("path[data-world]")
        tab.page.get_by_role("button", name="Stop").click()
        said = tab.page.locator(".progress span").inner_text()
        assert re.fullmatch(r"Stopped after \d+\.", said)
        assert tab.page.locator("path[data-world]").count() > 0


def test_follows_a_seat_and_lets_somebody_go(browser: Any, app: Running):
    with Tab(browser, app, "?screen=district") as tab:
        tab.settled()
        move(tab, "Month", 10)
        tab.page.wait_for_function("() => document.querySelector('figcaption').textContent.startsWith('Month 10:')")
        details = tab.page.locator(".details")
        for n in range(4):  # somebody sits on one of them
            tab.page.locator(".seat").nth(n).click()
            tab.page.wait_for_function("n => document.querySelector('.details select').value === String(n)", arg=n)
            if details.inner_text().count("Person ") == 2:
                break
        person = re.search(r"Person (\d+)", details.inner_text()).group(1)  # type: ignore[union-attr]
        tab.page.get_by_role("button", name="Make this person leave").click()
        tab.page.wait_for_function("() => document.body.textContent.includes('before the latest exit by hand')")
        tab.settled()
        assert "1 of them by hand" in tab.page.locator(".panels").inner_text()
        assert tab.page.get_by_role("slider", name="Month").get_attribute("aria-valuetext").startswith("Month 11 of")
        assert f"Person {person}," not in details.inner_text()
        assert "leaves=" in tab.address()
        tab.page.get_by_role("button", name="Undo exits by hand").click()
        tab.page.wait_for_function("() => !document.body.textContent.includes('by hand.')")
        assert "leaves=" not in tab.address()
        tab.page.get_by_label("Seat", exact=True).select_option("0")
        tab.page.wait_for_function("() => document.querySelector('.details').textContent.includes('leader')")


def test_plays_month_by_month(browser: Any, app: Running):
    with Tab(browser, app, "?screen=district&month=46") as tab:
        tab.settled()
        tab.page.get_by_role("button", name="Play").click()
        tab.page.wait_for_function("() => document.querySelector('figcaption').textContent.startsWith('Month 48:')")
        tab.page.wait_for_selector("text=Play")
        assert tab.page.get_by_role("slider", name="Month").input_value() == "48"


def test_paints_soon_and_moves_months_within_a_frame(browser: Any, app: Running):
    with Tab(browser, app, "") as tab:
        tab.settled()
        assert seconds_to_paint(tab.page) < 3
    with Tab(browser, app, "?screen=district") as tab:
        tab.settled()
        assert seconds_a_month(tab.page) < 0.016


def test_opens_a_file_and_says_what_is_wrong_with_others(browser: Any, app: Running, tmp_path: Path):
    files = {"good": GOOD, "bad": GOOD.replace("districts: 3", "districts: three"), "big": "#" * 2_000_000}
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    with Tab(browser, app, "?screen=file") as tab:
        tab.settled()
        chooser = tab.page.get_by_label("Scenario file")
        for name, said in (("bad", "bad.yaml:2: agencies.districts"), ("big", "larger than 1 MB")):
            chooser.set_input_files(tmp_path / f"{name}.yaml")
            tab.page.wait_for_function("said => document.body.textContent.includes(said)", arg=said)
        chooser.set_input_files(tmp_path / "good.yaml")
        tab.page.wait_for_selector("h1:has-text('Mine')")
        tab.settled()
        assert tab.address() == "?screen=compare&where=file"
        tab.page.reload()
        tab.page.wait_for_selector("h1:has-text('Mine')")


def test_takes_scenario_data_and_picture_along(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=8") as tab:
        tab.settled()
        texts = {}
        for button in ("scenario (YAML)", "data (CSV)", "picture (SVG)", "report (HTML)"):
            with tab.page.expect_download() as waiting:
                tab.page.get_by_role("button", name=button).click()
            texts[button] = Path(waiting.value.path()).read_text()
        assert "lea_annual_exit" in texts["scenario (YAML)"]
        assert len(texts["data (CSV)"].splitlines()) > 100
        assert "Classroom" in texts["report (HTML)"]
        picture = texts["picture (SVG)"]
        assert picture.startswith("<svg")
        assert "var(--" not in picture


def test_says_that_it_compiles_and_why_it_cannot(browser: Any, app: Running):
    said = {"state": "compiling", "seconds": 7, "trouble": ""}
    page = browser.new_page()
    page.route("**/api/state", lambda route: route.fulfill(json=said))
    page.goto(app.address)
    page.wait_for_selector("text=Compiling, 7 s so far")
    said.update(state="failed", trouble="the disk is full")
    page.wait_for_selector("text=could not be compiled: the disk is full")
    page.close()


def test_a_server_that_is_gone_is_said_in_one_line(browser: Any, app: Running):
    with Tab(browser, app, "?screen=compare&worlds=8") as tab:
        tab.settled()
        tab.page.route("**/api/jobs/**", lambda route: route.abort())
        tab.page.get_by_role("button", name="Next").click()
        tab.page.wait_for_selector(".notice")
        assert tab.notices() == [
            "capsim app does not answer; look whether it still runs in the terminal, then reload this page."
        ]


def test_a_lesson_asks_first_and_then_shows_what_was_simulated_meanwhile(browser: Any, app: Running):
    with Tab(browser, app, "?screen=lesson") as tab:
        tab.page.get_by_role("link", name="What does it matter").click()
        tab.page.get_by_role("button", name="Show me").wait_for()
        assert tab.address() == "?screen=lesson&lesson=tour"
        assert tab.page.get_by_role("slider").count() == 0
        tab.page.locator(".predict input").first.check()
        tab.page.get_by_role("button", name="Show me").click()
        tab.page.wait_for_selector("path[data-world]")
        assert "1,600 hours of help a year" in tab.page.locator(".verdict").inner_text()
        assert tab.page.get_by_role("slider").count() == 2
        tab.page.get_by_role("link", name="All lessons").click()
        tab.page.wait_for_selector(".cards")
        assert tab.said == []


def test_a_lesson_that_is_not_there_is_said(browser: Any, app: Running):
    with Tab(browser, app, "?screen=lesson&lesson=toor") as tab:
        tab.page.wait_for_selector(".notice")
        assert tab.notices() == ["lesson: no lesson 'toor' here; did you mean tour?"]
