"""`capsim sensitivity | calibrate | optimize`: text, JSON, folders, study files, exit status."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.runs.study import load_study


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def call(*arguments: str):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory, small):
    """A small scenario file (JSON is YAML)."""
    path = tmp_path_factory.mktemp("scenario") / "small.yaml"
    path.write_text(json.dumps(small.resolved()))
    return str(path)


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("measure,month,level,value,standard_error\nvacancy,12,all,0.05,0.02\nvacancy,24,all,0.05,0.02\n")
    return str(path)


def test_sensitivity(scenario, tmp_path):
    out = tmp_path / "out"
    done = call(
        "sensitivity",
        scenario,
        "--parameters",
        "lea_annual_exit",
        "--parameters",
        "codification_rate",
        "--n",
        "4",
        "--method",
        "morris",
        "--replications",
        "2",
        "--workers",
        "1",
        "--out",
        str(out),
        "--quiet",
    )
    assert done.exit_code == 0, done.output
    assert "decides who is ahead in use_by_pupils_follow_up_end" in done.output
    assert {path.name for path in out.iterdir()} == {
        "indices.csv",
        "points.csv",
        "runs",
        "figure.svg",
        "provenance.json",
        "analysis.json",
        "study.json",
        "tmp",
        "data_dictionary.md",
        "driver.lock",
        "sessions.jsonl",
    }
    assert json.loads((out / "provenance.json").read_text())["scenario"]["name"] == "Classroom"
    found = json.loads((out / "analysis.json").read_text())
    assert found["priors"] == "uniform over the bounds"
    asked = call("query", str(out), "SELECT strategy, count(DISTINCT run_id) AS ids FROM runs GROUP BY 1", "--json")
    counts = {row["strategy"]: row["ids"] for row in json.loads(asked.stdout)}
    assert set(counts) == {"organization_focused", "individual_focused"}
    assert all(16 < count <= 32 for count in counts.values()), "points that are equal are run once"
    again = call(
        "sensitivity",
        scenario,
        "--parameters",
        "lea_annual_exit",
        "--parameters",
        "codification_rate",
        "--n",
        "4",
        "--method",
        "morris",
        "--replications",
        "2",
        "--workers",
        "1",
        "--json",
        "--quiet",
    )
    assert json.loads(again.stdout)["indices"] == found["indices"]
    assert json.loads(again.stdout)["folder"].startswith("results/sensitivity-classroom-")


def test_the_same_command_uses_what_is_stored(scenario, monkeypatch):
    words = (
        "optimize",
        scenario,
        "--n",
        "2",
        "--draws",
        "4",
        "--objectives",
        "use",
        "--objectives",
        "cost",
        "--json",
        "--replications",
        "1",
        "--uncertain",
        "codification_rate",
        "--workers",
        "1",
        "--quiet",
        "--budgets",
        "300",
        "--budgets",
        "600",
    )
    first = call(*words)
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert answer["budgets"] == [300.0, 600.0]

    def never(block):
        raise AssertionError("a stored run was run again")

    monkeypatch.setattr("capsim.runs.chunk.run_block", never)
    assert json.loads(call(*words).stdout) == answer
    other = call(*words[:-1], "700")
    assert other.exit_code != 0


def test_calibration_by_the_runs_of_a_sweep(scenario, tmp_path):
    """Nothing is run; the columns of the sweep's outcomes answer to observations at the two moments."""
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(
        f"kind: sweep\nname: Spread\nscenario: {scenario}\nfactors: {{months_to_fill: {{}}}}\n"
        "design: {kind: latin_hypercube, n: 60}\nstrategies: [none]\nreplications: 1\n"
    )
    assert call("sweep", str(sweep), "--workers", "1", "--quiet").exit_code == 0
    data = tmp_path / "seen.csv"
    data.write_text("measure,month,level,value,standard_error\nvacancy,24,lea,0.05,0.02\n")
    study = tmp_path / "fit.yaml"
    text = (
        f"kind: calibrate\nname: Fit\nscenario: {scenario}\nobserved: seen.csv\nparameters: [months_to_fill]\n"
        "runs: results/spread\n"
    )
    study.write_text(text)
    done = call("calibrate", str(study), "--workers", "1")
    assert done.exit_code == 0, done.output
    assert "60 points of Spread, stored in" in done.output
    assert (tmp_path / "results" / "fit" / "analysis.json").is_file()
    assert not (tmp_path / "results" / "fit" / "study.json").exists()
    data.write_text("measure,month,level,value,standard_error\nvacancy,23,lea,0.05,0.02\n")
    study.write_text(text.replace("[months_to_fill]", "[lea_annual_exit]"))
    refused = call("calibrate", str(study), "--workers", "1")
    assert refused.exit_code == 2
    assert "the stored runs did not vary lea_annual_exit" in refused.output
    assert "the stored runs also varied months_to_fill; fit it too" in refused.output
    assert "the stored runs do not hold vacancy of lea in month 23" in refused.output


def test_data_stand_beside_the_study_file(scenario, survey, tmp_path, monkeypatch):
    study = tmp_path / "study.yaml"
    text = f"kind: calibrate\nname: Fit\nscenario: {scenario}\nobserved: survey.csv\nparameters: [months_to_fill]\n"
    study.write_text(text)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert load_study(study).observed == survey
    study.write_text(text.replace("survey.csv", "survy.csv"))
    done = call("calibrate", str(study), "--workers", "1")
    assert done.exit_code == 2
    said = f"study.yaml:4: observed: no such file: survy.csv; the path counts from the study file's folder, {tmp_path}"
    assert said in done.output


def test_calibrate_and_optimize(scenario, survey):
    fitted = call(
        "calibrate", scenario, "--observed", survey, "--parameters", "months_to_fill", "--n", "40", "--workers", "1"
    )
    assert fitted.exit_code == 0, fitted.output
    assert "Posterior medians" in fitted.output
    assert "inside" in fitted.output
    found = call(
        "optimize",
        scenario,
        "--n",
        "2",
        "--draws",
        "4",
        "--objectives",
        "use",
        "--objectives",
        "cost",
        "--json",
        "--replications",
        "1",
        "--uncertain",
        "codification_rate",
        "--workers",
        "1",
        "--quiet",
    )
    assert found.exit_code == 0, found.output
    answer = json.loads(found.stdout)
    assert set(answer["front"]) <= {row["strategy"] for row in answer["table"]}


def test_study_files_say_the_same_as_options(scenario, tmp_path, survey):
    study = tmp_path / "study.yaml"
    study.write_text(
        f"kind: calibrate\nname: Fit\nscenario: {scenario}\nobserved: {survey}\nparameters: [months_to_fill]\n"
        "n: 40\nreplications: 1\n"
    )
    by_file = call("calibrate", str(study), "--json", "--quiet", "--workers", "1")
    assert by_file.exit_code == 0, by_file.output
    by_options = call(
        "calibrate",
        scenario,
        "--observed",
        survey,
        "--parameters",
        "months_to_fill",
        "--n",
        "40",
        "--json",
        "--quiet",
        "--workers",
        "1",
    )
    assert json.loads(by_file.stdout)["best"] == json.loads(by_options.stdout)["best"]
    wrong = call("optimize", str(study), "--workers", "1")
    assert wrong.exit_code == 2
    assert "is a study of kind calibrate" in wrong.output


@pytest.mark.parametrize(
    ("kind", "more"), [("sensitivity", "method: morris\nn: 4\n"), ("optimize", "n: 4\ndraws: 4\n")]
)
def test_other_study_files_become_arguments(scenario, tmp_path, kind, more):
    study = tmp_path / "study.yaml"
    study.write_text(f"kind: {kind}\nname: One\nscenario: {scenario}\nseed: 9\nreplications: 3\n{more}")
    arguments = load_study(study).arguments()
    assert arguments["scenario"].seed == 9
    assert (arguments["n"], arguments["replications"]) == (4, 3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("calibrate", "classroom", "--parameters", "months_to_fill"), "needs --observed"),
        (("sensitivity", "clasroom"), "did you mean classroom"),
        (("sensitivity", "classroom", "--parameters", "seed"), "is luck"),
    ],
)
def test_bad_input_ends_with_2(arguments, message):
    done = call(*arguments)
    assert done.exit_code == 2
    assert message in done.output


@pytest.mark.parametrize("command", ["sensitivity", "calibrate", "optimize"])
def test_help_has_an_example(command):
    assert f"capsim {command} " in call(command, "--help").output.split("Example", 1)[1]
