"""What the lists say of all there is to choose from."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from capsim.catalogue import (
    ACTIVITIES,
    CHAINS,
    CODESIGN_PHASES,
    CONTENTS,
    GROUPINGS,
    LINKED,
    LOGGED,
    MEASURES,
    PROCESS_NAMES,
    RECIPIENTS,
    SCHEDULES,
    STRATEGIES,
    TARGETINGS,
)
from capsim.catalogue.parts import READABLE
from capsim.catalogue.rules import RULES
from capsim.instruments.table import INSTRUMENTS
from capsim.parameters import PARAMETERS
from capsim.scenario import Composition, shipped_scenarios

ROOT = Path(__file__).resolve().parents[2]
PARTS = [*TARGETINGS, *CONTENTS, *SCHEDULES, *CODESIGN_PHASES, *CHAINS, *GROUPINGS, *RECIPIENTS]


@pytest.mark.parametrize(
    ("what", "names"),
    [
        ("parameters", list(PARAMETERS)),
        ("strategies", list(STRATEGIES)),
        ("parts", PARTS),
        ("activities", list(ACTIVITIES)),
        ("readable", list(READABLE)),
        ("instruments", list(INSTRUMENTS)),
        ("measures", [*MEASURES, *LINKED]),
        ("processes", list(PROCESS_NAMES)),
        ("rules", [f"{rule.name}.{form.name}" for rule in RULES.values() for form in rule.forms]),
        ("scenarios", list(shipped_scenarios())),
    ],
)
def test_list_names_all_there_is(capsim, what, names):
    rows = json.loads(capsim("list", what, "--json").stdout)
    assert [row["name"] for row in rows] == names
    assert capsim("list", what, "--quiet").stdout.split() == names
    text = capsim("list", what).stdout
    assert all(part in text for name in names for part in name.split("."))


def test_list_strategies_says_what_each_does_with_the_hours(capsim):
    text = capsim("list", "strategies").stdout
    assert max(map(len, text.splitlines())) <= 100
    blocks = {block.split("\n")[0]: " ".join(block.split()) for block in text.split("\n\n")}
    for name, one in STRATEGIES.items():
        assert f"{one.meaning} [{one.source}]" in blocks[name]
        for mix in (one.exit_activities, *(one.methods or (one.activities,))):
            assert all(f"{activity} {share:.0%}" in blocks[name] for activity, share in mix.items())
    assert "targeted activities: volunteers; intensive activities: by assessed need" in blocks["tiered"]
    assert "state agency 20%, regional agencies 30%, districts 50%" in blocks["system_capacity"]
    assert "how cascade; 2 focal areas in each agency" in blocks["network_teams"]
    assert "co-design while planning" in blocks["co_designed"]
    assert "when tapered; in the last third sustainability_review 8%, " in blocks["sustainability"]


def test_list_strategies_has_every_part_for_machines(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "strategies", "--json").stdout)}
    for name, one in STRATEGIES.items():
        for field in fields(one):
            value = getattr(one, field.name)
            if field.name != "focal_areas":
                assert rows[name][field.name] == (list(value) if isinstance(value, tuple) else value)
        assert rows[name]["focal_areas"] == (one.focal_areas or "all")


def test_list_activities_says_what_one_unit_takes_and_does(capsim):
    text = capsim("list", "activities").stdout
    assert max(map(len, text.splitlines())) <= 100
    for name, one in ACTIVITIES.items():
        row = next(line.split() for line in text.splitlines() if line.startswith(f"{name} "))
        assert row[1:4] == [one.tier, one.participants, one.builds]
        numbers = [PARAMETERS[f"{name}_{what}"].default for what in ("ta_hours", "recipient_hours", "seats")]
        assert [float(cell) for cell in row[4:7]] == numbers
        assert float(row[-1].replace(",", "")) == PARAMETERS[f"{name}_dollars"].default
        assert " ".join(one.meaning.split()) in " ".join(text.split())
    sizes = ("knowledge", "transfer", "trainer_ties", "handover")
    known, kept, ties, handed = (PARAMETERS[f"train_the_trainer_{size}"].default for size in sizes)
    assert f"Effect: skill {known:g} x {kept:g}, trainer ties {ties:g}, handover {handed:g}. [S14]" in text
    assert "Effect: a reading (screening); no area. [S31, S42]" in text


def test_list_activities_has_every_number_for_machines(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "activities", "--json").stdout)}
    coaching = rows["coaching"]
    assert (coaching["ta_hours"], coaching["seats"], coaching["by_area"], coaching["yields"]) == (10, 1, True, "")
    known, kept, engaged = (PARAMETERS[f"coaching_{size}"].default for size in ("knowledge", "transfer", "engagement"))
    assert coaching["effects"] == {"skill": {"knowledge": known, "transfer": kept}, "engagement": engaged}
    assert rows["site_visit"]["yields"] == "expert"


def test_list_parts_says_how_each_is_written(capsim):
    text = capsim("list", "parts").stdout
    assert max(map(len, text.splitlines())) <= 100
    for part in (*TARGETINGS.values(), *CONTENTS.values(), *GROUPINGS.values(), *RECIPIENTS.values()):
        assert part.meaning in " ".join(text.split())
    rows = json.loads(capsim("list", "parts", "--json").stdout)
    for row in rows:
        written = yaml.safe_load(row["written"])
        made = Composition.model_validate({"name": "x", "activities": {"coaching": 1}, **written})
        part = made.delivery if "delivery" in written else made
        if row["kind"] == "contents":
            assert getattr(part, row["name"]) not in ("all", False, {})
        else:
            assert getattr(part, row["kind"]) in (row["name"], (row["name"],))
        assert f"      {row['written']}\n" in text
    also = "{targeted: volunteers, intensive: need}", "{recipients: {esa: 0.2, lea: 0.8}}"
    assert all(one in " ".join(text.split()) for one in also)
    assert next(row["reads"] for row in rows if row["name"] == "need_and_readiness") == ["rubric", "screening"]


def test_list_rules_says_which_variant_applies_and_where_it_stands(capsim):
    text = capsim("list", "rules").stdout
    assert max(map(len, text.splitlines())) <= 100
    flat = " ".join(text.split())
    for rule in RULES.values():
        assert f"{rule.sentence} (capsim/{rule.file})" in flat
        assert (ROOT / "capsim" / rule.file.split(",")[0]).is_file()
        assert all(f"{form.sentence} [{form.source}]" in flat for form in rule.forms)
        assert f"  {rule.default} (default)\n" in text
    rows = json.loads(capsim("list", "rules", "--json").stdout)
    assert {row["rule"]: row["variant"] for row in rows if row["default"]} == {
        name: rule.default for name, rule in RULES.items()
    }


def test_list_instruments_says_who_buys_each_and_how_exact_it_is(capsim):
    text = capsim("list", "instruments").stdout
    assert max(map(len, text.splitlines())) <= 100
    blocks = {block.split("\n")[0]: " ".join(block.split()) for block in text.split("\n\n")}
    hours, months = (PARAMETERS[f"needs_assessment_{what}"].default for what in ("ta_hours", "every_months"))
    bought = f"bought by needs_assessment ({hours:g} TA hours a unit, at most every {months:g} months)"
    assert bought in blocks["rubric"]
    assert (
        "used by targeting need, relevance, need_and_relevance, need_and_readiness, lowest_first and target"
        in blocks["rubric"]
    )
    assert "bought by nothing: it is free" in blocks["interest"]
    assert "used by targeting volunteers" in blocks["interest"]
    assert "used by targeting self_rated_need" in blocks["self_rating"]
    assert "noise expert_noise_sd 0.03" in blocks["expert"]
    assert "scale levels 1 to 4" in blocks["sustainability"]
    rows = {row["name"]: row for row in json.loads(capsim("list", "instruments", "--json").stdout)}
    bought = {activity.yields: activity.name for activity in ACTIVITIES.values() if activity.yields}
    assert {name: row["bought_by"] for name, row in rows.items() if row["bought_by"]} == {
        **{name: [activity] for name, activity in bought.items()},
        "relevance": ["site_visit", "needs_assessment"],
    }
    assert rows["stocktake"]["noise"]["stocktake_noise_sd"] == PARAMETERS["stocktake_noise_sd"].default
    assert rows["rubric"]["targetings"] == [
        "need",
        "relevance",
        "need_and_relevance",
        "need_and_readiness",
        "lowest_first",
    ]
    assert sorted(column for row in rows.values() for column in row["columns"]) == sorted(
        [*LOGGED.keys() - {"expert_ties"}, "skill_reading", "routine_reading"]
    )


def test_list_parameters_has_everything_declared(capsim):
    rows = {row["name"]: row for row in json.loads(capsim("list", "parameters", "--json").stdout)}
    row, declared = rows["lea_annual_exit"], PARAMETERS["lea_annual_exit"]
    assert (row["unit"], row["default"], row["source"]) == (declared.unit, declared.default, declared.source)
    assert row["plausible"] == [declared.low, declared.high]
    assert row["allowed"] == [declared.minimum, declared.maximum]


def test_the_page_of_parameters_is_current(capsim):
    page = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert capsim("list", "parameters", "--markdown").stdout == page, (
        "run: capsim list parameters --markdown > docs/parameters.md"
    )
