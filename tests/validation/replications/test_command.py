"""`python -m validation replications`: what it writes is what docs holds, and what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from validation.__main__ import main
from validation.replications.march_published import CLAIMS
from validation.replications.other_claims import CARLEY, RAO, ROUTINES
from validation.replications.page import replications_markdown
from validation.replications.saving import read_replications

DOCS = Path(__file__).parents[3] / "docs"
PAGE, NUMBERS = DOCS / "replications.md", DOCS / "replications.json"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["replications", *words])


def test_the_page_and_its_pictures_are_what_the_numbers_say(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert run("--from", str(NUMBERS), "--write", str(page)).exit_code == 0
    assert page.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert page.with_suffix(".json").read_text(encoding="utf-8") == NUMBERS.read_text(encoding="utf-8")
    names = set(re.findall(r"\(images/([\w.]+)\)", page.read_text(encoding="utf-8")))
    assert names == {path.name for path in (tmp_path / "images").iterdir()}
    assert names <= {path.name for path in (DOCS / "images").iterdir()}


def test_the_saved_claims_are_the_declared_ones() -> None:
    saved = read_replications(NUMBERS)
    for reading in saved["march"].values():
        for number, claims in CLAIMS.items():
            assert [one["words"] for one in reading["findings"][str(number)]] == [claim.words for claim in claims]
    for name, claims in (("rao", RAO), ("carley", CARLEY), ("routines", ROUTINES)):
        assert [one["words"] for one in saved[name]["findings"]] == [claim.words for claim in claims]


def test_the_reading_that_is_used_comes_as_near_to_figure_1_as_luck_allows() -> None:
    apart = {name: one["apart"]["1"] for name, one in read_replications(NUMBERS)["march"].items()}
    assert apart["program"]["typical"] < 1.5 * apart["program"]["by_luck"]
    assert apart["text"]["typical"] > 3.0 * apart["text"]["by_luck"]


def test_claims_are_listed_and_with_quiet_only_those_that_do_not_hold() -> None:
    everything = run("--from", str(NUMBERS)).stdout
    assert re.search(r"\d+ of \d+ claims hold \(March: reading program\)\.$", everything.strip())
    assert "holds" in everything
    assert "  holds" not in run("--from", str(NUMBERS), "--quiet").stdout
    assert set(json.loads(run("--from", str(NUMBERS), "--json").stdout)["replications"]) >= {"march", "rao", "carley"}


def test_a_few_runs_fill_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("validation.replications.carley.PROBLEMS", 600)
    results = json.loads(run("--runs", "2", "--json", "--quiet").stdout)["replications"]
    assert results["runs"] == 2
    assert "--runs 2 --seed 1" in replications_markdown(results)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--runs", "1"), "1 is not in the range 2<=x<=100000"),
        (("--from", "README.md"), "README.md: holds no results of `python -m validation replications --json`"),
        (("--from", str(NUMBERS), "--write", "/no/such/page.md"), "there is no folder /no/such"),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
