"""CONTRIBUTING.md, the hooks and the package's list of files say what is so."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in link:
            assert ((ROOT / page).parent / link).exists(), link


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/adding.md"])
def test_files_and_targets_that_are_named_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    made = set(re.findall(r"In `([^`]+)`, a new file", text))
    for name in re.findall(r"`((?:capsim|tests|docs|validation|experiments)/[\w./]*)`", text):
        assert (ROOT / name).exists() or name in made, name
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:`|    )make ([a-z]+)", text)) <= targets


def test_the_hooks_run_what_make_check_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    check = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert check is not None
    wanted = [line.strip().removeprefix("$(BIN)/").removesuffix(" .") for line in check[1].splitlines()]
    assert [hook["entry"].replace(" --force-exclude", "") for hook in hooks] == wanted


def test_every_file_beside_the_sources_is_installed() -> None:
    """The wheel holds capsim alone, with its tables, templates and style sheets."""
    assert 'find_packages(include=["capsim*"])' in (ROOT / "setup.py").read_text(encoding="utf-8")
    globs = PROJECT["tool"]["setuptools"]["package-data"]["capsim"]
    for path in (ROOT / "capsim").rglob("*"):
        name = path.relative_to(ROOT / "capsim").as_posix()
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in name and not path.name.startswith("."):
            assert any(fnmatch.fnmatch(name, glob) for glob in globs), name


def test_the_fast_and_the_slow_files_exist() -> None:
    from tests.conftest import FAST, SLOW

    for name in (*FAST, *SLOW):
        assert (ROOT / "tests" / name).exists(), name
    assert not set(FAST) & set(SLOW)
