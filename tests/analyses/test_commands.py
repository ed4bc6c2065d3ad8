"""`capsim sensitivity | calibrate | optimize`: text, JSON, folders, study files, exit status."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from capsim.cli import main
from capsim.studies.study.files import load_study


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
        "sensitivity", scenario, "--parameters", "lea_annual_exit", "--parameters", "codification_rate", "--n", "4",
        "--method", "morris", "--replications", "2", "--workers", "1", "--out", str(out), "--quiet",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "luck makes" in done.output
    assert {path.name for path in out.iterdir()} == {
        "indices.csv", "points.csv", "runs.csv", "figure.svg", "provenance.json",
    }  # fmt: skip
    source = json.loads((out / "provenance.json").read_text())
    assert source["analysis"]["priors"] == "uniform over the bounds"
    again = call(
        "sensitivity", scenario, "--parameters", "lea_annual_exit", "--parameters", "codification_rate", "--n", "4",
        "--method", "morris", "--replications", "2", "--workers", "1", "--json", "--quiet",
    )  # fmt: skip
    assert json.loads(again.stdout)["indices"] == source["analysis"]["indices"]


def test_calibrate_and_optimize(scenario, survey):
    fitted = call(
        "calibrate", scenario, "--observed", survey, "--parameters", "months_to_fill", "--n", "40", "--workers", "1"
    )
    assert fitted.exit_code == 0, fitted.output
    assert "Posterior medians" in fitted.output
    assert "inside" in fitted.output
    found = call(
        "optimize", scenario, "--n", "2", "--draws", "4", "--objectives", "use", "--objectives", "cost", "--json",
        "--replications", "1", "--uncertain", "codification_rate", "--workers", "1", "--quiet",
    )  # fmt: skip
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
        "calibrate", scenario, "--observed", survey, "--parameters", "months_to_fill", "--n", "40", "--json", "--quiet",
        "--workers", "1",
    )  # fmt: skip
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
