"""The page: complete, self-contained, escaped, and never "nan"."""

from __future__ import annotations

import dataclasses
import html
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from capsim.comparison.comparison import Comparison
from capsim.errors import OutputError
from capsim.parameters import assumed_parameters
from capsim.report import render_report, write_report
from capsim.report.plain import signed

SYNTHETIC = {"source": "synthetic", "districts": 4, "regions": 1}


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def words_of(page: str) -> str:
    """Text that a reader sees, on one line."""
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def assert_sane(page: str) -> str:
    words = words_of(page)
    assert not re.search(r"\b(nan|NaN|inf|NaT)\b", words)
    assert "−0.000 " not in words
    return words


@pytest.fixture(scope="module")
def page(written: Path) -> str:
    return written.read_text(encoding="utf-8")


def test_needs_nothing_but_itself(page: str) -> None:
    elements = Elements(page).found
    assert not {"link", "img", "iframe", "object", "image"} & {tag for tag, _ in elements}
    for _, attributes in elements:
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in page.replace("url(#", "")
    assert "@import" not in page
    assert len(page.encode()) < 2_000_000


def test_identifiers_are_unique_and_links_lead_somewhere(page: str) -> None:
    elements = Elements(page).found
    names = [attributes["id"] for _, attributes in elements if attributes.get("id")]
    assert len(names) == len(set(names))
    links = {(attributes.get("href") or "#")[1:] for _, attributes in elements} - {""}
    assert links <= set(names)


def test_says_the_answer_and_both_intervals(usual: Comparison, page: str) -> None:
    words = assert_sane(page)
    assert " ".join(usual.answer().split()) in words
    luck, both = usual.headline()["luck"], usual.headline()["luck_and_assumptions"]
    assert f"uncertain between {signed(luck.mean.low)} and {signed(luck.mean.high)}" in words
    assert f"fall between {signed(both.spread.low)} and {signed(both.spread.high)}" in words
    assert "0 is not at all, 1 is fully" in words


def test_has_every_section(page: str) -> None:
    names = {a.get("id") for tag, a in Elements(page).found if tag == "section"}
    assert names == {
        "answer",
        "center",
        "support",
        "wishes",
        "setting",
        "course",
        "differences",
        "means",
        "lasting",
        "capacities",
        "multipliers",
        "fairness",
        "cost",
        "assumptions",
        "break-even",
        "trust",
        "provenance",
        "evidence",
        "needs",
        "chain",
        "instruments",
        "plan",
        "delivery",
        "areas",
        "flow",
        "reach",
        "leavers",
        "districts",
    }


def test_lists_every_assumption_and_where_the_numbers_come_from(usual: Comparison, page: str) -> None:
    words = words_of(page)
    assert all(parameter.meaning in words for parameter in assumed_parameters())
    assert str(usual.provenance["scenario_hash"]) in words
    assert "capsim compare scenario.yaml" in words


def test_escapes_what_users_write(page: str, hostile: str) -> None:
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script") == 1 + page.count('class="sliding"')
    assert html.escape(hostile, quote=False).replace('"', "&#34;") in page.replace("&quot;", "&#34;")


def test_says_what_is_real(classroom: Callable[..., Comparison], page: str) -> None:
    assert "come from classroom_agencies.csv; the inner state is simulated" in words_of(page)
    assert "agencies are invented" in words_of(render_report(classroom(agencies=SYNTHETIC)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "keeps every assumption fixed"),
        (
            {"timeline": {"settling": 12, "assistance": 12, "follow_up": 0}},
            "Nothing was watched after assistance ended",
        ),
        ({"timeline": {"settling": 0, "assistance": 0, "follow_up": 12}}, "There were no months of assistance"),
        ({"assistance": {"budget_hours_per_year": 0}}, "not defined: no hours were spent"),
        ({"focal_areas": [f"area {n}" for n in range(12)]}, "12 focal areas"),
        ({"strategies": ["individual_focused", "organization_focused"]}, "No assistance"),
        ({"agencies": {**SYNTHETIC, "districts": 1, "regions": 0}}, "no districts of both kinds"),
        (
            {"question": {"outcome": "vacancy", "contrast": ["none", "individual_focused"]}},
            "which plan has the lowest vacancy",
        ),
        ({"replications": 9, "uncertainty": "assumed"}, "None stands out from chance"),
    ],
)
def test_odd_comparisons_are_said_in_words(
    classroom: Callable[..., Comparison], monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], said: str
) -> None:
    if "timeline" not in changes:  # figures are drawn in any case; saving them takes the time
        monkeypatch.setattr("capsim.report.results.inline_svg", lambda figure, *, name, title: "<svg></svg>")
    assert said in assert_sane(render_report(classroom(**changes)))


def test_failed_runs_are_counted_with_their_reasons(without: Callable[..., Comparison]) -> None:
    words = assert_sane(render_report(without("organization_focused")))
    assert "no answer, because no pair of runs" in words
    assert "18 runs of 72 failed" in words
    assert "ValueError: <b>hours</b>" in words
    assert "secret.py" not in words
    assert "no run without assistance finished" in assert_sane(render_report(without("none")))


def test_nothing_finished(usual: Comparison) -> None:
    labels = ["run_id", "strategy", "replicate", "assumptions", "scenario"]
    runs = usual.runs[labels].assign(status="failed")
    failures = [{"strategy": name, "reason": ""} for name in runs["strategy"]]
    bare = dataclasses.replace(
        usual,
        runs=runs,
        monthly=pd.DataFrame(),
        draws=pd.DataFrame(),
        failures=failures,
        settling=[],
        provenance={},
        notes=(),
        break_even=[],
    )
    words = assert_sane(render_report(bare))
    assert "No answer" in words
    assert "no reason was recorded" in words
    assert "not recorded" in words


@pytest.mark.parametrize("lost", ["none", "organization_focused"])
def test_a_comparison_without_a_strategy(usual: Comparison, lost: str) -> None:
    kept = dataclasses.replace(
        usual,
        strategies=tuple(name for name in usual.strategies if name != lost),
        runs=usual.runs[usual.runs["strategy"] != lost],
        monthly=usual.monthly[usual.monthly["strategy"] != lost],
    )
    assert_sane(render_report(kept))


def test_writes_the_whole_file_or_none(
    usual: Comparison, written: Path, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [entry.name for entry in written.parent.iterdir()] == ["report.html"]
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>")
    monkeypatch.setattr("capsim.report.page.render_report", lambda comparison: "new")
    assert write_report(usual, tmp_path / "report.html").read_text() == "new"
    with pytest.raises(OutputError, match="there is no folder"):
        write_report(usual, tmp_path / "missing" / "report.html")


def test_the_scenario_in_the_page_can_be_run_again(usual: Comparison, page: str, tmp_path: Path) -> None:
    from capsim.scenario import load_scenario, scenario_hash

    blocks = [html.unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", page, flags=re.DOTALL)]
    (tmp_path / "scenario.yaml").write_text(blocks[-1], encoding="utf-8")
    assert scenario_hash(load_scenario(tmp_path / "scenario.yaml")) == usual.provenance["scenario_hash"]


def test_a_folder_read_again_gives_the_same_page(usual: Comparison, page: str, tmp_path: Path) -> None:
    from capsim.comparison.folder import read_comparison, write_folder

    write_folder(usual, tmp_path / "out")
    assert render_report(read_comparison(tmp_path / "out")) == page
    code = "import sys, capsim, capsim.report; capsim.open_results('out'); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0, (
        "no kernel is loaded"
    )
