"""What is lasting in an agency, solved so that it keeps an observed climate and attention without assistance.

For culture c, engagement e (mean of holders) and data systems d of agency j, the effects that make the expected change
in an ordinary month zero (processes/climate.py)::

    culture_effect      = c - culture_base - culture_goals (g - goals_reference)
                          - culture_returned (returned - returned_reference) + culture_vacancy (v - vacancy_reference)
                          + culture_leader_exit recent + culture_overload overload
    data_systems_effect = d - data_systems_base + b - b / data_systems_rate, b what support from above adds in a month
    engagement_effect   : mean over holders of clip(engagement_target_i)
                          = e + (h / engagement_rate) (e - newcomer_engagement)

An ordinary month has the agreement g of now; ``returned`` is what the ties of now give on average over who consults
whom; v, ``recent`` and h are the vacancy ``h T / (1 + h T)``, the chance that the leader left within
leader_exit_months, and the monthly exits, all expected from the hazards (processes/turnover.py); the overload is that
expected from a Poisson number of initiatives of others. What happens to be so in this very month does not last, so
nothing lasting may make up for it. The last term of engagement makes up for newcomers, who come with another
engagement.

For attention (processes/priorities.py), with p the mean priorities of holders, x the mean over holders of what they
are expected to be pulled to by contacts, leader and plan, and s = susceptibility: the mean of the holders' own
dispositions at which they stay where they are::

    (p - s x) / (1 - s), cut to shares

Newcomers bring other dispositions, for which nothing makes up.

Maps that move a sample to a wanted mean keep its order and its bounds; they know no world.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from capsim.measures.capacities import mean_priorities, shared_goals
from capsim.parameters import Values
from capsim.parameters.constants import constants
from capsim.processes.climate import culture_target, data_systems_target, engagement_target
from capsim.processes.priorities import weights_of_influence
from capsim.processes.process import Numbers
from capsim.processes.support import SUPPORT
from capsim.world import World

_LONGEST_STAY = 1200
"""Months after which everybody has left."""


def held_positions(world: World, agency: int) -> NDArray[np.int64]:
    """Positions of an agency that are held."""
    members = np.arange(world.layout.first[agency], world.layout.first[agency + 1])
    return members[world.person[members] >= 0]


def culture_effect(world: World, values: Values, agency: int) -> float:
    """Effect with which the agency keeps the culture that it has."""
    goals = _agreement(world, agency)
    goals = values["goals_reference"] if np.isnan(goals) else goals
    exits, leader_exits = _monthly_exits(world, values, agency)
    wait = values["months_to_fill"]
    vacant = float(np.mean(exits * wait / (1.0 + exits * wait)))
    recent = 1.0 - (1.0 - leader_exits) ** values["leader_exit_months"]
    returned, p = _returned(world, values, agency), constants(values)
    return float(
        world.culture[agency] - culture_target.py_func(p, 0.0, goals, returned, vacant, recent, _overload(values))
    )


def data_systems_effect(world: World, values: Values, agency: int, risen: float = 0.0) -> float:
    """Effect with which the agency keeps the data systems that it has, though those above raise them every month."""
    kept, rate = world.data_systems[agency], values["data_systems_rate"]
    target = kept + risen - risen / rate if rate > 0.0 else kept
    return float(target - data_systems_target.py_func(constants(values), 0.0))


def rises_of_data_systems(world: World, values: Values) -> NDArray[np.float64]:
    """How much those above raise the data systems of every agency in a month without assistance, (O,)."""
    after = world.copy()
    after.recipient_hours.fill(0.0)
    SUPPORT.apply(after, Numbers(np.empty((0, 0)), np.empty((0, 0)), np.empty((1, 0))), values)
    return np.asarray(after.data_systems - world.data_systems)


def engagement_effect(world: World, values: Values, agency: int, wanted: float) -> float:
    """Effect with which the holders of the agency keep a mean engagement."""
    exits, _ = _monthly_exits(world, values, agency)
    newcomers = values["newcomer_engagement"]
    if values["engagement_rate"] > 0.0:
        wanted += float(exits.mean()) / values["engagement_rate"] * (wanted - newcomers)
    targets = engagement_targets(world, values, agency)
    return raised_to_mean(targets if len(targets) else np.array([values["engagement_base"]]), wanted)


def engagement_targets(world: World, values: Values, agency: int) -> NDArray[np.float64]:
    """What the engagement of each holder of the agency moves toward, lasting effect and bounds aside."""
    members = held_positions(world, agency)
    distance = np.abs(world.priority[members] - world.plan[agency]).sum(axis=1)
    culture, p = world.culture[agency], constants(values)
    return np.asarray(engagement_target.py_func(p, 0.0, culture, _overload(values), distance))


def lasting_dispositions(world: World, values: Values, agency: int) -> NDArray[np.float64]:
    """Mean dispositions, (K,), with which the holders of an agency keep their mean priorities."""
    leader = int(world.layout.first[agency])
    members = held_positions(world, agency)
    of_contact, of_leader, of_plan = weights_of_influence.py_func(constants(values))
    pulled = np.zeros(len(world.plan[agency]))
    for i in members.tolist():
        own, strength = 1.0 - of_plan, world.tie_strength[i]
        pulled += of_plan * world.plan[agency]
        if (total := float(strength.sum())) > 0.0:
            pulled += of_contact * (strength @ world.priority[world.tie_to[i]]) / total
            own -= of_contact
        if i != leader and world.person[leader] >= 0:
            pulled += of_leader * world.priority[leader]
            own -= of_leader
        pulled += own * world.priority[i]
    mean, s = world.priority[members].mean(axis=0), values["susceptibility"]
    if s >= 1.0:
        return np.asarray(mean)
    wanted = np.clip((mean - s * pulled / len(members)) / (1.0 - s), 0.0, 1.0)
    return np.asarray(wanted / wanted.sum())


def _agreement(world: World, agency: int) -> float:
    here = slice(world.layout.first[agency], world.layout.first[agency + 1])
    first = np.array([0, here.stop - here.start], np.int32)
    person, priority = world.person[here], world.priority[here]
    return float(shared_goals(first, person, priority, mean_priorities(first, person, priority))[0])


def _monthly_exits(world: World, values: Values, agency: int) -> tuple[NDArray[np.float64], float]:
    """Exits a month from every position while it is held, and from the leader's, on average over stays."""
    here = slice(world.layout.first[agency], world.layout.first[agency + 1])
    held = world.person[here] >= 0
    engagement = float(world.engagement[here][held].mean()) if held.any() else values["exit_engagement_center"]
    slopes = values["exit_culture_slope"] * (world.culture[agency] - values["exit_culture_center"])
    slopes += values["exit_engagement_slope"] * (engagement - values["exit_engagement_center"])
    hazard = world.layout.hazard[here] * (values["exit_normalisation"] * np.exp(-slopes))
    shape = 1.0 + values["tenure_gradient"] * np.exp(-np.arange(_LONGEST_STAY) / values["tenure_scale_months"])
    kinds, kind = np.unique(hazard, return_inverse=True)
    stays = 1.0 + np.exp(-kinds[:, None] * np.cumsum(shape)).sum(axis=1)
    exits = np.asarray(1.0 / stays[kind])
    return exits, float(exits[0])


def _returned(world: World, values: Values, agency: int) -> float:
    """Expected share of consulted ties that the contact returns: each person consults one tie, drawn by strength."""
    shares = []
    for i in range(world.layout.first[agency], world.layout.first[agency + 1]):
        total = float(world.tie_strength[i].sum())
        if world.person[i] < 0 or total <= 0.0:
            continue
        used = world.tie_to[i] >= 0
        returned = (world.tie_to[world.tie_to[i, used]] == i).any(axis=1)
        shares.append(float(world.tie_strength[i, used] @ returned) / total)
    return float(np.mean(shares)) if shares else values["returned_reference"]


def _overload(values: Values) -> float:
    """Initiatives above the limit without assistance, expected from a Poisson number of those of others."""
    from scipy.special import pdtr, pdtrc

    mean, limit = values["outside_initiatives"], values["initiative_limit"]
    over = np.floor(limit)  # E[n - limit]+ = mean P(n >= over) - limit P(n > over)
    at_least = float(pdtrc(over - 1.0, mean)) if over >= 1.0 else 1.0
    return float(mean * at_least - limit * (1.0 - pdtr(over, mean)))


_STEPS = 200
_LEAST_SHARE = 1e-3
"""Nobody gives an area strictly nothing, so that everybody can be moved toward it."""
_SWEEPS = 10_000
_CLOSE = 1e-13


def shifted_to_mean(values: NDArray[np.float64], mean: float) -> NDArray[np.float64]:
    """Values of [0, 1] moved by one shift of their log-odds, so that their mean is as wanted.

    An increasing map of [0, 1] into itself: it keeps the order, and cannot leave the bounds. All become 0 or 1 when
    the wanted mean is at or beyond these.
    """
    if mean <= 0.0 or mean >= 1.0:
        return np.full_like(values, float(mean >= 1.0))
    inside = np.clip(values, 1e-12, 1.0 - 1e-12)
    odds = inside / (1.0 - inside)
    low, high = -80.0, 80.0

    def moved(shift: float) -> NDArray[np.float64]:
        grown = odds * np.exp(shift)
        return np.asarray(grown / (1.0 + grown))

    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if moved(middle).mean() < mean else (low, middle)
    return moved(0.5 * (low + high))


def raised_to_mean(values: NDArray[np.float64], mean: float) -> float:
    """Number that must be added to values, before they are cut to [0, 1], so that their mean is as wanted.

    Where the wanted mean is 0 or less, or 1 or more, the least change that cuts all of them.
    """
    if mean <= 0.0:
        return float(-values.max())
    if mean >= 1.0:
        return float(1.0 - values.min())
    low, high = float(-values.max()), float(1.0 - values.min())
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        enough = np.clip(values + middle, 0.0, 1.0).mean() >= mean
        low, high = (low, middle) if enough else (middle, high)
    return 0.5 * (low + high)


def raked(shares: NDArray[np.float64], mean: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of several people, (n, K), moved so that their mean is as wanted; and the weights, (K,), that did it.

    Raking (Deming and Stephan 1940): ``shares_ik <- a_i shares_ik w_k``, rows still sum to 1. Of all shares with that
    mean these are nearest to the given ones (least relative entropy). A column that nobody wants has weight 0.
    """
    weights = np.ones(len(mean))
    moved = reweighted(shares, weights)
    for _ in range(_SWEEPS):
        now = moved.mean(axis=0)
        if np.abs(now - mean).max() < _CLOSE:
            break
        factor = np.divide(mean, now, out=np.zeros_like(mean), where=mean > 0.0)
        weights = weights * factor
        moved = moved * factor
        moved = moved / moved.sum(axis=1, keepdims=True)
    return moved, weights


def reweighted(shares: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares times the weights of their columns, rows summing to 1 again; (n, K)."""
    moved = np.maximum(shares, _LEAST_SHARE) * weights
    return np.asarray(moved / moved.sum(axis=1, keepdims=True))
