"""What the kernels of assistance read and write beside the world: numbers of activities, who helps, the run's books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numba import float64, int64, uint64
from numpy.typing import NDArray

from capsim.assistance.center import LivingCenter
from capsim.assistance.composed import CODESIGN
from capsim.assistance.receptivity import Providers, inverse_logistic
from capsim.assistance.served import Flow
from capsim.catalogue import ACTIVITIES, CHANNELS, TIE_CHANNELS, Activity
from capsim.catalogue.measures import STEPS
from capsim.parameters import Values
from capsim.parameters.constants import once_for_values
from capsim.streams.keys import key_from_name
from capsim.structures import Structure, structure

_HELP = structure(
    "Help",
    {
        **dict.fromkeys(("ta_hours", "seats", "hours_each", "prerequisite", "at_baseline", "ceiling"), float64[::1]),
        **dict.fromkeys(("dollars_per_hour", "quality", "codesigned", "landing"), float64[::1]),
        **dict.fromkeys(("settled", "worked", "pieces", "clear"), float64[::1]),
        **dict.fromkeys(("leaders", "of_skill", "universal", "codesign", "tie", "plan_slot", "posts"), int64[::1]),
        **dict.fromkeys(("changes_agency", "consultant", "flow_slot"), int64[::1]),
        **dict.fromkeys(("by_organization", "passed_on", "hours_of", "totals"), float64[::1]),
        **dict.fromkeys(("effects", "monthly", "links", "area", "craft", "met", "feedback"), float64[:, ::1]),
        **dict.fromkeys(("flow", "reached"), float64[:, ::1]),
        **dict.fromkeys(("run_key", "tie_key"), uint64[::1]),
    },
)


def help_of(values: Values, run_key: int, books: Mapping[str, NDArray[Any]]) -> Structure:
    """The structure `h` of the kernels: numbers of activities, keys of ties, and the arrays of `books`."""
    return _HELP.holding({**_numbers_of_activities(values), **books, **_keys(run_key)})


def books_of_center(living: LivingCenter | None, providers: Providers) -> dict[str, NDArray[Any]]:
    """Who helps, and how well; of a fixed center nothing is learned."""
    if living is not None:
        names = ("quality", "consultant", "posts", "settled", "area", "craft", "worked")
        return {name: getattr(living, name) for name in names}
    nobody = {name: np.empty((0, 1)) for name in ("area", "craft")}
    return {
        "quality": providers.quality,
        "consultant": providers.consultant,
        "posts": np.array([len(providers.quality)], np.int64),
        **nobody,
        **{name: np.empty(0) for name in ("settled", "worked")},
    }


def books_of_flow(flow: Flow | None) -> dict[str, NDArray[Any]]:
    """Arrays of the flow for the kernels; empty where none is kept."""
    if flow is None:
        return {"flow": np.empty((0, 1)), "reached": np.empty((0, 1)), "flow_slot": np.zeros(1, np.int64)}
    return {"flow": flow.hours.reshape(-1, len(STEPS)), "reached": flow.month, "flow_slot": flow.slots}


@once_for_values
def _numbers_of_activities(values: Values) -> dict[str, NDArray[Any]]:
    """Columns of the activities' numbers, row by row as in the catalogue."""
    rows = tuple(ACTIVITIES.values())

    def of(what: str) -> NDArray[np.float64]:
        return np.array([values[f"{row.name}_{what}"] for row in rows], np.float64)

    effects = np.zeros((len(rows), len(CHANNELS)))
    for a, row in enumerate(rows):
        for channel in row.channels:
            effects[a, CHANNELS.index(channel)] = _effect(values, row, channel)
    of_skill = np.array([row.prerequisite_of == "skill" for row in rows], np.int64)
    center = np.where(of_skill, values["baseline_people"], values["baseline_routine"])
    usual, slope = [row.prerequisite for row in rows], values["prerequisite_slope"]
    together = effects[:, CHANNELS.index("group_plan")] > 0.0
    first, last = CHANNELS.index("routine"), CHANNELS.index("parent_routine")
    return {
        "ta_hours": of("ta_hours"),
        "seats": of("seats"),
        "hours_each": of("recipient_hours"),
        "prerequisite": of("prerequisite"),
        "at_baseline": np.array([inverse_logistic(x, n, slope) for x, n in zip(center, usual, strict=True)]),
        "ceiling": np.array([values.get(f"{row.name}_ceiling", 1.0) for row in rows]),
        "dollars_per_hour": of("dollars") / of("ta_hours"),
        "leaders": np.array([row.participants == "leaders" for row in rows], np.int64),
        "of_skill": of_skill,
        "universal": np.array([row.tier == "universal" for row in rows], np.int64),
        "codesign": np.array([row.name == CODESIGN for row in rows], np.int64),
        "tie": np.array([max(0, *(_TIES.get(c, 0) for c in ("", *row.channels))) for row in rows], np.int64),
        "plan_slot": np.where(together, np.cumsum(together) - 1, -1),
        "changes_agency": (effects[:, first : last + 1].sum(axis=1) > 0.0).astype(np.int64),
        "effects": effects,
    }


_TIES = {channel: CHANNELS.index(channel) for channel in TIE_CHANNELS}


def _effect(values: Values, row: Activity, channel: str) -> float:
    """Share of the gap that one unit closes; rate of ties."""
    if channel == "skill":
        return values[f"{row.name}_knowledge"] * values[f"{row.name}_transfer"]
    return values[f"{row.name}_{channel}"]


def _keys(run_key: int) -> dict[str, NDArray[np.uint64]]:
    """Keys of the random numbers for ties, by activity."""
    return {
        "run_key": np.array([run_key % 2**64], np.uint64),
        "tie_key": np.array([key_from_name(f"ties:{name}") for name in ACTIVITIES], np.uint64),
    }
