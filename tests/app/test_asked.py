"""What the server answers: numbers that are those of capsim.compare; whatever is wrong, in one line."""

from __future__ import annotations

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import capsim
from capsim.lessons.lesson import lesson_names, load_lesson
from capsim.lessons.playing import plain, play
from tests.app.conftest import PAIR, Running

GOOD = """\
name: Mine
agencies: {source: synthetic, districts: 3}
question: {contrast: [individual_focused, none]}
timeline: {settling: 6, assistance: 12, follow_up: 12}
assistance: {budget_hours_per_year: 500}
strategies: [none, individual_focused]
replications: 4
"""


def test_serves_pages_without_a_word_from_elsewhere(app: Running):
    status, page = app.call("")
    assert status == 200
    assert b"http" not in page
    assert app.call("page/main.js")[0] == 200
    assert app.call("page/colors.css")[0] == 200
    for name in ("files.py", "types.d.ts", "index.html"):
        assert app.call(f"page/{name}")[0] == 404
    assert app.call("page/../server.py")[0] in (403, 404)
    status, found = app.call("nothing")
    assert (status, found["problems"]) == (404, ["/nothing: not found"])


@pytest.mark.parametrize(
    ("header", "value"),
    [("Host", "evil.example"), ("Host", "127.0.0.1"), ("Origin", "http://evil.example"), ("Origin", "null")],
    ids=["host", "no-port", "origin", "null"],
)
def test_refuses_other_names_and_other_sites(app: Running, header: str, value: str):
    for path, content in (("api/state", None), ("api/jobs/compare", PAIR)):
        status, found = app.call(path, content, headers={header: value})
        assert status == 403
        assert len(found["problems"]) == 1


def test_worlds_are_those_of_a_comparison(app: Running):
    told = app.told("compare", {**PAIR, "parameters": {"lea_annual_exit": 0.2}})
    worlds = [content for event, content in told if event == "world"]
    assert [event for event, _ in told][-2:] == ["answer", "done"]
    assert [one["world"] for one in worlds] == list(range(1, 9))
    scenario = capsim.load_scenario("classroom").resolved()
    scenario["parameters"]["lea_annual_exit"] = 0.2
    result = capsim.compare(scenario, PAIR["plans"], replications=8)
    weight = result.scenario.question.weight
    expected = result.outcomes("use", weight=weight)
    measured = result.monthly.set_index(["level", "replicate", "strategy", "month"]).sort_index()
    for name in ("none", *PAIR["plans"]):
        for one in worlds:
            found = one["plans"][name]["values"]["use"]["all"][1]
            assert found == pytest.approx(expected.loc[one["world"] - 1, name], rel=1e-5)
            assert one["plans"][name]["path"][-1] == found
            small = measured.loc[("lea_small_by_pupils", one["world"] - 1, name, 24), "use"]
            assert one["plans"][name]["values"]["use"]["small"][0] == pytest.approx(small, rel=1e-5)
    (answer,) = (content for event, content in told if event == "answer")
    assert answer["sentence"] == result.answer()
    assert answer["verdict"] == "too few worlds to tell"


def test_drawn_worlds_say_over_what(app: Running):
    told = app.told("compare", {**PAIR, "worlds": 2, "doubt": True})
    (answer,) = (content for event, content in told if event == "answer")
    assert answer["over"] != "luck"


def test_map_has_a_column_for_each_value(app: Running):
    told = app.told("map", {**PAIR})
    (grid,) = (content for event, content in told if event == "grid")
    columns = [content for event, content in told if event == "column"]
    assert [one["place"] for one in columns] == list(range(len(grid["values"])))
    assert grid["months"] == [24, 30, 36, 42, 48]
    for column in columns:
        for cell in column["cells"]:
            sides = {"first": cell["low"] > 0, "second": cell["high"] < 0, "open": cell["low"] <= 0 <= cell["high"]}
            assert sides[cell["ahead"]]


def test_district_is_the_same_run_as_the_model(app: Running):
    told = app.told("district", {**PAIR, "agency": "BIRCH", "world": 3})
    plans = {content["plan"]: content for event, content in told if event == "plan"}
    assert set(plans) == set(PAIR["plans"])
    found = plans["organization_focused"]
    scenario = capsim.load_scenario("classroom")
    model = capsim.CapacityModel(scenario, strategy="organization_focused", seed=2)
    frames = model.frames("BIRCH")
    model.run()
    assert found["person"] == frames.columns()["person"].tolist()
    assert len(found["months"]) == model.months + 1
    assert len(found["ties"]) == model.months + 1


def test_who_is_made_to_leave_is_gone_and_the_others_luck_stays(app: Running):
    ask = {**PAIR, "agency": "MAPLE"}
    usual = {content["plan"]: content for event, content in app.told("district", ask) if event == "plan"}
    seat = usual["organization_focused"]["seats"][5]["seat"]
    told = app.told("district", {**ask, "leaves": [{"seat": seat, "month": 10}]})
    for event, after in told:
        if event == "plan":
            before = usual[after["plan"]]
            assert after["person"][:11] == before["person"][:11]
            assert after["person"][11][5] != before["person"][10][5]
            assert after["by_hand"] == [{"month": 10, "seat": seat, "person": before["person"][10][5]}]
            others = [n for n in range(len(after["seats"])) if n != 5]
            assert [after["person"][11][n] for n in others] == [before["person"][11][n] for n in others]


def test_scenario_that_is_taken_along_gives_the_same_worlds(app: Running):
    asked = {**PAIR, "budget": 800, "luck": 5, "parameters": {"lea_annual_exit": 0.3}}
    status, text = app.call("api/yaml", asked)
    assert status == 200
    content = yaml.safe_load(text)
    assert content["assistance"]["budget_hours_per_year"] == 800
    assert content["parameters"]["lea_annual_exit"] == 0.3
    assert (content["seed"], content["replications"]) == (5, 8)
    capsim.compare(content, replications=2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scenario": "clasroom"}, "did you mean classroom"),
        ({"scenario": "/etc/passwd"}, "no scenario '/etc/passwd'"),
        ({"scenario": "x" * 40}, "open it again"),
        ({"plans": []}, "plans:"),
        ({"plans": ["none"]}, "plans: tick at least one"),
        ({"plans": ["blendid"]}, "did you mean blended"),
        ({"worlds": 10_000}, "worlds:"),
        ({"luck": -1}, "luck:"),
        ({"parameters": {"lea_anual_exit": 0.2}}, "did you mean lea_annual_exit"),
        ({"parameters": {"lea_annual_exit": 2}}, "out of range"),
        ({"budget": 1e300}, "out of range"),
        ({"plugin": "os:system"}, "plugin:"),
    ],
    ids=[
        "near",
        "path",
        "gone",
        "no-plan",
        "only-none",
        "plan",
        "worlds",
        "luck",
        "parameter",
        "range",
        "budget",
        "key",
    ],
)
def test_wrong_questions_are_answered_in_one_line(app: Running, change: dict[str, Any], said: str):
    status, found = app.call("api/jobs/compare", {**PAIR, **change})
    assert status == 400
    assert len(found["problems"]) == 1
    assert said in found["problems"][0]


def test_what_is_no_question(app: Running):
    assert app.call("api/jobs/compare", b"{")[1]["problems"] == ["the request is not JSON"]
    assert "no job 'dance'" in app.call("api/jobs/dance", PAIR)[1]["problems"][0]
    assert "x-session" in app.call("api/jobs/compare", PAIR, headers={"X-Session": "me"})[1]["problems"][0]
    assert app.call("api/jobs/unknown/events")[0] == 404


def test_opens_a_file_and_compares_it(app: Running):
    status, found = app.call("api/files?name=mine.yaml", GOOD.encode())
    assert (status, found["name"]) == (200, "Mine")
    told = app.told("compare", {"scenario": found["id"], "plans": ["individual_focused"], "worlds": 2})
    assert [event for event, _ in told] == ["world", "world", "answer", "done"]
    status, about = app.call(f"api/scenarios/{found['id']}")
    assert about["name"] == "Mine"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "not readable as YAML"),
        (GOOD.replace("assistance: {budget", "asistance: {budget"), "mine.yaml:5"),
        (GOOD.replace("synthetic, districts: 3", "/etc/passwd"), "a sent file cannot name tables"),
        (GOOD.replace("synthetic, districts: 3", "us_2023_24, states: [OH], survey: own.csv"), "cannot name tables"),
        (GOOD.replace("[none, individual_focused]", "[none, {plugin: 'os:system'}]"), "a sent file cannot name code"),
        ("!!python/object/apply:os.system [ls]", "mine.yaml:1"),
        ("", "mine.yaml:1: the file is empty"),
    ],
    ids=["syntax", "key", "path", "survey", "plugin", "object", "empty"],
)
def test_bad_files_are_refused_by_line(app: Running, text: str, said: str):
    status, found = app.call("api/files?name=../mine.yaml", text.encode())
    assert status == 400
    assert any(said in line for line in found["problems"]), found
    assert not any("\n" in line for line in found["problems"])


def test_two_megabytes_are_refused_in_one_line(app: Running):
    status, found = app.call("api/files?name=big.yaml", b"#" * 2_000_000)
    assert (status, found["problems"]) == (400, ["larger than 1 MB; a scenario is a page or two"])
    place = urlsplit(app.address)
    connection = http.client.HTTPConnection(place.netloc, timeout=60)
    connection.request("POST", "/api/files?name=big.yaml", body=iter([b"#" * 100_000] * 20), encode_chunked=True)
    assert b"larger than 1 MB" in connection.getresponse().read()
    connection.close()
    assert app.call("api/state")[0] == 200


def test_who_stops_listening_stops_the_job(app: Running):
    job = app.ask("compare", {**PAIR, "worlds": 200}, session="somebody-who-goes")
    events = app.events(job)
    assert next(events)[0] == "world"
    events.close()
    while app.call(f"api/jobs/{job}/events")[0] != 404 or app.pool._waiting:
        time.sleep(0.05)


def test_a_worker_that_is_killed_costs_no_world(app: Running):
    psutil = pytest.importorskip("psutil", reason="psutil is not installed")
    events = app.events(app.ask("compare", {**PAIR, "worlds": 40}))
    worlds = [next(events)[1]["world"]]
    for child in psutil.Process().children():
        if "capsim.runs.workers" in " ".join(child.cmdline()):
            child.kill()
    told = list(events)
    worlds += [content["world"] for event, content in told if event == "world"]
    assert worlds == list(range(1, 41))
    assert [event for event, _ in told][-2:] == ["answer", "done"]


def test_two_sessions_get_their_own_answers(app: Running):
    jobs = [app.ask("compare", {**PAIR, "luck": luck}, session=f"session-{luck}") for luck in (1, 2)]
    streams = [app.events(job) for job in jobs]
    firsts = [next(stream)[1]["plans"]["none"]["path"][-1] for stream in streams]
    assert firsts[0] != firsts[1]
    assert [list(stream)[-1][0] for stream in streams] == ["done", "done"]


def test_thirty_sessions_at_once_get_their_own_answers(app: Running):
    def listen(job: str) -> tuple[str, tuple[float, ...]]:
        told = list(app.events(job))
        return told[-1][0], tuple(world["plans"]["none"]["path"][-1] for event, world in told if event == "world")

    jobs = [app.ask("compare", {**PAIR, "luck": luck}, session=f"session-{luck:02}") for luck in range(30)]
    with ThreadPoolExecutor(30) as threads:
        told = list(threads.map(listen, jobs))
    assert [last for last, _ in told] == ["done"] * 30
    assert [len(worlds) for _, worlds in told] == [PAIR["worlds"]] * 30
    assert len({worlds for _, worlds in told}) == 30
    assert told[7][1] == listen(app.ask("compare", {**PAIR, "luck": 7}))[1]


def test_ten_questions_in_a_row_leave_the_last(app: Running):
    jobs = [app.ask("compare", {**PAIR, "budget": 100.0 * n}) for n in range(1, 11)]
    assert [app.call(f"api/jobs/{job}/events")[0] for job in jobs[:-1]] == [404] * 9
    assert list(app.events(jobs[-1]))[-1][0] == "done"


def test_a_lesson_is_told_position_by_position_and_is_that_of_the_file(app: Running):
    assert [one["name"] for one in app.call("api/lessons")[1]] == list(lesson_names())
    status, facts = app.call("api/lessons/tour")
    told = app.events(app.ask("lesson", {"lesson": "tour"}))
    event, first = next(told)
    told.close()
    assert (status, event, first["variant"], first["place"]) == (200, "position", 0, facts["slider"]["start"])
    lesson = load_lesson("tour")
    at = lesson.block.slider.start
    gains = play(lesson, positions=[(at, None)]).gains
    assert first["gains"] == plain(lesson, {key[2:]: value for key, value in gains.items()})
    assert facts["months"][: len(first["gains"][0][0][0])] == list(lesson.months)


@pytest.mark.parametrize(
    ("path", "content"), [("api/lessons/toor", None), ("api/jobs/lesson", {"lesson": "toor"})], ids=["facts", "job"]
)
def test_a_lesson_that_is_not_there_is_said(app: Running, path: str, content: Any):
    status, found = app.call(path, content)
    assert (status, found) == (400, {"problems": ["lesson: no lesson 'toor' here; did you mean tour?"]})


@pytest.mark.parametrize("name", ["../../etc/passwd.md", "mine.md"], ids=["above", "beside"])
def test_a_browser_names_no_files_of_lessons(app: Running, name: str):
    status, found = app.call("api/jobs/lesson", {"lesson": name})
    assert status == 400
    assert "no lesson" in found["problems"][0]
