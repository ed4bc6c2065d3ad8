"""`python -m experiments.march1991`: the table that it writes, and what it says of bad input."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from experiments.march1991 import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_the_table_is_written_and_the_reading_said(tmp_path: Path) -> None:
    out = tmp_path / "figure.csv"
    result = run("--figure", "4", "--runs", "2", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "p1: turnover p3; p2: socialization rate p1" in result.stdout
    assert "Reading program" in result.stdout
    assert "text" in result.stdout.splitlines()[-1]
    table = pd.read_csv(out)
    assert list(table.columns) == ["p1", "p2", "quantity", "mean", "sd", "runs"]
    assert len(table) == 44
    assert run("--figure", "4", "--runs", "2").stdout == out.read_text(encoding="utf-8")


def test_another_reading_gives_other_numbers() -> None:
    assert run("--figure", "4", "--runs", "2", "--reading", "text").stdout != run("--figure", "4", "--runs", "2").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--figure", "6"), "6 is not in the range 1<=x<=5"),
        (("--figure", "1", "--runs", "0"), "0 is not in the range"),
        (("--figure", "1", "--reading", "txt"), "'txt' is not one of 'program'"),
        (("--runs", "3"), "Missing option '--figure'"),
        (("--figure", "1", "--out", "/no/such/folder/f.csv"), "there is no folder /no/such/folder"),
    ],
)
def test_bad_input_is_one_line(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
