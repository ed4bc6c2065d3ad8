"""The true states that the items of a survey speak of, by agency and focal area."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.measures.capacities import mean_priorities, mean_skill, staffing
from capsim.world import World


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
