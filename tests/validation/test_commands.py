"""`python -m validation NAME`: what it prints, and its exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from validation.__main__ import main
from validation.baseline import Pattern
from validation.closed_forms import ClosedForm

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "patterns.md"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_closed_forms_are_counted_and_one_missed_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    good = ClosedForm(name="stock", statistic="mean", expected=1.0, observed=1.0, tolerance=0.1)
    bad = ClosedForm(name="flow", statistic="mean", expected=1.0, observed=2.0, tolerance=0.1)
    monkeypatch.setattr("validation.closed_forms.run_closed_forms", lambda seed: [good])
    assert run("closed-forms").exit_code == 0
    monkeypatch.setattr("validation.closed_forms.run_closed_forms", lambda seed: [good, bad])
    result = run("closed-forms")
    assert result.exit_code == 1
    assert "1 of 2 closed forms met." in result.stdout
    assert re.search(r"flow .*MISSED", result.stdout)
    assert "stock" not in run("closed-forms", "--quiet").stdout
    assert [row["met"] for row in json.loads(run("closed-forms", "--json").stdout)] == [True, False]


def test_baseline_patterns_are_met_or_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = [Pattern("culture", 3, 0.5, 0.45, 0.7), Pattern("reciprocity", 45, 0.8, 0.4, 0.6)]
    monkeypatch.setattr("validation.baseline.run_baseline", lambda seed: patterns)
    result = run("baseline")
    assert result.exit_code == 1
    assert "1 of 2 baseline patterns met." in result.stdout
    assert re.search(r"reciprocity +45 +0.8000  0.4 to 0.6 +MISSED", result.stdout)


def test_patterns_are_told_from_an_earlier_run(tmp_path: Path) -> None:
    saved = str(DOCS / "patterns.json")
    text = run("patterns", "--from", saved)
    assert text.exit_code == 0
    assert re.search(r"\d+ of \d+ statistics met\.$", text.stdout.strip())
    assert run("patterns", "--from", saved, "--markdown").stdout == PAGE.read_text(encoding="utf-8")
    page = tmp_path / "page.md"
    assert run("patterns", "--from", saved, "--write", str(page)).exit_code == 0
    assert page.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.json", "page.md"]
    wrong = run("patterns", "--from", "README.md")
    assert (wrong.exit_code, wrong.stderr) == (
        2,
        "README.md: holds no results of `python -m validation patterns --json`\n",
    )


def test_every_command_has_help_with_an_example() -> None:
    for name in main.commands:
        assert f"python -m validation {name}" in run(name, "--help").stdout
