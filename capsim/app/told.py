"""What the page is told before anything runs: the scenarios, and of one its plans, numbers that move, agencies."""

from __future__ import annotations

from typing import Any

import numpy as np

from capsim.app.comparing import TABS
from capsim.catalogue import BASELINE, MEASURES, STRATEGIES
from capsim.comparison.answering import moment_in_words
from capsim.levels import CENTER, LEA, LEVELS
from capsim.page import looks
from capsim.parameters import PARAMETERS, resolve_values
from capsim.scenario import AgencyTable, Composition, Scenario, build_agencies

TURNOVER = "lea_annual_exit"
"""The parameter of the slider and of the map."""
SLOW_POSITIONS = 20_000
"""Positions from which the page warns that a world takes long."""
WELL_SHOWN = 60
"""Seats that a screen shows well."""


def scenario_told(scenario: Scenario, name: str) -> dict[str, Any]:
    """What the screens need to know of a scenario.

    Parameters
    ----------
    name : str
        As the page asks for it.
    """
    dollars = scenario.assistance.budget_dollars_per_year
    hours = scenario.assistance.budget_hours_per_year
    agencies = build_agencies(scenario, resolve_values(scenario.parameters))
    return {
        "id": name,
        "name": scenario.name,
        "plans": _plans(scenario),
        "ticked": [one for one in scenario.question.contrast if one != BASELINE],
        "budget": {"value": hours if dollars is None else dollars, "unit": "hours" if dollars is None else "dollars"},
        "turnover": parameter_told(TURNOVER, scenario),
        "assistance": scenario.timeline.assistance,
        "months": scenario.timeline.assistance + scenario.timeline.follow_up,
        "when": moment_in_words(scenario),
        "at": 0 if scenario.question.at == "assistance_end" else 1,
        "outcome": scenario.question.outcome,
        "weight": scenario.question.weight,
        "outcomes": {one: {"title": MEASURES[one].title, "meaning": MEASURES[one].meaning} for one in TABS},
        "agencies": [
            {"id": str(agencies.id[n]), "name": str(agencies.name[n]), "level": _level(int(agencies.level[n])),
             "seats": int(agencies.positions[n])}
            for n in range(len(agencies))
            if agencies.level[n] != CENTER
        ],
        "usual_agency": _usual_agency(agencies),
        "slow": int(np.sum(agencies.positions)) >= SLOW_POSITIONS,
        "notes": list(agencies.notes),
    }  # fmt: skip


def _usual_agency(agencies: AgencyTable) -> str:
    """The district with the most seats that a screen can show well, so that there is something to see."""
    fit = np.flatnonzero((agencies.level == LEA) & (agencies.positions <= WELL_SHOWN))
    rows = fit if len(fit) else np.arange(len(agencies))
    return str(agencies.id[rows[np.argmax(agencies.positions[rows])]])


def _level(code: int) -> str:
    return next(row.singular for row in LEVELS.values() if row.code == code)


def _plans(scenario: Scenario) -> list[dict[str, Any]]:
    """No help, the plans of the file, then the other shipped ones, each with its look."""
    own = [name for name in scenario.strategy_names if name != BASELINE]
    others = [name for name in STRATEGIES if name not in own and name != BASELINE]
    compositions = {one.name: one for one in scenario.strategies if isinstance(one, Composition)}
    return [
        {
            **look,
            "meaning": STRATEGIES[name].meaning if name in STRATEGIES else _activities(compositions.get(name)),
            "own": name in own,
        }
        for name, look in looks([*own, *others]).items()
    ]


def _activities(plan: Composition | None) -> str:
    """What a plan of one's own is made of, in half a sentence."""
    shares = dict(plan.activities) if plan is not None else {}
    return ", ".join(f"{share:.0%} {name.replace('_', ' ')}" for name, share in shares.items())


def parameter_told(name: str, scenario: Scenario) -> dict[str, Any]:
    """A parameter with its range and where its default comes from."""
    declared = PARAMETERS[name]
    return {
        "name": name,
        "value": scenario.parameters.get(name, declared.default),
        "low": declared.low,
        "high": declared.high,
        "meaning": declared.meaning,
        "label": declared.label or declared.name,
        "source": declared.source,
        "assumed": declared.assumed,
    }
