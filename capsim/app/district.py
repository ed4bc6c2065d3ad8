"""One agency month by month under one or two plans: seats, people, skills, advice, who came and who left."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from capsim.app.asking import DistrictQuestion, Left
from capsim.app.jobs import Tell
from capsim.app.pool import Share
from capsim.errors import CapsimError
from capsim.runs.workers import Answer, Job
from capsim.scenario import Scenario

MOST_SEATS = 120
"""More cannot be told apart on a screen."""
_RECORDED = ("use", "individual", "organizational_skills", "exits", "vacancy", "ta_hours")


@dataclass(frozen=True, slots=True)
class Followed:
    """What a worker is told: one run of a plan, and the agency that is looked at."""

    scenario: Scenario
    plan: str
    seed: int
    agency: str
    leaves: tuple[Left, ...]


def follow_district(scenario: Scenario, asked: DistrictQuestion) -> Callable[[Share, Tell], None]:
    """Work that tells an agency under each plan of the contrast, all under the same luck."""
    plans = list(dict.fromkeys(scenario.question.contrast))
    jobs = {
        plan: Job(followed, Followed(scenario, plan, asked.world - 1, asked.agency, tuple(asked.leaves)))
        for plan in plans
    }

    def work(share: Share, tell: Tell) -> None:
        numbers = {job.number for job in jobs.values()}
        for job in jobs.values():
            share.submit(job)
        while numbers:
            for answer in map(Answer._make, share.answers()):
                if answer.death is not None:
                    raise CapsimError("a worker process was ended from outside, or is out of memory; try again")
                numbers.discard(answer.job.number)
                tell("plan", **answer.value())

    return work


def followed(asked: Followed) -> dict[str, Any]:
    """Run one plan and say what an agency looked like in every month; done by a worker."""
    from capsim.model.capacity_model import CapacityModel

    model = CapacityModel(asked.scenario, strategy=asked.plan, seed=asked.seed)
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
        "plan": asked.plan,
        "agency": str(table["agency"].iloc[0]),
        "name": str(table["name"].iloc[0]),
        "areas": [title.replace("_", " ") for title in asked.scenario.area_titles],
        "seats": _seats(frames),
        **_pictures(frames),
        "monthly": {name: [_number(value) for value in table[name].tolist()] for name in _RECORDED},
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


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
