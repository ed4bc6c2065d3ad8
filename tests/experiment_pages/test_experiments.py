"""Every experiment: its files are sound, its page is what its numbers say, and its small version gives what it gave."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from capsim.parameters import PARAMETERS
from capsim.runs.study import load_study, study_hash
from experiments.__main__ import NUMBERS, SMALL_NUMBERS, run
from experiments.page import overview, page
from experiments.question import FOLDER, every_name, read_question

NAMES = every_name()
RUN = [name for name in NAMES if (FOLDER / name / NUMBERS).is_file()]
"""Those that have been run in full; an experiment that was only declared has its small version alone."""


def read(name: str, file: str) -> Any:
    return json.loads((FOLDER / name / file).read_text(encoding="utf-8"))


def test_there_is_one_folder_for_every_question() -> None:
    assert set(NAMES) == {
        "individual_or_organizational",
        "needs_assessment",
        "better_needs_assessment",
        "scale_dilution",
        "readiness_screening",
        "codesign_timing",
        "focal_areas",
        "tiers",
        "regional_delivery",
        "regional_delivery_new_york",
        "weakest_link",
        "sustainability",
        "working_groups",
        "adaptive_center",
        "equity",
        "tools_that_travel",
    }


@pytest.mark.parametrize("name", NAMES)
def test_pairs_and_factors_are_those_of_the_study(name: str) -> None:
    question, study = read_question(name), load_study(FOLDER / name / "study.yaml")
    factors = [*question.factors, *([question.panels] if question.panels else [])]
    assert [factor for factor in study.factors if not factor.startswith("rules.")] == factors
    for pair in question.pairs:
        assert {pair.first, pair.second} <= set(study.strategy_names)
        assert question.outcome_of(pair) in study.possible_outcomes
    assert all(name in PARAMETERS or name == "budget_hours_per_year" for name in factors)


@pytest.mark.parametrize("name", RUN)
def test_the_page_is_what_the_numbers_say(name: str) -> None:
    question, numbers = read_question(name), read(name, NUMBERS)
    assert (FOLDER / name / "README.md").read_text(encoding="utf-8") == page(name, question, numbers)
    assert (FOLDER / name / "figure.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert numbers["study"] == study_hash(load_study(FOLDER / name / "study.yaml")), "the study changed since it ran"


@pytest.mark.parametrize("name", RUN)
def test_every_cause_is_taken_away_for_every_pair(name: str) -> None:
    question = read_question(name)
    found = [(row["cause"], row["pair"]) for row in read(name, NUMBERS).get("causes", [])]
    assert found == [(one.cause, n) for one in question.causes for n in range(len(question.pairs))]


def test_the_overview_is_what_the_numbers_say() -> None:
    rows = [(name, read_question(name), read(name, NUMBERS)) for name in RUN]
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == overview(rows)


def same(now: Any, before: Any, where: str = "") -> list[str]:
    """Places at which two findings differ; one may say more than before."""
    if isinstance(now, dict) and isinstance(before, dict) and now.keys() >= before.keys():
        return [line for key in before for line in same(now[key], before[key], f"{where}.{key}")]
    if isinstance(now, list) and isinstance(before, list) and len(now) == len(before):
        return [line for n, (a, b) in enumerate(zip(now, before, strict=True)) for line in same(a, b, f"{where}[{n}]")]
    if isinstance(now, float) and isinstance(before, float):
        both_undefined = math.isnan(now) and math.isnan(before)
        return [] if both_undefined or math.isclose(now, before, rel_tol=1e-9, abs_tol=1e-9) else [where]
    return [] if now == before else [where]


@pytest.mark.parametrize("name", NAMES)
def test_the_small_version_gives_what_it_gave(name: str) -> None:
    now = json.loads(json.dumps(run(name, workers=1, small=True)))
    assert same(now, read(name, SMALL_NUMBERS)) == []
