"""The page for designers names every strategy, and its scenario runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

from capsim.catalogue import CHAINS, CODESIGN_PHASES, SCHEDULES, STRATEGIES, TARGETINGS
from capsim.scenario import load_scenario
from capsim.studies.comparison.compare import compare

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "for_designers.md").read_text(encoding="utf-8")


def test_every_named_strategy_has_a_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, flags=re.MULTILINE)
    assert rows == list(STRATEGIES)


def test_every_part_is_named() -> None:
    for name in (*TARGETINGS, *SCHEDULES, *CODESIGN_PHASES, *CHAINS):
        assert re.search(rf"\b{name}\b", PAGE), name


def test_the_scenario_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    path = tmp_path / "example.yaml"
    path.write_text(example, encoding="utf-8")
    result = compare(load_scenario(path))
    assert not result.failures
    assert result.answer()
