"""The example of docs/executors.md runs as it stands, and gives the numbers of one process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import capsim

PAGE = Path(__file__).parents[2] / "docs" / "executors.md"


def test_the_example_with_concurrent_futures(tmp_path):
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL).group(1)
    (tmp_path / "script.py").write_text(code)
    paths = os.pathsep.join([str(PAGE.parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == str(capsim.compare("classroom", replications=4).differences()).split()


def test_other_examples_can_be_compiled():
    for code in re.findall(r"```python notest\n(.*?)```", PAGE.read_text(), re.DOTALL):
        compile(code, str(PAGE), "exec")
