"""Instruments of a scenario's own: from the states that their items read to a score of each agency and area.

An item on a rubric reads ``clip(x + b / 4 + s z, 0, 1)``, on a survey ``(clip(1 + 4 x + b + s z, 1, 5) - 1) / 4``, with
x the state, z a standard normal deviate of its own, s the instrument's noise (or rubric_noise_sd, likert_noise_sd), and
b = likert_leniency where staff or leaders answer for themselves, else 0. Where a facilitated team answers, s is
multiplied by ``2 - data_systems_j`` and the factor of co-design, as for the needs-assessment rubric. The score is the
mean of the items by their weights, items without a state left out; nobody answers for an agency without staff, or
leaders.

Source: S9 (New York's team drafts metrics, rubrics and survey instruments), S19 and S42 on leniency; forms as of the
shipped instruments.

The items of a user's survey as instruments: from a true state to an answer, and from an answer back to the state.

Rubrics (percent): ``answer = 100 clip(x + sd_j z, 0, 1)`` with ``sd_j = rubric_noise_sd (2 - data_systems_j)``, as in a
needs assessment. Self-reports (points): ``answer = clip(1 + 4 x + likert_leniency + likert_noise_sd z, 1, 5)``. Shares
of attention (percent) are read without noise. z is ``sqrt(-2 ln(1 - u)) cos(2 pi v)`` of a pair (u, v), one pair for
each item and area, so that an item's noise does not depend on which others were asked.

Back: ``x = answer / 100`` for percent, ``x = clip((answer - 1 - likert_leniency) / 4, 0, 1)`` for points.

Source: formulas.py.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.catalogue.parts import SURVEY_ITEMS, SurveyItem
from capsim.instruments.formulas import deviates, numbers_for
from capsim.levels import AGENCY_LEVELS, LEADER
from capsim.parameters import Values
from capsim.scenario.own import OwnInstrument
from capsim.world import World

Score = NDArray[np.float64]
_THEMSELVES = ("staff", "leaders")


def rows_of(instrument: OwnInstrument, level: NDArray[np.int8], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Agencies that an instrument reads."""
    return np.flatnonzero(np.isin(level, [AGENCY_LEVELS[name] for name in instrument.levels]) & (positions > 0))


def due(instrument: OwnInstrument, month: int) -> bool:
    """Whether it is read in a month of the assistance."""
    return month % instrument.every_months == 0


def numbers_of(instrument: OwnInstrument, n_areas: int) -> int:
    """Uniform numbers that a reading of one agency takes."""
    return numbers_for(len(instrument.items) * n_areas)


def score(
    instrument: OwnInstrument, states: Mapping[str, Score], numbers: Score, noise: Score, values: Values
) -> Score:
    """Readings of agencies, (n, K) in [0, 1]; NaN where nothing can be read.

    `states`, (n, K) each, by name in `READABLE`; `numbers`, (n, `numbers_of`), uniform in [0, 1); `noise`, (n,), the
    factor on the noise where a team answers.
    """
    survey = instrument.scale == "survey"
    usual = values["likert_noise_sd" if survey else "rubric_noise_sd"]
    sd = np.full(len(noise), usual if instrument.noise is None else instrument.noise)
    if instrument.answered_by == "team":
        sd = sd * noise
    lenient = values["likert_leniency"] if instrument.answered_by in _THEMSELVES else 0.0
    radius, direction = deviates(numbers)
    K = next(iter(states.values())).shape[1]
    z = (radius * direction)[:, : len(instrument.items) * K].reshape(len(noise), len(instrument.items), K)
    read = []
    for n, item in enumerate(instrument.items):
        x, error = states[item.reads], sd[:, None] * z[:, n]
        if survey:
            read.append((np.clip(1.0 + 4.0 * x + lenient + error, 1.0, 5.0) - 1.0) / 4.0)
        else:
            read.append(np.clip(x + lenient / 4.0 + error, 0.0, 1.0))
    return _mean(instrument, np.array(read))


def truth(instrument: OwnInstrument, states: Mapping[str, Score]) -> Score:
    """The same mean of what the items speak of, without noise and leniency, (n, K)."""
    return _mean(instrument, np.array([states[item.reads] for item in instrument.items]))


def _mean(instrument: OwnInstrument, read: Score) -> Score:
    """Weighted mean over items, (items, n, K) to (n, K); items that are NaN left out."""
    weight = np.array([item.weight for item in instrument.items])[:, None, None] * ~np.isnan(read)
    total = weight.sum(axis=0)
    sums = (weight * np.nan_to_num(read)).sum(axis=0)
    mean: Score = np.divide(sums, total, out=np.full(total.shape, np.nan), where=total > 0.0)
    return mean


def people_who_answer(world: World, *, leaders: bool) -> tuple[Score, Score]:
    """Mean skill (O, K) and mean engagement (O,) of holders, or of leaders among them; NaN without any."""
    layout, answers = world.layout, world.person >= 0
    if leaders:
        answers = answers & (layout.role == LEADER)
    agency, O = layout.organization[answers], layout.n_organizations
    count = np.bincount(agency, minlength=O).astype(np.float64)
    count[count == 0.0] = np.nan
    skill = np.column_stack([np.bincount(agency, column, minlength=O) / count for column in world.skill[answers].T])
    return skill, np.bincount(agency, world.engagement[answers], minlength=O) / count


_EXACT = "priority_percent"


def numbers_of_survey(n_areas: int) -> int:
    """Uniform numbers that `read_survey_items` needs for each agency."""
    return 2 * len(SURVEY_ITEMS) * (n_areas + 1)


def read_survey_items(
    states: Mapping[str, NDArray[np.float64]],
    data_systems: NDArray[np.float64],
    numbers: NDArray[np.float64],
    values: Values,
) -> dict[str, NDArray[np.float64]]:
    """Answers of agencies to every item, (n, K + 1) each; NaN where the state is not defined.

    `states`, (n, K + 1) each, are the true ones in [0, 1] that each item speaks of, the last column for all areas
    together; `numbers`, (n, `numbers_of_survey`), uniform in [0, 1).
    """
    n, columns = next(iter(states.values())).shape
    pairs = numbers.reshape(n, len(SURVEY_ITEMS), columns, 2)
    deviates = np.sqrt(-2.0 * np.log(1.0 - pairs[..., 0])) * np.cos(2.0 * np.pi * pairs[..., 1])
    rubric_sd = values["rubric_noise_sd"] * (2.0 - data_systems)[:, None]
    answers = {}
    for place, (name, item) in enumerate(SURVEY_ITEMS.items()):
        state, z = states[name], deviates[:, place]
        if item.unit == "points":
            said = 1.0 + 4.0 * state + values["likert_leniency"] + values["likert_noise_sd"] * z
            answers[name] = np.clip(said, *item.bounds)
        else:
            noise = 0.0 if name == _EXACT else rubric_sd * z
            answers[name] = 100.0 * np.clip(state + noise, 0.0, 1.0)
    return answers


def state_of(item: SurveyItem, answers: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
    """State in [0, 1] that answers to an item stand for, leniency taken off."""
    if item.unit == "points":
        return np.clip((answers - 1.0 - values["likert_leniency"]) / 4.0, 0.0, 1.0)
    return answers / 100.0
