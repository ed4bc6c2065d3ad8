"""The items of a user's survey as instruments: from a true state to an answer, and from an answer back to the state.

Rubrics (percent): ``answer = 100 clip(x + sd_j z, 0, 1)`` with ``sd_j = rubric_noise_sd (2 - data_systems_j)``, as in a
needs assessment. Self-reports (points): ``answer = clip(1 + 4 x + likert_leniency + likert_noise_sd z, 1, 5)``. Shares
of attention (percent) are read without noise. z is ``sqrt(-2 ln(1 - u)) cos(2 pi v)`` of a pair (u, v), one pair for
each item and area, so that an item's noise does not depend on which others were asked.

Back: ``x = answer / 100`` for percent, ``x = clip((answer - 1 - likert_leniency) / 4, 0, 1)`` for points.

Source: formulas.py, noise.py.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capsim.parameters import Values
from capsim.scenario.survey import SURVEY_ITEMS, SurveyItem

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

    Parameters
    ----------
    states : mapping of str to (n, K + 1) float64
        True state in [0, 1] that each item speaks of; the last column is for all areas together.
    data_systems : (n,) float64
    numbers : (n, `numbers_of_survey`) float64
        Uniform in [0, 1).
    values : mapping of str to float
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
