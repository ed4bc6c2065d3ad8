"""A matched world surveyed again: the states behind its items, what they read, how far it drifts without assistance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.building.matching import wanted_states
from capsim.instruments.survey import numbers_of_survey, read_survey_items
from capsim.measures.capacities import mean_priorities, mean_skill, staffing
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario.survey import Survey
from capsim.streams.squares import uniforms
from capsim.world import World

DRIFT_MONTHS = 12
"""Months without assistance over which drift is measured."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One world at the answers of a survey, in the order of `Survey.cells`; (c,) each.

    `wanted` is the state to which the world was to be set, NaN where an answer is only compared; `state` that when
    assistance begins; `later` that after `DRIFT_MONTHS` without assistance, with the luck of the runs; `reading` what
    the item reads when assistance begins, in its own unit and with its noise.
    """

    wanted: NDArray[np.float64]
    state: NDArray[np.float64]
    later: NDArray[np.float64]
    reading: NDArray[np.float64]


def survey_world(
    world: World, survey: Survey, values: Values, processes: Sequence[Process], *, run_key: int
) -> Surveyed:
    """Survey a world that was matched to a survey with its items; the world stays as it is.

    Drift meets the luck of the run without assistance, noise of reading has numbers of its own.
    """
    layout, n, cells = world.layout, len(survey.respondents), survey.cells()
    state = observable_states(world, n)
    numbers = uniforms(
        run_key=run_key, purpose="survey", identity=layout.identity[:n], columns=numbers_of_survey(layout.n_areas)
    )
    reading = read_survey_items(state, world.data_systems[:n], numbers, values)
    future = world.copy()
    steps = Steps(processes, future, run_key)
    for _ in range(DRIFT_MONTHS):
        steps.advance(future, values)
    return Surveyed(
        wanted=_at(cells, wanted_states(survey, values)),
        state=_at(cells, state),
        later=_at(cells, observable_states(future, n)),
        reading=_at(cells, reading),
    )


def _at(cells: Sequence[tuple[str, int, int]], table: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.array([table[name][row, column] for name, row, column in cells], np.float64)


def observable_states(world: World, n: int) -> dict[str, NDArray[np.float64]]:
    """State in [0, 1] behind every item of a survey, (n, K + 1) each, for the first n organizations.

    The last column is for all areas together: their mean, or the state of the whole agency. A rubric sees the skills
    of all positions, a vacant one counting as zero; people rate the skills of those who are there. NaN where nothing
    is defined: an item of a whole agency by area, or what nobody is there to hold.
    """
    layout = world.layout
    skill = mean_skill(layout.first, world.skill)[:n]
    filled = staffing(layout.first, world.person)[:n, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        rated = np.where(filled > 0.0, skill / filled, np.nan)
    priorities = mean_priorities(layout.first, world.person, world.priority)[:n]
    return {
        "skill_rubric": _with_mean(skill),
        "routine_rubric": _with_mean(world.routine[:n]),
        "skill_likert": _with_mean(rated),
        "culture_likert": _whole(world.culture[:n], layout.n_areas),
        "engagement_likert": _whole(_mean_engagement(world)[:n], layout.n_areas),
        "priority_percent": np.column_stack([priorities, np.full(n, np.nan)]),
        "data_systems_rubric": _whole(world.data_systems[:n], layout.n_areas),
    }


def _with_mean(by_area: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([by_area, by_area.mean(axis=1)])


def _whole(state: NDArray[np.float64], n_areas: int) -> NDArray[np.float64]:
    return np.column_stack([np.full((len(state), n_areas), np.nan), state])


def _mean_engagement(world: World) -> NDArray[np.float64]:
    """Mean engagement of holders, (O,); NaN without any."""
    held = world.person >= 0
    owner, n = world.layout.organization[held], world.layout.n_organizations
    heads = np.bincount(owner, minlength=n).astype(np.float64)
    heads[heads == 0.0] = np.nan
    return np.asarray(np.bincount(owner, weights=world.engagement[held], minlength=n) / heads)
