"""`run`, `compare` and `report` from end to end, in this process."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from capsim.comparison.answering import which_plan
from capsim.comparison.folder import read_comparison


def troubles(result):
    """Standard error without warnings about the answer, which a small comparison may well deserve."""
    return "".join(line for line in result.stderr.splitlines(keepends=True) if not line.startswith("Beware: "))


def test_compare_begins_and_ends_with_the_answer(capsim, folder):
    result = capsim("compare", "small.yaml", "--workers", "1")
    assert result.exit_code == 0
    assert troubles(result) == ""
    parts = result.stdout.strip().split("\n\n")
    comparison = read_comparison(folder / "results" / "small")
    title, plan = which_plan(comparison)
    assert parts[0].startswith("Agencies from agencies.csv: 1 state agency, 2 districts; ")
    assert parts[1] == plan
    assert parts[2].startswith("plan ")
    assert parts[4] == comparison.answer()
    why = "capsim explain small.yaml organization_focused individual_focused"
    assert parts[-2].splitlines() == [
        title,
        "Next: open the page in a browser. Why one plan is ahead of another:",
        f"  {why}",
    ]
    assert parts[-1] == str(Path("results", "small", "report.html"))
    assert (folder / parts[-1]).read_text() == f"<p>{comparison.answer()}</p>"
    assert len(result.stdout.splitlines()) < 40


def test_details_are_printed_when_asked_for(capsim, folder):
    result = capsim("compare", "small.yaml", "--workers", "1", "--details")
    contrast = read_comparison(folder / "results" / "small").differences().iloc[0]
    lines = result.stdout.splitlines()
    line = next(line for line in lines if line.startswith("organization_focused - individual_focused"))
    assert f"{contrast['difference']:+.3f}" in line
    assert f"{contrast['low']:+.3f} to {contrast['high']:+.3f}" in line


def test_a_folder_holds_what_the_contract_says(capsim, folder):
    capsim("compare", "small.yaml", "--workers", "1", "--uncertainty", "assumed", "--agencies", "--out", "all")
    assert {path.name for path in (folder / "all").iterdir()} == {
        "provenance.json",
        "runs.parquet",
        "monthly.parquet",
        "agencies.parquet",
        "chain.parquet",
        "instruments.parquet",
        "hours.parquet",
        "flow.parquet",
        "reach.parquet",
        "reach_agencies.parquet",
        "leavers.parquet",
        "waterfall.csv",
        "draws.parquet",
        "center.parquet",
        "data_dictionary.md",
        "summary.csv",
        "plan.csv",
        "regions.csv",
        "districts.csv",
        "regions.parquet",
        "report.html",
        "failures.jsonl",
    }
    record = json.loads((folder / "all" / "provenance.json").read_text())
    assert record["scenario"]["uncertainty"] == "assumed"
    assert (record["seed"], record["replications"], record["failed_runs"]) == (1, 3, 0)
    assert record["versions"]["capsim"]
    assert (folder / "all" / "failures.jsonl").read_bytes() == b""


def test_default_folders_do_not_collide(capsim, folder):
    for _ in range(3):
        assert capsim("compare", "small.yaml", "--workers", "1", "--quiet").exit_code == 0
    assert sorted(path.name for path in (folder / "results").iterdir()) == ["small", "small-2", "small-3"]


def test_a_default_folder_that_is_taken_meanwhile_costs_nothing(capsim, folder, monkeypatch):
    from capsim.comparison import compare as module

    real = module.compare

    def slow(*words, **options):
        result = real(*words, **options)
        (folder / "results" / "small").mkdir(parents=True)
        return result

    monkeypatch.setattr(module, "compare", slow)
    result = capsim("compare", "small.yaml", "--workers", "1", "--quiet")
    assert result.exit_code == 0
    assert result.stdout.endswith(str(Path("results", "small-2", "report.html")) + "\n")


def test_quiet_says_only_the_answer_and_the_place(capsim):
    result = capsim("compare", "small.yaml", "--workers", "1", "--quiet")
    lines = result.stdout.strip().split("\n\n")
    assert len(lines) == 2
    assert lines[0].startswith("Small: ")
    assert troubles(result) == ""


def test_json_says_the_same_as_the_folder(capsim, folder):
    result = capsim("compare", "small.yaml", "--workers", "1", "--json", "--out", "here")
    found = json.loads(result.stdout, parse_constant=pytest.fail)
    comparison = read_comparison(folder / "here")
    assert found["answer"] == comparison.answer()
    assert [row["difference"] for row in found["differences"]] == comparison.differences()["difference"].tolist()
    assert found["output"] == str(Path("here", "report.html"))
    with (folder / "here" / "summary.csv").open(newline="") as file:
        printed = list(csv.DictReader(file))
    assert [float(row["difference"]) for row in printed] == [row["difference"] for row in found["differences"]]


def test_options_replace_what_the_scenario_says(capsim, folder):
    capsim("compare", "small.yaml", "--workers", "1", "--seed", "9", "--replications", "2", "--out", "a")
    comparison = read_comparison(folder / "a")
    assert (comparison.scenario.seed, comparison.scenario.replications) == (9, 2)
    assert set(comparison.runs["replicate"]) == {0, 1}


def test_the_numbers_do_not_depend_on_the_workers(capsim, folder):
    for workers in ("1", "2"):
        assert capsim("compare", "small.yaml", "--workers", workers, "--out", workers, "--quiet").exit_code == 0
    assert (folder / "1" / "summary.csv").read_bytes() == (folder / "2" / "summary.csv").read_bytes()
    assert (folder / "1" / "runs.parquet").read_bytes() == (folder / "2" / "runs.parquet").read_bytes()
    assert (folder / "1" / "monthly.parquet").read_bytes() == (folder / "2" / "monthly.parquet").read_bytes()


def test_auto_replications_reach_the_precision(capsim, folder):
    words = ("compare", "small.yaml", "--workers", "1", "--json")
    pilot = json.loads(capsim(*words, "--replications", "30").stdout)["differences"][0]
    precision = 0.45 * (pilot["high"] - pilot["low"])
    found = json.loads(capsim(*words, "--replications", "auto", "--precision", precision, "--out", "a").stdout)
    contrast = found["differences"][0]
    assert (contrast["high"] - contrast["low"]) / 2.0 <= precision
    assert contrast["pairs"] > 30
    assert contrast["pairs"] % 10 == 0
    assert read_comparison(folder / "a").provenance["precision"] == precision


def test_break_even_is_printed_and_kept(capsim, folder):
    words = ("compare", "small.yaml", "--workers", "1", "--replications", "2", "--out", "a")
    result = capsim(*words, "--break-even", "lea_annual_exit", "--break-even", "months_to_fill")
    found = read_comparison(folder / "a").break_even
    assert [one.parameter for one in found] == ["lea_annual_exit", "months_to_fill"]
    assert all(one.sentence() in result.stdout for one in found)


def test_a_failing_report_does_not_cost_the_data(capsim, folder, monkeypatch):
    def fail(comparison, path):
        path.write_text("half")
        raise ValueError("no colour left")

    monkeypatch.setattr("capsim.report.write_report", fail)
    result = capsim("compare", "small.yaml", "--workers", "1", "--out", "a")
    assert result.exit_code == 1
    assert (
        troubles(result)
        == "a: the data are complete, but report.html could not be written: ValueError: no colour left\n"
    )
    assert read_comparison(folder / "a").answer() in result.stdout
    assert not (folder / "a" / "report.html").exists()


def test_a_disk_that_fills_up_does_not_cost_the_answer(capsim, folder, monkeypatch):
    def full(table, path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("capsim.comparison.folder.write_table", full)
    result = capsim("compare", "small.yaml", "--workers", "1", "--out", "deep/a")
    assert result.exit_code == 2
    assert result.stdout.split("\n\n")[4].startswith("Small: ")
    assert (
        troubles(result) == "deep/a: the disk is full; nothing was written. Make room and run the same command again\n"
    )
    assert sorted(path.name for path in folder.iterdir()) == ["agencies.csv", "small.yaml"]


def test_report_is_made_again_from_the_folder(capsim, folder):
    capsim("compare", "small.yaml", "--workers", "1", "--out", "a")
    first = (folder / "a" / "report.html").read_bytes()
    (folder / "a" / "report.html").unlink()
    (folder / "agencies.csv").unlink()
    result = capsim("report", "a")
    assert (result.exit_code, troubles(result)) == (0, "")
    assert (folder / "a" / "report.html").read_bytes() == first
    assert result.stdout.endswith(str(Path("a", "report.html")) + "\n")
    assert capsim("report", "a", "--out", "other.html", "--quiet").stdout == ""
    assert (folder / "other.html").read_bytes() == first


@pytest.mark.usefixtures("real_report")
def test_the_real_report_stands_alone(capsim, folder):
    result = capsim("compare", "small.yaml", "--workers", "1", "--uncertainty", "assumed", "--out", "a")
    assert (result.exit_code, troubles(result)) == (0, "")
    page = (folder / "a" / "report.html").read_text(encoding="utf-8")
    assert "<html" in page
    assert not re.search(r"""(src|href)=["']https?://""", page)


def test_run_prints_years_and_a_summary(capsim):
    result = capsim("run", "small.yaml")
    table, _, summary = result.stdout.strip().split("\n\n")
    assert [line.split()[:2] for line in table.splitlines()[2:]] == [["1", "assistance"], ["2", "follow-up"]]
    assert summary.startswith("Small, organization_focused, seed 1: use 0.")


def test_run_is_replicate_0_of_the_comparison(capsim, folder):
    capsim("compare", "small.yaml", "--workers", "1", "--out", "a")
    runs = read_comparison(folder / "a").runs
    wanted = runs[(runs["replicate"] == 0) & (runs["strategy"] == "individual_focused")].iloc[0]
    found = json.loads(capsim("run", "small.yaml", "--strategy", "individual_focused", "--json").stdout)
    assert found["run_id"] == wanted["run_id"]
    assert found["outcomes"]["use_follow_up_end"] == wanted["use_follow_up_end"]
    assert len({month["month"] for month in found["months"]}) == 24


def test_run_with_another_seed_has_other_luck(capsim):
    texts = {capsim("run", "small.yaml", "--quiet", "--seed", seed).stdout.split("use")[1] for seed in ("1", "2", "3")}
    assert len(texts) == 3


def test_run_writes_a_folder_that_is_no_comparison(capsim, folder):
    result = capsim("run", "small.yaml", "--out", "one")
    assert result.exit_code == 0
    assert {path.name for path in (folder / "one").iterdir()} == {
        "provenance.json",
        "runs.parquet",
        "monthly.parquet",
        "agencies.parquet",
        "chain.parquet",
        "hours.parquet",
        "plan.csv",
        "flow.parquet",
        "flow_agencies.parquet",
        "reach.parquet",
        "reach_agencies.parquet",
        "waterfall.csv",
        "leavers.parquet",
        "center.parquet",
        "instruments.parquet",
        "data_dictionary.md",
        "summary.csv",
        "failures.jsonl",
    }
    result = capsim("report", "one")
    assert result.exit_code == 2
    assert result.stderr == "one/provenance.json: holds a run, not a comparison; `capsim compare` makes one\n"


def test_a_large_drift_is_one_line_of_warning(capsim, monkeypatch):
    monkeypatch.setattr("capsim.comparison.verdicts.drift_warning", lambda result: "Beware: it drifts.")
    found = capsim("compare", "small.yaml", "--workers", "1", "--quiet")
    assert found.stderr.splitlines().count("Beware: it drifts.") == 1
    assert "Beware" not in found.stdout


def test_compare_and_explain_say_what_their_intervals_are(capsim):
    compared = capsim("compare", "small.yaml", "--workers", "1", "--details").stdout
    assert "luck: mean and the 95% t interval of the mean" in compared
    assert "capsim explain gives bootstrap intervals of the mean" in compared
    explained = capsim("explain", "small.yaml", "organization_focused", "individual_focused", "--workers", "1").stdout
    assert "95% of the mean (bootstrap)" in explained
    assert "compare gives a t interval of the mean for luck" in explained


@pytest.mark.usefixtures("real_extras")
def test_what_would_change_the_answer_comes_after_it(capsim, folder):
    found = capsim("compare", "small.yaml", "--workers", "1", "--out", "a", "--details")
    assert found.exit_code == 0
    parts = found.stdout.split("\n\n")
    places = [
        next(n for n, part in enumerate(parts) if part.startswith(begin)) for begin in ("Small: ", "gain at a year's")
    ]
    assert places == sorted(places)
    assert any(part.startswith("What would change the answer") for part in parts[places[1] :])
    comparison = read_comparison(folder / "a")
    assert len(comparison.ladder)
    assert len(comparison.effects)
    assert (folder / "a" / "ladder.csv").exists()
    told = json.loads(capsim("compare", "small.yaml", "--workers", "1", "--out", "b", "--json").stdout)
    assert told["budget"] in found.stdout
    moved = [row["parameter"] for row in told["assumptions_that_move"]]
    assert moved == list(comparison.assumptions_that_move()["parameter"])


@pytest.mark.usefixtures("real_extras")
def test_quick_is_the_answer_alone(capsim, folder):
    found = capsim("compare", "small.yaml", "--workers", "1", "--out", "a", "--quick")
    assert found.exit_code == 0
    assert "gain at a year's" not in found.stdout
    assert "What would change" not in found.stdout
    assert not (folder / "a" / "ladder.csv").exists()
    assert "extras" not in json.loads((folder / "a" / "provenance.json").read_text())


@pytest.mark.usefixtures("real_extras")
def test_stopping_after_the_answer_keeps_it(capsim, folder, monkeypatch):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("capsim.comparison.extras.run_effects", interrupted)
    found = capsim("compare", "small.yaml", "--workers", "1", "--out", "a")
    assert found.exit_code == 130
    assert found.stderr == "capsim: stopped; the answer and what was finished after it are in a.\n"
    assert found.stdout.strip().endswith(str(Path("a", "report.html")))
    comparison = read_comparison(folder / "a")
    assert len(comparison.ladder)
    assert not len(comparison.effects)
    assert comparison.answer() in found.stdout
