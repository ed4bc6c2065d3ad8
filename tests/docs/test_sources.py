"""Every source key used anywhere in capsim is explained in docs/sources.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "docs" / "sources.md"
KEY = re.compile(r"\bS[1-9]\d{0,2}[a-z]?\b")
RANGE = re.compile(r"\bS(\d+)\s*(?:-|–|to)\s*S(\d+)\b")
STANDINGS = ("full", "in part", "abstract", "secondary", "recalled")


def keys_in(text):
    """Source keys in a text; a range such as S63-S79 is every key in it."""
    inside = {f"S{n}" for a, b in RANGE.findall(text) for n in range(int(a), int(b) + 1)}
    return set(KEY.findall(text)) | inside


def explained(text):
    """Standing of each key that has a row of its own in the page."""
    lines = [line for line in text.splitlines() if line.startswith("| S")]
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    return {row[0]: row[-1] for row in rows if KEY.fullmatch(row[0])}


def used_files():
    """Files in which keys are used."""
    patterns = ("capsim/**/*.py", "capsim/**/*.yaml", "docs/*.md", "scenarios/*.yaml")
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def unexplained(texts, page):
    """Keys used in the texts (by name) without a row in the page: 'key (where)'."""
    known = explained(page)
    return sorted(f"{key} ({name})" for name, text in texts.items() for key in keys_in(text) - set(known))


def test_every_key_used_has_a_row():
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in used_files()}
    assert len(texts) > 50
    missing = unexplained(texts, SOURCES.read_text(encoding="utf-8"))
    assert not missing, "docs/sources.md has no row for: " + ", ".join(missing)


@pytest.mark.parametrize("key", ["S69", "S31c", "S70"])
def test_a_row_that_is_taken_out_is_missed(key):
    """S70 and S31c stand alone and in ranges; the check sees both."""
    page = SOURCES.read_text(encoding="utf-8")
    without = "\n".join(line for line in page.splitlines() if not line.startswith(f"| {key} |"))
    texts = {"turnover.py": "Source: S63-S79 (rates); S31c"}
    assert unexplained(texts, page) == []
    assert unexplained(texts, without) == [f"{key} (turnover.py)"]


def test_every_row_says_how_far_it_was_read():
    known = explained(SOURCES.read_text(encoding="utf-8"))
    assert len(known) > 50
    vague = {key: standing for key, standing in known.items() if not standing.startswith(STANDINGS)}
    assert not vague


def test_data_sources_are_credited():
    page = SOURCES.read_text(encoding="utf-8")
    readme = (ROOT / "capsim/scenario/data/README.md").read_text(encoding="utf-8")
    credits_line = next(line for line in readme.splitlines() if line.startswith("Credit: "))
    for part in credits_line.removeprefix("Credit: ").rstrip(".").split("; "):
        assert part in page
    for name in (path.name for path in (ROOT / "capsim/scenario/data").iterdir() if ".csv" in path.name):
        assert name in page
