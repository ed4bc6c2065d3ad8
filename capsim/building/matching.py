"""A settled world moved to what a survey observed: states set, and lasting effects with which agencies keep them.

In this order, for every agency with answers; what nobody observed stays as settling left it:

1. attention: priorities of holders are raked to the observed shares, the plan gets the same weights, and dispositions
   are raked to the mean with which the holders stay there
2. skill: the log-odds of holders' skill are shifted, by agency and area, until the mean over positions is the observed
   one (over holders where only self-reports are there); an answer for all areas shifts them together
3. routine, data systems and culture are set; an answer on routines for all areas shifts their log-odds together
4. engagement: log-odds of holders are shifted until their mean is the observed one; where nobody observed it, it
   follows the change of its target by the culture and the attention that were set
5. lasting effects of culture, engagement and data systems are solved (lasting.py); the model has none for skill and
   routine, which therefore drift (a second survey measures it)
6. use, which no survey item observes, keeps its ratio to potential

A rubric goes before a self-report of the same thing. Leniency is taken off self-reports (instruments/own.py).

Such a world is then surveyed again: the states behind its items, what they read, how far it drifts without assistance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capsim.building.lasting import (
    culture_effect,
    data_systems_effect,
    engagement_effect,
    engagement_targets,
    held_positions,
    lasting_dispositions,
    raked,
    reweighted,
    rises_of_data_systems,
    shifted_to_mean,
)
from capsim.catalogue.parts import SURVEY_ITEMS
from capsim.instruments.own import numbers_of_survey, people_who_answer, read_survey_items, state_of
from capsim.measures.capacities import mean_priorities, mean_skill, staffing
from capsim.measures.organizations import current_potential
from capsim.parameters import Values
from capsim.processes.process import Process
from capsim.processes.steps import Steps
from capsim.scenario.survey import Survey
from capsim.streams.squares import uniforms
from capsim.world import World


def wanted_states(survey: Survey, values: Values) -> dict[str, NDArray[np.float64]]:
    """State that each answer stands for, (n, K + 1) by item; NaN where nothing was observed or a rubric goes first."""
    wanted = {name: state_of(SURVEY_ITEMS[name], answers, values) for name, answers in survey.answers.items()}
    rated = survey.answered("skill_rubric")
    told = rated | rated[:, -1:]
    told[:, -1] = rated.any(axis=1)
    wanted["skill_likert"][told] = np.nan
    return wanted


def match_survey(world: World, survey: Survey, values: Values) -> None:
    """Move a settled world, whose first organizations are those of the survey, to what was observed.

    The lasting effects of its layout change as well.
    """
    wanted, n = wanted_states(survey, values), len(survey.respondents)
    before = current_potential(world, values)
    targets = {agency: engagement_targets(world, values, agency) for agency in survey.agencies.tolist()}
    for agency in survey.agencies.tolist():
        _set_priorities(world, agency, wanted["priority_percent"][agency, :-1])
        _set_skill(world, agency, wanted["skill_rubric"][agency], of_holders=False)
        _set_skill(world, agency, wanted["skill_likert"][agency], of_holders=True)
        _set_routine(world, agency, wanted["routine_rubric"][agency])
    for agency in np.flatnonzero(~np.isnan(wanted["priority_percent"][:, 0])).tolist():
        holders = held_positions(world, agency)
        if len(holders):
            world.disposition[holders], _ = raked(
                world.disposition[holders], lasting_dispositions(world, values, agency)
            )
    whole = {name: states[:, -1] for name, states in wanted.items()}
    _set(world.data_systems, whole["data_systems_rubric"])
    _set(world.culture, whole["culture_likert"])
    _set_climate(world, targets, whole, values)
    after = current_potential(world, values)
    for use, old, new in zip((world.use, world.use_unmultiplied), before, after, strict=True):
        ratio = np.divide(new, old, out=np.ones_like(new), where=old > 0.0)[:n]
        use[:n] = np.minimum(1.0, use[:n] * ratio)


def _set(state: NDArray[np.float64], wanted: NDArray[np.float64]) -> None:
    n = len(wanted)
    state[:n] = np.where(np.isnan(wanted), state[:n], wanted)


def _set_priorities(world: World, agency: int, wanted: NDArray[np.float64]) -> None:
    if np.isnan(wanted).any():
        return
    holders = held_positions(world, agency)
    weights = wanted * len(wanted)
    if len(holders):
        world.priority[holders], weights = raked(world.priority[holders], wanted)
    world.plan[agency] = reweighted(world.plan[agency : agency + 1], weights)[0]


def _set_skill(world: World, agency: int, wanted: NDArray[np.float64], *, of_holders: bool) -> None:
    """Shift the skill of holders; the last column of `wanted` is for all areas together."""
    holders = held_positions(world, agency)
    if not len(holders):
        return
    positions = world.layout.first[agency + 1] - world.layout.first[agency]
    scale = 1.0 if of_holders else positions / len(holders)
    if not np.isnan(wanted[-1]):
        world.skill[holders] = shifted_to_mean(world.skill[holders], wanted[-1] * scale)
    for area in np.flatnonzero(~np.isnan(wanted[:-1])).tolist():
        world.skill[holders, area] = shifted_to_mean(world.skill[holders, area], wanted[area] * scale)


def _set_routine(world: World, agency: int, wanted: NDArray[np.float64]) -> None:
    if not np.isnan(wanted[-1]):
        world.routine[agency] = shifted_to_mean(world.routine[agency], wanted[-1])
    observed = ~np.isnan(wanted[:-1])
    world.routine[agency, observed] = wanted[:-1][observed]


def _set_climate(
    world: World,
    targets: Mapping[int, NDArray[np.float64]],
    wanted: Mapping[str, NDArray[np.float64]],
    values: Values,
) -> None:
    """Engagement of holders, and the lasting effects of the three climate states that were observed.

    `targets` are those of the holders' engagement, by agency, before anything was set.
    """
    layout = world.layout
    culture, engagement = layout.culture_effect.copy(), layout.engagement_effect.copy()
    data_systems, rises = layout.data_systems_effect.copy(), rises_of_data_systems(world, values)
    for agency, old in targets.items():
        holders, mean = held_positions(world, agency), float(wanted["engagement_likert"][agency])
        if np.isnan(mean):
            change = engagement_targets(world, values, agency) - old
            world.engagement[holders] = np.clip(world.engagement[holders] + change, 0.0, 1.0)
        elif len(holders):
            world.engagement[holders] = shifted_to_mean(world.engagement[holders], mean)
        if not np.isnan(mean):
            engagement[agency] = engagement_effect(world, values, agency, mean)
        if not np.isnan(wanted["culture_likert"][agency]):
            culture[agency] = culture_effect(world, values, agency)
        if not np.isnan(wanted["data_systems_rubric"][agency]):
            data_systems[agency] = data_systems_effect(world, values, agency, rises[agency])
    world.layout = replace(
        layout, culture_effect=culture, engagement_effect=engagement, data_systems_effect=data_systems
    )


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
        "engagement_likert": _whole(people_who_answer(world, leaders=False)[1][:n], layout.n_areas),
        "priority_percent": np.column_stack([priorities, np.full(n, np.nan)]),
        "data_systems_rubric": _whole(world.data_systems[:n], layout.n_areas),
    }


def _with_mean(by_area: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([by_area, by_area.mean(axis=1)])


def _whole(state: NDArray[np.float64], n_areas: int) -> NDArray[np.float64]:
    return np.column_stack([np.full((len(state), n_areas), np.nan), state])
