"""Several scenarios in one command."""

import json

import pytest

from capsim.comparison.comparison import varied
from capsim.errors import InputError
from capsim.scenario import load_scenario


def test_one_table_says_which_plan_is_the_best_where(capsim, folder):
    result = capsim(
        "compare",
        "small.yaml",
        "--vary",
        "lea_annual_exit=.1,.4",
        "--workers",
        "1",
        "--replications",
        "2",
        "--out",
        "two",
    )
    assert result.exit_code == 0
    parts = result.stdout.strip().split("\n\n")
    assert " leaves most in “Small, lea_annual_exit .1”" in parts[0]
    assert "Small, lea_annual_exit .4" in parts[1]
    assert "one plan for all" in parts[3]
    assert parts[4].startswith("what would change it\n  Small, lea_annual_exit .1: moved most by ")
    assert "Not looked into" in result.stdout or "not looked for" not in parts[4]
    assert (folder / parts[-1]).is_file()
    assert "2 of 2: Small, lea_annual_exit .4" in result.stderr


def test_what_would_change_each_answer_is_left_out_when_asked(capsim, folder):
    asked = ("--vary", "lea_annual_exit=.1,.4", "--workers", "1", "--replications", "2", "--out", "two", "--quick")
    result = capsim("compare", "small.yaml", *asked)
    assert "what would change it" not in result.stdout
    assert "without --quick they are" in (folder / "two" / "report.html").read_text(encoding="utf-8")


def test_machines_get_the_same(capsim, folder):
    asked = ("--vary", "lea_annual_exit=.1,.4", "--workers", "1", "--replications", "2", "--json", "-q")
    found = json.loads(capsim("compare", "small.yaml", *asked).stdout, parse_constant=pytest.fail)
    assert found["scenarios"] == ["Small, lea_annual_exit .1", "Small, lea_annual_exit .4"]
    assert [row["scenario"] for row in found["deciding"]] == found["scenarios"]
    assert {row["strategy"] for row in found["table"]} == {"individual_focused", "organization_focused"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("small.yaml", "--vary", "lea_annual_exit"), "write --vary lea_annual_exit=.1,.2,.3"),
        (("small.yaml", "--vary", "lea_anual_exit=.1"), "did you mean lea_annual_exit"),
        (("small.yaml", "--vary", "lea_annual_exit="), "has no values"),
        (("small.yaml", "--vary", "lea_annual_exit=.1", "--vary", "lea_annual_exit=.2"), "is given twice"),
        (("small.yaml", "--vary", "budget_dollars_per_year=250,000"), "250,000 looks like a number with a thousands"),
        (("small.yaml", "--vary", "budget_dollars_per_year=$250,000,$500,000"), "so write 250000 or 250_000"),
        (("small.yaml", "--vary", "turnover=.1,.2"), "unknown parameter 'turnover'; did you mean lea_annual_exit?"),
        (("small.yaml", "none.yaml"), "none.yaml"),
        (("small.yaml", "--vary", "budget_dollars_per_yaer=1"), "did you mean budget_dollars_per_year"),
        (("small.yaml", "--observed", "a.csv", "--vary", "lea_annual_exit=.1"), "--observed goes with one scenario"),
        (("small.yaml", "--quick", "--thorough"), "give one of them"),
    ],
)
def test_bad_values_are_said_in_a_line(capsim, folder, arguments, said):
    result = capsim("compare", *arguments)
    assert result.exit_code != 0
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "results").exists()


def test_a_budget_in_dollars_can_be_varied_where_it_was_in_hours() -> None:
    made = varied([load_scenario("classroom")], {"budget_dollars_per_year": ["200000", "400000"]})
    budgets = [(one.assistance.budget_dollars_per_year, one.assistance.budget_hours_per_year) for one in made.values()]
    assert [dollars for dollars, _ in budgets] == [200_000, 400_000]
    with pytest.raises(InputError, match="a scenario has one budget"):
        varied([load_scenario("classroom")], {"budget_dollars_per_year": [1], "budget_hours_per_year": [1]})
