"""Questions in SQL to any output folder: answered from copies, with no way to a file, one statement at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.comparison.compare import compare
from capsim.comparison.folder import write_folder
from capsim.errors import InputError
from capsim.runs import reading
from capsim.runs.reading import Results, query_folder
from capsim.runs.study import study_from_mapping
from capsim.runs.sweep import sweep


@pytest.fixture(scope="module")
def folders(classroom, tmp_path_factory):
    """A folder of a study and one of a comparison."""
    place = tmp_path_factory.mktemp("it's [a] *=1?")
    content = {"kind": "sweep", "name": "Asked", "scenario": classroom.resolved(), "replications": 2}
    sweep(study_from_mapping(content), out=place / "study")
    write_folder(compare(classroom, replications=2, keep_agencies=True, uncertainty="assumed"), place / "comparison")
    return place


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


GOOD = [
    "SELECT count(*) AS n FROM runs",
    "FROM runs",
    "WITH a AS (SELECT 1 AS n) SELECT n FROM a",
    "PIVOT runs ON strategy USING count(*) GROUP BY replicate",
    "SUMMARIZE runs",
    "DESCRIBE runs",
    "SHOW TABLES",
    "SELECT 1;",
]
BAD = [
    "",
    ";",
    "-- nothing",
    "COPY runs TO '{}/x.csv'",
    "explain analyze copy (select 1 as a) to '{}/study.json' (format csv)",
    "EXPLAIN SELECT 1",
    "DROP TABLE runs",
    "INSERT INTO runs SELECT * FROM runs",
    "SELECT 1; SELECT 2",
    "SET threads = 2",
    "SET enable_external_access = true",
    "ATTACH '{}/x.db'",
    "EXPORT DATABASE '{}/x'",
    "INSTALL httpfs",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE a AS SELECT 1",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('{}/study.json')",
    "SELECT * FROM '{}/provenance.json'",
    "SELECT * FROM glob('{}/*')",
    "SELECT * FROM read_parquet('{}/runs.parquet')",
    "SELECT use_follow FROM runs",
    "SELEKT 1",
    "SELECT * FROM runs WHERE",
    "SELECT \0",
    "SELECT 1/",
]


@pytest.mark.parametrize("kind", ["study", "comparison"])
@pytest.mark.parametrize("sql", GOOD)
def test_what_is_answered(folders, kind, sql):
    assert len(query_folder(folders / kind, sql))


@pytest.mark.parametrize("kind", ["study", "comparison"])
def test_everything_else_is_refused_and_nothing_changes(folders, kind):
    before = everything(folders)
    for sql in BAD:
        with pytest.raises(InputError, match=r"one SELECT statement|the query failed: "):
            query_folder(folders / kind, sql.format(folders / kind))
    assert everything(folders) == before


def test_every_table_of_a_comparison(folders):
    names = set(query_folder(folders / "comparison", "SHOW TABLES")["name"])
    assert names == {path.stem for path in (folders / "comparison").glob("*.parquet")}
    assert {"runs", "monthly", "agencies", "draws"} <= names
    joined = query_folder(folders / "comparison", "SELECT m.use FROM monthly m JOIN runs USING (run_id) LIMIT 3")
    assert len(joined) == 3


def test_by_command(folders, tmp_path):
    def command(*words):
        return CliRunner().invoke(main, ["query", *map(str, words)])

    asked = command(folders / "comparison", "SELECT 1 AS a", "--json")
    assert (asked.exit_code, asked.output.split()) == (0, ["[", "{", '"a":', "1", "}", "]"])
    for folder, words in ((tmp_path, "holds no tables"), (tmp_path / "no", "no such folder"), (__file__, "is a file")):
        refused = command(folder, "SELECT 1")
        assert refused.exit_code == 2
        assert words in refused.output
        assert len(refused.output.splitlines()) == 1
    assert f"did you mean {folders / 'comparison'}" in command(folders, "SELECT 1").output
    misspelt = command(folders / "comparison", "SELECT nme FROM (SELECT 1 AS name)").output
    assert misspelt.endswith('column "nme" not found in FROM clause! Candidate bindings: "name"\n')
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 or not")
    assert "broken.parquet: not readable as a Parquet table" in command(tmp_path, "SELECT 1").output


def test_more_than_fits_in_memory_is_an_error(folders, monkeypatch):
    settings = ["memory_limit = '40MB'", "temp_directory = ''", "enable_progress_bar = false"]
    monkeypatch.setattr("capsim.runs.tables._SETTINGS", settings)
    with pytest.raises(InputError, match=r"the query failed: Out of Memory"):
        query_folder(folders / "comparison", "SELECT * FROM range(30000000) ORDER BY random()")


ASKING = """\
import sys
import threading
from capsim.cli import main
from capsim.runs import reading

step, seconds, folder = sys.argv[1:]
there = getattr(reading, step)

def begin(*given):
    setattr(reading, step, there)  # of several tables the first: what two threads print can mix
    threading.Timer(float(seconds), print, [step], {"flush": True}).start()
    return there(*given)

setattr(reading, step, begin)
main(["query", folder, "SELECT count(*) FROM range(1000000000000) a, runs"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT")
@pytest.mark.parametrize(("step", "seconds"), [("_make_view", 0), ("_load", 0), ("_answer", 0), ("_answer", 0.7)])
def test_ctrl_c_ends_a_query_wherever_it_is(folders, step, seconds):
    folder = folders / ("comparison" if step == "_load" else "study")
    words = [sys.executable, "-c", ASKING, step, str(seconds), str(folder)]
    asking = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert asking.stdout.readline() == f"{step}\n"
        os.kill(asking.pid, signal.SIGINT)
        output, errors = asking.communicate(timeout=120)
    finally:
        asking.kill()
    assert (asking.returncode, output.replace(f"{step}\n", "")) == (130, "")
    assert len(errors.splitlines()) == 1


def test_a_file_that_is_merged_away_is_looked_for_again(folders, monkeypatch):
    results = Results(folders / "study")
    whole, tries, make = results.runs, [], reading._make_view

    def gone_once(*given):
        tries.append(given)
        if len(tries) == 1:
            raise InputError("IO Error: No such file or directory")
        make(*given)

    monkeypatch.setattr(reading, "_make_view", gone_once)
    pd.testing.assert_frame_equal(results.runs, whole)
    assert len(tries) == 2
