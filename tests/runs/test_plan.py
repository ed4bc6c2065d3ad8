"""Runs of a plan are named by content: the way that is quick for a million gives what the plain one gives."""

from __future__ import annotations

import hashlib
import json

import pytest

from capsim.runs.identity import RESULTS_VERSION, run_id
from capsim.runs.study import study_from_mapping
from capsim.runs.study_plan import luck_of, make_plan, where_of

FACTORS = {"lea_annual_exit": [0.1, 0.2], "budget_hours_per_year": [200, 400]}


@pytest.mark.parametrize("crn", ["policies", "all", "none"])
@pytest.mark.parametrize("factors", [{}, FACTORS])
def test_names_and_luck_of_runs(crn, factors):
    study = study_from_mapping(
        {
            "kind": "sweep",
            "name": "names",
            "scenario": "classroom",
            "replications": 3,
            "crn": crn,
            "factors": factors,
        }
    )
    plan = make_plan(study)
    names = []
    for task in plan.tasks():
        point = {**dict(zip(plan.factors, task.point, strict=True)), "assumptions": "default"}
        for strategy, name in zip(task.keep, task.ids, strict=True):
            about = {"strategy": plan.definitions[strategy], "replicate": task.luck, "point": point}
            assert name == run_id(scenario_hash=plan.content, **about)
            assert name == plain_name({"scenario": plan.content, "version": RESULTS_VERSION, **about})
        luck = luck_of(crn, where_of(plan.factors, task.point), task.replicate, task.strategies[0])
        assert task.luck == luck
        names += task.ids
    assert len(names) == len(set(names)) == plan.runs


def plain_name(content):
    text = json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
