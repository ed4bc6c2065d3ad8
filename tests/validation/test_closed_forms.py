"""The engine against every closed form; each kind of failure is seen once on an engine that is wrong on purpose."""

import dataclasses
import math

import numpy as np
import pytest

from capsim.engine import month as month_module
from validation import closed_forms
from validation.closed_forms import ClosedForm, run_closed_forms, turnover
from validation.closed_forms import laboratory as laboratory_module
from validation.closed_forms.influence import influence_forms
from validation.closed_forms.learning import learning_forms
from validation.closed_forms.result import largest_deviation
from validation.closed_forms.rules import rule_forms
from validation.closed_forms.ties import tie_forms


@pytest.fixture(scope="module")
def rows():
    return run_closed_forms(seed=1)


def test_every_closed_form_holds(rows):
    assert [row for row in rows if not row.met] == []


def test_every_closed_form_of_the_plan_is_there(rows):
    assert {row.name for row in rows} == {
        "mean skill under turnover",
        "half-life of skill under turnover",
        "vacancy share hT/(1 + hT)",
        "tenure is geometric",
        "declared annual exit is realised",
        "socialization",
        "disuse",
        "experience and disuse",
        "forgetting of routines",
        "codification",
        "consultation",
        "lag of use",
        "DeGroot in expectation",
        "DeGroot with one contact each",
        "Friedkin-Johnsen fixed point",
        "tie survival is geometric",
        "routine as a stock",
        "bench",
        "training to a ceiling",
        "repeats",
        "readiness",
        "prerequisite",
        "help without effect",
        "hours per position",
        "obsolescence",
        "renewal",
        "unlearning",
        "offerings",
        "living center",
        "cascade",
        "linked outcomes",
        "records of areas",
        "resources follow plans",
        "positions give time",
        "money builds routines",
        "adoption of tools",
        "support",
        "support of skill",
        "support of routines",
    }
    statistics = [(row.name, row.statistic) for row in rows]
    assert len(set(statistics)) == len(statistics)


def test_same_seed_same_rows_other_seed_other_draws(rows):
    assert tie_forms(1) == [row for row in rows if row.name == "tie survival is geometric"]
    assert [row.observed for row in tie_forms(2)] != [row.observed for row in tie_forms(1)]


def test_a_row_passes_within_its_tolerance_only():
    row = ClosedForm(name="a", statistic="b", expected=1.0, observed=1.5, tolerance=0.5)
    assert row.met
    assert not dataclasses.replace(row, observed=1.51).met
    assert not dataclasses.replace(row, observed=math.nan).met
    assert set(dataclasses.asdict(row)) == {"name", "statistic", "expected", "observed", "tolerance"}


def test_largest_deviation_is_in_standard_errors():
    runs = np.array([[0.0, 5.0], [2.0, 5.0]])
    row = largest_deviation("a", "b", runs, np.array([1.0 + 3.0, 5.0]))
    assert row.observed == pytest.approx(3.0)  # mean 1, error 1
    assert row.tolerance == pytest.approx(4.15, abs=0.02)
    assert row.met


def _with(monkeypatch, name, change):
    """Put a changed process into the month of the laboratory."""
    process = next(step for step in month_module.MONTH if step.name == name)
    wrong = month_module.MONTH.replace(name, dataclasses.replace(process, apply=change(process.apply)))
    monkeypatch.setattr(laboratory_module, "MONTH", wrong)


def _other_values(**factors):
    """Change of a process: the same rule with parameters that are a little off."""

    def change(apply):
        def wrong(world, numbers, values):
            apply(world, numbers, {**values, **{name: values[name] * factor for name, factor in factors.items()}})

        return wrong

    return change


def _fills_at_once(apply):
    """Change of hiring: a position may be filled in the month it became vacant."""

    def wrong(world, numbers, values):
        world.vacant_months[world.person < 0] += 1
        apply(world, numbers, values)

    return wrong


def _keeps_skill(apply):
    """Change of turnover: those who come next inherit the skill."""

    def wrong(world, numbers, values):
        before = world.skill.copy()
        apply(world, numbers, values)
        world.bank.skill[:] = before.mean()

    return wrong


def _first_contact(apply):
    """Change of consultation: always the first contact, whatever the strengths."""

    def wrong(world, numbers, values):
        numbers.position[:] = 0.0
        apply(world, numbers, values)

    return wrong


def _declared_exit(seed):
    return [turnover._declared_exit(seed, 0.16, tenure_gradient=1.5)]


def _skill_decay(seed):
    return turnover._skill_decay(seed, 0.16)


def _tenure(seed):
    return [turnover._tenure(seed, 0.4)]


def _vacancy(seed):
    return [turnover._vacancy(seed, 0.4, 3.0)]


def _failed(rows):
    return {row.name for row in rows if not row.met}


@pytest.mark.parametrize(
    ("forms", "process", "change", "caught"),
    [
        (_declared_exit, "turnover", _other_values(exit_normalisation=1.05), "declared annual exit is realised"),
        (_skill_decay, "turnover", _other_values(exit_normalisation=1.2), "half-life of skill under turnover"),
        (_tenure, "turnover", _other_values(exit_normalisation=1.2), "tenure is geometric"),
        (_vacancy, "hiring", _fills_at_once, "vacancy share hT/(1 + hT)"),
        (_skill_decay, "turnover", _keeps_skill, "mean skill under turnover"),
        (learning_forms, "socialization", _other_values(onboarding_rate=1.0 + 1e-9), "socialization"),
        (learning_forms, "experience", _other_values(disuse_rate=1.0 + 1e-9), "disuse"),
        (learning_forms, "experience", _other_values(experience_rate=1.0 + 1e-9), "experience and disuse"),
        (learning_forms, "codification", _other_values(unenacted_annual_retention=0.999), "forgetting of routines"),
        (learning_forms, "codification", _other_values(codification_rate=1.0 + 1e-9), "codification"),
        (learning_forms, "consultation", _other_values(consultation_rate=1.0 + 1e-9), "consultation"),
        (learning_forms, "implementation", _other_values(implementation_lag_months=1.0 + 1e-9), "lag of use"),
        (influence_forms, "consultation", _first_contact, "DeGroot in expectation"),
        (influence_forms, "priorities", _other_values(influence_contact=0.99), "DeGroot with one contact each"),
        (influence_forms, "priorities", _other_values(susceptibility=0.99), "Friedkin-Johnsen fixed point"),
        (rule_forms, "codification", _other_values(routine_annual_retention=0.9999), "routine as a stock"),
        (rule_forms, "codification", _other_values(bench_people=1.0001), "bench"),
        (tie_forms, "ties", _other_values(tie_annual_survival=0.95), "tie survival is geometric"),
    ],
)
def test_a_wrong_engine_is_caught(monkeypatch, forms, process, change, caught):
    _with(monkeypatch, process, change)
    assert caught in _failed(forms(1))


def test_public_names():
    assert closed_forms.__all__ == ["ClosedForm", "run_closed_forms"]
