"""A short run of the mutations; the long one is a command, see tests/fuzz/__main__.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import KINDS, outcomes


@pytest.mark.parametrize("kind", KINDS)
def test_every_mutated_file_is_answered_in_good_order(kind: str, tmp_path: Path) -> None:
    wrong = [outcome for outcome in outcomes(kind, 50, 0, tmp_path) if outcome.faults]
    assert not wrong
