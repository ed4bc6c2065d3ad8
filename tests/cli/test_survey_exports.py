"""From the export of a survey tool to a survey that a scenario starts from, as a designer does it."""

from __future__ import annotations

from pathlib import Path

from capsim.scenario import load_scenario

EXPORT = """\
Timestamp,Email address,Where do you work?,There is trust,I want to take part
2026/01/05 9:12:01 AM,ann@example.org,Birch Hill,Agree,5
2026/01/05 9:13:01 AM,bob@example.org,Birch Hill,Agree,4
2026/01/05 9:14:01 AM,cai@example.org,Maple City,Disagree,N/A
2026/01/05 9:15:01 AM,dee@example.org,Elsewhere,Disagree,2
"""
MAP = """\
agency: Where do you work?
leave_out: [Elsewhere]
items:
  culture_likert: There is trust
  engagement_likert: I want to take part
labels: {Disagree: 2, Agree: 4}
"""


def test_an_export_becomes_the_survey_of_a_scenario(capsim, folder):
    (folder / "export.csv").write_text(EXPORT)
    first = capsim("new", "survey", "spring", "--from", "export.csv")
    assert first.exit_code == 0
    assert first.stdout.startswith("spring_map.yaml written; fill it in, then   capsim new survey spring --from")
    text = (folder / "spring_map.yaml").read_text()
    assert "Google Forms, 4 respondents" in text
    assert "#   There is trust; answers: Agree | Disagree" in text
    assert "@example.org" not in text
    assert "Timestamp" not in text
    (folder / "spring_map.yaml").write_text(MAP)
    asked = ("--from", "export.csv", "--map", "spring_map.yaml", "--scenario", "small.yaml")
    done = capsim("new", "survey", "spring", *asked)
    assert done.exit_code == 0, done.stderr
    assert "3 respondents of 2 agencies; left out: 1 of agencies to leave out" in done.stdout
    rows = (folder / "spring_survey.csv").read_text().splitlines()
    assert rows == ["agency,area,culture_likert,engagement_likert,n", "BIRCH,,4,4.5,2", "MAPLE,,2,,1"]
    small = folder / "small.yaml"
    small.write_text(small.read_text().replace("agencies.csv", "agencies.csv, survey: spring_survey.csv"))
    assert capsim("check", "small.yaml").exit_code == 0
    assert Path(load_scenario("small.yaml").agencies.survey).name == "spring_survey.csv"


def test_a_map_filled_in_as_it_is_written_says_what_is_missing(capsim, folder):
    (folder / "export.csv").write_text(EXPORT)
    assert capsim("new", "survey", "spring", "--from", "export.csv").exit_code == 0
    found = capsim("new", "survey", "spring", "--from", "export.csv", "--map", "spring_map.yaml")
    assert found.exit_code == 2
    assert [line.split(": ", 1)[1] for line in found.stderr.splitlines()] == ["agency: is missing", "items: is missing"]


def test_a_map_needs_an_export(capsim):
    found = capsim("new", "survey", "spring", "--map", "spring_map.yaml")
    assert found.exit_code == 2
    assert "--map needs --from, the export that it is about" in found.stderr
