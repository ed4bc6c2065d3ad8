"""`capsim check` says when a world is large, and only then."""

from __future__ import annotations

from pathlib import Path

NATION = """\
name: Every school
agencies: {source: us_2023_24, schools: true}
question: {contrast: [organization_focused, none]}
assistance: {budget_hours_per_year: 400}
strategies: [none, organization_focused]
"""


def test_a_nation_with_schools_is_a_large_world(capsim) -> None:
    Path("nation.yaml").write_text(NATION)
    said = capsim("check", "nation.yaml").stdout
    assert "; a large world of 5" in said
    assert "positions: each run takes minutes, agencies.sample makes it smaller)" in said


def test_other_worlds_are_not(capsim) -> None:
    Path("nation.yaml").write_text(NATION.replace("true}", "true, sample: 20}"))
    for name in ("nation.yaml", "national", "small.yaml"):
        assert "large world" not in capsim("check", name).stdout
