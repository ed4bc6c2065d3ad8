"""Progress: a moving line on a terminal, plain lines now and then elsewhere, nothing when quiet; narrow terminals."""

from __future__ import annotations

import contextlib
import io
import signal
import threading

import click
import numba
import pytest
from click.testing import CliRunner

from capsim.cli.group import Commands, Progress, duration_text, progress_text, say
from capsim.cli.tables import records_table


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Waiting(io.StringIO):
    """Says when something is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def write(self, text: str) -> int:
        self.written.set()
        return super().write(text)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def still(monkeypatch) -> None:
    """In place of the fixture of this name for all commands: here progress is what is tested, as users see it."""
    monkeypatch.setattr("capsim.cli.group.SECONDS_TO_FIRST_LINE", 10.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(progress: Progress, clock: Clock, blocks: int, seconds: float) -> None:
    with progress:
        for done in range(1, blocks + 1):
            clock.now += seconds
            progress(done, blocks, 0)


def test_a_plain_line_after_ten_seconds_and_then_every_thirty(clock):
    stream = io.StringIO()
    work(Progress(stream=stream, clock=clock), clock, blocks=100, seconds=1.0)
    assert stream.getvalue().splitlines() == [
        "10/100 blocks, 1/s, 1:30 left",
        "40/100 blocks, 1/s, 1:00 left",
        "70/100 blocks, 1/s, 0:30 left",
        "100/100 blocks, 1/s, 0:00 left",
    ]


def test_short_work_prints_nothing_elsewhere(clock):
    stream = io.StringIO()
    work(Progress(stream=stream, clock=clock), clock, blocks=9, seconds=1.0)
    assert stream.getvalue() == ""


def test_what_comes_before_the_first_run_does_not_count(clock):
    stream = io.StringIO()
    with Progress("runs", stream=stream, clock=clock) as progress:
        progress(400, 1000, 0)  # stored by an earlier session
        clock.now += 60.0  # compiling
        progress(401, 1000, 0)
        clock.now += 40.0
        progress(441, 1000, 0)
    assert stream.getvalue().splitlines() == ["401/1000 runs", "441/1000 runs, 1/s, 9:19 left"]


def test_one_says_at_once_that_the_first_minute_is_compiling(clock):
    stream = io.StringIO()
    with Progress(stream=stream, clock=clock) as progress:
        numba.njit(lambda x: x + 1)(2)
        numba.njit(lambda x: x + 2)(2)
        clock.now += 11.0
        progress._tick()
    numba.njit(lambda x: x + 3)(2)
    assert stream.getvalue().splitlines() == [
        "compiling once; what is compiled is kept for the next time",
        "compiling once, 0:11 so far",
    ]


def test_a_thread_speaks_while_nothing_ends(monkeypatch):
    monkeypatch.setattr("capsim.cli.group.SECONDS_TO_FIRST_LINE", 0.0)
    stream = Waiting()
    with Progress(stream=stream):
        assert stream.written.wait(60.0)
    assert stream.getvalue().startswith("starting, 0:0")


def test_a_stream_that_is_closed_is_no_reason_to_fail(clock):
    stream = io.StringIO()
    with Progress(stream=stream, clock=clock) as progress:
        stream.close()
        clock.now += 60.0
        progress(1, 2, 0)


def test_a_terminal_has_one_line_that_is_wiped_at_the_end(clock):
    stream = Terminal()
    work(Progress(stream=stream, clock=clock), clock, blocks=3, seconds=2.0)
    text = stream.getvalue()
    assert "\n" not in text
    shown = [part.strip() for part in text.split("\r")]
    assert shown == [
        "",
        "starting ...",
        "1/3 blocks",
        "2/3 blocks, 0.5/s, 0:02 left",
        "3/3 blocks, 0.5/s, 0:00 left",
        "",
        "",
    ]
    assert len(text.split("\r")[-2]) == len("1/3 blocks, 0.5/s, 0:04 left")


def test_a_terminal_is_not_redrawn_for_every_block(clock):
    stream = Terminal()
    work(Progress(stream=stream, clock=clock), clock, blocks=1000, seconds=0.001)
    assert stream.getvalue().count("\r") < 20


@pytest.mark.parametrize("kind", [io.StringIO, Terminal])
def test_quiet_is_quiet(clock, kind):
    stream = kind()
    work(Progress(quiet=True, stream=stream, clock=clock), clock, blocks=100, seconds=60.0)
    assert stream.getvalue() == ""


def test_another_stage_starts_its_own_count(clock):
    stream = io.StringIO()
    with Progress(stream=stream, clock=clock) as progress:
        for blocks, seconds in ((2, 60.0), (4, 30.0)):
            for done in range(1, blocks + 1):
                clock.now += seconds
                progress(done, blocks, 0)
    assert stream.getvalue().splitlines() == [
        "1/2 blocks",
        "2/2 blocks, 0.017/s, 0:00 left",
        "1/4 blocks",
        "2/4 blocks, 0.033/s, 1:00 left",
        "3/4 blocks, 0.033/s, 0:30 left",
        "4/4 blocks, 0.033/s, 0:00 left",
    ]


def test_failed_runs_are_counted():
    assert progress_text(1, 2, 1, "blocks", 1.0) == "1/2 blocks, 1/s, 0:01 left, 1 failed run"
    assert progress_text(1, 2, 3, "runs", 0.0) == "1/2 runs, 3 failed runs"


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "0:00"), (59.6, "1:00"), (754.0, "12:34"), (7265.0, "2:01:05")])
def test_durations(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_library_dropped_is_raised_again_with_the_next_progress(number, status):
    @click.group(cls=Commands)
    def main():
        pass

    @main.command()
    def work():
        with Progress("runs", stream=io.StringIO()) as progress:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(number)
            progress(1, 2, 0)
            click.echo("went on")

    @main.command()
    def heard():
        with contextlib.suppress(KeyboardInterrupt), Progress("runs", stream=io.StringIO()):
            signal.raise_signal(number)
        with Progress("runs", stream=io.StringIO()) as progress:
            progress(1, 2, 0)

    before = signal.getsignal(number)
    stopped = CliRunner().invoke(main, ["work"])
    assert (stopped.exit_code, stopped.stdout, len(stopped.stderr.splitlines())) == (status, "", 1)
    assert CliRunner().invoke(main, ["heard"]).exit_code == 0
    assert signal.getsignal(number) is before


def test_a_narrow_terminal_gets_whole_words_and_the_columns_that_fit(monkeypatch) -> None:
    columns = {"plan": str, "dollars": lambda row: "1" * 20, "verdict": lambda row: "not settled"}
    table = records_table([1], columns, align="lrl", spare=("dollars",))
    assert "dollars" in table
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "30")
    narrow = records_table([1], columns, align="lrl", spare=("dollars",))
    assert narrow.splitlines()[0] == "plan  verdict"
    say("  four words and four more words")
    say(table)
    lines = terminal.getvalue().splitlines()
    assert lines[:2] == ["  four words and four more", "  words"]
    assert lines[2:] == table.splitlines()
