"""Stratified samples of LEAs: which ones, and how many each stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from capsim.errors import InputError
from capsim.levels import ESA, SEA, Level
from capsim.scenario.packaged import size_bins
from capsim.scenario.population import Population
from capsim.scenario.sources import in_proportion
from capsim.streams.keys import key_from

LEAST_OF_A_STATE = 4
"""Draws for each state on average from which a sample is stratified by state too; with fewer, small states would crowd
out the sizes of districts."""
_FITTINGS = 200


def strata(enrollment: NDArray[np.float64]) -> NDArray[np.int64]:
    """Size bin of each district by NCES table 214.20, 0 the smallest; (n,)."""
    lower = np.array([low for low, _, _ in size_bins()][1:], dtype=np.float64)
    return np.searchsorted(lower, enrollment, side="right").astype(np.int64)


def sample_rows(
    identities: Sequence[str],
    states: Sequence[str],
    enrollment: NDArray[np.float64],
    size: int,
    seed: int,
    regional: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Draw districts, stratified by size and, where there are several states, by state.

    Allocation is proportional by the largest remainder, with at least one for each size and each state as far as the
    sample allows; one of fewer than four districts a state is stratified by size only. Each district has a draw of its
    own, keyed by `seed` and its id, and the lowest of a stratum are taken: the order of a table does not matter, and a
    larger sample holds the smaller one as far as the allocation allows. Of a state in which some districts stand below
    a regional agency (`regional`, (n,)) at least one such is drawn, in the place of one of the same size, where there
    is one; else its regional agencies would lose their hours to those of other states.

    Given back: positions in `identities`, ascending, and how many districts each stands for; these sum to those of each
    state, and of each size where both can be.
    """
    if size > len(identities):
        raise InputError(f"agencies.sample: {size} LEAs asked for, but there are {len(identities)}")
    bins = strata(enrollment)
    _, state = np.unique(np.array(states), return_inverse=True)
    home = state
    if size < LEAST_OF_A_STATE * (int(state.max()) + 1):
        state = np.zeros(len(bins), dtype=np.int64)
    counts = np.zeros((int(state.max()) + 1, len(size_bins())), dtype=np.int64)
    np.add.at(counts, (state, bins), 1)
    wanted = _allocation(size, counts)
    key = [key_from("sample", seed, identity) for identity in identities].__getitem__
    chosen: list[int] = []
    for one, stratum in np.argwhere(wanted > 0).tolist():
        members = sorted(np.flatnonzero((state == one) & (bins == stratum)).tolist(), key=key)
        chosen += members[: wanted[one, stratum]]
    if regional is not None:
        _bring_in_regions(chosen, home, bins, regional, key)
    rows = np.array(sorted(chosen), dtype=np.int64)
    return rows, _weights(state[rows], bins[rows], counts)


def _bring_in_regions(
    chosen: list[int],
    state: NDArray[np.int64],
    bins: NDArray[np.int64],
    regional: NDArray[np.bool_],
    key: Callable[[int], int],
) -> None:
    """Swap one district of each state that has only others for one below a regional agency, of the same size."""
    for one in np.unique(state[regional]).tolist():
        own = [row for row in chosen if state[row] == one]
        if any(regional[row] for row in own):
            continue
        for row in sorted(own, key=key, reverse=True):
            others = np.flatnonzero(regional & (state == one) & (bins == bins[row])).tolist()
            if others:
                chosen[chosen.index(row)] = min(others, key=key)
                break


def _allocation(size: int, counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many to draw of each state and size, (states, sizes).

    Sums over states and over sizes are proportional; inside them each draw goes where most is missing. Where a state
    has no more districts of the sizes that are left, its draws go to its other sizes.
    """
    of_state = np.array(in_proportion(size, counts.sum(axis=1).tolist()))
    of_size = np.array(in_proportion(size, counts.sum(axis=0).tolist()))
    share = size * counts / counts.sum()
    wanted = np.zeros_like(counts)
    for _ in range(size):
        left = (wanted < counts) & (wanted.sum(axis=1) < of_state)[:, None]
        in_size = left & (wanted.sum(axis=0) < of_size)
        missing = np.where(in_size if in_size.any() else left, share - wanted, -np.inf)
        wanted[np.unravel_index(int(np.argmax(missing)), wanted.shape)] += 1
    return wanted


def _weights(state: NDArray[np.int64], bins: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights whose sums over sizes and over states are the numbers of districts, by iterated proportional fitting.

    Where both cannot be, those over states are. Sizes and states without a draw are borne by the others.
    """
    of_size, of_state = (_borne(counts.sum(axis=axis), rows) for axis, rows in ((0, bins), (1, state)))
    weight = of_size[bins] / np.bincount(bins)[bins]
    for _ in range(_FITTINGS):
        factor = of_state[state] / np.bincount(state, weight)[state]
        if np.allclose(factor, 1.0, rtol=1e-9, atol=0.0):
            return np.asarray(weight, dtype=np.float64)
        weight = weight * factor
        weight = weight * (of_size[bins] / np.bincount(bins, weight)[bins])
    return np.asarray(weight * (of_state[state] / np.bincount(state, weight)[state]), dtype=np.float64)


def _borne(number: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Districts that the draws of each stratum bear, so that those of the strata drawn sum to all."""
    drawn = number * (np.bincount(rows, minlength=len(number)) > 0)
    return np.asarray(drawn * (number.sum() / drawn.sum()), dtype=np.float64)


def weights_above(
    population: Population, kept: NDArray[np.int64], weight: NDArray[np.float64], amount: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights of the agencies kept, those above districts raised for the ones of their level that a sample leaves out.

    They share what these would weigh in the division of hours: by level and, below the states, by state, the sum of
    weight times `amount`, (n,) of the population, is that of the whole population.
    """
    given, level = population.given("weight"), population.level
    state = np.array([agency.state if agency.level != SEA else "" for agency in population.agencies])
    whole = np.zeros(len(level), np.bool_)
    whole[kept] = True
    raised = weight.copy()
    for code in (SEA, ESA):
        for name in np.unique(state[level == code]) if not whole[level == code].all() else ():
            own = (level == code) & (state == name)
            here = own[kept]
            borne = float((weight[here] * amount[kept][here]).sum())
            if borne > 0.0:
                raised[here] *= float((given[own] * amount[own]).sum()) / borne
    return raised


def family_weights(
    population: Population, kept: NDArray[np.int64], weight: NDArray[np.float64], amount: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How many agencies right below its own parent each agency kept stands for, (kept,); `weight` without a sample.

    Districts are drawn without regard to regions, so a region may have many or few of them by chance. Scaled by parent
    and level, the sum of these weights times `amount`, (n,) of the population, is that of all agencies of the level
    below the parent, for each that the parent stands for. A level of which none is kept is borne by the other ones.
    """
    if len(kept) == len(population.agencies):
        return weight
    given, parent, level = population.given("weight"), population.parent, population.level
    below, borne = np.zeros((2, len(given), len(Level)))
    has = parent >= 0
    np.add.at(below, (parent[has], level[has]), (given * amount)[has])
    above, own = parent[kept], level[kept]
    has = above >= 0
    np.add.at(borne, (above[has], own[has]), (weight * amount[kept])[has])
    stands_for = np.zeros(len(given))
    stands_for[kept] = weight / given[kept]
    present = np.where(borne > 0.0, below, 0.0).sum(axis=1)
    scale = np.divide(below, borne, out=np.ones_like(below), where=borne > 0.0)
    scale *= (stands_for * np.divide(below.sum(axis=1), present, out=np.ones_like(present), where=present > 0.0))[
        :, None
    ]
    return np.where(has, weight * scale[above, own], weight)
