"""What is left when a command is interrupted, its parent dies, or its reader goes away. Real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks for processes in /proc")

GENEROUS = 600.0
"""Seconds after which a test fails rather than hangs; nothing is expected to take that long."""

LONG = """\
name: Long
agencies: {source: synthetic, districts: 500}
question: {contrast: [organization_focused, individual_focused]}
timeline: {settling: 600, assistance: 600, follow_up: 600}
uncertainty: none
assistance: {budget_hours_per_year: 4000}
strategies: [none, individual_focused, organization_focused]
replications: 5000
"""


def children(pid: int) -> list[int]:
    """Worker processes of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "status").read_text()
            command = (entry / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if f"\nPPid:\t{pid}\n" in status and b"capsim.runs.workers" in command:
            found.append(int(entry.name))
    return found


def wait_until(condition) -> None:
    end = time.monotonic() + GENEROUS
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def busy(pid: int) -> bool:
    """Whether a process has used so much time that it must be simulating."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return False
    return int(fields[11]) / os.sysconf("SC_CLK_TCK") > 1.5


def said(errors: str) -> list[str]:
    """Lines on standard error besides progress, which depends on how busy the machine is."""
    return [line for line in errors.splitlines() if line.startswith("capsim:") or "Error" in line or "Trace" in line]


@pytest.fixture
def starting(folder) -> Iterator[subprocess.Popen[str]]:
    """A comparison that would take minutes, with two workers that have just been started."""
    (folder / "long.yaml").write_text(LONG)
    words = [sys.executable, "-m", "capsim", "compare", "long.yaml", "--workers", "2", "--out", "results/long"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    wait_until(lambda: process.poll() is not None or len(children(process.pid)) == 2)
    assert process.poll() is None, process.communicate()
    yield process
    with contextlib.suppress(ProcessLookupError):  # whatever is left of it
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def comparison(starting) -> subprocess.Popen[str]:
    """The same when the workers are at work."""
    wait_until(lambda: starting.poll() is not None or sum(map(busy, children(starting.pid))) == 2)
    assert starting.poll() is None, starting.communicate()
    return starting


def test_ctrl_c_while_workers_start_says_no_more_than_later(starting):
    os.killpg(starting.pid, signal.SIGINT)
    output, errors = starting.communicate(timeout=GENEROUS)
    assert (starting.returncode, output) == (130, "")
    assert said(errors) == ["capsim: interrupted; no unfinished files were left."]


@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_ends_everything(comparison, folder, number, status, word):
    workers = children(comparison.pid)
    assert len(workers) == 2
    if number == signal.SIGINT:  # as a terminal does: to the command and to its workers
        os.killpg(comparison.pid, number)
    else:
        os.kill(comparison.pid, number)
    output, errors = comparison.communicate(timeout=GENEROUS)
    assert (comparison.returncode, output) == (status, "")
    assert said(errors) == [f"capsim: {word}; no unfinished files were left."]
    wait_until(lambda: not any(map(alive, workers)))
    assert sorted(path.name for path in folder.iterdir()) == ["agencies.csv", "long.yaml", "small.yaml"]


def test_workers_do_not_outlive_a_command_that_is_killed(comparison):
    workers = children(comparison.pid)
    os.kill(comparison.pid, signal.SIGKILL)
    wait_until(lambda: not any(map(alive, workers)))


def test_a_sweep_that_is_terminated_says_what_is_stored(folder):
    (folder / "long.yaml").write_text(LONG)
    (folder / "study.yaml").write_text(
        "kind: sweep\nname: s\nscenario: long.yaml\nfactors: {lea_annual_exit: [0.1, 0.2]}\n"
    )
    words = [sys.executable, "-m", "capsim", "sweep", "study.yaml", "--workers", "2"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: process.poll() is not None or len(children(process.pid)) == 2)
        process.terminate()
        output, errors = process.communicate(timeout=GENEROUS)
    assert (process.returncode, output) == (143, "")
    place = Path("results", "s")
    assert said(errors) == [f"capsim: stopped; finished runs are stored in {place}. The same command goes on."]


def capsim_into(stdout, *words: str) -> tuple[int, str]:
    """Status and errors of a command whose output goes somewhere else."""
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "capsim", *words]
    done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=buffered, check=False)
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_on_a_full_disk_is_told_of():
    with open("/dev/full", "w") as full:
        status, errors = capsim_into(full, "list", "measures")
    assert status == 2
    assert errors == (
        "capsim: the disk is full; what was reported done is stored, the rest of the output was not written.\n"
    )


def test_without_an_output_the_command_does_its_work(folder):
    words = f"exec {sys.executable} -m capsim new scenario mine >&-"
    done = subprocess.run(["sh", "-c", words], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "mine.yaml").exists()


def test_a_reader_that_goes_away_is_told_of_without_a_traceback():
    words = [sys.executable, "-m", "capsim", "list", "measures"]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=buffered) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert errors == "capsim: what reads the output has closed it; the rest was not shown.\n"
    assert process.returncode == 141


def test_the_installed_command_and_the_module_are_the_same():
    script = Path(sys.executable).with_name("capsim")
    if not script.exists():
        pytest.skip("capsim is not installed as a command")
    texts = [
        subprocess.run([*words, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
        for words in ([script], [sys.executable, "-m", "capsim"])
    ]
    assert texts[0].splitlines()[2:] == texts[1].splitlines()[2:]
