"""A matched world surveyed again: what the same items read in it, and how far it drifts without assistance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsim.building.matching import wanted_states
from capsim.building.observable import observable_states
from capsim.instruments.survey import numbers_of_survey, read_survey_items
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario.survey import Survey
from capsim.streams.philox import uniforms
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
