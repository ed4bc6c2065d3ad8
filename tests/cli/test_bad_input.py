"""Bad input on the command line: exit status 2, or 1 with the failure recorded; clear lines, nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capsim.comparison.folder import read_comparison

OWN = "strategies: [none, individual_focused, organization_focused, {{plugin: '{}'}}]"


def refused(result, message):
    assert result.exit_code == 2
    assert result.stderr == message + "\n"
    assert result.stdout == ""


@pytest.fixture
def no_runs(monkeypatch):
    """Fail when anything is simulated."""
    monkeypatch.setattr("capsim.runs.crews.run_block", lambda block: pytest.fail("a run was started"))


@pytest.mark.usefixtures("no_runs")
class TestBeforeAnyRun:
    def test_missing_file(self, capsim):
        refused(capsim("compare", "nowhere.yaml"), "nowhere.yaml: no such file")

    def test_unknown_scenario_names_the_nearest(self, capsim):
        refused(
            capsim("compare", "clasroom"),
            "clasroom: no such file, and no shipped scenario of that name; "
            "shipped: ohio, new_york, new_york_schools, two_states, national, pandemic, fourteen, classroom; "
            "did you mean classroom?",
        )

    def test_every_problem_of_a_file_on_its_own_line(self, capsim, change):
        result = capsim("compare", change("parameters: {lea_anual_exit: 0.2}", "seed: -1"))
        lines = result.stderr.splitlines()
        assert result.exit_code == 2
        assert lines[0] == (
            "changed.yaml:10: parameters.lea_anual_exit: unknown parameter; did you mean lea_annual_exit?"
        )
        assert lines[1].startswith("changed.yaml:11: seed: ")
        assert len(lines) == 2

    def test_zero_months(self, capsim, change):
        name = change("timeline: {settling: 6, assistance: 0, follow_up: 0}")
        refused(
            capsim("compare", name),
            "changed.yaml:9: timeline: assistance and follow_up are both 0 months; at least one must be 1 or more",
        )

    def test_folder_that_is_not_empty(self, capsim, folder):
        (folder / "old").mkdir()
        (folder / "old" / "precious.txt").write_text("mine")
        message = "old: exists and is not empty; name another folder, or move this one away"
        refused(capsim("compare", "small.yaml", "--out", "old"), message)
        refused(capsim("run", "small.yaml", "--out", "old"), message)
        assert [path.name for path in (folder / "old").iterdir()] == ["precious.txt"]

    def test_folder_that_is_a_file(self, capsim):
        message = "small.yaml: is a file; an output folder is needed"
        refused(capsim("compare", "small.yaml", "--out", "small.yaml"), message)

    def test_folder_below_a_file(self, capsim, folder):
        place = folder / "small.yaml"
        message = f"small.yaml/deep/x: cannot be created, because {place} is a file"
        refused(capsim("compare", "small.yaml", "--out", "small.yaml/deep/x"), message)

    def test_folder_that_is_read_only(self, capsim, folder, monkeypatch):
        (folder / "locked").mkdir()

        def refuse(*words, **more):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("capsim.paths.tempfile.TemporaryDirectory", refuse)
        refused(capsim("compare", "small.yaml", "--out", "locked"), "locked: cannot be written: permission denied")

    def test_full_disk(self, capsim, monkeypatch):
        monkeypatch.setattr("capsim.paths.shutil.disk_usage", lambda place: type("Usage", (), {"free": 10_000}))
        message = (
            "a: the disk is full (10,000 bytes free, at least 2,000,000 needed); nothing was written. Make room and "
            "run the same command again"
        )
        refused(capsim("compare", "small.yaml", "--out", "a"), message)

    def test_plugin_that_is_not_there(self, capsim, change):
        refused(
            capsim("compare", change(OWN.format("no_such_module_anywhere:X"))),
            "no_such_module_anywhere:X: module 'no_such_module_anywhere' cannot be imported: "
            f"ModuleNotFoundError: No module named 'no_such_module_anywhere'; looked in {Path.cwd()}, and where Python "
            "is installed",
        )

    def test_plugin_that_does_not_import(self, capsim, change, folder, monkeypatch):
        monkeypatch.syspath_prepend(str(folder))
        (folder / "broken_plugin.py").write_text("import capsim\nraise OSError('no licence')\n")
        refused(
            capsim("compare", change(OWN.format("broken_plugin:X"))),
            "broken_plugin:X: module 'broken_plugin' cannot be imported: OSError: no licence",
        )

    def test_plugin_that_is_no_strategy(self, capsim, change):
        refused(
            capsim("compare", change(OWN.format("json:JSONDecoder"))),
            "json:JSONDecoder: 'JSONDecoder' is not a subclass of capsim.Strategy",
        )

    def test_unknown_strategy_names_the_nearest(self, capsim):
        result = capsim("run", "small.yaml", "--strategy", "individual_focussed")
        assert result.exit_code == 2
        assert result.stderr.startswith("no strategy 'individual_focussed'; there are none, individual_focused")
        assert result.stderr.endswith("did you mean individual_focused?\n")

    def test_unknown_break_even_parameter(self, capsim):
        refused(
            capsim("compare", "small.yaml", "--workers", "1", "--break-even", "lea_anual_exit", "--quiet"),
            "break-even: unknown parameter lea_anual_exit; did you mean lea_annual_exit?",
        )

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--replications", "auto"), "--replications auto needs --precision W, the half-width to reach"),
            (("--replications", "5", "--precision", "0.1"), "--precision chooses the replications"),
            (("--replications", "1"), "1 is too few; at least 2, because an interval needs two"),
            (("--replications", "many"), "'many' is neither a whole number nor auto"),
            (("--workers", "0"), "0 is not in the range"),
            (("--seed", "-1"), "-1 is not in the range x>=0"),
            (("--uncertainty", "some"), "'some' is not one of 'assumed', 'structure', 'none'"),
        ],
    )
    def test_options(self, capsim, words, message):
        result = capsim("compare", "small.yaml", *words)
        assert result.exit_code == 2
        assert message in result.stderr

    @pytest.mark.parametrize(
        ("option", "given", "message"),
        [
            ("--precision", "nan", "'nan' is not a number"),
            ("--precision", "0,5", "'0,5' is not a number; a decimal point, not a comma: write 0.5"),
            ("--replications", "1_0", "'1_0' is neither a whole number nor auto; without _: write 10"),
            ("--seed", "²", "'²' is not a whole number; write it with the digits 0 to 9: 2"),
            ("--workers", "4k", "'4k' is not a whole number; write 4000"),
        ],
    )
    def test_what_is_nearly_a_number(self, capsim, option, given, message):
        result = capsim("compare", "small.yaml", option, given)
        assert result.exit_code == 2
        assert message in result.stderr

    @pytest.mark.parametrize("part", ["²/³", "1_/2", "0/2", "3/2", "1/", "/", "1/2/3"])
    def test_part_of_a_sweep(self, capsim, part):
        result = capsim("sweep", "study.yaml", "--shard", part)
        assert result.exit_code == 2
        assert "is no part; write i/n with i from 1 to n, such as 3/16" in result.stderr

    @pytest.mark.parametrize("precision", ["0", "-0.1"])
    def test_precision(self, capsim, precision):
        refused(
            capsim("compare", "small.yaml", "--workers", "1", "--precision", precision, "--quiet"),
            f"precision: must be above 0, got {float(precision)}",
        )

    def test_seed_too_large_for_the_scenario(self, capsim):
        result = capsim("run", "small.yaml", "--seed", str(2**200))
        assert result.exit_code == 2
        assert result.stderr.startswith("scenario: seed: ")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise ZeroDivisionError('lost')", "strategy 'Own' failed in month 0: ZeroDivisionError: lost"),
        (
            "return [capsim.Delivery(activity='coaching', organizations=[1], areas=0, hours=np.nan)]",
            "strategy 'Own', month 0: coaching: hours must be finite and not negative, got nan in row 0",
        ),
        (
            "return [capsim.Delivery(activity='coaching', organizations=[1], areas=0, hours=budget + 1)]",
            "strategy 'Own', month 0: wants 401.0 TA hours, but only 400.0 of the budget are left",
        ),
        ("return 7", "strategy 'Own', month 0: must return a list of Delivery, got int"),
    ],
    ids=["raises", "nan", "over budget", "no list"],
)
class TestStrategiesThatFail:
    def test_compare_records_the_failure_and_finishes_the_others(self, capsim, folder, change, plugin, body, reason):
        result = capsim("compare", change(OWN.format(plugin(body))), "--workers", "1", "--out", "a")
        assert result.exit_code == 1
        assert result.stderr == f"Own: 3 of 3 runs failed: {reason}\n"
        comparison = read_comparison(folder / "a")
        assert comparison.answer() in result.stdout
        done = comparison.runs[comparison.runs["status"] == "done"]
        assert done["strategy"].value_counts().to_dict() == {
            "none": 3,
            "individual_focused": 3,
            "organization_focused": 3,
        }
        failures = [json.loads(line) for line in (folder / "a" / "failures.jsonl").read_text().splitlines()]
        assert [failure["reason"] for failure in failures] == [reason] * 3
        failed = comparison.runs[comparison.runs["status"] == "failed"]
        assert [failure["run_id"] for failure in failures] == failed["run_id"].tolist()

    def test_run_says_so(self, capsim, change, plugin, body, reason):
        result = capsim("run", change(OWN.format(plugin(body))), "--strategy", "Own")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"Own: the run failed: {reason}\n"


def test_when_the_question_itself_fails_there_is_no_answer(capsim, folder, change, plugin):
    own = OWN.format(plugin("raise ValueError('x')"))
    result = capsim("compare", change(own, "question: {contrast: [Own, none]}"), "--workers", "1", "--out", "a")
    assert result.exit_code == 1
    no_answer = "Small: no answer, because no pair of runs of the two strategies finished."
    assert no_answer in result.stdout.split("\n\n")
    assert "not compared with all 3 plans, because no world has a run of each." in result.stdout
    assert read_comparison(folder / "a").answer().startswith("Small: no answer")


@pytest.mark.parametrize(
    "lines",
    [
        ("timeline: {settling: 0, assistance: 1, follow_up: 0}",),
        ("timeline: {settling: 0, assistance: 0, follow_up: 1}",),
        ("assistance: {budget_hours_per_year: 0}",),
        ("focal_areas: [equity]",),
    ],
    ids=["one month", "no month of assistance", "budget zero", "one area"],
)
def test_extreme_scenarios_run(capsim, folder, change, lines):
    result = capsim("compare", change(*lines), "--workers", "1", "--out", "a")
    assert result.exit_code == 0
    assert all(line.startswith("Beware: ") for line in result.stderr.splitlines())
    assert read_comparison(folder / "a").answer() in result.stdout


@pytest.mark.parametrize(
    "rows",
    [
        "STATE,State agency,Example,sea,,,4\nONE,One district,Example,lea,100,STATE,1\n",
        "ONE,One district,Example,lea,100,,1\n",
        "ONE,One district,Example,lea,100,,30\n",
    ],
    ids=["one district of one position", "one agency of one position", "one agency"],
)
def test_smallest_worlds_run(capsim, folder, rows):
    (folder / "agencies.csv").write_text("id,name,state,level,enrollment,parent,positions\n" + rows)
    result = capsim("compare", "small.yaml", "--workers", "1", "--out", "a")
    assert result.exit_code == 0
    assert all("more than people can use" in line for line in result.stderr.splitlines())  # 400 hours for one position
    assert capsim("run", "small.yaml").exit_code == 0


def test_report_of_what_is_no_output_folder(capsim, folder):
    refused(capsim("report", "nowhere"), "nowhere: no such folder")
    refused(capsim("report", "small.yaml"), "small.yaml: is a file, not an output folder")
    (folder / "empty").mkdir()
    why = "holds no study and no comparison (study.json and provenance.json are missing)"
    refused(capsim("report", "empty"), f"empty: {why}; such folders are made by `capsim compare` and `capsim sweep`")
