"""Modules become one plain script in which each stands once, after those it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import capsim.page
from capsim.figures.palette import strategy_styles
from capsim.page import _EXPORT, _IMPORT, _TYPES, PAGE, looks, one_script


def test_the_lesson_is_one_script_without_imports() -> None:
    script = one_script("lesson_file")
    assert not re.search(r"^\s*(import|export)\b", script, flags=re.MULTILINE)
    begun = re.findall(r"^const of_(\w+) = ", script, flags=re.MULTILINE)
    assert len(begun) == len(set(begun))
    assert begun[-1] == "lesson_file"
    for name in begun:
        part = script[script.index(f"const of_{name} = ") :].split("\n})();\n")[0]
        needed = re.findall(r"^const \{[^}]*\} = of_(\w+);$", part, flags=re.MULTILINE)
        assert all(begun.index(one) < begun.index(name) for one in needed)


def test_what_a_module_exports_can_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "low.js").write_text("/** @type {number} */\nexport const one = 1;\nexport async function two() {}\n")
    (tmp_path / "high.js").write_text('import { one, two } from "./low.js";\n\nexport class Three {}\n')
    monkeypatch.setattr(capsim.page, "PAGE", tmp_path)
    low, high = one_script("high").split("const of_high = ")
    assert "return { one, two };" in low
    assert "const { one, two } = of_low;" in high
    assert "return { Three };" in high
    assert "@type" not in low


def test_no_module_imports_in_another_way() -> None:
    """What the joining does not know: other forms of import and export, and an end of a script inside one."""
    for path in PAGE.glob("*.js"):
        text = _TYPES.sub("", path.read_text(encoding="utf-8"))
        assert len(re.findall(r"^import\b", text, flags=re.MULTILINE)) == len(_IMPORT.findall(text)), path.name
        assert len(re.findall(r"^export\b", text, flags=re.MULTILINE)) == len(_EXPORT.findall(text)), path.name
        assert "</script" not in text, path.name


def test_all_scripts_together_stay_small() -> None:
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in PAGE.glob("*.js")) < 2_500
    assert sum(path.stat().st_size for ending in ("js", "css", "html") for path in PAGE.glob(f"*.{ending}")) < 200_000


def test_plans_that_come_with_capsim_look_the_same_beside_others() -> None:
    alone, beside = looks(["blended"]), looks(["Ours", "blended", "Theirs"])
    assert alone["blended"] == beside["blended"]
    assert len({(one["color"], one["shape"]) for one in beside.values()}) == 4


def test_a_plan_has_one_marker_in_figures_and_on_sliders() -> None:
    names = ["Ours", "Theirs", "blended", *(f"Plan {n}" for n in range(9))]
    figures, page = strategy_styles(["none", *names]), looks(names)
    shapes = {figures[name].marker: page[name]["shape"] for name in names}
    assert len(set(shapes.values())) == len(shapes) == 6
    for name in names:
        assert page[name]["shape"] == shapes[figures[name].marker]
