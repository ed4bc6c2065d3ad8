"""Progress: a moving line on a terminal, plain lines now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import io

import pytest

from capsim.cli.progress import Progress, duration_text, progress_text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(progress: Progress, clock: Clock, blocks: int, seconds: float) -> None:
    with progress:
        for done in range(1, blocks + 1):
            clock.now += seconds
            progress(done, blocks, 0)


def test_a_plain_line_at_most_every_thirty_seconds(clock):
    stream = io.StringIO()
    work(Progress(stream=stream, clock=clock), clock, blocks=100, seconds=1.0)
    assert stream.getvalue().splitlines() == [
        "30/100 blocks, 1/s, 1:10 left",
        "60/100 blocks, 1/s, 0:40 left",
        "90/100 blocks, 1/s, 0:10 left",
    ]


def test_short_work_prints_nothing_elsewhere(clock):
    stream = io.StringIO()
    work(Progress(stream=stream, clock=clock), clock, blocks=20, seconds=1.0)
    assert stream.getvalue() == ""


def test_a_terminal_has_one_line_that_is_wiped_at_the_end(clock):
    stream = Terminal()
    work(Progress(stream=stream, clock=clock), clock, blocks=3, seconds=2.0)
    text = stream.getvalue()
    assert "\n" not in text
    shown = [part.strip() for part in text.split("\r")]
    assert shown == [
        "",
        "starting ...",
        "1/3 blocks, 0.5/s, 0:04 left",
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
    progress = Progress(stream=stream, clock=clock)
    work(progress, clock, blocks=2, seconds=60.0)
    work(progress, clock, blocks=4, seconds=30.0)
    assert stream.getvalue().splitlines()[-2:] == ["3/4 blocks, 0.033/s, 0:30 left", "4/4 blocks, 0.033/s, 0:00 left"]


def test_failed_runs_are_counted():
    assert progress_text(1, 2, 1, 1.0) == "1/2 blocks, 1/s, 0:01 left, 1 failed run"
    assert progress_text(1, 2, 3, 1.0).endswith(", 3 failed runs")


@pytest.mark.parametrize(("seconds", "text"), [(0.2, "0:00"), (59.6, "1:00"), (754.0, "12:34"), (7265.0, "2:01:05")])
def test_durations(seconds, text):
    assert duration_text(seconds) == text
