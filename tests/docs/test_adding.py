"""Every recipe of docs/adding.md is followed, in a copy of the package, and what it adds is used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "adding.md"
STEP = re.compile(
    r"In `([^`]+)`, (at the end of|after|a new file)(?: `([^`]*)`)?:[^\n]*\n\n```python\n(.*?)```", re.DOTALL
)

USES = {
    "An activity": "from capsim.catalogue import ACTIVITIES; assert 'study_visit' in ACTIVITIES\n"
    "from capsim.parameters import PARAMETERS; assert PARAMETERS['study_visit_ta_hours'].default == 12",
    "A strategy": "result = capsim.compare(SMALL, ['visit_and_coach', 'none'], replications=2)\n"
    "assert result.runs['status'].eq('done').all() and result.runs['ta_hours'].max() > 0",
    "An instrument": "model = capsim.CapacityModel(SMALL, seed=1, strategy=Recipe(name='shadow', activities={'shadowing_day': 1.0}))\n"
    "model.run(); assert (model._run.program.observation.readings.use >= 0.0).any()",
    "A parameter": "assert capsim.PARAMETERS['visit_bonus'].default == 1.0\n"
    "capsim.CapacityModel(SMALL, parameters={'visit_bonus': 2.0}, seed=1).step()",
    "A section of the report": "from capsim.report.page import render_report\n"
    "assert 'Study visits' in render_report(result)",
}
"""What shows that a recipe was followed well."""
SMALL = """
import capsim
from capsim.catalogue import Recipe
SMALL = capsim.load_scenario('classroom').resolved()
SMALL['timeline'] = {'settling': 6, 'assistance': 12, 'follow_up': 12}
"""


def recipes() -> dict[str, tuple[int, list[tuple[str, str, str, str]]]]:
    """By heading: the number of files it promises, and its steps (file, where, anchor, text)."""
    found = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, files = re.match(r"(.+): (\d) files?\n", part).groups()
        found[heading] = (int(files), STEP.findall(part))
    return found


def follow(package: Path, file: str, where: str, anchor: str, text: str) -> None:
    """Do what one step says."""
    path = package / file
    if where == "a new file":
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    if where == "after":
        assert lines.count(anchor) == 1, f"{file}: {anchor!r}"
        at = lines.index(anchor) + 1
    else:
        start = next(n for n, line in enumerate(lines) if line.startswith((f"{anchor} =", f"{anchor}:")))
        at = next(n for n, line in enumerate(lines) if n > start and line[:1] in set(")]}"))
    lines[at:at] = text.splitlines()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("heading", recipes())
def test_no_recipe_touches_more_files_than_it_says(heading: str) -> None:
    files, steps = recipes()[heading]
    assert len({file for file, *_ in steps}) == files


def test_the_recipes_work(tmp_path: Path) -> None:
    assert set(recipes()) == set(USES)
    for folder in ("capsim", "scenarios"):  # with the compiled code, which goes by the times of files
        shutil.copytree(ROOT / folder, tmp_path / folder)
    code = SMALL
    for heading, (_, steps) in recipes().items():
        for step in steps:
            follow(tmp_path, *step)
        code += USES[heading] + "\n"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
