"""A table of what people get wrong on the command line: one line each, the right status, nothing half-written.

Every row is a command line that must be refused before anything is simulated.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.cli.group import MOST_LINES
from capsim.errors import printable

LONG = "x" * 300
COMPARE = "compare small.yaml --workers 1"
EXPLAIN = "explain small.yaml none blended"
SENSE = "sensitivity small.yaml --parameters lea_annual_exit --workers 1"
FIT = "calibrate small.yaml --observed seen.csv --parameters lea_annual_exit"
BEST = "optimize small.yaml --workers 1"

NUMBERS = (
    "1_0",
    "²",
    "0x10",
    "1e400",
    "ten",
    "4k",
    "55%",
    "",
    " ",
    "--",
    "1,000",
    "nan",
    "NaN",
    "-inf",
    "1" * 5000,
    "½",
)
WHOLE = {
    "--workers": f"{COMPARE}",
    "--seed": f"{COMPARE}",
    "--replications": f"{EXPLAIN}",
    "--n": f"{SENSE}",
    "--draws": f"{BEST}",
}
PLACES = (
    LONG,
    f"a/{LONG}",
    "small.yaml",
    "small.yaml/x",
    "loop",
    "loop/x",
    "nowhere_link",
    "full",
    ".",
    "pipe",
    "''",
    "' '",
)
PLACES += ("/dev/null", "/dev/zero", "$'a\\nb'", "$'\\x1b[31mred'", "$'bad\\xff'", "''")
FILES = ("nowhere.yaml", ".", "full", "loop", "nowhere_link", "pipe", "/dev/zero", "/dev/null", LONG, f"{LONG}.yaml")
FILES += (
    "''",
    "' '",
    "small.yaml/x",
    "~nobody/x.yaml",
    "$'a\\nb.yaml'",
    "$'bad\\xff.yaml'",
    "latin.yaml",
    "utf16.yaml",
)
FILES += (
    "empty.yaml",
    "list.yaml",
    "broken.yaml",
    "tabs.yaml",
    "nul.yaml",
    "code.yaml",
    "deep.yaml",
    "large.yaml",
    "picture.yaml",
)
FOLDERS = (
    "nowhere",
    "small.yaml",
    "loop",
    "nowhere_link",
    LONG,
    "''",
    "$'bad\\xff'",
    "pipe",
    "full",
    "empty",
    "broken",
    "deep",
)

LINES: list[str] = [
    *(
        "nope",
        "compare",
        "compar small.yaml",
        "compare small.yaml extra",
        "compare --nope",
        "compare small.yaml --json=1",
    ),
    *(
        "--nope",
        "list nope",
        "new nope x",
        "list strategies extra",
        "run",
        "check",
        "explain small.yaml none",
        "query full",
    ),
    *(f"{command} {option} {number!r}" for option, command in WHOLE.items() for number in NUMBERS),
    *(f"{COMPARE} --precision {number!r}" for number in (*NUMBERS[:5], "0", "-1", "1e-400")),
    *(f"{FIT} --share {number!r}" for number in ("0", "0.6", "-1", "½", "nan")),
    *(f"{BEST} --budgets {number!r}" for number in ("-1", "1_0", "inf", "4M")),
    *(f"{COMPARE} {words}" for words in ("--workers 0", "--workers -1", "--workers 2000", "--seed -1", "--seed 1.5")),
    *(
        f"{COMPARE} {words}"
        for words in ("--replications 1", "--replications auto", "--replications -3", "--uncertainty x")
    ),
    *(f"{COMPARE} --break-even {name!r}" for name in ("nope", "lea_anual_exit", "", "\x1b[31mred", LONG)),
    f"{COMPARE} --replications 5 --precision 0.1",
    f"{COMPARE} --replications {10**15}",
    f"{COMPARE} --seed {2**200}",
    *(
        f"run small.yaml --strategy {name!r}"
        for name in ("nope", "blendd", "", "a:b", "os:system", "\x1b[31mred", LONG)
    ),
    *(f"explain small.yaml {words}" for words in ("nope none", "none nope", "'' none", "none none none")),
    *(f"{EXPLAIN} --out {name}" for name in ("why.txt", "why", "nowhere/why.svg", "full", ".", f"{LONG}.svg", "loop")),
    *(
        f"{SENSE} {words}"
        for words in ("--method x", "--outcome nope", "--contrast none", "--contrast none nope", "--n 3")
    ),
    *(f"sensitivity small.yaml --parameters {name!r}" for name in ("nope", "", "lea_anual_exit")),
    "calibrate small.yaml",
    "calibrate classroom",
    "calibrate small.yaml --observed seen.csv",
    "calibrate small.yaml --parameters lea_annual_exit",
    *(f"calibrate small.yaml --parameters lea_annual_exit --observed {name}" for name in FILES[:12]),
    *(f"calibrate small.yaml --parameters lea_annual_exit --observed {name}" for name in ("empty.csv", "agencies.csv")),
    *(f"{FIT} --runs {name}" for name in FOLDERS),
    *(f"{FIT} {words}" for words in ("--strategy nope", "--method x", "--n 3")),
    *(
        f"{BEST} {words}"
        for words in ("--objectives nope", "--robust x", "--search x", "--uncertain nope", "--population 3")
    ),
    *(
        f"sweep study.yaml --shard {part!r}"
        for part in ("0/3", "4/3", "x", "²/³", "1", "1/", "/", "1_0/20", "-1/3", "1/3/5")
    ),
    *(
        f"sweep study.yaml {words}"
        for words in ("--workers 2 --dask tcp://a:1", "--dask-file nope.json", "--dask-file .")
    ),
    *(f"sweep study.yaml {words}" for words in ("--dask-file pipe", "--dask-file full")),
    *(f"{command} {file}" for command in ("compare", "check", "run", "sweep") for file in FILES),
    *(f"{command} {file}" for command in ("sensitivity", "optimize") for file in FILES[:9]),
    "sweep small.yaml",
    "sensitivity study.yaml",
    *(f"{COMPARE} --out {place}" for place in PLACES),
    *(f"run small.yaml --out {place}" for place in PLACES),
    *(f"sweep study.yaml --out {place}" for place in PLACES),
    *(f"{SENSE} --out {place}" for place in PLACES),
    *(f"{command} {place}" for command in ("report", "compact", "query") for place in FOLDERS),
    *(f"new {what} {name}" for what in ("scenario", "agencies", "survey") for name in PLACES[:2]),
    *(f"new {what} small.yaml/x" for what in ("scenario", "agencies", "survey", "strategy")),
    *(f"new scenario {name}" for name in ("nowhere/x", "small", "$'a\\nb'", "$'bad\\xff'", "''", ".", "..")),
    *(f"new strategy {name}" for name in ("my-own", "class", "1a", "a.b", "''")),
    *(f"new scenario x --agencies {name}" for name in ("nowhere.csv", ".", "pipe", "loop")),
    *(
        "new scenario x --survey agencies.csv",
        "new survey x --scenario nowhere.yaml",
        "new survey x --scenario latin.yaml",
    ),
]


@pytest.fixture(autouse=True)
def things(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and folders that are not what they seem, and no simulation."""
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere_link").symlink_to("missing")
    os.mkfifo("pipe")
    for name in ("full", "empty", "broken", "deep"):
        (folder / name).mkdir()
    (folder / "full" / "mine.txt").write_text("mine")
    (folder / "broken" / "provenance.json").write_text('{"kind": ')
    (folder / "broken" / "study.json").write_text("[]")
    (folder / "deep" / "provenance.json").write_text("[" * 100_000)
    (folder / "latin.yaml").write_bytes(b"name: caf\xe9\n")
    (folder / "utf16.yaml").write_bytes("name: x\n".encode("utf-16"))
    (folder / "empty.yaml").write_text("")
    (folder / "empty.csv").write_text("")
    (folder / "list.yaml").write_text("- a\n- b\n")
    (folder / "broken.yaml").write_text("name: [1, 2\n")
    (folder / "tabs.yaml").write_text("name: x\n\tagencies: y\n")
    (folder / "nul.yaml").write_bytes(b"name: a\0b\n")
    (folder / "code.yaml").write_text("name: !!python/object/apply:os.system ['echo']\n")
    (folder / "deep.yaml").write_text("name: " + "[" * 5000)
    (folder / "large.yaml").write_text("name: x\n" + "# y\n" * 300_000)
    (folder / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "seen.csv").write_text("measure,month,level,value,standard_error\nuse,12,lea,0.2,0.05\n")
    (folder / "study.yaml").write_text(
        "kind: sweep\nname: s\nscenario: small.yaml\nfactors: {lea_annual_exit: [0.1, 0.2]}\n"
    )
    refuse = lambda *words, **more: pytest.fail("a run was started")  # noqa: E731
    for place in ("capsim.runs.crews.run_block", "capsim.engine.run.Simulation.advance"):
        monkeypatch.setattr(place, refuse)


def words_of(line: str) -> list[str]:
    """Words as a shell makes them, with $'...' for bytes."""
    parts = shlex.split(line.replace("$'", "'\ue000"))
    return [
        os.fsdecode(part[1:].encode("latin1").decode("unicode_escape").encode("latin1"))
        if part[:1] == "\ue000"
        else part
        for part in parts
    ]


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_size for path in folder.rglob("*")}


@pytest.mark.parametrize("line", LINES, ids=lambda line: printable(line)[:80])
def test_one_line_and_nothing_half_written(line: str, folder: Path) -> None:
    before = snapshot(folder)
    result = CliRunner().invoke(main, words_of(line))
    lines = result.stderr.splitlines()
    assert result.exit_code == 2, (result.exit_code, result.output)
    assert result.stdout == ""
    assert 1 <= len(lines) <= MOST_LINES + 1
    assert all(one and one == printable(one) and len(one) < 700 for one in lines)
    assert "Traceback" not in result.stderr
    assert "fault of capsim" not in result.stderr
    assert snapshot(folder) == before


@pytest.mark.parametrize("address", ["nope", "nope://a:1"])  # one that does not answer: tests/runs/test_dask.py
def test_a_scheduler_that_is_not_there(address: str) -> None:
    result = CliRunner().invoke(main, ["sweep", "study.yaml", "--dask", address])
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert "dask" in result.stderr


def test_whatever_dask_raises_while_it_connects_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*args: object, **options: object) -> None:
        raise RuntimeError("IOLoop is closed")

    monkeypatch.setattr("distributed.Client", closed)
    result = CliRunner().invoke(main, ["sweep", "study.yaml", "--dask", "tcp://a:1"])
    assert (result.exit_code, result.stderr) == (2, "tcp://a:1: no dask scheduler answers: IOLoop is closed\n")


def test_the_files_that_the_table_uses_are_good() -> None:
    assert CliRunner().invoke(main, ["check", "small.yaml", "study.yaml"]).exit_code == 0


def test_there_are_many() -> None:
    assert len(set(LINES)) >= 400
