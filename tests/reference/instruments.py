"""Instruments: what can be known of an agency, with error. Strategies see this and nothing of the state itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from .agencies import Organization
from .capacities import filled_share, mean
from .receptivity import Snapshot

if TYPE_CHECKING:
    from .twin import Twin

__all__ = ["Readings", "Status", "read", "read_interest", "read_relevance", "read_self_rating"]


class Status(IntEnum):
    """How an agency stands against what was expected by now."""

    NONE = 0
    RED = 1
    AMBER = 2
    GREEN = 3


@dataclass(slots=True)
class Readings:
    """What is known of an agency; None for what nobody has read yet.

    Attributes
    ----------
    skill, routine : list of float or None
        Latest rubric or expert's score, by area.
    month : int
        When it was taken; -1 for never.
    readiness : float or None
        Latest screening, 1 for a median agency that is not asked about an activity.
    use : list of float or None
        Latest stocktake, by area.
    first_use, first_use_by_area, first_stocktake : float or None, list of float or None, int
        The first stocktake, on average and by area, and its month.
    target, behind : list of float or None
        What the latest stocktake expected in each area, and how far it found less.
    status : Status
    sustainability : list of float or None
        Scores of context, system capacity and performance management in the latest sustainability rubric.
    interest : float or None
        Answer on a scale from 1 to 5 to the question whether the agency wants assistance.
    self_rating : list of float or None
        Answers on the same scale to the question how good it is in each area.
    relevance, self_rated_relevance : list of float or None
        How much each area matters: as assessed, as a share; as staff answer, on that scale.
    """

    skill: list[float] | None = None
    routine: list[float] | None = None
    month: int = -1
    readiness: float | None = None
    use: list[float] | None = None
    first_use: float | None = None
    first_use_by_area: list[float] | None = None
    target: list[float] | None = None
    behind: list[float] | None = None
    first_stocktake: int = -1
    status: Status = Status.NONE
    sustainability: list[float] | None = None
    interest: float | None = None
    self_rating: list[float] | None = None
    relevance: list[float] | None = None
    self_rated_relevance: list[float] | None = None


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """The nearest number between two others."""
    return min(high, max(low, x))


def normal_pair(one: float, other: float) -> tuple[float, float]:
    """Two standard normal numbers from two uniform ones (Box and Muller 1958)."""
    radius, angle = math.sqrt(-2 * math.log(1 - one)), 2 * math.pi * other
    return radius * math.cos(angle), radius * math.sin(angle)


def normals(twin: Twin, purpose: str, organization: Organization, pairs: int) -> list[tuple[float, float]]:
    """Pairs of standard normal numbers of an agency in this month."""
    draws = twin.luck.numbers(purpose, 2 * pairs, identity=organization.identity, row=0, month=twin.month)
    return [normal_pair(draws[2 * n], draws[2 * n + 1]) for n in range(pairs)]


def likert(twin: Twin, x: float, z: float) -> float:
    """What somebody ticks between 1 and 5; people rate themselves leniently."""
    return clip(1 + 4 * x + twin.values["likert_leniency"] + twin.values["likert_noise_sd"] * z, 1, 5)


def noise_factor(twin: Twin, organization: Organization, snapshot: Snapshot) -> float:
    """Noise is twice as large without data about oneself, and smaller where the agency co-designed."""
    codesigned = twin.program.codesigned[organization]
    return (2 - snapshot.data_systems) * twin.values["codesign_noise_factor"] ** codesigned


def read(twin: Twin, kind: str, organization: Organization, snapshot: Snapshot) -> None:
    """Take one reading."""
    readings = twin.program.readings[organization]
    instruments = {
        "rubric": read_rubric,
        "expert": read_as_expert,
        "screening": screen,
        "stocktake": take_stock,
        "sustainability": review,
    }
    instruments[kind](twin, organization, snapshot, readings)
    if kind in {"rubric", "expert"}:
        read_relevance(twin, organization, snapshot)


def read_interest(twin: Twin, organization: Organization, snapshot: Snapshot) -> None:
    """Everybody is asked, and nothing is charged; where nobody works, nobody is interested."""
    interest = 1.0
    if snapshot.engagement is not None:
        ((z, _),) = normals(twin, "instrument:interest", organization, 1)
        interest = likert(twin, snapshot.engagement, z)
    twin.program.readings[organization].interest = interest


def read_self_rating(twin: Twin, organization: Organization, snapshot: Snapshot) -> None:
    """Everybody says how good they are; where nobody works, nobody says so."""
    filled = filled_share(organization)
    if filled > 0:
        pairs = normals(twin, "instrument:self_ratings", organization, (twin.n_areas + 1) // 2)
        z = [number for pair in pairs for number in pair]
        able = [(skill / filled + routine) / 2 for skill, routine in zip(snapshot.skill, snapshot.routine, strict=True)]
        rated = [likert(twin, x, z[area]) for area, x in enumerate(able)]
        twin.program.readings[organization].self_rating = rated
        pairs = normals(twin, "instrument:self_rated_relevance", organization, (twin.n_areas + 1) // 2)
        z = [number for pair in pairs for number in pair]
        matters = [share / (share + 1 / twin.n_areas) for share in organization.relevance]
        said = [likert(twin, x, z[area]) for area, x in enumerate(matters)]
        twin.program.readings[organization].self_rated_relevance = said


def read_relevance(twin: Twin, organization: Organization, snapshot: Snapshot) -> None:
    """Whoever assesses needs also asks how much each area matters."""
    pairs = normals(twin, "instrument:relevance", organization, (twin.n_areas + 1) // 2)
    z = [number for pair in pairs for number in pair]
    sd = twin.values["relevance_noise_sd"] * noise_factor(twin, organization, snapshot)
    read = [clip(share + sd * z[area]) for area, share in enumerate(organization.relevance)]
    twin.program.readings[organization].relevance = read


def read_rubric(twin: Twin, organization: Organization, snapshot: Snapshot, readings: Readings) -> None:
    """What a facilitated consensus of staff sees."""
    sd = twin.values["rubric_noise_sd"] * noise_factor(twin, organization, snapshot)
    draws = twin.draws("assistance", organization, 2 * twin.n_areas)
    pairs = [normal_pair(draws[2 * area], draws[2 * area + 1]) for area in range(twin.n_areas)]
    score(twin, snapshot, readings, sd, pairs)


def read_as_expert(twin: Twin, organization: Organization, snapshot: Snapshot, readings: Readings) -> None:
    """What an expert sees who visits; needs no data from the agency."""
    pairs = normals(twin, "instrument:expert", organization, twin.n_areas)
    score(twin, snapshot, readings, twin.values["expert_noise_sd"], pairs)


def score(twin: Twin, snapshot: Snapshot, readings: Readings, sd: float, pairs: list[tuple[float, float]]) -> None:
    """The truth plus noise, area by area."""
    readings.skill = [clip(x + sd * z) for x, (z, _) in zip(snapshot.skill, pairs, strict=True)]
    readings.routine = [clip(x + sd * z) for x, (_, z) in zip(snapshot.routine, pairs, strict=True)]
    readings.month = twin.month


def screen(twin: Twin, organization: Organization, snapshot: Snapshot, readings: Readings) -> None:
    """Motivation as staff report it times general capacity as it shows."""
    ((z_motivation, z_general),) = normals(twin, "instrument:screening", organization, 1)
    motivation = 0.0
    if snapshot.engagement is not None:
        motivation = (likert(twin, snapshot.engagement, z_motivation) - 1) / 4
    sd = twin.values["rubric_noise_sd"] * noise_factor(twin, organization, snapshot)
    general = clip(snapshot.general + sd * z_general)
    median = twin.values["motivation_center"] * twin.values["general_capacity_center"]
    readings.readiness = motivation * general / median


def take_stock(twin: Twin, organization: Organization, snapshot: Snapshot, readings: Readings) -> None:
    """How far the practices are in use, and whether that is as far as was expected by now."""
    pairs = normals(twin, "instrument:stocktake", organization, (twin.n_areas + 1) // 2)
    z = [number for pair in pairs for number in pair]
    sd = twin.values["stocktake_noise_sd"] * noise_factor(twin, organization, snapshot)
    readings.use = [clip(use + sd * z[area]) for area, use in enumerate(snapshot.use)]
    found = mean(readings.use)
    if readings.first_use is None:
        readings.first_use, readings.first_stocktake = found, twin.month
        readings.first_use_by_area = readings.use
    months_then = max(1, twin.program.months - readings.first_stocktake)
    progress = (twin.month - readings.first_stocktake) / months_then
    expected = readings.first_use + twin.values["stocktake_target"] * (1 - readings.first_use) * progress
    aim = twin.values["stocktake_target"] * progress
    readings.target = [start + aim * (1 - start) for start in readings.first_use_by_area]
    readings.behind = [max(0.0, goal - now) for goal, now in zip(readings.target, readings.use, strict=True)]
    if found >= expected:
        readings.status = Status.GREEN
    elif found >= expected - 0.05:
        readings.status = Status.AMBER
    else:
        readings.status = Status.RED


def lateness(behind: list[float]) -> list[float]:
    """How far areas are behind by more than what counts as amber."""
    return [max(0.0, one - 0.05) for one in behind]


def review(twin: Twin, organization: Organization, snapshot: Snapshot, readings: Readings) -> None:
    """Would reform last? Context, system capacity and performance management, from inadequate to exemplary."""
    pairs = normals(twin, "instrument:sustainability", organization, 2)
    context = (snapshot.culture + filled_share(organization) + snapshot.resource_alignment) / 3
    sd = twin.values["rubric_noise_sd"] * noise_factor(twin, organization, snapshot)
    z = [number for pair in pairs for number in pair]
    scores = [context, mean(snapshot.routine), snapshot.data_systems]
    readings.sustainability = [clip(x + sd * noise) for x, noise in zip(scores, z[:3], strict=True)]
