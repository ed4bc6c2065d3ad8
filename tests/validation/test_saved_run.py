"""The same inputs give the same numbers as before."""

from __future__ import annotations

import json

import pytest

from tests.validation.saved_run import PLACE, as_text, measured


def test_the_saved_run_is_unchanged() -> None:
    saved = json.loads(PLACE.read_text(encoding="utf-8"))
    now = json.loads(as_text(measured()))
    assert now["results_version"] == saved["results_version"]
    for strategy, groups in saved["runs"].items():
        for group, measures in groups.items():
            for name, values in measures.items():
                # exp and pow differ in the last digit between machines
                expected = [None if value is None else pytest.approx(value, rel=1e-7, abs=1e-9) for value in values]
                assert now["runs"][strategy][group][name] == expected
