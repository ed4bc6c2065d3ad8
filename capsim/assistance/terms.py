"""Numbers of one activity in a run: looked up once, in the form in which the kernels take them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capsim.assistance.brokering import EXPERT, PEER, TRAINER
from capsim.assistance.doses import EFFECTS, Units
from capsim.catalogue import ACTIVITIES, Activity
from capsim.parameters import Values

__all__ = ["Terms", "activity_terms"]

TIES: Mapping[str, int] = {"peer_ties": PEER, "expert_ties": EXPERT, "trainer_ties": TRAINER}
"""Kind of tie of each channel that makes ties."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers of one activity.

    Attributes
    ----------
    state : str
        What the prerequisite is about: "skill" or "routine".
    units : Units
        For the kernels.
    universal : bool
        Whether it goes to everybody, without a consultant's caseload.
    tie : int
        Kind of tie that it makes, -1 for none.
    yields : str
        Reading that one unit buys, or "".
    dollars_per_hour : float
        Travel, venues and printing for each TA hour.
    """

    state: str
    units: Units
    universal: bool
    tie: int
    yields: str
    dollars_per_hour: float


def activity_terms(values: Values) -> dict[str, Terms]:
    """Terms of every activity of the catalogue."""
    return {name: _terms(activity, values) for name, activity in ACTIVITIES.items()}


def _terms(activity: Activity, values: Values) -> Terms:
    name = activity.name
    center = {"skill": values["baseline_people"], "routine": values["baseline_routine"]}[activity.prerequisite_of]
    ties = [channel for channel in activity.channels if channel in TIES]
    effects = {channel: values[f"{name}_{channel}"] for channel in activity.channels if channel in EFFECTS[1:]}
    if "skill" in activity.channels:
        effects["skill"] = values[f"{name}_knowledge"] * values[f"{name}_transfer"]
    if ties:
        effects["ties"] = values[f"{name}_{ties[0]}"]
    return Terms(
        state=activity.prerequisite_of,
        units=Units(
            slope=float(values["prerequisite_slope"]),
            center=float(center),
            prerequisite=float(values[f"{name}_prerequisite"]),
            ta_hours=float(values[f"{name}_ta_hours"]),
            seats=float(values[f"{name}_seats"]),
            hours_each=float(values[f"{name}_recipient_hours"]),
            leaders=int(activity.participants == "leaders"),
            effects=np.array([effects.get(channel, 0.0) for channel in EFFECTS]),
        ),
        universal=activity.tier == "universal",
        tie=TIES[ties[0]] if ties else -1,
        yields=activity.yields,
        dollars_per_hour=values[f"{name}_dollars"] / values[f"{name}_ta_hours"],
    )
