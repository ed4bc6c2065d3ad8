"""Compare plans world by world, and along a parameter; follow one agency month by month: what workers bring back, in
the numbers that the page draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from capsim.app.asking import DistrictQuestion
from capsim.app.pool import Share, Tell
from capsim.catalogue import weighted
from capsim.catalogue.measures import COUNTED
from capsim.comparison.asking import group_asked
from capsim.comparison.comparison import Comparison
from capsim.comparison.statistics import mean_interval
from capsim.comparison.streaming import stream
from capsim.comparison.verdicts import FEWEST_TO_COUNT
from capsim.errors import CapsimError, last_line
from capsim.measures.groups import ASKED, GROUPS
from capsim.parameters import PARAMETERS
from capsim.runs.blocks import Block, BlockResult, Run
from capsim.runs.crews import run_blocks
from capsim.runs.workers import Pace
from capsim.scenario import Scenario

TABS = ("use", "individual", "organizational_skills", "shared_goals")
"""Measures that have a tab; cost is the last one."""
WHOM = {"all": "", "small": "lea_small", "sparse": "lea_sparse", "poor": "lea_poorest"}
"""Whose mean, and the group of the records, counted as the question says; all are those of the question."""
_RECORDED = (*GROUPS, *ASKED)
POINTS = 7
"""Values of a parameter on the map."""
MONTHS_APART = 6
"""Rows of the map."""


def compare_worlds(scenario: Scenario) -> Callable[[Share, Tell], None]:
    """Work that tells every world as it is finished, and at the end what the report would say.

    Where assumptions are drawn these worlds are told, and the others that the report wants beside them are not.
    """
    told = "default" if scenario.uncertainty == "none" else "drawn"

    def work(share: Share, tell: Tell) -> None:
        with stream(scenario, tables=False, workers=share) as worlds:
            for world in worlds:
                if world.assumptions == told:
                    progress = {"done": worlds.done, "total": worlds.total, "seconds_left": worlds.seconds_left}
                    tell("world", **progress, **_world(scenario, world.result))
            share.refuse_stopped()
            tell("answer", failed=worlds.failed, **_answer(worlds.comparison()))

    return work


def _world(scenario: Scenario, result: BlockResult) -> dict[str, Any]:
    """One world: its number from 1, and of every plan the outcomes at both moments and use by month."""
    plans = {}
    for run in result.runs:
        if run.failure:
            plans[run.strategy] = {"failure": last_line(run.failure)}
        else:
            plans[run.strategy] = _outcomes(scenario, run)
    return {"world": result.replicate + 1, "plans": plans}


def _outcomes(scenario: Scenario, run: Run) -> dict[str, Any]:
    moments = (scenario.timeline.assistance, len(run.monthly))
    weight = scenario.question.weight
    groups = {whom: weighted(part, weight) if part else group_asked(scenario) for whom, part in WHOM.items()}
    values = {
        name: {whom: [_at(run, month, group, column) for month in moments] for whom, group in groups.items()}
        for name, column in ((name, scenario.recorded.index(name)) for name in TABS)
    }
    values["cost"] = {"all": [_number(run.outcomes["cost"])] * 2}
    path = run.monthly[:, _RECORDED.index(groups["all"]), scenario.recorded.index("use")]
    return {"values": values, "path": [_number(value) for value in path]}


def _at(run: Run, month: int, group: str, column: int) -> float | None:
    """A mean over a group at the end of a month, however its districts count."""
    if month < 1:
        return None
    if group in COUNTED:
        return _number(run.counted[month][COUNTED.index(group), column])
    return _number(run.monthly[month - 1, _RECORDED.index(group), column])


def _number(value: float) -> float | None:
    """A number of few digits; None where it is undefined, which JSON cannot say."""
    return float(f"{value:.6g}") if math.isfinite(value) else None


def report_of(scenario: Scenario) -> Callable[[Share, Tell], None]:
    """Work that tells the report of the same worlds, as one page."""

    def work(share: Share, tell: Tell) -> None:
        tell("report", page=next(share.do(written_report, scenario)))

    return work


def written_report(scenario: Scenario) -> str:
    """Compare and write the page; done by a worker, because drawing takes a while."""
    from capsim.comparison.compare import compare
    from capsim.report.page import render_report

    return render_report(compare(scenario, variants=False))


def _answer(comparison: Comparison) -> dict[str, Any]:
    """What the report would say of these worlds."""
    judged = comparison.judge(*comparison.scenario.question.contrast)
    return {
        "verdict": judged.verdict,
        "ahead": judged.ahead,
        "sentence": comparison.answer(),
        "low": _number(judged.interval.low),
        "high": _number(judged.interval.high),
        "over": judged.over,
        "matters": _number(judged.matters),
    }


def break_even_map(scenario: Scenario, parameter: str) -> Callable[[Share, Tell], None]:
    """Work that tells, for each value of a parameter, how far the first plan of the contrast is ahead by month."""
    first, second = scenario.question.contrast
    declared = PARAMETERS[parameter]
    values = np.linspace(declared.low, declared.high, POINTS).tolist()
    names = tuple(dict.fromkeys((first, second)))
    months = _rows(scenario)
    column = _RECORDED.index(group_asked(scenario)), scenario.recorded.index("use")
    blocks = [
        Block(scenario, names, replicate, point={parameter: value})
        for value in values
        for replicate in range(scenario.replications)
    ]

    def work(share: Share, tell: Tell) -> None:
        tell("grid", parameter=parameter, values=values, months=months, first=first, second=second)
        rows: list[np.ndarray] = []
        pace = Pace()
        for n, result in enumerate(run_blocks(blocks, workers=share, progress=pace.note), 1):
            runs = {run.strategy: run for run in result.runs if not run.failure}
            if {first, second} <= set(runs):
                paths = [runs[name].monthly[:, column[0], column[1]] for name in (first, second)]
                rows.append((paths[0] - paths[1])[[month - 1 for month in months]])
            tell("progress", done=n, total=len(blocks), seconds_left=pace.seconds_left)
            if n % scenario.replications == 0:
                place = n // scenario.replications - 1
                tell("column", place=place, value=values[place], cells=_cells(rows, len(months)))
                rows = []

    return work


def _rows(scenario: Scenario) -> list[int]:
    """Months at whose end the plans are compared: every half year from the end of assistance, and the last."""
    last = scenario.timeline.assistance + scenario.timeline.follow_up
    begin = scenario.timeline.assistance or min(MONTHS_APART, last)
    return sorted({*range(begin, last + 1, MONTHS_APART), last})


def _cells(rows: list[np.ndarray], count: int) -> list[dict[str, Any]]:
    """Mean difference by month, its interval over luck, and who is ahead: "first", "second", "open", or "few"."""
    cells = []
    for n in range(count):
        differences = np.array([row[n] for row in rows])
        differences = differences[~np.isnan(differences)]
        found = mean_interval(differences)
        ahead = "first" if found.low > 0.0 else "second" if found.high < 0.0 else "open"
        cells.append(
            {
                "difference": _number(found.estimate),
                "low": _number(found.low),
                "high": _number(found.high),
                "worlds": len(differences),
                "more": int((differences > 0.0).sum()),
                "ahead": ahead if len(differences) >= FEWEST_TO_COUNT else "few",
            }
        )
    return cells


MOST_SEATS = 120
"""More cannot be told apart on a screen."""
_FOLLOWED = ("use", "individual", "organizational_skills", "exits", "vacancy", "ta_hours")


def follow_district(scenario: Scenario, asked: DistrictQuestion) -> Callable[[Share, Tell], None]:
    """Work that tells an agency under each plan of the contrast, all under the same luck."""
    runs = [(scenario, plan, asked) for plan in dict.fromkeys(scenario.question.contrast)]

    def work(share: Share, tell: Tell) -> None:
        for found in share.do(followed, *runs):
            tell("plan", **found)

    return work


def followed(run: tuple[Scenario, str, DistrictQuestion]) -> dict[str, Any]:
    """Run one plan and say what an agency looked like in every month; done by a worker."""
    scenario, plan, asked = run
    from capsim.model.capacity_model import CapacityModel

    model = CapacityModel(scenario, strategy=plan, seed=asked.world - 1)
    frames, history, events = model.frames(asked.agency), model.agency_history(asked.agency), model.events()
    seats = frames.positions["position"].tolist()
    if len(seats) > MOST_SEATS:
        raise CapsimError(f"this agency has {len(seats)} seats; at most {MOST_SEATS} can be looked at")
    by_hand = []
    while model.running:
        for left in asked.leaves:
            if left.month == model.month and left.seat in seats:
                person = int(frames.columns()["person"][-1][seats.index(left.seat)])
                if person >= 0:
                    model.vacate(person)
                    by_hand.append({"month": left.month, "seat": left.seat, "person": person})
        model.step()
    table = history.to_frame()
    happened = events.to_frame()
    happened = happened[happened["agency"] == str(table["agency"].iloc[0])]
    return {
        "plan": plan,
        "agency": str(table["agency"].iloc[0]),
        "name": str(table["name"].iloc[0]),
        "areas": [title.replace("_", " ") for title in scenario.area_titles],
        "seats": _seats(frames),
        **_pictures(frames),
        "monthly": {name: [_number(value) for value in table[name].tolist()] for name in _FOLLOWED},
        "events": happened[["month", "kind", "position", "person", "role", "origin"]].to_dict("records"),
        "by_hand": by_hand,
    }


def _seats(frames: Any) -> list[dict[str, Any]]:
    """What never changes; units are numbered from 0."""
    fixed = frames.positions
    units = {unit: n for n, unit in enumerate(dict.fromkeys(fixed["unit"].tolist()))}
    return [
        {"seat": int(seat), "unit": units[unit], "role": role, "liaison": bool(liaison)}
        for seat, unit, role, liaison in zip(
            fixed["position"].tolist(), fixed["unit"].tolist(), fixed["role"], fixed["liaison"], strict=True
        )
    ]


def _pictures(frames: Any) -> dict[str, Any]:
    """What changes, month by month: small whole numbers, skill in hundredths; ties as [from, to, used], places in the
    list of seats, -1 for somebody in another agency.
    """
    columns = frames.columns()
    place = {int(seat): n for n, seat in enumerate(frames.positions["position"].tolist())}
    ties = []
    for to, used in zip(columns["tie_to"], columns["consulted"], strict=True):
        rows, slots = np.nonzero(to >= 0)
        ties.append(
            [
                [row, place.get(int(to[row, slot]), -1), int(used[row] == slot)]
                for row, slot in zip(rows.tolist(), slots.tolist(), strict=True)
            ]
        )
    return {
        "months": frames.months.tolist(),
        "person": columns["person"].tolist(),
        "tenure": columns["tenure"].tolist(),
        "helped": np.rint(columns["recipient_hours"]).astype(int).tolist(),
        "skill": np.rint(100.0 * columns["skill"]).astype(int).tolist(),
        "ties": ties,
    }
