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
    "A measure": "assert result.runs['data_quality_follow_up_end'].between(0, 1).all()",
    "A process": "assert capsim.MONTH.names[14] == 'fatigue'\n"
    "from tests.reference import worlds\n"
    "from tests.reference.test_twin import check_months\n"
    "start, values = worlds.two_states(1)\n"
    "check_months(start, values, 7, months=6)",
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


def recipes() -> dict[str, tuple[tuple[int, int], list[tuple[str, str, str, str]]]]:
    """By heading: the files it promises, of the package and of the twin, and its steps (file, where, anchor, text)."""
    found = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, files, twin = re.match(r"(.+): (\d) files?(?:, and (\d) of the twin)?\n", part).groups()
        found[heading] = ((int(files), int(twin or 0)), STEP.findall(part))
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
    touched = {file for file, *_ in steps}
    twin = {file for file in touched if file.startswith("tests/reference/")}
    assert (len(touched - twin), len(twin)) == files


def test_the_recipes_work(tmp_path: Path) -> None:
    assert set(recipes()) == set(USES)
    for folder in ("capsim", "scenarios", "tests/reference"):  # with the compiled code, which goes by the times of files
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
