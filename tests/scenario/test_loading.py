"""Scenario files: what is accepted, and every problem of a file at once, each with its line."""

# ruff: noqa: E501  (a file and its message stand on one line)

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capsim.errors import InputError
from capsim.scenario import (
    Composition,
    PluginStrategy,
    load_scenario,
)
from tests.scenario.good import GOOD


def problems_of(tmp_path: Path, text: str | bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(InputError) as caught:
        load_scenario("s.yaml")
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("{budget_hours_per_year: 24,000}", "must be a number, got '24,000'; no thousands separator: write 24000"),
        ("\n  budget_hours_per_year: 24,000", "must be a number, got '24,000'; no thousands separator: write 24000"),
    ],
)
def test_a_thousands_separator_is_named(value: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "name: x\nagencies: {source: synthetic, districts: 4}\nquestion: {contrast: [blended, none]}\n"
        f"strategies: [none, blended]\nassistance: {value}\n"
    )
    with pytest.raises(InputError) as caught:
        load_scenario(tmp_path / "s.yaml")
    (line,) = caught.value.problems
    assert line.endswith(f"assistance.budget_hours_per_year: {problem}")


def test_defaults_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(GOOD)
    scenario = load_scenario(tmp_path / "s.yaml")
    assert scenario.focal_areas == (
        "equity",
        "integration",
        "alignment_and_coherence",
        "data_use",
        "school_safety",
    )
    assert (scenario.timeline.settling, scenario.timeline.assistance, scenario.timeline.follow_up) == (
        "auto",
        60,
        60,
    )
    assert (scenario.replications, scenario.seed, scenario.uncertainty) == (32, 1, "structure")
    assert (scenario.agencies.sample, scenario.agencies.regional, scenario.month.off) == (0, (), ())
    assert scenario.strategy_names == ("none", "organization_focused")
    assert "null" not in json.dumps(scenario.resolved())


def test_every_form_of_strategy(tmp_path: Path) -> None:
    text = GOOD + (
        "  - {name: Mine, activities: {coaching: 0.5, routine_redesign: 0.5}, targeting: need,"
        " delivery: {focal_areas: 2, recipients: [lea, sea]}, schedule: taper}\n"
        "  - plugin: my.module:Mentoring\n"
        "  - {plugin: 'my.module:Mentoring', name: gentle, options: {strength: 0.5, on: [1, two]}}\n"
        "month: {off: [climate]}\n"
    )
    (tmp_path / "s.yaml").write_text(text)
    scenario = load_scenario(tmp_path / "s.yaml")
    mine, plugin, gentle = scenario.strategies[2:]
    assert isinstance(mine, Composition)
    assert dict(mine.activities) == {"coaching": 0.5, "routine_redesign": 0.5}
    assert (mine.delivery.focal_areas, mine.delivery.recipients) == (2, ("lea", "sea"))
    assert isinstance(plugin, PluginStrategy)
    assert isinstance(gentle, PluginStrategy)
    assert (plugin.name, gentle.name) == ("Mentoring", "gentle")
    assert dict(gentle.options) == {"strength": 0.5, "on": [1, "two"]}
    assert scenario.month.off == ("climate",)


ONE_PROBLEM = [
    (
        "timeline: {begins: x}\nevents: [{kind: pandemic, date: 2020-03}]\n",
        7,
        "timeline.begins: must be a month such as",
    ),
    ("focal_areas: 5\nevents: [{kind: new_policy, month: 1, area: a}]\n", 7, "focal_areas: must be a list such as"),
    (
        "focal_areas: [{name: equity}]\nevents: [{kind: new_policy, month: 1, area: equit}]\n",
        8,
        "events[0].area: 'equit' is not a focal area of this scenario; its areas: equity; did you mean equity?",
    ),
    ("survey: x\n", 8, "survey: unknown key; put it below agencies:; allowed: agencies, assistance, "),
    ("timeline: {begins: 9/1/2026}\n", 8, "timeline.begins: must be a July such as 2026-07; got '9/1/2026'"),
    ("timeline: {assistance: 3 years}\n", 8, "write 36 where months are asked for, 3 where years are"),
    (
        "events: [{kind: leader_leaves, date: 3/15/2020}]\n",
        8,
        "or a day such as 2020-03-15; got '3/15/2020'; write 2020-03-15",
    ),
    ("agncies: x\n", 8, "agncies: unknown key; allowed: agencies, "),
    ("agncies: x\n", 8, "did you mean agencies?"),
    (
        "parameters: {lea_anual_exit: 0.2}\n",
        8,
        "parameters.lea_anual_exit: unknown parameter; did you mean lea_annual_exit?",
    ),
    ("parameters: {lea_annual_exit: .nan}\n", 8, "parameters.lea_annual_exit: must be a finite number, got .nan"),
    ("parameters: {lea_annual_exit: 1e999}\n", 8, "parameters.lea_annual_exit: must be a finite number, got 1e999"),
    ("parameters: {lea_annual_exit: -0.1}\n", 8, "parameters.lea_annual_exit: -0.1 is out of range; allowed 0 to "),
    ("parameters: {lea_annual_exit: 1.5}\n", 8, "parameters.lea_annual_exit: 1.5 is out of range; allowed 0 to "),
    ("parameters: {lea_annual_exit: high}\n", 8, "parameters.lea_annual_exit: must be a number, got 'high'"),
    ("parameters: {lea_annual_exit: true}\n", 8, "parameters.lea_annual_exit: must be a number, got True"),
    ("parameters: [1]\n", 8, "parameters: must be a mapping of keys and values, got [1]"),
    (
        f"parameters: {{lea_annual_exit: {'9' * 400}}}\n",
        8,
        "parameters.lea_annual_exit: must be a finite number, got 999",
    ),
    ("seed: 1_\n", 8, "seed: must be a whole number, got '1_'; without _: write 1"),
    ("seed: 1__0\n", 8, "seed: must be a whole number, got '1__0'; without _: write 10"),
    (
        "timeline: {settling: 2k}\n",
        8,
        "timeline.settling: '2k' is not allowed; allowed: a whole number from 0 to 600, or auto",
    ),
    ("parameters: {lea_annual_exit: 20%}\n", 8, "; write 0.2 for a share, 20 where percent are asked for"),
    (f"seed: {'9' * 25}\n", 8, "seed: must be a whole number, got 1e+25"),
    (
        "seed: 9223372036854775808\n",
        8,
        "seed: 9223372036854775808 is out of range; it must be at most 9223372036854775807",
    ),
    ("replications: 0\n", 8, "replications: 0 is out of range; it must be at least 1"),
    ("replications: 2.5\n", 8, "replications: must be a whole number, got 2.5"),
    ("replications: '32'\n", 8, "replications: must be a whole number, got '32'"),
    ("seed: -1\n", 8, "seed: -1 is out of range; it must be at least 0"),
    ("seed: yes\n", 8, "seed: must be a whole number, got True"),
    (
        "uncertainty: asumed\n",
        8,
        "uncertainty: 'asumed' is not allowed; allowed: assumed, structure, none; did you mean assumed?",
    ),
    ("focal_areas: []\n", 8, "focal_areas: needs at least 1 entry, got 0"),
    ("focal_areas: equity\n", 8, "focal_areas: must be a list such as [a, b], got 'equity'"),
    ("focal_areas: [a, b, a]\n", 8, "focal_areas: each may be named once; repeated: a"),
    ("focal_areas: [a, '']\n", 8, "focal_areas[1]: must not be empty, got ''"),
    (f"focal_areas: {list('abcdefghijklm')}\n", 8, "focal_areas: needs at most 12 entries, got 13"),
    (
        "timeline: {assistance: 0, follow_up: 0}\n",
        8,
        "timeline: assistance and follow_up are both 0 months; at least one",
    ),
    ("timeline: {assistance: -1}\n", 8, "timeline.assistance: -1 is out of range; it must be at least 0"),
    ("timeline: {follow_up: 601}\n", 8, "timeline.follow_up: 601 is out of range; it must be at most 600"),
    (
        "timeline: {settling: atuo}\n",
        8,
        "timeline.settling: 'atuo' is not allowed; allowed: a whole number from 0 to 600, or auto",
    ),
    (
        "timeline: {settling: 601}\n",
        8,
        "timeline.settling: 601 is out of range; allowed: a whole number from 0 to 600, or auto",
    ),
    ("timeline: 60\n", 8, "timeline: must be a mapping with the keys assistance, begins, follow_up, settling; got 60"),
    ("month: {off: [enviroment]}\n", 8, "month.off[0]: unknown process 'enviroment'; allowed: environment, "),
    ("month: {on: [climate]}\n", 8, "month.on: unknown key; allowed: off"),
    ("name: Again\n", 8, "name: the key is given twice, first on line 1"),
    (
        "seed: !!python/object/apply:os.system [ls]\n",
        8,
        "seed: the tag !!python/object/apply:os.system is not allowed; a scenario",
    ),
    ("seed: !own 3\n", 8, "seed: the tag !own is not allowed"),
    ("month: &a {off: []}\nparameters: *a\n", 8, "parameters: aliases (&name, *name) are not used in scenarios"),
    ("  - nonne\n", 8, "strategies[2]: unknown strategy 'nonne'; allowed: none, individual_focused, "),
    ("  - none\n", 8, "strategies[2]: there are two strategies named 'none'; give each a name of its own"),
    ("  - 3\n", 8, "strategies[2]: must be text, got 3"),
    (
        "  - {plugin: my_module}\n",
        8,
        "strategies[2].plugin: must read module:Class, such as my_module:MyStrategy; got 'my_module'",
    ),
    ("  - {plugin: 'a:b; import os'}\n", 8, "strategies[2].plugin: must read module:Class"),
    (
        "  - {plugin: 'm:B', name: blended}\n",
        8,
        "strategies[2].name: 'blended' is a shipped strategy; give this one another name",
    ),
    ("  - {name: x}\n", 8, "strategies[2].activities: is missing; for example activities: {coaching: 0.6"),
    (
        "  - {name: x, activities: {}}\n",
        8,
        "strategies[2].activities: needs at least one activity; allowed: publication, ",
    ),
    (
        "  - {name: x, activities: {coaching: 0.9}}\n",
        8,
        "strategies[2].activities: the shares of hours must sum to 1; they sum to 0.9",
    ),
    (
        "  - {name: x, activities: {coaching: 1.5, training: -0.5}}\n",
        8,
        "strategies[2].activities.training: -0.5 is out of range; it",
    ),
    (
        "  - {name: x, activities: {coachin: 1}}\n",
        8,
        "strategies[2].activities.coachin: unknown activity 'coachin'; allowed: ",
    ),
    (
        "  - {name: none, activities: {coaching: 1}}\n",
        8,
        "strategies[2].name: 'none' is a shipped strategy; give this one",
    ),
    (
        "  - {name: x, activities: {coaching: 1}, targeting: ned}\n",
        8,
        "strategies[2].targeting: unknown targeting 'ned'; allowed: ",
    ),
    ("  - {name: x, activities: {coaching: 1}, schedule: tapr}\n", 8, "did you mean taper?"),
    (
        "  - {name: x, activities: {coaching: 1}, delivery: {focal_areas: 0}}\n",
        8,
        "strategies[2].delivery.focal_areas: 0 is out of range",
    ),
    (
        "  - {name: x, activities: {coaching: 1}, delivery: {focal_areas: 6}}\n",
        8,
        "this scenario has 5, allowed: 1 to 5, or all",
    ),
    (
        "  - {name: x, activities: {coaching: 1}, delivery: {recipients: [leas]}}\n",
        8,
        "'leas' is not allowed; allowed: sea, esa, lea, school; did you mean lea?",
    ),
    (
        "  - {name: x, activities: {coaching: 1}, delivery: {co-design: planning}}\n",
        8,
        "strategies[2].delivery.co-design: unknown key; allowed: chain, codesign, focal_areas, grouping, recipients, structure; did you mean codesign?",
    ),
]


@pytest.mark.parametrize(("added", "line", "message"), ONE_PROBLEM)
def test_one_problem(added: str, line: int, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_of(tmp_path, GOOD + added, monkeypatch)
    line += added.count("\n") - 1
    assert any(p.startswith(f"s.yaml:{line}: ") and message in p for p in found), found
    assert not any("Input should" in p or "pydantic" in p or "Value error" in p for p in found)


REPLACED = [
    (
        "{contrast: [organization_focused, none]}",
        "{outcome: {a: 1}}",
        "s.yaml:3: question.outcome: must be text, got {'a': 1}",
    ),
    (
        "100}",
        "$4,000,000}",
        "s.yaml:4: assistance.budget_hours_per_year: must be a number, got '$4,000,000'; no thousands separator: write "
        "4000000",
    ),
    (
        "100}",
        '"$4,000,000"}',
        "s.yaml:4: assistance.budget_hours_per_year: must be a number, got '$4,000,000'; no thousands separator: write "
        "4000000",
    ),
    (
        "100}",
        "4M}",
        "s.yaml:4: assistance.budget_hours_per_year: must be a number, got '4M'; write 4000000",
    ),
    ("name: Test", "name:", "s.yaml:1: name: must be text, got nothing"),
    ("name: Test\n", "", "s.yaml:1: name: is missing; for example name: Ohio, 2023-24"),
    (
        "states: [OH]",
        "states: [Ohio]",
        "s.yaml:2: agencies.states: no agencies of 'Ohio'; the states available are US (all) or AK, ",
    ),
    ("states: [OH]", "states: [Ohio]", "did you mean OH?"),
    ("states: [OH]", "states: []", "s.yaml:2: agencies.states: needs at least 1 entry, got 0"),
    ("states: [OH]", "states: [PR]", "s.yaml:2: agencies.states: no agencies of 'PR'"),
    ("states: [OH]", "states: [US, OH]", "s.yaml:2: agencies.states: US already means all states; give it alone"),
    (
        "states: [OH]",
        "regional: [boces], states: [OH]",
        "s.yaml:2: agencies.regional: boces exist in NY only; the states are OH",
    ),
    (
        "states: [OH]",
        "regional: [bocs]",
        "agencies.regional[0]: 'bocs' is not allowed; allowed: support_teams, escs, boces; did you mean boces?",
    ),
    ("states: [OH]", "sample: -1", "s.yaml:2: agencies.sample: -1 is out of range; it must be at least 0"),
    (
        "states: [OH]",
        "districts: 5",
        "s.yaml:2: agencies.districts: belongs to a synthetic source only; the source is 'us_2023_24', so delete this key",
    ),
    (
        "us_2023_24, states: [OH]",
        "synthetic",
        "s.yaml:2: agencies.districts: a synthetic world needs a number of districts from 1 to 20000",
    ),
    (
        "us_2023_24, states: [OH]",
        "synthetic, districts: 2, regions: 3",
        "agencies.regions: 3 regions need at least as many districts, got 2",
    ),
    (
        "us_2023_24, states: [OH]",
        "us_2023",
        "s.yaml:2: agencies.source: no such file: us_2023 (or one of us_2023_24, synthetic); did you mean us_2023_24?",
    ),
    ("states: [OH]", "edges: ties.csv", "s.yaml:2: agencies.edges: no such file: ties.csv"),
    (
        "focused, none]}",
        "focused, nome]}",
        "s.yaml:3: question.contrast[1]: 'nome' is not a strategy of this scenario; its strategies: none, organization_focused; did you mean none?",
    ),
    ("[organization_focused, none]}", "[none]}", "s.yaml:3: question.contrast: needs at least 2 entries, got 1"),
    ("[organization_focused, none]}", "[none, none]}", "s.yaml:3: question.contrast: 'none' is compared with itself"),
    ("{contrast", "{outcome: usee, contrast", "s.yaml:3: question.outcome: unknown outcome 'usee'; allowed: "),
    (
        "{contrast",
        "{at: end, contrast",
        "s.yaml:3: question.at: 'end' is not allowed; allowed: assistance_end, follow_up_end",
    ),
    ("100}", "-1}", "s.yaml:4: assistance.budget_hours_per_year: -1 is out of range; it must be at least 0"),
    ("100}", ".inf}", "s.yaml:4: assistance.budget_hours_per_year: must be a finite number, got .inf"),
    ("100}", "many}", "s.yaml:4: assistance.budget_hours_per_year: must be a number, got 'many'"),
    (
        "{budget_hours_per_year: 100}",
        "24000",
        "s.yaml:4: assistance: must be a mapping with the keys allocation, budget_dollars_per_year, budget_hours_per_year, yearly_cap; got 24000",
    ),
    ("  - organization_focused\n", "", "s.yaml:5: strategies: needs at least 2 entries, got 1"),
]


@pytest.mark.parametrize(("old", "new", "message"), REPLACED)
def test_one_replacement(old: str, new: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert old in GOOD
    found = problems_of(tmp_path, GOOD.replace(old, new), monkeypatch)
    assert any(message in p for p in found), found


UNREADABLE = [
    (b"", "s.yaml:1: the file is empty; "),
    (b"# only a comment\n", "s.yaml:1: the file is empty; "),
    (b"- a\n- b\n", "s.yaml:1: a scenario is a mapping of keys such as name: and agencies:, got a list"),
    (
        b"hello\n",
        "s.yaml:1: a scenario is a mapping of keys such as name: and agencies:, got the single value 'hello'",
    ),
    (b"name: x\nagencies:\n\tsource: us_2023_24\n", "s.yaml:3: a tab in the indentation; indent with spaces"),
    (b"name: x\nquestion: {contrast: [a,\n", "s.yaml:3: not readable as YAML: "),
    (b"name: x\nagencies: 'abc\n", "not readable as YAML: found unexpected end of stream"),
    (b"name: x\nseed: \xff\xfe\n", "s.yaml:2: not UTF-8 text (byte 0xff); save the file as UTF-8"),
    (b"name: caf\xc3", "s.yaml:1: not UTF-8 text"),
    (b"name: x\nseed: a\x00b\n", "s.yaml:2: the character U+0000 is not allowed in YAML"),
    (b"a: " + b"[" * 5000 + b"]" * 5000, "s.yaml:1: nested too deeply"),
    (b"#" * 1_000_001, "s.yaml: 1,000,001 bytes; a scenario has at most 1,000,000"),
    (b"!!python/object:os.X\nname: x\n", "s.yaml:1: the tag !!python/object:os.X is not allowed"),
    (b"a: 1\n---\nb: 2\n", "not readable as YAML: but found another document"),
]


@pytest.mark.parametrize(("text", "message"), UNREADABLE)
def test_unreadable_text(text: bytes, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message in problems_of(tmp_path, text, monkeypatch)[0]


def test_a_bomb_of_aliases_is_refused_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = problems_of(tmp_path, GOOD + "l0: &l0 [lol]\n" + levels, monkeypatch)
    assert any("aliases" in p for p in found)


def test_a_tag_runs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = problems_of(tmp_path, GOOD + "seed: !!python/object/apply:pathlib.Path.touch [ran]\n", monkeypatch)
    assert any("never code" in p for p in found)
    assert not (tmp_path / "ran").exists()


def test_all_problems_of_a_file_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        GOOD.replace("states: [OH]", "states: [OO], sample: x").replace("none]}", "nome]}")
        + "parameters:\n  lea_anual_exit: 1\n  disuse_rate: 7\nseed: -1\nseed: 2\nsurvey: a.csv\n"
    )
    found = problems_of(tmp_path, text, monkeypatch)
    assert [p.split(": ")[0] for p in found] == [f"s.yaml:{line}" for line in (2, 2, 3, 9, 10, 11, 12, 13)]
    assert "s.yaml:9: parameters.lea_anual_exit: unknown parameter; did you mean lea_annual_exit?" in found


def test_missing_and_wrong_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^classrom\.yaml: no such file; did you mean classroom\?$"):
        load_scenario("classrom.yaml")
    Path("mine.csv").write_text("id,name\n")
    with pytest.raises(InputError, match=r"^mine\.csv: is a table; capsim new scenario NAME --agencies mine\.csv"):
        load_scenario("mine.csv")
    with pytest.raises(InputError, match=r"^ohoi: no such file, and no shipped scenario .*; did you mean ohio\?$"):
        load_scenario("ohoi")
    with pytest.raises(InputError, match=r"^x/none\.yaml: no such file$"):
        load_scenario("x/none.yaml")
    with pytest.raises(InputError, match=r": is a folder; a scenario is a file$"):
        load_scenario(tmp_path)


def test_budget_zero_and_plain_exponents_are_allowed(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(GOOD.replace("100}", "0}"))
    assert load_scenario(tmp_path / "s.yaml").assistance.budget_hours_per_year == 0
    (tmp_path / "s.yaml").write_text(GOOD.replace("100}", "2e4}") + "parameters:\n")
    assert load_scenario(tmp_path / "s.yaml").assistance.budget_hours_per_year == 20000
