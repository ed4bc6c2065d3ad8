"""`capsim app` as a command: what it says when it cannot begin, and that it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    script = f"{before}\nfrom capsim.cli import main; main({list(arguments)!r})"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)


def test_says_how_to_install_what_is_missing():
    found = run("app", "--no-browser", before="import sys; sys.modules['starlette'] = None")
    assert found.returncode == 2
    command = f'{sys.executable} -m pip install "capsim[app]"'
    assert found.stderr.splitlines() == [f"capsim app needs two more packages: {command}"]


def test_a_port_that_is_taken_is_said_in_one_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = run("app", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) == 1
    assert "--port" in found.stderr


def test_a_wrong_scenario_is_said_before_anything_is_served():
    found = run("app", "--no-browser", "clasroom")
    assert found.returncode == 2
    assert "did you mean classroom" in found.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_serves_until_it_is_interrupted():
    command = [sys.executable, "-m", "capsim", "app", "--no-browser", "--workers", "1", "classroom"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as child:
        assert child.stdout is not None
        assert "http://127.0.0.1:" in child.stdout.readline()
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert (child.returncode, said.splitlines()) == (130, ["capsim: the app has ended"])
