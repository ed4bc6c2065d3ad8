"""The assumptions page names twenty parameters with the numbers that are declared; its example is a valid scenario.

After a change of declared defaults or ranges, ``python tests/docs/test_assumptions.py`` writes the new numbers
into the page.
"""

import re
from pathlib import Path

import pytest
import yaml

from capsim.errors import InputError
from capsim.parameters import PARAMETERS
from capsim.scenario import load_scenario, scenario_from_mapping

PAGE = Path(__file__).parents[2] / "docs" / "assumptions.md"
ROW = re.compile(r"^\| (?P<words>.+) \| `(?P<name>\w+)` \| (?P<default>[^|]+) \| (?P<range>[^|]+) \|$")
UNITS_SHOWN = ("per year", "per month", "months", "initiatives")
HOW = "run `python tests/docs/test_assumptions.py` to write the declared numbers into docs/assumptions.md"


def page_rows(text):
    """Rows of the table: words, name, default and range as written."""
    return [match.groupdict() for line in text.splitlines() if (match := ROW.match(line))]


def numbers(parameter):
    """Default and range of a parameter as the page writes them."""
    unit = f" {parameter.unit}" if parameter.unit in UNITS_SHOWN else ""
    return f"{parameter.default:g}{unit}", f"{parameter.low:g} to {parameter.high:g}"


def with_declared_numbers(text):
    """The page with the declared default and range in every row of the table."""
    lines = []
    for line in text.splitlines():
        match = ROW.match(line)
        if match and match["name"] in PARAMETERS:
            default, plausible = numbers(PARAMETERS[match["name"]])
            line = f"| {match['words']} | `{match['name']}` | {default} | {plausible} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def wrong_rows(text):
    """What the table says otherwise than the declarations."""
    wrong = []
    for row in page_rows(text):
        if row["name"] not in PARAMETERS:
            wrong.append(f"{row['name']}: no such parameter")
        elif (row["default"], row["range"]) != numbers(PARAMETERS[row["name"]]):
            default, plausible = numbers(PARAMETERS[row["name"]])
            wrong.append(f"{row['name']}: page has {row['default']}, {row['range']}; declared {default}, {plausible}")
    return wrong


@pytest.fixture
def page():
    return PAGE.read_text(encoding="utf-8")


def example(text):
    """The YAML example of the page."""
    (block,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    return block


def test_twenty_assumptions_each_once(page):
    names = [row["name"] for row in page_rows(page)]
    assert len(names) == len(set(names)) == 20


def test_numbers_are_the_declared_ones(page):
    wrong = wrong_rows(page)
    assert not wrong, HOW + ":\n" + "\n".join(wrong)


def test_every_one_has_a_range_to_vary(page):
    fixed = [row["name"] for row in page_rows(page) if not PARAMETERS[row["name"]].assumed]
    assert not fixed, f"not drawn from a range, although the page says so: {fixed}"


def test_a_wrong_number_and_an_unknown_name_are_seen(page):
    default, _ = numbers(PARAMETERS["lea_annual_exit"])
    assert len(wrong_rows(page.replace(f"`lea_annual_exit` | {default} ", "`lea_annual_exit` | 0.17 "))) == 1
    assert wrong_rows(page.replace("| `practice_hours` |", "| `practice_hour` |")) == ["practice_hour: no such parameter"]


def test_numbers_in_the_text_of_a_row_agree(page):
    """The first row explains its default in words."""
    row = next(row for row in page_rows(page) if row["name"] == "lea_annual_exit")
    assert f"({PARAMETERS['lea_annual_exit'].default:g}: about one in six)" in row["words"]
    assert 5.5 < 1 / PARAMETERS["lea_annual_exit"].default < 6.5


def test_example_is_a_scenario(page, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(example(page), encoding="utf-8")
    scenario = load_scenario(path)
    assert scenario.parameters["lea_annual_exit"] == 0.25
    assert scenario == scenario_from_mapping(yaml.safe_load(example(page)))


def test_example_changes_assumptions_of_the_table_within_their_ranges(page):
    named = {row["name"] for row in page_rows(page)}
    for name, value in yaml.safe_load(example(page))["parameters"].items():
        assert name in named
        assert PARAMETERS[name].low <= value <= PARAMETERS[name].high
        assert value != PARAMETERS[name].default


def test_a_misspelt_name_is_refused_as_the_page_says(page, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(example(page).replace("lea_annual_exit", "lea_anual_exit"), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean"):
        load_scenario(path)


if __name__ == "__main__":
    PAGE.write_text(with_declared_numbers(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
