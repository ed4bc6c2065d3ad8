"""Output folders: everything comes back, every column is described, and what is no output folder is refused by name."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from capsim.comparison.compare import compare
from capsim.comparison.folder import read_comparison, write_folder
from capsim.errors import InputError
from capsim.runs.dictionary import describe_column
from capsim.runs.output import number, plain, read_json, strict_json
from capsim.runs.tables import read_table, write_table
from capsim.scenario import load_scenario, shipped_scenarios

TABLES = (
    "runs",
    "monthly",
    "agencies",
    "chain",
    "instruments",
    "hours",
    "flow",
    "reach",
    "reach_agencies",
    "leavers",
    "regions",
    "draws",
    "center",
)


@pytest.fixture
def folder(full, tmp_path):
    write_folder(full, tmp_path / "out")
    return tmp_path / "out"


def test_everything_comes_back(full, folder):
    back = read_comparison(folder)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(full, name), check_exact=True)
    assert back.answer() == full.answer()
    pd.testing.assert_frame_equal(back.differences(), full.differences(), check_exact=True)
    pd.testing.assert_frame_equal(back.retention(), full.retention(), check_exact=True)
    assert back.scenario == full.scenario
    assert back.strategies == full.strategies
    assert back.notes == full.notes
    assert back.failures == full.failures
    assert 0 < len(back.failures) < 12, "some, not all"
    assert back.provenance == json.loads(json.dumps(full.provenance))


def test_settling_and_break_even_come_back(full, folder):
    back = read_comparison(folder)
    assert [(s.replicate, s.assumptions, s.months) for s in back.settling] == [
        (s.replicate, s.assumptions, s.months) for s in full.settling
    ]
    np.testing.assert_array_equal([s.drift for s in back.settling], [s.drift for s in full.settling])
    mine, theirs = back.break_even[0], full.break_even[0]
    assert mine.sentence() == theirs.sentence()
    np.testing.assert_array_equal(mine.values, theirs.values)
    assert plain([vars_of(one) for one in mine.differences]) == plain([vars_of(one) for one in theirs.differences])


def vars_of(interval):
    return [interval.estimate, interval.low, interval.high]


def test_a_comparison_without_the_optional_parts_comes_back(classroom, tmp_path):
    small = compare(classroom, replications=2, keep_agencies=False)
    write_folder(small, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert not names & {"agencies.parquet", "draws.parquet"}
    back = read_comparison(tmp_path / "out")
    assert back.answer() == small.answer()
    assert back.agencies.empty
    assert back.draws.empty


def test_every_column_of_every_table_is_described(folder):
    text = (folder / "data_dictionary.md").read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    texts = {"summary.csv", "plan.csv", "waterfall.csv", "regions.csv", "districts.csv", "failures.jsonl"}
    assert set(sections) == {*(f"{name}.parquet" for name in TABLES)} | texts
    for name in TABLES:
        rows = [line.split(" | ") for line in sections[f"{name}.parquet"].splitlines() if line.startswith("| ")][1:]
        assert [row[0].removeprefix("| ") for row in rows] == list(read_table(folder / f"{name}.parquet").columns)
        assert all(len(row) == 4 and all(cell.strip(" |") for cell in row) for row in rows)


def test_a_column_that_nothing_declares_cannot_be_described():
    with pytest.raises(KeyError):
        describe_column("mystery", "runs.parquet")


def test_descriptions_come_from_the_catalogue():
    assert describe_column("use", "monthly.parquet").range == "0 to 1"
    assert "end of follow-up" in describe_column("culture_follow_up_end", "runs.parquet").meaning
    assert describe_column("gain_culture_assistance_end", "runs.parquet").meaning.startswith("Gain over the paired run")
    assert describe_column("ta_hours", "runs.parquet").unit == "hours"
    assert describe_column("ta_hours", "monthly.parquet").unit == "hours per month and agency"
    assert describe_column("lea_annual_exit", "draws.parquet").unit == "per year"


def test_failures_say_parameters_and_reason(full, folder):
    lines = [json.loads(line) for line in (folder / "failures.jsonl").read_text().splitlines()]
    drawn = next(line for line in lines if line["assumptions"] == "drawn")
    assert "somebody is missing" in drawn["reason"]
    values = full.draws.set_index("replicate").loc[drawn["replicate"]]
    assert drawn["parameters"]["months_to_fill"] == values["months_to_fill"]
    assert drawn["parameters"]["lea_annual_exit"] == full.scenario.parameters["lea_annual_exit"]


def test_extra_files_are_written_with_the_others(full, tmp_path):
    problems = write_folder(full, tmp_path / "out", extra={"note.txt": lambda path: path.write_text("hello")})
    assert problems == []
    assert (tmp_path / "out" / "note.txt").read_text() == "hello"


def test_nothing_pickled_and_json_is_strict(folder):
    assert {path.suffix for path in folder.iterdir()} == {".json", ".parquet", ".md", ".csv", ".jsonl"}
    for path in folder.glob("*.parquet"):
        assert path.read_bytes()[:4] == path.read_bytes()[-4:] == b"PAR1"
    assert read_json((folder / "provenance.json").read_text())["tables"]["runs.parquet"] == 48


def test_undefined_and_infinite_numbers_in_json():
    values = {"a": math.nan, "b": [math.inf, np.float64(-math.inf)], "c": np.int64(3), "d": np.array([1.5, math.nan])}
    text = strict_json(values, indent=None)
    assert text == '{"a": null, "b": ["Infinity", "-Infinity"], "c": 3, "d": [1.5, null]}'
    back = read_json(text)
    assert [number(value) for value in back["b"]] == [math.inf, -math.inf]
    assert math.isnan(number(back["a"]))
    with pytest.raises(ValueError, match="NaN is not allowed"):
        read_json('{"a": NaN}')
    with pytest.raises(ValueError, match="'many' is not a number"):
        number("many")


@pytest.mark.parametrize("name", ["plain", "a=1", "with 'quote'", "[x]*?", "ünïcode"])
def test_tables_in_folders_of_any_name(tmp_path, name):
    table = pd.DataFrame({"s": ["a", "b"], "x": [math.nan, 0.1], "n": [1, 2]})
    (tmp_path / name).mkdir()
    write_table(table, tmp_path / name / "t.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / name / "t.parquet"), table)


def test_reading_imports_no_plugin_and_needs_no_other_file(classroom, tmp_path):
    content = classroom.resolved()
    agencies = tmp_path / "agencies.csv"
    agencies.write_text(Path(content["agencies"]["source"]).read_text())
    (tmp_path / "kind_plugin.py").write_text(
        "import capsim\nclass Kind(capsim.Strategy):\n    name = 'kind'\n    def decide(self, *a): return []\n"
    )
    content["agencies"]["source"] = str(agencies)
    content["strategies"] = [*content["strategies"], {"plugin": "kind_plugin:Kind"}]
    (tmp_path / "s.yaml").write_text(json.dumps(content))
    code = "import capsim; from capsim.comparison.folder import write_folder; "
    code += "write_folder(capsim.compare('s.yaml', replications=2), 'out')"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=120)
    (tmp_path / "kind_plugin.py").write_text("raise SystemExit('executed')\n")
    agencies.unlink()
    code = "import sys; from capsim.comparison.folder import read_comparison; c = read_comparison('out'); "
    code += "c.answer(); c.differences(); print(c.strategies[-1], 'kind_plugin' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=120, capture_output=True, text=True
    )
    assert done.stdout.split() == ["Kind", "False"]


class TestRefusals:
    @pytest.mark.parametrize("name", ["provenance.json", "runs.parquet", "monthly.parquet", "draws.parquet"])
    def test_missing_file(self, folder, name):
        (folder / name).unlink()
        with pytest.raises(InputError, match=rf"{name}: is missing"):
            read_comparison(folder)

    def test_missing_failures(self, folder):
        (folder / "failures.jsonl").unlink()
        with pytest.raises(InputError, match=r"failures.jsonl: is missing"):
            read_comparison(folder)

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("provenance.json", "not readable as JSON, perhaps cut off"),
            ("runs.parquet", "not readable as a Parquet table"),
            ("monthly.parquet", "not readable as a Parquet table"),
            ("failures.jsonl", "not as capsim writes it, perhaps cut off"),
        ],
    )
    def test_file_that_is_cut_off(self, folder, name, message):
        os.truncate(folder / name, (folder / name).stat().st_size // 2)
        with pytest.raises(InputError, match=f"{name}.*{message}"):
            read_comparison(folder)

    def test_failures_cut_off_between_lines(self, folder):
        lines = (folder / "failures.jsonl").read_text().splitlines(keepends=True)
        (folder / "failures.jsonl").write_text("".join(lines[:-1]))
        with pytest.raises(InputError, match=r"failures.jsonl: has \d+ failed runs; provenance.json says \d+"):
            read_comparison(folder)

    def test_table_of_somebody_else(self, folder):
        write_table(pd.DataFrame({"x": [1]}), folder / "monthly.parquet")
        with pytest.raises(InputError, match=r"monthly.parquet: is not the table that capsim wrote; columns missing"):
            read_comparison(folder)

    def test_table_with_rows_missing(self, folder):
        write_table(read_table(folder / "runs.parquet").iloc[:-1], folder / "runs.parquet")
        with pytest.raises(InputError, match=r"runs.parquet: has 47 rows; provenance.json says 48"):
            read_comparison(folder)

    @pytest.mark.parametrize(
        ("record", "message"),
        [
            ("[]", "was not written by capsim"),
            ('{"a": 1}', "was not written by capsim"),
            ('{"format": 99, "kind": "comparison"}', "was written by a newer capsim"),
            ('{"format": 1, "kind": "run"}', "holds a run, not a comparison"),
            ('{"format": 1, "kind": "comparison"}', "is incomplete; missing: break_even, failed_runs"),
            ('{"format": NaN}', "not readable as JSON"),
        ],
    )
    def test_record_of_something_else(self, folder, record, message):
        (folder / "provenance.json").write_text(record)
        with pytest.raises(InputError, match=f"provenance.json: {message}"):
            read_comparison(folder)

    def test_record_with_wrong_contents(self, folder):
        record = json.loads((folder / "provenance.json").read_text())
        record["scenario"]["seed"] = "many"
        (folder / "provenance.json").write_text(json.dumps(record))
        with pytest.raises(InputError, match=r"provenance.json: not as capsim writes it"):
            read_comparison(folder)


def test_the_shipped_scenarios_can_be_kept_in_a_record():
    for name in shipped_scenarios():
        content = load_scenario(name).resolved()
        assert read_json(strict_json(content)) == json.loads(json.dumps(content))
