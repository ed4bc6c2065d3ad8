"""Lessons: what they say is what comes out, and what is wrong with one is said in a line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.compare import compare
from capsim.errors import InputError
from capsim.lessons.lesson import Lesson, lesson_names, load_lesson
from capsim.lessons.page import html_of, lesson_page
from capsim.lessons.playing import Played, play

from .conftest import SMALL, written

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "lessons"
STEPS = ("Predict", "Look", "Try", "Explain", "Carry over")


def test_the_lessons_are_the_files_of_the_repository() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(lesson_names())


@pytest.mark.parametrize("name", lesson_names())
def test_what_instructors_are_told_comes_out(name: str) -> None:
    lesson = load_lesson(name)
    at = sorted({(one.at, one.variant or lesson.variants[0]) for one in lesson.block.expected}, key=str)
    assert play(lesson, positions=at).surprises() == []


@pytest.mark.parametrize("name", [name for name in lesson_names() if name != "tour"])
def test_a_session_has_its_five_steps_and_notes(name: str) -> None:
    lesson = load_lesson(name)
    assert re.findall(r"^### (.+)$", lesson.pages["student"], flags=re.MULTILINE) == list(STEPS)
    assert lesson.block.minutes == 50
    for part in (
        "**Aim.**",
        "**Plan.**",
        "**What to expect.** By the rules as they stand",
        "**Where students stumble.**",
    ):
        assert part in lesson.pages["instructor"]


@pytest.mark.parametrize("name", lesson_names())
def test_no_plan_is_ahead_without_hours_turnover_and_month(name: str) -> None:
    notes = load_lesson(name).pages["instructor"]
    for paragraph in notes.split("\n\n"):
        if "ahead" in paragraph or "more is in use" in paragraph:
            assert re.search(r"1,600 hours", paragraph), paragraph
            assert re.search(r"months? \d+", paragraph), paragraph


@pytest.mark.parametrize("name", lesson_names())
def test_the_text_is_all_html(name: str) -> None:
    for text in load_lesson(name).pages.values():
        made = html_of(text)
        assert not re.search(r"\*\*|^#|^- |^\d+\. |`", made, flags=re.MULTILINE)


def test_gains_are_those_of_a_comparison(lesson: Lesson, played: Played) -> None:
    scenario = lesson.scenario(0.4, "geometric_mean")
    assert scenario.rules["readiness"] == "geometric_mean"
    monthly = compare(scenario, lesson.block.strategies).monthly.query("level == 'lea' and month == 12")
    table = monthly.pivot(index="replicate", columns="strategy", values="use")
    gains = played.gains[0.4, "geometric_mean", "use", "organization_focused"]
    assert gains.shape == (8, 4)
    np.testing.assert_allclose(gains[:, 3], table["organization_focused"] - table["none"])


def test_a_page_holds_every_position(lesson: Lesson, played: Played) -> None:
    page = lesson_page(played)
    facts = json.loads(re.search(r'id="facts">(.*?)</script>', page, flags=re.DOTALL)[1])
    assert np.array(facts["gains"]).shape == (2, 2, 2, 2, 8, 4)
    assert facts["months"] == [3, 6, 9, 12]
    assert "Two positions, &lt;two&gt; rules." in page
    assert len(page.encode()) < 1_000_000
    assert not re.search(r"""(?:src|href)=["'](?!https://example\.org)""", page)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|@import|url\(", page)


def test_markdown() -> None:
    made = html_of(load_lesson("tour").pages["student"] + "\n\n- a\n- b\n\n1. One\n   and more\n2. x < y")
    assert "<h2>What you see</h2>" in made
    assert "<em>world</em>" in made
    assert made.endswith("<ul><li>a</li><li>b</li></ul>\n<ol><li>One and more</li><li>x &lt; y</li></ol>")


def test_a_surprise_is_said(lesson: Lesson, played: Played) -> None:
    one = lesson.block.expected[0].model_copy(update={"band": (0.5, 0.6)})
    block = lesson.block.model_copy(update={"expected": (one,)})
    other = Played(Lesson(lesson.name, block, lesson.pages), played.gains)
    assert len(other.surprises()) == 1
    assert re.match(
        r"individual_focused at lea_annual_exit 0.4, geometric_mean: gain in individual in month 6 is 0\.\d+",
        other.surprises()[0],
    )


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("lea_anual_exit", "lea_annual_exit", "lea_anual_exit; did you mean lea_annual_exit?"),
        ("tie_fade", "lea_annual_exit", "slider.parameter: tie_fade has no name in everyday words"),
        ("start: 0.1", "start: 0.05", "slider.values: must rise, and start must be one of them"),
        ("[0.05, 4]", "[0.05, 0.4]", "expected[0]: names what is not in this lesson"),
        ("readyness", "readiness", "switch.rule: unknown rule readyness; did you mean readiness?"),
        ("[product, sum]", "[product, geometric_mean]", "switch.variants: unknown variant sum"),
        ("skil: skill", "individual: skill", "measures: no measure skil"),
        ("[individual, organization_focused]", "[individual_focused, organization_focused]", "change: "),
        ("month: 7\npredict", "month: 6\npredict", "lesson: month: "),
        ("wrlds: 8", "worlds: 8", "lesson: wrlds: "),
        ("month: 24\npredict", "month: 6\npredict", "month: the run has 12"),
        ("```lessons", "```lesson", "a lesson has one block that begins with ```lesson, got 0"),
        ("## Students", "## Student page", "the headings ## must be Student page and For the instructor"),
        ("title: [", "title: A", "no YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(wrong: str, right: str, said: str, tmp_path: Path) -> None:
    assert right in SMALL
    with pytest.raises(InputError) as caught:
        load_lesson(written(tmp_path, SMALL.replace(right, wrong)))
    assert any(said in problem for problem in caught.value.problems), caught.value.problems
    assert all(str(tmp_path) in problem for problem in caught.value.problems)


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    assert run(main, ["lesson", "--list", "--quiet"]).output.split() == list(lesson_names())
    rows = json.loads(run(main, ["lesson", "--list", "--json"]).output)
    assert [row["name"] for row in rows] == list(lesson_names())
    written(tmp_path)
    made = run(main, ["lesson", "small.md", "--quiet"])
    assert (made.exit_code, made.output.strip()) == (0, "small.html")
    assert (tmp_path / "small.html").exists()
    for words, said in (
        (["lesson"], "name a lesson, or use --list"),
        (["lesson", "tour", "--list"], "name a lesson, or use --list"),
        (["lesson", "toor"], "lesson: no lesson 'toor'"),
        (["lesson", "nowhere.md"], "nowhere.md: no such file"),
        (["lesson", "tour", "--out", "tour.pdf"], ".html"),
    ):
        done = run(main, words)
        assert done.exit_code == 2
        assert said in done.output
