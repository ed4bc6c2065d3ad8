"""March (1991): individuals learn from a code while the code learns from those individuals who know more than it does.

Reality is m values of -1 or 1; a belief is -1, 0 (none) or 1. Each period: reality may change (p4), individuals may be
replaced (p3), individuals take over what the code says (p1), the code takes over what its betters say (p2): if their
votes on a dimension differ by k, with probability 1 - (1 - p2)^k. Both learn from what the other was when the period
began. Where the paper leaves a rule open, or the program was another than the text, a `Reading` says which one holds.
Knows nothing of figures; every run has its own generator.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from capsim.kernels import inner, kernel

DIMENSIONS, INDIVIDUALS = 30, 50
MOST_ROUNDS = 5_000
"""Rounds after which a run stops waiting for its equilibrium; none of the figures comes near."""


class Reading(NamedTuple):
    """How the paper's rules are read.

    Attributes
    ----------
    acting : bool
        An individual is judged by acts, and the acts vote: without a belief it guesses, anew every period. Otherwise by
        beliefs: having none counts as nothing and casts no vote.
    stepwise : bool
        An individual who believes the opposite of the code loses the belief first, and takes over the code's later;
        otherwise at once.
    code_stepwise : bool
        The same of the code.
    net : bool
        Knowledge is the share of dimensions known minus the share believed wrongly; otherwise the share known alone.
    in_turn : bool
        The code learns from individuals after they have learned in the same period; otherwise from those of its start.
    lag : int
        Rounds by which what is reported of a period lags behind it: 0 what is known when it ends, 1 when it begins.
    """

    acting: bool
    stepwise: bool
    code_stepwise: bool
    net: bool
    in_turn: bool
    lag: int


class Chances(NamedTuple):
    """Per period: p2 that the code heeds one vote, p3 that an individual is replaced, p4 that a dimension changes."""

    code: float
    turnover: float
    turbulence: float


class Organization(NamedTuple):
    """What the kernel works on: reality (m,), code (m,), beliefs (n, m), what individuals show (n, m), their p1 (n,)."""

    reality: NDArray[np.int8]
    code: NDArray[np.int8]
    beliefs: NDArray[np.int8]
    shown: NDArray[np.int8]
    rates: NDArray[np.float64]


@inner
def _knowledge(beliefs: NDArray[np.int8], reality: NDArray[np.int8], net: bool) -> int:
    """Dimensions known, minus those believed wrongly if `net`."""
    known = 0
    for d in range(len(reality)):
        product = beliefs[d] * reality[d]
        known += product if net or product > 0 else 0
    return known


@inner
def _measure(org: Organization, net: bool, out: NDArray[np.float64]) -> None:
    """Knowledge of the code, and of individuals on average."""
    n, m = org.beliefs.shape
    total = 0
    for i in range(n):
        total += _knowledge(org.beliefs[i], org.reality, net)
    out[0] = _knowledge(org.code, org.reality, net) / m
    out[1] = total / (n * m)


@inner
def _guess(rng: Generator) -> np.int8:
    """A belief out of nothing: -1, 0 or 1, equally likely."""
    return np.int8(np.floor(3.0 * rng.random()) - 1.0)


@inner
def _disturb(rng: Generator, org: Organization, chances: Chances) -> None:
    """Reality changes, and individuals are replaced by newcomers with beliefs out of nothing."""
    n, m = org.beliefs.shape
    if chances.turbulence > 0.0:
        for d in range(m):
            if rng.random() < chances.turbulence:
                org.reality[d] = -org.reality[d]
    if chances.turnover > 0.0:
        for i in range(n):
            if rng.random() < chances.turnover:
                for d in range(m):
                    org.beliefs[i, d] = _guess(rng)


@inner
def _show(rng: Generator, org: Organization, acting: bool) -> None:
    """What others see of individuals: their beliefs, with a guess where they have none and have to act."""
    n, m = org.beliefs.shape
    for i in range(n):
        for d in range(m):
            belief = org.beliefs[i, d]
            if acting and belief == 0:
                belief = np.int8(1) if rng.random() < 0.5 else np.int8(-1)
            org.shown[i, d] = belief


@inner
def _socialize(rng: Generator, org: Organization, stepwise: bool) -> None:
    """Individuals learn from the code where it says something else than they believe."""
    n, m = org.beliefs.shape
    for i in range(n):
        for d in range(m):
            said, belief = org.code[d], org.beliefs[i, d]
            if said != 0 and belief != said and rng.random() < org.rates[i]:
                org.beliefs[i, d] = 0 if stepwise and belief != 0 else said


@inner
def _count_votes(org: Organization, net: bool) -> NDArray[np.int64]:
    """Votes for 1 minus votes for -1 by dimension, among individuals who know more than the code."""
    n, m = org.beliefs.shape
    votes = np.zeros(m, np.int64)
    least = _knowledge(org.code, org.reality, net)
    for i in range(n):
        if _knowledge(org.shown[i], org.reality, net) > least:
            for d in range(m):
                votes[d] += org.shown[i, d]
    return votes


@inner
def _learn(rng: Generator, org: Organization, votes: NDArray[np.int64], p2: float, code_stepwise: bool) -> None:
    """The code learns from the majority where that says something else; a tie says nothing."""
    for d in range(len(votes)):
        majority = np.sign(votes[d])
        heard = majority != 0 and majority != org.code[d]
        if heard and rng.random() >= (1.0 - p2) ** abs(votes[d]):
            org.code[d] = 0 if code_stepwise and org.code[d] != 0 else majority


@inner
def _at_rest(org: Organization, reading: Reading) -> bool:
    """Whether nothing can change any more without turnover and turbulence."""
    n, m = org.beliefs.shape
    for i in range(n):
        for d in range(m):
            if org.code[d] != 0 and org.beliefs[i, d] != org.code[d]:
                return False
    if reading.acting:  # a lucky guess may yet put an individual above the code
        least = _knowledge(org.code, org.reality, reading.net)
        for i in range(n):
            if _knowledge(org.beliefs[i], org.reality, reading.net) + np.sum(org.beliefs[i] == 0) > least:
                return False
        return True
    org.shown[:] = org.beliefs
    votes = _count_votes(org, reading.net)
    return bool(np.all((votes == 0) | (np.sign(votes) == org.code)))


@kernel
def live(
    rng: Generator, org: Organization, chances: Chances, reading: Reading, path: NDArray[np.float64], until_rest: bool
) -> int:
    """Run an organization for `len(path) - 1` rounds, or until nothing can change; return the rounds.

    Parameters
    ----------
    rng : numpy.random.Generator
    org : Organization
        Overwritten.
    chances : Chances
    reading : Reading
    path : (periods + 1, 2) float64
        Overwritten with the knowledge of the code and of the mean individual before the first round and after each.
    until_rest : bool
    """
    _measure(org, reading.net, path[0])
    for done in range(1, len(path)):
        _disturb(rng, org, chances)
        if reading.in_turn:
            _socialize(rng, org, reading.stepwise)
        _show(rng, org, reading.acting)
        votes = _count_votes(org, reading.net)
        if not reading.in_turn:
            _socialize(rng, org, reading.stepwise)
        _learn(rng, org, votes, chances.code, reading.code_stepwise)
        _measure(org, reading.net, path[done])
        if until_rest and _at_rest(org, reading):
            return done
    return len(path) - 1


def found(rng: Generator, rates: NDArray[np.float64], dimensions: int) -> Organization:
    """An organization at its start: a code without beliefs, individuals with beliefs out of nothing."""
    n = len(rates)
    reality = np.where(rng.random(dimensions) < 0.5, -1, 1).astype(np.int8)
    beliefs = (np.floor(3.0 * rng.random((n, dimensions))) - 1.0).astype(np.int8)
    return Organization(reality, np.zeros(dimensions, np.int8), beliefs, np.zeros_like(beliefs), rates)


def knowledge_of(org: Organization, reading: Reading) -> NDArray[np.float64]:
    """Knowledge of each individual (n,), in the unit of the reading."""
    products = org.beliefs.astype(np.int64) * org.reality
    return np.asarray((products if reading.net else products > 0).mean(axis=1))
